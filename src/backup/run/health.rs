//! Whether there is a backup young enough. Asks the operations database, and nothing of a store.

use std::time::Duration;

use bson::doc;
use futures::TryStreamExt as _;
use jiff::Timestamp;

use crate::backup::record::BackupRun;
use crate::config;
use crate::db::{Db, date, timestamp};

/// The newest complete backup is younger than this.
pub const DAILY: Duration = Duration::from_secs(26 * 60 * 60);
/// The newest complete one in two stores is younger than this.
pub const WEEKLY: Duration = Duration::from_secs(8 * 24 * 60 * 60);

/// When the newest backups were taken; `None`: not within the longest time that is asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Ages {
    /// In any configured store.
    pub daily: Option<Timestamp>,
    /// In two of them.
    pub weekly: Option<Timestamp>,
}

/// What the watchdogs are told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// Names of what fails: `daily`, `weekly`.
    pub failed: Vec<&'static str>,
}

/// The configured stores' names.
fn names(config: &config::Backups) -> Vec<&'static str> {
    let configured = [
        ("cloudinary", config.cloudinary.is_some()),
        ("s3", config.s3.is_some()),
        ("offsite", config.folder.is_some()),
    ];
    configured.into_iter().filter_map(|(name, is_there)| is_there.then_some(name)).collect()
}

/// Whether a run stands for the whole and lies in a configured store.
pub(super) fn counts(run: &BackupRun, names: &[&str]) -> bool {
    run.databases.is_none() && run.pruned_at.is_none() && stores_of(run, names) >= 1
}

/// In how many configured stores it was read back.
pub(super) fn stores_of(run: &BackupRun, names: &[&str]) -> usize {
    run.destinations.iter().filter(|there| there.ok && names.contains(&there.store.as_str())).count()
}

/// The newest complete backups of the last eight days, and whether there are two stores to be in.
pub(super) async fn ages(ops: &Db, now: Timestamp, names: &[&str]) -> mongodb::error::Result<Ages> {
    let recent = doc! { "status": "complete", "taken_at": { "$gte": date(now - WEEKLY * 4), "$lte": date(now) } };
    let newest_first = doc! { "taken_at": -1 };
    // What a run holds of collections and checks isn't asked for, and isn't small.
    let without = doc! { "collections": 0, "checks": 0, "excluded": 0, "findings": 0, "steps": 0 };
    let mut runs = ops.stored::<BackupRun>().find(recent).sort(newest_first).projection(without).await?;
    let mut ages = Ages::default();
    while let Some(run) = runs.try_next().await? {
        if !counts(&run, names) {
            continue;
        }
        let at = run.taken_at.and_then(timestamp);
        ages.daily = ages.daily.or(at);
        if stores_of(&run, names) >= 2 {
            ages.weekly = at;
            break;
        }
    }
    Ok(ages)
}

/// What fails right now.
pub async fn look(ops: &Db, config: &config::Backups, now: Timestamp) -> mongodb::error::Result<Health> {
    let names = names(config);
    let ages = ages(ops, now, &names).await?;
    let is_young = |at: Option<Timestamp>, limit: Duration| at.is_some_and(|at| at >= now - limit);
    let mut failed = Vec::new();
    if !is_young(ages.daily, DAILY) {
        failed.push("daily");
    }
    if names.len() >= 2 && !is_young(ages.weekly, WEEKLY) {
        failed.push("weekly");
    }
    Ok(Health { failed })
}
