//! UptimeRobot: a shared token, and fields as JSON, as a form or in the query.
//!
//! Variables that don't apply arrive as they stand in the template (`*alertDuration*`, `$alertDuration`) and are missing;
//! every value may be a string. Substitution is textual, so that a quote in a monitor's name breaks the JSON: such an alert
//! is authentic and is raised as unreadable rather than lost.

use http::{HeaderMap, header};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{Fields, Raw, pick};
use crate::config::Secrets;
use crate::notifications::Event;
use crate::notifications::event::MonitorAlert;
use crate::webhooks::model::{Meaning, Phase, Reading, Refusal};
use crate::webhooks::verify;

/// Longest kept body, in bytes.
const KEPT_BODY: usize = 64 * 1024;
/// The same alert without a time of its own within this many seconds is the same delivery: alert contacts that share an
/// address deliver together.
const UNTIMED_SECONDS: i64 = 60;

/// What is kept of a delivery.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MonitorFields {
    /// The name of the alert's kind, such as `Down`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alert_type_name: Option<String>,
    /// Everything else.
    pub monitor: MonitorAlert,
}

/// The kinds of alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Down,
    Up,
    Expiring,
    Other,
}

/// The tokens a request offers: its bearer, and its query's.
pub fn tokens(headers: &HeaderMap, query: &str) -> impl Iterator<Item = String> {
    let bearer = super::header(headers, header::AUTHORIZATION.as_str())
        .split_once(' ')
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim().to_owned());
    let in_query = pairs(query).into_iter().filter(|(name, _)| name == TOKEN).map(|(_, value)| value);
    bearer.into_iter().chain(in_query).filter(|token| !token.is_empty())
}

/// The query's parameter of the token.
const TOKEN: &str = "token";

fn pairs(text: &str) -> Vec<(String, String)> {
    serde_urlencoded::from_str(text).unwrap_or_default()
}

/// Verifies and reads. Only the token is required: what can't be read is kept as it came.
pub fn read(secrets: &Secrets, raw: &Raw<'_>) -> Result<Reading, Refusal> {
    // Every offered token is looked at, so that the time taken tells nothing of which one was good.
    if tokens(raw.headers, raw.query).filter(|token| verify::is_token(secrets, token)).count() == 0 {
        return Err(Refusal::Stranger);
    }
    let headers = raw.kept(&[header::CONTENT_TYPE.as_str(), header::USER_AGENT.as_str()]);
    let digest = hex::encode(Sha256::digest(raw.body));
    let Some(fields) = values(raw).and_then(|values| fields(&values)) else {
        let bytes = &raw.body[..raw.body.len().min(KEPT_BODY)];
        let body = if bytes.is_empty() { kept_query(raw.query) } else { String::from_utf8_lossy(bytes).into_owned() };
        return Ok(Reading {
            dedupe_key: format!("unreadable:{digest}:{}", raw.now.as_second() / UNTIMED_SECONDS),
            headers,
            fields: Fields::Unreadable,
            body: Some(body),
            occurred_at: None,
        });
    };
    let monitor = &fields.monitor;
    let kind = monitor.alert_type.as_deref().unwrap_or("?");
    let dedupe_key = match monitor.at {
        Some(at) => format!("{}:{kind}:{at}", monitor.monitor_id),
        None => format!("{}:{kind}:{digest}:{}", monitor.monitor_id, raw.now.as_second() / UNTIMED_SECONDS),
    };
    let occurred_at = monitor.at.and_then(|at| Timestamp::from_second(at).ok());
    Ok(Reading { dedupe_key, headers, fields: Fields::UptimeRobot(fields), body: None, occurred_at })
}

/// An unreadable query without its token.
fn kept_query(query: &str) -> String {
    let rest: Vec<_> = pairs(query).into_iter().filter(|(name, _)| name != TOKEN).collect();
    serde_urlencoded::to_string(rest).unwrap_or_default()
}

/// Names and values, wherever they stand; `None` when the body is neither JSON nor a form.
fn values(raw: &Raw<'_>) -> Option<Vec<(String, String)>> {
    let mut values = Vec::new();
    let body = std::str::from_utf8(raw.body).ok()?.trim();
    if body.starts_with(['{', '[', '"']) {
        let Value::Object(object) = serde_json::from_str(body).ok()? else { return None };
        values.extend(object.into_iter().filter_map(|(name, value)| Some((name, pick::plain(&value)?))));
    } else if !body.is_empty() {
        values = serde_urlencoded::from_str(body).ok()?;
    }
    values.extend(pairs(raw.query).into_iter().filter(|(name, _)| name != TOKEN));
    Some(values)
}

/// The picked fields; `None` when nothing says which monitor or what happened to it.
fn fields(values: &[(String, String)]) -> Option<MonitorFields> {
    let get = |names: &[&str]| {
        names.iter().find_map(|name| {
            let found = values.iter().find(|(given, _)| given.eq_ignore_ascii_case(name))?;
            pick::line(&found.1, 300).filter(|value| !is_placeholder(value))
        })
    };
    let id = get(&["monitor_id", "monitorID"]);
    let name = get(&["name", "monitorFriendlyName", "monitor_name", "monitor"]);
    let url = get(&["url", "monitorURL", "monitor_url"]);
    let alert_type = get(&["alert_type", "alertType"]);
    let alert_type_name = get(&["alert_type_name", "alertTypeFriendlyName"]);
    if alert_type.is_none() && alert_type_name.is_none() && (id.is_none() && name.is_none() && url.is_none()) {
        return None;
    }
    let monitor_id = id.clone().or_else(|| url.clone()).or_else(|| name.clone()).unwrap_or_else(|| "?".into());
    let number = |names: &[&str]| get(names).and_then(|text| text.parse::<i64>().ok());
    let monitor = MonitorAlert {
        name: name.or_else(|| url.clone()).unwrap_or_else(|| monitor_id.clone()),
        monitor_id,
        url: url.as_deref().and_then(pick::web_address),
        alert_type,
        details: get(&["details", "alertDetails", "alertDetail", "alert_details"]),
        at: get(&["at", "alertDateTime", "alert_date_time"]).and_then(|text| moment(&text)),
        duration_seconds: number(&["duration_s", "alertDuration", "duration"]).and_then(|n| u64::try_from(n).ok()),
        days_left: number(&["ssl_days_left", "sslExpiryDaysLeft"]),
    };
    Some(MonitorFields { alert_type_name, monitor })
}

/// `*word*` and `$word`: a variable that didn't apply.
fn is_placeholder(value: &str) -> bool {
    let is_word = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    value.strip_prefix('*').and_then(|rest| rest.strip_suffix('*')).is_some_and(is_word)
        || value
            .strip_prefix('$')
            .is_some_and(|word| is_word(word) && word.starts_with(|c: char| c.is_ascii_alphabetic()))
}

/// Unix seconds; milliseconds and RFC 3339 are understood.
fn moment(text: &str) -> Option<i64> {
    match text.parse::<i64>() {
        Ok(milliseconds) if milliseconds >= 100_000_000_000 => Some(milliseconds / 1000),
        Ok(seconds) => Some(seconds),
        Err(_) => Some(text.parse::<Timestamp>().ok()?.as_second()),
    }
}

impl MonitorFields {
    fn kind(&self) -> Kind {
        let by_name = || self.alert_type_name.as_deref().map(str::to_lowercase).unwrap_or_default();
        match self.monitor.alert_type.as_deref() {
            Some("1") => Kind::Down,
            Some("2") => Kind::Up,
            Some("3") => Kind::Expiring,
            Some(_) => Kind::Other,
            None => match by_name().as_str() {
                "down" => Kind::Down,
                "up" => Kind::Up,
                name if name.contains("expir") || name.contains("ssl") => Kind::Expiring,
                _ => Kind::Other,
            },
        }
    }

    /// What follows: always a notice; one of a kind we don't know is a warning.
    pub fn meaning(&self) -> Meaning {
        let monitor = self.monitor.clone();
        Meaning::Notice(match self.kind() {
            Kind::Down => Event::MonitorDown(monitor),
            Kind::Up => Event::MonitorUp(monitor),
            Kind::Expiring => Event::MonitorExpiring(monitor),
            Kind::Other => Event::MonitorOther(monitor),
        })
    }

    /// Only down and up begin and end something; a certificate that expires is neither.
    pub fn phase(&self) -> Option<(String, Phase)> {
        let phase = match self.kind() {
            Kind::Down => Phase::Open,
            Kind::Up => Phase::Close,
            Kind::Expiring | Kind::Other => return None,
        };
        Some((format!("monitor:{}", self.monitor.monitor_id), phase))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "0123456789abcdef0123456789abcdef";
    const DOWN: &str = r#"{"v":1,"monitor_id":"790123456","name":"Tienda /healthz","url":"https://tienda.example.com/healthz","alert_type":"1","alert_type_name":"Down","details":"HTTP 503 - Service Unavailable","duration_s":"*alertDuration*","at":"1767225600","ssl_expiry":"*sslExpiryDate*","ssl_days_left":"*sslExpiryDaysLeft*"}"#;
    const UP: &str = r#"{"v":1,"monitor_id":"790123456","name":"Tienda /healthz","url":"https://tienda.example.com/healthz","alert_type":"2","alert_type_name":"Up","details":"HTTP 200 - OK","duration_s":"437","at":"1767226037","ssl_expiry":"*sslExpiryDate*","ssl_days_left":"*sslExpiryDaysLeft*"}"#;
    const CLASSIC: &str = "monitorID=790123456&monitorURL=https%3A%2F%2Ftienda.example.com%2Fhealthz&monitorFriendlyName=Tienda%20%2Fhealthz&alertType=1&alertTypeFriendlyName=Down&alertDetails=HTTP+503+-+Service+Unavailable&alertDateTime=1767225600&alertDuration=$alertDuration&monitorAlertContacts=457%3B2%3Aops%40example.com";

    fn now() -> Timestamp {
        "2026-01-01T00:00:00Z".parse().unwrap()
    }

    fn secrets() -> Secrets {
        Secrets { current: Some(TOKEN.into()), previous: None }
    }

    fn posted(body: &str, query: &str) -> Reading {
        let mut headers = HeaderMap::new();
        headers.insert(header::AUTHORIZATION, format!("Bearer {TOKEN}").parse().unwrap());
        read(&secrets(), &Raw { headers: &headers, query, body: body.as_bytes(), now: now() }).unwrap()
    }

    fn of(reading: Reading) -> MonitorFields {
        match reading.fields {
            Fields::UptimeRobot(fields) => fields,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn json_a_form_and_a_query_tell_the_same() {
        let json = posted(DOWN, "");
        let expected = MonitorAlert {
            monitor_id: "790123456".into(),
            name: "Tienda /healthz".into(),
            url: Some("https://tienda.example.com/healthz".into()),
            alert_type: Some("1".into()),
            details: Some("HTTP 503 - Service Unavailable".into()),
            at: Some(1_767_225_600),
            duration_seconds: None,
            days_left: None,
        };
        assert_eq!(of(json.clone()).monitor, expected);
        for (body, query) in [(CLASSIC, ""), ("", CLASSIC)] {
            let other = posted(body, query);
            assert_eq!(other.dedupe_key, json.dedupe_key);
            assert_eq!(of(other).monitor, expected);
        }
        assert_eq!(of(posted(UP, "")).monitor.duration_seconds, Some(437));
    }

    #[test]
    fn a_placeholder_that_was_not_replaced_is_missing() {
        for missing in ["*alertDuration*", "$alertDuration", "*sslExpiryDate*"] {
            assert!(is_placeholder(missing), "{missing}");
        }
        for value in ["**", "*", "$", "$5", "a*b*", "* dos palabras *", "437"] {
            assert!(!is_placeholder(value), "{value}");
        }
    }

    #[test]
    fn legacy_defect_a_certificate_warning_is_never_recovered() {
        let expiry = DOWN.replace(r#""alert_type":"1""#, r#""alert_type":"3""#).replace("*sslExpiryDaysLeft*", "7");
        let fields = of(posted(&expiry, ""));
        assert!(matches!(fields.meaning(), Meaning::Notice(Event::MonitorExpiring(_))));
        assert_eq!(fields.phase(), None, "it ends no outage");
        assert_eq!(fields.monitor.days_left, Some(7));
        let number = DOWN.replace(r#""alert_type":"1""#, r#""alert_type":3"#);
        assert!(matches!(of(posted(&number, "")).meaning(), Meaning::Notice(Event::MonitorExpiring(_))));
        let unknown = DOWN.replace(r#""alert_type":"1""#, r#""alert_type":"9""#);
        assert!(matches!(of(posted(&unknown, "")).meaning(), Meaning::Notice(Event::MonitorOther(_))));
    }

    #[test]
    fn an_authentic_body_that_cant_be_read_is_kept() {
        let quoted = DOWN.replace("Tienda /healthz", "Tienda \"la nueva\"");
        for body in [quoted.as_str(), "[1]", "\"x\"", "{", "{}", "", "solo palabras", "{\"v\":1}"] {
            let reading = posted(body, "");
            assert_eq!(reading.fields, Fields::Unreadable, "{body}");
            assert_eq!(reading.body.as_deref(), Some(body));
        }
        let reading = posted("", &format!("token={TOKEN}&x=1"));
        assert_eq!(reading.body.as_deref(), Some("x=1"), "without the token");
        assert_eq!(posted(&"x".repeat(100_000), "").body.unwrap().len(), KEPT_BODY);
    }

    #[test]
    fn the_token_comes_in_a_header_or_in_the_query() {
        let tried = |bearer: Option<&str>, query: &str| {
            let mut headers = HeaderMap::new();
            if let Some(bearer) = bearer {
                headers.insert(header::AUTHORIZATION, bearer.parse().unwrap());
            }
            read(&secrets(), &Raw { headers: &headers, query, body: DOWN.as_bytes(), now: now() }).map(drop)
        };
        assert_eq!(tried(Some(&format!("Bearer {TOKEN}")), ""), Ok(()));
        assert_eq!(tried(Some(&format!("bearer {TOKEN}")), ""), Ok(()));
        assert_eq!(tried(None, &format!("token={TOKEN}")), Ok(()));
        assert_eq!(tried(Some("Bearer other"), &format!("a=1&token={TOKEN}")), Ok(()));
        for (bearer, query) in [
            (None, String::new()),
            (Some(format!("Basic {TOKEN}")), String::new()),
            (Some(format!("Bearer {}", &TOKEN[1..])), String::new()),
            (None, "token=".into()),
            (None, format!("tokens={TOKEN}")),
        ] {
            assert_eq!(tried(bearer.as_deref(), &query), Err(Refusal::Stranger), "{bearer:?} {query}");
        }
    }

    #[test]
    fn the_same_alert_is_the_same_delivery_and_a_later_one_is_not() {
        assert_eq!(posted(DOWN, "").dedupe_key, posted(&DOWN.replace("503", "502"), "").dedupe_key);
        assert_ne!(posted(DOWN, "").dedupe_key, posted(UP, "").dedupe_key);
        let later = DOWN.replace("1767225600", "1767229200");
        assert_ne!(posted(DOWN, "").dedupe_key, posted(&later, "").dedupe_key);
        let untimed = DOWN.replace("1767225600", "*alertDateTime*");
        assert_eq!(posted(&untimed, "").dedupe_key, posted(&untimed, "").dedupe_key);
    }
}
