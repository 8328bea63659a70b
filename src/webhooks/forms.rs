//! What people post: process a delivery again, try a connection.

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path};
use axum::response::Response;
use serde::Deserialize;

use super::model::Source;
use super::probe::Outcome;
use super::{pages, service};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::webhooks as words;
use crate::web::flash::{Flash, Notice, Tone};
use crate::web::forms;

/// Which connection to try.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProbeForm {
    source: String,
}

/// `POST /admin/notifications/webhooks/{id}/reprocesar`.
pub async fn replay(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let to = pages::delivery_path(&id);
    match service::replay(&ctx, &id).await {
        Ok(()) => forms::done(&ctx, &to, words::REPLAYED).await,
        Err(Failure::Refused(AppError::Conflict)) => say(&ctx, &to, Tone::Error, words::STILL_WAITS.into()).await,
        Err(failure) => Err(failure),
    }
}

/// `POST /admin/notifications/webhooks/probar`.
pub async fn probe(ctx: Ctx, form: Result<Form<ProbeForm>, FormRejection>) -> Result<Response, Failure> {
    let Ok(Form(form)) = form else { return Err(AppError::Malformed.into()) };
    let source = Source::parse(&form.source).ok_or(AppError::Malformed)?;
    let outcome = service::probe(&ctx, source).await?;
    let tone = if matches!(outcome, Outcome::Taken { .. }) { Tone::Success } else { Tone::Error };
    let text = match outcome {
        Outcome::Taken { milliseconds } => words::probe_taken(source, milliseconds),
        Outcome::Answered { status } => words::probe_answered(status),
        Outcome::Unreachable { why } => words::probe_unreachable(&ctx.app.config.base_url, &why),
        Outcome::NotConfigured => words::probe_not_configured(source),
    };
    say(&ctx, pages::GUIDE_PATH, tone, text).await
}

async fn say(ctx: &Ctx, to: &str, tone: Tone, text: String) -> Result<Response, Failure> {
    forms::redirect_with(ctx, to, Flash { notice: Some(Notice { tone, text }), ..Flash::default() }).await
}
