//! Queries on metrics that several capabilities need.

use bson::{Bson, Document, doc};
use futures::TryStreamExt;
use jiff::Timestamp;
use mongodb::ClientSession;

use super::model::Metrics;
use crate::db::{Db, Stored, date};
use crate::failure::Failure;
use crate::values::DeliverableId;

/// Archives a delivery's metrics: they are kept and no longer counted, and new ones may be submitted.
///
/// Each is taken out and put back: an index that holds only what isn't archived gives a key free when its document is
/// deleted, and not everywhere when it is changed.
pub async fn archive_in(
    session: &mut ClientSession,
    db: &Db,
    now: Timestamp,
    deliverable: &DeliverableId,
) -> Result<(), Failure> {
    let all = db.live.collection::<Document>(Metrics::COLLECTION);
    let counted = doc! { "deliverable_id": deliverable, "archived": false };
    let mut cursor = all.find(counted.clone()).session(&mut *session).await?;
    let mut found: Vec<Document> = cursor.stream(&mut *session).try_collect().await?;
    if found.is_empty() {
        return Ok(());
    }
    for one in &mut found {
        one.insert("archived", true);
        one.insert("updated_at", Bson::DateTime(date(now)));
    }
    all.delete_many(counted).session(&mut *session).await?;
    all.insert_many(found).session(session).await?;
    Ok(())
}
