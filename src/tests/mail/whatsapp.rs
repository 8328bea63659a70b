//! WhatsApp: the same outbox, and optional.

use bson::{Document, doc};
use canje::emulators::{Fault, Outcome, Service};
use canje::mail::templates::TestMessage;
use canje::mail::whatsapp::{Message, queue};

use super::super::accounts::all;
use super::super::support::TestApp;
use super::{MINUTE, Mailing, status};

async fn send(app: &TestApp, to: &str) {
    let now = app.app.clock.now();
    let template = TestMessage { name: "Ana".into(), at: now };
    let message = Message { template: &template, to: to.into(), dedupe_key: to.into(), about: None };
    queue(&app.app, now, &message).await.unwrap();
    app.work().await;
}

async fn rows(app: &TestApp) -> Vec<Document> {
    all(app, "whatsapp_logs", doc! {}).await
}

#[tokio::test]
async fn without_an_account_it_is_visibly_off_and_nothing_fails() {
    let app = TestApp::new().await;
    send(&app, "0981 123 456").await;
    let row = &rows(&app).await[0];
    assert_eq!(status(row), "skipped");
    assert_eq!(row.get_str("error_message").unwrap(), "WhatsApp no está configurado.");
}

#[tokio::test]
async fn a_message_goes_once_to_the_normalised_number() {
    let mailing = Mailing::new().await;
    send(&mailing.app, "(0981) 123-456").await;
    send(&mailing.app, "(0981) 123-456").await;
    let sent = mailing.emulators.twins.twilio.messages();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].to, "whatsapp:+595981123456");
    assert_eq!(status(&rows(&mailing.app).await[0]), "sent");
}

#[tokio::test]
async fn a_number_without_whatsapp_is_given_up_and_a_busy_provider_is_not() {
    let mailing = Mailing::new().await;
    send(&mailing.app, "0981120000").await;
    assert_eq!(status(&rows(&mailing.app).await[0]), "failed");
    mailing.emulators.twins.faults.add(Service::Twilio, Fault::times(1, Outcome::status(503)));
    send(&mailing.app, "0981123457").await;
    mailing.later(MINUTE).await;
    assert_eq!(mailing.emulators.twins.twilio.messages().len(), 1);
}

#[tokio::test]
async fn an_answer_lost_on_the_way_makes_no_second_message_although_there_is_no_key() {
    let mailing = Mailing::new().await;
    mailing.emulators.twins.faults.add(Service::Twilio, Fault::times(1, Outcome::Lost));
    send(&mailing.app, "0981123456").await;
    assert_eq!(status(&rows(&mailing.app).await[0]), "queued");
    mailing.later(MINUTE).await;
    let row = &rows(&mailing.app).await[0];
    assert_eq!(status(row), "sent");
    let sent = mailing.emulators.twins.twilio.messages();
    assert_eq!((sent.len(), sent[0].sid.as_str()), (1, row.get_str("message_id").unwrap()));
}

#[tokio::test]
async fn a_wrong_token_holds_whatsapp_and_not_mail() {
    let mailing = Mailing::new().await;
    mailing.emulators.twins.faults.add(Service::Twilio, Fault::times(1, Outcome::status(401)));
    send(&mailing.app, "0981123456").await;
    mailing.queue("ana@example.com").await;
    mailing.app.work().await;
    assert_eq!(mailing.taken("ana@example.com"), 1);
    assert_eq!(rows(&mailing.app).await[0].get_i32("attempts").unwrap(), 0);
    mailing.later(5 * MINUTE).await;
    assert_eq!(mailing.emulators.twins.twilio.messages().len(), 1);
}
