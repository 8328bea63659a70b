//! The rules of the notification centre, without a database.

mod life;
mod signals;
mod timers;

use jiff::Timestamp;

use super::incidents::{self, Rules};
use super::model::SystemNotice;
use super::signal::Raise;
use super::{NoticeType, Severity, Source};
use crate::settings::AlertTimes;

const NOW: &str = "2026-11-23T12:00:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn rules() -> Rules {
    AlertTimes::default().rules()
}

fn raise(severity: Severity) -> Raise {
    Raise {
        kind: NoticeType::ErrorAlert,
        severity,
        source: Source::Sentry,
        fingerprint: "sentry:issue:1".into(),
        title: "Sentry: it broke".into(),
        message: "it broke".into(),
        link: None,
        metadata: bson::doc! { "project": "tienda" },
        at: None,
    }
}

fn opened(severity: Severity) -> SystemNotice {
    incidents::open(&raise(severity), now(), &rules())
}
