//! A comparison: first the result in one sentence, then collection by collection.

use axum::extract::Path;
use axum::response::{Html, IntoResponse, Response};
use leptos::prelude::*;

use super::{PATH, address, address_of, beside};
use crate::assets::LIVE_SCRIPT;
use crate::backup::diff::{CollectionDiff, Report, service};
use crate::backup::record::DiffRecord;
use crate::ctx::Ctx;
use crate::db::timestamp;
use crate::failure::Failure;
use crate::i18n::backup::diff_pages as words;
use crate::i18n::{format, number::integer};
use crate::ui::{
    Banner, Button, ButtonKind, Cell, CellKind, Column, Crumb, Density, Fact, FactList, Glyph, LinkButton, PageHead,
    Progress, Status, Table, Tone,
};
use crate::web::render::{Page, Section};

/// `GET /admin/backups/comparar/{id}`.
pub async fn show(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let (record, report) = service::load(&ctx, &id).await?;
    let script = ctx.app.assets.url(LIVE_SCRIPT).to_owned();
    let crumbs = vec![
        Crumb::link(words::BACKUPS, "/admin/backups"),
        Crumb::link(words::TITLE, PATH),
        Crumb::here(words::RESULT),
    ];
    Ok(Page::admin(&ctx, Section::Backups, words::RESULT).crumbs(crumbs).show(move || {
        let (tone, state) = words::outcome(&record);
        let marks = view! { <Status tone label=state/> }.into_any();
        let is_over = is_over(&record);
        let live = (!is_over).then(|| beside(&record.id, "estado"));
        let loader = (!is_over).then(|| view! { <script type="module" src=script></script> });
        let refresh = (!is_over).then(|| {
            view! { <LinkButton href=address(&record.id) icon=Glyph::RotateCw testid="diff-refresh">{words::REFRESH}</LinkButton> }
        });
        let again = is_over.then(|| {
            let sides = [("a", record.left.as_str()), ("b", record.right.as_str())];
            let query = serde_urlencoded::to_string(sides).unwrap_or_default();
            view! { <LinkButton href=format!("{PATH}?{query}") testid="diff-again">{words::AGAIN}</LinkButton> }
        });
        view! {
            <PageHead title=words::RESULT marks=marks>{refresh} {again}</PageHead>
            <div class="stack diff" data-live=live data-testid="diff-state">{state_of(&record, report.as_ref())}</div>
            {loader}
        }
    }))
}

/// `GET /admin/backups/comparaciones/{id}/estado`: the part of the page that moves.
pub async fn live(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let (record, report) = service::load(&ctx, &id).await?;
    let sign = if is_over(&record) { "over" } else { "on" };
    let html = state_of(&record, report.as_ref()).to_html();
    Ok(([("x-live", sign), ("cache-control", "no-store")], Html(html)).into_response())
}

fn is_over(record: &DiffRecord) -> bool {
    matches!(record.state.as_str(), "done" | "failed")
}

fn state_of(record: &DiffRecord, report: Option<&Report>) -> AnyView {
    let mut facts = vec![
        Fact::new(words::LEFT, side(&record.left)),
        Fact::new(words::RIGHT, side(&record.right)),
        Fact::new(words::COLUMN_WHO, record.requested_by.name.clone()),
    ];
    for (label, at) in [(words::ASKED, Some(record.created_at)), (words::FINISHED, record.finished_at)] {
        facts.extend(
            at.and_then(timestamp)
                .map(|at| Fact::new(label, view! { <time datetime=format::machine(at)>{format::exact(at)}</time> })),
        );
    }
    let body = match report {
        Some(report) => result(record, report),
        None if is_over(record) => {
            let error = record.error.clone().unwrap_or_else(|| words::FAILED.into());
            view! { <Banner tone=Tone::Bad title=words::NOT_COMPARED testid="diff-error"><p>{error}</p></Banner> }
                .into_any()
        }
        None => {
            let told = &record.progress;
            let of = (told.namespaces > 0)
                .then(|| (u64::from(told.done.unsigned_abs()), u64::from(told.namespaces.unsigned_abs())));
            let detail = words::progress(told);
            match of {
                Some(of) => view! { <Progress label=words::RUNNING of detail testid="diff-progress"/> }.into_any(),
                None => view! { <Progress label=words::RUNNING detail testid="diff-progress"/> }.into_any(),
            }
        }
    };
    view! { {body} <FactList facts/> }.into_any()
}

fn side(side: &str) -> impl IntoView + use<> {
    view! { {service::label(side)} " " <code class="mono muted">{side.to_owned()}</code> }
}

fn result(record: &DiffRecord, report: &Report) -> AnyView {
    let notes = report.notes.iter().map(|note| view! { <p class="muted">{note.clone()}</p> }).collect_view();
    let (equal, differing): (Vec<_>, Vec<_>) = report.collections.iter().partition(|row| row.is_equal());
    let differing = (!differing.is_empty()).then(|| {
        view! {
            <section class="section">
                <h2>{words::DIFFERING}</h2>
                {table(record, &differing, "diff-differing")}
                <form method="post" action=beside(&record.id, "exportar")>
                    <div class="actions">
                        <Button kind=ButtonKind::Quiet icon=Glyph::Download name="format" value="csv" testid="diff-export-csv">
                            {words::EXPORT_CSV}
                        </Button>
                        <Button kind=ButtonKind::Quiet icon=Glyph::Download name="format" value="jsonl" testid="diff-export-jsonl">
                            {words::EXPORT_LINES}
                        </Button>
                    </div>
                </form>
            </section>
        }
    });
    let equal = (!equal.is_empty()).then(|| {
        view! {
            <details class="disclosure" open=report.equal>
                <summary data-testid="diff-equal-open">{words::equal_ones(equal.len() as u64)}</summary>
                {table(record, &equal, "diff-equal")}
            </details>
        }
    });
    view! {
        <div>
            <p class="proof-claim" data-testid="diff-sentence">{words::sentence(report)}</p>
            {notes}
        </div>
        {differing}
        {equal}
    }
    .into_any()
}

fn table(record: &DiffRecord, rows: &[&CollectionDiff], testid: &'static str) -> impl IntoView + use<> {
    let columns = vec![
        Column::new(words::COLUMN_COLLECTION, CellKind::Primary),
        Column::new(words::LEFT, CellKind::Number),
        Column::new(words::RIGHT, CellKind::Number),
        Column::new(words::CHANGED, CellKind::Number),
        Column::new(words::ONLY_LEFT, CellKind::Number),
        Column::new(words::ONLY_RIGHT, CellKind::Number),
        Column::new(words::COLUMN_BESIDES, CellKind::Text),
    ];
    let lines = rows
        .iter()
        .map(|row| {
            let name = match row.is_equal() {
                true => row.name.clone().into_any(),
                false => view! {
                    <a href=address_of(&record.id, &row.name, None, 0) data-testid="diff-collection">{row.name.clone()}</a>
                }
                .into_any(),
            };
            let (tone, state) = words::row_state(row);
            let besides = words::besides(row).map(|besides| view! { " " <small class="muted">{besides}</small> });
            let [left, right] = [row.left, row.right].map(integer);
            let [changed, only_left, only_right] = [row.changed, row.only_left, row.only_right].map(integer);
            view! {
                <tr data-testid="diff-line">
                    <Cell kind=CellKind::Primary>{name}</Cell>
                    <Cell kind=CellKind::Number unit=words::UNIT_LEFT>{left}</Cell>
                    <Cell kind=CellKind::Number unit=words::UNIT_RIGHT>{right}</Cell>
                    <Cell kind=CellKind::Number unit=words::UNIT_CHANGED>{changed}</Cell>
                    <Cell kind=CellKind::Number unit=words::UNIT_ONLY_LEFT>{only_left}</Cell>
                    <Cell kind=CellKind::Number unit=words::UNIT_ONLY_RIGHT>{only_right}</Cell>
                    <Cell><Status tone label=state/> {besides}</Cell>
                </tr>
            }
        })
        .collect_view();
    view! { <Table caption=words::DIFFERING columns density=Density::Compact testid=testid>{lines}</Table> }
}
