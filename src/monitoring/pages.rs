//! `/admin/seguridad`: which outside services are connected, whether they answer, and the test that proves it.

use axum::response::{Html, IntoResponse, Redirect, Response};
use jiff::Timestamp;
use leptos::prelude::*;

use super::service::{self, Overview, State};
use super::trial::Progress;
use crate::assets::LIVE_SCRIPT;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::{format, monitoring as words};
use crate::ui::{
    Banner, Button, ButtonKind, Cell, CellKind, Column, Density, Glyph, LinkButton, PageHead, Status, Table, Tone,
};
use crate::web::forms;
use crate::web::render::{Page, Section};

/// Where the page is.
const PATH: &str = "/admin/seguridad";
/// Where the test event is sent from, and where the part of the page about it is.
const TRIAL_PATH: &str = "/admin/seguridad/evento";

/// `GET /admin/seguridad`.
pub async fn show(ctx: Ctx) -> Result<Response, Failure> {
    let overview = service::overview(&ctx).await?;
    let now = ctx.now();
    let problem = ctx.flash.problem("event");
    let script = ctx.app.assets.url(LIVE_SCRIPT).to_owned();
    let emulators = ctx.app.config.emulators_url.clone();
    Ok(Page::admin(&ctx, Section::Security, words::TITLE).show(move || {
        let twins = emulators.map(|href| {
            view! { <LinkButton href icon=Glyph::Activity testid="security-emulators">{words::SEE_EMULATORS}</LinkButton> }
        });
        view! {
            <PageHead title=words::TITLE purpose=words::PURPOSE>{twins}</PageHead>
            <div class="stack security" data-testid="security-page">
                {table(&overview.integrations, now)}
                {trial(&overview, now, problem, script)}
            </div>
        }
    }))
}

/// `POST /admin/seguridad/evento`: sends a test event.
pub async fn try_out(ctx: Ctx) -> Result<Response, Failure> {
    match service::try_out(&ctx).await {
        Ok(()) => Ok(Redirect::to(&format!("{PATH}#evento")).into_response()),
        Err(Failure::Refused(AppError::Invalid(problems))) => forms::refused(&ctx, PATH, problems, []).await,
        Err(other) => Err(other),
    }
}

/// `GET /admin/seguridad/evento`: how far it got, the part of the page that moves.
pub async fn live(ctx: Ctx) -> Result<Response, Failure> {
    let Some(progress) = service::progress(&ctx).await? else { return Err(AppError::NotFound.into()) };
    let sign = if progress.is_over() { "over" } else { "on" };
    let html = steps(&progress, ctx.now()).to_html();
    Ok(([("x-live", sign), ("cache-control", "no-store")], Html(html)).into_response())
}

fn table(integrations: &[State], now: Timestamp) -> impl IntoView + use<> {
    let columns = vec![
        Column::new(words::COLUMN_SERVICE, CellKind::Primary),
        Column::new(words::COLUMN_STATE, CellKind::Text),
        Column::new(words::COLUMN_SUCCESS, CellKind::Text),
        Column::new(words::COLUMN_FAILURE, CellKind::Text),
    ];
    let rows = integrations.iter().map(|state| row(state, now)).collect_view();
    view! { <Table caption=words::INTEGRATIONS columns density=Density::Compact testid="integrations">{rows}</Table> }
}

fn row(state: &State, now: Timestamp) -> impl IntoView + use<> {
    let (tone, label) = if !state.is_configured {
        (Tone::Neutral, words::NOT_CONFIGURED)
    } else if state.is_failing() {
        (Tone::Bad, words::FAILING)
    } else if state.success_at.is_some() {
        (Tone::Good, words::WORKS)
    } else {
        (Tone::Info, words::CONFIGURED)
    };
    let rotation = state.has_two_secrets.then(|| view! { " " <small class="muted">{words::TWO_SECRETS}</small> });
    let failure = state.failure.as_ref().map(|(at, said)| {
        view! { {ago(*at, now)} " " <small class="muted">{said.clone()}</small> }
    });
    let (integration, success_at) = (words::integration(state.integration), state.success_at);
    let variable = (!state.is_configured).then(|| {
        view! { <small class="muted mono">{words::variable(state.integration)}</small> }
    });
    view! {
        <tr data-testid="integration">
            <Cell kind=CellKind::Primary>{integration}</Cell>
            <Cell><Status tone label/> {rotation}</Cell>
            <Cell>
                {match success_at {
                    Some(at) => ago(at, now),
                    None => variable.into_any(),
                }}
            </Cell>
            <Cell>{failure}</Cell>
        </tr>
    }
}

fn ago(at: Timestamp, now: Timestamp) -> AnyView {
    let exact = format::exact(at);
    view! { <time datetime=format::machine(at) title=exact>{format::relative(at, now)}</time> }.into_any()
}

fn trial(overview: &Overview, now: Timestamp, problem: Option<String>, script: String) -> impl IntoView + use<> {
    let problem = problem.map(|problem| view! { <Banner tone=Tone::Bad title=problem testid="trial-problem"/> });
    let way = if overview.has_sentry {
        let missing = (!overview.has_sentry_webhook)
            .then(|| view! { <p class="muted" data-testid="trial-no-webhook">{words::NO_WEBHOOK_SECRET}</p> });
        view! {
            {missing}
            <form method="post" action=TRIAL_PATH>
                <Button kind=ButtonKind::Primary icon=Glyph::Send testid="trial-send">{words::SEND}</Button>
            </form>
        }
        .into_any()
    } else {
        view! { <p class="muted" data-testid="trial-off">{words::NO_DSN}</p> }.into_any()
    };
    let last = overview.trial.as_ref().map(|progress| {
        let is_over = progress.is_over();
        let live = (!is_over).then_some(TRIAL_PATH);
        let loader = (!is_over).then(|| view! { <script type="module" src=script></script> });
        let refresh = (!is_over).then(|| {
            view! { <LinkButton href="/admin/seguridad#evento" icon=Glyph::RotateCw testid="trial-refresh">{words::REFRESH}</LinkButton> }
        });
        view! {
            <div data-live=live data-testid="trial" aria-live="polite">{steps(progress, now)}</div>
            <div class="actions">{refresh}</div>
            {loader}
        }
    });
    view! {
        <section class="stack" id="evento" aria-labelledby="trial-title">
            <h2 id="trial-title">{words::TRIAL}</h2>
            <p class="muted">{words::TRIAL_PURPOSE}</p>
            {problem}
            {way}
            {last}
        </section>
    }
}

/// The steps of the loop, each with its state.
fn steps(progress: &Progress, now: Timestamp) -> AnyView {
    let step = |tone, state: &'static str, said: AnyView| {
        view! { <li><Status tone label=state/> " " <span>{said}</span></li> }.into_any()
    };
    let done = |said: AnyView| step(Tone::Good, words::DONE, said);
    let waiting = |said: &'static str| step(Tone::Info, words::WAITING, said.into_any());
    let by = words::made_by(&progress.asked_by, &progress.event_id[..progress.event_id.len().min(8)]);
    let made = done(view! { {by} " " {ago(progress.asked_at, now)} }.into_any());
    let (sent, webhook) = match (&progress.sent, progress.webhook_at) {
        (Err(said), _) => (step(Tone::Bad, words::FAILED, words::not_taken(said).into_any()), None),
        (Ok(()), Some(at)) => {
            let seconds = format::decimal(at.duration_since(progress.asked_at).as_secs_f64().max(0.0), 1);
            (done(words::TAKEN.into_any()), Some(done(words::came_back(&seconds).into_any())))
        }
        (Ok(()), None) => (done(words::TAKEN.into_any()), Some(waiting(words::NOT_BACK))),
    };
    let notice = progress.sent.is_ok().then(|| match &progress.notice_id {
        Some(id) => {
            let href = format!("/admin/notifications/{id}");
            done(
                view! { {words::NOTICE} " " <a href=href data-testid="trial-notice">{words::SEE_NOTICE}</a> }
                    .into_any(),
            )
        }
        None => waiting(words::NO_NOTICE),
    });
    view! { <ol class="steps" data-testid="trial-steps">{made} {sent} {webhook} {notice}</ol> }.into_any()
}
