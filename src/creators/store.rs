//! Every query on creators.

use bson::doc;
use futures::TryStreamExt;
use mongodb::ClientSession;

use super::model::Creator;
use crate::db::Db;
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
