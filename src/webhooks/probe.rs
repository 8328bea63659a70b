//! «Probar»: a delivery made and signed as the service would, sent to our own public address. It proves that the address
//! leads here, that the secret is the one in use, and, once its notice is there, that deliveries are processed.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::model::Source;
use super::verify;
use crate::app::use_ring;
use crate::config::ServeConfig;
use crate::i18n::webhooks as words;

/// How long our own address may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// What came of it.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Taken, in so many milliseconds.
    Taken {
        /// From the request to its answer.
        milliseconds: u128,
    },
    /// Answered with another status.
    Answered {
        /// Which.
        status: u16,
    },
    /// Nobody answered.
    Unreachable {
        /// Why, without the address.
        why: String,
    },
    /// There is no secret to sign with.
    NotConfigured,
}

/// Sends a test delivery.
pub async fn send(config: &ServeConfig, source: Source, now: Timestamp) -> Outcome {
    let Some(secret) = &source.secrets(&config.integrations).current else { return Outcome::NotConfigured };
    let body = delivery(source, now).to_string();
    let Some(headers) = proof(source, secret, now, body.as_bytes()) else { return Outcome::NotConfigured };
    use_ring();
    // The way a service takes: no redirects, no proxy of ours.
    let client = reqwest::Client::builder()
        .timeout(PATIENCE)
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .user_agent("canje-webhook-test")
        .build();
    let request = match client {
        Ok(client) => client.post(format!("{}{}", config.base_url, source.path())),
        Err(error) => return unreachable(error),
    };
    let request = headers.into_iter().fold(request, |request, (name, value)| request.header(name, value));
    let begun = Instant::now();
    match request.header("content-type", "application/json").body(body).send().await {
        Ok(answer) if answer.status().is_success() => Outcome::Taken { milliseconds: begun.elapsed().as_millis() },
        Ok(answer) => Outcome::Answered { status: answer.status().as_u16() },
        Err(error) => unreachable(error),
    }
}

fn unreachable(error: reqwest::Error) -> Outcome {
    let error = error.without_url();
    let mut causes = std::iter::successors(Some(&error as &dyn std::error::Error), |error| error.source());
    Outcome::Unreachable { why: causes.by_ref().last().map(ToString::to_string).unwrap_or_default() }
}

/// What proves who sends it.
fn proof(source: Source, secret: &SecretString, now: Timestamp, body: &[u8]) -> Option<Vec<(&'static str, String)>> {
    let seconds = now.as_second().to_string();
    let id = uuid::Uuid::new_v4().to_string();
    Some(match source {
        Source::Sentry => vec![
            ("sentry-hook-resource", "event_alert".into()),
            ("sentry-hook-timestamp", seconds),
            ("sentry-hook-signature", verify::sign_sentry(secret, body)),
            ("request-id", id),
        ],
        Source::UptimeRobot => vec![("authorization", format!("Bearer {}", secret.expose_secret()))],
        Source::Resend => {
            let id = format!("msg_{}", id.replace('-', ""));
            let signature = verify::sign_svix(secret, &id, &seconds, body)?;
            vec![("svix-id", id), ("svix-timestamp", seconds), ("svix-signature", signature)]
        }
    })
}

/// A delivery whose notice says that it is a test; Resend's changes nothing.
fn delivery(source: Source, now: Timestamp) -> Value {
    match source {
        Source::Sentry => json!({
            "action": "triggered",
            "data": {
                "event": {
                    "event_id": uuid::Uuid::new_v4().simple().to_string(),
                    "issue_id": "canje-test",
                    "title": words::PROBE_TITLE,
                    "level": "info",
                },
                "triggered_rule": words::PROBE_TITLE,
            },
        }),
        Source::UptimeRobot => json!({
            "v": 1,
            "monitor_id": "canje-test",
            "name": words::PROBE_TITLE,
            "alert_type": "test",
            "alert_type_name": "Test",
            "details": words::PROBE_DETAILS,
            "at": now.as_second().to_string(),
        }),
        Source::Resend => json!({ "type": "canje.test", "created_at": now.to_string(), "data": {} }),
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::*;
    use crate::config::Secrets;
    use crate::webhooks::model::Status;
    use crate::webhooks::sources::Raw;

    #[test]
    fn each_test_delivery_passes_its_own_check() {
        let now = "2026-01-01T00:00:00Z".parse::<Timestamp>().unwrap();
        for source in Source::ALL {
            let secret = SecretString::from("whsec_ZW11bGF0b3Itc2lnbmluZy1rZXktMDAwMQ==");
            let body = delivery(source, now).to_string();
            let headers: HeaderMap = proof(source, &secret, now, body.as_bytes())
                .unwrap()
                .into_iter()
                .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
                .collect::<HeaderMap>();
            let raw = Raw { headers: &headers, query: "", body: body.as_bytes(), now };
            let reading = source.read(&Secrets { current: Some(secret), previous: None }, &raw).unwrap();
            assert!(reading.body.is_none(), "{source:?} is readable");
            assert_ne!(Status::Failed.as_str(), source.as_str());
        }
    }
}
