//! What each event means for the notification centre: which incident it begins or ends, or whose notice it is.
//!
//! One exhaustive match. Its answers are structs without defaults, so an event can't be added without deciding its type,
//! severity, source, fingerprint, link and words. Who is told and for how long it is kept follows from type and severity,
//! in matches of their own: [`leaves_the_house`] and the times of `incidents::Rules`.

use bson::{Document, doc};

use super::event::{AccountChange, Event, MonitorAlert, SentryAlert};
use super::model::{NoticeType, PersonalType, Severity, Source};
use crate::i18n::backup::told as backups;
use crate::i18n::notifications as words;

/// The incident of campaigns that don't say the same as their applications.
const UGC_DIFFERS: &str = "ugc:invariants";
/// Longest title of a Sentry notice, in characters, without what stands before it.
const SENTRY_TITLE: usize = 50;
/// Longest title and message, in characters.
const TITLE: usize = 200;
const MESSAGE: usize = 2_000;

/// What an event means.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Signal {
    /// Something is wrong, or has to be known: an incident begins or is seen again.
    Raise(Raise),
    /// It is over.
    Clear(Clear),
    /// Somebody's own notice.
    Personal(Personal),
}

/// An incident as an event tells it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Raise {
    pub kind: NoticeType,
    pub severity: Severity,
    pub source: Source,
    /// What makes two events one incident.
    pub fingerprint: String,
    pub title: String,
    pub message: String,
    pub link: Option<String>,
    pub metadata: Document,
    /// When the source says it happened, in Unix seconds; older news of the same incident is ignored.
    pub at: Option<i64>,
}

/// The end of an incident as an event tells it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Clear {
    pub fingerprint: String,
    /// Replaces the incident's title.
    pub title: Option<String>,
    /// Replaces parts of its particulars.
    pub metadata: Document,
    /// When the source says it happened, in Unix seconds.
    pub at: Option<i64>,
}

/// A notice for one person.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Personal {
    pub user_id: String,
    pub kind: PersonalType,
    pub title: String,
    pub message: String,
    pub link: Option<String>,
    pub dedupe_key: String,
}

/// Whether incidents like this are mailed to `alert_recipients.system`, besides standing in the house.
pub fn leaves_the_house(kind: NoticeType, severity: Severity) -> bool {
    match (kind, severity) {
        (NoticeType::BackupFailed, _) | (_, Severity::Critical) => true,
        (_, Severity::Info | Severity::Warning | Severity::Error) => false,
    }
}

impl Event {
    /// What it means.
    pub(super) fn signal(&self) -> Signal {
        match self {
            Self::JobDied { job, run_id, attempts, error } => raise(Raise {
                kind: NoticeType::JobFailed,
                severity: Severity::Error,
                source: Source::Canje,
                fingerprint: job_fingerprint(job),
                title: words::job_died(job),
                message: words::job_died_message(*attempts, error),
                link: Some("/admin/jobs".into()),
                metadata: doc! { "job": job, "run_id": run_id, "attempts": i64::from(*attempts), "error": error },
                at: None,
            }),
            Self::JobRecovered { job } => clear(job_fingerprint(job)),
            Self::Fault { reference, route, kind, error } => raise(Raise {
                kind: NoticeType::ErrorAlert,
                severity: Severity::Error,
                source: Source::Canje,
                fingerprint: format!("fault:{kind}:{route}"),
                title: words::fault(route),
                message: words::fault_message(reference, error),
                link: None,
                metadata: doc! { "route": route, "kind": kind, "reference": reference, "error": error },
                at: None,
            }),
            Self::DatabaseWasAway { seconds, refused } => raise(Raise {
                kind: NoticeType::ErrorAlert,
                severity: if *seconds >= 60 { Severity::Critical } else { Severity::Error },
                source: Source::Canje,
                fingerprint: "database:away".into(),
                title: words::DATABASE_WAS_AWAY.into(),
                message: words::database_was_away_message(*seconds, *refused),
                link: None,
                metadata: doc! { "seconds": i64::from(*seconds), "refused": i64::from(*refused) },
                at: None,
            }),
            Self::SentryAlert(alert) => raise(sentry(alert)),
            Self::SentryResolved { object } => clear(sentry_fingerprint(object, "")),
            Self::MonitorDown(alert) => raise(Raise {
                severity: Severity::Critical,
                fingerprint: down_fingerprint(alert),
                title: words::monitor_down(&alert.name),
                message: words::monitor_down_message(alert.details.as_deref()),
                ..monitor(alert, true)
            }),
            Self::MonitorUp(alert) => Signal::Clear(Clear {
                fingerprint: down_fingerprint(alert),
                title: Some(short(&words::monitor_up(&alert.name), TITLE)),
                metadata: doc! {
                    "is_down": false,
                    "duration": alert.duration_seconds.and_then(|seconds| i64::try_from(seconds).ok()),
                },
                at: alert.at,
            }),
            Self::MonitorExpiring(alert) => raise(Raise {
                severity: Severity::Warning,
                fingerprint: format!("monitor:{}:expiry", monitor_key(alert)),
                title: words::monitor_expiring(&alert.name),
                message: words::monitor_expiring_message(alert.days_left, alert.details.as_deref()),
                ..monitor(alert, false)
            }),
            Self::MonitorOther(alert) => raise(Raise {
                severity: Severity::Warning,
                fingerprint: format!(
                    "monitor:{}:other:{}",
                    monitor_key(alert),
                    alert.alert_type.as_deref().unwrap_or_default()
                ),
                title: words::monitor_other(&alert.name),
                message: words::monitor_other_message(alert.alert_type.as_deref(), alert.details.as_deref()),
                ..monitor(alert, false)
            }),
            Self::WebhookUnreadable { source, webhook_id } => raise(Raise {
                kind: delivered_kind(source),
                severity: Severity::Error,
                source: provider(source),
                fingerprint: format!("webhook:{source}:unreadable"),
                title: words::webhook_unreadable(source),
                message: words::WEBHOOK_UNREADABLE_MESSAGE.into(),
                link: Some("/admin/notifications/webhooks".into()),
                metadata: doc! { "webhook": webhook_id, "source": source },
                at: None,
            }),
            Self::WebhookFailed { source, webhook_id, error } => raise(Raise {
                kind: NoticeType::ErrorAlert,
                severity: Severity::Error,
                source: provider(source),
                fingerprint: format!("webhook:{source}:failed"),
                title: words::webhook_failed(source),
                message: words::webhook_failed_message(error),
                link: Some("/admin/notifications/webhooks".into()),
                metadata: doc! { "webhook": webhook_id, "source": source, "error": error },
                at: None,
            }),
            Self::MessageFailed { channel, template, log_id, error } => raise(Raise {
                kind: NoticeType::ErrorAlert,
                severity: Severity::Error,
                source: Source::Canje,
                fingerprint: format!("message:{channel}:{template}"),
                title: words::message_failed(channel, template),
                message: words::message_failed_message(error),
                link: (channel == "email").then(|| format!("/admin/emails/{log_id}")),
                metadata: doc! { "channel": channel, "template": template, "log": log_id, "error": error },
                at: None,
            }),
            Self::ProviderRefuses { provider: name, reason } => raise(Raise {
                kind: NoticeType::ErrorAlert,
                severity: Severity::Critical,
                source: provider(name),
                fingerprint: format!("provider:{name}"),
                title: words::provider_refuses(name),
                message: words::provider_refuses_message(reason),
                link: Some("/admin/emails".into()),
                metadata: doc! { "provider": name, "reason": reason },
                at: None,
            }),
            Self::ProviderAccepts { provider: name } => clear(format!("provider:{name}")),
            Self::OutboxStalled { channel, waiting } => raise(Raise {
                kind: NoticeType::ErrorAlert,
                severity: Severity::Error,
                source: Source::Canje,
                fingerprint: format!("outbox:{channel}"),
                title: words::outbox_stalled(channel),
                message: words::outbox_stalled_message(*waiting),
                link: Some("/admin/emails".into()),
                metadata: doc! { "channel": channel, "waiting": i64::from(*waiting) },
                at: None,
            }),
            Self::AccountLocked { user_id, ip, minutes } => raise(Raise {
                kind: NoticeType::SecurityAlert,
                severity: Severity::Warning,
                source: Source::Canje,
                fingerprint: format!("account_locked:{user_id}"),
                title: words::ACCOUNT_LOCKED.into(),
                message: words::account_locked_message(*minutes),
                link: Some("/admin/audit?action=login_failed".into()),
                metadata: doc! { "user_id": user_id, "ip": ip, "minutes": i64::from(*minutes) },
                at: None,
            }),
            Self::BackupSucceeded { run, stores, collections, documents } => raise(Raise {
                kind: NoticeType::BackupSuccess,
                severity: Severity::Info,
                source: Source::Canje,
                fingerprint: format!("backup:done:{run}"),
                title: backups::SUCCEEDED.into(),
                message: backups::succeeded_message(stores, *collections, *documents),
                link: backup_link(run),
                metadata: doc! { "run": run, "stores": stores.clone() },
                at: None,
            }),
            Self::BackupFailed { run, error } => backup(
                Severity::Critical,
                "failed".into(),
                (backups::FAILED.into(), backups::failed_message(error)),
                run,
                doc! { "error": error },
            ),
            Self::BackupLate { schedule, hours } => backup(
                Severity::Critical,
                format!("late:{schedule}"),
                (backups::late(schedule).into(), backups::late_message(schedule, *hours)),
                "",
                doc! { "schedule": schedule, "hours": hours.map(i64::from) },
            ),
            Self::BackupShrank { run, what } => backup(
                Severity::Warning,
                format!("shrank:{run}"),
                (backups::SHRANK.into(), backups::shrank_message(what)),
                run,
                doc! {},
            ),
            Self::BackupReadBackFailed { store, backup: id, detail } => backup(
                Severity::Critical,
                format!("read_back:{store}:{id}"),
                (backups::read_back_failed(store), backups::read_back_failed_message(id, detail)),
                id,
                doc! { "store": store },
            ),
            Self::BackupVanished { store, backup: id, detail } => backup(
                Severity::Critical,
                format!("vanished:{store}:{id}"),
                (backups::vanished_title(store), backups::vanished_message(id, detail)),
                id,
                doc! { "store": store },
            ),
            Self::DrillFailed { run, error } => backup(
                Severity::Critical,
                "drill".into(),
                (backups::DRILL_FAILED.into(), backups::drill_failed_message(error)),
                run,
                doc! { "error": error },
            ),
            Self::BackupAlarmOver { alarm } => clear(backup_fingerprint(alarm)),
            Self::UgcDiffers { total, found } => raise(Raise {
                kind: NoticeType::ErrorAlert,
                severity: Severity::Error,
                source: Source::Canje,
                fingerprint: UGC_DIFFERS.into(),
                title: words::UGC_DIFFERS.into(),
                message: words::ugc_differs_message(*total, found),
                link: Some("/admin/jobs".into()),
                metadata: doc! { "total": i64::from(*total), "found": found.clone() },
                at: None,
            }),
            Self::UgcConsistent => clear(UGC_DIFFERS.into()),
            Self::Test { user_id, name } => raise(Raise {
                kind: NoticeType::SystemInfo,
                severity: Severity::Info,
                source: Source::Canje,
                fingerprint: format!("test:{user_id}"),
                title: words::TEST.into(),
                message: words::test_message(name),
                link: Some("/admin/settings".into()),
                metadata: doc! { "user_id": user_id },
                at: None,
            }),
            Self::AccountSecurity { user_id, what, key } => Signal::Personal(Personal {
                user_id: user_id.clone(),
                kind: PersonalType::AccountSecurity,
                title: words::account_change(*what).into(),
                message: words::account_change_message(*what).into(),
                link: Some("/mi-perfil".into()),
                dedupe_key: format!("account_security:{user_id}:{}:{key}", change_name(*what)),
            }),
        }
    }
}

fn raise(raise: Raise) -> Signal {
    Signal::Raise(Raise {
        title: short(&raise.title, TITLE),
        message: short(&raise.message, MESSAGE),
        link: raise.link.filter(|link| is_safe_link(link)),
        ..raise
    })
}

fn clear(fingerprint: String) -> Signal {
    Signal::Clear(Clear { fingerprint, title: None, metadata: Document::new(), at: None })
}

/// What alarms about backups share: all of them are mailed, by their type.
fn backup(
    severity: Severity,
    alarm: String,
    (title, message): (String, String),
    run: &str,
    mut metadata: Document,
) -> Signal {
    metadata.insert("run", run);
    raise(Raise {
        kind: NoticeType::BackupFailed,
        severity,
        source: Source::Canje,
        fingerprint: backup_fingerprint(&alarm),
        title,
        message,
        link: backup_link(run),
        metadata,
        at: None,
    })
}

fn backup_fingerprint(alarm: &str) -> String {
    format!("backup:{alarm}")
}

/// A run's proof page, or the list.
fn backup_link(run: &str) -> Option<String> {
    Some(if run.is_empty() { "/admin/backups".into() } else { format!("/admin/backups/{run}") })
}

fn sentry(alert: &SentryAlert) -> Raise {
    Raise {
        kind: NoticeType::ErrorAlert,
        severity: match alert.level.as_deref() {
            Some("fatal" | "critical") => Severity::Critical,
            Some("warning") => Severity::Warning,
            Some("info" | "debug") => Severity::Info,
            // `error`, and whatever they may invent.
            _ => Severity::Error,
        },
        source: Source::Sentry,
        fingerprint: sentry_fingerprint(&alert.object, &alert.title),
        title: words::sentry(&short(&alert.title, SENTRY_TITLE)),
        message: words::sentry_message(&alert.title, alert.culprit.as_deref(), alert.project.as_deref()),
        link: alert.url.clone(),
        metadata: doc! {
            "source": "sentry",
            "project": alert.project.as_deref(),
            "culprit": alert.culprit.as_deref(),
            "level": alert.level.as_deref(),
            "environment": alert.environment.as_deref(),
            "url": alert.url.as_deref(),
            "event_id": alert.event_id.as_deref(),
            "issue_id": alert.issue_id.as_deref(),
        },
        at: None,
    }
}

/// What alerts about monitors share; the rest is filled in by each.
fn monitor(alert: &MonitorAlert, is_down: bool) -> Raise {
    Raise {
        kind: NoticeType::UptimeAlert,
        severity: Severity::Warning,
        source: Source::UptimeRobot,
        fingerprint: String::new(),
        title: String::new(),
        message: String::new(),
        link: alert.url.clone(),
        metadata: doc! {
            "source": "uptimerobot",
            "monitor_name": &alert.name,
            "monitor_id": &alert.monitor_id,
            "monitor_url": alert.url.as_deref(),
            "alert_type": alert.alert_type.as_deref(),
            "alert_details": alert.details.as_deref(),
            "is_down": is_down,
            "days_left": alert.days_left,
        },
        at: alert.at,
    }
}

/// An alert about a monitor may lack its number; its name tells it apart then.
fn monitor_key(alert: &MonitorAlert) -> &str {
    if alert.monitor_id.is_empty() { &alert.name } else { &alert.monitor_id }
}

fn down_fingerprint(alert: &MonitorAlert) -> String {
    format!("{DOWN_PREFIX}{}", monitor_key(alert))
}

/// How the fingerprints of outages begin.
pub(super) const DOWN_PREFIX: &str = "monitor_down:";

fn sentry_fingerprint(object: &str, title: &str) -> String {
    if object.is_empty() { format!("sentry:title:{title}") } else { format!("sentry:{object}") }
}

fn job_fingerprint(job: &str) -> String {
    format!("job:{job}")
}

fn change_name(what: AccountChange) -> &'static str {
    match what {
        AccountChange::NewLogin => "new_login",
        AccountChange::PasswordChanged => "password_changed",
        AccountChange::RoleChanged => "role_changed",
    }
}

/// The source that a provider's name says.
fn provider(name: &str) -> Source {
    Source::parse(name).unwrap_or(Source::Canje)
}

/// What a delivery that nobody could read was most likely about.
fn delivered_kind(source: &str) -> NoticeType {
    if source == Source::UptimeRobot.as_str() { NoticeType::UptimeAlert } else { NoticeType::ErrorAlert }
}

/// The first characters of a text, in one line's worth of meaning: no control characters.
fn short(text: &str, characters: usize) -> String {
    text.chars().filter(|c| !c.is_control() || *c == '\n').take(characters).collect()
}

/// Whether a link may be shown: a path of ours, or an address that says where it leads. What comes from outside may hold
/// anything.
fn is_safe_link(link: &str) -> bool {
    let is_path = link.starts_with('/') && !link.starts_with("//") && !link.starts_with("/\\");
    let is_address = ["https://", "http://"].iter().any(|scheme| link.starts_with(scheme));
    (is_path || is_address) && link.len() <= 2_000 && !link.chars().any(|c| c.is_control() || c.is_whitespace())
}
