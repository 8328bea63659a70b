//! The twin of Sentry: takes envelopes and check-ins as strictly as the real one, remembers them, and reports every error
//! to the application by a signed webhook, as an alert rule «on every event» would.

mod envelope;
mod hook;
mod pages;
mod received;

use std::io::Read;

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, post};
use axum::{Json, Router};
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;
use serde_json::{Value, json};

pub use envelope::Item;
pub use pages::pages;
pub use received::{CheckIn, Received};

use self::envelope::Envelope;
use super::Twins;
use super::settings::SENTRY_PROJECT;

/// Largest envelope as it arrives, in bytes.
const COMPRESSED_LIMIT: usize = 20 * 1024 * 1024;
/// Largest envelope when unpacked, in bytes.
const UNPACKED_LIMIT: u64 = 100 * 1024 * 1024;
/// Largest event, in bytes.
const EVENT_LIMIT: usize = 1024 * 1024;
/// Largest check-in, in bytes.
const CHECK_IN_LIMIT: usize = 100 * 1024;

/// Sentry's own addresses.
pub fn router(twins: Twins) -> Router {
    Router::new()
        .route("/api/{project}/envelope/", post(envelope))
        .route("/api/{project}/cron/{slug}/{key}/", any(cron))
        .layer(DefaultBodyLimit::max(COMPRESSED_LIMIT))
        .with_state(twins)
}

#[derive(Deserialize)]
struct KeyInQuery {
    sentry_key: Option<String>,
}

async fn envelope(
    State(twins): State<Twins>,
    Path(project): Path<String>,
    Query(query): Query<KeyInQuery>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let Some(body) = unpack(&headers, &body) else { return refuse(StatusCode::BAD_REQUEST, "unreadable encoding") };
    if body.len() as u64 > UNPACKED_LIMIT {
        return refuse(StatusCode::PAYLOAD_TOO_LARGE, "envelope too large");
    }
    let envelope = match Envelope::parse(&body) {
        Ok(envelope) => envelope,
        Err(problem) => return refuse(StatusCode::BAD_REQUEST, problem),
    };
    match key(&headers, query.sentry_key, &envelope) {
        None => return refuse(StatusCode::UNAUTHORIZED, "no key"),
        Some(key) if key != twins.settings.sentry_key || project != SENTRY_PROJECT => {
            return refuse(StatusCode::FORBIDDEN, "unknown key or project");
        }
        Some(_) => {}
    }
    for item in &envelope.items {
        let limit = match item.kind.as_str() {
            "event" => EVENT_LIMIT,
            "check_in" => CHECK_IN_LIMIT,
            _ => continue,
        };
        if item.bytes > limit {
            return refuse(StatusCode::PAYLOAD_TOO_LARGE, "item too large");
        }
    }
    let id = envelope.id();
    for event in envelope.items.iter().filter(|item| item.kind == "event") {
        tokio::spawn(hook::report(twins.clone(), event.payload.clone()));
    }
    twins.sentry.take(twins.clock.now(), envelope, String::from_utf8_lossy(&body).into_owned());
    Json(json!({ "id": id })).into_response()
}

/// A check-in without the SDK: the slug and the state stand in the address.
async fn cron(
    State(twins): State<Twins>,
    Path((project, slug, key)): Path<(String, String, String)>,
    Query(mut said): Query<serde_json::Map<String, Value>>,
) -> Response {
    if key != twins.settings.sentry_key || project != SENTRY_PROJECT {
        return refuse(StatusCode::FORBIDDEN, "unknown key or project");
    }
    said.insert("monitor_slug".into(), slug.into());
    match twins.sentry.check_in(twins.clock.now(), &Value::Object(said)) {
        Ok(()) => StatusCode::ACCEPTED.into_response(),
        Err(problem) => refuse(StatusCode::BAD_REQUEST, problem),
    }
}

fn refuse(status: StatusCode, detail: &str) -> Response {
    (status, Json(json!({ "detail": detail }))).into_response()
}

/// The body as it was before it was compressed; `None` when it isn't what its header says.
fn unpack(headers: &HeaderMap, body: &Bytes) -> Option<Vec<u8>> {
    match headers.get(header::CONTENT_ENCODING).map(|encoding| encoding.as_bytes()) {
        None | Some(b"identity") => Some(body.to_vec()),
        Some(b"gzip") => {
            let mut unpacked = Vec::new();
            let mut reader = flate2::read::GzDecoder::new(body.as_ref()).take(UNPACKED_LIMIT + 1);
            reader.read_to_end(&mut unpacked).ok()?;
            Some(unpacked)
        }
        Some(_) => None,
    }
}

/// The public key: in the header, in the query, or in the DSN of the envelope itself.
fn key(headers: &HeaderMap, in_query: Option<String>, envelope: &Envelope) -> Option<String> {
    let in_header = headers.get("x-sentry-auth").and_then(|value| value.to_str().ok()).and_then(|auth| {
        let fields = auth.trim_start_matches("Sentry ").split(',');
        fields.map(str::trim).find_map(|field| field.strip_prefix("sentry_key=")).map(str::to_owned)
    });
    let in_envelope = || {
        let dsn = envelope.headers["dsn"].as_str()?.parse::<http::Uri>().ok()?;
        dsn.authority()?.as_str().split_once('@').map(|(key, _)| key.to_owned())
    };
    in_header.or(in_query).or_else(in_envelope)
}
