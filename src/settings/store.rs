//! Reading and saving the one document.

use bson::doc;
use mongodb::ClientSession;

use super::model::{KEY, Settings};
use crate::db::Db;

/// The settings; the defaults while nobody has saved any.
pub async fn load(db: &Db) -> mongodb::error::Result<Settings> {
    Ok(db.stored::<Settings>().find_one(doc! { "_id": KEY }).await?.unwrap_or_default())
}

/// The settings as a transaction sees them.
pub async fn load_in(session: &mut ClientSession, db: &Db) -> mongodb::error::Result<Settings> {
    Ok(db.stored::<Settings>().find_one(doc! { "_id": KEY }).session(session).await?.unwrap_or_default())
}
