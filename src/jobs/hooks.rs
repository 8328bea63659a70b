//! Where the worker tells the error monitor what runs do: check-ins of schedules, and attempts that failed.

use super::Timing;
use super::registry::Schedule;
use crate::monitoring::check_in::{self, CheckIn};
use crate::monitoring::faults;

/// A run of a schedule begins. The answer is told its end; a killed worker never does, which the monitor notices.
pub(super) fn scheduled(schedule: &Schedule) -> Option<CheckIn> {
    check_in::begun(schedule.job, &crontab(&schedule.timing)?)
}

/// The timing as a monitor understands it: nothing below a minute.
fn crontab(timing: &Timing) -> Option<String> {
    match timing {
        Timing::Cron(cron) => Some(cron.as_str().to_owned()),
        Timing::Every(period) => match (period.as_secs() / 60, period.as_secs() % 60) {
            (1, 0) => Some("* * * * *".into()),
            (minutes @ 2..60, 0) if 60 % minutes == 0 => Some(format!("*/{minutes} * * * *")),
            (60, 0) => Some("0 * * * *".into()),
            _ => None,
        },
    }
}

/// An attempt failed. Never waits.
pub(super) fn attempt_failed(job: &str, run_id: &str, attempt: u32, error: &str) {
    faults::attempt_failed(job, run_id, attempt, error);
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn periods_are_told_as_cron_expressions() {
        let of = |seconds| crontab(&Timing::Every(Duration::from_secs(seconds)));
        assert_eq!(of(60).as_deref(), Some("* * * * *"));
        assert_eq!(of(300).as_deref(), Some("*/5 * * * *"));
        assert_eq!(of(3_600).as_deref(), Some("0 * * * *"));
        assert_eq!((of(30), of(420)), (None, None));
    }
}
