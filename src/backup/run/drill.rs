//! The monthly drill: the newest complete backup is restored from the store furthest away.

use anyhow::bail;
use bson::doc;
use tokio::sync::watch;

use super::alarms::Alarm;
use super::blame;
use super::course::worst;
use super::ledger::tell;
use crate::backup::Depot;
use crate::backup::container;
use crate::backup::model::Progress;
use crate::backup::record::BackupRun;
use crate::backup::restore;
use crate::db::date;
use crate::i18n::backup::run as words;
use crate::notifications::Event;

/// Restores the newest complete backup for trial and says how that went. A failure is critical.
pub async fn drill(depot: &Depot) -> anyhow::Result<String> {
    let complete = doc! { "status": "complete", "taken_at": { "$type": "date" }, "pruned_at": null };
    let newest = depot.ops.stored::<BackupRun>().find_one(complete).sort(doc! { "taken_at": -1 }).await?;
    let now = depot.clock.now();
    let Some(run) = newest else {
        tell(depot, Event::DrillFailed { run: String::new(), error: words::NOTHING_TO_DRILL.into() }).await?;
        return Ok(words::NOTHING_TO_DRILL.into());
    };
    match restored(depot, &run).await {
        Ok(store) => {
            let checked = doc! { "$set": { "restore_checked_at": date(now) } };
            depot.ops.stored::<BackupRun>().update_one(doc! { "_id": run.id.as_str() }, checked).await?;
            tell(depot, Alarm::Drill.over()).await?;
            Ok(words::drilled(run.id.short(), &store))
        }
        // The database went away: that says nothing about the backup, and the job is tried again.
        Err(error) if blame::is_away(&error) => Err(error),
        Err(error) => {
            tracing::error!(error = format!("{error:#}"), backup = run.id.as_str(), "a restore drill failed");
            let why = blame::say(&error);
            tell(depot, Event::DrillFailed { run: run.id.to_string(), error: why.clone() }).await?;
            Ok(words::drill_failed(run.id.short(), &why))
        }
    }
}

/// From the last store on record: the first one is what every run itself restores from.
async fn restored(depot: &Depot, run: &BackupRun) -> anyhow::Result<String> {
    let keys = depot.keys()?;
    let Some(there) = run.destinations.iter().rev().find(|there| there.ok) else {
        bail!(blame::Worded(words::NEVER_SENT.into()));
    };
    let Some(store) = depot.store(&there.store) else {
        bail!(blame::Worded(words::store_gone(&there.store)));
    };
    let backup = container::open(store, &there.prefix, &keys.opener).await?;
    let trial = restore::trial(depot, &backup, &keys.opener, &watch::Sender::new(Progress::default())).await?;
    if let Some(why) = worst(&trial.findings) {
        bail!(blame::Worded(why));
    }
    if !super::trial::is_whole(&run.collections, &trial) {
        bail!(blame::Worded(words::NOT_ALL_RESTORED.into()));
    }
    Ok(there.store.clone())
}
