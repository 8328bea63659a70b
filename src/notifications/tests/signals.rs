//! What events mean: types, severities, words.

use crate::notifications::event::{Event, MonitorAlert, SentryAlert};
use crate::notifications::signal::{Clear, Raise};
use crate::notifications::{NoticeType, Severity, Source};

fn sentry(level: Option<&str>) -> Event {
    Event::SentryAlert(SentryAlert {
        object: "issue:4711".into(),
        title: "TypeError: the thing that was expected to be there was nowhere to be found".into(),
        culprit: Some("cart.pay".into()),
        project: Some("tienda".into()),
        level: level.map(Into::into),
        url: Some("https://sentry.example.com/issues/4711/".into()),
        ..SentryAlert::default()
    })
}

fn monitor() -> MonitorAlert {
    MonitorAlert {
        monitor_id: "790".into(),
        name: "Tienda".into(),
        url: Some("https://tienda.example.com/".into()),
        details: Some("HTTP 503".into()),
        at: Some(1_767_225_600),
        ..MonitorAlert::default()
    }
}

#[test]
fn sentry_levels_become_severities() {
    for (level, severity) in [
        (Some("fatal"), Severity::Critical),
        (Some("error"), Severity::Error),
        (Some("warning"), Severity::Warning),
        (Some("info"), Severity::Info),
        (Some("debug"), Severity::Info),
        (Some("sample"), Severity::Error),
        (None, Severity::Error),
    ] {
        assert_eq!(Raise::of(&sentry(level)).severity, severity, "{level:?}");
    }
}

#[test]
fn a_sentry_notice_has_fifty_characters_of_title_and_names_culprit_and_project() {
    let notice = Raise::of(&sentry(Some("error")));
    assert_eq!(notice.kind, NoticeType::ErrorAlert);
    assert_eq!(notice.title, "Sentry: TypeError: the thing that was expected to be there");
    assert!(notice.message.contains("cart.pay") && notice.message.contains("tienda"));
    assert_eq!(notice.link.as_deref(), Some("https://sentry.example.com/issues/4711/"));
    for key in ["source", "project", "culprit", "level", "url", "event_id", "issue_id"] {
        assert!(notice.metadata.contains_key(key), "{key}");
    }
}

#[test]
fn monitors_say_what_happened_in_their_titles() {
    let down = Raise::of(&Event::MonitorDown(monitor()));
    assert_eq!((down.title.as_str(), down.severity), ("CAÍDO: Tienda", Severity::Critical));
    assert_eq!(Clear::of(&Event::MonitorUp(monitor())).title.as_deref(), Some("RECUPERADO: Tienda"));
    for key in ["source", "monitor_name", "monitor_id", "monitor_url", "alert_type", "alert_details", "is_down"] {
        assert!(down.metadata.contains_key(key), "{key}");
    }
}

#[test]
fn legacy_a_certificate_warning_was_announced_as_recovered() {
    let expiring = Raise::of(&Event::MonitorExpiring(MonitorAlert { days_left: Some(7), ..monitor() }));
    assert_eq!(expiring.title, "VENCE CERTIFICADO: Tienda");
    assert_eq!(expiring.severity, Severity::Warning);
    assert!(expiring.message.contains("en 7 días"));
    let down = Clear::of(&Event::MonitorUp(monitor())).fingerprint;
    assert_ne!(expiring.fingerprint, down, "it ends no outage, and no recovery ends it");
}

#[test]
fn recoveries_name_the_incident_they_end() {
    let died = Event::JobDied { job: "mail.send".into(), run_id: "1".into(), attempts: 6, error: "refused".into() };
    for (event, end) in [
        (died, Event::JobRecovered { job: "mail.send".into() }),
        (sentry(None), Event::SentryResolved { object: "issue:4711".into() }),
        (Event::MonitorDown(monitor()), Event::MonitorUp(monitor())),
        (
            Event::ProviderRefuses { provider: "resend".into(), reason: "invalid_api_key".into() },
            Event::ProviderAccepts { provider: "resend".into() },
        ),
        (
            Event::BackupFailed { run: "1".into(), error: "no".into() },
            Event::BackupAlarmOver { alarm: "failed".into() },
        ),
        (
            Event::BackupLate { schedule: "weekly".into(), hours: Some(200) },
            Event::BackupAlarmOver { alarm: "late:weekly".into() },
        ),
        (
            Event::BackupVanished { store: "s3".into(), backup: "1".into(), detail: "gone".into() },
            Event::BackupAlarmOver { alarm: "vanished:s3:1".into() },
        ),
        (Event::DrillFailed { run: "1".into(), error: "no".into() }, Event::BackupAlarmOver { alarm: "drill".into() }),
        (Event::UgcDiffers { total: 1, found: vec!["slots".into()] }, Event::UgcConsistent),
    ] {
        assert_eq!(Raise::of(&event).fingerprint, Clear::of(&end).fingerprint, "{event:?}");
    }
}

#[test]
fn unreadable_alerts_are_raised_by_their_source() {
    let event = Event::WebhookUnreadable { source: "uptimerobot".into(), webhook_id: "w".into() };
    let notice = Raise::of(&event);
    assert_eq!((notice.source, notice.kind), (Source::UptimeRobot, NoticeType::UptimeAlert));
    assert!(notice.title.contains("ilegible"), "{}", notice.title);
}

#[test]
fn links_from_outside_lead_where_they_say_or_nowhere() {
    let link = |url: &str| {
        let alert = SentryAlert { object: "issue:1".into(), url: Some(url.into()), ..SentryAlert::default() };
        Raise::of(&Event::SentryAlert(alert)).link
    };
    for bad in ["javascript:alert(1)", "//evil.example.com", "/\\evil.example.com", "data:text/html,x", "https://a b"] {
        assert_eq!(link(bad), None, "{bad}");
    }
    for good in ["https://sentry.example.com/1", "/admin/jobs"] {
        assert_eq!(link(good).as_deref(), Some(good));
    }
}
