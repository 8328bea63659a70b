//! What a creator's own pages ask for.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;

use super::model::{
    ApplicationRow, ApplicationView, DELIVERED, DeliveryRow, DeliveryView, Named, OVER, PENDING, WAITING, WorkTab,
};
use super::store;
use crate::applications::model::{Application, ApplicationStatus};
use crate::campaigns::model::Campaign;
use crate::campaigns::store as campaigns;
use crate::creators::model::Creator;
use crate::ctx::Ctx;
use crate::db::keyset::{From, Page, Place};
use crate::deliverables::model::{Deliverable, DeliverableStatus};
use crate::error::AppError;
use crate::failure::Failure;
use crate::values::{ApplicationId, CampaignId, DeliverableId};

/// Active deliveries the dashboard shows.
const SHOWN: usize = 4;
/// Waiting applications the dashboard shows.
const WAITING_SHOWN: usize = 3;

/// The dashboard.
#[derive(Debug)]
pub struct Dashboard {
    /// What is due next, the most urgent first; at most four.
    pub deliveries: Vec<DeliveryRow>,
    /// All that are active.
    pub active: usize,
    /// The newest applications that wait for an answer; at most three.
    pub waiting: Vec<ApplicationRow>,
    /// Whether there are more of them.
    pub has_more_waiting: bool,
}

/// What a creator's dashboard shows: four queries with the one for the profile.
pub async fn dashboard(ctx: &Ctx, creator: &Creator) -> Result<Dashboard, Failure> {
    let (db, now) = (&ctx.app.db, ctx.now());
    let (deliveries, mut waiting) = tokio::try_join!(
        store::deliveries(db, &creator.id, &PENDING),
        store::newest_applications(db, &creator.id, &WAITING, WAITING_SHOWN as i64 + 1),
    )?;
    let has_more_waiting = waiting.len() > WAITING_SHOWN;
    waiting.truncate(WAITING_SHOWN);
    let mentioned = deliveries.iter().map(|one| &one.campaign_id).chain(waiting.iter().map(|one| &one.campaign_id));
    let names = store::names(db, distinct(mentioned)).await?;
    let mut rows: Vec<_> =
        deliveries.iter().map(|one| DeliveryRow::of(one, named(&names, &one.campaign_id), now)).collect();
    rows.sort_by_key(DeliveryRow::rank);
    let active = rows.len();
    rows.truncate(SHOWN);
    Ok(Dashboard {
        deliveries: rows,
        active,
        waiting: waiting
            .iter()
            .map(|one| ApplicationRow::of(one, named(&names, &one.campaign_id), None, now))
            .collect(),
        has_more_waiting,
    })
}

/// How much there is in each part of a creator's work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Applications that go on.
    pub applications: u64,
    /// Deliveries that lack something.
    pub pending: u64,
    /// Deliveries that lack nothing.
    pub completed: u64,
    /// Refused ones.
    pub rejected: u64,
    /// Cancelled ones.
    pub cancelled: u64,
    /// What is over.
    pub history: u64,
}

/// The rows of a part.
#[derive(Debug)]
pub enum Rows {
    /// Applications.
    Applications(Vec<ApplicationRow>),
    /// Deliveries.
    Deliveries(Vec<DeliveryRow>),
}

/// A page of a creator's work.
#[derive(Debug)]
pub struct Work {
    /// What is shown.
    pub rows: Rows,
    /// How much there is of it.
    pub total: u64,
    /// Where the page before ends.
    pub previous: Option<Place>,
    /// Where the next page begins.
    pub next: Option<Place>,
    /// How much there is in each part.
    pub counts: Counts,
}

/// A page of one part of a creator's work.
pub async fn work(
    ctx: &Ctx,
    creator: &Creator,
    tab: WorkTab,
    view: DeliveryView,
    from: &From,
) -> Result<Work, Failure> {
    let (db, now) = (&ctx.app.db, ctx.now());
    let (applied, delivered) = tokio::try_join!(
        store::counts::<Application>(db, &creator.id),
        store::counts::<Deliverable>(db, &creator.id),
    )?;
    let applications = |states: &[ApplicationStatus]| sum(&applied, states.iter().map(|state| state.as_str()));
    let deliveries = |states: &[DeliverableStatus]| sum(&delivered, states.iter().map(|state| state.as_str()));
    let counts = Counts {
        applications: applications(&[WAITING[0], WAITING[1], ApplicationStatus::Confirmed]),
        pending: deliveries(&PENDING),
        completed: deliveries(&DELIVERED),
        rejected: deliveries(&[DeliverableStatus::Rejected]),
        cancelled: deliveries(&[DeliverableStatus::Cancelled]),
        history: applications(&OVER) + deliveries(&[DeliverableStatus::Completed]),
    };
    let page = match tab {
        WorkTab::Deliveries => {
            let page = store::delivery_page(db, &creator.id, view.states(), from).await?;
            let names = store::names(db, distinct(page.rows.iter().map(|one| &one.campaign_id))).await?;
            let mut rows: Vec<_> =
                page.rows.iter().map(|one| DeliveryRow::of(one, named(&names, &one.campaign_id), now)).collect();
            if view == DeliveryView::Pending {
                rows.sort_by_key(DeliveryRow::rank);
            }
            of(page, Rows::Deliveries(rows))
        }
        WorkTab::Applications => {
            let going_on = [WAITING[0], WAITING[1], ApplicationStatus::Confirmed];
            let page = store::application_page(db, &creator.id, &going_on, &[], from).await?;
            let rows = application_rows(ctx, &page.rows, now).await?;
            of(page, Rows::Applications(rows))
        }
        WorkTab::History => {
            let completed = store::deliveries(db, &creator.id, &[DeliverableStatus::Completed]).await?;
            let completed: Vec<_> = completed.into_iter().map(|one| one.application_id).collect();
            let page = store::application_page(db, &creator.id, &OVER, &completed, from).await?;
            let rows = application_rows(ctx, &page.rows, now).await?;
            of(page, Rows::Applications(rows))
        }
    };
    let (rows, previous, next, total) = page;
    Ok(Work { rows, total, previous, next, counts })
}

/// A page of a creator's applications.
pub async fn applications(
    ctx: &Ctx,
    creator: &Creator,
    view: ApplicationView,
    from: &From,
) -> Result<Page<ApplicationRow>, Failure> {
    let page = store::application_page(&ctx.app.db, &creator.id, view.states(), &[], from).await?;
    let rows = application_rows(ctx, &page.rows, ctx.now()).await?;
    Ok(Page { rows, previous: page.previous, next: page.next, total: page.total })
}

/// One of a creator's applications; another's isn't there.
pub async fn application(ctx: &Ctx, creator: &Creator, id: &ApplicationId) -> Result<ApplicationRow, Failure> {
    let found = store::own_application(&ctx.app.db, &creator.id, id).await?.ok_or(AppError::NotFound)?;
    let rows = application_rows(ctx, std::slice::from_ref(&found), ctx.now()).await?;
    Ok(rows.into_iter().next().ok_or(AppError::NotFound)?)
}

/// A creator's delivery with its campaign.
#[derive(Debug)]
pub struct OwnDelivery {
    /// The delivery.
    pub delivery: Deliverable,
    /// Its campaign: whoever was confirmed sees where the canje is and whom to ask for.
    pub campaign: Campaign,
}

/// One of a creator's deliveries; another's isn't there.
pub async fn delivery(ctx: &Ctx, creator: &Creator, id: &DeliverableId) -> Result<OwnDelivery, Failure> {
    let db = &ctx.app.db;
    let delivery = store::own_delivery(db, &creator.id, id).await?.ok_or(AppError::NotFound)?;
    let campaign = campaigns::find(db, &delivery.campaign_id).await?.ok_or(AppError::NotFound)?;
    Ok(OwnDelivery { delivery, campaign })
}

async fn application_rows(ctx: &Ctx, found: &[Application], now: Timestamp) -> Result<Vec<ApplicationRow>, Failure> {
    let db = &ctx.app.db;
    let ids: Vec<_> = found.iter().map(|one| one.id.clone()).collect();
    let (names, deliveries) = tokio::try_join!(
        store::names(db, distinct(found.iter().map(|one| &one.campaign_id))),
        store::deliveries_of(db, &ids),
    )?;
    let mut by_application: HashMap<_, _> =
        deliveries.into_iter().map(|one| (one.application_id.clone(), one)).collect();
    Ok(found
        .iter()
        .map(|one| {
            let campaign = named(&names, &one.campaign_id);
            let delivery = by_application.remove(&one.id).map(|own| DeliveryRow::of(&own, campaign.clone(), now));
            ApplicationRow::of(one, campaign, delivery, now)
        })
        .collect())
}

/// Other rows in the same places.
fn of<T>(page: Page<T>, rows: Rows) -> (Rows, Option<Place>, Option<Place>, u64) {
    (rows, page.previous, page.next, page.total)
}

fn sum<'a>(counts: &HashMap<String, u64>, states: impl Iterator<Item = &'a str>) -> u64 {
    states.filter_map(|state| counts.get(state)).sum()
}

fn named(names: &HashMap<String, Named>, id: &CampaignId) -> Named {
    names.get(id.as_str()).cloned().unwrap_or_default()
}

fn distinct<'a>(ids: impl Iterator<Item = &'a CampaignId>) -> Vec<CampaignId> {
    ids.cloned().collect::<HashSet<_>>().into_iter().collect()
}
