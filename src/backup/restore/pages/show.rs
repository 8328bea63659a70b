//! `/admin/backups/restauraciones/{database}`: how far it is, and in the end what was compared, side by side.

use axum::extract::Path;
use axum::response::{Html, IntoResponse, Response};
use jiff::Timestamp;
use leptos::prelude::*;

use super::{BACKUPS, PATH, address, crumbs, moment, tone, unsigned};
use crate::assets::LIVE_SCRIPT;
use crate::backup::model::{BackupId, Finding, Namespace, Severity};
use crate::backup::record::RestoreRecord;
use crate::backup::restore::service;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::i18n::backup::restore as words;
use crate::i18n::number::integer;
use crate::ui::{
    Banner, Cell, CellKind, Column, Crumb, Fact, FactList, Glyph, LinkButton, PageHead, Progress, Status, Table, Tone,
};
use crate::values::Capability;
use crate::web::render::{Page, Section};

/// `GET /admin/backups/restauraciones/{database}`.
pub async fn show(ctx: Ctx, Path(database): Path<String>) -> Result<Response, Failure> {
    let record = service::load(&ctx, &database).await?;
    let (now, may_look) = (ctx.now(), ctx.may(Capability::DataInspect));
    let script = ctx.app.assets.url(LIVE_SCRIPT).to_owned();
    let trail = crumbs(vec![Crumb::link(words::LIST, PATH), Crumb::here(database.clone())]);
    Ok(Page::admin(&ctx, Section::Backups, database.clone()).crumbs(trail).show(move || {
        let is_over = record.state != "running";
        let live = (!is_over).then(|| format!("{}/live", address(&record.database)));
        let loader = (!is_over).then(|| view! { <script type="module" src=script></script> });
        let refresh = (!is_over).then(|| {
            view! {
                <LinkButton href=address(&record.database) icon=Glyph::RotateCw testid="restore-refresh">
                    {words::REFRESH}
                </LinkButton>
            }
        });
        let look = (may_look && record.state == "done").then(|| {
            let href = format!("/admin/data/{}", record.database);
            view! { <LinkButton href icon=Glyph::Database testid="restore-look">{words::LOOK}</LinkButton> }
        });
        view! {
            <PageHead title=database purpose=words::mode_name(&record.mode) mono=true>{refresh} {look}</PageHead>
            <div class="stack" data-live=live data-testid="restore-state">{state(&record, now)}</div>
            {loader}
        }
    }))
}

/// `GET /admin/backups/restauraciones/{database}/live`: the part of the page that moves.
pub async fn live(ctx: Ctx, Path(database): Path<String>) -> Result<Response, Failure> {
    let record = service::load(&ctx, &database).await?;
    let sign = if record.state == "running" { "on" } else { "over" };
    let html = state(&record, ctx.now()).to_html();
    Ok(([("x-live", sign), ("cache-control", "no-store")], Html(html)).into_response())
}

/// How the restore is now.
fn state(record: &RestoreRecord, now: Timestamp) -> AnyView {
    let failed = record.error.clone().map(|why| {
        view! {
            <Banner tone=Tone::Bad title=words::FAILED testid="restore-failed">
                <p>{why}</p>
                <p>{words::NOT_USABLE}</p>
            </Banner>
        }
    });
    let equal = (record.state == "done").then(|| {
        view! {
            <Banner tone=Tone::Good title=words::ended(record) testid="restore-equal"/>
        }
    });
    let progress = (record.state == "running").then(|| {
        let permille = unsigned(record.progress.permille.unwrap_or(0).into());
        let detail = words::progress(&record.progress);
        view! { <Progress label=words::PROGRESS of=(permille, 1000) detail testid="restore-progress"/> }
    });
    view! {
        {failed}
        {equal}
        {progress}
        <FactList facts=facts(record, now)/>
        {findings(&record.findings)}
        {collections(&record.collections)}
    }
    .into_any()
}

fn facts(record: &RestoreRecord, now: Timestamp) -> Vec<Fact> {
    let status = view! { <Status tone=tone(&record.state) label=words::state(&record.state)/> };
    let source = match BackupId::parse(&record.source) {
        Some(id) => view! { <a href=format!("{BACKUPS}/{id}")>{words::backup(id.short())}</a> }.into_any(),
        None => record.source.clone().into_any(),
    };
    let mut facts = vec![
        Fact::new(words::COLUMN_STATE, status),
        Fact::new(words::FROM, source),
        Fact::new(words::FIELD_DATABASE, record.source_database.clone()),
        Fact::new(words::COLUMN_WHO, record.requested_by.name.clone()),
        Fact::new(words::COLUMN_WHEN, moment(record.created_at, now)),
    ];
    facts.extend(record.finished_at.map(|at| Fact::new(words::FINISHED, moment(at, now))));
    facts.extend(record.expires_at.map(|at| Fact::new(words::EXPIRES, moment(at, now))));
    if record.resumed > 0 {
        facts.push(Fact::new(words::RESUMED, integer(record.resumed)));
    }
    let evidence = record.checks.iter().flat_map(|check| &check.evidence).cloned();
    facts.extend(evidence.map(|said| Fact::new(words::PROOF, said)));
    facts
}

fn findings(findings: &[Finding]) -> AnyView {
    if findings.is_empty() {
        return ().into_any();
    }
    let lines = findings
        .iter()
        .map(|finding| {
            let tone = if finding.severity == Severity::Info { Tone::Info } else { Tone::Bad };
            let place = finding.namespace.clone().unwrap_or_default();
            view! {
                <li data-testid="restore-finding">
                    <Status tone label=words::severity(finding.severity)/>
                    " "
                    <code class="mono">{place}</code>
                    " "
                    {finding.detail.clone()}
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="section">
            <h2>{words::FINDINGS}</h2>
            <ul class="stack">{lines}</ul>
        </section>
    }
    .into_any()
}

/// The backup beside the copy.
fn collections(collections: &[Namespace]) -> AnyView {
    if collections.is_empty() {
        return ().into_any();
    }
    let columns = vec![
        Column::new(words::COLUMN_COLLECTION, CellKind::Primary),
        Column::new(words::COLUMN_EQUAL, CellKind::Text),
        Column::new(words::COLUMN_BACKUP, CellKind::Number),
        Column::new(words::COLUMN_COPY, CellKind::Number),
        Column::new(words::COLUMN_HASH, CellKind::Mono),
        Column::new(words::COLUMN_COPY_HASH, CellKind::Mono),
    ];
    let lines = collections
        .iter()
        .map(|namespace| {
            let restored = namespace.restored.clone();
            let is_equal = restored.as_ref().is_some_and(|restored| restored.equal);
            let (tone, label) = if is_equal { (Tone::Good, words::EQUAL) } else { (Tone::Bad, words::NOT_EQUAL) };
            let short = |hash: &str| hash.get(..16).unwrap_or(hash).to_owned();
            let copied = restored.as_ref().map(|restored| integer(restored.documents)).unwrap_or_default();
            let copy_hash = restored.map(|restored| short(&restored.h_set)).unwrap_or_default();
            let (name, hash, count) = (namespace.name.clone(), short(&namespace.h_set), integer(namespace.documents));
            view! {
                <tr data-testid="restored-collection">
                    <Cell kind=CellKind::Primary>{name}</Cell>
                    <Cell><Status tone label/></Cell>
                    <Cell kind=CellKind::Number>{count}</Cell>
                    <Cell kind=CellKind::Number>{copied}</Cell>
                    <Cell kind=CellKind::Mono>{hash}</Cell>
                    <Cell kind=CellKind::Mono>{copy_hash}</Cell>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section class="section">
            <h2>{words::SIDE_BY_SIDE}</h2>
            <Table caption=words::SIDE_BY_SIDE columns testid="restored">{lines}</Table>
        </section>
    }
    .into_any()
}
