//! The list of deliveries, and how the services are connected.

use axum::extract::Query;
use axum::response::Response;
use jiff::Timestamp;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{GUIDE_PATH, PATH, ago, connected, delivery_path, line, state};
use crate::ctx::Ctx;
use crate::error::FieldProblem;
use crate::failure::Failure;
use crate::i18n::webhooks as words;
use crate::ui::{
    Banner, Button, Cell, CellKind, Choice, Column, Density, EmptyState, Glyph, LinkButton, PageHead, Pager,
    PagerLinks, Select, Table, Tone,
};
use crate::web::render::{Page, Section};
use crate::webhooks::model::{Delivery, Source, Status};
use crate::webhooks::service::{self, Connection};
use crate::webhooks::store::{self, Filter, From, Place};

/// Rows of a page.
const ROWS: usize = 20;

/// The filter as it stands in the address.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Asked {
    #[serde(skip_serializing_if = "String::is_empty")]
    source: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    status: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    before: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    after: String,
}

impl Asked {
    /// What is asked for, or everything wrong with it.
    fn read(&self) -> Result<(Filter, From), Vec<FieldProblem>> {
        let (source, status) = (Source::parse(&self.source), Status::parse(&self.status));
        let place = match (self.before.as_str(), self.after.as_str()) {
            ("", "") => Some(From::Newest),
            (before, "") => Place::parse(before).map(From::Before),
            ("", after) => Place::parse(after).map(From::After),
            _ => None,
        };
        let wrong = [
            ("source", source.is_none() && !self.source.is_empty()),
            ("status", status.is_none() && !self.status.is_empty()),
            ("page", place.is_none()),
        ];
        let problems: Vec<_> = wrong
            .into_iter()
            .filter(|(_, is_wrong)| *is_wrong)
            .map(|(field, _)| FieldProblem::new(field, words::BAD_PLACE))
            .collect();
        match place {
            Some(place) if problems.is_empty() => Ok((Filter { source, status }, place)),
            _ => Err(problems),
        }
    }

    fn href(&self, before: Option<&Place>, after: Option<&Place>) -> String {
        let text = |place: Option<&Place>| place.map(ToString::to_string).unwrap_or_default();
        let asked = Self { before: text(before), after: text(after), ..self.clone() };
        match serde_urlencoded::to_string(&asked) {
            Ok(query) if !query.is_empty() => format!("{PATH}?{query}"),
            _ => PATH.into(),
        }
    }

    fn is_filtered(&self) -> bool {
        !(self.source.is_empty() && self.status.is_empty())
    }
}

/// `GET /admin/notifications/webhooks`.
pub async fn list(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let (filter, from) = asked.read().map_err(crate::error::AppError::Invalid)?;
    let listing = service::list(&ctx, filter, from, ROWS).await?;
    let now = ctx.now();
    Ok(Page::admin(&ctx, Section::Notifications, words::TITLE).show(move || {
        let failed = (listing.failed > 0 && asked.status != Status::Failed.as_str()).then(|| {
            view! {
                <Banner tone=Tone::Bad title=words::failed_banner(listing.failed) testid="webhooks-failed">
                    <a href=format!("{PATH}?status=failed")>{words::SEE_FAILED}</a>
                </Banner>
            }
        });
        view! {
            <PageHead title=words::TITLE purpose=words::PURPOSE>
                <LinkButton href=GUIDE_PATH icon=Glyph::Link testid="webhooks-guide">{words::CONNECT}</LinkButton>
            </PageHead>
            {tabs()}
            <div class="stack" data-testid="webhooks-page">
                {failed} {connections(listing.connections, now)}
                <section class="stack">
                    <h2>{words::DELIVERIES}</h2>
                    {filters(&asked)} {rows(&asked, listing.page, now)}
                </section>
            </div>
        }
    }))
}

fn connections(connections: Vec<Connection>, now: Timestamp) -> impl IntoView {
    let columns = vec![
        Column::new(words::COLUMN_SERVICE, CellKind::Primary),
        Column::new(words::COLUMN_CONNECTION, CellKind::Text),
        Column::new(words::COLUMN_LAST, CellKind::Text),
        Column::new(words::COLUMN_REFUSED, CellKind::Text),
    ];
    let lines = connections
        .into_iter()
        .map(|connection| {
            let last =
                connection.last.as_ref().map_or_else(|| words::NEVER.into_any(), |row| ago(row.received_at, now));
            let refused = words::refused(connection.refused.strangers, connection.refused.malformed);
            let state = connected(&connection);
            view! {
                <tr data-testid="webhook-connection">
                    <Cell kind=CellKind::Primary>{words::source(connection.source)}</Cell>
                    <Cell>{state}</Cell>
                    <Cell unit=words::UNIT_LAST>{last}</Cell>
                    <Cell unit=words::UNIT_REFUSED>{refused}</Cell>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table caption=words::CONNECTIONS columns density=Density::Compact testid="webhook-connections">{lines}</Table>
    }
}

fn filters(asked: &Asked) -> impl IntoView + use<> {
    let any = || Choice::new("", words::ANY);
    let sources = [any()].into_iter().chain(Source::ALL.map(|one| Choice::new(one.as_str(), words::source(one))));
    let states = [any()].into_iter().chain(Status::ALL.map(|one| Choice::new(one.as_str(), words::status(one))));
    view! {
        <form class="filters" method="get" action=PATH data-testid="webhooks-filters">
            <Select
                name="source"
                label=words::FILTER_SOURCE
                choices=sources.collect()
                value=asked.source.clone()
                testid="webhooks-source"
            />
            <Select
                name="status"
                label=words::FILTER_STATUS
                choices=states.collect()
                value=asked.status.clone()
                testid="webhooks-status"
            />
            <Button icon=Glyph::ListFilter testid="webhooks-filter">{words::FILTER}</Button>
        </form>
    }
}

fn rows(asked: &Asked, page: store::Page, now: Timestamp) -> AnyView {
    if page.rows.is_empty() {
        let (title, hint) = match asked.is_filtered() {
            true => (words::NONE_TITLE, words::NONE_HINT),
            false => (words::EMPTY_TITLE, words::EMPTY_HINT),
        };
        return view! { <EmptyState title hint testid="webhooks-none"/> }.into_any();
    }
    let columns = vec![
        Column::new(words::COLUMN_WHAT, CellKind::Primary),
        Column::new(words::COLUMN_SERVICE, CellKind::Text),
        Column::new(words::COLUMN_STATE, CellKind::Text),
        Column::new(words::COLUMN_WHEN, CellKind::Text),
    ];
    let links = PagerLinks {
        first: page.newer.is_some().then(|| asked.href(None, None)),
        previous: page.newer.as_ref().map(|place| asked.href(None, Some(place))),
        next: page.older.as_ref().map(|place| asked.href(Some(place), None)),
        last: None,
    };
    let position = words::shown(page.rows.len());
    let lines = page.rows.into_iter().map(|row| row_line(row, now)).collect_view();
    view! {
        <Table caption=words::DELIVERIES columns density=Density::Compact testid="webhook-rows">{lines}</Table>
        <Pager links position testid="webhooks-pager"/>
    }
    .into_any()
}

fn row_line(row: Delivery, now: Timestamp) -> impl IntoView {
    let (href, what, state, arrived) = (delivery_path(&row.id), line(&row), state(&row), ago(row.received_at, now));
    view! {
        <tr data-testid="webhook-row">
            <Cell kind=CellKind::Primary>
                <a class="webhook-what" href=href>{what}</a>
            </Cell>
            <Cell>{words::source(row.source)}</Cell>
            <Cell>{state}</Cell>
            <Cell>{arrived}</Cell>
        </tr>
    }
}

/// The parts of the notification centre.
fn tabs() -> impl IntoView {
    use crate::ui::{Tab, Tabs};
    let tabs = vec![
        Tab::new(words::TAB_NOTICES, "/admin/notifications", false),
        Tab::new(words::TAB_SILENCES, "/admin/notifications/silencios", false),
        Tab::new(words::TITLE, PATH, true),
    ];
    view! { <Tabs label=words::TABS tabs testid="notices-tabs"/> }
}
