//! What the twin of Resend tells about a message: webhooks signed by the Svix scheme, tried until they are taken.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::Sha256;

use super::check::mark;
use super::mailbox::Message;
use crate::emulators::Twins;

/// The application's own address for these.
const PATH: &str = "/api/notifications/webhooks/resend";
/// Waits between tries: the real one's 5 s, 5 min, 30 min, …, compressed.
const TRIES: [Duration; 7] = [
    Duration::from_millis(50),
    Duration::from_millis(200),
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(5),
    Duration::from_secs(10),
];

/// Ways a delivery can be odd.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oddity {
    /// Signed with another secret.
    BadSecret,
    /// Signed ten minutes ago.
    Stale,
    /// Signed ten minutes from now.
    Future,
    /// Two signatures, of which the second is good.
    TwoSignatures,
    /// Only a signature of a version nobody knows.
    UnknownVersion,
    /// The body was changed after it was signed.
    Altered,
    /// The same delivery twice, the second time with a new timestamp.
    Twice,
    /// All deliveries of the message in the wrong order.
    Reversed,
    /// A type nobody knows.
    UnknownType,
    /// A bounce of a kind nobody knows.
    UnknownSubtype,
}

/// `v1,…`: the signature of a body by the Svix scheme; `secret` with its `whsec_`.
pub fn signature(secret: &str, id: &str, at: i64, body: &str) -> String {
    let key = STANDARD.decode(secret.trim_start_matches("whsec_")).unwrap_or_default();
    let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("HMAC takes keys of any length");
    mac.update(format!("{id}.{at}.{body}").as_bytes());
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

/// Tells what becomes of a message.
pub(super) async fn report(twins: Twins, message: Message) {
    let oddity = twins.resend.oddity();
    let mut events = events(&message, oddity);
    if oddity == Some(Oddity::Reversed) {
        events.reverse();
    }
    for event in events {
        deliver(&twins, &message, &event, oddity).await;
        if oddity == Some(Oddity::Twice) {
            deliver(&twins, &message, &event, None).await;
        }
    }
}

/// The events of a message, in their order.
fn events(message: &Message, oddity: Option<Oddity>) -> Vec<(String, Value)> {
    let bounced = |kind: &str, sub_type: &str, words: &str| {
        let bounce = json!({ "message": words, "type": kind, "subType": sub_type, "diagnosticCode": [] });
        ("email.bounced", json!({ "bounce": bounce }))
    };
    let delivered = || ("email.delivered", json!({}));
    let then = match (oddity, mark(&message.to)) {
        (Some(Oddity::UnknownSubtype), _) => {
            vec![bounced("Permanent", "NobodyKnowsThis", "The recipient address does not exist")]
        }
        (Some(Oddity::UnknownType), _) => vec![("email.teleported", json!({}))],
        (_, "bounced") => vec![bounced("Permanent", "General", "The recipient address does not exist")],
        (_, "soft") => vec![bounced("Transient", "MailboxFull", "The mailbox is full")],
        (_, "complained") => vec![delivered(), ("email.complained", json!({}))],
        (_, "delayed") => vec![("email.delivery_delayed", json!({}))],
        (_, "lost") => vec![("email.failed", json!({ "failed": { "reason": "no_mail_server" } }))],
        (_, "suppressed") => {
            let why =
                json!({ "message": "The address is on the suppression list", "type": "OnAccountSuppressionList" });
            vec![("email.suppressed", json!({ "suppressed": why }))]
        }
        _ => vec![delivered()],
    };
    let events = [("email.sent", json!({}))].into_iter().chain(then).enumerate();
    events
        .map(|(at, (kind, extra))| {
            let mut data = json!({
                "email_id": message.id,
                "message_id": format!("<{}@emulator.example.com>", message.id),
                "created_at": message.at.to_string(),
                "from": message.from,
                "to": message.to,
                "subject": message.subject,
                "tags": tags(&message.body["tags"]),
            });
            if let (Some(data), Value::Object(extra)) = (data.as_object_mut(), extra) {
                data.extend(extra);
            }
            let at = message.at + Duration::from_secs(at as u64);
            (kind.to_owned(), json!({ "type": kind, "created_at": at.to_string(), "data": data }))
        })
        .collect()
}

/// A list in requests, an object in deliveries.
fn tags(listed: &Value) -> Value {
    let pairs = listed.as_array().into_iter().flatten();
    pairs.filter_map(|tag| Some((tag["name"].as_str()?.to_owned(), tag["value"].clone()))).collect()
}

/// Tries until it is taken: the same id, a new timestamp and signature each time.
async fn deliver(twins: &Twins, message: &Message, event: &(String, Value), oddity: Option<Oddity>) {
    let Some(app) = twins.app_url.get() else { return };
    let (kind, body) = event;
    let body = body.to_string();
    let id = format!("msg_{}_{kind}", message.id.replace('-', ""));
    for wait in [Duration::ZERO].into_iter().chain(TRIES) {
        tokio::time::sleep(wait).await;
        let (at, signatures, sent) = signed(twins, &id, &body, oddity, twins.clock.now());
        let answer = twins
            .http
            .post(format!("{app}{PATH}"))
            .header("content-type", "application/json")
            .header("user-agent", "Svix-Webhooks/1.0")
            .header("svix-id", &id)
            .header("svix-timestamp", at.to_string())
            .header("svix-signature", signatures)
            .body(sent)
            .send()
            .await;
        let status = answer.ok().map(|answer| answer.status());
        twins.resend.told(&message.id, kind, status.map(|status| status.as_u16()));
        if status.is_some_and(|status| status.is_success()) || oddity.is_some() {
            return;
        }
    }
}

/// Timestamp, signatures and body of one try.
fn signed(twins: &Twins, id: &str, body: &str, oddity: Option<Oddity>, now: Timestamp) -> (i64, String, String) {
    const OTHER: &str = "whsec_b3RoZXItc2VjcmV0LW90aGVyLXNlY3JldA==";
    let secret = &twins.settings.resend_webhook_secret;
    let at = match oddity {
        Some(Oddity::Stale) => now.as_second() - 600,
        Some(Oddity::Future) => now.as_second() + 600,
        _ => now.as_second(),
    };
    let good = signature(secret, id, at, body);
    let (signatures, body) = match oddity {
        Some(Oddity::BadSecret) => (signature(OTHER, id, at, body), body.to_owned()),
        Some(Oddity::TwoSignatures) => (format!("{} {good}", signature(OTHER, id, at, body)), body.to_owned()),
        Some(Oddity::UnknownVersion) => (good.replace("v1,", "v9,"), body.to_owned()),
        Some(Oddity::Altered) => (good, body.replace("email.", "email .")),
        _ => (good, body.to_owned()),
    };
    (at, signatures, body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_the_schemes() {
        let body = r#"{"email":"test@example.com","username":"test_user"}"#;
        let signed =
            signature("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", "msg_27UH4WbU6Z5A5EzD8u03UvzRbpk", 1_649_367_553, body);
        assert_eq!(signed, "v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=");
    }
}
