//! Server-sent events: what opens them, what they say, what ends them.

use std::time::Duration;

use axum::body::BodyDataStream;
use bson::doc;
use canje::db::Db;
use canje::notifications::{feed, hub, publish};
use canje::values::Role;
use futures::StreamExt;
use http::StatusCode;

use super::super::support::{Browser, eventually};
use super::*;

/// Longer than anything here takes, so that a stream that hangs fails its test.
const PATIENCE: Duration = Duration::from_secs(60);

struct Events(BodyDataStream);

impl Events {
    /// Opens a stream as a page that was just made does, and waits until it is fed.
    async fn open(app: &TestApp, browser: &Browser<'_>) -> Self {
        let since = app.app.clock.now().as_millisecond();
        let (status, headers, body) = browser.open(&format!("/api/notifications/stream?since={since}")).await;
        assert_eq!(status, StatusCode::OK);
        assert_eq!(headers["content-type"], "text/event-stream");
        let mut events = Self(body);
        assert!(events.next().await.unwrap().starts_with("retry: "));
        // The clock stands still, so that the moment the feed began isn't before the page: it may have missed something.
        assert!(events.next().await.unwrap().contains("event: changed"));
        events
    }

    /// The next part; `None` when the stream has ended.
    async fn next(&mut self) -> Option<String> {
        let part = tokio::time::timeout(PATIENCE, self.0.next()).await.expect("the stream says something or ends")?;
        Some(String::from_utf8(part.unwrap().to_vec()).unwrap())
    }
}

#[tokio::test]
async fn a_notice_reaches_the_open_bell_from_any_process() {
    let app = TestApp::new().await;
    adopted(&app, "ana@example.com", Role::Staff, |_| {}).await;
    let creator = adopted(&app, "bea@example.com", Role::Creator, |_| {}).await;
    let (staff, user) = (signed_in(&app, "ana@example.com").await, signed_in(&app, "bea@example.com").await);
    let mut team = Events::open(&app, &staff).await;
    let mut one = Events::open(&app, &user).await;

    let elsewhere = Db::connect(&app.db.settings).await.unwrap();
    publish(&elsewhere, app.app.clock.now(), &[down("tienda")]).await.unwrap();
    let event = team.next().await.unwrap();
    assert!(event.contains("event: changed\n") && event.contains(r#""title":"CAÍDO: tienda""#), "{event}");
    assert!(event.contains(r#""severity":"critical""#), "{event}");

    publish(&elsewhere, app.app.clock.now(), &[own(&creator, "1")]).await.unwrap();
    let event = one.next().await.unwrap();
    assert!(event.contains(r#""headline":null"#), "the first thing a creator hears of is their own: {event}");
}

#[tokio::test]
async fn what_one_reads_is_told_to_their_other_pages_alone() {
    let app = TestApp::new().await;
    adopted(&app, "ana@example.com", Role::Staff, |_| {}).await;
    adopted(&app, "bea@example.com", Role::Staff, |_| {}).await;
    happens(&app, &[broken("issue:1")]).await;
    let id = id_of(&app, "system_notifications", "Sentry: TypeError en issue:1").await;
    let (mut ana, bea) = (signed_in(&app, "ana@example.com").await, signed_in(&app, "bea@example.com").await);
    let mut hers = Events::open(&app, &ana).await;
    let mut others = Events::open(&app, &bea).await;
    ana.post("/admin/notifications/leer", &[("id", &id)]).await;
    assert!(hers.next().await.unwrap().contains(r#""headline":null"#));
    happens(&app, &[broken("issue:2")]).await;
    let next = others.next().await.unwrap();
    assert!(next.contains("issue:2"), "the first thing the other hears is the next notice: {next}");
}

#[tokio::test]
async fn a_stream_is_for_who_is_signed_in() {
    let app = TestApp::new().await;
    let (status, ..) = app.browser().open("/api/notifications/stream").await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn streams_end_when_the_process_does() {
    let app = TestApp::new().await;
    adopted(&app, "ana@example.com", Role::Staff, |_| {}).await;
    let browser = signed_in(&app, "ana@example.com").await;
    let mut events = Events::open(&app, &browser).await;
    app.app.stopping.begin();
    assert_eq!(events.next().await, None);
    eventually("no stream is left", async || (app.app.hub.streams() == 0).then_some(())).await;
}

#[tokio::test]
async fn a_revoked_session_ends_its_streams_and_no_others() {
    let app = TestApp::new().await;
    adopted(&app, "ana@example.com", Role::Staff, |_| {}).await;
    let (mut one, two) = (signed_in(&app, "ana@example.com").await, signed_in(&app, "ana@example.com").await);
    let mut revoked = Events::open(&app, &one).await;
    let mut other = Events::open(&app, &two).await;
    one.post("/logout", &[]).await;
    assert_eq!(revoked.next().await.as_deref(), Some("event: end\ndata: {}\n\n"));
    assert_eq!(revoked.next().await, None);
    happens(&app, &[down("tienda")]).await;
    assert!(other.next().await.unwrap().contains("event: changed"));
}

#[tokio::test]
async fn a_session_that_is_over_by_itself_ends_its_streams() {
    let app = TestApp::new().await;
    let ana = adopted(&app, "ana@example.com", Role::Staff, |_| {}).await;
    adopted(&app, "bea@example.com", Role::Staff, |_| {}).await;
    let (first, second) = (signed_in(&app, "ana@example.com").await, signed_in(&app, "bea@example.com").await);
    let mut demoted = Events::open(&app, &first).await;
    let mut idle = Events::open(&app, &second).await;
    let look = async || feed::end_over(&app.app.hub, &app.app.db, &app.app.clock).await.unwrap();
    look().await;
    assert_eq!(app.app.hub.streams(), 2, "both sessions are alive");
    documents(&app, "users").update_one(doc! { "user_id": &ana }, doc! { "$set": { "role": "user" } }).await.unwrap();
    look().await;
    assert!(demoted.next().await.unwrap().starts_with("event: end"));
    assert_eq!(demoted.next().await, None);
    app.app.clock.advance(Duration::from_secs(30 * 60));
    look().await;
    assert!(idle.next().await.unwrap().starts_with("event: end"), "an open stream is no use of a session");
}

#[tokio::test]
async fn a_session_opens_so_many_streams_and_the_oldest_gives_way() {
    let app = TestApp::new().await;
    adopted(&app, "ana@example.com", Role::Staff, |_| {}).await;
    let browser = signed_in(&app, "ana@example.com").await;
    let mut streams = Vec::new();
    for _ in 0..=hub::STREAMS_PER_SESSION {
        streams.push(Events::open(&app, &browser).await);
    }
    assert!(streams[0].next().await.unwrap().starts_with("event: end"));
    assert_eq!(streams[0].next().await, None);
    drop(streams);
    eventually("closed streams are gone", async || (app.app.hub.streams() == 0).then_some(())).await;
}
