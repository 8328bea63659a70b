//! Every query on creators.

use bson::{Bson, doc};
use futures::TryStreamExt;
use jiff::Timestamp;
use mongodb::ClientSession;

use super::model::Creator;
use crate::db::{Db, date};
use crate::error::AppError;
use crate::failure::Failure;
use crate::values::CreatorId;

/// The profile of an account.
pub async fn find_by_user(db: &Db, user_id: &str) -> Result<Option<Creator>, Failure> {
    Ok(db.stored::<Creator>().find_one(doc! { "user_id": user_id }).await?)
}

/// A profile by its id.
pub async fn find(db: &Db, id: &CreatorId) -> Result<Option<Creator>, Failure> {
    Ok(db.stored::<Creator>().find_one(doc! { "id": id }).await?)
}

/// A profile by its id, as a transaction sees it.
pub async fn find_in(session: &mut ClientSession, db: &Db, id: &CreatorId) -> Result<Option<Creator>, Failure> {
    Ok(db.stored::<Creator>().find_one(doc! { "id": id }).session(session).await?)
}

/// The profiles with these ids, in no order.
pub async fn find_all(db: &Db, ids: &[CreatorId]) -> Result<Vec<Creator>, Failure> {
    Ok(db.stored::<Creator>().find(doc! { "id": { "$in": ids } }).await?.try_collect().await?)
}

/// The profile of an account, as a transaction sees it.
pub async fn find_by_user_in(session: &mut ClientSession, db: &Db, user_id: &str) -> Result<Option<Creator>, Failure> {
    Ok(db.stored::<Creator>().find_one(doc! { "user_id": user_id }).session(session).await?)
}

/// Writes the named fields of a profile that was read in this transaction, and what follows from them.
pub async fn set_in(
    session: &mut ClientSession,
    db: &Db,
    now: Timestamp,
    creator: &Creator,
    fields: &[&str],
) -> Result<(), Failure> {
    const DERIVED: [&str; 3] = ["document_digits", "phone_full", "search"];
    let whole = bson::serialize_to_document(creator).map_err(anyhow::Error::from)?;
    let mut set = doc! { "updated_at": date(now), "profile_updated_at": date(now) };
    for field in fields.iter().chain(&DERIVED) {
        set.insert(*field, whole.get(*field).cloned().unwrap_or(Bson::Null));
    }
    let written =
        db.stored::<Creator>().update_one(doc! { "id": &creator.id }, doc! { "$set": set }).session(session).await?;
    if written.matched_count == 0 { Err(AppError::NotFound.into()) } else { Ok(()) }
}
