//! The twin of Resend refuses what Resend refuses, remembers what it remembers, and signs what it signs.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::routing::post;
use canje::app::Clock;
use canje::emulators::Emulators;
use canje::emulators::resend::{Oddity, signature};
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::super::support::eventually;

struct Client {
    emulators: Emulators,
    http: reqwest::Client,
}

impl Client {
    fn new() -> Self {
        let emulators = Emulators::start_anywhere(Clock::fixed(super::super::support::NOW.parse().unwrap())).unwrap();
        emulators.twins.resend.set_limit(1_000);
        Self { emulators, http: reqwest::Client::builder().no_proxy().user_agent("test/1").build().unwrap() }
    }

    async fn post(&self, path: &str, key: Option<&str>, body: &Value) -> (StatusCode, Value) {
        let settings = &self.emulators.twins.settings;
        let mut request = self.http.post(format!("{}{path}", settings.resend_url()));
        request = request.bearer_auth(&settings.resend_api_key).json(body);
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let answer = request.send().await.unwrap();
        (answer.status(), answer.json().await.unwrap_or_default())
    }

    async fn send(&self, key: Option<&str>, body: &Value) -> (u16, String) {
        let (status, answer) = self.post("/emails", key, body).await;
        let said = answer["name"].as_str().or_else(|| answer["id"].as_str()).unwrap_or_default().to_owned();
        (status.as_u16(), said)
    }
}

fn letter(to: &str) -> Value {
    json!({ "from": "Canje <avisos@mail.example.com>", "to": [to], "subject": "Hola", "text": "Hola" })
}

#[tokio::test]
async fn what_resend_refuses_is_refused() {
    let client = Client::new();
    let with = |field: &str, value: Value| {
        let mut body = letter("ana@example.com");
        body[field] = value;
        body
    };
    let many: Vec<_> = (0..51).map(|n| format!("p{n}@example.com")).collect();
    for (body, status, name) in [
        (with("to", Value::Null), 422, "missing_required_field"),
        (with("from", Value::Null), 422, "missing_required_field"),
        (with("subject", Value::Null), 422, "missing_required_field"),
        (with("text", Value::Null), 422, "missing_required_field"),
        (with("to", json!(many)), 422, "validation_error"),
        (with("to", json!(["nobody"])), 422, "validation_error"),
        (with("from", json!("nobody")), 422, "invalid_from_address"),
        (with("from", json!("Tienda <no-reply@gmail.com>")), 403, "validation_error"),
        (with("tags", json!([{ "name": "a b", "value": "x" }])), 422, "validation_error"),
        (with("attachments", json!([{ "content": "x".repeat(41 * 1024 * 1024) }])), 422, "invalid_attachment"),
        (letter("rate@example.com"), 429, "rate_limit_exceeded"),
        (letter("quota@example.com"), 429, "daily_quota_exceeded"),
        (letter("down@example.com"), 503, "service_unavailable"),
        (letter("key@example.com"), 403, "suspended_api_key"),
    ] {
        assert_eq!(client.send(None, &body).await, (status, name.to_owned()));
    }
    assert_eq!(client.send(Some(&"k".repeat(257)), &letter("ana@example.com")).await.1, "invalid_idempotency_key");
    assert!(client.emulators.twins.resend.messages().is_empty());
    let url = client.emulators.twins.settings.resend_url();
    let ask = async |request: reqwest::RequestBuilder| {
        let answer: Value = request.send().await.unwrap().json().await.unwrap();
        answer["name"].as_str().unwrap_or_default().to_owned()
    };
    let key = &client.emulators.twins.settings.resend_api_key;
    assert_eq!(ask(client.http.post(format!("{url}/emails"))).await, "missing_api_key");
    assert_eq!(ask(client.http.post(format!("{url}/emails")).bearer_auth("re_wrong")).await, "invalid_api_key");
    assert_eq!(ask(client.http.get(format!("{url}/domains")).bearer_auth(key)).await, "restricted_api_key");
    let anonymous = reqwest::Client::builder().no_proxy().build().unwrap();
    let refused = anonymous.post(format!("{url}/emails")).bearer_auth(key).send().await.unwrap();
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_key_is_remembered_for_a_day() {
    let client = Client::new();
    let (status, first) = client.send(Some("a"), &letter("ana@example.com")).await;
    assert_eq!(status, 200);
    assert_eq!(client.send(Some("a"), &letter("ana@example.com")).await, (200, first.clone()));
    assert_eq!(client.send(Some("a"), &letter("zoe@example.com")).await, (409, "invalid_idempotent_request".into()));
    assert_eq!(client.emulators.twins.resend.messages().len(), 1);
    client.emulators.twins.clock.advance(Duration::from_secs(25 * 3_600));
    let (status, second) = client.send(Some("a"), &letter("ana@example.com")).await;
    assert_eq!((status, second == first), (200, false), "forgotten");
    let slow = letter("slow@example.com");
    let (one, other) = tokio::join!(client.send(Some("b"), &slow), client.send(Some("b"), &slow));
    let mut statuses = [one.0, other.0];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
}

#[tokio::test]
async fn a_batch_is_all_or_nothing_unless_it_says_otherwise() {
    let client = Client::new();
    let bad = json!([letter("ana@example.com"), { "from": "Canje <a@mail.example.com>" }]);
    assert_eq!(client.post("/emails/batch", None, &bad).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    let good = json!([letter("ana@example.com"), letter("zoe@example.com")]);
    let (status, answer) = client.post("/emails/batch", None, &good).await;
    assert_eq!((status, answer["data"].as_array().unwrap().len()), (StatusCode::OK, 2));
    let scheduled = json!([{ "from": "Canje <a@mail.example.com>", "to": "ana@example.com", "subject": "x", "text": "x",
        "scheduled_at": "2099-12-01T00:00:00Z" }]);
    assert_eq!(client.post("/emails/batch", None, &scheduled).await.0, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn the_rate_stands_in_four_headers_and_an_empty_bucket_says_when() {
    let client = Client::new();
    client.emulators.twins.resend.set_limit(2);
    let settings = &client.emulators.twins.settings;
    let mut last = None;
    for _ in 0..3 {
        let request = client.http.post(format!("{}/emails", settings.resend_url()));
        let sent = request.bearer_auth(&settings.resend_api_key).json(&letter("ana@example.com")).send();
        last = Some(sent.await.unwrap());
    }
    let last = last.unwrap();
    assert_eq!(last.status(), StatusCode::TOO_MANY_REQUESTS);
    for (name, value) in
        [("ratelimit-limit", "2"), ("ratelimit-remaining", "0"), ("ratelimit-policy", "2;w=1"), ("retry-after", "1")]
    {
        assert_eq!(last.headers()[name], value, "{name}");
    }
}

/// Deliveries as they arrived: headers and body.
type Arrived = Arc<Mutex<Vec<(HeaderMap, String)>>>;

/// A place for webhooks that takes everything.
async fn receiver() -> (String, Arrived) {
    let arrived = Arrived::default();
    let held = arrived.clone();
    let take = move |headers: HeaderMap, body: String| {
        held.lock().unwrap().push((headers, body));
        async { "ok" }
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let app = Router::new().route("/api/notifications/webhooks/resend", post(take));
    tokio::spawn(async move { axum::serve(listener, app).await });
    (url, arrived)
}

#[tokio::test]
async fn what_becomes_of_a_message_is_told_and_signed() {
    let client = Client::new();
    let (url, arrived) = receiver().await;
    client.emulators.point_at(&url);
    client.send(None, &letter("bounced+1@example.com")).await;
    let told = eventually("both are told", async || {
        let told = arrived.lock().unwrap().clone();
        (told.len() == 2).then_some(told)
    })
    .await;
    let text = |headers: &HeaderMap, name: &str| headers[name].to_str().unwrap().to_owned();
    for (headers, body) in &told {
        let at = text(headers, "svix-timestamp").parse().unwrap();
        let secret = &client.emulators.twins.settings.resend_webhook_secret;
        assert_eq!(text(headers, "svix-signature"), signature(secret, &text(headers, "svix-id"), at, body));
    }
    let bounced: Value = serde_json::from_str(&told[1].1).unwrap();
    assert_eq!(bounced["type"], "email.bounced");
    assert_eq!(bounced["data"]["bounce"]["type"], "Permanent");
    assert_eq!(bounced["data"]["email_id"], client.emulators.twins.resend.messages()[0].id.as_str());
}

#[tokio::test]
async fn deliveries_are_odd_when_they_are_told_to_be() {
    let client = Client::new();
    let (url, arrived) = receiver().await;
    client.emulators.point_at(&url);
    client.emulators.twins.resend.next_webhook(Oddity::Reversed);
    client.send(None, &letter("ana@example.com")).await;
    let kinds = async |count: usize| {
        eventually("they arrive", async || {
            let told = arrived.lock().unwrap().clone();
            (told.len() == count).then(|| {
                let kind =
                    |body: &str| serde_json::from_str::<Value>(body).unwrap()["type"].as_str().unwrap().to_owned();
                told.iter().map(|(_, body)| kind(body)).collect::<Vec<_>>()
            })
        })
        .await
    };
    assert_eq!(kinds(2).await, ["email.delivered", "email.sent"]);
    client.emulators.twins.resend.next_webhook(Oddity::TwoSignatures);
    client.send(None, &letter("ana@example.com")).await;
    kinds(4).await;
    let signatures = arrived.lock().unwrap()[2].0["svix-signature"].to_str().unwrap().to_owned();
    assert_eq!(signatures.split(' ').count(), 2);
}
