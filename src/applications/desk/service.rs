//! One load of the desk: a fixed number of queries, whatever there is.

use std::collections::HashMap;

use bson::{Document, doc};
use futures::TryStreamExt;
use serde::Deserialize;

use super::filter::Filter;
use crate::applications::model::Application;
use crate::campaigns::model::Campaign;
use crate::campaigns::store as campaigns;
use crate::creators::model::Creator;
use crate::creators::store as creators;
use crate::ctx::Ctx;
use crate::db::keyset::Page;
use crate::db::{Db, Stored};
use crate::deliverables::model::{Deliverable, DeliverableStatus};
use crate::error::AppError;
use crate::failure::Failure;
use crate::lists::{List, SavedView, views};
use crate::values::{ApplicationId, CampaignId, Capability, CreatorId, DeliverableId};

/// An application with who it is from and what became of it.
#[derive(Clone, Debug)]
pub struct Row {
    /// The application.
    pub application: Application,
    /// Who it is from, as they are now.
    pub creator: Option<Creator>,
    /// Its delivery.
    pub delivery: Option<(DeliverableId, DeliverableStatus)>,
}

/// The page.
pub struct Desk {
    /// The campaign.
    pub campaign: Campaign,
    /// The applications.
    pub page: Page<Row>,
    /// Saved views of whoever looks.
    pub views: Vec<SavedView>,
}

/// An application that is about to be rejected or cancelled.
pub struct Decided {
    /// The application.
    pub application: Application,
    /// Its campaign.
    pub campaign: Campaign,
    /// Who it is from.
    pub creator: Option<Creator>,
}

/// Loads the page.
pub async fn desk(ctx: &Ctx, id: &CampaignId, list: &List, filter: &Filter) -> Result<Desk, Failure> {
    ctx.require(Capability::UgcManage)?;
    let db = &ctx.app.db;
    let campaign = campaigns::find(db, id).await?.ok_or(AppError::NotFound)?;
    let applications = db.live.collection::<Document>(Application::COLLECTION);
    let query = filter.query(id, list);
    let (page, views) =
        futures::try_join!(query.page::<Application>(&applications, list.from()), views::of(ctx, list.spec.name),)?;
    let creator_ids: Vec<CreatorId> = page.rows.iter().map(|row| row.creator_id.clone()).collect();
    let ids: Vec<ApplicationId> = page.rows.iter().map(|row| row.id.clone()).collect();
    let (creators, deliveries) = futures::try_join!(creators::find_all(db, &creator_ids), deliveries_of(db, &ids))?;
    let creators: HashMap<CreatorId, Creator> =
        creators.into_iter().map(|creator| (creator.id.clone(), creator)).collect();
    let page = page.with(|application| Row {
        creator: creators.get(&application.creator_id).cloned(),
        delivery: deliveries.get(&application.id).cloned(),
        application,
    });
    Ok(Desk { campaign, page, views })
}

/// One application, for the page that asks for a reason.
pub async fn decided(ctx: &Ctx, id: &ApplicationId) -> Result<Decided, Failure> {
    ctx.require(Capability::UgcManage)?;
    let db = &ctx.app.db;
    let application = db.stored::<Application>().find_one(doc! { "id": id }).await?.ok_or(AppError::NotFound)?;
    let (campaign, creator) = futures::try_join!(
        campaigns::find(db, &application.campaign_id),
        creators::find(db, &application.creator_id),
    )?;
    Ok(Decided { application, campaign: campaign.ok_or(AppError::NotFound)?, creator })
}

type Deliveries = HashMap<ApplicationId, (DeliverableId, DeliverableStatus)>;

async fn deliveries_of(db: &Db, ids: &[ApplicationId]) -> Result<Deliveries, Failure> {
    #[derive(Deserialize)]
    struct Found {
        id: DeliverableId,
        application_id: ApplicationId,
        status: DeliverableStatus,
    }
    let deliveries = db.live.collection::<Found>(Deliverable::COLLECTION);
    let wanted = doc! { "id": 1, "application_id": 1, "status": 1 };
    let found = deliveries.find(doc! { "application_id": { "$in": ids } }).projection(wanted).await?;
    let found: Vec<Found> = found.try_collect().await?;
    Ok(found.into_iter().map(|found| (found.application_id, (found.id, found.status))).collect())
}

/// Refuses ids that aren't all applications of the campaign.
pub async fn of_campaign(ctx: &Ctx, campaign: &CampaignId, ids: &[ApplicationId]) -> Result<(), Failure> {
    ctx.require(Capability::UgcManage)?;
    let filter = doc! { "id": { "$in": ids }, "campaign_id": campaign };
    let found = ctx.app.db.stored::<Application>().count_documents(filter).await?;
    if found == ids.len() as u64 { Ok(()) } else { Err(AppError::NotFound.into()) }
}
