//! Resend: what became of mail, signed by Svix.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Fields, Raw, pick};
use crate::config::Secrets;
use crate::i18n::webhooks as words;
use crate::mail::feedback::{Feedback, FeedbackKind};
use crate::webhooks::model::{Meaning, Reading, Refusal};
use crate::webhooks::verify;

/// The header of the signatures.
pub const SIGNATURE: &str = "svix-signature";
const ID: &str = "svix-id";
const TIMESTAMP: &str = "svix-timestamp";
/// Most addresses of one message.
const ADDRESSES: usize = 50;

/// What is kept of a delivery.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ResendFields {
    /// Such as `email.bounced`.
    pub kind: String,
    /// The provider's id of the message.
    pub email_id: String,
    /// Whom it was for.
    pub to: Vec<String>,
    /// `Permanent`, `Transient`, `Undetermined`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bounce_type: Option<String>,
    /// The provider's words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// When it happened, RFC 3339, by the provider's clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
}

/// Verifies and reads.
pub fn read(secrets: &Secrets, raw: &Raw<'_>) -> Result<Reading, Refusal> {
    let (id, timestamp) = (raw.header(ID), raw.header(TIMESTAMP));
    let seconds: i64 = timestamp.parse().map_err(|_| Refusal::Stranger)?;
    if id.is_empty()
        || !verify::is_svixs(secrets, id, timestamp, raw.header(SIGNATURE), raw.body)
        || !verify::is_recent(seconds, raw.now, verify::SVIX_TOLERANCE)
    {
        return Err(Refusal::Stranger);
    }
    let payload: Value = serde_json::from_slice(raw.body).map_err(|_| Refusal::Malformed)?;
    let kind = pick::text(&payload, &["type"]).ok_or(Refusal::Malformed)?;
    let to = match pick::at(&payload, "data.to") {
        Some(Value::Array(addresses)) => addresses.iter().filter_map(pick::plain).take(ADDRESSES).collect(),
        Some(address) => pick::plain(address).into_iter().collect(),
        None => Vec::new(),
    };
    let at = pick::text(&payload, &["created_at"]);
    let occurred_at = at.as_deref().and_then(|at| at.parse().ok()).or_else(|| Timestamp::from_second(seconds).ok());
    let fields = ResendFields {
        kind,
        email_id: pick::text(&payload, &["data.email_id"]).unwrap_or_default(),
        to,
        bounce_type: pick::text(&payload, &["data.bounce.type"]),
        detail: pick::text(&payload, &["data.bounce.message", "data.failed.reason", "data.suppressed.message"]),
        at: occurred_at.map(|at| at.to_string()),
    };
    Ok(Reading {
        // The id stays the same over the attempts of one delivery.
        dedupe_key: id.chars().take(200).collect(),
        headers: raw.kept(&[ID, TIMESTAMP]),
        fields: Fields::Resend(fields),
        body: None,
        occurred_at,
    })
}

impl ResendFields {
    /// What became of the message, if that is what it tells.
    pub fn meaning(&self) -> Meaning {
        let kind = match self.kind.as_str() {
            "email.sent" => FeedbackKind::Sent,
            "email.delivery_delayed" => FeedbackKind::Delayed,
            "email.delivered" => FeedbackKind::Delivered,
            "email.bounced" => FeedbackKind::Bounced { permanent: self.bounce_type.as_deref() == Some("Permanent") },
            "email.complained" => FeedbackKind::Complained,
            "email.failed" => FeedbackKind::Failed,
            "email.suppressed" => FeedbackKind::Suppressed,
            _ => return Meaning::Nothing(words::IGNORED_KIND),
        };
        if self.email_id.is_empty() {
            return Meaning::Nothing(words::IGNORED_NO_MESSAGE);
        }
        Meaning::Feedback(Feedback {
            message_id: self.email_id.clone(),
            kind,
            at: self.at.as_deref().and_then(|at| at.parse().ok()).unwrap_or(Timestamp::UNIX_EPOCH),
            to: self.to.clone(),
            detail: self.detail.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::*;

    const SECRET: &str = "whsec_ZW11bGF0b3Itc2lnbmluZy1rZXktMDAwMQ==";
    const BOUNCED: &str = r#"{"type":"email.bounced","created_at":"2026-01-01T00:00:10.000Z","data":{"email_id":"56761188","to":["cliente@example.net"],"subject":"Tu pedido 1001","bounce":{"message":"The recipient address does not exist","type":"Permanent","subType":"Nuevo"}}}"#;

    fn signed(body: &str, at: i64, now: Timestamp) -> Result<Reading, Refusal> {
        let (id, timestamp) = ("msg_1", at.to_string());
        let mut headers = HeaderMap::new();
        let signature = verify::sign_svix(&SECRET.into(), id, &timestamp, body.as_bytes()).unwrap();
        headers.insert(ID, id.parse().unwrap());
        headers.insert(TIMESTAMP, timestamp.parse().unwrap());
        headers.insert(SIGNATURE, format!("v1,AAAA {signature}").parse().unwrap());
        let raw = Raw { headers: &headers, query: "", body: body.as_bytes(), now };
        read(&Secrets { current: Some(SECRET.into()), previous: None }, &raw)
    }

    fn meaning(body: &str) -> Meaning {
        let now = "2026-01-01T00:00:12Z".parse::<Timestamp>().unwrap();
        match signed(body, now.as_second(), now).unwrap().fields {
            Fields::Resend(fields) => fields.meaning(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_bounce_is_feedback_on_its_message() {
        let Meaning::Feedback(feedback) = meaning(BOUNCED) else { panic!("feedback") };
        assert_eq!(feedback.message_id, "56761188");
        assert_eq!(feedback.kind, FeedbackKind::Bounced { permanent: true });
        assert_eq!(feedback.to, ["cliente@example.net"]);
        assert_eq!(feedback.at.to_string(), "2026-01-01T00:00:10Z");
        let Meaning::Feedback(soft) = meaning(&BOUNCED.replace("Permanent", "Algo nuevo")) else { panic!("feedback") };
        assert_eq!(soft.kind, FeedbackKind::Bounced { permanent: false }, "a kind of bounce we don't know");
    }

    #[test]
    fn other_kinds_are_ignored_and_the_subject_is_not_kept() {
        for kind in ["email.opened", "domain.created", "suppression.added", "algo"] {
            assert!(matches!(meaning(&BOUNCED.replace("email.bounced", kind)), Meaning::Nothing(_)), "{kind}");
        }
        let now = Timestamp::from_second(1_767_225_611).unwrap();
        assert!(!format!("{:?}", signed(BOUNCED, now.as_second(), now).unwrap()).contains("Tu pedido"));
    }

    #[test]
    fn stale_and_future_deliveries_are_refused() {
        let now = Timestamp::from_second(1_767_225_611).unwrap();
        for (off, fine) in [(-301, false), (-299, true), (299, true), (301, false)] {
            assert_eq!(signed(BOUNCED, now.as_second() + off, now).is_ok(), fine, "{off}");
        }
        assert_eq!(signed("[]", now.as_second(), now), Err(Refusal::Malformed));
    }
}
