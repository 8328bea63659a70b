//! `/admin/backups/{id}`: how a run goes while it is under way, and its proof when it is over.

use std::convert::Infallible;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header;
use leptos::prelude::*;
use serde::Deserialize;

use super::compare::{self, Now};
use super::{address, crumbs, proof, service, title, unsigned};
use crate::assets::BACKUPS_SCRIPT;
use crate::backup::model::{BackupId, State};
use crate::backup::record::BackupRun;
use crate::ctx::Ctx;
use crate::db::ReadError;
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::backup::pages as words;
use crate::i18n::number::integer;
use crate::ui::{Button, ButtonKind, Dialog, Glyph, LinkButton, PageHead, Progress, Status, Tone};
use crate::values::Capability;
use crate::web::render::{Page, Section};

/// How often a stream looks at the run.
const LOOK: Duration = Duration::from_secs(1);
/// A stream ends after this long and the browser opens another, so that a session that is over doesn't go on watching.
const WATCH: Duration = Duration::from_secs(5 * 60);

/// What else to show.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    /// Compare with what there is now.
    #[serde(default)]
    vivo: String,
}

/// `GET /admin/backups/{id}`.
pub async fn show(ctx: Ctx, Path(id): Path<String>, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let run = service::load(&ctx, &id).await?;
    if !run.status.is_over() {
        return Ok(under_way(&ctx, run));
    }
    let now = match asked.vivo.as_str() {
        "1" => Some(live(&ctx, &run).await?),
        _ => None,
    };
    Ok(proof::page(&ctx, run, now))
}

/// `GET /admin/backups/{id}/live`: the part of the page that moves.
pub async fn live_part(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let run = service::load(&ctx, &id).await?;
    let sign = if run.status.is_over() { "over" } else { "on" };
    let html = state(&run).to_html();
    Ok(([("x-live", sign), ("cache-control", "no-store")], axum::response::Html(html)).into_response())
}

async fn live(ctx: &Ctx, run: &BackupRun) -> Result<Now, Failure> {
    let databases = run.collections.iter().map(|namespace| namespace.database.clone()).collect();
    compare::now(ctx, &databases, &run.collections).await.map_err(unread)
}

/// A comparison that couldn't be made.
pub(super) fn unread(error: ReadError) -> Failure {
    match error {
        ReadError::TimedOut => AppError::TimedOut.into(),
        other => anyhow::Error::from(other).context("comparing a backup with what there is now").into(),
    }
}

fn under_way(ctx: &Ctx, run: BackupRun) -> Response {
    let (title, may_run) = (title(&run), ctx.may(Capability::BackupsRun));
    let script = ctx.app.assets.url(BACKUPS_SCRIPT).to_owned();
    Page::admin(ctx, Section::Backups, title.clone()).crumbs(crumbs(title.clone())).show(move || {
        let marks = view! { <Status tone=Tone::Info label=words::state(run.status)/> }.into_any();
        let (here, events) = (address(&run.id), format!("/api/backups/{}/events", run.id));
        let cancel = may_run.then(|| cancel_form(&run.id));
        view! {
            <PageHead title marks=marks>
                <LinkButton href=here icon=Glyph::RotateCw testid="backup-refresh">{words::REFRESH}</LinkButton>
                {cancel}
            </PageHead>
            <div class="stack" data-events=events data-testid="backup-state">{state(&run)}</div>
            <p class="muted needs-script">{words::LIVE_NOTE}</p>
            <script type="module" src=script></script>
        }
    })
}

fn cancel_form(id: &BackupId) -> impl IntoView + use<> {
    let action = format!("{}/cancelar", address(id));
    view! {
        <Dialog id="cancelar-backup" opener=words::CANCEL title=words::CANCEL_TITLE testid="backup-cancel">
            <p>{words::CANCEL_BODY}</p>
            <form method="post" action=action>
                <Button kind=ButtonKind::Danger testid="backup-cancel-confirm">{words::CANCEL_CONFIRM}</Button>
            </form>
        </Dialog>
    }
}

/// How the run is now: the step, how far, and each collection.
fn state(run: &BackupRun) -> AnyView {
    let progress = &run.progress;
    let detail =
        words::read_so_far(i64::from(progress.done), i64::from(progress.namespaces), unsigned(progress.documents));
    let of = progress.permille.map(|permille| (u64::try_from(permille).unwrap_or(0), 1000)).or_else(|| {
        let total = u64::try_from(progress.namespaces).unwrap_or(0);
        (run.status == State::Scanning && total > 0).then(|| (u64::try_from(progress.done).unwrap_or(0), total))
    });
    let label = words::doing(run.status);
    let bar = match of {
        Some(of) => view! { <Progress label of detail testid="backup-progress"/> }.into_any(),
        None => view! { <Progress label detail testid="backup-progress"/> }.into_any(),
    };
    let current =
        (!progress.current.is_empty()).then(|| view! { <p class="muted mono">{progress.current.clone()}</p> });
    let collections = progress
        .collections
        .iter()
        .map(|collection| {
            let tone = if collection.is_done { Tone::Good } else { Tone::Info };
            view! {
                <li data-testid="backup-collection">
                    <Status tone label=collection.namespace.clone()/>
                    <span class="muted">{integer(collection.documents)}</span>
                </li>
            }
        })
        .collect_view();
    let has_collections = !progress.collections.is_empty();
    view! {
        {bar}
        {current}
        {has_collections.then(|| view! {
            <section class="stack">
                <h2>{words::COLLECTIONS_READ}</h2>
                <ul class="backup-collections">{collections}</ul>
            </section>
        })}
        {(!run.steps.is_empty()).then(|| view! {
            <section class="stack">
                <h2>{words::STEPS_SO_FAR}</h2>
                {proof::timeline(run)}
            </section>
        })}
    }
    .into_any()
}

/// `GET /api/backups/{id}/events`: server-sent events, each the moving part of the page as HTML; the last one says that
/// the run is over.
pub async fn events(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    service::load(&ctx, &id).await?;
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        // nginx would collect the events.
        (header::HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    let (until, mut told) = (Instant::now() + WATCH, String::new());
    let events = async_stream::stream! {
        yield Ok::<_, Infallible>(Bytes::from_static(b"retry: 2000\n\n"));
        while Instant::now() < until {
            // Whoever watches comes back when the database does.
            let Ok(run) = service::load(&ctx, &id).await else { break };
            if run.status.is_over() {
                yield Ok(event("over", ""));
                break;
            }
            let html = state(&run).to_html();
            if html != told {
                yield Ok(event("state", &html));
                told = html;
            }
            tokio::select! {
                () = ctx.app.stopping.begun() => break,
                () = tokio::time::sleep(LOOK) => {}
            }
        }
    };
    Ok((headers, Body::from_stream(events)).into_response())
}

/// One event; a JSON string has no line break that could end it early.
fn event(name: &str, html: &str) -> Bytes {
    format!("event: {name}\ndata: {}\n\n", serde_json::Value::from(html)).into()
}
