//! What every twin has: faults by request, a record of what arrived, a page.

use std::time::Duration;

use canje::app::Clock;
use canje::emulators::{Emulators, Fault, Outcome, Service};
use http::StatusCode;

/// The twins on a free port, and a client that knows nothing of them.
pub fn start() -> (Emulators, reqwest::Client) {
    let emulators = Emulators::start_anywhere(Clock::default()).unwrap();
    let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(20)).build().unwrap();
    (emulators, client)
}

/// Posts an envelope with one message.
async fn send(emulators: &Emulators, client: &reqwest::Client) -> reqwest::Result<StatusCode> {
    let settings = &emulators.twins.settings;
    let url = format!("{}/sentry/api/1/envelope/?sentry_key={}", settings.url(), settings.sentry_key);
    let body = "{}\n{\"type\":\"event\"}\n{\"message\":\"x\"}\n";
    Ok(client.post(url).body(body).send().await?.status())
}

#[tokio::test]
async fn a_twin_fails_as_often_as_it_is_told_and_then_works() {
    let (emulators, client) = start();
    let url = emulators.twins.settings.url();
    let control = format!("{url}/_control/sentry/faults");
    let told = client.post(&control).json(&serde_json::json!({ "status": 503, "body": "<html>", "times": 2 }));
    assert_eq!(told.send().await.unwrap().status(), StatusCode::NO_CONTENT);
    for expected in [StatusCode::SERVICE_UNAVAILABLE, StatusCode::SERVICE_UNAVAILABLE, StatusCode::OK] {
        assert_eq!(send(&emulators, &client).await.unwrap(), expected);
    }
    assert_eq!(emulators.twins.sentry.of("event").len(), 1, "what failed never arrived");
    for wrong in [serde_json::json!({}), serde_json::json!({ "hang": true, "cut": true })] {
        let refused = client.post(&control).json(&wrong).send().await.unwrap();
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    }
    let unknown = client.post(format!("{url}/_control/nobody/faults")).json(&serde_json::json!({ "cut": true }));
    assert_eq!(unknown.send().await.unwrap().status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_cut_connection_answers_nothing_and_a_lost_one_has_done_its_work() {
    let (emulators, client) = start();
    let faults = &emulators.twins.faults;
    faults.add(Service::Sentry, Fault::times(1, Outcome::Cut));
    assert!(send(&emulators, &client).await.unwrap_err().is_request());
    assert!(emulators.twins.sentry.of("event").is_empty());
    faults.add(Service::Sentry, Fault::times(1, Outcome::Lost));
    assert!(send(&emulators, &client).await.unwrap_err().is_request());
    assert_eq!(emulators.twins.sentry.of("event").len(), 1);
    assert_eq!(send(&emulators, &client).await.unwrap(), StatusCode::OK);
    let told: Vec<_> = emulators.twins.arrivals.all().iter().map(|arrival| (arrival.status, arrival.fault)).collect();
    assert_eq!(told, [(None, Some("cut")), (None, Some("lost")), (Some(200), None)]);
}

#[tokio::test]
async fn a_hanging_twin_answers_nobody_until_it_is_cleared() {
    let (emulators, client) = start();
    let faults = &emulators.twins.faults;
    faults.add(Service::Sentry, Fault::always(Outcome::Hung));
    let waiting = tokio::time::timeout(Duration::from_millis(300), send(&emulators, &client)).await;
    assert!(waiting.is_err(), "{waiting:?}");
    let control = format!("{}/_control/sentry/faults", emulators.twins.settings.url());
    assert_eq!(client.delete(&control).send().await.unwrap().status(), StatusCode::NO_CONTENT);
    assert_eq!(send(&emulators, &client).await.unwrap(), StatusCode::OK);
    faults.add(Service::Sentry, Fault::times(1, Outcome::Handled).after(Duration::from_millis(200)));
    let started = std::time::Instant::now();
    assert_eq!(send(&emulators, &client).await.unwrap(), StatusCode::OK);
    assert!(started.elapsed() >= Duration::from_millis(200));
}

#[tokio::test]
async fn the_page_lists_what_arrived_and_never_a_key() {
    let (emulators, client) = start();
    send(&emulators, &client).await.unwrap();
    let url = emulators.twins.settings.url();
    let page = client.get(&url).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("POST /api/1/envelope/"), "{page}");
    let settings = &emulators.twins.settings;
    for secret in [&settings.sentry_key, &settings.resend_api_key, &settings.twilio_auth_token] {
        assert!(!page.contains(secret.as_str()));
    }
    let arrivals = client.get(format!("{url}/_control/arrivals")).send().await.unwrap();
    let arrivals: serde_json::Value = arrivals.json().await.unwrap();
    assert_eq!(arrivals[0]["service"], "sentry");
    let detail = client.get(format!("{url}/paginas/sentry")).send().await.unwrap();
    assert!(detail.text().await.unwrap().contains("sentry-items"));
}
