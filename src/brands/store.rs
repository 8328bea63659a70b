//! Every query on brands.

use bson::doc;
use futures::TryStreamExt;
use mongodb::ClientSession;

use super::model::Brand;
use crate::db::Db;
use crate::failure::Failure;
use crate::values::BrandId;

/// A brand by its id.
pub async fn find(db: &Db, id: &BrandId) -> Result<Option<Brand>, Failure> {
    Ok(db.stored::<Brand>().find_one(doc! { "id": id }).await?)
}

/// The brands with these ids, in no order.
pub async fn find_all(db: &Db, ids: &[BrandId]) -> Result<Vec<Brand>, Failure> {
    Ok(db.stored::<Brand>().find(doc! { "id": { "$in": ids } }).await?.try_collect().await?)
}

/// A brand by its id, as a transaction sees it.
pub async fn find_in(session: &mut ClientSession, db: &Db, id: &BrandId) -> Result<Option<Brand>, Failure> {
    Ok(db.stored::<Brand>().find_one(doc! { "id": id }).session(session).await?)
}
