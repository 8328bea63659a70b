//! What staff does with one delivery.

use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use serde::Deserialize;

use crate::applications::service as applications;
use crate::ctx::Ctx;
use crate::deliverables::service::{self as service, Urls};
use crate::error::{AppError, FieldProblem};
use crate::failure::Failure;
use crate::i18n::desk as words;
use crate::values::DeliverableId;
use crate::web::forms::{answered, refused};

/// Every field of every form of the page; each form has some of them.
#[derive(Debug, Default, Deserialize)]
pub struct Fields {
    #[serde(default)]
    nota: String,
    #[serde(default)]
    instagram_url: String,
    #[serde(default)]
    tiktok_url: String,
    #[serde(default)]
    conservar: Option<String>,
}

fn page(id: &DeliverableId) -> String {
    format!("/admin/deliverables/{id}")
}

fn filled(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Back to the page: with what was done, why not, or the refused form with what was typed in it.
async fn told(
    ctx: &Ctx,
    id: &DeliverableId,
    form: &'static str,
    fields: Fields,
    result: Result<(), Failure>,
    said: &'static str,
) -> Result<Response, Failure> {
    let Err(Failure::Refused(AppError::Invalid(problems))) = result else {
        return answered(ctx, &page(id), result, said).await;
    };
    // Which of the page's forms it was says a field that none has.
    let named = |problem: FieldProblem| match problem.field.as_str() {
        "note" | "reason" => FieldProblem::new(form, problem.message),
        _ => problem,
    };
    let typed = [(form, fields.nota), ("instagram_url", fields.instagram_url), ("tiktok_url", fields.tiktok_url)];
    refused(ctx, &page(id), problems.into_iter().map(named).collect(), typed).await
}

/// `POST /admin/deliverables/{id}/aprobar`.
pub async fn approve(ctx: Ctx, Path(id): Path<String>, Form(fields): Form<Fields>) -> Result<Response, Failure> {
    let id = DeliverableId::of(id);
    let result = service::approve(&ctx, &id, filled(&fields.nota)).await;
    told(&ctx, &id, "aprobar", fields, result, words::APPROVED_NOW).await
}

/// `POST /admin/deliverables/{id}/cambios`.
pub async fn request_changes(
    ctx: Ctx,
    Path(id): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Failure> {
    let id = DeliverableId::of(id);
    let result = service::request_changes(&ctx, &id, fields.nota.clone()).await;
    told(&ctx, &id, "cambios", fields, result, words::CHANGES_ASKED).await
}

/// `POST /admin/deliverables/{id}/rechazar`.
pub async fn reject(ctx: Ctx, Path(id): Path<String>, Form(fields): Form<Fields>) -> Result<Response, Failure> {
    let id = DeliverableId::of(id);
    let result = service::reject(&ctx, &id, fields.nota.clone()).await;
    told(&ctx, &id, "rechazar", fields, result, words::REFUSED_NOW).await
}

/// `POST /admin/deliverables/{id}/completar`.
pub async fn complete(ctx: Ctx, Path(id): Path<String>, Form(fields): Form<Fields>) -> Result<Response, Failure> {
    let id = DeliverableId::of(id);
    let result = service::complete(&ctx, &id).await;
    told(&ctx, &id, "completar", fields, result, words::COMPLETED_NOW).await
}

/// `POST /admin/deliverables/{id}/urls`.
pub async fn edit_urls(ctx: Ctx, Path(id): Path<String>, Form(fields): Form<Fields>) -> Result<Response, Failure> {
    let id = DeliverableId::of(id);
    let urls = Urls { instagram: filled(&fields.instagram_url), tiktok: filled(&fields.tiktok_url) };
    let result = service::edit_urls(&ctx, &id, urls).await;
    told(&ctx, &id, "urls", fields, result, words::URLS_EDITED).await
}

/// `POST /admin/deliverables/{id}/resetear`.
pub async fn reset_urls(ctx: Ctx, Path(id): Path<String>, Form(fields): Form<Fields>) -> Result<Response, Failure> {
    let id = DeliverableId::of(id);
    let result = service::reset_urls(&ctx, &id, fields.conservar.is_some()).await;
    told(&ctx, &id, "resetear", fields, result, words::URLS_RESET).await
}

/// `POST /admin/deliverables/{id}/resetear-metricas`.
pub async fn reset_metrics(ctx: Ctx, Path(id): Path<String>, Form(fields): Form<Fields>) -> Result<Response, Failure> {
    let id = DeliverableId::of(id);
    let result = service::reset_metrics(&ctx, &id).await;
    told(&ctx, &id, "resetear", fields, result, words::METRICS_RESET).await
}

/// `POST /admin/deliverables/{id}/cancelar`: the whole participation.
pub async fn cancel(ctx: Ctx, Path(id): Path<String>, Form(fields): Form<Fields>) -> Result<Response, Failure> {
    let id = DeliverableId::of(id);
    let delivery = super::service::one(&ctx, &id).await?.delivery;
    let result = applications::cancel(&ctx, &delivery.application_id, fields.nota.clone()).await;
    told(&ctx, &id, "cancelar", fields, result, words::CANCELLED).await
}
