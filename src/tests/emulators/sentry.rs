//! The twin of Sentry refuses what Sentry refuses.

use std::io::Write;

use canje::emulators::Emulators;
use http::StatusCode;

use super::frame::start;

const EVENT: &str =
    "{\"event_id\":\"9ec79c33ec9942ab8353589fcb2e04dc\"}\n{\"type\":\"event\"}\n{\"message\":\"hola\"}\n";

async fn post(emulators: &Emulators, key: &str, project: &str, body: Vec<u8>, encoding: &str) -> reqwest::Response {
    let url = format!("{}/sentry/api/{project}/envelope/", emulators.twins.settings.url());
    let auth = format!("Sentry sentry_key={key}, sentry_version=7, sentry_client=test");
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = client.post(url).header("x-sentry-auth", auth).header("content-encoding", encoding).body(body);
    request.send().await.unwrap()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn envelopes_are_taken_with_the_right_key_only() {
    let (emulators, _) = start();
    let key = emulators.twins.settings.sentry_key.clone();
    let taken = post(&emulators, &key, "1", EVENT.into(), "identity").await;
    assert_eq!(taken.status(), StatusCode::OK);
    assert_eq!(taken.json::<serde_json::Value>().await.unwrap()["id"], "9ec79c33ec9942ab8353589fcb2e04dc");
    assert_eq!(post(&emulators, &key, "1", gzip(EVENT.as_bytes()), "gzip").await.status(), StatusCode::OK);
    assert_eq!(post(&emulators, "wrong", "1", EVENT.into(), "identity").await.status(), StatusCode::FORBIDDEN);
    assert_eq!(post(&emulators, &key, "2", EVENT.into(), "identity").await.status(), StatusCode::FORBIDDEN);
    assert_eq!(post(&emulators, &key, "1", EVENT.into(), "gzip").await.status(), StatusCode::BAD_REQUEST);
    assert_eq!(post(&emulators, &key, "1", b"nonsense".to_vec(), "identity").await.status(), StatusCode::BAD_REQUEST);
    let large = format!("{{}}\n{{\"type\":\"event\"}}\n{{\"message\":\"{}\"}}\n", "x".repeat(1024 * 1024));
    assert_eq!(
        post(&emulators, &key, "1", gzip(large.as_bytes()), "gzip").await.status(),
        StatusCode::PAYLOAD_TOO_LARGE
    );
    assert_eq!(emulators.twins.sentry.of("event").len(), 2);
}

#[tokio::test]
async fn an_envelope_without_a_key_is_unauthorised() {
    let (emulators, client) = start();
    let url = format!("{}/sentry/api/1/envelope/", emulators.twins.settings.url());
    assert_eq!(client.post(&url).body(EVENT).send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
    let dsn = emulators.twins.settings.sentry_dsn();
    let own = format!("{{\"dsn\":\"{dsn}\"}}\n{{\"type\":\"event\"}}\n{{}}\n");
    assert_eq!(client.post(&url).body(own).send().await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn check_ins_keep_their_state_and_odd_ones_are_told() {
    let (emulators, client) = start();
    let settings = &emulators.twins.settings;
    let cron = format!("{}/sentry/api/1/cron/backup/{}/", settings.url(), settings.sentry_key);
    for query in [
        "status=in_progress&check_in_id=a",
        "status=ok&check_in_id=a",
        "status=error&check_in_id=b",
        "status=in_progress&check_in_id=c",
    ] {
        assert_eq!(client.get(format!("{cron}?{query}")).send().await.unwrap().status(), StatusCode::ACCEPTED);
    }
    assert_eq!(client.get(format!("{cron}?status=maybe")).send().await.unwrap().status(), StatusCode::BAD_REQUEST);
    let check_ins = emulators.twins.sentry.check_ins();
    assert_eq!(check_ins["a"].oddity(), None);
    assert_eq!(check_ins["b"].oddity(), Some("end without start"));
    assert_eq!(check_ins["c"].oddity(), Some("in_progress without end"));
}
