//! How restores stand: found by their database, taken up again, given up.

use bson::doc;
use jiff::SignedDuration;

use super::planning::Wanted;
use crate::backup::Depot;
use crate::backup::record::RestoreRecord;
use crate::db::date;
use crate::i18n::backup::restore as words;

/// After that long without a word it is given up.
const ABANDONED: SignedDuration = SignedDuration::from_hours(48);
/// After that long without a word nobody does it any more.
const SILENCE: SignedDuration = SignedDuration::from_mins(5);

/// A restore by command that was killed, if it is the same one that is asked for now and nobody does it any more.
pub async fn interrupted(
    depot: &Depot,
    source: &str,
    wanted: &Wanted,
    confirmed: Option<&str>,
) -> anyhow::Result<Option<RestoreRecord>> {
    let is_same = |record: &RestoreRecord| {
        let is_ours = record.requested_by.user_id.is_none() && record.mode == wanted.mode.as_str();
        let database = wanted.database.as_ref().is_none_or(|database| *database == record.source_database);
        let only = wanted.only.is_empty() || {
            wanted.only.len() == record.only.len() && wanted.only.iter().all(|name| record.only.contains(name))
        };
        is_ours && record.source == source && database && only
    };
    let silent_since = date(depot.clock.now() - SILENCE);
    let is_silent = |record: &RestoreRecord| record.heartbeat_at.unwrap_or(record.created_at) < silent_since;
    let found = find(depot, &wanted.into).await?.filter(|record| record.state == "running");
    Ok(found.filter(|record| is_same(record) && is_silent(record) && confirmed == Some(wanted.into.as_str())))
}

/// Gives up a restore that failed for good with a fault.
pub async fn give_up(depot: &Depot, database: &str, why: &str) -> anyhow::Result<()> {
    let set = doc! { "state": "failed", "error": why, "finished_at": date(depot.clock.now()) };
    let running = doc! { "_id": database, "state": "running" };
    depot.ops.stored::<RestoreRecord>().update_one(running, doc! { "$set": set }).await?;
    Ok(())
}

/// Gives up every restore that nobody has done anything for in two days.
pub async fn give_up_abandoned(depot: &Depot) -> anyhow::Result<()> {
    let now = depot.clock.now();
    let long_ago = date(now - ABANDONED);
    let silent = doc! {
        "mode": { "$ne": "test-restore" },
        "state": "running",
        "created_at": { "$lt": long_ago },
        "$or": [{ "heartbeat_at": null }, { "heartbeat_at": { "$lt": long_ago } }],
    };
    let set = doc! { "state": "failed", "error": words::GAVE_UP, "finished_at": date(now) };
    depot.ops.stored::<RestoreRecord>().update_many(silent, doc! { "$set": set }).await?;
    Ok(())
}

/// The record of a restored database.
pub async fn find(depot: &Depot, database: &str) -> anyhow::Result<Option<RestoreRecord>> {
    Ok(depot.ops.stored::<RestoreRecord>().find_one(doc! { "_id": database }).await?)
}
