//! What the pages post: a new backup, its end, a hold.

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path};
use axum::response::Response;
use serde::Deserialize;

use super::service::{self, Asked};
use super::{PATH, address};
use crate::ctx::Ctx;
use crate::error::{AppError, FieldProblem};
use crate::failure::Failure;
use crate::i18n::backup::{pages as words, run};
use crate::web::forms::{done, refused};

/// The field that a refusal of the whole form is filed under.
pub(super) const FORM: &str = "form";
/// The only field of most forms here.
pub(super) const REASON: &str = "reason";

/// A form that may say why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Why {
    #[serde(default)]
    reason: String,
}

/// `POST /admin/backups`: asks for a backup and goes to its page.
pub async fn start(ctx: Ctx, form: Result<Form<Why>, FormRejection>) -> Result<Response, Failure> {
    let Form(Why { reason }) = form.map_err(|_| AppError::Malformed)?;
    let problem = match service::ask(&ctx, reason.trim()).await {
        Ok(Asked::Queued(id)) => return done(&ctx, &address(&id), words::STARTED).await,
        Ok(Asked::UnderWay(id)) => return done(&ctx, &address(&id), run::under_way(&id)).await,
        Ok(Asked::Refused(why)) => vec![FieldProblem::new(FORM, why)],
        Err(Failure::Refused(AppError::Invalid(problems))) => problems,
        Err(failure) => return Err(failure),
    };
    refused(&ctx, PATH, problem, [(REASON, reason)]).await
}

/// `POST /admin/backups/{id}/cancelar`.
pub async fn cancel(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    let said = if service::cancel(&ctx, &id).await? { words::CANCELLED } else { words::ALREADY_OVER };
    done(&ctx, &format!("{PATH}/{id}"), said).await
}

/// `POST /admin/backups/{id}/conservar`.
pub async fn hold(
    ctx: Ctx,
    Path(id): Path<String>,
    form: Result<Form<Why>, FormRejection>,
) -> Result<Response, Failure> {
    let Form(Why { reason }) = form.map_err(|_| AppError::Malformed)?;
    let back = format!("{PATH}/{id}");
    match service::hold(&ctx, &id, Some(&reason)).await {
        Ok(()) => done(&ctx, &back, words::HOLD_DONE).await,
        Err(Failure::Refused(AppError::Invalid(problems))) => refused(&ctx, &back, problems, [(REASON, reason)]).await,
        Err(failure) => Err(failure),
    }
}

/// `POST /admin/backups/{id}/soltar`.
pub async fn release(ctx: Ctx, Path(id): Path<String>) -> Result<Response, Failure> {
    service::hold(&ctx, &id, None).await?;
    done(&ctx, &format!("{PATH}/{id}"), words::RELEASE_DONE).await
}
