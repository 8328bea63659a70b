//! The bell, its live stream, and the pages of notices.

mod pages;
mod stream;

use canje::notifications::event::{AccountChange, MonitorAlert, SentryAlert};
use canje::notifications::{Event, publish};

use super::accounts::{adopted, all, documents, signed_in};
use super::support::{Answer, TestApp};

/// A monitor that is down: critical.
fn down(name: &str) -> Event {
    Event::MonitorDown(MonitorAlert { monitor_id: name.into(), name: name.into(), ..MonitorAlert::default() })
}

/// An error that Sentry reports.
fn broken(object: &str) -> Event {
    Event::SentryAlert(SentryAlert {
        object: object.into(),
        title: format!("TypeError en {object}"),
        project: Some("tienda".into()),
        url: Some("https://sentry.example.com/issues/1/".into()),
        ..SentryAlert::default()
    })
}

/// Somebody's own notice.
fn own(user_id: &str, key: &str) -> Event {
    Event::AccountSecurity { user_id: user_id.into(), what: AccountChange::NewLogin, key: key.into() }
}

async fn happens(app: &TestApp, events: &[Event]) {
    publish(&app.app.db, app.app.clock.now(), events).await.unwrap();
}

/// The id of the only notice with this title.
async fn id_of(app: &TestApp, collection: &str, title: &str) -> String {
    let found = all(app, collection, bson::doc! { "title": title }).await;
    assert_eq!(found.len(), 1, "{title}: {found:?}");
    found[0].get_str("id").unwrap().to_owned()
}

/// What the badge of a page says; nothing when there is none.
fn badge(page: &Answer) -> Option<String> {
    let html = page.text();
    let rest = html.split(r#"data-testid="bell-count""#).nth(1)?;
    let (_, text) = rest.split_once('>')?;
    Some(text.split('<').next()?.to_owned())
}
