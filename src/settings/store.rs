//! Reading and saving the one document.

use bson::{Bson, Document, doc};
use mongodb::ClientSession;

use super::fields::Change;
use super::model::{KEY, Settings};
use crate::db::{Db, Lost};
use crate::failure::Failure;

/// The settings; the defaults while nobody has saved any.
pub async fn load(db: &Db) -> mongodb::error::Result<Settings> {
    Ok(db.stored::<Settings>().find_one(doc! { "_id": KEY }).await?.unwrap_or_default())
}

/// The settings as a transaction sees them.
pub async fn load_in(session: &mut ClientSession, db: &Db) -> mongodb::error::Result<Settings> {
    Ok(db.stored::<Settings>().find_one(doc! { "_id": KEY }).session(session).await?.unwrap_or_default())
}

/// Saves changed fields over revision `rev`; [`Lost`] when somebody else saved first.
pub(super) async fn save_in(session: &mut ClientSession, db: &Db, rev: i64, changes: &[Change]) -> Result<(), Failure> {
    let set: Document = changes.iter().map(|change| (change.path.clone(), change.after.clone())).collect();
    let update = doc! { "$set": set, "$inc": { "rev": 1_i64 } };
    // A document of an older system has no revision; before the first save there is no document.
    let filter = if rev == 0 {
        doc! { "_id": KEY, "rev": { "$in": [0, Bson::Null] } }
    } else {
        doc! { "_id": KEY, "rev": rev }
    };
    let saved = db.stored::<Settings>().update_one(filter, update).upsert(rev == 0).session(session).await;
    match saved {
        Ok(done) if done.matched_count == 1 || done.upserted_id.is_some() => Ok(()),
        Ok(_) => Err(Lost.into()),
        Err(error) if Db::is_duplicate(&error) => Err(Lost.into()),
        Err(error) => Err(error.into()),
    }
}
