//! Deliveries to the application, signed as each service signs them, and spoilt on request.
//!
//! `POST /_control/deliveries` sends one: `{"service":"sentry","resource":"event_alert","spoil":"stale","body":{…}}`. The
//! answer says what the application answered and how long it took, so that a test or a person sees both ends.

use std::time::{Duration, Instant};

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Twins;
use crate::webhooks::sign_sentry;

/// Most remembered deliveries.
const KEPT: usize = 100;

/// How a delivery is spoilt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Spoil {
    /// Not at all.
    #[default]
    Nothing,
    /// Signed with another secret, or another token.
    WrongSecret,
    /// One byte of the body changed after signing.
    ChangedByte,
    /// The body's JSON written anew with other spacing after signing.
    Reserialised,
    /// No signature or token at all.
    MissingProof,
    /// The signature in upper-case letters.
    UpperCase,
    /// A timestamp of an hour ago.
    Stale,
    /// A resource nobody knows.
    UnknownResource,
    /// No body, signed.
    Empty,
    /// 300 KB of body.
    Large,
}

/// What is asked for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// `sentry` or `uptimerobot`.
    pub service: String,
    /// Sentry's resource.
    #[serde(default = "event_alert")]
    pub resource: String,
    /// The payload; made up when there is none.
    #[serde(default)]
    pub body: Option<Value>,
    /// How it is spoilt.
    #[serde(default)]
    pub spoil: Spoil,
    /// How often the very same body is sent, each time with a new request id.
    #[serde(default = "once")]
    pub times: u16,
}

fn event_alert() -> String {
    "event_alert".into()
}

fn once() -> u16 {
    1
}

/// A delivery that was made.
#[derive(Clone, Debug, Serialize)]
pub struct Delivered {
    /// What was sent, in a word.
    pub what: String,
    /// The application's status; `None` when nobody answered.
    pub status: Option<u16>,
    /// How long it took.
    pub milliseconds: u128,
}

/// The newest deliveries, newest last.
#[derive(Default)]
pub struct Deliveries(std::sync::Mutex<std::collections::VecDeque<Delivered>>);

impl Deliveries {
    /// Everything remembered.
    pub fn all(&self) -> Vec<Delivered> {
        self.lock().iter().cloned().collect()
    }

    fn push(&self, delivered: Delivered) {
        let mut kept = self.lock();
        if kept.len() == KEPT {
            kept.pop_front();
        }
        kept.push_back(delivered);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, std::collections::VecDeque<Delivered>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// The control's address.
pub fn router(twins: Twins) -> Router {
    Router::new().route("/_control/deliveries", post(deliver)).with_state(twins)
}

async fn deliver(State(twins): State<Twins>, Json(asked): Json<Asked>) -> Response {
    let mut delivered = Vec::new();
    for _ in 0..asked.times.clamp(1, 1000) {
        let one = match asked.service.as_str() {
            "sentry" => sentry(&twins, &asked.resource, asked.body.clone(), asked.spoil).await,
            "uptimerobot" => {
                let body = asked.body.clone().unwrap_or_default().to_string();
                uptimerobot(&twins, "down", Way::Json, body, asked.spoil).await
            }
            _ => return StatusCode::NOT_FOUND.into_response(),
        };
        delivered.push(one);
    }
    Json(delivered).into_response()
}

/// Sends what Sentry would; `body` as it is, or an error of our making.
pub async fn sentry(twins: &Twins, resource: &str, body: Option<Value>, spoil: Spoil) -> Delivered {
    let mut signed = match spoil {
        Spoil::Empty => String::new(),
        _ => body.unwrap_or_else(made_up).to_string(),
    };
    if spoil == Spoil::Large {
        signed = signed.replacen('{', &format!("{{\"padding\":\"{}\",", "x".repeat(300 * 1024)), 1);
    }
    let secret = if spoil == Spoil::WrongSecret { "another secret" } else { &twins.settings.sentry_client_secret };
    let mut signature = sign_sentry(&secret.into(), signed.as_bytes());
    if spoil == Spoil::UpperCase {
        signature = signature.to_uppercase();
    }
    let sent = match spoil {
        Spoil::ChangedByte => signed.replacen('"', "'", 1),
        Spoil::Reserialised => signed.replace("\",\"", "\", \""),
        _ => signed,
    };
    let age = if spoil == Spoil::Stale { Duration::from_secs(3600) } else { Duration::ZERO };
    let resource = if spoil == Spoil::UnknownResource { "preprod_artifact" } else { resource };
    let mut headers = vec![
        ("sentry-hook-resource", resource.to_owned()),
        ("sentry-hook-timestamp", (twins.clock.now() - age).as_second().to_string()),
        ("request-id", uuid::Uuid::new_v4().to_string()),
    ];
    if spoil != Spoil::MissingProof {
        headers.push(("sentry-hook-signature", signature));
    }
    send(twins, format!("sentry {resource}"), "/api/notifications/webhooks/sentry", headers, Some(sent)).await
}

/// How UptimeRobot sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The filled-in template as the body.
    Json,
    /// The classic alert contact: a query, by `GET`, with its token.
    Query,
}

/// Sends what UptimeRobot would: a body, or a query.
pub async fn uptimerobot(twins: &Twins, what: &str, way: Way, text: String, spoil: Spoil) -> Delivered {
    let token = if spoil == Spoil::WrongSecret { "another token" } else { &twins.settings.uptimerobot_token };
    let path = "/api/notifications/webhooks/uptimerobot";
    let what = format!("uptimerobot {what}");
    match way {
        Way::Json => {
            let proof = ("authorization", format!("Bearer {token}"));
            let headers = if spoil == Spoil::MissingProof { Vec::new() } else { vec![proof] };
            send(twins, what, path, headers, Some(text)).await
        }
        Way::Query => send(twins, what, &format!("{path}?token={token}&{text}"), Vec::new(), None).await,
    }
}

async fn send(
    twins: &Twins,
    what: String,
    path: &str,
    headers: Vec<(&'static str, String)>,
    body: Option<String>,
) -> Delivered {
    let begun = Instant::now();
    let status = match twins.app_url.get() {
        None => None,
        Some(app) => {
            let address = format!("{app}{path}");
            let request = match body {
                Some(body) => twins.http.post(address).header("content-type", "application/json").body(body),
                None => twins.http.get(address),
            };
            let request = headers.into_iter().fold(request, |request, (name, value)| request.header(name, value));
            request.send().await.ok().map(|answer| answer.status().as_u16())
        }
    };
    let delivered = Delivered { what, status, milliseconds: begun.elapsed().as_millis() };
    twins.deliveries.push(delivered.clone());
    delivered
}

/// An error of nobody's.
fn made_up() -> Value {
    let event = uuid::Uuid::new_v4().simple().to_string();
    json!({
        "action": "triggered",
        "installation": { "uuid": "7a485448-a9e2-4c85-8a3c-4f44175783c9" },
        "data": {
            "event": {
                "event_id": event, "issue_id": "4711", "title": "panic: order total mismatch",
                "culprit": "POST /checkout", "level": "error", "environment": "production", "project": 1001,
                "web_url": format!("https://acme.sentry.io/issues/4711/events/{event}/"),
            },
            "triggered_rule": "Pagos: error nuevo",
        },
        "actor": { "type": "application", "id": "sentry", "name": "Sentry" },
    })
}
