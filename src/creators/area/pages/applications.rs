//! `/ugc/creator/applications`: what one applied to, and the two ways to step back, each with its question.

use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;
use serde::Deserialize;

use super::work::{pager, place};
use super::{APPLICATIONS, rows};
use crate::applications::service as application_service;
use crate::campaigns::catalogue::PATH as CATALOGUE;
use crate::creators::area::model::{ApplicationRow, ApplicationView};
use crate::creators::area::service;
use crate::creators::model::Creator;
use crate::creators::service::require_complete;
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::i18n::{creator_area as words, errors};
use crate::ui::{Button, ButtonKind, Crumb, EmptyState, LinkButton, PageHead, Tab, Tabs};
use crate::values::ApplicationId;
use crate::web::flash::{Flash, Notice, Tone};
use crate::web::forms;
use crate::web::render::{Page, Section};

/// Which of them, and where.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    view: String,
    before: String,
    after: String,
}

fn href(view: ApplicationView) -> String {
    match view {
        ApplicationView::All => APPLICATIONS.to_owned(),
        view => format!("{APPLICATIONS}?view={}", view.as_str()),
    }
}

/// The list.
pub async fn list(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let creator = match require_complete(&ctx).await? {
        Ok(creator) => creator,
        Err(detour) => return Ok(detour.into_response()),
    };
    let view = ApplicationView::parse(&asked.view).unwrap_or(ApplicationView::All);
    let from = place(&asked.before, &asked.after)?;
    let page = service::applications(&ctx, &creator, view, &from).await?;
    Ok(Page::creator(&ctx, Section::Work, words::APPLICATIONS).show(move || {
        let tabs: Vec<_> = ApplicationView::ALL
            .into_iter()
            .map(|one| Tab::new(words::application_view(one), href(one), one == view))
            .collect();
        let shown = page.rows.len();
        let list = if shown > 0 {
            let items = page.rows.into_iter().map(rows::application).collect_view();
            view! { <ul class="work" aria-label=words::ROWS data-testid="work-rows">{items}</ul> }.into_any()
        } else {
            let title = if view == ApplicationView::All { words::NO_APPLICATIONS } else { words::NONE_SUCH };
            view! {
                <EmptyState title hint=words::NO_APPLICATIONS_HINT testid="work-none">
                    <LinkButton href=CATALOGUE>{words::EXPLORE}</LinkButton>
                </EmptyState>
            }
            .into_any()
        };
        view! {
            <PageHead title=words::APPLICATIONS purpose=words::APPLICATIONS_PURPOSE/>
            <Tabs label=words::APPLICATION_TABS tabs testid="application-tabs"/>
            <h2 class="visually-hidden">{words::application_view(view)}</h2>
            {list}
            {pager(href(view), page.previous, page.next, shown, page.total)}
        }
    }))
}

/// The two ways to step back.
#[derive(Clone, Copy, PartialEq, Eq)]
enum StepBack {
    Withdraw,
    Cancel,
}

impl StepBack {
    fn is_possible(self, row: &ApplicationRow) -> bool {
        match self {
            Self::Withdraw => row.may_withdraw(),
            Self::Cancel => row.may_cancel(),
        }
    }

    fn words(self, campaign: &str) -> (String, &'static str, &'static str) {
        match self {
            Self::Withdraw => (words::withdraw_question(campaign), words::WITHDRAW_EXPLAINED, words::WITHDRAW),
            Self::Cancel => (words::cancel_question(campaign), words::CANCEL_EXPLAINED, words::CANCEL),
        }
    }
}

/// `GET …/{id}/retirar`.
pub async fn withdrawing(ctx: Ctx, Path(id): Path<ApplicationId>) -> Result<Response, Failure> {
    question(ctx, id, StepBack::Withdraw).await
}

/// `GET …/{id}/cancelar`.
pub async fn cancelling(ctx: Ctx, Path(id): Path<ApplicationId>) -> Result<Response, Failure> {
    question(ctx, id, StepBack::Cancel).await
}

async fn question(ctx: Ctx, id: ApplicationId, step: StepBack) -> Result<Response, Failure> {
    let creator = match require_complete(&ctx).await? {
        Ok(creator) => creator,
        Err(detour) => return Ok(detour.into_response()),
    };
    let row = service::application(&ctx, &creator, &id).await?;
    let (question, explained, verb) = step.words(&row.campaign);
    let crumbs = vec![Crumb::link(words::APPLICATIONS, APPLICATIONS), Crumb::here(verb)];
    Ok(Page::creator(&ctx, Section::Work, verb).crumbs(crumbs).show(move || {
        if !step.is_possible(&row) {
            return view! {
                <PageHead title=words::NOT_POSSIBLE purpose=words::NOT_POSSIBLE_HINT/>
                <ul class="work">{rows::application(row)}</ul>
            }
            .into_any();
        }
        view! {
            <PageHead title=question purpose=explained/>
            <form method="post" class="actions">
                <Button kind=ButtonKind::Danger testid="step-back-confirm">{verb}</Button>
                <LinkButton href=APPLICATIONS>{words::KEEP}</LinkButton>
            </form>
        }
        .into_any()
    }))
}

/// `POST …/{id}/retirar`.
pub async fn withdraw(ctx: Ctx, Path(id): Path<ApplicationId>) -> Result<Response, Failure> {
    let creator = match require_complete(&ctx).await? {
        Ok(creator) => creator,
        Err(detour) => return Ok(detour.into_response()),
    };
    let done = application_service::withdraw(&ctx, &creator, &id).await;
    answer(&ctx, done.map(drop), words::WITHDRAWN).await
}

/// `POST …/{id}/cancelar`.
pub async fn cancel(ctx: Ctx, Path(id): Path<ApplicationId>) -> Result<Response, Failure> {
    let creator: Creator = match require_complete(&ctx).await? {
        Ok(creator) => creator,
        Err(detour) => return Ok(detour.into_response()),
    };
    let done = application_service::cancel_own(&ctx, &creator, &id).await;
    answer(&ctx, done.map(drop), words::CANCELLED).await
}

/// Back to the list with what happened; a rule that said no is said there in its own words.
async fn answer(ctx: &Ctx, done: Result<(), Failure>, said: &str) -> Result<Response, Failure> {
    match done {
        Ok(()) => forms::done(ctx, APPLICATIONS, said).await,
        Err(Failure::Refused(refusal)) if refusal.status() == 409 || refusal.status() == 422 => {
            let notice = Some(Notice { tone: Tone::Error, text: errors::sentence(&refusal) });
            forms::redirect_with(ctx, APPLICATIONS, Flash { notice, ..Flash::default() }).await
        }
        Err(failure) => Err(failure),
    }
}
