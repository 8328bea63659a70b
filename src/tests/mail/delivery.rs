//! What the provider says afterwards: any order, early, twice; and the addresses that get nothing more.

use std::time::Duration;

use bson::doc;
use canje::db::with_transaction;
use canje::mail::feedback::{Feedback, FeedbackKind, apply_in};
use canje::mail::{self, Letter};
use jiff::Timestamp;

use super::super::accounts::all;
use super::{Custom, MINUTE, Mailing, status};

async fn report(mailing: &Mailing, message_id: &str, kind: FeedbackKind, at: Timestamp) -> bool {
    let app = &mailing.app.app;
    let feedback = Feedback {
        message_id: message_id.into(),
        kind,
        at,
        to: vec!["ana@example.com".into()],
        detail: Some("user unknown".into()),
    };
    let feedback = &feedback;
    let applied: anyhow::Result<bool> = with_transaction(&app.db, |session| {
        Box::pin(async move {
            apply_in(&mut *session, &app.db, app.clock.now(), feedback)
                .await
                .map_err(|error| anyhow::anyhow!("{error:?}"))
        })
    })
    .await;
    applied.unwrap()
}

async fn sent(mailing: &Mailing) -> String {
    mailing.queue("ana@example.com").await;
    mailing.app.work().await;
    mailing.row("ana@example.com").await.get_str("message_id").unwrap().to_owned()
}

const PERMANENT: FeedbackKind = FeedbackKind::Bounced { permanent: true };

#[tokio::test]
async fn reports_in_the_wrong_order_end_where_the_right_one_does() {
    let mailing = Mailing::new().await;
    let id = sent(&mailing).await;
    let now = mailing.app.app.clock.now();
    for (kind, expected) in [
        (FeedbackKind::Delivered, "delivered"),
        (FeedbackKind::Sent, "delivered"),
        (FeedbackKind::Delayed, "delivered"),
        (FeedbackKind::Complained, "complained"),
        (FeedbackKind::Delivered, "complained"),
    ] {
        assert!(report(&mailing, &id, kind, now).await);
        let row = mailing.row("ana@example.com").await;
        assert_eq!(row.get_str("delivery").unwrap(), expected, "{kind:?}");
    }
    assert_eq!(mailing.row("ana@example.com").await.get_array("reports").unwrap().len(), 5);
}

#[tokio::test]
async fn a_report_that_comes_before_we_know_the_message_is_not_lost() {
    let mailing = Mailing::new().await;
    let now = mailing.app.app.clock.now();
    assert!(!report(&mailing, "somebody-elses", FeedbackKind::Delivered, now).await);
    mailing.queue("ana@example.com").await;
    mailing.app.work().await;
    let row = mailing.row("ana@example.com").await;
    let id = row.get_str("message_id").unwrap();
    // As if the sender had not written the id yet when the report came.
    let rows = super::super::accounts::documents(&mailing.app, "email_logs");
    rows.update_one(doc! {}, doc! { "$unset": { "message_id": "" } }).await.unwrap();
    assert!(!report(&mailing, id, PERMANENT, now).await);
    rows.update_one(doc! {}, doc! { "$set": { "message_id": id } }).await.unwrap();
    mailing.later(MINUTE).await;
    assert_eq!(mailing.row("ana@example.com").await.get_str("delivery").unwrap(), "bounced");
    assert_eq!(all(&mailing.app, "email_suppressions", doc! {}).await.len(), 1);
    let waiting = all(&mailing.app, "email_feedback", doc! {}).await;
    assert_eq!(waiting.len(), 1, "only the one that isn't ours waits");
}

#[tokio::test]
async fn an_address_that_bounced_gets_only_what_keeps_its_account_safe() {
    let mailing = Mailing::new().await;
    let id = sent(&mailing).await;
    report(&mailing, &id, PERMANENT, mailing.app.app.clock.now()).await;
    for (key, essential) in [("campaign", false), ("security", true)] {
        let template = Custom { subject: key.into(), essential, secrets: Vec::new() };
        let letter = Letter { template: &template, to: "Ana@Example.com".into(), dedupe_key: key.into(), about: None };
        mail::queue(&mailing.app.app, mailing.app.app.clock.now(), &letter).await.unwrap();
    }
    mailing.app.work().await;
    let subjects: Vec<_> =
        mailing.emulators.twins.resend.to("ana@example.com").into_iter().map(|message| message.subject).collect();
    assert_eq!(subjects, ["Mensaje de prueba de Canje", "security"]);
    let skipped = &all(&mailing.app, "email_logs", doc! { "dedupe_key": "campaign" }).await[0];
    assert_eq!(status(skipped), "skipped");
    assert_eq!(skipped.get_str("error_message").unwrap(), "Dirección bloqueada: rebotó.");
}

#[tokio::test]
async fn a_full_mailbox_suppresses_nobody() {
    let mailing = Mailing::new().await;
    let id = sent(&mailing).await;
    report(&mailing, &id, FeedbackKind::Bounced { permanent: false }, mailing.app.app.clock.now()).await;
    assert_eq!(mailing.row("ana@example.com").await.get_str("delivery").unwrap(), "bounced");
    assert!(all(&mailing.app, "email_suppressions", doc! {}).await.is_empty());
}

#[tokio::test]
async fn a_lifted_address_stays_lifted_for_older_reports() {
    let mailing = Mailing::new().await;
    let id = sent(&mailing).await;
    let before = mailing.app.app.clock.now();
    report(&mailing, &id, PERMANENT, before).await;
    let rows = super::super::accounts::documents(&mailing.app, "email_suppressions");
    mailing.app.app.clock.advance(Duration::from_secs(60));
    let lifted = bson::DateTime::from_millis(mailing.app.app.clock.now().as_millisecond());
    let lift = doc! { "$set": { "is_active": false, "lifted_at": lifted } };
    rows.update_one(doc! {}, lift).await.unwrap();
    report(&mailing, &id, FeedbackKind::Complained, before).await;
    assert!(!rows.find_one(doc! {}).await.unwrap().unwrap().get_bool("is_active").unwrap());
    report(&mailing, &id, FeedbackKind::Complained, mailing.app.app.clock.now() + MINUTE).await;
    assert!(rows.find_one(doc! {}).await.unwrap().unwrap().get_bool("is_active").unwrap());
}
