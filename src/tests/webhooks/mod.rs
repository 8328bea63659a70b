//! Incoming webhooks: what is let in, what is stored before the answer, and what follows from it.

mod intake;
mod pages;
mod processing;
mod storm;

use axum::body::Body;
use bson::Document;
use canje::webhooks::{Process, sign_sentry, sign_svix};
use http::{Method, Request};
use serde_json::{Value, json};

use super::support::{Answer, Browser, TestApp};

pub const SENTRY: &str = "sntrys_client_secret_TEST_0001";
pub const SENTRY_BEFORE: &str = "sntrys_client_secret_TEST_0000";
pub const TOKEN: &str = "0123456789abcdef0123456789abcdef";
pub const RESEND: &str = "whsec_ZW11bGF0b3Itc2lnbmluZy1rZXktMDAwMQ==";
/// The tests' clock, in Unix seconds.
pub const NOW_SECONDS: i64 = 4_099_118_400;

/// An application that knows every service's secret.
pub async fn connected() -> TestApp {
    TestApp::with(|environment| {
        for (name, secret) in [
            ("SENTRY_CLIENT_SECRET", SENTRY),
            ("SENTRY_CLIENT_SECRET_PREVIOUS", SENTRY_BEFORE),
            ("UPTIMEROBOT_TOKEN", TOKEN),
            ("RESEND_WEBHOOK_SECRET", RESEND),
        ] {
            environment.insert(name, secret.into());
        }
    })
    .await
}

/// An alert as Sentry sends it.
pub fn alert(issue: u32, event: &str, title: &str) -> String {
    json!({
        "action": "triggered",
        "installation": { "uuid": "7a485448-a9e2-4c85-8a3c-4f44175783c9" },
        "data": {
            "event": {
                "event_id": event, "issue_id": issue.to_string(), "title": title, "culprit": "POST /checkout",
                "level": "error", "environment": "production", "project": 1001,
                "web_url": format!("https://acme.sentry.io/issues/{issue}/"),
                "user": { "email": "ana@example.com" }, "request": { "cookies": "sid=secret" },
            },
            "triggered_rule": "Pagos: error nuevo",
        },
        "actor": { "type": "application", "id": "sentry", "name": "Sentry" },
    })
    .to_string()
}

/// An issue's change as Sentry sends it.
pub fn issue(id: u32, action: &str) -> String {
    json!({ "action": action, "data": { "issue": { "id": id.to_string(), "title": "panic", "level": "error" } } })
        .to_string()
}

/// A signed delivery of Sentry's, sent now.
pub fn from_sentry(resource: &str, body: &str) -> http::request::Builder {
    from_sentry_at(resource, body, NOW_SECONDS)
}

pub fn from_sentry_at(resource: &str, body: &str, seconds: i64) -> http::request::Builder {
    post("sentry")
        .header("content-type", "application/json")
        .header("request-id", uuid::Uuid::new_v4().to_string())
        .header("sentry-hook-resource", resource)
        .header("sentry-hook-timestamp", seconds.to_string())
        .header("sentry-hook-signature", sign_sentry(&SENTRY.into(), body.as_bytes()))
}

/// A monitor's alert, filled in as UptimeRobot does.
pub fn monitor(kind: &str, at: i64) -> Value {
    json!({
        "v": 1, "monitor_id": "790123456", "name": "Tienda /healthz", "url": "https://tienda.example.com/healthz",
        "alert_type": kind, "alert_type_name": "*alertTypeFriendlyName*", "details": "HTTP 503 - Service Unavailable",
        "duration_s": "*alertDuration*", "at": at.to_string(), "ssl_expiry": "*sslExpiryDate*",
        "ssl_days_left": "*sslExpiryDaysLeft*",
    })
}

/// A delivery of UptimeRobot's with its token.
pub fn from_uptimerobot() -> http::request::Builder {
    post("uptimerobot").header("authorization", format!("Bearer {TOKEN}")).header("content-type", "application/json")
}

/// A signed delivery of Resend's.
pub fn from_resend(id: &str, body: &str) -> http::request::Builder {
    let seconds = NOW_SECONDS.to_string();
    let signature = sign_svix(&RESEND.into(), id, &seconds, body.as_bytes()).unwrap();
    post("resend").header("svix-id", id).header("svix-timestamp", seconds).header("svix-signature", signature)
}

pub fn post(service: &str) -> http::request::Builder {
    Request::builder().method(Method::POST).uri(format!("/api/notifications/webhooks/{service}"))
}

pub async fn send(app: &TestApp, request: http::request::Builder, body: impl Into<String>) -> Answer {
    let mut service: Browser<'_> = app.browser();
    service.send(request, Body::from(body.into())).await
}

/// Lets every due job run, the processing of deliveries first: the intake asks for it after its answer.
pub async fn settle(app: &TestApp) {
    canje::jobs::enqueue(&app.app.db, app.app.clock.now(), &Process {}, &Process::soon()).await.unwrap();
    app.work().await;
}

/// Every stored delivery, in order of arrival.
pub async fn stored(app: &TestApp) -> Vec<Document> {
    super::accounts::all(app, "webhook_events", bson::doc! {}).await
}

/// Every system notice.
pub async fn notices(app: &TestApp) -> Vec<Document> {
    super::accounts::all(app, "system_notifications", bson::doc! {}).await
}
