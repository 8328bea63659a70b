//! A run nobody does any more: its process was killed, or its machine is gone.

use std::time::Duration;

use bson::doc;

use super::{ledger, spool};
use crate::backup::Depot;
use crate::backup::jobs::TakeBackup;
use crate::backup::record::BackupRun;
use crate::db::date;
use crate::i18n::backup::run as words;
use crate::jobs;

/// Silence after which a run is thought to be dead.
pub(super) const SILENCE: Duration = Duration::from_secs(5 * 60);

/// Fails the active run when it has been silent for five minutes and no job of it waits, which would resume it. `true` when
/// one was failed.
pub async fn fail_silent(depot: &Depot) -> anyhow::Result<bool> {
    let runs = depot.ops.stored::<BackupRun>();
    let silent = doc! { "is_active": true, "heartbeat_at": { "$lte": date(depot.clock.now() - SILENCE) } };
    let Some(run) = runs.find_one(silent).await? else { return Ok(false) };
    let by_hand = TakeBackup::when(&run.id).key.unwrap_or_default();
    if jobs::is_queued(&depot.db, &format!("key:{by_hand}")).await? {
        return Ok(false);
    }
    if let Some(job_run) = &run.control.job_run
        && jobs::is_queued(&depot.db, job_run).await?
    {
        return Ok(false);
    }
    let failed = ledger::fail_dead(depot, &run, words::SILENT).await?;
    if failed {
        spool::remove(depot, &run.id).await;
    }
    Ok(failed)
}
