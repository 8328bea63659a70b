//! Where the worker tells the error monitor what runs do: check-ins of schedules, and attempts that failed.

use super::Timing;
use super::registry::Schedule;
use crate::monitoring::check_in::{self, CheckIn};

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

/// An attempt failed. The log's errors reach the monitor; the text holds no personal data.
pub(super) fn attempt_failed(job: &str, run_id: &str, attempt: u32, error: &str) {
    faults::attempt_failed(job, run_id, attempt, error);
}
