//! `/admin/data/{database}/{collection}`: the documents as a table.

use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use leptos::prelude::*;

use super::{PATH, Part, banner, filter_form, kind, tabs};
use crate::ctx::Ctx;
use crate::db;
use crate::failure::Failure;
use crate::i18n::{filters, format, inspect as words};
use crate::inspect::address::id_text;
use crate::inspect::catalog::Kind;
use crate::inspect::cells::{Line, Look};
use crate::inspect::documents::{self, Asked, At, Shown, View};
use crate::inspect::surveys::Count;
use crate::inspect::{places, store};
use crate::ui::{
    Badge, Banner, Button, CellKind, Chip, Column, Crumb, Density, EmptyState, ErrorState, FilterChips, Fold, Glyph,
    Jump, LinkButton, PageHead, Pager, PagerLinks, Progress, Table, Tone,
};
use crate::values::Capability;
use crate::web::render::{Page, Section};

/// `GET /admin/data/{database}/{collection}`.
pub async fn documents(
    ctx: Ctx,
    Path((database, collection)): Path<(String, String)>,
    Query(pairs): Query<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let asked = Asked::from_pairs(&pairs);
    let view = documents::view(&ctx, &database, &collection, &asked).await?;
    let status = if view.found.is_ok() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    let crumbs = vec![
        Crumb::link(words::TITLE, PATH),
        Crumb::link(database.clone(), places::database(&database)),
        Crumb::here(collection.clone()),
    ];
    let banner = banner(&ctx, &view.described.database, None);
    let may_export = ctx.may(Capability::ExportsRaw);
    let page = Page::admin(&ctx, Section::Data, collection.clone()).crumbs(crumbs).show(move || {
        let address = places::collection(&database, &collection);
        let marks = (view.described.kind != Kind::Collection)
            .then(|| view! { <Badge label=kind(view.described.kind)/> })
            .into_any();
        let export = may_export.then(|| {
            let query = serde_urlencoded::to_string(asked.filter.pairs()).unwrap_or_default();
            let href = places::below(&database, &collection, "export", &query);
            view! { <LinkButton href icon=Glyph::Download testid="export">{words::EXPORT}</LinkButton> }
        });
        let problems = view.found.as_ref().err().cloned().unwrap_or_default();
        let form = filter_form::form(&address, &asked, &view.described.sorts, &problems);
        let again = format!("{}/count", places::database(&database));
        let (title, name) = (collection.clone(), collection.clone());
        let table = match &view.found {
            Ok(shown) => table(&view, shown, &asked, &address).into_any(),
            Err(problems) => {
                let (detail, clear) = (
                    problems.iter().map(|problem| problem.message.clone()).collect::<Vec<_>>().join(" "),
                    address.clone(),
                );
                view! {
                    <ErrorState title=words::FIX_FILTER detail>
                        <LinkButton href=clear>{words::CLEAR}</LinkButton>
                    </ErrorState>
                }
                .into_any()
            }
        };
        view! {
            {banner}
            <PageHead title mono=true marks>
                <form method="post" action=again>
                    <input type="hidden" name="collection" value=name/>
                    <Button icon=Glyph::RotateCw testid="count-again">{words::COUNT_AGAIN}</Button>
                </form>
                {export}
            </PageHead>
            {tabs(&database, &collection, Part::Documents)}
            <div class="stack" data-testid="documents">
                {form} {chips(&asked, &address)} {counting(&view.count)} {table}
            </div>
        }
    });
    Ok((status, page).into_response())
}

/// What a first count under way means for this page.
fn counting(count: &Count) -> AnyView {
    match count {
        Count::Known(_) => ().into_any(),
        Count::Running { seen, .. } => view! {
            <Progress label=words::COUNT_RUNNING detail=words::read_so_far(*seen) testid="counting"/>
            <p class="quiet">{words::COUNT_RUNNING_WHY}</p>
        }
        .into_any(),
        Count::Failed => {
            view! { <Banner tone=Tone::Attention title=words::COUNT_FAILED testid="count-failed"/> }.into_any()
        }
    }
}

fn chips(asked: &Asked, address: &str) -> AnyView {
    if !asked.is_filtered() {
        return ().into_any();
    }
    let remove = |asked: Asked| with_query(address, &asked.pairs(&At::First));
    let mut chips: Vec<_> = asked
        .filter
        .conditions
        .iter()
        .enumerate()
        .map(|(at, condition)| Chip {
            label: filters::condition(condition).into(),
            remove: remove(Asked { filter: asked.filter.without(at), ..asked.clone() }).into(),
        })
        .collect();
    if !asked.filter.raw.is_empty() {
        let remove = remove(Asked { filter: asked.filter.without_raw(), ..asked.clone() });
        chips.push(Chip { label: asked.filter.raw.clone().into(), remove: remove.into() });
    }
    if !asked.preset.is_empty() {
        let remove = remove(Asked { preset: String::new(), ..asked.clone() });
        chips.push(Chip { label: words::APPLICATIONS_MATCHING.into(), remove: remove.into() });
    }
    let clear = remove(Asked { filter: Default::default(), preset: String::new(), ..asked.clone() });
    view! { <FilterChips chips clear/> }.into_any()
}

fn table(view: &View, shown: &Shown, asked: &Asked, address: &str) -> AnyView {
    if shown.lines.is_empty() {
        let title = if asked.is_filtered() { words::NO_MATCH } else { words::NO_DOCUMENTS };
        return view! { <EmptyState title testid="no-documents"/> }.into_any();
    }
    let mut columns = vec![Column::new("_id", CellKind::Primary)];
    columns.extend(shown.columns.iter().map(|name| Column::new(name.clone(), CellKind::Mono)));
    let rows = shown.lines.iter().enumerate().map(|(at, line)| row(line, shown, at as u64, address)).collect_view();
    let caption = words::documents_of(&view.described.name);
    view! {
        <Table caption columns density=Density::Compact fold=Fold::Scroll testid="documents-table">{rows}</Table>
        {pager(view, shown, asked, address)}
    }
    .into_any()
}

fn row(line: &Line, shown: &Shown, at: u64, address: &str) -> AnyView {
    let own = match (&line.id, shown.first) {
        (Some(id), _) => Some(id_text(id)),
        (None, Some(first)) => Some(format!("@{}", first + at)),
        (None, None) => None,
    };
    let text = line.id_cell.text.clone();
    let head = match own {
        Some(own) => view! { <a href=format!("{address}/doc/{}", places::part(&own))>{text}</a> }.into_any(),
        None => text.into_any(),
    };
    let cells = shown
        .columns
        .iter()
        .map(|column| {
            let cell = line.fields.iter().find(|(name, _)| name == column).and_then(|(_, cell)| cell.as_ref());
            match cell {
                None => view! { <td></td> }.into_any(),
                Some(cell) => {
                    let text = cell.text.clone();
                    match cell.look {
                        Look::Number => view! { <td data-cell="number">{text}</td> }.into_any(),
                        Look::Masked | Look::Quiet => view! { <td><i>{text}</i></td> }.into_any(),
                        Look::Text => view! { <td>{text}</td> }.into_any(),
                    }
                }
            }
        })
        .collect_view();
    view! { <tr><th scope="row" data-cell="primary">{head}</th>{cells}</tr> }.into_any()
}

fn pager(view: &View, shown: &Shown, asked: &Asked, address: &str) -> AnyView {
    let link = |at: &Option<At>| at.as_ref().map(|at| with_query(address, &asked.pairs(at)));
    let links = PagerLinks {
        first: shown.previous.as_ref().map(|_| with_query(address, &asked.pairs(&At::First))),
        previous: link(&shown.previous),
        next: link(&shown.next),
        last: shown.next.as_ref().map(|_| with_query(address, &asked.pairs(&At::Last))),
    };
    let rows = shown.lines.len() as u64;
    let known = view.count.known().filter(|_| !asked.is_filtered());
    let position = match (known, shown.first) {
        (Some(counted), Some(first)) => {
            let at = db::timestamp(counted.figures.taken_at).map(format::time).unwrap_or_default();
            words::position(first, first + rows - 1, store::unsigned(counted.figures.count), &at)
        }
        _ => words::on_page(rows),
    };
    let jump = known.filter(|counted| counted.ladder.is_some()).map(|_| Jump {
        action: address.to_owned(),
        name: "at".into(),
        label: words::GO_TO.into(),
        keep: asked.kept().into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
    });
    let total = asked.is_filtered().then(|| match shown.total {
        Some(Some(total)) => view! { <p data-testid="total">{words::results(total)}</p> }.into_any(),
        Some(None) => view! { <p data-testid="total">{words::TOO_MANY_TO_COUNT}</p> }.into_any(),
        None => {
            let mut pairs = asked.pairs(&asked.at);
            pairs.push(("count", "1".into()));
            view! { <p><a href=with_query(address, &pairs) data-testid="count-matches">{words::COUNT_MATCHES}</a></p> }
                .into_any()
        }
    });
    match jump {
        Some(jump) => view! { {total} <Pager links position jump testid="pager"/> }.into_any(),
        None => view! { {total} <Pager links position testid="pager"/> }.into_any(),
    }
}

fn with_query(address: &str, pairs: &[(&'static str, String)]) -> String {
    match serde_urlencoded::to_string(pairs) {
        Ok(query) if !query.is_empty() => format!("{address}?{query}"),
        _ => address.to_owned(),
    }
}
