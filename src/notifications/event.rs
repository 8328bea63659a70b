//! Everything that can happen and that somebody has to know.
//!
//! One enum: type, severity, fingerprint, recipients, channels, link, retention and words are exhaustive matches over it, so
//! an event nobody thought through doesn't compile.

use serde::{Deserialize, Serialize};

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// A job used up its attempts and is a dead letter.
    JobDied {
        /// The job's name.
        job: String,
        /// The dead letter.
        run_id: String,
        /// How often it was tried.
        attempts: u32,
        /// The last error, without personal data.
        error: String,
    },
    /// A dead letter was tried again and done, or discarded by hand: nothing of this job is dead any more.
    JobRecovered {
        /// The job's name.
        job: String,
    },
    /// A request broke.
    Fault {
        /// What the person was shown.
        reference: String,
        /// Method and matched route, such as `POST /login`.
        route: String,
        /// The kind of failure, stable over occurrences.
        kind: String,
        /// The scrubbed chain of causes.
        error: String,
    },
    /// The database couldn't be reached for a while, and can again.
    DatabaseWasAway {
        /// For how long.
        seconds: u32,
        /// How many requests were refused meanwhile.
        refused: u32,
    },
    /// Sentry reports an error, an issue or a metric.
    SentryAlert(SentryAlert),
    /// Sentry says that an issue or a metric alert is over.
    SentryResolved {
        /// What identifies it there: `issue:4711`, `metric:12`.
        object: String,
    },
    /// UptimeRobot can't reach a monitor.
    MonitorDown(MonitorAlert),
    /// UptimeRobot reaches it again.
    MonitorUp(MonitorAlert),
    /// A certificate or domain of a monitor is about to expire.
    MonitorExpiring(MonitorAlert),
    /// UptimeRobot says something of a kind we don't know.
    MonitorOther(MonitorAlert),
    /// An authentic delivery from outside couldn't be read.
    WebhookUnreadable {
        /// `sentry`, `uptimerobot`, `resend`.
        source: String,
        /// The stored delivery.
        webhook_id: String,
    },
    /// A delivery from outside couldn't be processed.
    WebhookFailed {
        /// `sentry`, `uptimerobot`, `resend`.
        source: String,
        /// The stored delivery.
        webhook_id: String,
        /// Why.
        error: String,
    },
    /// A mail or message was given up.
    MessageFailed {
        /// `email` or `whatsapp`.
        channel: String,
        /// The template.
        template: String,
        /// The row of the log.
        log_id: String,
        /// Why.
        error: String,
    },
    /// The provider refuses everything: a bad key, a suspended account, a used-up quota.
    ProviderRefuses {
        /// `resend`, `smtp`, `twilio`.
        provider: String,
        /// Its name for the reason.
        reason: String,
    },
    /// The provider takes our messages again.
    ProviderAccepts {
        /// `resend`, `smtp`, `twilio`.
        provider: String,
    },
    /// Messages wait for longer than they should.
    OutboxStalled {
        /// `email` or `whatsapp`.
        channel: String,
        /// How many.
        waiting: u32,
    },
    /// An account of the back office was locked after wrong passwords.
    AccountLocked {
        /// The account.
        user_id: String,
        /// Where from.
        ip: String,
        /// For how long.
        minutes: u32,
    },
    /// A backup went all the way.
    BackupSucceeded {
        /// The run.
        run: String,
        /// The stores it is in.
        stores: Vec<String>,
        /// How many collections.
        collections: u64,
        /// How many documents.
        documents: u64,
    },
    /// A backup didn't.
    BackupFailed {
        /// The run; empty when there couldn't be one.
        run: String,
        /// Why, in words.
        error: String,
    },
    /// No complete backup is young enough.
    BackupLate {
        /// `daily`, or `weekly` for the one in two stores.
        schedule: String,
        /// The newest one's age; `None` when there is none.
        hours: Option<u32>,
    },
    /// A backup holds much less than the one before it.
    BackupShrank {
        /// The run.
        run: String,
        /// What shrank, each in words.
        what: Vec<String>,
    },
    /// A stored backup was read again and isn't what was stored.
    BackupReadBackFailed {
        /// The store.
        store: String,
        /// The backup.
        backup: String,
        /// What was found, in words.
        detail: String,
    },
    /// A backup that should be in a store isn't.
    BackupVanished {
        /// The store.
        store: String,
        /// The backup.
        backup: String,
        /// What was found, in words.
        detail: String,
    },
    /// The monthly restore didn't give back what was stored.
    DrillFailed {
        /// The run; empty when there was none to restore.
        run: String,
        /// Why, in words.
        error: String,
    },
    /// An alarm about backups is over.
    BackupAlarmOver {
        /// Which: `failed`, `late:daily`, `late:weekly`, `drill`, `vanished:<store>:<backup>`.
        alarm: String,
    },
    /// Campaigns, applications and deliveries don't say the same.
    UgcDiffers {
        /// How many differences.
        total: u32,
        /// The first ones.
        found: Vec<String>,
    },
    /// They all say the same again.
    UgcConsistent,
    /// Somebody tried a channel from the settings.
    Test {
        /// Who asked.
        user_id: String,
        /// Its name.
        name: String,
    },
    /// Somebody's account: a sign-in from a new device, a changed password. Personal.
    AccountSecurity {
        /// Whose.
        user_id: String,
        /// What.
        what: AccountChange,
        /// Distinguishes two of a kind; part of the dedupe key.
        key: String,
    },
}

/// What happened to somebody's account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountChange {
    /// A back-office session from a device not seen before.
    NewLogin,
    /// The password was changed.
    PasswordChanged,
    /// The role was changed.
    RoleChanged,
}

/// What Sentry says, as far as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SentryAlert {
    /// What identifies it there: `issue:4711`, `metric:12`, `event:…` when there is no issue.
    pub object: String,
    /// The title.
    pub title: String,
    /// Where in the code.
    pub culprit: Option<String>,
    /// The project's slug or name.
    pub project: Option<String>,
    /// `fatal`, `error`, `warning`, `info`, `debug`, or what a metric alert says.
    pub level: Option<String>,
    /// The environment.
    pub environment: Option<String>,
    /// Its page.
    pub url: Option<String>,
    /// The event.
    pub event_id: Option<String>,
    /// The issue.
    pub issue_id: Option<String>,
}

/// What UptimeRobot says, as far as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct MonitorAlert {
    /// The monitor's number.
    pub monitor_id: String,
    /// Its name.
    pub name: String,
    /// What it watches.
    pub url: Option<String>,
    /// The alert's kind in their numbers.
    pub alert_type: Option<String>,
    /// Why.
    pub details: Option<String>,
    /// When, in Unix seconds.
    pub at: Option<i64>,
    /// Length of the outage, on recovery.
    pub duration_seconds: Option<u64>,
    /// Days until it expires.
    pub days_left: Option<i64>,
}
