//! `/admin/jobs`: what runs by itself, what waits, what couldn't be done, and each run.

mod list;
mod run;

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path};
use axum::response::Response;
use bson::DateTime;
use jiff::Timestamp;
use leptos::prelude::*;
use serde::Deserialize;

pub use list::list;
pub use run::{live, show};

use super::record::JobRun;
use super::service;
use crate::ctx::Ctx;
use crate::db::timestamp;
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::{format, jobs as words};
use crate::ui::{Button, ButtonKind, Dialog, Glyph};
use crate::web::forms;

/// Where the list is.
const PATH: &str = "/admin/jobs";

/// The form that starts a job.
#[derive(Deserialize)]
pub struct Wanted {
    job: String,
}

/// `POST /admin/jobs/run`: starts a scheduled job now and goes to its run.
pub async fn run_now(ctx: Ctx, form: Result<Form<Wanted>, FormRejection>) -> Result<Response, Failure> {
    let Form(Wanted { job }) = form.map_err(|_| AppError::Malformed)?;
    let id = service::run_now(&ctx, &job).await?;
    forms::done(&ctx, &address(&id), words::RUN_NOW_DONE).await
}

/// `POST /admin/jobs/runs/{id}/retry`: puts a dead letter back into the queue.
pub async fn retry(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    service::retry(&ctx, &id).await?;
    forms::done(&ctx, &address(&id), words::RETRY_DONE).await
}

/// `POST /admin/jobs/runs/{id}/discard`: gives a dead letter up.
pub async fn discard(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    service::discard(&ctx, &id).await?;
    forms::done(&ctx, PATH, words::DISCARD_DONE).await
}

/// `POST /admin/jobs/runs/{id}/cancel`: ends a run.
pub async fn cancel(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    service::cancel(&ctx, &id).await?;
    forms::done(&ctx, &address(&id), words::CANCEL_DONE).await
}

/// The page of a run.
fn address(id: &str) -> String {
    format!("{PATH}/runs/{id}")
}

/// A moment as people say it, with the exact one behind it.
fn moment(at: DateTime, now: Timestamp) -> AnyView {
    match timestamp(at) {
        None => words::NONE.into_any(),
        Some(at) => {
            view! { <time datetime=format::machine(at) title=format::exact(at)>{format::moment(at, now)}</time> }
                .into_any()
        }
    }
}

/// How long a run took, or has taken so far.
fn duration(started: Option<DateTime>, finished: Option<DateTime>, now: Timestamp) -> Option<String> {
    let started = timestamp(started?)?;
    let until = match finished.and_then(timestamp) {
        // The end of an earlier attempt.
        Some(finished) if finished >= started => finished,
        _ => now,
    };
    Some(format::duration(until.duration_since(started)))
}

/// The two ways out of a dead letter.
fn ways_out(run: &JobRun) -> impl IntoView + use<> {
    let dialog = format!("discard-{}", run.id.replace(|c: char| !c.is_ascii_alphanumeric(), "-"));
    let name = words::job_or_name(&run.job);
    let (retry, discard) = (format!("{}/retry", address(&run.id)), format!("{}/discard", address(&run.id)));
    view! {
        <form method="post" action=retry>
            <Button icon=Glyph::RotateCw testid="job-retry">{words::RETRY}</Button>
        </form>
        <Dialog id=dialog opener=words::DISCARD title=words::DISCARD_TITLE kind=ButtonKind::Plain testid="job-discard">
            <p><strong>{name}</strong></p>
            <p>{words::DISCARD_BODY}</p>
            <form method="post" action=discard>
                <Button kind=ButtonKind::Danger testid="job-discard-confirm">{words::DISCARD_CONFIRM}</Button>
            </form>
        </Dialog>
    }
}
