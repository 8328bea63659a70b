//! The ways out and their bad days: refused, slow, hanging, cut, answering nonsense, holding everything.

use std::time::Duration;

use bson::doc;
use canje::emulators::smtp::{Smtp, Trouble};
use canje::emulators::{Fault, Outcome, Service};
use canje::mail::templates::TestMessage;
use canje::mail::{self, Letter};

use super::super::accounts::all;
use super::super::support::TestApp;
use super::{MINUTE, Mailing, status};

#[tokio::test]
async fn a_provider_that_refuses_everything_holds_the_queue_and_no_attempt_is_lost() {
    let mailing = Mailing::new().await;
    let refusal = Outcome::Answered {
        status: http::StatusCode::TOO_MANY_REQUESTS,
        headers: Vec::new(),
        body: r#"{"statusCode":429,"name":"daily_quota_exceeded","message":"used up"}"#.into(),
    };
    mailing.emulators.twins.faults.add(Service::Resend, Fault::always(refusal));
    mailing.queue("ana@example.com").await;
    mailing.queue("zoe@example.com").await;
    mailing.app.work().await;
    assert_eq!(mailing.emulators.twins.arrivals.count(Service::Resend), 1, "one is enough to know");
    let row = mailing.row("ana@example.com").await;
    assert_eq!((status(&row), row.get_i32("attempts").unwrap()), ("queued", 0));
    let state = &all(&mailing.app, "outbox_state", doc! { "_id": "email" }).await[0];
    assert_eq!(state.get_str("held_reason").unwrap(), "429 daily_quota_exceeded");
    for _ in 0..4 {
        mailing.later(5 * MINUTE).await;
    }
    assert_eq!(mailing.emulators.twins.arrivals.count(Service::Resend), 5, "one more every five minutes");
    for to in ["ana@example.com", "zoe@example.com"] {
        assert_eq!(mailing.row(to).await.get_i32("attempts").unwrap(), 0);
    }
    mailing.emulators.twins.faults.clear(Service::Resend);
    mailing.later(5 * MINUTE).await;
    assert_eq!(mailing.taken("zoe@example.com"), 1);
    assert_eq!(mailing.taken("ana@example.com"), 1);
    let state = &all(&mailing.app, "outbox_state", doc! { "_id": "email" }).await[0];
    assert!(state.get("held_reason").is_none(), "{state}");
}

#[tokio::test]
async fn a_bad_key_is_about_us_and_not_about_the_message() {
    let mailing = Mailing::new().await;
    let refusal = Outcome::Answered {
        status: http::StatusCode::FORBIDDEN,
        headers: Vec::new(),
        body: r#"{"statusCode":403,"name":"invalid_api_key","message":"API key is invalid"}"#.into(),
    };
    mailing.emulators.twins.faults.add(Service::Resend, Fault::times(1, refusal));
    mailing.queue("ana@example.com").await;
    mailing.app.work().await;
    assert_eq!(status(&mailing.row("ana@example.com").await), "queued");
    mailing.later(5 * MINUTE).await;
    assert_eq!(status(&mailing.row("ana@example.com").await), "sent");
}

#[tokio::test]
async fn too_fast_costs_no_attempt() {
    let mailing = Mailing::new().await;
    mailing.emulators.twins.resend.set_limit(1);
    mailing.emulators.twins.faults.add(Service::Resend, Fault::times(2, Outcome::status(429)));
    for n in 0..4 {
        mailing.queue(&format!("p{n}@example.com")).await;
    }
    for _ in 0..6 {
        mailing.later(Duration::from_secs(2)).await;
    }
    assert_eq!(mailing.emulators.twins.resend.messages().len(), 4);
    for n in 0..4 {
        assert_eq!(mailing.row(&format!("p{n}@example.com")).await.get_i32("attempts").unwrap(), 1);
    }
}

#[tokio::test]
async fn a_message_refused_for_its_own_sake_is_given_up_at_once() {
    let mailing = Mailing::new().await;
    let refusal = Outcome::Answered {
        status: http::StatusCode::UNPROCESSABLE_ENTITY,
        headers: Vec::new(),
        body: r#"{"statusCode":422,"name":"invalid_parameter","message":"ana@example.com is odd"}"#.into(),
    };
    mailing.emulators.twins.faults.add(Service::Resend, Fault::times(1, refusal));
    mailing.queue("ana@example.com").await;
    mailing.queue("zoe@example.com").await;
    mailing.app.work().await;
    let row = mailing.row("ana@example.com").await;
    assert_eq!((status(&row), row.get_i32("attempts").unwrap()), ("failed", 1));
    assert_eq!(row.get_str("error_message").unwrap(), "422 invalid_parameter: ana@example.com is odd");
    assert_eq!(status(&mailing.row("zoe@example.com").await), "sent", "the others go on");
}

#[tokio::test]
async fn another_payload_under_a_used_key_is_a_bug_and_not_a_success() {
    let mailing = Mailing::new().await;
    mailing.emulators.twins.faults.add(Service::Resend, Fault::times(1, Outcome::Lost));
    mailing.queue("ana@example.com").await;
    mailing.app.work().await;
    let rows = super::super::accounts::documents(&mailing.app, "email_logs");
    rows.update_one(doc! { "to_email": "ana@example.com" }, doc! { "$set": { "text": "otra cosa" } }).await.unwrap();
    mailing.later(MINUTE).await;
    let row = mailing.row("ana@example.com").await;
    assert_eq!(status(&row), "failed");
    assert!(row.get_str("error_message").unwrap().starts_with("409 invalid_idempotent_request"));
    assert_eq!(mailing.taken("ana@example.com"), 1);
}

#[tokio::test]
async fn a_key_in_flight_is_asked_for_again_and_sent_once() {
    let mailing = Mailing::new().await;
    // Slower than our patience: our second request meets the first one.
    mailing.app.app.post.set_patience(Duration::from_millis(150));
    mailing.queue("slow@example.com").await;
    mailing.app.work().await;
    mailing.app.app.post.set_patience(Duration::from_secs(5));
    for _ in 0..6 {
        mailing.later(MINUTE).await;
    }
    assert_eq!(status(&mailing.row("slow@example.com").await), "sent");
    assert_eq!(mailing.taken("slow@example.com"), 1);
}

#[tokio::test]
async fn hanging_cut_and_nonsensical_answers_are_tried_again() {
    let mailing = Mailing::new().await;
    mailing.app.app.post.set_patience(Duration::from_millis(300));
    let nonsense = |status| Outcome::Answered { status, headers: Vec::new(), body: "<html>502</html>".into() };
    let troubles =
        [Outcome::Hung, Outcome::Cut, nonsense(http::StatusCode::BAD_GATEWAY), nonsense(http::StatusCode::OK)];
    for (n, trouble) in troubles.into_iter().enumerate() {
        mailing.emulators.twins.faults.add(Service::Resend, Fault::times(1, trouble));
        let to = format!("p{n}@example.com");
        mailing.queue(&to).await;
        mailing.app.work().await;
        assert_eq!(status(&mailing.row(&to).await), "queued", "{n}");
        mailing.app.app.post.set_patience(Duration::from_secs(5));
        mailing.later(MINUTE).await;
        assert_eq!((status(&mailing.row(&to).await), mailing.taken(&to)), ("sent", 1), "{n}");
        mailing.app.app.post.set_patience(Duration::from_millis(300));
    }
}

/// An application whose mail goes out by SMTP.
async fn by_smtp(server: &Smtp) -> TestApp {
    let url = format!("smtp://{}", server.address);
    TestApp::with(|environment| drop(environment.insert("SMTP_URL", url))).await
}

async fn queue(app: &TestApp, to: &str) {
    let now = app.app.clock.now();
    let template = TestMessage { name: "Ana Ñandutí".into(), at: now };
    let letter = Letter { template: &template, to: to.into(), dedupe_key: to.into(), about: None };
    mail::queue(&app.app, now, &letter).await.unwrap();
    app.work().await;
}

#[tokio::test]
async fn smtp_carries_both_parts_and_the_key() {
    let server = Smtp::start().await.unwrap();
    let app = by_smtp(&server).await;
    queue(&app, "ana@example.com").await;
    let row = &all(&app, "email_logs", doc! {}).await[0];
    assert_eq!(status(row), "sent", "{row}");
    let message = &server.messages()[0];
    let key = format!("Resend-Idempotency-Key: {}", row.get_str("idempotency_key").unwrap());
    for part in [key.as_str(), "multipart/alternative", "text/plain", "text/html", "To: ana@example.com"] {
        assert!(message.contains(part), "{part} is missing in {message}");
    }
    assert!(message.contains(row.get_str("message_id").unwrap()), "{message}");
}

#[tokio::test]
async fn smtps_answers_mean_what_they_say() {
    let server = Smtp::start().await.unwrap();
    let app = by_smtp(&server).await;
    let row = async |to: &str| all(&app, "email_logs", doc! { "to_email": to }).await.remove(0);
    server.next(Trouble::Refused("550 5.1.1 user unknown"));
    queue(&app, "nadie@example.com").await;
    assert_eq!(status(&row("nadie@example.com").await), "failed");
    server.next(Trouble::Refused("451 4.3.0 later"));
    queue(&app, "luego@example.com").await;
    assert_eq!(status(&row("luego@example.com").await), "queued");
    app.app.clock.advance(MINUTE);
    app.work().await;
    assert_eq!(status(&row("luego@example.com").await), "sent");
    server.next(Trouble::Refused("535 5.7.8 bad credentials"));
    queue(&app, "clave@example.com").await;
    let held = row("clave@example.com").await;
    assert_eq!((status(&held), held.get_i32("attempts").unwrap()), ("queued", 0));
    app.app.clock.advance(5 * MINUTE);
    app.work().await;
    assert_eq!(status(&row("clave@example.com").await), "sent");
    server.next(Trouble::Lost);
    queue(&app, "corte@example.com").await;
    assert_eq!(status(&row("corte@example.com").await), "queued");
    app.app.clock.advance(MINUTE);
    app.work().await;
    assert_eq!(status(&row("corte@example.com").await), "sent");
    let ids: Vec<_> = server
        .messages()
        .iter()
        .filter(|message| message.contains("corte@example.com"))
        .map(|message| message.lines().find(|line| line.starts_with("Message-ID")).unwrap().to_owned())
        .collect();
    assert!(ids.len() == 2 && ids[0] == ids[1], "two copies of one message: {ids:?}");
}
