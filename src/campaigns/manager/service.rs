//! One load of the manager's page: a fixed number of queries, whatever there is.

use std::collections::HashMap;

use bson::{DateTime, Document, doc};
use futures::TryStreamExt;
use jiff::Timestamp;
use serde::Deserialize;

use super::filter::Filter;
use super::store;
use crate::brands::model::Brand;
use crate::brands::store as brands;
use crate::campaigns::lights::{Lights, SOON};
use crate::campaigns::model::{Campaign, CampaignStatus, Contract, Tally};
use crate::ctx::Ctx;
use crate::db::keyset::{Page, Query};
use crate::db::{Stored, date};
use crate::failure::Failure;
use crate::lists::{List, SavedView, views};
use crate::values::{BrandId, CampaignId, Capability, Category, LocalDate};

/// Brands offered as a filter; more are found by searching.
const BRANDS: i64 = 100;

/// A campaign as far as the list shows it.
#[derive(Clone, Debug, Deserialize)]
pub struct Row {
    /// The public id.
    pub id: CampaignId,
    /// Whose it is.
    pub brand_id: BrandId,
    /// As shown.
    pub name: String,
    /// What it is about.
    pub category: Category,
    /// Where it stands.
    pub status: CampaignStatus,
    /// Everything ever loaded.
    pub total_slots_loaded: i32,
    /// Confirmed.
    pub slots_filled: i32,
    /// What was agreed.
    #[serde(default)]
    pub contract: Option<Contract>,
    /// Whether creators see it.
    #[serde(default)]
    pub visible_to_creators: bool,
    /// Its counts.
    #[serde(default)]
    pub tally: Tally,
    /// The company, looked up.
    #[serde(skip)]
    pub company: Option<String>,
    /// The lights of the addresses.
    #[serde(skip)]
    pub urls: Lights,
    /// The lights of the metrics.
    #[serde(skip)]
    pub metrics: Lights,
}

impl Row {
    /// Whether it is shown as *Vencida*.
    pub fn is_expired(&self, today: LocalDate) -> bool {
        !matches!(self.status, CampaignStatus::Completed | CampaignStatus::Cancelled)
            && self.contract.as_ref().is_some_and(|contract| today >= contract.end_date)
    }

    /// Whether anything of it is late.
    pub fn is_late(&self) -> bool {
        self.urls.late + self.metrics.late > 0
    }
}

/// The page.
pub struct Manager {
    /// The campaigns.
    pub page: Page<Row>,
    /// All campaigns.
    pub all: u64,
    /// Those with applications that wait.
    pub pending: u64,
    /// Those with something late.
    pub late: u64,
    /// Brands to choose from.
    pub brands: Vec<(BrandId, String)>,
    /// Saved views of whoever looks.
    pub views: Vec<SavedView>,
}

/// Loads the page.
pub async fn manager(ctx: &Ctx, list: &List, filter: &Filter) -> Result<Manager, Failure> {
    ctx.require(Capability::UgcManage)?;
    let (db, now) = (&ctx.app.db, ctx.now());
    let campaigns = db.live.collection::<Document>(Campaign::COLLECTION);
    let (overview, brands, views) = futures::try_join!(
        ctx.app.campaigns.get(&db.commits, now, store::overview(db, now)),
        brand_choices(ctx),
        views::of(ctx, list.spec.name),
    )?;
    let query = Query::new(filter.query(list.q(), now, &overview), list.order(), list.spec.rows).recent_first(now);
    let mut page = query.rows::<Row>(&campaigns, list.from()).await?;
    page.total = if list.is_narrowed() { query.count(&campaigns).await? } else { overview.all };
    let page = lit(ctx, page, now).await?;
    let (pending, late) = (overview.pending.len() as u64, overview.late.len() as u64);
    Ok(Manager { page, all: overview.all, pending, late, brands, views })
}

/// Adds companies and lights to the campaigns of a page.
async fn lit(ctx: &Ctx, page: Page<Row>, now: Timestamp) -> Result<Page<Row>, Failure> {
    let db = &ctx.app.db;
    // Nobody's deliveries are counted who owes nothing before long.
    let soon = date(now.checked_add(SOON).unwrap_or(Timestamp::MAX));
    let owing = |due: fn(&Tally) -> Option<DateTime>| -> Vec<CampaignId> {
        page.rows.iter().filter(|row| due(&row.tally).is_some_and(|due| due < soon)).map(|row| row.id.clone()).collect()
    };
    let (owing_urls, owing_metrics) = (owing(|tally| tally.next_url_due), owing(|tally| tally.next_metrics_due));
    let brand_ids: Vec<BrandId> = page.rows.iter().map(|row| row.brand_id.clone()).collect();
    let (urls, metrics, companies) = futures::try_join!(
        store::owed(db, &owing_urls, "owes_url_by", now),
        store::owed(db, &owing_metrics, "owes_metrics_by", now),
        brands::find_all(db, &brand_ids),
    )?;
    let companies: HashMap<BrandId, String> =
        companies.into_iter().map(|brand| (brand.id, brand.company_name)).collect();
    let of = |owed: &store::Owed, id: &CampaignId| owed.get(id.as_str()).copied().unwrap_or_default();
    Ok(page.with(|row| {
        let ((url_soon, url_late), (metrics_soon, metrics_late)) = (of(&urls, &row.id), of(&metrics, &row.id));
        Row {
            company: companies.get(&row.brand_id).cloned(),
            urls: Lights::new(row.tally.confirmed, row.tally.with_url, url_soon, url_late),
            metrics: Lights::new(row.tally.confirmed, row.tally.with_metrics, metrics_soon, metrics_late),
            ..row
        }
    }))
}

async fn brand_choices(ctx: &Ctx) -> Result<Vec<(BrandId, String)>, Failure> {
    #[derive(Deserialize)]
    struct Named {
        id: BrandId,
        company_name: String,
    }
    let brands = ctx.app.db.live.collection::<Named>(Brand::COLLECTION);
    let wanted = doc! { "id": 1, "company_name": 1 };
    let found = brands.find(doc! {}).projection(wanted).sort(doc! { "company_name": 1 }).limit(BRANDS).await?;
    let named: Vec<Named> = found.try_collect().await?;
    Ok(named.into_iter().map(|brand| (brand.id, brand.company_name)).collect())
}
