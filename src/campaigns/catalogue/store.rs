//! The catalogue's queries. None of them reads a campaign that isn't live and visible, but the one for a known id.

use bson::{Document, doc};
use futures::TryStreamExt;

use crate::applications::model::Application;
use crate::brands::model::Brand;
use crate::campaigns::model::{Campaign, CampaignStatus};
use crate::db::{Db, Stored};
use crate::failure::Failure;
use crate::values::{BrandId, CampaignId, CreatorId, LocalDate};

/// More than there ever are live campaigns.
const BATCH: u32 = 1_000;

/// Live and visible campaigns whose last day to apply isn't over, without what no page of creators shows.
pub(super) async fn live(db: &Db, today: LocalDate) -> Result<Vec<Campaign>, Failure> {
    let unseen = doc! { "_id": 0, "slot_history": 0, "status_history": 0, "admin_notes": 0, "tally": 0 };
    let live = doc! {
        "status": CampaignStatus::Live,
        "visible_to_creators": true,
        "timeline.applications_deadline": { "$gte": today },
    };
    // One answer for all of them.
    Ok(db.stored::<Campaign>().find(live).projection(unseen).batch_size(BATCH).await?.try_collect().await?)
}

/// Which of these brands are there and active.
pub(super) async fn active(db: &Db, brands: &[BrandId]) -> Result<Vec<BrandId>, Failure> {
    let active = doc! { "id": { "$in": brands }, "is_active": true };
    let collection = db.live.collection::<Document>(Brand::COLLECTION);
    let found: Vec<Document> =
        collection.find(active).projection(doc! { "_id": 0, "id": 1 }).await?.try_collect().await?;
    Ok(found.iter().filter_map(|brand| brand.get_str("id").ok()).map(BrandId::of).collect())
}

/// A creator's applications to these campaigns.
pub(super) async fn own(db: &Db, creator: &CreatorId, ids: &[CampaignId]) -> Result<Vec<Application>, Failure> {
    let own = doc! { "creator_id": creator, "campaign_id": { "$in": ids } };
    Ok(db.stored::<Application>().find(own).await?.try_collect().await?)
}
