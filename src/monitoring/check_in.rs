//! Tells Sentry that a scheduled job began and how it ended, so that one that never runs is noticed from outside.
//!
//! A worker that is killed says nothing more; its check-in stays open and Sentry reports that by itself.

use std::time::Duration;

use sentry::protocol::{MonitorCheckIn, MonitorCheckInStatus, MonitorConfig, MonitorIntervalUnit, MonitorSchedule};
use sentry::{Envelope, Hub};
use sha2::{Digest, Sha256};

/// Minutes a run may be late before Sentry raises an alarm.
const MARGIN_MINUTES: u64 = 10;
/// Minutes a run may last.
const RUNTIME_MINUTES: u64 = 120;
/// What schedules are written in.
const TIME_ZONE: &str = "America/Asuncion";

/// When a job is expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// Five fields of a cron expression, in America/Asuncion.
    Cron(String),
    /// Every so often.
    Every(Duration),
}

/// A run begins. `run` identifies it until its end.
pub fn begun(job: &str, run: &str, schedule: Option<Schedule>) {
    let config = schedule.map(|schedule| MonitorConfig {
        schedule: match schedule {
            Schedule::Cron(value) => MonitorSchedule::Crontab { value },
            // Sentry's shortest interval is a minute.
            Schedule::Every(period) => {
                MonitorSchedule::Interval { value: (period.as_secs() / 60).max(1), unit: MonitorIntervalUnit::Minute }
            }
        },
        checkin_margin: Some(MARGIN_MINUTES),
        max_runtime: Some(RUNTIME_MINUTES),
        timezone: Some(TIME_ZONE.to_owned()),
        failure_issue_threshold: None,
        recovery_threshold: None,
    });
    send(job, run, MonitorCheckInStatus::InProgress, None, config);
}

/// The run ended after `took`.
pub fn ended(job: &str, run: &str, is_ok: bool, took: Duration) {
    let status = if is_ok { MonitorCheckInStatus::Ok } else { MonitorCheckInStatus::Error };
    send(job, run, status, Some(took.as_secs_f64()), None);
}

fn send(
    job: &str,
    run: &str,
    status: MonitorCheckInStatus,
    duration: Option<f64>,
    monitor_config: Option<MonitorConfig>,
) {
    let Some(client) = Hub::current().client().filter(|client| client.is_enabled()) else { return };
    let mut envelope = Envelope::new();
    envelope.add_item(MonitorCheckIn {
        check_in_id: id(run),
        monitor_slug: slug(job),
        status,
        environment: client.options().environment.as_deref().map(str::to_owned),
        duration,
        monitor_config,
    });
    client.send_envelope(envelope);
}

/// The same for the beginning and the end of a run, without remembering anything in between.
fn id(run: &str) -> uuid::Uuid {
    let digest = Sha256::digest(run.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_random_bytes(bytes).into_uuid()
}

/// A job's name as a monitor's: `mail.watch_outbox` is `mail-watch-outbox`.
fn slug(name: &str) -> String {
    name.chars().map(|character| if character.is_ascii_alphanumeric() { character } else { '-' }).take(50).collect()
}
