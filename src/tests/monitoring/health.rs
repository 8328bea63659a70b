//! What watchdogs are told.

use std::time::Duration;

use axum::body::Body;
use bson::doc;
use canje::monitoring::metrics;
use http::{Method, Request, StatusCode, header};

use crate::accounts::documents;
use crate::support::{Answer, TestApp};

const TOKEN: &str = "a-token-for-prometheus-of-32-or-more";

async fn ask(app: &TestApp, method: Method, path: &str, authorization: Option<&str>) -> Answer {
    let mut request =
        Request::builder().method(method).uri(path).header(header::COOKIE, "__Host-sid=x; __Host-flash=y");
    if let Some(authorization) = authorization {
        request = request.header(header::AUTHORIZATION, authorization);
    }
    app.browser().send(request, Body::empty()).await
}

#[tokio::test]
async fn watchdogs_are_answered_without_a_session_a_redirect_or_a_cookie() {
    let app = TestApp::new().await;
    for path in ["/health", "/ready"] {
        for method in [Method::GET, Method::HEAD] {
            let answer = ask(&app, method.clone(), path, None).await;
            assert_eq!(answer.status, StatusCode::OK, "{method} {path}");
            assert!(!answer.headers.contains_key(header::SET_COOKIE), "{method} {path}");
            assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
        }
    }
    assert!(ask(&app, Method::GET, "/ready", None).await.text().contains(r#""status":"ok""#));
    assert_eq!(ask(&app, Method::GET, "/health/forms", None).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_not_ready_is_named_and_nothing_more() {
    let app = TestApp::new().await;
    documents(&app, "webhook_events").drop_indexes().await.unwrap();
    let answer = ask(&app, Method::GET, "/ready", None).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.text(), r#"{"status":"degraded","checks":{"indexes":"fail"}}"#);
    assert_eq!(answer.headers[header::RETRY_AFTER], "5");
}

#[tokio::test]
async fn a_queue_nobody_works_off_is_not_ready() {
    let app = TestApp::new().await;
    canje::jobs::enqueue(&app.app.db, app.app.clock.now(), &canje::mail::WatchOutbox {}, &Default::default())
        .await
        .unwrap();
    assert_eq!(ask(&app, Method::GET, "/ready", None).await.status, StatusCode::OK);
    app.app.clock.advance(Duration::from_secs(6 * 60));
    let answer = ask(&app, Method::GET, "/ready", None).await;
    assert_eq!(answer.text(), r#"{"status":"degraded","checks":{"queue":"fail"}}"#);
    app.work().await;
    app.app.clock.advance(Duration::from_secs(3));
    assert_eq!(ask(&app, Method::GET, "/ready", None).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_process_about_to_end_says_so_first() {
    let app = TestApp::new().await;
    assert_eq!(ask(&app, Method::GET, "/ready", None).await.status, StatusCode::OK);
    app.app.stopping.begin();
    let answer = ask(&app, Method::GET, "/ready", None).await;
    assert_eq!(answer.text(), r#"{"status":"degraded","checks":{"running":"fail"}}"#);
}

#[tokio::test]
async fn figures_are_for_whoever_has_the_token() {
    metrics::install();
    let closed = TestApp::new().await;
    assert_eq!(ask(&closed, Method::GET, "/metrics", Some("Bearer x")).await.status, StatusCode::NOT_FOUND);
    let app = TestApp::with(|environment| drop(environment.insert("METRICS_TOKEN", TOKEN.into()))).await;
    ask(&app, Method::GET, "/login?x=1", None).await;
    ask(&app, Method::GET, "/made/up", None).await;
    for wrong in [None, Some("Bearer wrong"), Some(TOKEN), Some("Bearer ")] {
        assert_eq!(ask(&app, Method::GET, "/metrics", wrong).await.status, StatusCode::UNAUTHORIZED, "{wrong:?}");
    }
    let answer = ask(&app, Method::GET, "/metrics", Some(&format!("Bearer {TOKEN}"))).await;
    assert_eq!(answer.status, StatusCode::OK);
    let text = answer.text();
    for line in [
        r#"canje_http_requests_total{method="GET",route="/login",status="200"}"#,
        r#"canje_http_requests_total{method="GET",route="other",status="404"}"#,
        r#"canje_http_request_seconds_bucket{method="GET",route="/login",le="0.005"}"#,
        r#"canje_jobs{state="due"} 0"#,
        r#"canje_outbox_due{channel="email"} 0"#,
        r#"canje_database_connections_open{pool="canje"}"#,
        "canje_ready 1",
    ] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
    assert!(!text.contains("/made/up"), "a visitor makes up no series");
    // A document is as good as any to see that a look costs the database next to nothing.
    assert_eq!(documents(&app, "jobs").count_documents(doc! {}).await.unwrap(), 0);
}
