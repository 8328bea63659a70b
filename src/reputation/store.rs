//! Queries on ratings that several capabilities need.

use bson::doc;
use jiff::Timestamp;
use mongodb::ClientSession;

use super::model::Rating;
use crate::db::{Db, date};
use crate::failure::Failure;
use crate::values::DeliverableId;

/// Takes a delivery's rating out of every sum.
pub async fn hide_in(
    session: &mut ClientSession,
    db: &Db,
    now: Timestamp,
    deliverable: &DeliverableId,
) -> Result<(), Failure> {
    let shown = doc! { "deliverable_id": deliverable, "hidden": { "$ne": true } };
    let hidden = doc! { "$set": { "hidden": true, "updated_at": date(now) } };
    db.stored::<Rating>().update_one(shown, hidden).session(session).await?;
    Ok(())
}
