//! Which databases go by themselves, for whoever shows them.

use bson::{DateTime, doc};
use futures::TryStreamExt as _;

use crate::backup::record::RestoreRecord;
use crate::db::Db;

/// The previews that are there, by the live database's handle.
pub async fn expiring(db: &Db) -> mongodb::error::Result<Vec<RestoreRecord>> {
    let there = doc! { "mode": "preview", "state": { "$ne": "dropped" } };
    let few = doc! { "collections": 0, "checks": 0, "findings": 0, "progress": 0 };
    db.operations().stored::<RestoreRecord>().find(there).projection(few).await?.try_collect().await
}

/// When this database goes, if it does.
pub async fn expires_at(db: &Db, database: &str) -> mongodb::error::Result<Option<DateTime>> {
    let there = doc! { "_id": database, "mode": "preview", "state": { "$ne": "dropped" } };
    let found = db.operations().stored::<RestoreRecord>().find_one(there).await?;
    Ok(found.and_then(|record| record.expires_at))
}
