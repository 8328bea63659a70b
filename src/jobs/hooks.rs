//! Where the worker tells the rest of the house what runs do: cron check-ins and failed attempts for the error monitor.

use std::time::Duration;

use super::registry::Registry;
use super::schedule::Timing;
use crate::monitoring::{check_in, faults};

/// What a scheduled run does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    Begun,
    Done(Duration),
    Failed(Duration),
}

/// A run of a schedule began or ended. Never waits.
pub(super) fn scheduled(registry: &Registry, job: &str, run_id: &str, moment: Moment) {
    match moment {
        Moment::Begun => {
            let schedule = registry.schedule(job).map(|schedule| match &schedule.timing {
                Timing::Cron(cron) => check_in::Schedule::Cron(cron.as_str().to_owned()),
                Timing::Every(period) => check_in::Schedule::Every(*period),
            });
            check_in::begun(job, run_id, schedule);
        }
        Moment::Done(took) => check_in::ended(job, run_id, true, took),
        Moment::Failed(took) => check_in::ended(job, run_id, false, took),
    }
}

/// An attempt failed. Never waits; the text may hold what the cause's text holds.
pub(super) fn attempt_failed(job: &str, run_id: &str, attempt: u32, error: &str) {
    faults::attempt_failed(job, run_id, attempt, error);
}
