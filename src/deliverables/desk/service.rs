//! What staff reads about deliveries: a fixed number of queries for each page.

use std::collections::HashMap;

use bson::{Document, doc};
use futures::TryStreamExt;
use serde::Deserialize;

use super::counts::{Counted, Counts};
use super::filter::{Filter, Found};
use crate::campaigns::model::Campaign;
use crate::campaigns::store as campaigns;
use crate::creators::desk::campaign_names;
use crate::creators::model::Creator;
use crate::creators::store as creators;
use crate::ctx::Ctx;
use crate::db::keyset::{Page, Query, literal};
use crate::db::{Db, Stored};
use crate::deliverables::model::Deliverable;
use crate::deliverables::{posts, store, urls};
use crate::error::AppError;
use crate::failure::Failure;
use crate::lists::{List, SavedView, views};
use crate::values::{CampaignId, Capability, CreatorId, DeliverableId, Platform, fold};

/// Whose deliveries a page is about.
#[derive(Clone, Debug)]
pub enum Whose {
    /// Everybody's.
    All,
    /// A campaign's.
    Campaign(Box<Campaign>),
    /// A person's.
    Creator(Box<Creator>),
}

/// A delivery with both its ends.
#[derive(Clone, Debug)]
pub struct Row {
    /// The delivery.
    pub delivery: Deliverable,
    /// Who.
    pub creator: Option<Creator>,
    /// For which campaign.
    pub campaign: Option<String>,
}

/// A page of deliveries.
pub struct Listing {
    /// The deliveries.
    pub page: Page<Row>,
    /// Counts, where it is about one campaign or person.
    pub counts: Option<Counts>,
    /// Saved views of whoever looks.
    pub views: Vec<SavedView>,
    /// The names of a campaign and a creator that are filtered by.
    pub named: (Option<String>, Option<String>),
}

/// Whose page it is, or that there is no such campaign or person.
pub async fn of_campaign(ctx: &Ctx, id: &CampaignId) -> Result<Whose, Failure> {
    ctx.require(Capability::UgcManage)?;
    let campaign = campaigns::find(&ctx.app.db, id).await?.ok_or(AppError::NotFound)?;
    Ok(Whose::Campaign(Box::new(campaign)))
}

/// The same for a person.
pub async fn of_creator(ctx: &Ctx, id: &CreatorId) -> Result<Whose, Failure> {
    ctx.require(Capability::UgcManage)?;
    let creator = creators::find(&ctx.app.db, id).await?.ok_or(AppError::NotFound)?;
    Ok(Whose::Creator(Box::new(creator)))
}

/// Loads a page.
pub async fn list(ctx: &Ctx, whose: &Whose, list: &List, filter: &Filter) -> Result<Listing, Failure> {
    ctx.require(Capability::UgcManage)?;
    let db = &ctx.app.db;
    let deliveries = db.live.collection::<Document>(Deliverable::COLLECTION);
    let searched = match list.q() {
        Some(q) => Some(found(db, q).await?),
        None => None,
    };
    let mut wanted = filter.query(searched.as_ref(), ctx.now());
    let own = match whose {
        Whose::All => None,
        Whose::Campaign(campaign) => Some(doc! { "campaign_id": &campaign.id }),
        Whose::Creator(creator) => Some(doc! { "creator_id": &creator.id }),
    };
    if let Some(own) = &own {
        wanted = doc! { "$and": [own.clone(), wanted] };
    }
    let query = Query::new(wanted, list.order(), list.spec.rows);
    let (page, counts, views) = futures::try_join!(
        query.page::<Deliverable>(&deliveries, list.from()),
        counted(db, own),
        views::of(ctx, list.spec.name),
    )?;
    let creator_ids =
        page.rows.iter().map(|row| row.creator_id.clone()).chain(filter.creator.clone()).collect::<Vec<_>>();
    let campaign_ids = page.rows.iter().map(|row| row.campaign_id.clone()).chain(filter.campaign.clone()).collect();
    let (people, names) = futures::try_join!(creators::find_all(db, &creator_ids), campaign_names(ctx, campaign_ids))?;
    let people: HashMap<CreatorId, Creator> = people.into_iter().map(|one| (one.id.clone(), one)).collect();
    let named = (
        filter.campaign.as_ref().and_then(|id| names.get(id).cloned()),
        filter.creator.as_ref().and_then(|id| people.get(id).map(|one| one.name.clone())),
    );
    let page = page.with(|delivery| Row {
        creator: people.get(&delivery.creator_id).cloned(),
        campaign: names.get(&delivery.campaign_id).cloned(),
        delivery,
    });
    Ok(Listing { page, counts, views, named })
}

/// One delivery with both its ends.
pub async fn one(ctx: &Ctx, id: &DeliverableId) -> Result<Row, Failure> {
    ctx.require(Capability::UgcManage)?;
    let db = &ctx.app.db;
    let delivery = store::find(db, id).await?.ok_or(AppError::NotFound)?;
    let (creator, campaign) =
        futures::try_join!(creators::find(db, &delivery.creator_id), campaigns::find(db, &delivery.campaign_id),)?;
    Ok(Row { delivery, creator, campaign: campaign.map(|campaign| campaign.name) })
}

async fn counted(db: &Db, own: Option<Document>) -> Result<Option<Counts>, Failure> {
    let Some(own) = own else { return Ok(None) };
    let wanted = doc! {
        "status": 1, "instagram_url": 1, "tiktok_url": 1, "metrics_submitted_at": 1, "brand_rating": 1,
    };
    let deliveries = db.live.collection::<Counted>(Deliverable::COLLECTION);
    let all: Vec<Counted> = deliveries.find(own).projection(wanted).await?.try_collect().await?;
    Ok(Some(Counts::of(&all)))
}

/// Campaigns and creators whose names match, and deliveries of the post whose address it is.
async fn found(db: &Db, q: &str) -> Result<Found, Failure> {
    #[derive(Deserialize)]
    struct Named<I> {
        id: I,
    }
    let like = doc! { "search": { "$regex": literal(&fold(q)) } };
    let campaigns = db.live.collection::<Named<CampaignId>>(Campaign::COLLECTION);
    let creators = db.live.collection::<Named<CreatorId>>(Creator::COLLECTION);
    let only = doc! { "id": 1 };
    let (campaigns, creators) = futures::try_join!(
        async { campaigns.find(like.clone()).projection(only.clone()).await?.try_collect::<Vec<_>>().await },
        async { creators.find(like.clone()).projection(only.clone()).await?.try_collect::<Vec<_>>().await },
    )?;
    let deliveries = match Platform::ALL.into_iter().find_map(|platform| urls::parse(platform, q).ok()) {
        Some(post) => posts::holders(db, &post).await?,
        None => Vec::new(),
    };
    Ok(Found {
        campaigns: campaigns.into_iter().map(|one| one.id).collect(),
        creators: creators.into_iter().map(|one| one.id).collect(),
        deliveries,
    })
}
