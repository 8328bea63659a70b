//! The form and the comparisons so far.

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Query};
use axum::response::Response;
use leptos::prelude::*;
use serde::Deserialize;

use super::{PATH, address};
use crate::backup::diff::service::{self, Offered, Overview, ROWS};
use crate::backup::record::DiffRecord;
use crate::ctx::Ctx;
use crate::db::timestamp;
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::backup::diff_pages as words;
use crate::i18n::format;
use crate::ui::{
    Button, ButtonKind, Cell, CellKind, Choice, Column, Crumb, EmptyState, PageHead, Pager, PagerLinks, Select, Status,
    Table,
};
use crate::web::forms;
use crate::web::render::{Page, Section};

/// The two sides, as typed or preselected by a link, and the place in the list.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    a: String,
    #[serde(default)]
    b: String,
    #[serde(default)]
    before: String,
}

/// `GET /admin/backups/comparar`.
pub async fn list(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let before = (!asked.before.is_empty()).then_some(asked.before.as_str());
    let Overview { offered, diffs } = service::overview(&ctx, before).await?;
    let flash = ctx.flash.clone();
    let chosen =
        |field: &str, asked: &str| flash.value(field).or_else(|| (!asked.is_empty()).then(|| asked.to_owned()));
    let (a, b) = (chosen("a", &asked.a), chosen("b", &asked.b));
    let crumbs = vec![Crumb::link(words::BACKUPS, "/admin/backups"), Crumb::here(words::TITLE)];
    let is_first = before.is_none();
    Ok(Page::admin(&ctx, Section::Backups, words::TITLE).crumbs(crumbs).show(move || {
        view! {
            <PageHead title=words::TITLE purpose=words::PURPOSE/>
            <form class="form" method="post" action=PATH data-testid="diff-form">
                <Select name="a" label=words::LEFT choices=choices(&offered, a.as_deref()) value=a.clone()
                    error=flash.problem("a") testid="diff-a"/>
                <Select name="b" label=words::RIGHT choices=choices(&offered, b.as_deref()) value=b.clone()
                    error=flash.problem("b") hint=words::SIDES_HINT testid="diff-b"/>
                <div class="actions">
                    <Button kind=ButtonKind::Primary testid="diff-start">{words::START}</Button>
                </div>
            </form>
            <section class="section">
                <h2>{words::BEFORE}</h2>
                {rows(diffs, is_first)}
            </section>
        }
    }))
}

/// `POST /admin/backups/comparar`.
pub async fn ask(ctx: Ctx, form: Result<Form<Asked>, FormRejection>) -> Result<Response, Failure> {
    let Ok(Form(asked)) = form else { return Err(AppError::Malformed.into()) };
    match service::ask(&ctx, &asked.a, &asked.b).await? {
        Ok(id) => forms::done(&ctx, &address(&id), words::STARTED_NOTICE).await,
        Err(problems) => forms::refused(&ctx, PATH, problems, [("a", asked.a), ("b", asked.b)]).await,
    }
}

/// What can be chosen; what a link preselected or somebody typed stays even when it isn't among it.
fn choices(offered: &[Offered], chosen: Option<&str>) -> Vec<Choice> {
    let mut choices = vec![Choice::new("", words::CHOOSE_HERE)];
    choices.extend(offered.iter().map(|one| Choice::new(one.side.clone(), one.label.clone())));
    if let Some(chosen) = chosen.filter(|chosen| !offered.iter().any(|one| one.side == *chosen)) {
        choices.push(Choice::new(chosen.to_owned(), service::label(chosen)));
    }
    choices
}

fn rows(mut diffs: Vec<DiffRecord>, is_first: bool) -> AnyView {
    if diffs.is_empty() {
        return view! { <EmptyState title=words::NONE hint=words::NONE_HINT testid="diff-none"/> }.into_any();
    }
    let has_more = diffs.len() > ROWS;
    diffs.truncate(ROWS);
    let next = diffs.last().filter(|_| has_more).map(|last| format!("{PATH}?before={}", last.id));
    let links = PagerLinks { first: (!is_first).then(|| PATH.to_owned()), next, ..PagerLinks::default() };
    let position = words::shown(diffs.len() as u64);
    let columns = vec![
        Column::new(words::COLUMN_SIDES, CellKind::Primary),
        Column::new(words::COLUMN_RESULT, CellKind::Text),
        Column::new(words::COLUMN_WHO, CellKind::Wide),
        Column::new(words::COLUMN_WHEN, CellKind::Text),
    ];
    let lines = diffs
        .into_iter()
        .map(|diff| {
            let (tone, state) = words::outcome(&diff);
            let at = timestamp(diff.created_at).unwrap_or_default();
            view! {
                <tr data-testid="diff-row">
                    <Cell kind=CellKind::Primary>
                        <a href=address(&diff.id)>{words::against(&service::label(&diff.left), &service::label(&diff.right))}</a>
                    </Cell>
                    <Cell><Status tone label=state/></Cell>
                    <Cell kind=CellKind::Wide>{diff.requested_by.name}</Cell>
                    <Cell><time datetime=format::machine(at)>{format::date_time(at)}</time></Cell>
                </tr>
            }
        })
        .collect_view();
    view! {
        <Table caption=words::BEFORE columns testid="diff-rows">{lines}</Table>
        <Pager links position testid="diff-pager"/>
    }
    .into_any()
}
