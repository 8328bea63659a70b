//! One collection of a comparison: its definition, then its documents, field by field.

use axum::extract::{Path, Query};
use axum::response::Response;
use leptos::prelude::*;
use serde::Deserialize;

use super::{PATH, address, address_of};
use crate::backup::diff::service::{self, ROWS};
use crate::backup::diff::store::Document;
use crate::backup::diff::{CollectionDiff, FieldDiff, Kind, Shown};
use crate::backup::record::DiffRecord;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::backup::diff_pages as words;
use crate::i18n::number::integer;
use crate::ui::{
    Cell, CellKind, Column, Crumb, Density, EmptyState, PageHead, Pager, PagerLinks, Status, Tab, Table, Tabs,
};
use crate::web::render::{Page, Section};

/// Which documents, and after which.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    kind: String,
    #[serde(default)]
    after: i64,
}

/// `GET /admin/backups/comparar/{id}/{collection}`.
pub async fn show(
    ctx: Ctx,
    Path((id, collection)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let (record, report) = service::load(&ctx, &id).await?;
    let report = report.ok_or(AppError::NotFound)?;
    let row = report.collections.into_iter().find(|row| row.name == collection).ok_or(AppError::NotFound)?;
    let of = |kind: Kind| match kind {
        Kind::Changed => row.changed,
        Kind::OnlyLeft => row.only_left,
        Kind::OnlyRight => row.only_right,
    };
    let first = Kind::ALL.into_iter().find(|kind| of(*kind) > 0);
    let kind = Kind::parse(&asked.kind).or(first).unwrap_or(Kind::Changed);
    let total = of(kind);
    let documents = match total {
        0 => Vec::new(),
        _ => service::documents(&ctx, &record, &collection, kind, asked.after).await?,
    };
    let tabs = Kind::ALL.map(|one| {
        let href = address_of(&record.id, &row.name, Some(one), 0);
        Tab::new(words::kind(one), href, one == kind).count(integer(of(one)))
    });
    let crumbs = vec![
        Crumb::link(words::BACKUPS, "/admin/backups"),
        Crumb::link(words::TITLE, PATH),
        Crumb::link(words::RESULT, address(&record.id)),
        Crumb::here(row.name.clone()),
    ];
    Ok(Page::admin(&ctx, Section::Backups, row.name.clone()).crumbs(crumbs).show(move || {
        let purpose = words::against(&service::label(&record.left), &service::label(&record.right));
        let remarks = words::remarks(&row).into_iter().map(|line| view! { <p>{line}</p> }).collect_view();
        view! {
            <PageHead title=row.name.clone() mono=true purpose/>
            <div class="stack diff">{remarks} {definitions(&row)}</div>
            <section class="section diff">
                <Tabs label=words::TABS tabs=tabs.to_vec() testid="diff-tabs"/>
                {list(&record, &row, kind, total, documents, asked.after)}
            </section>
        }
    }))
}

fn definitions(row: &CollectionDiff) -> impl IntoView + use<> {
    (!row.definitions.is_empty()).then(|| {
        let columns = vec![
            Column::new(words::COLUMN_PART, CellKind::Primary),
            Column::new(words::LEFT, CellKind::Text),
            Column::new(words::RIGHT, CellKind::Text),
        ];
        let side = |text: &Option<String>| text.clone().unwrap_or_else(|| "—".into());
        let lines = row
            .definitions
            .iter()
            .map(|one| {
                let (part, left, right) = (words::part(&one.part), side(&one.left), side(&one.right));
                view! {
                    <tr data-testid="diff-definition">
                        <Cell kind=CellKind::Primary>{part}</Cell>
                        <Cell unit=words::UNIT_LEFT><code class="mono">{left}</code></Cell>
                        <Cell unit=words::UNIT_RIGHT><code class="mono">{right}</code></Cell>
                    </tr>
                }
            })
            .collect_view();
        view! { <Table caption=words::DEFINITION columns density=Density::Compact testid="diff-definitions">{lines}</Table> }
    })
}

fn list(
    record: &DiffRecord,
    row: &CollectionDiff,
    kind: Kind,
    total: u64,
    mut documents: Vec<Document>,
    after: i64,
) -> AnyView {
    if total == 0 {
        return view! { <EmptyState title=words::none_of(kind) testid="diff-none-of"/> }.into_any();
    }
    if documents.is_empty() {
        return view! { <EmptyState title=words::GONE hint=words::GONE_HINT testid="diff-gone"/> }.into_any();
    }
    let has_more = documents.len() > ROWS;
    documents.truncate(ROWS);
    let last = documents.last().filter(|_| has_more).map(|document| document.number);
    let links = PagerLinks {
        first: (after > 0).then(|| address_of(&record.id, &row.name, Some(kind), 0)),
        next: last.map(|last| address_of(&record.id, &row.name, Some(kind), last)),
        ..PagerLinks::default()
    };
    let position = words::of_total(documents.len() as u64, total);
    let shown = documents.into_iter().map(|document| document_of(document.shown)).collect_view();
    view! {
        <div class="stack" data-testid="diff-documents">{shown}</div>
        <Pager links position testid="diff-pager"/>
    }
    .into_any()
}

fn document_of(shown: Shown) -> impl IntoView {
    let place = words::place(shown.left_offset, shown.right_offset);
    let body = match shown.moved_on {
        true => view! { <p class="muted">{words::MOVED_ON}</p> }.into_any(),
        false => fields(&shown),
    };
    view! {
        <article class="stack" data-testid="diff-document">
            <h3 class="mono">{shown.document}</h3>
            {body}
            {place.map(|place| view! { <p class="muted">{place}</p> })}
        </article>
    }
}

fn fields(shown: &Shown) -> AnyView {
    let columns = vec![
        Column::new(words::COLUMN_FIELD, CellKind::Primary),
        Column::new(words::COLUMN_CHANGE, CellKind::Text),
        Column::new(words::LEFT, CellKind::Text),
        Column::new(words::RIGHT, CellKind::Text),
    ];
    let lines = shown.fields.iter().map(|field| line(field, shown.kind)).collect_view();
    let more = (shown.more > 0).then(|| view! { <p class="muted">{words::more_fields(shown.more)}</p> });
    view! {
        <Table caption=words::FIELDS columns density=Density::Compact testid="diff-fields">{lines}</Table>
        {more}
    }
    .into_any()
}

fn line(field: &FieldDiff, kind: Kind) -> impl IntoView + use<> {
    let (tone, change) = words::change(field.change, kind);
    let side = |of: &Option<String>, value: &Option<String>| match value {
        None => view! { <span class="muted">"—"</span> }.into_any(),
        Some(value) => view! {
            <code class="mono">{value.clone()}</code>
            {of.clone().map(|of| view! { " " <small class="muted">{of}</small> })}
        }
        .into_any(),
    };
    let (left, right) = (side(&field.left_type, &field.left), side(&field.right_type, &field.right));
    let path = words::path(&field.path);
    view! {
        <tr data-testid="diff-field">
            <Cell kind=CellKind::Primary><code class="mono">{path}</code></Cell>
            <Cell><Status tone label=change/></Cell>
            <Cell unit=words::UNIT_LEFT>{left}</Cell>
            <Cell unit=words::UNIT_RIGHT>{right}</Cell>
        </tr>
    }
}
