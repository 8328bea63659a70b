//! The twin's alert: a signed `event_alert` for every error, sent to where the application receives webhooks.

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::emulators::Twins;
use crate::emulators::settings::SENTRY_PROJECT;

/// The application's own address for these.
const PATH: &str = "/api/notifications/webhooks/sentry";

/// Reports an event. Like the real one it tries once, and whoever misses it misses it.
pub(super) async fn report(twins: Twins, event: Value) {
    let Some(app) = twins.app_url.get() else { return };
    let body = alert(&event, &twins.settings.url()).to_string();
    let sent = twins
        .http
        .post(format!("{app}{PATH}"))
        .header("content-type", "application/json")
        .header("request-id", uuid::Uuid::new_v4().to_string())
        .header("sentry-hook-resource", "event_alert")
        .header("sentry-hook-timestamp", twins.clock.now().as_second().to_string())
        .header("sentry-hook-signature", signature(&twins.settings.sentry_client_secret, body.as_bytes()))
        .body(body)
        .send()
        .await;
    match sent {
        Ok(answer) => tracing::debug!(status = answer.status().as_u16(), "the twin of Sentry sent an alert"),
        Err(error) => tracing::debug!("the twin of Sentry could not send its alert: {error}"),
    }
}

/// Lower-case hex of the HMAC-SHA256 over the raw body.
pub fn signature(secret: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes keys of any length");
    mac.update(body);
    hex::encode(mac.finalize().into_bytes())
}

/// What Sentry would send about an event.
fn alert(event: &Value, here: &str) -> Value {
    let event_id = event["event_id"].as_str().unwrap_or_default();
    let title = title(event);
    let culprit = event["transaction"].as_str().or_else(|| event["logger"].as_str()).unwrap_or_default();
    let page = format!("{here}/paginas/sentry/{event_id}");
    json!({
        "action": "triggered",
        "installation": { "uuid": "7a485448-a9e2-4c85-8a3c-4f44175783c9" },
        "data": {
            "event": {
                "event_id": event_id,
                "issue_id": issue(event, &title, culprit).to_string(),
                "title": title,
                "culprit": culprit,
                "level": event["level"].as_str().unwrap_or("error"),
                "environment": event["environment"],
                "release": event["release"],
                "platform": event["platform"],
                "project": SENTRY_PROJECT.parse::<u64>().unwrap_or_default(),
                "timestamp": event["timestamp"],
                "tags": event["tags"],
                "url": page,
                "web_url": page,
            },
            "triggered_rule": "Canje: cada error",
        },
        "project_name": "canje",
        "actor": { "type": "application", "id": "sentry", "name": "Sentry" },
    })
}

/// As Sentry shows it: the exception, or the message.
pub(super) fn title(event: &Value) -> String {
    let exceptions = event["exception"]["values"].as_array().or_else(|| event["exception"].as_array());
    let said = match exceptions.and_then(|all| all.last()) {
        Some(exception) => format!(
            "{}: {}",
            exception["type"].as_str().unwrap_or("Error"),
            exception["value"].as_str().unwrap_or_default()
        ),
        None => event["message"].as_str().or_else(|| event["logentry"]["formatted"].as_str()).unwrap_or("?").to_owned(),
    };
    said.chars().take(200).collect()
}

/// The number of the issue an event belongs to: the same for events of one fingerprint.
fn issue(event: &Value, title: &str, culprit: &str) -> u32 {
    let own = event["fingerprint"].as_array().filter(|parts| !parts.iter().any(|part| part == "{{ default }}"));
    let text = match own {
        Some(parts) if !parts.is_empty() => Value::Array(parts.clone()).to_string(),
        _ => format!("{title}\n{culprit}"),
    };
    let digest = Sha256::digest(text.as_bytes());
    u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_sentrys() {
        let signed = signature("sntrys_client_secret_TEST_0001", b"");
        assert_eq!(signed, "961bd4f092ef617675533c37ddbdcb3f49b40893e3c3570d2917241e2a61b023");
    }

    #[test]
    fn events_of_one_fingerprint_are_one_issue() {
        let id = |event: Value| alert(&event, "")["data"]["event"]["issue_id"].as_str().unwrap().to_owned();
        let own = json!({ "message": "a", "fingerprint": ["x"] });
        assert_eq!(id(own.clone()), id(json!({ "message": "b", "fingerprint": ["x"] })));
        assert_ne!(id(own), id(json!({ "message": "a" })));
        let default = json!({ "message": "a", "fingerprint": ["{{ default }}"] });
        assert_eq!(id(default), id(json!({ "message": "a" })));
    }
}
