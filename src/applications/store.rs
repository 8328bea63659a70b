//! Every query on applications that their services need.

use bson::doc;
use futures::TryStreamExt;
use mongodb::ClientSession;

use super::model::{Application, ApplicationStatus};
use crate::db::Db;
use crate::failure::Failure;
use crate::values::{ApplicationId, CampaignId, CreatorId};

/// An application by its id.
pub async fn find(db: &Db, id: &ApplicationId) -> Result<Option<Application>, Failure> {
    Ok(db.stored::<Application>().find_one(doc! { "id": id }).await?)
}

/// An application by its id, as a transaction sees it.
pub async fn find_in(session: &mut ClientSession, db: &Db, id: &ApplicationId) -> Result<Option<Application>, Failure> {
    Ok(db.stored::<Application>().find_one(doc! { "id": id }).session(session).await?)
}

/// A creator's application to a campaign.
pub async fn of_pair(db: &Db, campaign: &CampaignId, creator: &CreatorId) -> Result<Option<Application>, Failure> {
    let pair = doc! { "campaign_id": campaign, "creator_id": creator };
    Ok(db.stored::<Application>().find_one(pair).await?)
}

/// A creator's application to a campaign, as a transaction sees it.
pub async fn of_pair_in(
    session: &mut ClientSession,
    db: &Db,
    campaign: &CampaignId,
    creator: &CreatorId,
) -> Result<Option<Application>, Failure> {
    let pair = doc! { "campaign_id": campaign, "creator_id": creator };
    Ok(db.stored::<Application>().find_one(pair).session(session).await?)
}

/// A campaign's applications in one state, at most so many, as a transaction sees them.
pub async fn of_campaign_in(
    session: &mut ClientSession,
    db: &Db,
    campaign: &CampaignId,
    status: ApplicationStatus,
    limit: i64,
) -> Result<Vec<Application>, Failure> {
    let all = db.stored::<Application>();
    let found = all.find(doc! { "campaign_id": campaign, "status": status.as_str() }).limit(limit);
    let mut cursor = found.session(&mut *session).await?;
    Ok(cursor.stream(session).try_collect().await?)
}
