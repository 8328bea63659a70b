//! The catalogue's queries. None of them reads a campaign that isn't live and visible, but the one for a known id.

use bson::{Document, doc};
use futures::TryStreamExt;

use super::asked::Filter;
use super::model::Candidate;
use crate::applications::model::Application;
use crate::brands::model::Brand;
use crate::campaigns::model::{Campaign, CampaignStatus};
use crate::db::{Db, Stored};
use crate::failure::Failure;
use crate::values::{BrandId, CampaignId, CreatorId, LocalDate};

/// More than there ever are live campaigns.
const BATCH: u32 = 1_000;

/// Live and visible campaigns whose last day to apply isn't over. What a filter doesn't ask for isn't read: this is the
/// query whose cost grows with the catalogue.
pub(super) async fn candidates(db: &Db, today: LocalDate, filter: &Filter) -> Result<Vec<Candidate>, Failure> {
    let mut fields = doc! {
        "_id": 0, "id": 1, "brand_id": 1, "category": 1, "city": 1, "total_slots_loaded": 1, "slots_filled": 1,
        "contract.is_active": 1, "contract.end_date": 1, "published_at": 1, "created_at": 1,
    };
    if filter.looks_inside() {
        fields.extend(doc! { "requirements": 1, "canje.type": 1 });
    }
    if !filter.text.is_empty() {
        fields.extend(doc! { "search": 1, "description": 1 });
    }
    let open = doc! {
        "status": CampaignStatus::Live,
        "visible_to_creators": true,
        "timeline.applications_deadline": { "$gte": today },
    };
    let collection = db.live.collection::<Candidate>(Campaign::COLLECTION);
    // One answer for all of them.
    Ok(collection.find(open).projection(fields).batch_size(BATCH).await?.try_collect().await?)
}

/// Which of these brands are switched off.
pub(super) async fn inactive(db: &Db, brands: &[BrandId]) -> Result<Vec<BrandId>, Failure> {
    let off = doc! { "id": { "$in": brands }, "is_active": false };
    let collection = db.live.collection::<Document>(Brand::COLLECTION);
    let found: Vec<Document> = collection.find(off).projection(doc! { "_id": 0, "id": 1 }).await?.try_collect().await?;
    Ok(found.iter().filter_map(|brand| brand.get_str("id").ok()).map(BrandId::of).collect())
}

/// The campaigns with these ids, in no order, without what no page of creators shows.
pub(super) async fn campaigns(db: &Db, ids: &[CampaignId]) -> Result<Vec<Campaign>, Failure> {
    let unseen = doc! { "_id": 0, "slot_history": 0, "admin_notes": 0, "tally": 0, "search": 0 };
    let found = db.stored::<Campaign>().find(doc! { "id": { "$in": ids } }).projection(unseen).await?;
    Ok(found.try_collect().await?)
}

/// A creator's applications to these campaigns.
pub(super) async fn own(db: &Db, creator: &CreatorId, ids: &[CampaignId]) -> Result<Vec<Application>, Failure> {
    let own = doc! { "creator_id": creator, "campaign_id": { "$in": ids } };
    Ok(db.stored::<Application>().find(own).await?.try_collect().await?)
}
