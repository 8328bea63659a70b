//! What the service's answers mean.

use std::time::Duration;

use http::{HeaderMap, StatusCode, header};
use jiff::Timestamp;
use serde::Deserialize;

use crate::media::patience::Failed;

/// Why the account didn't do what it was asked. Holds nothing of a request: addresses and parameters are signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// There is no such file.
    #[error("no such file")]
    Missing,
    /// Another file lies there.
    #[error("another file lies there")]
    Occupied,
    /// Larger than the plan takes.
    #[error("too large for the plan")]
    TooLarge {
        /// What it takes, if the answer says.
        most: Option<u64>,
    },
    /// The secret isn't the account's.
    #[error("the signature is refused: wrong secret")]
    Secret,
    /// The service doesn't know the key, or the account.
    #[error("unknown key or account")]
    Key,
    /// The two clocks are more than an hour apart.
    #[error("the clocks differ")]
    Clock,
    /// The key may not do that, or the plan doesn't have it.
    #[error("not allowed")]
    Forbidden,
    /// The plan's credits are used up.
    #[error("the plan is used up")]
    Quota,
    /// Too many requests.
    #[error("too many requests")]
    Limited {
        /// When there may be more, if the answer says.
        until: Option<Timestamp>,
    },
    /// It refused for another reason.
    #[error("refused with {status}: {message}")]
    Refused {
        /// The status.
        status: u16,
        /// The service's words, clipped.
        message: String,
    },
    /// It answered that it can't just now.
    #[error("answered {0}")]
    Failing(u16),
    /// It didn't answer.
    #[error("{0}")]
    Unreachable(Silence),
    /// It answered what can't be.
    #[error("nonsense: {0}")]
    Nonsense(&'static str),
}

/// How there was no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Silence {
    /// None in time.
    #[error("no answer in time")]
    Timeout,
    /// Nobody there.
    #[error("no connection")]
    Connection,
    /// It broke off.
    #[error("the connection was cut")]
    Cut,
}

/// Longest message that is kept of an answer.
const MESSAGE_CHARACTERS: usize = 200;

#[derive(Default, Deserialize)]
#[serde(default)]
struct Problem {
    error: Message,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Message {
    message: String,
}

/// A request without an answer. The error's own words hold the address, and with it a signature: they are dropped.
pub(super) fn unanswered(error: &reqwest::Error) -> Failed<Trouble> {
    let silence = if error.is_timeout() {
        Silence::Timeout
    } else if error.is_connect() {
        Silence::Connection
    } else {
        Silence::Cut
    };
    Failed::ForNow(Trouble::Unreachable(silence), None)
}

/// Judges an answer that isn't a success: by its status, and by its words where a status has several meanings.
pub(super) fn judge(status: StatusCode, headers: &HeaderMap, body: &[u8], now: Timestamp) -> Failed<Trouble> {
    let message = serde_json::from_slice::<Problem>(body).unwrap_or_default().error.message;
    let said = message.to_lowercase();
    let is_quota = ["quota", "usage limit", "plan limit", "credits"].iter().any(|word| said.contains(word));
    let reset = reset(headers, now);
    match status.as_u16() {
        400 if said.contains("file size too large") => Failed::ForGood(Trouble::TooLarge { most: most(&message) }),
        400 | 402 | 403 | 420 if is_quota => Failed::ForGood(Trouble::Quota),
        401 if said.contains("stale request") => Failed::ForNow(Trouble::Clock, None),
        401 if said.contains("invalid signature") => Failed::ForGood(Trouble::Secret),
        401 => Failed::ForGood(Trouble::Key),
        403 => Failed::ForGood(Trouble::Forbidden),
        404 => Failed::ForGood(Trouble::Missing),
        409 => Failed::ForGood(Trouble::Occupied),
        413 => Failed::ForGood(Trouble::TooLarge { most: None }),
        420 | 429 => {
            let after = reset.map(|(_, after)| after);
            Failed::ForNow(Trouble::Limited { until: reset.map(|(until, _)| until) }, after)
        }
        423 | 499 | 500.. => Failed::ForNow(Trouble::Failing(status.as_u16()), None),
        status => {
            let message = message.chars().take(MESSAGE_CHARACTERS).collect();
            Failed::ForGood(Trouble::Refused { status, message })
        }
    }
}

/// When a limit ends, as the service says it, and how long that is.
fn reset(headers: &HeaderMap, now: Timestamp) -> Option<(Timestamp, Duration)> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let until = match text("x-featureratelimit-reset") {
        Some(date) => jiff::fmt::rfc2822::parse(date).ok()?.timestamp(),
        None => now + Duration::from_secs(text(header::RETRY_AFTER.as_str())?.trim().parse::<u32>().ok()?.into()),
    };
    Some((until, Duration::try_from(until.duration_since(now)).unwrap_or_default()))
}

/// `File size too large. Got 11926513. Maximum is 10485760. …`
fn most(message: &str) -> Option<u64> {
    let (_, after) = message.split_once("Maximum is ")?;
    after.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(status: u16, message: &str) -> Failed<Trouble> {
        let body = serde_json::json!({ "error": { "message": message } }).to_string();
        judge(StatusCode::from_u16(status).unwrap(), &HeaderMap::new(), body.as_bytes(), Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn every_row_of_the_error_table_leads_where_it_says() {
        let size = "File size too large. Got 11926513. Maximum is 10485760. Upgrade your plan.";
        for (status, message, expected) in [
            (400, size, Trouble::TooLarge { most: Some(10_485_760) }),
            (400, "Invalid type", Trouble::Refused { status: 400, message: "Invalid type".into() }),
            (401, "Invalid Signature 00. String to sign - 'timestamp=1'.", Trouble::Secret),
            (401, "Unknown API key 1", Trouble::Key),
            (403, "Feature not available", Trouble::Forbidden),
            (403, "Your account is over its quota", Trouble::Quota),
            (404, "Resource not found - x", Trouble::Missing),
            (409, "already exists", Trouble::Occupied),
            (413, "", Trouble::TooLarge { most: None }),
            (302, "", Trouble::Refused { status: 302, message: String::new() }),
        ] {
            match judged(status, message) {
                Failed::ForGood(trouble) => assert_eq!(trouble, expected, "{status} {message}"),
                again => panic!("{status} {message}: {again:?}"),
            }
        }
        for (status, message, expected) in [
            (401, "Stale request - reported time is 2026", Trouble::Clock),
            (420, "Rate Limit Exceeded", Trouble::Limited { until: None }),
            (429, "", Trouble::Limited { until: None }),
            (423, "", Trouble::Failing(423)),
            (499, "", Trouble::Failing(499)),
            (500, "", Trouble::Failing(500)),
            (502, "", Trouble::Failing(502)),
            (503, "", Trouble::Failing(503)),
            (504, "", Trouble::Failing(504)),
        ] {
            match judged(status, message) {
                Failed::ForNow(trouble, None) => assert_eq!(trouble, expected, "{status} {message}"),
                other => panic!("{status} {message}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_limit_is_waited_for_as_long_as_the_service_says() {
        let now: Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        let mut headers = HeaderMap::new();
        headers.insert("x-featureratelimit-reset", "Sun, 22 Nov 2026 12:00:40 GMT".parse().unwrap());
        let until = "2026-11-22T12:00:40Z".parse().unwrap();
        match judge(StatusCode::from_u16(420).unwrap(), &headers, b"<html>", now) {
            Failed::ForNow(trouble, Some(after)) => {
                assert_eq!((trouble, after.as_secs()), (Trouble::Limited { until: Some(until) }, 40));
            }
            other => panic!("{other:?}"),
        }
        // A limit that is over by the time it is read.
        match judge(StatusCode::TOO_MANY_REQUESTS, &headers, b"", until + Duration::from_secs(5)) {
            Failed::ForNow(_, after) => assert_eq!(after, Some(Duration::ZERO)),
            other => panic!("{other:?}"),
        }
    }
}
