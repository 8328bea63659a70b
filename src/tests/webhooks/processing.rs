//! What follows from stored deliveries: exact counts, their own order, and failures that are seen.

use std::time::Duration;

use bson::{Document, doc};
use futures::future::join_all;

use super::*;
use crate::accounts::documents;

async fn alerts(app: &TestApp, issue: u32, events: std::ops::Range<u32>) {
    let sent = events.map(|n| alert(issue, &format!("e{issue}-{n}"), &format!("panic {issue}")));
    for answer in join_all(sent.map(|body| send(app, from_sentry("event_alert", &body), body))).await {
        assert_eq!(answer.status, 200);
    }
}

async fn monitors(app: &TestApp, kind: &str, at: i64) {
    assert_eq!(send(app, from_uptimerobot(), monitor(kind, at).to_string()).await.status, 200);
    settle(app).await;
}

fn states(rows: &[Document]) -> Vec<&str> {
    rows.iter().map(|row| row.get_str("status").unwrap()).collect()
}

async fn one(app: &TestApp) -> Document {
    let mut notices = notices(app).await;
    assert_eq!(notices.len(), 1, "{notices:?}");
    notices.remove(0)
}

#[tokio::test]
async fn deliveries_of_one_issue_are_one_notice_with_their_number() {
    let app = connected().await;
    alerts(&app, 4711, 0..30).await;
    alerts(&app, 4712, 0..2).await;
    settle(&app).await;
    assert!(states(&stored(&app).await).iter().all(|state| *state == "processed"));
    let mut notices = notices(&app).await;
    notices.sort_by_key(|notice| notice.get_i64("occurrences").unwrap());
    let counts: Vec<_> = notices.iter().map(|notice| notice.get_i64("occurrences").unwrap()).collect();
    assert_eq!(counts, [2, 30]);
    let notice = &notices[1];
    assert_eq!(notice.get_str("type").unwrap(), "error_alert");
    assert_eq!(notice.get_str("severity").unwrap(), "error");
    assert_eq!(notice.get_str("title").unwrap(), "Sentry: panic 4711");
    let metadata = notice.get_document("metadata").unwrap();
    assert_eq!(metadata.get_str("culprit").unwrap(), "POST /checkout");
    assert_eq!(metadata.get_str("issue_id").unwrap(), "4711");
}

#[tokio::test]
async fn two_workers_at_the_same_moment_count_no_delivery_twice() {
    let app = connected().await;
    for issue in 0..20 {
        alerts(&app, issue, 0..10).await;
    }
    let db = &app.app.db;
    let run = async || {
        while canje::webhooks::process_due(db, app.app.clock.now()).await.unwrap() > 0 {}
    };
    futures::join!(run(), run(), run());
    assert!(states(&stored(&app).await).iter().all(|state| *state == "processed"));
    let notices = notices(&app).await;
    assert_eq!(notices.len(), 20);
    assert!(notices.iter().all(|notice| notice.get_i64("occurrences").unwrap() == 10), "{notices:?}");
}

#[tokio::test]
async fn up_resolves_down_and_an_expiry_resolves_nothing() {
    let app = connected().await;
    monitors(&app, "1", NOW_SECONDS - 60).await;
    let down = one(&app).await;
    assert_eq!(down.get_str("severity").unwrap(), "critical");
    assert!(down.get_str("title").unwrap().starts_with("CAÍDO: "), "{down}");

    monitors(&app, "3", NOW_SECONDS - 50).await;
    let all = notices(&app).await;
    assert_eq!(all.len(), 2, "legacy defect: a certificate warning was announced as recovered");
    let expiry = all.iter().find(|notice| notice.get_str("title").unwrap().starts_with("VENCE CERTIFICADO: ")).unwrap();
    assert_eq!(expiry.get_str("severity").unwrap(), "warning");
    assert!(all.iter().all(|notice| notice.get_bool("is_open").unwrap()));

    monitors(&app, "2", NOW_SECONDS - 40).await;
    let open: Vec<_> = notices(&app).await.into_iter().filter(|notice| notice.get_bool("is_open").unwrap()).collect();
    assert_eq!(open.len(), 1, "{open:?}");
    assert!(open[0].get_str("title").unwrap().starts_with("VENCE CERTIFICADO: "));
}

#[tokio::test]
async fn what_arrives_late_changes_nothing_and_says_so() {
    let app = connected().await;
    monitors(&app, "1", NOW_SECONDS - 100).await;
    monitors(&app, "2", NOW_SECONDS - 50).await;
    monitors(&app, "1", NOW_SECONDS - 75).await;
    let rows = stored(&app).await;
    assert_eq!(states(&rows), ["processed", "processed", "ignored"]);
    assert!(rows[2].get_str("error").unwrap().contains("tarde"));
    assert!(!one(&app).await.get_bool("is_open").unwrap(), "the outage is over");
}

#[tokio::test]
async fn a_resolution_that_overtakes_its_alert_wins() {
    let app = connected().await;
    let (resolved, late) = (issue(4711, "resolved"), alert(4711, "e1", "panic"));
    for (resource, body, at) in [
        ("event_alert", alert(4711, "e0", "panic"), NOW_SECONDS - 30),
        ("issue", resolved, NOW_SECONDS - 10),
        ("event_alert", late, NOW_SECONDS - 20),
    ] {
        assert_eq!(send(&app, from_sentry_at(resource, &body, at), body).await.status, 200);
        settle(&app).await;
    }
    assert_eq!(states(&stored(&app).await), ["processed", "processed", "ignored"]);
    assert!(!one(&app).await.get_bool("is_open").unwrap());
    // In one batch as well.
    for (resource, body, at) in [
        ("issue", issue(5000, "resolved"), NOW_SECONDS - 10),
        ("event_alert", alert(5000, "e0", "panic"), NOW_SECONDS - 20),
    ] {
        assert_eq!(send(&app, from_sentry_at(resource, &body, at), body).await.status, 200);
    }
    settle(&app).await;
    let notices = notices(&app).await;
    assert!(notices.iter().all(|notice| !notice.get_bool("is_open").unwrap()), "{notices:?}");
}

#[tokio::test]
async fn a_delivery_that_cant_be_processed_stops_nobody_and_is_given_up_with_a_notice() {
    let app = connected().await;
    alerts(&app, 1, 0..3).await;
    let spoilt = doc! { "$set": { "fields": { "of": "no such source" } } };
    documents(&app, "webhook_events")
        .update_one(doc! { "dedupe_key": { "$regex": "issue:1:" } }, spoilt)
        .await
        .unwrap();
    settle(&app).await;
    let states = |rows: Vec<Document>| {
        let mut states: Vec<_> = rows.iter().map(|row| row.get_str("status").unwrap().to_owned()).collect();
        states.sort_unstable();
        states
    };
    assert_eq!(states(stored(&app).await), ["failed", "processed", "processed"]);
    assert_eq!(one(&app).await.get_i64("occurrences").unwrap(), 2);
    for wait in [30, 120, 480, 1_920, 7_680] {
        app.app.clock.advance(Duration::from_secs(wait + 60));
        settle(&app).await;
    }
    let failed = documents(&app, "webhook_events").find_one(doc! { "status": "failed" }).await.unwrap().unwrap();
    assert_eq!(failed.get_i32("attempts").unwrap(), 6);
    assert!(!failed.contains_key("due_at"), "given up: {failed}");
    let notices = notices(&app).await;
    let id = failed.get_str("_id").unwrap();
    assert!(notices.iter().any(|notice| notice.to_string().contains(id)), "{notices:?}");
}

#[tokio::test]
async fn a_bounce_reaches_its_message_and_feedback_on_nobodys_message_is_ignored_in_the_end() {
    let app = connected().await;
    let event = |kind: &str| {
        json!({ "type": kind, "created_at": "2099-11-23T11:59:00Z", "data": {
            "email_id": "56761188", "to": ["cliente@example.net"],
            "bounce": { "message": "no such user", "type": "Permanent" },
        } })
        .to_string()
    };
    let bounced = event("email.bounced");
    assert_eq!(send(&app, from_resend("msg_1", &bounced), bounced.clone()).await.status, 200);
    settle(&app).await;
    assert_eq!(states(&stored(&app).await), ["received"], "our own record may come later");
    for wait in [31, 121] {
        app.app.clock.advance(Duration::from_secs(wait));
        settle(&app).await;
    }
    assert_eq!(states(&stored(&app).await), ["ignored"]);
    let opened = event("email.opened");
    let seconds = app.app.clock.now().as_second().to_string();
    let signature = sign_svix(&RESEND.into(), "msg_2", &seconds, opened.as_bytes()).unwrap();
    let request = post("resend").header("svix-id", "msg_2").header("svix-timestamp", seconds);
    assert_eq!(send(&app, request.header("svix-signature", signature), opened).await.status, 200);
    settle(&app).await;
    assert_eq!(states(&stored(&app).await), ["ignored", "ignored"]);
}

#[tokio::test]
async fn a_replayed_delivery_makes_its_notice_once_more() {
    let app = connected().await;
    alerts(&app, 4711, 0..1).await;
    let id = stored(&app).await[0].get_str("_id").unwrap().to_owned();
    let db = &app.app.db;
    let now = app.app.clock.now();
    let waiting = canje::webhooks::replay(db, now, &id).await;
    assert!(waiting.is_err(), "it waits anyway");
    settle(&app).await;
    let row = canje::webhooks::replay(db, now, &id).await.unwrap();
    assert_eq!(row.status, canje::webhooks::Status::Processed);
    assert_eq!(one(&app).await.get_i64("occurrences").unwrap(), 2);
    assert!(canje::webhooks::replay(db, now, "nobody").await.is_err());
    let recorded = crate::accounts::all(&app, "audit_logs", doc! { "action": "webhook_replayed" }).await;
    assert_eq!(recorded.len(), 1);
    settle(&app).await;
    assert_eq!(one(&app).await.get_i64("occurrences").unwrap(), 2, "and no more than once");
}
