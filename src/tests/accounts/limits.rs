//! How often one may try.

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use axum::body::Body;
use axum::extract::ConnectInfo;
use bson::doc;
use canje::accounts::limits;
use canje::error::AppError;
use canje::failure::Failure;
use canje::values::Role;
use http::{Method, Request, StatusCode, header};

use super::{PASSWORD, adopted, documents, reasons};
use crate::support::{Answer, TestApp};

const MINUTE: Duration = Duration::from_secs(60);

/// An attempt of a program at this address.
async fn attempt(app: &TestApp, from: [u8; 4], email: &str, password: &str) -> Answer {
    let form = serde_urlencoded::to_string([("email", email), ("password", password)]).unwrap();
    let request = Request::builder()
        .method(Method::POST)
        .uri("/login")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .extension(ConnectInfo(SocketAddr::from((from, 5000))));
    app.browser().send(request, Body::from(form)).await
}

/// Fails so many times in a row, far enough apart not to meet the limit per address.
async fn fail(app: &TestApp, email: &str, times: u8) -> Vec<StatusCode> {
    let mut seen = Vec::new();
    for n in 0..times {
        seen.push(attempt(app, [10, 0, 1, n], email, "Equivocada-123").await.status);
    }
    seen
}

#[track_caller]
fn minutes_left(answer: &Answer) -> u64 {
    assert_eq!(answer.status, StatusCode::LOCKED);
    let said: serde_json::Value = serde_json::from_slice(answer.bytes()).unwrap();
    said["error"]["minutes"].as_u64().unwrap()
}

#[tokio::test]
async fn failures_in_a_row_lock_the_account_longer_each_time() {
    let app = TestApp::new().await;
    adopted(&app, "ana@example.com", Role::Creator, |_| {}).await;
    assert_eq!(fail(&app, "ana@example.com", 5).await, [StatusCode::UNAUTHORIZED; 5]);
    assert_eq!(minutes_left(&attempt(&app, [10, 0, 0, 1], "ana@example.com", PASSWORD).await), 5);
    app.app.clock.advance(4 * MINUTE + Duration::from_secs(1));
    assert_eq!(minutes_left(&attempt(&app, [10, 0, 0, 1], "ANA@example.com ", PASSWORD).await), 1);
    app.app.clock.advance(MINUTE);
    // The lock is over, what was counted isn't: the tenth failure in a row locks for longer.
    assert_eq!(fail(&app, "ana@example.com", 5).await, [StatusCode::UNAUTHORIZED; 5]);
    assert_eq!(minutes_left(&attempt(&app, [10, 0, 0, 1], "ana@example.com", PASSWORD).await), 30);
    app.app.clock.advance(31 * MINUTE);
    assert_eq!(fail(&app, "ana@example.com", 1).await, [StatusCode::UNAUTHORIZED]);
    assert_eq!(minutes_left(&attempt(&app, [10, 0, 0, 1], "ana@example.com", PASSWORD).await), 30);
    app.app.clock.advance(31 * MINUTE);
    assert_eq!(attempt(&app, [10, 0, 0, 1], "ana@example.com", PASSWORD).await.status, StatusCode::SEE_OTHER);
    // Being right starts the count again.
    assert_eq!(fail(&app, "ana@example.com", 4).await, [StatusCode::UNAUTHORIZED; 4]);
    assert_eq!(attempt(&app, [10, 0, 0, 1], "ana@example.com", PASSWORD).await.status, StatusCode::SEE_OTHER);
    let reasons = reasons(&app).await;
    assert_eq!(reasons.iter().filter(|reason| *reason == "account_locked").count(), 4);
}

#[tokio::test]
async fn failures_are_forgotten_after_a_day_and_nobodys_address_locks_as_well() {
    let app = TestApp::new().await;
    assert_eq!(fail(&app, "nadie@example.com", 4).await, [StatusCode::UNAUTHORIZED; 4]);
    app.app.clock.advance(Duration::from_secs(24 * 60 * 60));
    assert_eq!(fail(&app, "nadie@example.com", 5).await, [StatusCode::UNAUTHORIZED; 5]);
    assert_eq!(minutes_left(&attempt(&app, [10, 0, 0, 1], "nadie@example.com", "x").await), 5);
    let kept = super::all(&app, "rate_limits", doc! {}).await;
    assert!(
        kept.iter().all(|limit| !limit.get_str("_id").unwrap().contains("nadie")),
        "addresses aren't kept: {kept:?}"
    );
    assert!(kept.iter().all(|limit| limit.get_datetime("expires_at").is_ok()), "everything here is forgotten some day");
}

#[tokio::test]
async fn attempts_at_the_same_moment_are_no_better_than_one_after_another() {
    let app = TestApp::new().await;
    adopted(&app, "ana@example.com", Role::Creator, |_| {}).await;
    let attempts = (0..30).map(|n| attempt(&app, [10, 0, 2, n], "ana@example.com", "Equivocada-123"));
    let answers = futures::future::join_all(attempts).await;
    let count = |status| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!((count(StatusCode::UNAUTHORIZED), count(StatusCode::LOCKED)), (5, 25));
}

#[tokio::test]
async fn an_address_gets_ten_attempts_in_any_minute() {
    let app = TestApp::new().await;
    let (db, clock) = (&app.app.db, &app.app.clock);
    let ip: IpAddr = [10, 0, 3, 1].into();
    let tries = futures::future::join_all((0..40).map(|_| limits::admit(db, clock.now(), ip))).await;
    assert_eq!(tries.iter().filter(|admitted| admitted.is_ok()).count(), 10);
    for refused in tries.iter().filter_map(|admitted| admitted.as_ref().err()) {
        assert!(matches!(refused, Failure::Refused(AppError::TooMany { retry_after_seconds: 60 })), "{refused:?}");
    }
    clock.advance(Duration::from_secs(15));
    let answer = attempt(&app, [10, 0, 3, 1], "ana@example.com", PASSWORD).await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(answer.headers[header::RETRY_AFTER], "45");
    assert_eq!(attempt(&app, [10, 0, 3, 2], "ana@example.com", PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    clock.advance(Duration::from_secs(45));
    assert_eq!(attempt(&app, [10, 0, 3, 1], "ana@example.com", PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(reasons(&app).await, ["rate_limited", "invalid_credentials", "invalid_credentials"]);
    // A refused attempt was none: it doesn't count against the account.
    let counted = documents(&app, "rate_limits").find_one(doc! { "failures": { "$gt": 0 } }).await.unwrap().unwrap();
    assert_eq!(counted.get_i32("failures").unwrap(), 2);
}

#[tokio::test]
async fn people_are_told_in_words() {
    let app = TestApp::new().await;
    let mut browser = app.browser();
    for _ in 0..6 {
        super::sign_in(&mut browser, "nadie@example.com", "Equivocada-123").await;
    }
    let page = browser.get("/login").await.text();
    assert!(page.contains("Esperá 5 minutos y probá de nuevo."), "{page}");
}
