//! `/admin/data/{database}/{collection}/indexes` and `…/options`: how a collection is defined.

use axum::extract::Path;
use axum::response::Response;
use bson::doc;
use leptos::prelude::*;

use super::{Part, frame};
use crate::audit::{self, Action, Entry};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::{format, profile as words};
use crate::inspect::definition::{self, Index};
use crate::inspect::{catalog, failure};
use crate::ui::{Cell, CellKind, Column, EmptyState, Fold, Table};

async fn record(ctx: &Ctx, database: &str, collection: &str, view: &str, rows: usize) -> Result<(), Failure> {
    let details = doc! { "view": view, "rows": i64::try_from(rows).unwrap_or(i64::MAX) };
    let target = format!("{database}.{collection}");
    audit::record(ctx, Entry::new(Action::DataInspected).target("collection", target).details(details)).await
}

/// `GET …/indexes`.
pub async fn indexes(ctx: Ctx, Path((database, collection)): Path<(String, String)>) -> Result<Response, Failure> {
    let described = catalog::describe(&ctx, &database, &collection).await?;
    let found = match described.kind {
        catalog::Kind::View => Vec::new(),
        _ => definition::indexes(&ctx.app.read_only, &database, &collection).await.map_err(failure::read)?,
    };
    record(&ctx, &database, &collection, "indexes", found.len()).await?;
    Ok(frame(&ctx, &described, Part::Indexes, words::INDEXES_PURPOSE, move || {
        if found.is_empty() {
            return view! { <EmptyState title=words::NO_INDEXES/> }.into_any();
        }
        let is_missing = found.iter().any(|index| index.size.is_none() || index.uses.is_none());
        let columns = vec![
            Column::new(words::INDEX, CellKind::Primary),
            Column::new(words::KEYS, CellKind::Mono),
            Column::new(words::SIZE, CellKind::Number),
            Column::new(words::USES, CellKind::Number),
            Column::new(words::DEFINITION, CellKind::Mono),
        ];
        let rows = found.into_iter().map(row).collect_view();
        view! {
            <Table caption=words::INDEXES_PURPOSE columns fold=Fold::Scroll testid="indexes">{rows}</Table>
            {is_missing.then(|| view! { <p>{words::UNAVAILABLE_WHY}</p> })}
        }
        .into_any()
    }))
}

fn row(index: Index) -> impl IntoView {
    let size = index.size.map_or_else(|| words::UNAVAILABLE.to_owned(), format::size);
    let uses = index.uses.map_or_else(|| words::UNAVAILABLE.to_owned(), format::integer);
    view! {
        <tr>
            <Cell kind=CellKind::Primary>{index.name}</Cell>
            <Cell kind=CellKind::Mono>{index.keys}</Cell>
            <Cell kind=CellKind::Number>{size}</Cell>
            <Cell kind=CellKind::Number>{uses}</Cell>
            <Cell kind=CellKind::Mono>{index.rest}</Cell>
        </tr>
    }
}

/// `GET …/options`.
pub async fn options(ctx: Ctx, Path((database, collection)): Path<(String, String)>) -> Result<Response, Failure> {
    let described = catalog::describe(&ctx, &database, &collection).await?;
    let json = definition::options(&ctx, &database, &collection).await.map_err(failure::read)?;
    let json = json.ok_or(AppError::NotFound)?;
    record(&ctx, &database, &collection, "options", 1).await?;
    Ok(frame(&ctx, &described, Part::Options, words::OPTIONS_PURPOSE, move || {
        view! { <pre class="json" aria-label=words::OPTIONS_JSON data-testid="options">{json}</pre> }.into_any()
    }))
}
