//! The addresses that get nothing but what keeps their account safe.

use axum::extract::Form;
use axum::extract::rejection::FormRejection;
use axum::response::Response;
use jiff::Timestamp;
use leptos::prelude::*;
use serde::Deserialize;

use super::super::service;
use super::super::suppression::Suppression;
use super::{SUPPRESSED_PATH, moment, readable, tabs};
use crate::ctx::Ctx;
use crate::db::timestamp;
use crate::failure::Failure;
use crate::i18n::mail as words;
use crate::ui::{Button, ButtonKind, Cell, CellKind, Column, EmptyState, PageHead, Status, Table, Tone};
use crate::web::forms;
use crate::web::render::{Page, Section};

/// The form of one address.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LiftForm {
    email: String,
}

/// `GET /admin/emails/bloqueadas`.
pub async fn suppressions(ctx: Ctx) -> Result<Response, Failure> {
    let (found, total) = service::suppressions(&ctx).await?;
    let now = ctx.now();
    Ok(Page::admin(&ctx, Section::Emails, words::TAB_SUPPRESSED).show(move || {
        let list = if found.is_empty() {
            view! { <EmptyState title=words::NO_SUPPRESSED hint=words::NO_SUPPRESSED_HINT testid="suppressed-none"/> }
                .into_any()
        } else {
            let shown = found.len() as u64;
            let columns = vec![
                Column::new(words::ADDRESS, CellKind::Primary),
                Column::new(words::REASON, CellKind::Text),
                Column::new(words::SAID, CellKind::Wide),
                Column::new(words::SINCE, CellKind::Text),
                Column::new(words::LIFT, CellKind::Action),
            ];
            let lines = found.into_iter().map(|suppression| line(suppression, now)).collect_view();
            view! {
                <Table caption=words::TAB_SUPPRESSED columns testid="suppressed-rows">{lines}</Table>
                <p class="muted">{words::suppressed_total(shown, total)}</p>
            }
            .into_any()
        };
        view! {
            <PageHead title=words::TITLE purpose=words::SUPPRESSED_PURPOSE/>
            {tabs(SUPPRESSED_PATH)}
            <div class="stack" data-testid="suppressed-page">{list}</div>
        }
    }))
}

fn line(suppression: Suppression, now: Timestamp) -> impl IntoView {
    let at = timestamp(suppression.at).unwrap_or_default();
    let label = words::lift_whom(&suppression.email);
    let email = suppression.email.clone();
    view! {
        <tr data-testid="suppressed-row">
            <Cell kind=CellKind::Primary>{email}</Cell>
            <Cell><Status tone=Tone::Attention label=words::why(suppression.why)/></Cell>
            <Cell kind=CellKind::Wide>{suppression.detail}</Cell>
            <Cell>{moment(at, now)}</Cell>
            <Cell kind=CellKind::Action>
                <form method="post" action="/admin/emails/bloqueadas/levantar">
                    <input type="hidden" name="email" value=suppression.email/>
                    <Button kind=ButtonKind::Plain testid="suppressed-lift">
                        {words::LIFT} <span class="visually-hidden">{label}</span>
                    </Button>
                </form>
            </Cell>
        </tr>
    }
}

/// `POST /admin/emails/bloqueadas/levantar`.
pub async fn lift(ctx: Ctx, form: Result<Form<LiftForm>, FormRejection>) -> Result<Response, Failure> {
    service::lift(&ctx, &readable(form)?.email).await?;
    forms::done(&ctx, SUPPRESSED_PATH, words::LIFTED).await
}
