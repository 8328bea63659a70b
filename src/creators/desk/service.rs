//! What staff reads about creators, and the two switches.

use bson::{Document, doc};
use futures::TryStreamExt;

use super::filter::Filter;
use crate::adopt::state::refuse_while_mirroring;
use crate::applications::model::Application;
use crate::audit::{self, Action, Entry, Who};
use crate::campaigns::model::Campaign;
use crate::creators::model::Creator;
use crate::creators::store;
use crate::ctx::Ctx;
use crate::db::keyset::Page;
use crate::db::{Stored, date, with_transaction};
use crate::deliverables::model::Deliverable;
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::desk as words;
use crate::lists::{List, SavedView, views};
use crate::values::{CampaignId, Capability, CreatorId};

/// Applications and deliveries shown of one person.
const RECENT: i64 = 20;

/// The list.
pub struct Listing {
    /// The creators.
    pub page: Page<Creator>,
    /// Saved views of whoever looks.
    pub views: Vec<SavedView>,
    /// Cities there are.
    pub cities: Vec<String>,
}

/// One person with everything about them.
pub struct Detail {
    /// The profile.
    pub creator: Creator,
    /// The newest applications, each with its campaign's name.
    pub applications: Vec<(Application, String)>,
    /// The newest deliveries, each with its campaign's name.
    pub deliveries: Vec<(Deliverable, String)>,
}

/// Loads the list: a fixed number of queries.
pub async fn list(ctx: &Ctx, list: &List, filter: &Filter) -> Result<Listing, Failure> {
    ctx.require(Capability::UgcManage)?;
    let creators = ctx.app.db.live.collection::<Document>(Creator::COLLECTION);
    let query = filter.query(list);
    let (page, views, cities) =
        futures::try_join!(query.page::<Creator>(&creators, list.from()), views::of(ctx, list.spec.name), async {
            Ok(creators.distinct("city", doc! { "city": { "$gt": "" } }).await?)
        },)?;
    let mut cities: Vec<String> = cities.into_iter().filter_map(|city| city.as_str().map(Into::into)).collect();
    cities.sort();
    Ok(Listing { page, views, cities })
}

/// Loads one person.
pub async fn detail(ctx: &Ctx, id: &CreatorId) -> Result<Detail, Failure> {
    ctx.require(Capability::UgcManage)?;
    let db = &ctx.app.db;
    let own = doc! { "creator_id": id };
    let (creator, applications, deliveries) = futures::try_join!(
        store::find(db, id),
        async {
            let newest = doc! { "applied_at": -1, "id": 1 };
            let found = db.stored::<Application>().find(own.clone()).sort(newest).limit(RECENT).await?;
            Ok::<Vec<Application>, Failure>(found.try_collect().await?)
        },
        async {
            let newest = doc! { "created_at": -1, "id": 1 };
            let found = db.stored::<Deliverable>().find(own.clone()).sort(newest).limit(RECENT).await?;
            Ok::<Vec<Deliverable>, Failure>(found.try_collect().await?)
        },
    )?;
    let creator = creator.ok_or(AppError::NotFound)?;
    let ids = applications.iter().map(|one| &one.campaign_id).chain(deliveries.iter().map(|one| &one.campaign_id));
    let names = campaign_names(ctx, ids.cloned().collect()).await?;
    let named = |id: &CampaignId| names.get(id).cloned().unwrap_or_else(|| words::CAMPAIGN.to_owned());
    Ok(Detail {
        creator,
        applications: with_names(applications, |one| named(&one.campaign_id)),
        deliveries: with_names(deliveries, |one| named(&one.campaign_id)),
    })
}

fn with_names<T>(all: Vec<T>, name: impl Fn(&T) -> String) -> Vec<(T, String)> {
    all.into_iter()
        .map(|one| {
            let name = name(&one);
            (one, name)
        })
        .collect()
}

/// Names of campaigns by their ids, in one query.
pub async fn campaign_names(
    ctx: &Ctx,
    ids: Vec<CampaignId>,
) -> Result<std::collections::HashMap<CampaignId, String>, Failure> {
    #[derive(serde::Deserialize)]
    struct Named {
        id: CampaignId,
        name: String,
    }
    let campaigns = ctx.app.db.live.collection::<Named>(Campaign::COLLECTION);
    let wanted = doc! { "id": 1, "name": 1 };
    let found: Vec<Named> =
        campaigns.find(doc! { "id": { "$in": ids } }).projection(wanted).await?.try_collect().await?;
    Ok(found.into_iter().map(|named| (named.id, named.name)).collect())
}

/// A switch staff has on a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    /// The badge of a verified creator.
    Badge,
    /// Whether they may apply.
    Active,
}

impl Switch {
    fn field(self) -> &'static str {
        match self {
            Self::Badge => "is_verified",
            Self::Active => "is_active",
        }
    }

    fn action(self, on: bool) -> Action {
        match (self, on) {
            (Self::Badge, true) => Action::UgcCreatorVerified,
            (Self::Badge, false) => Action::UgcCreatorUnverified,
            (Self::Active, true) => Action::UgcCreatorActivated,
            (Self::Active, false) => Action::UgcCreatorDeactivated,
        }
    }
}

/// Turns a switch; one that stands so already is left alone.
pub async fn turn(ctx: &Ctx, id: &CreatorId, switch: Switch, on: bool) -> Result<(), Failure> {
    ctx.require(Capability::UgcManage)?;
    let (db, now, field) = (&ctx.app.db, ctx.now(), switch.field());
    with_transaction(db, |session| {
        Box::pin(async move {
            refuse_while_mirroring(db, session).await?;
            let creators = db.stored::<Creator>();
            let expected = doc! { "id": id, field: { "$ne": on } };
            let change = doc! { "$set": { field: on, "updated_at": date(now) } };
            let done = creators.update_one(expected, change).session(&mut *session).await?;
            if done.matched_count == 0 {
                let exists = store::find_in(session, db, id).await?.is_some();
                return if exists { Ok(()) } else { Err(AppError::NotFound.into()) };
            }
            let details = doc! { "before": { field: !on }, "after": { field: on } };
            let entry = Entry::new(switch.action(on)).target(Creator::COLLECTION, id.as_str()).details(details);
            audit::record_in(session, db, now, Who::of(ctx), entry).await?;
            Ok(())
        })
    })
    .await
}
