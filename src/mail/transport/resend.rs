//! Resend over HTTP.

use std::time::Duration;

use http::{StatusCode, header};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::pace::Pace;
use super::{Outcome, Said, clip, unanswered};
use crate::mail::model::Row;

/// How long everybody waits after a 429 that doesn't say.
const SLOW: Duration = Duration::from_secs(1);
/// When the same key is in flight: its other request is about to end.
const BUSY: Duration = Duration::from_secs(10);
/// More of an answer isn't read.
const ANSWER_BYTES: usize = 64 * 1024;

/// The client.
pub struct Resend {
    http: reqwest::Client,
    api_key: SecretString,
    send_url: String,
}

/// What is sent. Drawn from the frozen row alone and in this order: the same bytes on every attempt.
#[derive(Serialize)]
struct Body<'a> {
    from: &'a str,
    to: [&'a str; 1],
    subject: &'a str,
    html: &'a str,
    text: &'a str,
    headers: Headers<'a>,
    tags: [Tag<'a>; 1],
}

#[derive(Serialize)]
struct Headers<'a> {
    #[serde(rename = "X-Entity-Ref-ID")]
    reference: &'a str,
    #[serde(rename = "Auto-Submitted")]
    auto_submitted: &'static str,
}

#[derive(Serialize)]
struct Tag<'a> {
    name: &'static str,
    value: &'a str,
}

#[derive(Deserialize)]
struct Accepted {
    id: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Problem {
    name: Option<String>,
    message: Option<String>,
}

impl Resend {
    /// A client; `base_url` without a trailing slash.
    pub fn new(http: reqwest::Client, api_key: SecretString, base_url: &str) -> Self {
        Self { http, api_key, send_url: format!("{base_url}/emails") }
    }

    /// Hands a message over.
    pub async fn send(&self, row: &Row, patience: Duration, pace: &Pace) -> Outcome {
        let request = self
            .http
            .post(&self.send_url)
            .bearer_auth(self.api_key.expose_secret())
            .header(header::CONTENT_TYPE, "application/json")
            .header("Idempotency-Key", &row.idempotency_key)
            .timeout(patience)
            .body(body(row));
        let mut answer = match request.send().await {
            Ok(answer) => answer,
            Err(error) => return unanswered(&error),
        };
        pace.learn(answer.headers());
        let retry_after = answer
            .headers()
            .get(header::RETRY_AFTER)
            .and_then(|value| value.to_str().ok()?.trim().parse::<f64>().ok())
            .filter(|seconds| (0.0..86_400.0).contains(seconds))
            .map(Duration::from_secs_f64);
        let status = answer.status();
        let mut bytes = Vec::new();
        loop {
            match answer.chunk().await {
                Ok(Some(chunk)) if bytes.len() < ANSWER_BYTES => bytes.extend_from_slice(&chunk),
                Ok(_) => break,
                // The head says what it did; the rest only says how.
                Err(_) if !status.is_success() => break,
                Err(error) => return unanswered(&error),
            }
        }
        judge(status, &bytes, retry_after)
    }
}

fn body(row: &Row) -> String {
    let body = Body {
        from: &row.from,
        to: [row.to()],
        subject: &row.subject,
        html: &row.html,
        text: &row.text,
        headers: Headers { reference: &row.id, auto_submitted: "auto-generated" },
        tags: [Tag { name: "template", value: &row.template }],
    };
    // Nothing but strings: there is no value here that JSON can't hold.
    serde_json::to_string(&body).unwrap_or_default()
}

/// What an answer means: by status, then by name; a body that isn't JSON (an edge's error page) by status alone.
fn judge(status: StatusCode, body: &[u8], retry_after: Option<Duration>) -> Outcome {
    if status.is_success() {
        return match serde_json::from_slice::<Accepted>(body) {
            Ok(accepted) if !accepted.id.is_empty() => Outcome::Accepted { message_id: accepted.id },
            // The key makes asking again harmless, and the next answer brings the id.
            _ => Outcome::Retry {
                said: Said { status: Some(status.as_u16()), name: None, message: "an answer without an id".into() },
                unknown: true,
                after: None,
            },
        };
    }
    let problem: Problem = serde_json::from_slice(body).unwrap_or_default();
    let name = problem.name.map(|name| clip(&name));
    let said = Said { status: Some(status.as_u16()), message: clip(&problem.message.unwrap_or_default()), name };
    let retry = |unknown, after| Outcome::Retry { said: said.clone(), unknown, after };
    match (status.as_u16(), said.name.as_deref()) {
        (401 | 403, _) | (_, Some("daily_quota_exceeded" | "monthly_quota_exceeded")) => Outcome::Held { said },
        (429, _) => Outcome::Slow { said, after: retry_after.unwrap_or(SLOW) },
        (409, Some("invalid_idempotent_request")) => Outcome::Refused { said },
        (409, Some("concurrent_idempotent_requests")) => retry(true, Some(BUSY)),
        (409, _) => retry(false, Some(BUSY)),
        (408 | 425, _) => retry(true, retry_after),
        (500.., _) => retry(true, retry_after),
        (300..=399, _) => retry(false, None),
        _ => Outcome::Refused { said },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What an answer of this status and name leads to.
    fn kind(status: u16, name: &str) -> &'static str {
        let body = serde_json::json!({ "statusCode": status, "name": name, "message": "x" }).to_string();
        match judge(StatusCode::from_u16(status).unwrap(), body.as_bytes(), None) {
            Outcome::Accepted { .. } => "accepted",
            Outcome::Retry { unknown: true, .. } => "unknown",
            Outcome::Retry { .. } => "retry",
            Outcome::Slow { .. } => "slow",
            Outcome::Refused { .. } => "refused",
            Outcome::Held { .. } => "held",
        }
    }

    #[test]
    fn every_row_of_the_error_table_leads_where_it_says() {
        for (status, name, expected) in [
            (400, "invalid_idempotency_key", "refused"),
            (400, "validation_error", "refused"),
            (401, "missing_api_key", "held"),
            (401, "restricted_api_key", "held"),
            (403, "invalid_api_key", "held"),
            (403, "validation_error", "held"),
            (403, "suspended_api_key", "held"),
            (403, "invalid_permission", "held"),
            (403, "email_above_quota", "held"),
            (404, "not_found", "refused"),
            (405, "method_not_allowed", "refused"),
            (409, "invalid_idempotent_request", "refused"),
            (409, "concurrent_idempotent_requests", "unknown"),
            (409, "resource_locked", "retry"),
            (422, "missing_required_field", "refused"),
            (422, "invalid_from_address", "refused"),
            (429, "rate_limit_exceeded", "slow"),
            (429, "daily_quota_exceeded", "held"),
            (429, "monthly_quota_exceeded", "held"),
            (451, "security_error", "refused"),
            (500, "application_error", "unknown"),
            (500, "internal_server_error", "unknown"),
            (503, "service_unavailable", "unknown"),
        ] {
            assert_eq!(kind(status, name), expected, "{status} {name}");
        }
    }

    #[test]
    fn an_edges_error_page_is_judged_by_its_status() {
        let page = b"<html><body>502 Bad Gateway</body></html>";
        let outcome = judge(StatusCode::BAD_GATEWAY, page, None);
        assert!(matches!(outcome, Outcome::Retry { unknown: true, .. }), "{outcome:?}");
        let outcome = judge(StatusCode::OK, page, None);
        assert!(matches!(outcome, Outcome::Retry { unknown: true, .. }), "taken, perhaps: {outcome:?}");
    }
}
