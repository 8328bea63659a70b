//! Tells Sentry that a scheduled job began and how it ended, so that one that never runs is noticed from outside.

use std::time::Instant;

use sentry::protocol::{MonitorCheckIn, MonitorCheckInStatus, MonitorConfig, MonitorSchedule};
use sentry::{Envelope, Hub};

/// Minutes a run may be late before Sentry raises an alarm.
const MARGIN_MINUTES: u64 = 10;
/// Minutes a run may last.
const RUNTIME_MINUTES: u64 = 120;
/// What schedules are written in.
const TIME_ZONE: &str = "America/Asuncion";

/// A run that has begun. Dropped without an end (a killed worker) it stays open, which Sentry reports by itself.
#[derive(Debug)]
pub struct CheckIn {
    id: uuid::Uuid,
    slug: String,
    begun: Instant,
}

/// Says that a run begins; `None` when there is no Sentry. `name` is the schedule's, `cron` its times of day.
pub fn begun(name: &str, cron: &str) -> Option<CheckIn> {
    let check_in = CheckIn { id: uuid::Uuid::new_v4(), slug: slug(name), begun: Instant::now() };
    let config = MonitorConfig {
        schedule: MonitorSchedule::Crontab { value: cron.to_owned() },
        checkin_margin: Some(MARGIN_MINUTES),
        max_runtime: Some(RUNTIME_MINUTES),
        timezone: Some(TIME_ZONE.to_owned()),
        failure_issue_threshold: None,
        recovery_threshold: None,
    };
    check_in.send(MonitorCheckInStatus::InProgress, None, Some(config)).then_some(check_in)
}

impl CheckIn {
    /// Says how it ended.
    pub fn ended(self, is_ok: bool) {
        let status = if is_ok { MonitorCheckInStatus::Ok } else { MonitorCheckInStatus::Error };
        self.send(status, Some(self.begun.elapsed().as_secs_f64()), None);
    }

    fn send(&self, status: MonitorCheckInStatus, duration: Option<f64>, config: Option<MonitorConfig>) -> bool {
        let Some(client) = Hub::current().client().filter(|client| client.is_enabled()) else { return false };
        let environment = client.options().environment.as_deref().map(str::to_owned);
        let mut envelope = Envelope::new();
        envelope.add_item(MonitorCheckIn {
            check_in_id: self.id,
            monitor_slug: self.slug.clone(),
            status,
            environment,
            duration,
            monitor_config: config,
        });
        client.send_envelope(envelope);
        true
    }
}

/// A job's name as a monitor's: `accounts.expire_sessions` is `accounts-expire-sessions`.
fn slug(name: &str) -> String {
    name.chars().map(|character| if character.is_ascii_alphanumeric() { character } else { '-' }).take(50).collect()
}
