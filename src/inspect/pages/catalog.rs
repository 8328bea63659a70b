//! `/admin/data` and `/admin/data/{database}`: which databases there are, and everything one of them holds.

use axum::extract::{Form, Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::{PATH, banner, kind, standpoint};
use crate::backup;
use crate::ctx::Ctx;
use crate::db;
use crate::failure::Failure;
use crate::i18n::{format, inspect as words, number::integer};
use crate::inspect::catalog::{self, Catalog, Kind, Listed, Standpoint};
use crate::inspect::known::{self, Standing};
use crate::inspect::{places, store};
use crate::ui::{
    Badge, Button, Cell, CellKind, Column, Crumb, Density, EmptyState, Fold, Glyph, LinkButton, PageHead, SearchField,
    Sorted, Table,
};
use crate::web::forms;
use crate::web::render::{Page, Section};

/// `GET /admin/data`: the first database there is to look at.
pub async fn databases(ctx: Ctx) -> Result<Response, Failure> {
    let databases = catalog::databases(&ctx).await?;
    match databases.first() {
        Some(first) => Ok(Redirect::to(&places::database(&first.name)).into_response()),
        None => Ok(Page::admin(&ctx, Section::Data, words::TITLE).show(|| {
            view! {
                <PageHead title=words::TITLE purpose=words::PURPOSE/>
                <EmptyState title=words::NO_DATABASES/>
            }
        })),
    }
}

/// Documents in the newest backup, by collection.
type InBackup = std::collections::BTreeMap<String, i64>;

/// Search and order of the list.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Asked {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    q: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    sort: String,
}

/// `GET /admin/data/{database}`.
pub async fn database(ctx: Ctx, Path(name): Path<String>, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let catalog = catalog::collections(&ctx, &name).await?;
    let backup = backup::pages::in_newest(&ctx, &name).await?;
    let crumbs = vec![Crumb::link(words::TITLE, PATH), Crumb::here(name.clone())];
    let switcher = switcher(&catalog);
    let banner = banner(&ctx, &catalog.database, Some(switcher));
    Ok(Page::admin(&ctx, Section::Data, name).crumbs(crumbs).show(move || {
        let again = format!("{}/count", places::database(&catalog.database.name));
        view! {
            {banner}
            <PageHead title=words::collections_of(&catalog.database.name) purpose=totals(&catalog.collections)>
                <form method="post" action=again>
                    <Button icon=Glyph::RotateCw testid="count-again">{words::COUNT_AGAIN}</Button>
                </form>
            </PageHead>
            <div class="stack" data-testid="catalog">{doubts(&catalog)} {list(&catalog, &asked, backup.as_ref())}</div>
        }
    }))
}

/// What to count again; everything when no collection is named.
#[derive(Debug, Default, Deserialize)]
pub struct Again {
    #[serde(default)]
    collection: String,
}

/// `POST /admin/data/{database}/count`: counts again and comes back.
pub async fn count_again(ctx: Ctx, Path(name): Path<String>, Form(again): Form<Again>) -> Result<Response, Failure> {
    let collection = Some(again.collection.as_str()).filter(|name| !name.is_empty());
    catalog::count_again(&ctx, &name, collection).await?;
    let back = collection.map_or_else(|| places::database(&name), |collection| places::collection(&name, collection));
    forms::done(&ctx, &back, words::COUNTED_AGAIN).await
}

fn totals(collections: &[Listed]) -> String {
    let counted = collections.iter().filter(|listed| listed.figures.is_some() || listed.failed).count();
    if counted < collections.len() {
        return words::totals_so_far(collections.len() as u64, counted as u64);
    }
    let empty = collections.iter().filter(|listed| listed.is_empty()).count() as u64;
    let sum = |field: fn(&store::Finished) -> i64| {
        collections.iter().filter_map(|listed| listed.figures.as_ref()).map(field).map(store::unsigned).sum()
    };
    let (documents, bytes): (u64, u64) = (sum(|figures| figures.count), sum(|figures| figures.bytes));
    words::totals(collections.len() as u64, empty, documents, &format::size(bytes))
}

fn switcher(catalog: &Catalog) -> AnyView {
    let current = catalog.database.name.clone();
    let links = catalog
        .databases
        .iter()
        .map(|database| {
            let (_, kind) = standpoint(database.standpoint);
            let here = (database.name == current).then_some("page");
            let href = places::database(&database.name);
            view! {
                <li>
                    <a href=href aria-current=here title=kind data-testid="database">{database.name.clone()}</a>
                </li>
            }
        })
        .collect_view();
    view! { <nav aria-label=words::DATABASES><ul class="row-list">{links}</ul></nav> }.into_any()
}

/// The collections in doubt, at one click each. The doubts are about the previous system: the platform's own database has none.
fn doubts(catalog: &Catalog) -> AnyView {
    if catalog.database.standpoint == Standpoint::Live {
        return ().into_any();
    }
    let database = &catalog.database.name;
    let items = known::DOUBTS
        .iter()
        .map(|doubt| {
            let label = doubt.label.unwrap_or(doubt.collection);
            let exists = catalog.collections.iter().any(|listed| listed.name == doubt.collection);
            if !exists {
                return view! { <li class="quiet">{label} " · " {words::DOES_NOT_EXIST}</li> }.into_any();
            }
            let query = match doubt.filter {
                Some(known::MATCHING) => vec![("preset", known::MATCHING), ("count", "1")],
                Some(raw) => vec![("raw", raw), ("count", "1")],
                None => Vec::new(),
            };
            let query = serde_urlencoded::to_string(query).unwrap_or_default();
            let address = places::collection(database, doubt.collection);
            let href = if query.is_empty() { address } else { format!("{address}?{query}") };
            view! { <li><LinkButton href testid="doubt">{label}</LinkButton></li> }.into_any()
        })
        .collect_view();
    view! {
        <section class="doubts" data-testid="doubts">
            <h2>{words::DOUBTS}</h2>
            <ul class="row-list">{items}</ul>
        </section>
    }
    .into_any()
}

/// What the list can be ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    Name,
    Count,
    Size,
    Newest,
}

impl By {
    fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Count => "count",
            Self::Size => "size",
            Self::Newest => "newest",
        }
    }
}

fn list(catalog: &Catalog, asked: &Asked, backup: Option<&InBackup>) -> AnyView {
    let address = places::database(&catalog.database.name);
    if catalog.collections.is_empty() {
        return view! { <EmptyState title=words::NO_COLLECTIONS/> }.into_any();
    }
    let (descending, code) = asked.sort.strip_prefix('-').map_or((false, asked.sort.as_str()), |code| (true, code));
    let by = [By::Name, By::Count, By::Size, By::Newest].into_iter().find(|by| by.code() == code).unwrap_or(By::Name);
    let wanted = asked.q.trim().to_lowercase();
    let mut shown: Vec<&Listed> =
        catalog.collections.iter().filter(|listed| listed.name.to_lowercase().contains(&wanted)).collect();
    shown.sort_by_key(|listed| {
        let figures = listed.figures.as_ref();
        match by {
            By::Name => 0,
            By::Count => figures.map_or(-1, |figures| figures.count),
            By::Size => figures.map_or(-1, |figures| figures.bytes),
            By::Newest => figures.and_then(|figures| figures.newest).map_or(i64::MIN, bson::DateTime::timestamp_millis),
        }
    });
    if descending {
        shown.reverse();
    }
    let column = |label: &'static str, cell: CellKind, sort: By| {
        let sorted = (by == sort).then_some(if descending { Sorted::Descending } else { Sorted::Ascending });
        // Figures are first wanted from the largest down.
        let next_descends = if by == sort { !descending } else { sort != By::Name };
        let next = Asked { sort: format!("{}{}", if next_descends { "-" } else { "" }, sort.code()), ..asked.clone() };
        Column::new(label, cell)
            .sortable(format!("?{}", serde_urlencoded::to_string(&next).unwrap_or_default()), sorted)
    };
    let mut columns = vec![
        column(words::COLLECTION, CellKind::Primary, By::Name),
        column(words::DOCUMENTS, CellKind::Number, By::Count),
        column(words::SIZE, CellKind::Number, By::Size),
        Column::new(words::INDEXES, CellKind::Number),
        column(words::NEWEST, CellKind::Text, By::Newest),
        Column::new(words::COUNTED_AT, CellKind::Wide),
    ];
    if backup.is_some() {
        columns.insert(2, Column::new(words::IN_BACKUP, CellKind::Number));
    }
    let all = address.clone();
    let table = if shown.is_empty() {
        view! {
            <EmptyState title=words::NOTHING_FOUND>
                <LinkButton href=all>{words::SHOW_ALL}</LinkButton>
            </EmptyState>
        }
        .into_any()
    } else {
        let rows = shown.into_iter().map(|listed| row(&catalog.database.name, listed, backup)).collect_view();
        view! {
            <Table caption=words::TITLE columns density=Density::Compact fold=Fold::TwoLines testid="collections">{rows}</Table>
        }
        .into_any()
    };
    view! {
        <form method="get" action=address>
            <SearchField name="q" label=words::SEARCH value=asked.q.clone() testid="collection-search"/>
        </form>
        {table}
    }
    .into_any()
}

/// What the newest backup holds of a collection, and how that differs from what was counted.
fn in_backup(listed: &Listed, backup: &InBackup) -> String {
    if !matches!(listed.kind, Kind::Collection | Kind::Capped) {
        return String::new();
    }
    let Some(stored) = backup.get(&listed.name) else { return words::NOT_IN_BACKUP.into() };
    match listed.figures.as_ref().map(|figures| figures.count - stored) {
        None | Some(0) => integer(*stored),
        Some(more) => words::in_backup(*stored, more),
    }
}

fn row(database: &str, listed: &Listed, backup: Option<&InBackup>) -> AnyView {
    let stored = backup.map(|backup| in_backup(listed, backup));
    let href = places::collection(database, &listed.name);
    let figures = listed.figures.as_ref();
    let documents = match (figures, listed.counting) {
        (Some(figures), _) => integer(figures.count),
        (None, Some(seen)) => words::counting(seen),
        (None, None) if listed.failed => words::NOT_COUNTED.to_owned(),
        (None, None) => words::COUNTING.to_owned(),
    };
    let size = figures.map(|figures| format::size(store::unsigned(figures.bytes))).unwrap_or_default();
    let indexes = figures.map(|figures| integer(figures.indexes.len() as i128)).unwrap_or_default();
    let newest = figures.and_then(|figures| db::timestamp(figures.newest?)).map(format::date_time).unwrap_or_default();
    let counted =
        figures.and_then(|figures| db::timestamp(figures.taken_at)).map(format::date_time).unwrap_or_default();
    let (name, badges) = (listed.name.clone(), badges(listed));
    view! {
        <tr>
            <Cell kind=CellKind::Primary>
                <a href=href>{name}</a>
                {badges}
            </Cell>
            <Cell kind=CellKind::Number unit=words::documents_unit(figures.map_or(0, |figures| figures.count))>{documents}</Cell>
            {stored.map(|stored| view! { <Cell kind=CellKind::Number unit=words::IN_BACKUP_UNIT>{stored}</Cell> })}
            <Cell kind=CellKind::Number>{size}</Cell>
            <Cell kind=CellKind::Number unit=words::indexes_unit(figures.map_or(0, |figures| figures.indexes.len()))>{indexes}</Cell>
            <Cell>{newest}</Cell>
            <Cell kind=CellKind::Wide>{counted}</Cell>
        </tr>
    }
    .into_any()
}

/// The marks beside a collection's name.
fn badges(listed: &Listed) -> AnyView {
    let mut marks = Vec::new();
    let mut mark = |label: &'static str, title: Option<&'static str>| {
        marks.push(view! { " " <Badge label title/> }.into_any());
    };
    if listed.kind != Kind::Collection {
        mark(kind(listed.kind), None);
    }
    if listed.is_empty() {
        mark(words::EMPTY, None);
    }
    if listed.is_gridfs {
        mark(words::GRIDFS, None);
    }
    match listed.standing {
        Standing::Expected => {}
        Standing::Obsolete => mark(words::OBSOLETE, Some(words::OBSOLETE_WHY)),
        Standing::Unforeseen => mark(words::UNFORESEEN, Some(words::UNFORESEEN_WHY)),
    }
    marks.into_any()
}
