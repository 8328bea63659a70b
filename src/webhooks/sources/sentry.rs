//! Sentry: the integration platform's shape, and the older plug-in's with its event at the top, both signed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Fields, Raw, pick};
use crate::config::Secrets;
use crate::i18n::webhooks as words;
use crate::notifications::Event;
use crate::notifications::event::SentryAlert;
use crate::webhooks::model::{Meaning, Phase, Reading, Refusal};
use crate::webhooks::verify;

/// The header of the signature.
pub const SIGNATURE: &str = "sentry-hook-signature";
const RESOURCE: &str = "sentry-hook-resource";
const TIMESTAMP: &str = "sentry-hook-timestamp";

/// What is kept of a delivery.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SentryFields {
    /// `event_alert`, `issue`, `metric_alert`, `installation`, or one we don't know.
    pub resource: String,
    /// `triggered`, `created`, `resolved`, …; the older shape has none.
    pub action: String,
    /// The name of the rule that was triggered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Everything else.
    pub alert: SentryAlert,
}

/// Verifies and reads. The signature, a resource and a JSON object are required, nothing else.
pub fn read(secrets: &Secrets, raw: &Raw<'_>) -> Result<Reading, Refusal> {
    if !verify::is_sentrys(secrets, raw.header(SIGNATURE), raw.body) {
        return Err(Refusal::Stranger);
    }
    let sent_at: Option<i64> = raw.header(TIMESTAMP).trim().parse().ok();
    if sent_at.is_some_and(|seconds| !verify::is_recent(seconds, raw.now, verify::SENTRY_TOLERANCE)) {
        return Err(Refusal::Stranger);
    }
    let resource = pick::line(raw.header(RESOURCE), 60).ok_or(Refusal::Malformed)?;
    let payload: Value = serde_json::from_slice(raw.body).map_err(|_| Refusal::Malformed)?;
    if !payload.is_object() {
        return Err(Refusal::Malformed);
    }
    let fields = fields(resource, &payload);
    // No time in the key: the timestamp isn't signed, and the request's id is new for every attempt.
    let digest = hex::encode(Sha256::digest(raw.body));
    let dedupe_key = format!("{}:{}:{}:{digest}", fields.resource, fields.action, fields.alert.object);
    Ok(Reading {
        dedupe_key,
        headers: raw.kept(&[RESOURCE, TIMESTAMP, "request-id"]),
        fields: Fields::Sentry(fields),
        body: None,
        occurred_at: sent_at.and_then(|seconds| Timestamp::from_second(seconds).ok()),
    })
}

fn fields(resource: String, payload: &Value) -> SentryFields {
    let action = pick::text(payload, &["action"]).unwrap_or_default();
    let rule = pick::text(payload, &["data.triggered_rule", "triggered_rule", "triggering_rules.0"]);
    let alert = if resource == "metric_alert" { metric(payload, &action) } else { issue(payload) };
    SentryFields { resource, action, rule, alert }
}

fn issue(payload: &Value) -> SentryAlert {
    let text = |paths: &[&str]| pick::text(payload, paths);
    let title = text(&[
        "data.event.title",
        "data.issue.title",
        "data.error.title",
        "event.title",
        "data.event.message",
        "message",
        "title",
    ]);
    let event_id = text(&["data.event.event_id", "data.error.event_id", "event.event_id", "event.id"]);
    // The number of the issue; the older shape has it at the top.
    let issue_id =
        text(&["data.issue.id", "data.event.issue_id", "data.error.issue_id", "event.issue_id", "event.groupID", "id"]);
    let title = title.unwrap_or_default();
    let object = match (&issue_id, &event_id) {
        (Some(issue), _) => format!("issue:{issue}"),
        (None, Some(event)) => format!("event:{event}"),
        (None, None) => format!("title:{}", &hex::encode(Sha256::digest(title.as_bytes()))[..16]),
    };
    SentryAlert {
        object,
        title,
        culprit: text(&["data.event.culprit", "culprit", "data.issue.culprit", "data.error.culprit", "event.culprit"]),
        project: text(&[
            "project_name",
            "project_slug",
            "project",
            "data.issue.project.slug",
            "data.issue.project.name",
            "data.event.project_slug",
            "data.event.project_name",
            "data.event.project.slug",
            "data.event.project",
            "data.error.project",
        ]),
        level: text(&["data.event.level", "level", "data.issue.level", "data.error.level", "event.level"]),
        environment: text(&["data.event.environment", "data.error.environment", "environment", "event.environment"])
            .or_else(|| ["data.event.tags", "event.tags"].iter().find_map(|path| tag(payload, path, "environment"))),
        url: pick::url(
            payload,
            &["url", "data.event.web_url", "data.issue.web_url", "data.issue.permalink", "data.error.web_url"],
        ),
        event_id,
        issue_id,
    }
}

fn metric(payload: &Value, action: &str) -> SentryAlert {
    let text = |paths: &[&str]| pick::text(payload, paths);
    let id = text(&["data.metric_alert.id", "data.metric_alert.identifier", "data.metric_alert.alert_rule.id"]);
    let title = text(&["data.description_title", "data.metric_alert.title", "data.metric_alert.alert_rule.name"]);
    let project = pick::at(payload, "data.metric_alert.projects").and_then(|projects| pick::plain(projects.get(0)?));
    SentryAlert {
        object: format!("metric:{}", id.as_deref().unwrap_or("?")),
        title: title.unwrap_or_default(),
        culprit: text(&["data.description_text"]),
        project,
        // The two grades of a metric alert, in the words that events use.
        level: Some(if action == "critical" { "fatal" } else { "warning" }.into()),
        environment: text(&["data.metric_alert.alert_rule.environment"]),
        url: pick::url(payload, &["data.web_url"]),
        event_id: None,
        issue_id: None,
    }
}

/// A tag out of `[[name, value], …]`.
fn tag(payload: &Value, path: &str, name: &str) -> Option<String> {
    let tags = pick::at(payload, path)?.as_array()?;
    tags.iter().find(|tag| tag.get(0).and_then(Value::as_str) == Some(name)).and_then(|tag| pick::plain(tag.get(1)?))
}

impl SentryFields {
    /// What follows: an alert, the end of one, or nothing.
    pub fn meaning(&self) -> Meaning {
        match (self.phase(), self.resource.as_str()) {
            (Some((_, Phase::Open)), _) => Meaning::Notice(Event::SentryAlert(self.alert.clone())),
            (Some((object, Phase::Close)), _) => Meaning::Notice(Event::SentryResolved { object }),
            (None, "installation") => Meaning::Nothing(words::IGNORED_INSTALLATION),
            (None, "event_alert" | "issue" | "metric_alert") => Meaning::Nothing(words::IGNORED_ACTION),
            (None, _) => Meaning::Nothing(words::IGNORED_RESOURCE),
        }
    }

    /// An archived issue isn't over: somebody decided not to look at it there.
    pub fn phase(&self) -> Option<(String, Phase)> {
        let phase = match (self.resource.as_str(), self.action.as_str()) {
            ("event_alert", "triggered" | "") | ("issue", "created" | "unresolved") => Phase::Open,
            ("metric_alert", "critical" | "warning") => Phase::Open,
            ("issue" | "metric_alert", "resolved") => Phase::Close,
            _ => return None,
        };
        Some((self.alert.object.clone(), phase))
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;

    use super::*;

    const SECRET: &str = "sntrys_client_secret_TEST_0001";
    const PLATFORM: &str = r#"{"action":"triggered","data":{"event":{"event_id":"e48","issue_id":"4711","title":"panic: order total mismatch","culprit":"POST /checkout","level":"fatal","environment":"production","project":1001,"web_url":"https://acme.sentry.io/issues/4711/","user":{"email":"ana@example.com","ip_address":"203.0.113.9"},"request":{"headers":[["Cookie","sid=1"]]}},"triggered_rule":"Pagos: error nuevo"}}"#;
    const PLUGIN: &str = r#"{"id":4711,"project":"tienda","project_name":"Tienda","culprit":"POST /checkout","level":"error","message":"panic: order total mismatch","url":"https://acme.sentry.io/issues/4711/?referrer=webhooks_plugin","triggering_rules":["Pagos: error nuevo"],"event":{"event_id":"e48","tags":[["environment","staging"]],"user":{"email":"ana@example.com"}}}"#;
    const RESOLVED: &str = r#"{"action":"resolved","data":{"issue":{"id":"4711","shortId":"TIENDA-7","title":"panic","level":"error","project":{"id":"1001","slug":"tienda"},"web_url":"https://acme.sentry.io/issues/4711/"}},"actor":{"type":"user","id":789,"name":"Ana"}}"#;

    fn now() -> Timestamp {
        "2026-01-01T00:00:00Z".parse().unwrap()
    }

    fn signed(resource: &str, body: &str, change: impl FnOnce(&mut HeaderMap)) -> Result<Reading, Refusal> {
        let mut headers = HeaderMap::new();
        let signature = verify::sign_sentry(&SECRET.into(), body.as_bytes());
        headers.insert(SIGNATURE, signature.parse().unwrap());
        headers.insert(RESOURCE, resource.parse().unwrap());
        headers.insert(TIMESTAMP, now().as_second().to_string().parse().unwrap());
        headers.insert("request-id", "6a0b4d5e".parse().unwrap());
        change(&mut headers);
        let raw = Raw { headers: &headers, query: "", body: body.as_bytes(), now: now() };
        read(&Secrets { current: Some(SECRET.into()), previous: None }, &raw)
    }

    fn of(reading: Reading) -> SentryFields {
        match reading.fields {
            Fields::Sentry(fields) => fields,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn both_shapes_tell_the_same() {
        let new = of(signed("event_alert", PLATFORM, |_| {}).unwrap());
        let old = of(signed("event_alert", PLUGIN, |_| {}).unwrap());
        for alert in [&new.alert, &old.alert] {
            assert_eq!(alert.object, "issue:4711");
            assert_eq!(alert.title, "panic: order total mismatch");
            assert_eq!(alert.culprit.as_deref(), Some("POST /checkout"));
            assert_eq!(alert.event_id.as_deref(), Some("e48"));
        }
        assert_eq!(new.alert.project.as_deref(), Some("1001"));
        assert_eq!(new.rule.as_deref(), Some("Pagos: error nuevo"));
        assert_eq!(old.alert.project.as_deref(), Some("Tienda"));
        assert_eq!(old.alert.environment.as_deref(), Some("staging"));
        assert_eq!((new.alert.level.as_deref(), old.alert.level.as_deref()), (Some("fatal"), Some("error")));
        assert!(matches!(new.meaning(), Meaning::Notice(Event::SentryAlert(_))));
        assert!(matches!(old.meaning(), Meaning::Notice(Event::SentryAlert(_))));
    }

    #[test]
    fn nothing_personal_is_picked() {
        for body in [PLATFORM, PLUGIN, RESOLVED] {
            let reading = signed("event_alert", body, |_| {}).unwrap();
            let kept = format!("{reading:?}");
            for private in ["ana@example.com", "203.0.113.9", "sid=1", "Ana"] {
                assert!(!kept.contains(private), "{private}: {kept}");
            }
            assert!(reading.body.is_none());
        }
    }

    #[test]
    fn legacy_defect_environment_is_what_the_event_says() {
        assert_eq!(
            of(signed("event_alert", PLATFORM, |_| {}).unwrap()).alert.environment.as_deref(),
            Some("production")
        );
        let quiet = PLATFORM.replace(r#""environment":"production","#, "");
        assert_eq!(of(signed("event_alert", &quiet, |_| {}).unwrap()).alert.environment, None, "not made up");
    }

    #[test]
    fn resources_and_actions() {
        let phase = |resource: &str, body: &str| {
            of(signed(resource, body, |_| {}).unwrap()).phase().map(|(object, phase)| (object, phase.as_str()))
        };
        let issue = |action: &str| RESOLVED.replace("resolved", action);
        assert_eq!(phase("issue", RESOLVED), Some(("issue:4711".into(), "close")));
        assert_eq!(phase("issue", &issue("created")), Some(("issue:4711".into(), "open")));
        assert_eq!(phase("issue", &issue("unresolved")), Some(("issue:4711".into(), "open")));
        for action in ["assigned", "archived", "ignored"] {
            assert_eq!(phase("issue", &issue(action)), None, "{action}");
        }
        let metric = r#"{"action":"critical","data":{"metric_alert":{"id":12,"title":"x","projects":["tienda"]},"description_title":"Muchos errores"}}"#;
        let fields = of(signed("metric_alert", metric, |_| {}).unwrap());
        assert_eq!((fields.alert.object.as_str(), fields.alert.level.as_deref()), ("metric:12", Some("fatal")));
        assert_eq!(fields.alert.title, "Muchos errores");
        assert_eq!(fields.alert.project.as_deref(), Some("tienda"));
        assert_eq!(phase("metric_alert", &metric.replace("critical", "resolved")).unwrap().1, "close");
        for resource in ["installation", "comment", "seer", "preprod_artifact"] {
            let fields = of(signed(resource, r#"{"action":"created"}"#, |_| {}).unwrap());
            assert!(matches!(fields.meaning(), Meaning::Nothing(_)), "{resource}");
        }
    }

    #[test]
    fn every_field_of_the_payload_may_be_missing() {
        for (resource, body) in [("event_alert", "{}"), ("metric_alert", "{}"), ("issue", r#"{"action":"created"}"#)] {
            let fields = of(signed(resource, body, |_| {}).unwrap());
            assert!(fields.alert.title.is_empty(), "{resource}");
            fields.meaning();
        }
        assert!(signed("event_alert", PLATFORM, |headers| drop(headers.remove(TIMESTAMP))).is_ok());
        assert!(signed("event_alert", PLATFORM, |headers| drop(headers.remove("request-id"))).is_ok());
    }

    #[test]
    fn what_is_required() {
        let refused = |resource, body: &str, change: fn(&mut HeaderMap)| signed(resource, body, change).unwrap_err();
        assert_eq!(refused("event_alert", PLATFORM, |h| drop(h.remove(SIGNATURE))), Refusal::Stranger);
        assert_eq!(
            refused("event_alert", PLATFORM, |h| drop(h.insert(TIMESTAMP, "1".parse().unwrap()))),
            Refusal::Stranger
        );
        assert_eq!(refused("event_alert", PLATFORM, |h| drop(h.remove(RESOURCE))), Refusal::Malformed);
        for body in ["", "[]", "null", "\"x\"", "{", "\u{0}"] {
            assert_eq!(refused("event_alert", body, |_| {}), Refusal::Malformed, "{body}");
        }
    }

    #[test]
    fn a_replayed_body_with_a_new_request_id_is_the_same_delivery() {
        let first = signed("event_alert", PLATFORM, |_| {}).unwrap();
        let again = signed("event_alert", PLATFORM, |headers| {
            headers.insert("request-id", "another".parse().unwrap());
            headers.insert(TIMESTAMP, (now().as_second() + 500).to_string().parse().unwrap());
        })
        .unwrap();
        assert_eq!(first.dedupe_key, again.dedupe_key);
        let other = signed("event_alert", &PLATFORM.replace("\"e48\"", "\"e49\""), |_| {}).unwrap();
        assert_ne!(first.dedupe_key, other.dedupe_key);
    }
}
