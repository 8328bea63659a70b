//! One message: whom it was for, what became of it, how it looks.

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path};
use axum::response::{Html, IntoResponse, Response};
use http::header;
use jiff::Timestamp;
use leptos::prelude::*;
use serde::Deserialize;

use super::super::model::{Attempt, Channel, Report, Row};
use super::super::service::{self, Shown};
use super::{moment, path_of, readable, state};
use crate::ctx::Ctx;
use crate::db::timestamp;
use crate::failure::Failure;
use crate::i18n::{format, mail as words};
use crate::ui::{
    Banner, Button, ButtonKind, Cell, CellKind, Column, Crumb, Density, Dialog, Fact, FactList, Glyph, PageHead,
    Status, Table, Tone,
};
use crate::web::forms;
use crate::web::render::{Page, Section};

/// A message's HTML may look like itself and do nothing: no script, no request, no form, no link of ours around it.
const PREVIEW_POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox";

/// The form of a repeated message.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RepeatForm {
    copy: u64,
}

/// The form of a test message.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestForm {
    key: String,
}

/// `GET /admin/emails/{id}`.
pub async fn show(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    draw(&ctx, Channel::Email, &id).await
}

/// `GET /admin/emails/whatsapp/{id}`.
pub async fn show_whatsapp(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    draw(&ctx, Channel::WhatsApp, &id).await
}

/// `GET /admin/emails/{id}/html`: the HTML by itself, for the frame.
pub async fn preview(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let shown = service::show(&ctx, Channel::Email, &id).await?;
    let policy = [(header::CONTENT_SECURITY_POLICY, PREVIEW_POLICY)];
    Ok((policy, Html(shown.row.shown_html().to_owned())).into_response())
}

/// `POST /admin/emails/{id}/reenviar`.
pub async fn repeat(
    ctx: Ctx,
    Path(id): Path<String>,
    form: Result<Form<RepeatForm>, FormRejection>,
) -> Result<Response, Failure> {
    again(&ctx, Channel::Email, &id, readable(form)?).await
}

/// `POST /admin/emails/whatsapp/{id}/reenviar`.
pub async fn repeat_whatsapp(
    ctx: Ctx,
    Path(id): Path<String>,
    form: Result<Form<RepeatForm>, FormRejection>,
) -> Result<Response, Failure> {
    again(&ctx, Channel::WhatsApp, &id, readable(form)?).await
}

/// `POST /admin/emails/prueba`.
pub async fn send_test(ctx: Ctx, form: Result<Form<TestForm>, FormRejection>) -> Result<Response, Failure> {
    let queued = service::send_test(&ctx, &readable(form)?.key).await?;
    forms::done(&ctx, &format!("{}/{queued}", path_of(Channel::Email)), words::TEST_QUEUED).await
}

async fn again(ctx: &Ctx, channel: Channel, id: &str, form: RepeatForm) -> Result<Response, Failure> {
    let copied = service::repeat(ctx, channel, id, form.copy).await?;
    forms::done(ctx, &format!("{}/{copied}", path_of(channel)), words::REPEATED).await
}

async fn draw(ctx: &Ctx, channel: Channel, id: &str) -> Result<Response, Failure> {
    let Shown { row, copies } = service::show(ctx, channel, id).await?;
    let now = ctx.now();
    let title = match channel {
        Channel::Email => row.subject.clone(),
        Channel::WhatsApp => words::template(&row.template).to_owned(),
    };
    let crumbs = vec![Crumb::link(words::TITLE, path_of(channel)), Crumb::here(title.clone())];
    Ok(Page::admin(ctx, Section::Emails, title.clone()).crumbs(crumbs).show(move || {
        let marks = state(&row).into_any();
        let repeat = service::may_repeat(&row).then(|| repeat_form(channel, &row, copies));
        let reason = row.error_message.clone().map(|reason| {
            view! { <Banner tone=Tone::Attention title=words::WHY testid="mail-why">{reason}</Banner> }
        });
        view! {
            <PageHead title marks>{repeat}</PageHead>
            <div class="stack" data-testid="mail-detail">
                {reason}
                <FactList facts=facts(channel, &row, now)/>
                {words_of(channel, &row)}
                {tries(&row.tries)}
                {reports(&row.reports)}
            </div>
        }
    }))
}

fn repeat_form(channel: Channel, row: &Row, copies: u64) -> impl IntoView + use<> {
    let (action, to) = (format!("{}/{}/reenviar", path_of(channel), row.id), row.to().to_owned());
    view! {
        <Dialog id="repeat" opener=words::REPEAT icon=Glyph::Mail title=words::REPEAT_TITLE testid="mail-repeat">
            <p>{words::repeat_what(&to, copies)}</p>
            <form method="post" action=action>
                <input type="hidden" name="copy" value=(copies + 1).to_string()/>
                <Button kind=ButtonKind::Primary testid="mail-repeat-confirm">{words::REPEAT_CONFIRM}</Button>
            </form>
        </Dialog>
    }
}

fn facts(channel: Channel, row: &Row, now: Timestamp) -> Vec<Fact> {
    let at = |date| timestamp(date).map(|at| moment(at, now).into_any());
    let mono = |text: &str| view! { <span class="mono">{text.to_owned()}</span> }.into_any();
    let mut facts = vec![
        Fact::new(words::COLUMN_TO, row.to().to_owned()),
        Fact::new(words::FROM, row.from.clone()),
        Fact::new(words::FILTER_TEMPLATE, words::template(&row.template).to_owned()),
    ];
    let mut optional = |label: &'static str, value: Option<AnyView>| {
        facts.extend(value.map(|value| Fact::new(label, value)));
    };
    optional(words::CREATED, at(row.created_at));
    optional(words::SENT, row.sent_at.and_then(at));
    optional(words::NEXT, row.next_attempt_at.filter(|_| row.sent_at.is_none()).and_then(at));
    let about = row.entity_type.as_deref().zip(row.entity_id.as_deref());
    optional(words::ABOUT, about.map(|(kind, id)| mono(&format!("{kind} {id}"))));
    optional(words::PROVIDER_ID, row.message_id.as_deref().map(mono));
    optional(
        words::COPY_OF,
        row.resent_from.clone().map(|of| {
            view! { <a href=format!("{}/{of}", path_of(channel)) data-testid="mail-original">{words::ORIGINAL}</a> }
                .into_any()
        }),
    );
    facts
}

fn words_of(channel: Channel, row: &Row) -> AnyView {
    let text = row.shown_text().to_owned();
    let hidden = row.is_secret.then(|| view! { <p class="muted">{words::SECRET_HIDDEN}</p> });
    match channel {
        Channel::WhatsApp => view! {
            <section>
                <h2>{words::MESSAGE}</h2>
                {hidden}
                <pre class="mail-text" data-testid="mail-text">{text}</pre>
            </section>
        }
        .into_any(),
        Channel::Email => view! {
            <section>
                <h2>{words::MESSAGE}</h2>
                {hidden}
                <iframe
                    class="mail-frame"
                    src=format!("/admin/emails/{}/html", row.id)
                    title=words::PREVIEW
                    sandbox=""
                    data-testid="mail-preview"
                ></iframe>
                <details class="disclosure">
                    <summary data-testid="mail-show-text">{words::PLAIN_TEXT}</summary>
                    <pre class="mail-text" data-testid="mail-text">{text}</pre>
                </details>
            </section>
        }
        .into_any(),
    }
}

fn tries(tries: &[Attempt]) -> AnyView {
    if tries.is_empty() {
        return ().into_any();
    }
    let columns = vec![
        Column::new(words::COLUMN_WHEN, CellKind::Primary),
        Column::new(words::OUTCOME, CellKind::Text),
        Column::new(words::SAID, CellKind::Text),
    ];
    let lines = tries
        .iter()
        .rev()
        .map(|tried| {
            let at = timestamp(tried.at).unwrap_or_default();
            let (tone, label) = words::outcome(&tried.outcome);
            let said = format!("{}: {}", tried.provider, tried.said);
            view! {
                <tr data-testid="mail-try">
                    <Cell kind=CellKind::Primary>
                        <time datetime=format::machine(at)>{format::exact(at)}</time>
                    </Cell>
                    <Cell><Status tone label/></Cell>
                    <Cell><span class="mono">{said}</span></Cell>
                </tr>
            }
        })
        .collect_view();
    view! {
        <section>
            <h2>{words::TRIES}</h2>
            <Table caption=words::TRIES columns density=Density::Compact testid="mail-tries">{lines}</Table>
        </section>
    }
    .into_any()
}

fn reports(reports: &[Report]) -> AnyView {
    if reports.is_empty() {
        return ().into_any();
    }
    let has_words = reports.iter().any(|report| report.detail.is_some());
    let mut columns =
        vec![Column::new(words::COLUMN_WHEN, CellKind::Primary), Column::new(words::OUTCOME, CellKind::Text)];
    columns.extend(has_words.then(|| Column::new(words::SAID, CellKind::Text)));
    let lines = reports
        .iter()
        .rev()
        .map(|report| {
            let at = timestamp(report.at).unwrap_or_default();
            let (tone, label) = words::delivery(report.delivery);
            let detail = report.detail.clone();
            view! {
                <tr data-testid="mail-report">
                    <Cell kind=CellKind::Primary>
                        <time datetime=format::machine(at)>{format::exact(at)}</time>
                    </Cell>
                    <Cell><Status tone label/></Cell>
                    {has_words.then(|| view! { <Cell>{detail}</Cell> })}
                </tr>
            }
        })
        .collect_view();
    view! {
        <section>
            <h2>{words::REPORTS}</h2>
            <Table caption=words::REPORTS columns density=Density::Compact testid="mail-reports">{lines}</Table>
        </section>
    }
    .into_any()
}
