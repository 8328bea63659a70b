//! Where the worker tells the rest of the house what runs do: cron check-ins and failed attempts for the error monitor.

use std::time::Duration;

/// What a scheduled run does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    Begun,
    Done(Duration),
    Failed(Duration),
}

/// A run of a schedule began or ended. Never waits.
pub(super) fn scheduled(job: &str, run_id: &str, moment: Moment) {
    tracing::debug!(job, run_id, ?moment, "scheduled run");
}

/// An attempt failed. Never waits; the text may hold what the cause's text holds.
pub(super) fn attempt_failed(job: &str, run_id: &str, attempt: u32, error: &str) {
    tracing::warn!(job, run_id, attempt, error, "an attempt at a job failed");
}
