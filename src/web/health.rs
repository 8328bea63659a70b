//! What watchdogs ask: is the process alive, can it do its work, how much of it is there. None of it needs a session, sets
//! a cookie or says more than it has to.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use secrecy::ExposeSecret;
use serde_json::json;
use subtle::ConstantTimeEq;

use crate::backup::run::health::look;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::failure::Failure;
use crate::monitoring::metrics as figures;

/// `GET /health`: the process answers; nothing else is asked.
pub async fn health() -> &'static str {
    "ok"
}

/// `GET /ready`: the process can do its work; 503 with the names of what it can't otherwise. Kept for two seconds, so that
/// no number of watchdogs loads the database.
pub async fn ready(ctx: Ctx) -> Response {
    let report = ctx.app.readiness.look(&ctx.app).await;
    if report.failed.is_empty() {
        return Json(json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") })).into_response();
    }
    let failed: serde_json::Map<_, _> =
        report.failed.iter().map(|check| (check.as_str().to_owned(), "fail".into())).collect();
    let mut response =
        (StatusCode::SERVICE_UNAVAILABLE, Json(json!({ "status": "degraded", "checks": failed }))).into_response();
    response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    response
}

/// `GET /health/backup`: there is a complete backup of the last 26 hours, and one in two stores of the last eight days when
/// two are configured; 503 with the names of what there isn't otherwise.
pub async fn backup(ctx: Ctx) -> Result<Response, Failure> {
    let app = &ctx.app;
    let health = look(&app.db.operations(), &app.config.backups, app.clock.now()).await?;
    if health.failed.is_empty() {
        return Ok(Json(json!({ "status": "ok" })).into_response());
    }
    let failed: serde_json::Map<_, _> = health.failed.iter().map(|name| ((*name).to_owned(), "fail".into())).collect();
    let told = Json(json!({ "status": "degraded", "checks": failed }));
    Ok((StatusCode::SERVICE_UNAVAILABLE, told).into_response())
}

/// `GET /health/forms`: there is nothing to watch until forms exist.
pub async fn not_yet() -> Failure {
    AppError::NotFound.into()
}

/// `GET /metrics` for Prometheus, with the token as bearer. Without a configured token there is no such page.
pub async fn metrics(ctx: Ctx, headers: HeaderMap) -> Result<Response, Failure> {
    let Some(token) = &ctx.app.config.integrations.metrics_token else { return Err(AppError::NotFound.into()) };
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.as_bytes().strip_prefix(b"Bearer "));
    let is_known = given.is_some_and(|given| given.ct_eq(token.expose_secret().as_bytes()).into());
    if !is_known {
        return Err(AppError::Unauthenticated.into());
    }
    let report = ctx.app.readiness.look(&ctx.app).await;
    figures::observe(&report);
    let Some(text) = figures::render() else { return Err(AppError::NotFound.into()) };
    Ok(([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text).into_response())
}
