//! Notices, incidents, their timers.

mod outgoing;
mod publishing;
mod reading;
mod settings;

use std::time::Duration;

use bson::{Document, doc};
use canje::jobs::{self, When};
use canje::notifications::event::{MonitorAlert, SentryAlert};
use canje::notifications::{Dispatch, Event, SystemNotice, publish};
use futures::TryStreamExt;

use crate::support::TestApp;

/// A request that broke, one kind per number.
pub fn fault(number: usize) -> Event {
    Event::Fault {
        reference: format!("ref-{number}"),
        route: format!("GET /page/{number}"),
        kind: "database".into(),
        error: "the query failed".into(),
    }
}

/// A monitor by its number, at a second of its own clock.
pub fn monitor(number: usize, at: i64) -> MonitorAlert {
    MonitorAlert {
        monitor_id: number.to_string(),
        name: format!("Sitio {number}"),
        at: Some(at),
        details: Some("HTTP 503".into()),
        ..MonitorAlert::default()
    }
}

/// An error that Sentry reports.
pub fn sentry(issue: usize, level: &str) -> Event {
    Event::SentryAlert(SentryAlert {
        object: format!("issue:{issue}"),
        title: format!("Error {issue}"),
        project: Some("tienda".into()),
        level: Some(level.into()),
        ..SentryAlert::default()
    })
}

impl TestApp {
    /// Publishes now.
    pub async fn publish(&self, events: &[Event]) {
        publish(&self.app.db, self.app.clock.now(), events).await.unwrap();
    }

    /// Every system notice, the oldest news first.
    pub async fn notices(&self) -> Vec<SystemNotice> {
        let all = self.app.db.stored::<SystemNotice>();
        all.find(doc! {}).sort(doc! { "sort_at": 1, "_id": 1 }).await.unwrap().try_collect().await.unwrap()
    }

    /// The only system notice.
    pub async fn notice(&self) -> SystemNotice {
        let mut notices = self.notices().await;
        assert_eq!(notices.len(), 1, "{notices:?}");
        notices.remove(0)
    }

    /// Lets time pass and looks at what is due, as the schedule does every minute.
    pub async fn pass(&self, seconds: u64) {
        self.app.clock.advance(Duration::from_secs(seconds));
        let dispatch = Dispatch::default();
        jobs::enqueue(&self.app.db, self.app.clock.now(), &dispatch, &When::default()).await.unwrap();
        self.work().await;
    }

    /// What is in the outbox of one template: address and subject, oldest first.
    pub async fn letters(&self, template: &str) -> Vec<(String, String)> {
        let rows = self.app.db.live.collection::<Document>("email_logs");
        let rows: Vec<_> = rows
            .find(doc! { "template": template })
            .sort(doc! { "created_at": 1, "_id": 1 })
            .await
            .unwrap()
            .try_collect::<Vec<_>>()
            .await
            .unwrap();
        let text = |row: &Document, name: &str| row.get_str(name).unwrap().to_owned();
        rows.iter().map(|row| (text(row, "to_email"), text(row, "subject"))).collect()
    }
}
