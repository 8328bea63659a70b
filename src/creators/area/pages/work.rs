//! `GET /ugc/creator/my-work`: everything a creator applied to and delivers, in three parts.

use axum::extract::Query;
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::Deserialize;

use super::{WORK, rows};
use crate::campaigns::catalogue::PATH as CATALOGUE;
use crate::creators::area::model::{DeliveryView, WorkTab};
use crate::creators::area::service::{self, Counts, Rows, Work};
use crate::creators::service::require_complete;
use crate::ctx::Ctx;
use crate::db::keyset::{From, Place};
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::{creator_area as words, format};
use crate::ui::{EmptyState, LinkButton, PageHead, Pager, PagerLinks, Tab, Tabs};
use crate::web::render::{Page, Section};

/// Which part, and where in it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    tab: String,
    view: String,
    before: String,
    after: String,
}

/// Reads where a page begins.
pub(super) fn place(before: &str, after: &str) -> Result<From, AppError> {
    let known = |text: &str| Place::parse(text).ok_or(AppError::Malformed);
    Ok(match (before, after) {
        ("", "") => From::First,
        (before, "") => From::Before(known(before)?),
        (_, after) => From::After(known(after)?),
    })
}

/// The links of a pager; none when everything is on the page.
pub(super) fn pager(
    base: String,
    previous: Option<Place>,
    next: Option<Place>,
    shown: usize,
    total: u64,
) -> impl IntoView {
    let at = |side: &str, place: Option<Place>| {
        let joint = if base.contains('?') { '&' } else { '?' };
        place.map(|place| format!("{base}{joint}{side}={place}"))
    };
    let links = PagerLinks {
        first: previous.is_some().then(|| base.clone()),
        previous: at("before", previous),
        next: at("after", next),
        last: None,
    };
    let has_more = links.previous.is_some() || links.next.is_some();
    has_more.then(|| view! { <Pager links position=words::shown(shown, total) testid="work-pager"/> })
}

fn href(tab: WorkTab, view: DeliveryView) -> String {
    match (tab, view) {
        (WorkTab::Deliveries, view) if view != DeliveryView::Pending => {
            format!("{WORK}?tab={}&view={}", tab.as_str(), view.as_str())
        }
        (tab, _) => format!("{WORK}?tab={}", tab.as_str()),
    }
}

/// The page.
pub async fn show(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let creator = match require_complete(&ctx).await? {
        Ok(creator) => creator,
        Err(detour) => return Ok(detour.into_response()),
    };
    let tab = WorkTab::parse(&asked.tab).unwrap_or(WorkTab::Applications);
    let view = DeliveryView::parse(&asked.view).unwrap_or(DeliveryView::Pending);
    let from = place(&asked.before, &asked.after)?;
    let work = service::work(&ctx, &creator, tab, view, &from).await?;
    Ok(Page::creator(&ctx, Section::Work, words::WORK).show(move || {
        let Work { rows, total, previous, next, counts } = work;
        let views = (tab == WorkTab::Deliveries).then(|| views(view, &counts));
        let (list, shown) = list(rows, tab);
        view! {
            <PageHead title=words::WORK purpose=words::WORK_PURPOSE/>
            <Tabs label=words::WORK_TABS tabs=tabs(tab, &counts) testid="work-tabs"/>
            {views}
            <h2 class="visually-hidden">{words::tab(tab)}</h2>
            {list}
            {pager(href(tab, view), previous, next, shown, total)}
        }
    }))
}

fn tabs(here: WorkTab, counts: &Counts) -> Vec<Tab> {
    let count = |tab| match tab {
        WorkTab::Applications => counts.applications,
        WorkTab::Deliveries => counts.pending + counts.completed + counts.rejected + counts.cancelled,
        WorkTab::History => counts.history,
    };
    let tab = |tab| Tab::new(words::tab(tab), href(tab, DeliveryView::Pending), tab == here).count(number(count(tab)));
    WorkTab::ALL.into_iter().map(tab).collect()
}

fn number(count: u64) -> String {
    format::integer(count)
}

fn views(here: DeliveryView, counts: &Counts) -> impl IntoView + use<> {
    let count = |view| match view {
        DeliveryView::Pending => counts.pending,
        DeliveryView::Completed => counts.completed,
        DeliveryView::Rejected => counts.rejected,
        DeliveryView::Cancelled => counts.cancelled,
    };
    let tabs: Vec<_> = DeliveryView::ALL
        .into_iter()
        .map(|view| {
            let own = href(WorkTab::Deliveries, view);
            Tab::new(words::delivery_view(view), own, view == here).count(number(count(view)))
        })
        .collect();
    view! { <Tabs label=words::VIEWS tabs testid="work-views"/> }
}

fn list(rows: Rows, tab: WorkTab) -> (AnyView, usize) {
    let (items, shown) = match rows {
        Rows::Applications(rows) => {
            let shown = rows.len();
            (rows.into_iter().map(|row| rows::application(row).into_any()).collect::<Vec<_>>(), shown)
        }
        Rows::Deliveries(rows) => {
            let shown = rows.len();
            (rows.into_iter().map(|row| rows::delivery(row).into_any()).collect::<Vec<_>>(), shown)
        }
    };
    if shown == 0 {
        let (title, hint) = match tab {
            WorkTab::Applications => (words::NO_APPLICATIONS, words::NO_APPLICATIONS_HINT),
            WorkTab::Deliveries => (words::NO_DELIVERIES, words::NO_DELIVERIES_HINT),
            WorkTab::History => (words::NO_HISTORY, words::NO_HISTORY_HINT),
        };
        let empty = view! {
            <EmptyState title hint testid="work-none">
                <LinkButton href=CATALOGUE>{words::EXPLORE}</LinkButton>
            </EmptyState>
        };
        return (empty.into_any(), 0);
    }
    (view! { <ul class="work" aria-label=words::ROWS data-testid="work-rows">{items}</ul> }.into_any(), shown)
}

/// `GET /ugc/creator/workspace` and `/ugc/creator/deliverables`: the same deliveries, once.
pub async fn old_deliveries() -> Redirect {
    Redirect::permanent("/ugc/creator/my-work?tab=deliveries")
}

/// `GET /ugc/creator/campaigns`: what one applied to.
pub async fn old_applications() -> Redirect {
    Redirect::permanent("/ugc/creator/my-work?tab=applications")
}
