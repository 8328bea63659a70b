//! What a restore may remove: databases it made itself and has on record as such, whole or what is unfinished in them, and
//! nothing else.
//!
//! The record is written before the database exists and claimed, by a guard in the update's filter, before it goes. The
//! name is looked at once more all the same.

use std::time::Duration;

use anyhow::ensure;
use bson::doc;
use futures::TryStreamExt as _;
use jiff::SignedDuration;
use mongodb::Database;

use crate::backup::Depot;
use crate::backup::model::{BackupId, Person};
use crate::backup::record::RestoreRecord;
use crate::db::{Db, date};
use crate::i18n::backup::restore as words;
use crate::import::service::remove;

/// What databases of trial restores begin with.
pub const TRIAL_PREFIX: &str = "restore_check_";
/// What previews begin with.
pub const PREVIEW_PREFIX: &str = "preview_";

/// After that long no trial is under way any more.
const ABANDONED: SignedDuration = SignedDuration::from_hours(48);
/// By when an insert of a killed process has arrived.
const ARRIVES_LATE: Duration = Duration::from_secs(1);

/// A database of a trial restore, made by us and on record.
#[derive(Debug)]
pub struct Scratch {
    /// The database itself.
    pub database: Database,
    /// Which database of the backup it is a copy of.
    pub source: String,
}

impl Scratch {
    /// Puts the next scratch database on record. It must not exist.
    pub async fn claim(depot: &Depot, backup: &BackupId, place: usize, source: &str) -> anyhow::Result<Self> {
        let name = format!("{TRIAL_PREFIX}{backup}_{place}");
        let record = RestoreRecord {
            mode: "test-restore".into(),
            source: backup.to_string(),
            source_database: source.into(),
            state: "running".into(),
            created_at: date(depot.clock.now()),
            ..RestoreRecord::new(&name, Person { user_id: None, name: words::AUTOMATIC.into() })
        };
        let existing = depot.db.client.list_database_names().await?;
        ensure!(!existing.iter().any(|other| other.eq_ignore_ascii_case(&name)), words::exists(&name));
        let taken = doc! { "_id": &name, "state": "dropped" };
        match depot.ops.stored::<RestoreRecord>().replace_one(taken, record).upsert(true).await {
            Err(error) if Db::is_duplicate(&error) => anyhow::bail!(words::exists(&name)),
            claimed => drop(claimed?),
        }
        Ok(Self { database: depot.db.client.database(&name), source: source.into() })
    }

    /// Removes it. Nothing is under way in it any more.
    pub async fn discard(self, depot: &Depot) -> anyhow::Result<()> {
        let name = self.database.name();
        if claim(depot, name).await? {
            self.database.drop().await?;
            dropped(depot, name).await?;
        }
        Ok(())
    }
}

/// Removes what an earlier trial of the same backup left behind.
pub async fn clear(depot: &Depot, backup: &BackupId) -> anyhow::Result<()> {
    let left = doc! { "mode": "test-restore", "source": backup.as_str(), "state": { "$ne": "dropped" } };
    remove_trials(depot, left).await
}

/// Removes what trials left behind that nobody has gone on with for two days.
pub async fn clear_abandoned(depot: &Depot) -> anyhow::Result<()> {
    let long_ago = date(depot.clock.now() - ABANDONED);
    let left = doc! { "mode": "test-restore", "created_at": { "$lt": long_ago }, "state": { "$ne": "dropped" } };
    remove_trials(depot, left).await
}

async fn remove_trials(depot: &Depot, left: bson::Document) -> anyhow::Result<()> {
    let left: Vec<RestoreRecord> = depot.ops.stored::<RestoreRecord>().find(left).await?.try_collect().await?;
    for record in left {
        if claim(depot, &record.database).await? {
            // An insert of the process that was killed may still arrive: this one waits until it stays away.
            remove(&depot.db, &record.database).await?;
            dropped(depot, &record.database).await?;
        }
    }
    Ok(())
}

/// Lets a restore that was interrupted begin anew where it was: what isn't finished goes from its database, which is on
/// record as made by it and still running. Finished collections stay.
pub async fn start_over(depot: &Depot, record: &RestoreRecord) -> anyhow::Result<()> {
    let ours = doc! { "_id": &record.database, "state": "running", "begun_at": { "$ne": null } };
    let again = doc! { "$inc": { "resumed": 1_i32 } };
    let claimed = depot.ops.stored::<RestoreRecord>().update_one(ours, again).await?.matched_count == 1;
    ensure!(claimed && record.mode != "test-restore", words::not_ours(&record.database));
    let database = depot.db.client.database(&record.database);
    let is_kept = |name: &str| name.starts_with("system.") || record.finished.iter().any(|kept| kept == name);
    loop {
        let there = database.list_collection_names().await?;
        for name in there.iter().filter(|name| !is_kept(name)) {
            database.collection::<bson::Document>(name).drop().await?;
        }
        // An insert of the process that was killed may still arrive and bring a collection back.
        tokio::time::sleep(ARRIVES_LATE).await;
        if !database.list_collection_names().await?.iter().any(|name| !is_kept(name)) {
            return Ok(());
        }
    }
}

/// Removes the previews whose time is over. Gives their names.
pub async fn expire_previews(depot: &Depot) -> anyhow::Result<Vec<String>> {
    let now = date(depot.clock.now());
    let over =
        doc! { "mode": "preview", "expires_at": { "$lte": now }, "state": { "$in": ["done", "failed", "dropping"] } };
    let over: Vec<RestoreRecord> = depot.ops.stored::<RestoreRecord>().find(over).await?.try_collect().await?;
    let mut gone = Vec::new();
    for record in over {
        ensure!(record.database.starts_with(PREVIEW_PREFIX), words::not_ours(&record.database));
        let ours = doc! {
            "_id": &record.database,
            "mode": "preview",
            "expires_at": { "$lte": now },
            "state": { "$in": ["done", "failed", "dropping"] },
        };
        let update = doc! { "$set": { "state": "dropping" } };
        if depot.ops.stored::<RestoreRecord>().update_one(ours, update).await?.matched_count == 1 {
            remove(&depot.db, &record.database).await?;
            dropped(depot, &record.database).await?;
            gone.push(record.database);
        }
    }
    Ok(gone)
}

/// Claims a database of ours for removal: the guard is the filter.
async fn claim(depot: &Depot, database: &str) -> anyhow::Result<bool> {
    ensure!(database.starts_with(TRIAL_PREFIX), words::not_ours(database));
    let ours = doc! { "_id": database, "mode": "test-restore", "state": { "$ne": "dropped" } };
    let update = doc! { "$set": { "state": "dropping" } };
    Ok(depot.ops.stored::<RestoreRecord>().update_one(ours, update).await?.matched_count == 1)
}

async fn dropped(depot: &Depot, database: &str) -> anyhow::Result<()> {
    let set = doc! { "state": "dropped", "finished_at": date(depot.clock.now()) };
    let ours = doc! { "_id": database, "state": "dropping" };
    depot.ops.stored::<RestoreRecord>().update_one(ours, doc! { "$set": set }).await?;
    Ok(())
}
