//! Nothing personal leaves: everything a request can carry is marked, and no mark may arrive.

use axum::body::Body;
use canje::app::Clock;
use canje::emulators::{Emulators, Fault, Outcome, Service};
use canje::monitoring::check_in;
use http::{Request, StatusCode};
use sentry::SentryFutureExt;

use super::{break_page, flush, sdk};
use crate::support::TestApp;

const CANARIES: [&str; 9] = [
    "canary@example.com",
    "canary%40example.com",
    "0981123456",
    "981 123 456",
    "4111111111111111",
    "canary-cookie",
    "canary-bearer-0123456789",
    "canary-agent",
    "whsec_canary0123456789",
];

#[tokio::test]
async fn no_personal_data_arrives_at_sentry() {
    let twins = Emulators::start_anywhere(Clock::default()).unwrap();
    let (client, hub) = sdk(&twins);
    let app = TestApp::new().await;
    break_page(&app, "canary-cookie").await;
    let request = Request::builder()
        .uri("/login?email=canary%40example.com&telefono=0981123456&tarjeta=4111111111111111")
        .header("host", "127.0.0.1:3000")
        .header("cookie", "__Host-flash=canary-cookie; other=canary-cookie")
        .header("authorization", "Bearer canary-bearer-0123456789")
        .header("svix-signature", "whsec_canary0123456789")
        .header("referer", "http://127.0.0.1:3000/?email=canary@example.com")
        .header("user-agent", "canary-agent")
        .header("x-forwarded-for", "203.0.113.77");
    let answer = app.browser().send(request, Body::empty()).bind_hub(hub.clone()).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    let said = "canary@example.com, +595 981 123 456, 4111 1111 1111 1111, Bearer canary-bearer-0123456789 and \
                whsec_canary0123456789 at https://x.example/?email=canary@example.com";
    sentry::Hub::run(hub.clone(), || {
        sentry::add_breadcrumb(sentry::Breadcrumb { message: Some(said.into()), ..Default::default() });
        sentry::configure_scope(|scope| {
            scope.set_user(Some(sentry::User { email: Some("canary@example.com".into()), ..Default::default() }));
            scope.set_extra("user_email", "canary-agent".into());
        });
        sentry::capture_message(said, sentry::Level::Error);
    });
    flush(&client).await;

    let received = &twins.twins.sentry;
    let events = received.of("event");
    assert_eq!(events.len(), 2, "{events:#?}");
    assert_eq!(received.of("transaction").len(), 1);
    for raw in received.raw() {
        for canary in CANARIES.into_iter().chain(["203.0.113.77", "4111 1111"]) {
            assert!(!raw.contains(canary), "{canary} in {raw}");
        }
    }
    let fault = &events[0];
    let reference = answer.headers["x-request-id"].to_str().unwrap();
    assert_eq!(fault["tags"]["reference"], reference, "what the person was shown finds the event");
    assert_eq!(fault["tags"]["route"], "GET /login");
    assert_eq!(fault["transaction"], "GET /login");
    assert_eq!(fault["request"]["url"], "http://127.0.0.1:3000/login");
    assert_eq!(received.of("transaction")[0]["transaction"], "GET /login", "the pattern, never the path");
}

/// Legacy defect: `environment` was hard-coded, so errors of a test looked like production's.
#[tokio::test]
async fn environment_hard_coded() {
    let twins = Emulators::start_anywhere(Clock::default()).unwrap();
    let (client, hub) = sdk(&twins);
    sentry::Hub::run(hub, || {
        sentry::capture_message("x", sentry::Level::Error);
        check_in::begun("mail.watch_outbox", "0 3 * * *").unwrap().ended(true);
        check_in::begun("mail.watch_outbox", "0 3 * * *").unwrap();
    });
    flush(&client).await;
    let event = &twins.twins.sentry.of("event")[0];
    assert_eq!(event["environment"], "pruebas");
    assert!(event["release"].as_str().unwrap().starts_with("canje@"), "{event}");
    let check_ins: Vec<_> = twins.twins.sentry.check_ins().into_values().collect();
    assert!(check_ins.iter().all(|run| run.environment.as_deref() == Some("pruebas")), "{check_ins:?}");
    let [whole, open] = match &check_ins[..] {
        [one, other] if one.ended.is_some() => [one, other],
        [one, other] => [other, one],
        _ => panic!("a check-in is one run: {check_ins:?}"),
    };
    assert_eq!((whole.slug.as_str(), whole.oddity()), ("mail-watch-outbox", None));
    assert!(whole.duration.is_some());
    assert_eq!(whole.config["schedule"]["value"], "0 3 * * *");
    assert_eq!(whole.config["timezone"], "America/Asuncion");
    assert_eq!(open.oddity(), Some("in_progress without end"), "a killed run stays open");
}

#[tokio::test]
async fn what_sentry_does_not_want_is_not_sent_for_a_while() {
    let twins = Emulators::start_anywhere(Clock::default()).unwrap();
    let (client, hub) = sdk(&twins);
    let capture = || sentry::Hub::run(hub.clone(), || sentry::capture_message("x", sentry::Level::Error));
    for header in [("x-sentry-rate-limits", "60:error:organization"), ("retry-after", "60")] {
        let (name, value) = (header.0.to_owned(), header.1.to_owned());
        let limited = Outcome::Answered { status: StatusCode::OK, headers: vec![(name, value)], body: String::new() };
        twins.twins.faults.add(Service::Sentry, Fault::times(1, limited));
    }
    capture();
    flush(&client).await;
    assert_eq!(twins.twins.arrivals.count(Service::Sentry), 1);
    for _ in 0..5 {
        capture();
    }
    flush(&client).await;
    assert_eq!(twins.twins.arrivals.count(Service::Sentry), 1, "told to wait a minute");
}
