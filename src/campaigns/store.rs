//! Queries on campaigns that several capabilities need.

use bson::doc;
use mongodb::ClientSession;

use super::model::Campaign;
use crate::db::Db;
use crate::failure::Failure;
use crate::values::CampaignId;

/// A campaign by its id.
pub async fn find(db: &Db, id: &CampaignId) -> Result<Option<Campaign>, Failure> {
    Ok(db.stored::<Campaign>().find_one(doc! { "id": id }).await?)
}

/// A campaign by its id, as a transaction sees it.
pub async fn find_in(session: &mut ClientSession, db: &Db, id: &CampaignId) -> Result<Option<Campaign>, Failure> {
    Ok(db.stored::<Campaign>().find_one(doc! { "id": id }).session(session).await?)
}
