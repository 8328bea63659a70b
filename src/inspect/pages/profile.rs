//! `/admin/data/{database}/{collection}/profile`: the fields of a collection.

use axum::extract::{Path, Query};
use axum::response::Response;
use bson::doc;
use leptos::prelude::*;

use super::{Part, frame};
use crate::audit::{self, Action, Entry};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::i18n::profile as words;
use crate::inspect::masks::Visibility;
use crate::inspect::profile::{self as profiles, PathProfile};
use crate::inspect::{catalog, failure, places};
use crate::ui::{Cell, CellKind, Column, Density, EmptyState, Fold, LinkButton, Table};

/// `GET …/profile`; with `exact=1` every document is read.
pub async fn profile(
    ctx: Ctx,
    Path((database, collection)): Path<(String, String)>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let described = catalog::describe(&ctx, &database, &collection).await?;
    let exact = pairs.iter().any(|(name, value)| name == "exact" && value == "1");
    let found = profiles::profile(&ctx.app.read_only, &database, &collection, exact).await.map_err(failure::read)?;
    let rows = i64::try_from(found.documents).unwrap_or(i64::MAX);
    let details = doc! { "view": "profile", "rows": rows, "exact": found.is_exact };
    let target = format!("{database}.{collection}");
    audit::record(&ctx, Entry::new(Action::DataInspected).target("collection", target).details(details)).await?;
    let all = (!found.is_exact).then(|| places::below(&database, &collection, "profile", "exact=1"));
    Ok(frame(&ctx, &described, Part::Profile, words::PROFILE_PURPOSE, move || {
        if found.documents == 0 {
            return view! { <EmptyState title=words::NO_DOCUMENTS/> }.into_any();
        }
        let columns = vec![
            Column::new(words::FIELD, CellKind::Primary),
            Column::new(words::PRESENT, CellKind::Number),
            Column::new(words::TYPES, CellKind::default()),
            Column::new(words::VALUES, CellKind::default()),
        ];
        let documents = found.documents;
        let basis = words::basis(&found);
        let is_cut = found.is_cut;
        let rows = found.paths.into_iter().map(|path| row(path, documents)).collect_view();
        view! {
            <p data-testid="profile-basis">{basis}</p>
            {all.map(|href| view! { <LinkButton href testid="profile-exact">{words::READ_ALL}</LinkButton> })}
            <Table caption=words::PROFILE_PURPOSE columns density=Density::Compact fold=Fold::Scroll testid="profile">
                {rows}
            </Table>
            {is_cut.then(|| view! { <p>{words::CUT}</p> })}
        }
        .into_any()
    }))
}

fn row(path: PathProfile, documents: u64) -> impl IntoView {
    let values = match path.visibility {
        Visibility::Secret => words::SECRET.to_owned(),
        Visibility::Personal => words::PERSONAL.to_owned(),
        Visibility::Open if !path.values.is_empty() => words::values(&path),
        Visibility::Open => path.range.map(|(least, greatest)| words::range(least, greatest)).unwrap_or_default(),
    };
    let (presence, types) = (words::presence(&path, documents), words::types(&path));
    view! {
        <tr>
            <Cell kind=CellKind::Primary>{path.path}</Cell>
            <Cell kind=CellKind::Number>{presence}</Cell>
            <Cell>{types}</Cell>
            <Cell>{values}</Cell>
        </tr>
    }
}
