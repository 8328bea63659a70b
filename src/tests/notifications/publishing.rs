//! From events to incidents, alone and in a crowd.

use std::time::Duration;

use bson::{Document, doc};
use canje::notifications::event::AccountChange;
use canje::notifications::{Event, PersonalNotice, Severity, State, Step, publish};
use canje::values::Role;
use futures::TryStreamExt;

use super::{fault, monitor, sentry};
use crate::accounts::{adopted, sign_in};
use crate::support::TestApp;

/// `sets` of events published by as many tasks at once.
async fn publish_at_once(app: &TestApp, sets: Vec<Vec<Event>>) {
    let (db, now) = (&app.app.db, app.app.clock.now());
    let publishing = sets.into_iter().map(|events| {
        let db = db.clone();
        tokio::spawn(async move { publish(&db, now, &events).await })
    });
    for done in futures::future::join_all(publishing).await {
        done.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_faults_from_all_sides_are_fifty_incidents_and_nothing_is_lost() {
    let app = TestApp::new().await;
    let sets = (0..200).map(|round| (0..50).filter(|n| (n + round) % 10 == 0).map(fault).collect());
    publish_at_once(&app, sets.collect()).await;
    let notices = app.notices().await;
    assert_eq!(notices.len(), 50);
    assert_eq!(notices.iter().map(|notice| notice.occurrences).sum::<i64>(), 200 * 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn criticals_that_begin_at_the_same_moment_all_begin() {
    let app = TestApp::new().await;
    let sets = (0..40).map(|n| vec![Event::MonitorDown(monitor(n % 10, 100))]);
    publish_at_once(&app, sets.collect()).await;
    let notices = app.notices().await;
    assert_eq!(notices.len(), 10);
    assert_eq!(notices.iter().map(|notice| notice.occurrences).sum::<i64>(), 40);
}

#[tokio::test]
async fn events_of_one_fault_make_one_notice_with_their_count() {
    let app = TestApp::new().await;
    app.publish(&[fault(1), fault(2), fault(1), fault(1)]).await;
    let mut counts: Vec<_> = app.notices().await.into_iter().map(|notice| notice.occurrences).collect();
    counts.sort_unstable();
    assert_eq!(counts, [1, 3]);
}

#[tokio::test]
async fn up_resolves_down_and_says_so() {
    let app = TestApp::new().await;
    app.publish(&[Event::MonitorDown(monitor(1, 100))]).await;
    assert_eq!(app.notice().await.title, "CAÍDO: Sitio 1");
    let up = canje::notifications::event::MonitorAlert { duration_seconds: Some(437), ..monitor(1, 200) };
    app.publish(&[Event::MonitorUp(up)]).await;
    let notice = app.notice().await;
    assert_eq!((notice.title.as_str(), notice.state), ("RECUPERADO: Sitio 1", State::Resolved));
    assert_eq!(notice.metadata.get_bool("is_down").ok(), Some(false));
    assert_eq!(notice.metadata.get_i64("duration").ok(), Some(437));
}

#[tokio::test]
async fn an_up_without_a_down_is_no_notice_and_a_down_that_arrives_after_it_is_old_news() {
    let app = TestApp::new().await;
    app.publish(&[Event::MonitorUp(monitor(1, 200))]).await;
    app.publish(&[Event::MonitorDown(monitor(1, 100))]).await;
    assert!(app.notices().await.is_empty());
    app.publish(&[Event::MonitorDown(monitor(1, 300)), Event::MonitorUp(monitor(1, 250))]).await;
    assert_eq!(app.notice().await.state, State::Open, "an up older than the down ends nothing");
}

#[tokio::test]
async fn what_comes_back_is_the_same_incident_unread_and_untaken() {
    let app = TestApp::new().await;
    app.publish(&[Event::MonitorDown(monitor(1, 100)), Event::MonitorUp(monitor(1, 200))]).await;
    let notices = app.app.db.live.collection::<Document>("system_notifications");
    notices.update_one(doc! {}, doc! { "$set": { "read_by": ["user_ana"] } }).await.unwrap();
    app.app.clock.advance(Duration::from_secs(6 * 24 * 3_600));
    app.publish(&[Event::MonitorDown(monitor(1, 300))]).await;
    let notice = app.notice().await;
    assert_eq!((notice.state, notice.occurrences, notice.title.as_str()), (State::Reopened, 2, "CAÍDO: Sitio 1"));
    assert!(notice.read_by.is_empty());
    let steps: Vec<_> = notice.timeline.iter().map(|line| line.what).collect();
    assert_eq!(steps, [Step::Opened, Step::Resolved, Step::Reopened]);
    app.publish(&[Event::MonitorUp(monitor(1, 400))]).await;
    app.app.clock.advance(Duration::from_secs(8 * 24 * 3_600));
    app.publish(&[Event::MonitorDown(monitor(1, 500))]).await;
    assert_eq!(app.notices().await.len(), 2, "after the window it is another one");
}

#[tokio::test]
async fn occurrences_keep_who_has_read_it_and_a_worse_one_doesnt() {
    let app = TestApp::new().await;
    app.publish(&[sentry(1, "warning")]).await;
    let notices = app.app.db.live.collection::<Document>("system_notifications");
    notices.update_one(doc! {}, doc! { "$set": { "read_by": ["user_ana"] } }).await.unwrap();
    app.publish(&[sentry(1, "warning"), sentry(1, "info")]).await;
    let notice = app.notice().await;
    assert_eq!((notice.occurrences, notice.severity), (3, Severity::Warning));
    assert_eq!(notice.read_by, ["user_ana"]);
    app.publish(&[sentry(1, "fatal")]).await;
    let notice = app.notice().await;
    assert_eq!(notice.severity, Severity::Critical);
    assert!(notice.read_by.is_empty());
}

#[tokio::test]
async fn a_personal_notice_is_made_once_and_expires() {
    let app = TestApp::new().await;
    let event =
        Event::AccountSecurity { user_id: "user_ana".into(), what: AccountChange::NewLogin, key: "session-1".into() };
    app.publish(&[event.clone(), event.clone()]).await;
    app.publish(&[event]).await;
    let own: Vec<PersonalNotice> =
        app.app.db.stored::<PersonalNotice>().find(doc! {}).await.unwrap().try_collect().await.unwrap();
    assert_eq!(own.len(), 1);
    assert_eq!((own[0].user_id.as_str(), own[0].is_read), ("user_ana", false));
    assert!(own[0].expires_at.is_some());
    assert!(app.notices().await.is_empty());
}

#[tokio::test]
async fn a_locked_account_of_the_back_office_is_told() {
    let app = TestApp::new().await;
    adopted(&app, "ana@example.com", Role::Admin, |_| {}).await;
    adopted(&app, "creator@example.com", Role::Creator, |_| {}).await;
    let mut browser = app.browser();
    for email in ["creator@example.com", "ana@example.com"] {
        for _ in 0..5 {
            sign_in(&mut browser, email, "wrong").await;
        }
        app.app.clock.advance(Duration::from_secs(61));
    }
    let notice = app.notice().await;
    assert_eq!((notice.kind.as_str(), notice.severity), ("security_alert", Severity::Warning));
    assert!(!format!("{notice:?}").contains("ana@example.com"), "no address in it");
}
