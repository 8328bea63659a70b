//! What the account's plan allows, and how much of it is used up.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::Problem;

/// How long calls of the Admin API are counted together.
const HOUR: Duration = Duration::from_secs(3_600);

/// A plan. The default is the free one.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Largest image, in bytes.
    pub image_bytes: u64,
    /// Largest video.
    pub video_bytes: u64,
    /// Largest raw file.
    pub raw_bytes: u64,
    /// Every part of a file in parts is larger, except the last.
    pub part_bytes: u64,
    /// Calls of the Admin API an hour.
    pub admin_calls: u32,
    /// Credits: one is a gigabyte kept.
    pub credits: f64,
    /// Credits used for anything but what is kept here.
    pub credits_spent: f64,
}

impl Default for Plan {
    fn default() -> Self {
        Self {
            image_bytes: 10 * 1024 * 1024,
            video_bytes: 100 * 1024 * 1024,
            raw_bytes: 10 * 1024 * 1024,
            part_bytes: 5 * 1024 * 1024,
            admin_calls: 500,
            credits: 25.0,
            credits_spent: 0.0,
        }
    }
}

impl Plan {
    /// The largest file of a resource type.
    pub fn largest(&self, resource: &str) -> u64 {
        match resource {
            "image" => self.image_bytes,
            "video" => self.video_bytes,
            _ => self.raw_bytes,
        }
    }

    /// Refuses a file that is larger.
    pub(super) fn check_size(&self, resource: &str, bytes: u64) -> Result<(), Problem> {
        let most = self.largest(resource);
        if bytes <= most {
            return Ok(());
        }
        let words = format!(
            "File size too large. Got {bytes}. Maximum is {most}. Upgrade your plan to enjoy higher limits \
             https://www.cloudinary.com/pricing/upgrade-plan"
        );
        Err(Problem::new(400, words))
    }
}

/// The plan and the calls of this hour.
#[derive(Default)]
pub struct Meter(Mutex<State>);

#[derive(Default)]
struct State {
    plan: Plan,
    since: Option<Timestamp>,
    calls: u32,
}

impl Meter {
    /// The plan as it is.
    pub fn plan(&self) -> Plan {
        self.lock().plan.clone()
    }

    /// Changes the plan.
    pub fn change(&self, change: impl FnOnce(&mut Plan)) {
        change(&mut self.lock().plan);
    }

    /// Counts a call of the Admin API; what it is answered carries the count, or is a refusal.
    pub(super) fn admin(&self, now: Timestamp, answer: impl FnOnce() -> Result<Response, Problem>) -> Response {
        let (limit, calls, reset) = {
            let mut state = self.lock();
            let since = state.since.filter(|since| *since + HOUR > now).unwrap_or_else(|| {
                state.calls = 0;
                now
            });
            state.since = Some(since);
            state.calls += 1;
            (state.plan.admin_calls, state.calls, since + HOUR)
        };
        let mut response = if calls > limit {
            let words = format!("Rate Limit Exceeded. Limit of {limit} api operations reached. Try again on {reset}");
            Problem::new(420, words).into_response()
        } else {
            answer().unwrap_or_else(Problem::into_response)
        };
        let date = jiff::fmt::rfc2822::DateTimePrinter::new();
        let date =
            date.timestamp_to_rfc9110_string(&reset).unwrap_or_else(|_| reset.to_zoned(TimeZone::UTC).to_string());
        for (name, value) in [
            ("x-featureratelimit-limit", limit.to_string()),
            ("x-featureratelimit-remaining", limit.saturating_sub(calls).to_string()),
            ("x-featureratelimit-reset", date),
        ] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().insert(name, value);
            }
        }
        response
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
