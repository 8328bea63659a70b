//! The settings as stored. Every value has its default here and nowhere else; a document that lacks a part means the default.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::holidays;
use crate::db::Stored;
use crate::notifications::Rules;
use crate::values::LocalDate;

/// The only document's key.
pub(super) const KEY: &str = "global";
const DAY: u64 = 24 * 60 * 60;

/// The document of `admin_settings`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Settings {
    /// Always the same: there is one.
    #[serde(rename = "_id")]
    pub key: String,
    /// Counts the saves, so that two people don't undo each other's.
    #[serde(default)]
    pub rev: i64,
    /// Who is told by mail.
    #[serde(default)]
    pub alert_recipients: AlertRecipients,
    /// When.
    #[serde(default)]
    pub alert_times: AlertTimes,
    /// Which Sentry project goes quiet while a monitor is down.
    #[serde(default)]
    pub monitor_projects: Vec<MonitorProject>,
    /// The team's number for messages about campaigns, in E.164; none: no such messages.
    #[serde(default)]
    pub whatsapp_marcas: Option<String>,
    /// How long anybody waits for anybody in campaigns.
    #[serde(default)]
    pub waits: Waits,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            key: KEY.into(),
            rev: 0,
            alert_recipients: AlertRecipients::default(),
            alert_times: AlertTimes::default(),
            monitor_projects: Vec::new(),
            whatsapp_marcas: None,
            waits: Waits::default(),
        }
    }
}

impl Stored for Settings {
    const COLLECTION: &'static str = "admin_settings";
}

/// Mail addresses by what they are told about. An empty list means every active superadmin.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AlertRecipients {
    /// Orders and brands' inquiries.
    pub general: Vec<String>,
    /// Creators and campaigns.
    pub ugc: Vec<String>,
    /// Reservations and services.
    pub studio: Vec<String>,
    /// Backups and incidents.
    pub system: Vec<String>,
    /// Critical incidents that nobody takes.
    pub escalation: Vec<String>,
}

/// When incidents are mailed, and how long notices are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AlertTimes {
    /// Seconds from an incident to its first mail, so that what belongs together goes together.
    pub group_wait_seconds: u32,
    /// Minutes between two mails of one group.
    pub group_interval_minutes: u32,
    /// Hours between two mails about an incident nobody takes.
    pub repeat_hours: u32,
    /// Minutes until a critical incident is mailed whatever its group's interval.
    pub escalate_first_minutes: u32,
    /// Minutes until the second list is told.
    pub escalate_second_minutes: u32,
    /// Days within which an incident that comes back is the same one.
    pub reopen_window_days: u32,
    /// Days that mere information is kept.
    pub keep_info_days: u32,
    /// Days that everything else is kept.
    pub keep_others_days: u32,
}

impl Default for AlertTimes {
    fn default() -> Self {
        Self {
            group_wait_seconds: 30,
            group_interval_minutes: 5,
            repeat_hours: 4,
            escalate_first_minutes: 5,
            escalate_second_minutes: 30,
            reopen_window_days: 7,
            keep_info_days: 90,
            keep_others_days: 400,
        }
    }
}

impl AlertTimes {
    /// As the notification centre goes by them.
    pub fn rules(&self) -> Rules {
        let seconds = |amount: u32, unit: u64| Duration::from_secs(u64::from(amount) * unit);
        Rules {
            group_wait: seconds(self.group_wait_seconds, 1),
            group_interval: seconds(self.group_interval_minutes, 60),
            repeat: seconds(self.repeat_hours, 60 * 60),
            escalate_first: seconds(self.escalate_first_minutes, 60),
            escalate_second: seconds(self.escalate_second_minutes, 60),
            reopen_window: seconds(self.reopen_window_days, DAY),
            keep_info: seconds(self.keep_info_days, DAY),
            keep_others: seconds(self.keep_others_days, DAY),
        }
    }
}

/// A monitor of UptimeRobot and the Sentry project whose errors its outage explains.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonitorProject {
    /// The monitor's name or number.
    pub monitor: String,
    /// The project's slug.
    pub project: String,
}

/// How long anybody waits for anybody in campaigns, in business days, and which days besides weekends are none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Waits {
    /// Until staff answers an application.
    pub applied: u32,
    /// Until staff decides about a shortlisted one.
    pub shortlisted: u32,
    /// Until staff reviews a post.
    pub review: u32,
    /// Until the creator corrects a post.
    pub changes: u32,
    /// Until staff closes what is delivered or refused.
    pub close: u32,
    /// Until staff is told again of a delivery whose own deadline is over.
    pub overdue: u32,
    /// In order, each once.
    pub holidays: Vec<LocalDate>,
}

impl Default for Waits {
    fn default() -> Self {
        Self { applied: 3, shortlisted: 5, review: 5, changes: 3, close: 5, overdue: 5, holidays: holidays::national() }
    }
}
