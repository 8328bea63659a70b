//! The twin of Resend: takes messages as strictly as the real one, keeps them for people and tests, and reports what
//! becomes of them by signed webhooks.
//!
//! What a message is for decides what happens to it, by the part of the address before `@` (or `+`): `rate`, `quota`,
//! `down`, `edge`, `key` are refused as their names say, `slow` is in flight for a while, `bounced`, `soft`, `complained`,
//! `delayed`, `suppressed` and `lost` are taken and end that way. Everything else is delivered.

mod check;
mod hook;
mod mailbox;
mod pages;

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, post};
use axum::{Json, Router};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde_json::{Value, json};

pub use hook::{Oddity, signature};
pub use mailbox::{Mailbox, Message};
pub use pages::pages;

use self::check::Problem;
use self::mailbox::Begun;
use super::Twins;

/// Bytes of a request; the service's own limit is checked after.
const BODY_LIMIT: usize = 64 * 1024 * 1024;
/// How long a message to `slow@` is in flight.
const IN_FLIGHT: Duration = Duration::from_millis(400);

/// Resend's own addresses.
pub fn router(twins: Twins) -> Router {
    Router::new()
        .route("/emails", post(send).get(restricted))
        .route("/emails/batch", post(batch))
        .route("/emails/{id}", any(restricted))
        .route("/domains", any(restricted))
        .route("/webhooks", any(restricted))
        .route("/suppressions", any(restricted))
        .route("/api-keys", any(restricted))
        .fallback(async || refuse(Problem::new(404, "not_found", "The requested endpoint does not exist")))
        .method_not_allowed_fallback(async || {
            refuse(Problem::new(405, "method_not_allowed", "Method is not allowed for the requested path"))
        })
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .with_state(twins)
}

/// What a sending key may not do.
async fn restricted(State(twins): State<Twins>, headers: HeaderMap) -> Response {
    match authorise(&twins, &headers) {
        Err(problem) => refuse(problem),
        Ok(()) => refuse(Problem::new(401, "restricted_api_key", "This API key is restricted to only send emails")),
    }
}

async fn send(State(twins): State<Twins>, headers: HeaderMap, body: Bytes) -> Response {
    to_the_end(async move {
        take(&twins, &headers, &body, |body| Ok((vec![check::message(body, false)?], Vec::new()))).await
    })
    .await
}

async fn batch(State(twins): State<Twins>, headers: HeaderMap, body: Bytes) -> Response {
    let is_permissive = headers.get("x-batch-validation").is_some_and(|mode| mode.as_bytes() == b"permissive");
    to_the_end(async move { take(&twins, &headers, &body, |body| check::batch(body, is_permissive)).await }).await
}

/// A client that goes away doesn't stop what it asked for.
async fn to_the_end(answer: impl Future<Output = Response> + Send + 'static) -> Response {
    tokio::spawn(answer).await.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

/// Messages taken, and the places and problems of those that weren't.
type Checked = (Vec<check::Checked>, Vec<(usize, Problem)>);

/// The way of every sending request: key, rate, idempotency, contents.
async fn take(
    twins: &Twins,
    headers: &HeaderMap,
    body: &Bytes,
    read: impl Fn(&Value) -> Result<Checked, Problem> + Send + Sync,
) -> Response {
    if let Err(problem) = authorise(twins, headers) {
        return refuse(problem);
    }
    let rate = twins.resend.draw();
    let answer = if rate.is_empty {
        let mut answer = refuse(Problem::new(429, "rate_limit_exceeded", "Too many requests"));
        answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        answer
    } else {
        within_rate(twins, headers, body, read).await.unwrap_or_else(refuse)
    };
    with_rate(answer, &rate)
}

async fn within_rate(
    twins: &Twins,
    headers: &HeaderMap,
    body: &Bytes,
    read: impl Fn(&Value) -> Result<Checked, Problem> + Send + Sync,
) -> Result<Response, Problem> {
    let key = idempotency_key(headers)?;
    let value: Value =
        serde_json::from_slice(body).map_err(|_| Problem::new(400, "validation_error", "The body is not JSON"))?;
    let now = twins.clock.now();
    if let Some(key) = &key {
        match twins.resend.begin(key, body, now) {
            Begun::New => {}
            Begun::Done(answer) => return Ok(Json(answer).into_response()),
            Begun::InFlight => {
                let words = "Same idempotency key used while original request is still in progress";
                return Err(Problem::new(409, "concurrent_idempotent_requests", words));
            }
            Begun::Different => {
                let words = "Same idempotency key used with a different request payload";
                return Err(Problem::new(409, "invalid_idempotent_request", words));
            }
        }
    }
    let taken = accept(twins, headers, &value, read).await;
    if let Some(key) = &key {
        twins.resend.end(key, taken.as_ref().ok(), now);
    }
    taken.map(|answer| Json(answer).into_response())
}

/// Checks and keeps; the answer's body.
async fn accept(
    twins: &Twins,
    headers: &HeaderMap,
    value: &Value,
    read: impl Fn(&Value) -> Result<Checked, Problem> + Send + Sync,
) -> Result<Value, Problem> {
    let (messages, problems) = read(value)?;
    for message in &messages {
        check::sender(&message.from)?;
        check::trigger(&message.to)?;
    }
    if messages.iter().any(|message| check::mark(&message.to) == "slow") {
        tokio::time::sleep(IN_FLIGHT).await;
    }
    let headers: Vec<(String, String)> = headers
        .iter()
        .filter(|(name, _)| *name != header::AUTHORIZATION)
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()))
        .collect();
    let mut ids = Vec::new();
    for checked in messages {
        let message = twins.resend.keep(checked, headers.clone(), twins.clock.now());
        ids.push(json!({ "id": message.id }));
        tokio::spawn(hook::report(twins.clone(), message));
    }
    if value.is_array() {
        let errors: Vec<Value> =
            problems.iter().map(|(index, problem)| json!({ "index": index, "message": problem.message })).collect();
        return Ok(json!({ "data": ids, "errors": errors }));
    }
    Ok(ids.into_iter().next().unwrap_or_default())
}

fn authorise(twins: &Twins, headers: &HeaderMap) -> Result<(), Problem> {
    if headers.get(header::USER_AGENT).is_none_or(|agent| agent.is_empty()) {
        return Err(Problem::new(403, "validation_error", "A User-Agent header is required"));
    }
    let key = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .ok_or_else(|| Problem::new(401, "missing_api_key", "Missing API key in the authorization header"))?;
    if key != twins.settings.resend_api_key {
        return Err(Problem::new(403, "invalid_api_key", "API key is invalid"));
    }
    Ok(())
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(key) = headers.get("idempotency-key") else { return Ok(None) };
    match key.to_str() {
        Ok(key) if (1..=256).contains(&key.chars().count()) => Ok(Some(key.to_owned())),
        _ => Err(Problem::new(400, "invalid_idempotency_key", "The key must be between 1-256 characters")),
    }
}

fn refuse(problem: Problem) -> Response {
    if problem.name == "edge" {
        return (StatusCode::BAD_GATEWAY, [(header::CONTENT_TYPE, "text/html")], "<html>502 Bad Gateway</html>")
            .into_response();
    }
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = json!({ "statusCode": problem.status, "message": problem.message, "name": problem.name });
    (status, Json(body)).into_response()
}

fn with_rate(mut answer: Response, rate: &mailbox::Rate) -> Response {
    let limit = rate.limit;
    for (name, value) in [
        ("ratelimit-limit", limit.to_string()),
        ("ratelimit-remaining", rate.remaining.to_string()),
        ("ratelimit-reset", "1".to_owned()),
        ("ratelimit-policy", format!("{limit};w=1")),
    ] {
        if let Ok(value) = HeaderValue::try_from(value) {
            answer.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    answer
}
