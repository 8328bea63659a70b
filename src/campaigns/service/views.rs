//! What the pages of campaigns show, in a fixed number of queries each.

use std::collections::HashMap;

use bson::doc;
use futures::TryStreamExt;
use serde::Deserialize;

use super::manager;
use crate::brands::{self, Brand};
use crate::campaigns::changes::DeadlineChange;
use crate::campaigns::model::Campaign;
use crate::campaigns::store;
use crate::creators::model::Creator;
use crate::ctx::Ctx;
use crate::db::Stored;
use crate::deliverables::model::Deliverable;
use crate::error::AppError;
use crate::failure::Failure;
use crate::values::{CampaignId, CreatorId};

/// Changes of deadlines shown.
const CHANGES: i64 = 5;
/// Brands offered; more than any list anybody scrolls.
const BRANDS: i64 = 1_000;

/// A campaign's page.
pub struct Detail {
    /// The campaign.
    pub campaign: Campaign,
    /// Whose.
    pub brand: Option<Brand>,
    /// The newest changes of its deadlines, without the people.
    pub changes: Vec<DeadlineChange>,
}

/// A campaign with its brand and its newest changes of deadlines: three queries.
pub async fn detail(ctx: &Ctx, id: &CampaignId) -> Result<Detail, Failure> {
    manager(ctx)?;
    let db = &ctx.app.db;
    let campaign = store::find(db, id).await?.ok_or(AppError::NotFound)?;
    let brand = brands::store::find(db, &campaign.brand_id).await?;
    let changes = db
        .stored::<DeadlineChange>()
        .find(doc! { "campaign_id": id })
        .sort(doc! { "campaign_id": 1, "at": -1 })
        .limit(CHANGES)
        .await?
        .try_collect()
        .await?;
    Ok(Detail { campaign, brand, changes })
}

/// A campaign that may still be edited, with its brand.
pub async fn editable(ctx: &Ctx, id: &CampaignId) -> Result<(Campaign, Option<Brand>), Failure> {
    manager(ctx)?;
    let campaign = store::find(&ctx.app.db, id).await?.ok_or(AppError::NotFound)?;
    super::refuse_unless_editable(&campaign)?;
    let brand = brands::store::find(&ctx.app.db, &campaign.brand_id).await?;
    Ok((campaign, brand))
}

/// The brands a campaign can be made for, by their names.
pub async fn active_brands(ctx: &Ctx) -> Result<Vec<Brand>, Failure> {
    manager(ctx)?;
    let brands = ctx.app.db.stored::<Brand>();
    let mut brands: Vec<Brand> = brands.find(doc! { "is_active": true }).limit(BRANDS).await?.try_collect().await?;
    brands.sort_by_cached_key(|brand| crate::values::fold(&brand.company_name));
    Ok(brands)
}

/// The names of these creators, by their ids.
pub async fn names(ctx: &Ctx, ids: &[CreatorId]) -> Result<HashMap<CreatorId, String>, Failure> {
    #[derive(Deserialize)]
    struct Named {
        id: CreatorId,
        name: String,
    }
    manager(ctx)?;
    let creators = ctx.app.db.live.collection::<Named>(Creator::COLLECTION);
    let found = creators.find(doc! { "id": { "$in": ids } }).projection(doc! { "_id": 0, "id": 1, "name": 1 });
    let found: Vec<Named> = found.await?.try_collect().await?;
    Ok(found.into_iter().map(|one| (one.id, one.name)).collect())
}

/// How many open deliveries of a campaign lack something.
pub async fn open_deliveries(ctx: &Ctx, id: &CampaignId) -> Result<u64, Failure> {
    manager(ctx)?;
    Ok(ctx.app.db.stored::<Deliverable>().count_documents(super::status::open_filter(id)).await?)
}
