//! The wizard: what, where, and a person's word for it. What was chosen stands in the address, and then in the plan.

use axum::extract::{Path, Query};
use axum::response::Response;
use leptos::prelude::*;
use serde::Deserialize;

use super::{BACKUPS, crumbs, unsigned};
use crate::backup::record::BackupRun;
use crate::backup::restore::contents::{Content, Contents};
use crate::backup::restore::planning::{DATABASE, DOCUMENTS, NAME, ONLY, is_open};
use crate::backup::restore::records::{Mode, RestorePlan};
use crate::backup::restore::{interlocks, service};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::i18n::backup::restore as words;
use crate::i18n::{format, number::integer};
use crate::ui::{
    Banner, Button, ButtonKind, Cell, CellKind, Checkbox, Choice, Column, Crumb, Fact, FactList, Field, Glyph,
    LinkButton, PageHead, Select, Table, Tone,
};
use crate::web::flash::Flash;
use crate::web::render::{Page, Section};

/// What was chosen so far.
#[derive(Debug, Default, Deserialize)]
pub struct Chosen {
    #[serde(default)]
    base: String,
    #[serde(default)]
    modo: String,
}

/// Between the names of collections that a refused form keeps.
pub const BETWEEN: &str = "\u{1f}";

/// `GET /admin/backups/{id}/restaurar`: steps one and two.
pub async fn what_and_where(
    ctx: Ctx,
    Path(id): Path<String>,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Failure> {
    let run = service::source(&ctx, &id).await?;
    let contents = Contents::of_run(&run);
    let flash = ctx.flash.clone();
    let mode = Mode::parse(&chosen.modo);
    let is_known = contents.databases().contains(&chosen.base.as_str());
    let here = if mode.is_some() && is_known { words::STEP_WHERE } else { words::STEP_WHAT };
    let page = Page::admin(&ctx, Section::Backups, words::WIZARD);
    Ok(page.crumbs(trail(&run, words::WIZARD)).show(move || {
        let step = match mode.filter(|_| is_known) {
            None => what(&run, &contents, &chosen),
            Some(mode) => r#where(&run, &contents, &chosen.base, mode, &flash),
        };
        view! {
            <PageHead title=words::WIZARD purpose=here/>
            <Banner tone=Tone::Info title=words::NOTHING_IS_TOUCHED testid="restore-safe"/>
            {step}
        }
    }))
}

fn trail(run: &BackupRun, here: &'static str) -> Vec<Crumb> {
    crumbs(vec![Crumb::link(words::backup(run.id.short()), format!("{BACKUPS}/{}", run.id)), Crumb::here(here)])
}

/// Which database, and what for.
fn what(run: &BackupRun, contents: &Contents, chosen: &Chosen) -> AnyView {
    let databases = contents.databases().into_iter().map(|name| {
        let documents = contents.chosen(name, &[]).iter().map(|content| content.documents).sum();
        Choice::new(name.to_owned(), words::database(name, documents))
    });
    let modes = Mode::ALL.map(|mode| Choice::new(mode.as_str(), words::mode(mode))).to_vec();
    view! {
        <form class="form" method="get" action=format!("{BACKUPS}/{}/restaurar", run.id) data-testid="restore-what">
            <Select name="base" label=words::FIELD_DATABASE choices=databases.collect() value=chosen.base.clone()
                testid="restore-database"/>
            <Select name="modo" label=words::FIELD_MODE choices=modes value=chosen.modo.clone() hint=words::MODE_HINT
                testid="restore-mode"/>
            <div class="actions">
                <Button kind=ButtonKind::Primary testid="restore-next">{words::NEXT}</Button>
                <LinkButton href=format!("{BACKUPS}/{}", run.id)>{words::BACK}</LinkButton>
            </div>
        </form>
        <div class="section">
            <ul class="row-list">
                <li><LinkButton href=format!("{BACKUPS}/{}/documento", run.id) icon=Glyph::Search testid="restore-one">
                    {words::ONE_DOCUMENT}
                </LinkButton></li>
                <li><LinkButton href=super::PATH testid="restore-list">{words::LIST}</LinkButton></li>
            </ul>
        </div>
    }
    .into_any()
}

/// The new database's name, and the collections when they are chosen one by one.
fn r#where(run: &BackupRun, contents: &Contents, database: &str, mode: Mode, flash: &Flash) -> AnyView {
    let kept: Vec<String> = flash.value(ONLY).unwrap_or_default().split(BETWEEN).map(str::to_owned).collect();
    let collections = (mode == Mode::Selected).then(|| {
        let boxes = contents
            .chosen(database, &[])
            .into_iter()
            .enumerate()
            .map(|(place, content)| {
                let is_kept = kept.contains(&content.name);
                view! {
                    <Checkbox name=ONLY value=content.name.clone() id=format!("only-{place}") checked=is_kept
                        label=words::collection(&content.name, content.documents) testid="restore-collection"/>
                }
            })
            .collect_view();
        let problem = flash.problem(ONLY).map(|told| view! { <p class="field-error">{told}</p> });
        view! { <fieldset class="stack"><legend>{words::FIELD_ONLY}</legend>{problem}{boxes}</fieldset> }
    });
    let target = match mode {
        Mode::Preview => {
            view! { <p class="muted" data-testid="restore-preview-name">{words::PREVIEW_NAME}</p> }.into_any()
        }
        _ => view! {
            <Field name=interlocks::TARGET label=words::FIELD_TARGET value=flash.value(interlocks::TARGET)
                error=flash.problem(interlocks::TARGET) hint=words::TARGET_HINT required=true maxlength=38
                autocomplete="off" testid="restore-target"/>
        }
        .into_any(),
    };
    let elsewhere = [DATABASE, interlocks::TARGET].into_iter().find_map(|field| {
        let told = flash.problem(field)?;
        (field == DATABASE || mode == Mode::Preview)
            .then(|| view! { <Banner tone=Tone::Bad title=told testid="restore-problem"/> })
    });
    view! {
        {elsewhere}
        <form class="form" method="post" action=format!("{BACKUPS}/{}/restaurar", run.id) data-testid="restore-where">
            <input type="hidden" name=DATABASE value=database.to_owned()/>
            <input type="hidden" name="mode" value=mode.as_str()/>
            <FactList facts=vec![
                Fact::new(words::FIELD_DATABASE, database.to_owned()),
                Fact::new(words::FIELD_MODE, words::mode(mode)),
            ]/>
            {collections}
            {target}
            <div class="actions">
                <Button kind=ButtonKind::Primary testid="restore-next">{words::MAKE_PLAN}</Button>
                <LinkButton href=format!("{BACKUPS}/{}/restaurar", run.id)>{words::BACK}</LinkButton>
            </div>
        </form>
    }
    .into_any()
}

/// `GET /admin/backups/{id}/restaurar/{plan}`: step three.
pub async fn confirmation(ctx: Ctx, Path((id, plan)): Path<(String, String)>) -> Result<Response, Failure> {
    let run = service::source(&ctx, &id).await?;
    let plan = service::find_plan(&ctx, &id, &plan).await?;
    let (flash, now) = (ctx.flash.clone(), ctx.now());
    let page = Page::admin(&ctx, Section::Backups, words::WIZARD);
    Ok(page.crumbs(trail(&run, words::WIZARD)).show(move || {
        let again = format!("{BACKUPS}/{}/restaurar?base={}&modo={}", run.id, plan.source_database, plan.mode.as_str());
        let word = match is_open(&plan, now) {
            true => word(&run, &plan, &flash, &again),
            false => view! {
                <Banner tone=Tone::Attention title=words::PLAN_IS_OVER testid="restore-plan-over"/>
                <LinkButton href=again>{words::MAKE_ANOTHER}</LinkButton>
            }
            .into_any(),
        };
        view! {
            <PageHead title=words::WIZARD purpose=words::STEP_CONFIRM/>
            <FactList facts=facts(&plan, now)/>
            {word}
            <section class="section">
                <h2>{words::WILL_EXIST}</h2>
                {contents(&plan.contents)}
            </section>
        }
    }))
}

fn facts(plan: &RestorePlan, now: jiff::Timestamp) -> Vec<Fact> {
    vec![
        Fact::new(words::FROM, words::from(&plan.source[..8.min(plan.source.len())], &plan.source_database)),
        Fact::new(words::FIELD_TARGET, view! { <code class="mono">{plan.target.clone()}</code> }),
        Fact::new(words::FIELD_MODE, words::mode(plan.mode)),
        Fact::new(words::WILL_WRITE, words::will_write(plan.documents(), &format::size(unsigned(plan.bytes())))),
        Fact::new(words::GOING_BACK, words::going_back(plan.mode)),
        Fact::new(words::CONFIRM_BEFORE, super::moment(plan.expires_at, now)),
        Fact::new(words::PLAN_HASH, view! { <code class="mono">{plan.hash[..16].to_owned()}</code> }),
    ]
}

/// The typed confirmation.
fn word(run: &BackupRun, plan: &RestorePlan, flash: &Flash, again: &str) -> AnyView {
    view! {
        <form class="form" method="post" action=format!("{BACKUPS}/{}/restaurar/{}", run.id, plan.id)
            data-testid="restore-confirmation">
            <input type="hidden" name="hash" value=plan.hash.clone()/>
            <Field name=NAME label=words::type_name(&plan.target) value=flash.value(NAME) error=flash.problem(NAME)
                required=true autocomplete="off" testid="restore-name"/>
            <Field name=DOCUMENTS label=words::type_documents(plan.documents()) value=flash.value(DOCUMENTS)
                error=flash.problem(DOCUMENTS) required=true autocomplete="off" inputmode="numeric"
                testid="restore-documents"/>
            <div class="actions">
                <Button kind=ButtonKind::Primary testid="restore-confirm">{words::CONFIRM}</Button>
                <LinkButton href=again.to_owned()>{words::BACK}</LinkButton>
            </div>
        </form>
    }
    .into_any()
}

fn contents(contents: &[Content]) -> AnyView {
    let columns = vec![
        Column::new(words::COLUMN_COLLECTION, CellKind::Primary),
        Column::new(words::COLUMN_KIND, CellKind::Text),
        Column::new(words::COLUMN_DOCUMENTS, CellKind::Number),
        Column::new(words::COLUMN_SIZE, CellKind::Number),
    ];
    let lines = contents
        .iter()
        .map(|content| {
            let (name, kind) = (content.name.clone(), words::kind(&content.kind));
            let (documents, size) = (integer(content.documents), format::size(unsigned(content.bytes)));
            view! {
                <tr data-testid="restore-planned">
                    <Cell kind=CellKind::Primary>{name}</Cell>
                    <Cell>{kind}</Cell>
                    <Cell kind=CellKind::Number>{documents}</Cell>
                    <Cell kind=CellKind::Number>{size}</Cell>
                </tr>
            }
        })
        .collect_view();
    view! { <Table caption=words::WILL_EXIST columns>{lines}</Table> }.into_any()
}
