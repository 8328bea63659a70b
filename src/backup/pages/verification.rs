//! `/admin/backups/verificar/{id}`: what was found in a file, and how it compares with a database.

use std::collections::{BTreeMap, BTreeSet};

use axum::extract::{Path, Query};
use axum::response::{Html, IntoResponse, Response};
use bson::doc;
use jiff::Timestamp;
use leptos::prelude::*;
use serde::Deserialize;

use super::uploads::HERE;
use super::{compare, crumbs, evidence, moment, show, sides, unsigned};
use crate::assets::LIVE_SCRIPT;
use crate::backup::model::{Namespace, Severity};
use crate::backup::record::Verification;
use crate::backup::verify::{self, Compared};
use crate::ctx::Ctx;
use crate::db::read_only::ReadOptions;
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::backup::upload as words;
use crate::i18n::{format, number::integer};
use crate::ui::{
    Banner, Button, Cell, CellKind, Choice, Column, Crumb, Density, Fact, FactList, Glyph, LinkButton, PageHead,
    Progress, Select, Status, Table, Tone,
};
use crate::values::Capability;
use crate::web::render::{Page, Section};

/// The server's own databases are nobody's data.
const SERVERS_OWN: [&str; 3] = ["admin", "config", "local"];

/// With which database to compare.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    base: String,
}

/// The databases there are, and the comparison with one of them if it was asked for.
struct Sides {
    databases: Vec<String>,
    chosen: String,
    compared: Option<Vec<Compared>>,
}

/// `GET /admin/backups/verificar/{id}`.
pub async fn show(ctx: Ctx, Path(id): Path<String>, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let row = load(&ctx, &id).await?;
    let sides = match row.state.as_str() {
        "done" if !row.collections.is_empty() => Some(sides(&ctx, &row, asked.base).await?),
        _ => None,
    };
    let (now, script) = (ctx.now(), ctx.app.assets.url(LIVE_SCRIPT).to_owned());
    let mut way = crumbs(row.file_name.clone());
    way.insert(1, Crumb::link(words::TITLE, HERE));
    Ok(Page::admin(&ctx, Section::Backups, row.file_name.clone()).crumbs(way).show(move || {
        let (tone, label) = state(&row);
        let is_over = matches!(row.state.as_str(), "done" | "failed");
        let here = format!("{HERE}/{}", row.id);
        let live = (!is_over).then(|| format!("{here}/live"));
        let loader = (!is_over).then(|| view! { <script type="module" src=script></script> });
        let refresh = (!is_over).then(|| {
            view! { <LinkButton href=here icon=Glyph::RotateCw testid="verification-refresh">{words::REFRESH}</LinkButton> }
        });
        let marks = view! { <Status tone label/> }.into_any();
        let (title, body, compared) = (row.file_name.clone(), report(&row, now), sides.map(|sides| comparison(&row, sides)));
        view! {
            <PageHead title marks=marks>{refresh}</PageHead>
            <div class="stack" data-live=live data-testid="verification-report">{body}</div>
            {compared}
            {loader}
        }
    }))
}

/// `GET /admin/backups/verificar/{id}/live`: the part of the page that moves.
pub async fn live(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let row = load(&ctx, &id).await?;
    let sign = if matches!(row.state.as_str(), "done" | "failed") { "over" } else { "on" };
    let html = report(&row, ctx.now()).to_html();
    Ok(([("x-live", sign), ("cache-control", "no-store")], Html(html)).into_response())
}

async fn load(ctx: &Ctx, id: &str) -> Result<Verification, Failure> {
    ctx.require(Capability::BackupsRead)?;
    let rows = ctx.app.db.operations().stored::<Verification>();
    Ok(rows.find_one(doc! { "_id": id }).await?.ok_or(AppError::NotFound)?)
}

/// How a verification is, as a dot and a word.
pub(super) fn state(row: &Verification) -> (Tone, &'static str) {
    let is_bad = row.findings.iter().any(|finding| finding.severity != Severity::Info);
    match row.state.as_str() {
        "queued" => (Tone::Neutral, words::WAITING),
        "running" => (Tone::Info, words::READING),
        "failed" => (Tone::Bad, words::FAILED),
        _ if is_bad => (Tone::Bad, words::BAD),
        _ => (Tone::Good, words::GOOD),
    }
}

fn report(row: &Verification, now: Timestamp) -> AnyView {
    let verdict = match (row.state.as_str(), state(row).0) {
        ("queued" | "running", _) => {
            view! { <Progress label=words::READING detail=words::READING_BODY testid="verification-progress"/> }
                .into_any()
        }
        ("failed", _) => {
            let why = row.error.clone();
            view! { <Banner tone=Tone::Bad title=words::FAILED testid="verification-failed"><p>{why}</p></Banner> }
                .into_any()
        }
        (_, Tone::Bad) => {
            view! { <p class="proof-claim" data-testid="verification-bad">{words::VERDICT_BAD}</p> }.into_any()
        }
        _ => view! { <p class="proof-claim" data-testid="verification-good">{words::VERDICT_GOOD}</p> }.into_any(),
    };
    let mut facts = vec![
        Fact::new(words::COLUMN_WHAT, row.format.clone().unwrap_or_else(|| words::UNKNOWN_FORMAT.into())),
        Fact::new(words::COLUMN_SIZE, format::size(unsigned(row.bytes))),
        Fact::new(words::COLUMN_WHO, row.requested_by.name.clone()),
        Fact::new(words::COLUMN_WHEN, moment(row.created_at, now)),
    ];
    if row.format.is_none() {
        facts.remove(0);
    }
    let deleted = row.finished_at.map(|_| view! { <p class="muted">{words::DELETED}</p> });
    view! {
        {verdict}
        {evidence::findings(&row.findings)}
        {evidence::notes(&row.findings)}
        <FactList facts/>
        {deleted}
    }
    .into_any()
}

/// The databases to choose from: by itself, the one of the same name, else the live one.
async fn sides(ctx: &Ctx, row: &Verification, asked: String) -> Result<Sides, Failure> {
    let mut databases = ctx.app.read_only.list_databases(ReadOptions::default()).await.map_err(show::unread)?;
    databases.retain(|name| !SERVERS_OWN.contains(&name.as_str()));
    let sources: BTreeSet<&str> = row.collections.iter().map(|namespace| namespace.database.as_str()).collect();
    if asked.is_empty() {
        let same = databases.iter().find(|name| sources.contains(name.as_str())).cloned();
        let chosen = same.unwrap_or_else(|| ctx.app.db.live.name().to_owned());
        return Ok(Sides { databases, chosen, compared: None });
    }
    if !databases.contains(&asked) {
        return Err(Failure::invalid("base", words::NO_SUCH_BASE));
    }
    let counts = compare::counts(ctx, &asked).await.map_err(show::unread)?;
    // Compared is what came from one database: the one of the same name, else the one that has most in common.
    let known = |source: &str| {
        let own = row.collections.iter().filter(|one| one.database == source);
        own.filter(|one| counts.contains_key(&one.name)).count()
    };
    let alike = sources.iter().max_by_key(|source| known(source));
    let source = sources.iter().find(|name| **name == asked).or(alike).copied().unwrap_or_default();
    let live: BTreeMap<_, _> = counts.into_iter().map(|(name, count)| (format!("{source}.{name}"), count)).collect();
    let own: Vec<Namespace> = row.collections.iter().filter(|one| one.database == source).cloned().collect();
    let compared = verify::compare_counts(&live, &own, &row.findings);
    Ok(Sides { databases, chosen: asked, compared: Some(compared) })
}

fn comparison(row: &Verification, sides: Sides) -> AnyView {
    let choices = sides.databases.iter().map(|name| Choice::new(name.clone(), name.clone())).collect();
    let here = format!("{HERE}/{}#comparar", row.id);
    let (verdict, table) = match &sides.compared {
        None => (None, contents(&row.collections)),
        Some(compared) => {
            let (tone, label) = match verify::is_complete(compared) {
                true => (Tone::Good, words::COMPLETE),
                false => (Tone::Bad, words::INCOMPLETE),
            };
            let verdict = view! { <p data-testid="verification-complete"><Status tone label/></p> };
            (Some(verdict), differences(compared))
        }
    };
    view! {
        <section class="section" id="comparar">
            <div>
                <h2>{words::COMPARE}</h2>
                <p class="muted">{words::COMPARE_PURPOSE}</p>
            </div>
            <form class="filters" method="get" action=here>
                <Select name="base" label=words::COMPARE_BASE choices value=sides.chosen testid="verification-base"/>
                <Button testid="verification-compare">{words::COMPARE_SUBMIT}</Button>
            </form>
            {verdict}
            {table}
        </section>
    }
    .into_any()
}

fn contents(namespaces: &[Namespace]) -> AnyView {
    let columns = vec![
        Column::new(words::COLUMN_COLLECTION, CellKind::Primary),
        Column::new(words::COLUMN_HERE, CellKind::Number),
        Column::new(words::COLUMN_SIZE, CellKind::Number),
        Column::new(words::COLUMN_HASH, CellKind::Mono),
    ];
    let lines = namespaces
        .iter()
        .map(|namespace| {
            let name = format!("{}.{}", namespace.database, namespace.name);
            let (documents, bytes) = (integer(namespace.documents), format::size(unsigned(namespace.bytes)));
            let hash = sides::short(&namespace.h_set);
            view! {
                <tr data-testid="verification-collection">
                    <Cell kind=CellKind::Primary>{name}</Cell>
                    <Cell kind=CellKind::Number>{documents}</Cell>
                    <Cell kind=CellKind::Number>{bytes}</Cell>
                    <Cell kind=CellKind::Mono>{hash}</Cell>
                </tr>
            }
        })
        .collect::<Vec<_>>();
    view! { <Table caption=words::COLLECTIONS columns density=Density::Compact>{lines}</Table> }.into_any()
}

fn differences(compared: &[Compared]) -> AnyView {
    let columns = vec![
        Column::new(words::COLUMN_COLLECTION, CellKind::Primary),
        Column::new(words::COLUMN_LIVE, CellKind::Number),
        Column::new(words::COLUMN_HERE, CellKind::Number),
        Column::new(words::COLUMN_COMPARED, CellKind::Text),
    ];
    let lines = compared
        .iter()
        .map(|one| {
            let (code, said) = words::comparison(one.comparison);
            let (name, tone) = (one.namespace.clone(), words::tone(one.severity, one.comparison));
            let (live, backup) = (one.live.map(integer), one.backup.map(integer));
            view! {
                <tr data-testid="verification-compared" data-result=code>
                    <Cell kind=CellKind::Primary>{name}</Cell>
                    <Cell kind=CellKind::Number>{live}</Cell>
                    <Cell kind=CellKind::Number>{backup}</Cell>
                    <Cell><Status tone label=said title=code/></Cell>
                </tr>
            }
        })
        .collect::<Vec<_>>();
    view! { <Table caption=words::COMPARE columns density=Density::Compact>{lines}</Table> }.into_any()
}
