//! The twin of Twilio's messages, as far as WhatsApp needs them.
//!
//! Numbers decide what happens: one that ends in `0000` is no WhatsApp number (400, 63003), in `0001` is answered 429, in
//! `0002` 500. Everything else is queued.

use std::sync::Mutex;

use axum::extract::{Form, Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use http::{HeaderMap, StatusCode, header};
use jiff::Timestamp;
use leptos::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Twins, page};
use crate::i18n::emulators as words;

/// Longest body, in characters.
const BODY_CHARACTERS: usize = 1_600;

/// A message that was taken.
#[derive(Clone, Debug)]
pub struct Sent {
    /// Its id.
    pub sid: String,
    /// When.
    pub at: Timestamp,
    /// `whatsapp:+…`.
    pub from: String,
    /// `whatsapp:+…`.
    pub to: String,
    /// The words.
    pub body: String,
}

/// Everything that was taken.
#[derive(Default)]
pub struct Outgoing(Mutex<Vec<Sent>>);

impl Outgoing {
    /// Oldest first.
    pub fn messages(&self) -> Vec<Sent> {
        self.lock().clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Sent>> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[derive(Deserialize)]
struct Asked {
    #[serde(rename = "From", default)]
    from: String,
    #[serde(rename = "To", default)]
    to: String,
    #[serde(rename = "Body", default)]
    body: String,
}

#[derive(Deserialize)]
struct Search {
    #[serde(rename = "To", default)]
    to: String,
}

/// Twilio's own addresses.
pub fn router(twins: Twins) -> Router {
    Router::new().route("/2010-04-01/Accounts/{account}/Messages.json", post(send).get(list)).with_state(twins)
}

async fn send(
    State(twins): State<Twins>,
    Path(account): Path<String>,
    headers: HeaderMap,
    form: Result<Form<Asked>, axum::extract::rejection::FormRejection>,
) -> Response {
    if let Some(refusal) = refused(&twins, &account, &headers) {
        return refusal;
    }
    let Ok(Form(asked)) = form else { return refuse(400, 21602, "Message body is required.") };
    if asked.to.is_empty() {
        return refuse(400, 21604, "A 'To' phone number is required.");
    }
    if asked.body.is_empty() {
        return refuse(400, 21602, "Message body is required.");
    }
    if asked.body.chars().count() > BODY_CHARACTERS {
        return refuse(400, 21617, "The concatenated message body exceeds the 1600 character limit.");
    }
    if !is_whatsapp(&asked.from) {
        return refuse(400, 63007, "Twilio could not find a Channel with the specified From address");
    }
    if !is_whatsapp(&asked.to) {
        return refuse(400, 21211, "Invalid 'To' Phone Number");
    }
    match &asked.to[asked.to.len() - 4..] {
        "0000" => return refuse(400, 63003, "Channel could not find To address"),
        "0001" => return refuse(429, 20429, "Too Many Requests"),
        "0002" => return refuse(500, 20500, "Internal server error"),
        _ => {}
    }
    let sent = Sent {
        sid: format!("SM{}", hex::encode(uuid::Uuid::new_v4().as_bytes())),
        at: twins.clock.now(),
        from: asked.from,
        to: asked.to,
        body: asked.body,
    };
    let answer = shown(&sent);
    twins.twilio.lock().push(sent);
    (StatusCode::CREATED, Json(answer)).into_response()
}

async fn list(
    State(twins): State<Twins>,
    Path(account): Path<String>,
    headers: HeaderMap,
    Query(search): Query<Search>,
) -> Response {
    if let Some(refusal) = refused(&twins, &account, &headers) {
        return refusal;
    }
    let all = twins.twilio.messages();
    let found: Vec<Value> = all.iter().rev().filter(|sent| sent.to == search.to).map(shown).collect();
    Json(json!({ "messages": found, "page_size": 50 })).into_response()
}

fn shown(sent: &Sent) -> Value {
    let made = jiff::fmt::rfc2822::to_string(&sent.at.to_zoned(jiff::tz::TimeZone::UTC)).unwrap_or_default();
    json!({
        "sid": sent.sid, "status": "queued", "from": sent.from, "to": sent.to, "body": sent.body,
        "date_created": made, "error_code": null, "error_message": null,
    })
}

/// The refusal of a request without the account's credentials.
fn refused(twins: &Twins, account: &str, headers: &HeaderMap) -> Option<Response> {
    let (sid, token) = (&twins.settings.twilio_account_sid, &twins.settings.twilio_auth_token);
    let expected = base64::engine::general_purpose::STANDARD.encode(format!("{sid}:{token}"));
    let said = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if account == sid && said.and_then(|said| said.strip_prefix("Basic ")) == Some(expected.as_str()) {
        return None;
    }
    Some(refuse(401, 20003, "Authenticate"))
}

fn is_whatsapp(address: &str) -> bool {
    address
        .strip_prefix("whatsapp:+")
        .is_some_and(|digits| (8..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()))
}

fn refuse(status: u16, code: i64, message: &str) -> Response {
    let body = json!({ "code": code, "message": message, "status": status });
    (StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST), Json(body)).into_response()
}

/// The pages.
pub fn pages(twins: Twins) -> Router {
    Router::new().route("/", get(messages)).with_state(twins)
}

async fn messages(State(twins): State<Twins>) -> Response {
    let sent = twins.twilio.messages();
    let body = if sent.is_empty() {
        view! { <p class="muted">{words::NO_MESSAGES}</p> }.into_any()
    } else {
        let rows = sent
            .into_iter()
            .rev()
            .map(|sent| view! { <tr><td>{page::moment(sent.at)}</td><td>{sent.to}</td><td><pre>{sent.body}</pre></td></tr> })
            .collect_view();
        view! {
            <div class="scroll">
                <table data-testid="messages">
                    <thead><tr><th>{words::WHEN}</th><th>{words::MAIL_TO}</th><th>{words::MAIL_TEXT}</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
        .into_any()
    };
    page::document("Twilio", view! { <h2>{words::RECEIVED}</h2> {body} }).into_response()
}
