//! `/admin/backups/restauraciones`: every restore, trials included, newest first.

use axum::extract::Query;
use axum::response::Response;
use leptos::prelude::*;
use serde::Deserialize;

use super::{PATH, address, crumbs, moment, tone};
use crate::backup::record::RestoreRecord;
use crate::backup::restore::service;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::i18n::backup::restore as words;
use crate::ui::{Cell, CellKind, Column, Crumb, EmptyState, PageHead, Pager, PagerLinks, Status, Table};
use crate::web::render::{Page, Section};

/// Where the page begins.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    before: Option<i64>,
}

/// `GET /admin/backups/restauraciones`.
pub async fn list(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let (restores, next) = service::list(&ctx, asked.before).await?;
    let now = ctx.now();
    let page = Page::admin(&ctx, Section::Backups, words::LIST);
    Ok(page.crumbs(crumbs(vec![Crumb::here(words::LIST)])).show(move || {
        let links = PagerLinks {
            first: asked.before.map(|_| PATH.to_owned()),
            next: next.map(|at| format!("{PATH}?before={at}")),
            ..PagerLinks::default()
        };
        let position = words::shown(restores.len() as u64);
        let body = match restores.is_empty() {
            true => view! { <EmptyState title=words::NONE hint=words::NONE_HINT testid="restores-none"/> }.into_any(),
            false => {
                let lines = restores.into_iter().map(|record| line(record, now)).collect_view();
                let columns = vec![
                    Column::new(words::FIELD_TARGET, CellKind::Primary),
                    Column::new(words::COLUMN_STATE, CellKind::Text),
                    Column::new(words::FIELD_MODE, CellKind::Text),
                    Column::new(words::FROM, CellKind::Wide),
                    Column::new(words::COLUMN_WHEN, CellKind::Text),
                    Column::new(words::COLUMN_WHO, CellKind::Wide),
                ];
                view! {
                    <Table caption=words::LIST columns testid="restores">{lines}</Table>
                    <Pager links position testid="restores-pager"/>
                }
                .into_any()
            }
        };
        view! {
            <PageHead title=words::LIST purpose=words::LIST_PURPOSE/>
            {body}
        }
    }))
}

fn line(record: RestoreRecord, now: jiff::Timestamp) -> impl IntoView {
    let source = words::from(record.source.get(..8).unwrap_or(&record.source), &record.source_database);
    view! {
        <tr data-testid="restore-line">
            <Cell kind=CellKind::Primary><a href=address(&record.database)>{record.database.clone()}</a></Cell>
            <Cell><Status tone=tone(&record.state) label=words::state(&record.state)/></Cell>
            <Cell>{words::mode_name(&record.mode)}</Cell>
            <Cell kind=CellKind::Wide>{source}</Cell>
            <Cell>{moment(record.created_at, now)}</Cell>
            <Cell kind=CellKind::Wide>{record.requested_by.name.clone()}</Cell>
        </tr>
    }
}
