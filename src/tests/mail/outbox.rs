//! The outbox: one row per key, in the transaction of what it tells, sent once whatever happens in between.

use std::time::Duration;

use bson::doc;
use canje::db::with_transaction;
use canje::emulators::{Fault, Outcome, Service};
use canje::mail::templates::TestMessage;
use canje::mail::{self, Letter};

use super::super::accounts::all;
use super::super::support::{TestApp, eventually};
use super::{Custom, HOUR, MINUTE, Mailing, status};

#[tokio::test]
async fn a_letter_is_sent_once_with_the_words_it_was_drawn_with() {
    let mailing = Mailing::new().await;
    mailing.queue("ana@example.com").await;
    mailing.queue("ana@example.com").await;
    mailing.app.work().await;
    let row = mailing.row("ana@example.com").await;
    assert_eq!(status(&row), "sent");
    let taken = mailing.emulators.twins.resend.to("ana@example.com");
    assert_eq!(taken.len(), 1);
    assert_eq!(taken[0].header("idempotency-key"), Some(row.get_str("idempotency_key").unwrap()));
    assert!(taken[0].header("user-agent").unwrap().starts_with("canje/"));
    for (part, stored) in [(&taken[0].subject, "subject"), (&taken[0].text, "text"), (&taken[0].html, "html")] {
        assert_eq!(part, row.get_str(stored).unwrap());
    }
    assert_eq!(row.get_str("message_id").unwrap(), taken[0].id);
    assert!(row.get_datetime("next_attempt_at").is_err(), "nothing is left to do");
}

#[tokio::test]
async fn an_aborted_transaction_leaves_no_letter_and_no_job() {
    let mailing = Mailing::new().await;
    let app = &mailing.app.app;
    let failed: anyhow::Result<()> = with_transaction(&app.db, |session| {
        Box::pin(async move {
            let now = app.clock.now();
            let template = TestMessage { name: "Ana".into(), at: now };
            let letter =
                Letter { template: &template, to: "ana@example.com".into(), dedupe_key: "a".into(), about: None };
            mail::queue_in(&mut *session, app, now, &letter).await.map_err(|error| anyhow::anyhow!("{error:?}"))?;
            anyhow::bail!("no")
        })
    })
    .await;
    assert!(failed.is_err());
    mailing.app.work().await;
    assert!(mailing.rows("ana@example.com").await.is_empty());
    assert!(mailing.emulators.twins.resend.messages().is_empty());
}

#[tokio::test]
async fn one_key_queued_from_many_sides_at_once_is_one_letter() {
    let mailing = Mailing::new().await;
    let queue = || mailing.queue("ana@example.com");
    futures::future::join_all((0..8).map(|_| queue())).await;
    mailing.app.work().await;
    assert_eq!(mailing.taken("ana@example.com"), 1);
    assert_eq!(status(&mailing.row("ana@example.com").await), "sent");
}

#[tokio::test]
async fn a_sender_killed_after_the_provider_took_it_sends_it_once() {
    let mailing = Mailing::new().await;
    let app = mailing.app.app.clone();
    // The provider takes it and never says so; the sender is gone before its patience is.
    app.post.set_patience(Duration::from_secs(600));
    let lost = Fault::times(1, Outcome::Hung);
    mailing.queue("ana@example.com").await;
    mailing.emulators.twins.faults.add(Service::Resend, lost);
    let sender = tokio::spawn(async move { canje::jobs::work_off(&app, &app.jobs).await });
    eventually("the message is on its way", async || {
        (mailing.emulators.twins.arrivals.count(Service::Resend) == 1).then_some(())
    })
    .await;
    sender.abort();
    assert!(sender.await.unwrap_err().is_cancelled());
    assert_eq!(status(&mailing.row("ana@example.com").await), "sending");
    mailing.later(MINUTE).await;
    assert_eq!(mailing.taken("ana@example.com"), 0, "it may still be on its way");
    for _ in 0..3 {
        mailing.later(MINUTE).await;
    }
    let row = mailing.row("ana@example.com").await;
    assert_eq!((mailing.taken("ana@example.com"), status(&row)), (1, "sent"));
    assert!(row.get_datetime("key_used_at").is_ok(), "nobody knew what had become of the first attempt");
}

#[tokio::test]
async fn an_answer_lost_on_the_way_makes_no_second_message() {
    let mailing = Mailing::new().await;
    mailing.emulators.twins.faults.add(Service::Resend, Fault::times(2, Outcome::Lost));
    mailing.queue("ana@example.com").await;
    mailing.app.work().await;
    assert_eq!(mailing.taken("ana@example.com"), 1);
    assert_eq!(status(&mailing.row("ana@example.com").await), "queued");
    mailing.later(MINUTE).await;
    mailing.later(5 * MINUTE).await;
    let row = mailing.row("ana@example.com").await;
    assert_eq!((mailing.taken("ana@example.com"), status(&row)), (1, "sent"));
    assert_eq!(row.get_i32("attempts").unwrap(), 3);
    assert_eq!(row.get_array("tries").unwrap().len(), 3);
}

#[tokio::test]
async fn the_back_off_is_as_written_and_the_last_failure_is_said() {
    let mailing = Mailing::new().await;
    mailing.emulators.twins.faults.add(Service::Resend, Fault::always(Outcome::status(503)));
    mailing.queue("ana@example.com").await;
    mailing.app.work().await;
    for (tries, wait) in [MINUTE, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 12 * HOUR].into_iter().enumerate() {
        let row = mailing.row("ana@example.com").await;
        assert_eq!((status(&row), row.get_i32("attempts").unwrap()), ("queued", tries as i32 + 1));
        mailing.later(wait - Duration::from_secs(1)).await;
        assert_eq!(mailing.row("ana@example.com").await.get_i32("attempts").unwrap(), tries as i32 + 1, "too early");
        mailing.later(Duration::from_secs(2)).await;
    }
    let row = mailing.row("ana@example.com").await;
    assert_eq!((status(&row), row.get_i32("attempts").unwrap()), ("failed", 6));
    assert!(row.get_datetime("next_attempt_at").is_err());
    mailing.emulators.twins.faults.clear(Service::Resend);
    mailing.later(24 * HOUR).await;
    assert_eq!(mailing.taken("ana@example.com"), 0, "given up is given up");
}

#[tokio::test]
async fn what_may_have_been_taken_is_not_repeated_after_the_key_is_forgotten() {
    let mailing = Mailing::new().await;
    mailing.emulators.twins.faults.add(Service::Resend, Fault::times(1, Outcome::Lost));
    mailing.queue("ana@example.com").await;
    mailing.app.work().await;
    mailing.later(21 * HOUR).await;
    let row = mailing.row("ana@example.com").await;
    assert_eq!((mailing.taken("ana@example.com"), status(&row)), (1, "failed"));
    assert!(row.get_str("error_message").unwrap().contains("No se sabe"));
}

#[tokio::test]
async fn without_a_provider_rows_say_so_and_nothing_fails() {
    let app = TestApp::new().await;
    let now = app.app.clock.now();
    let template = TestMessage { name: "Ana".into(), at: now };
    let letter = Letter { template: &template, to: "ana@example.com".into(), dedupe_key: "a".into(), about: None };
    mail::queue(&app.app, now, &letter).await.unwrap();
    app.work().await;
    let rows = all(&app, "email_logs", doc! {}).await;
    assert_eq!(status(&rows[0]), "skipped");
    assert!(rows[0].get_str("error_message").unwrap().contains("no está configurado"));
    assert_eq!(all(&app, "jobs", doc! { "job": "mail.send_outbox" }).await.len(), 0);
}

#[tokio::test]
async fn a_line_break_in_a_subject_or_an_address_begins_no_header() {
    let mailing = Mailing::new().await;
    let template = Custom { subject: "Hola\r\nBcc: otra@example.com".into(), essential: false, secrets: Vec::new() };
    for (key, to) in [("a", "ana@example.com"), ("b", "ana@example.com\r\nBcc: otra@example.com")] {
        let letter = Letter { template: &template, to: to.into(), dedupe_key: key.into(), about: None };
        mail::queue(&mailing.app.app, mailing.app.app.clock.now(), &letter).await.unwrap();
    }
    mailing.app.work().await;
    let taken = mailing.emulators.twins.resend.messages();
    assert_eq!(taken.len(), 1, "the second is no address");
    assert_eq!(taken[0].subject, "Hola Bcc: otra@example.com");
    assert_eq!(taken[0].to, ["ana@example.com"]);
}

#[tokio::test]
async fn a_secret_is_sent_and_then_forgotten() {
    let mailing = Mailing::new().await;
    let link = "https://canje.example.com/restablecer?a=1&token=abcdef".to_owned();
    let template = Custom { subject: "Restablecer".into(), essential: true, secrets: vec![link.clone()] };
    let letter = Letter { template: &template, to: "ana@example.com".into(), dedupe_key: "a".into(), about: None };
    mail::queue(&mailing.app.app, mailing.app.app.clock.now(), &letter).await.unwrap();
    let before = mailing.row("ana@example.com").await;
    assert!(before.get_str("text").unwrap().contains(&link), "the sender needs it");
    mailing.app.work().await;
    assert!(mailing.emulators.twins.resend.to("ana@example.com")[0].text.contains(&link));
    let row = mailing.row("ana@example.com").await;
    assert_eq!(status(&row), "sent");
    assert!(!format!("{row}").contains("abcdef"), "{row}");
}

#[tokio::test]
async fn alerts_overtake_a_mailing() {
    let mailing = Mailing::new().await;
    let template = Custom { subject: "Campaña".into(), essential: false, secrets: Vec::new() };
    for n in 0..12 {
        let to = format!("p{n}@example.com");
        let letter = Letter { template: &template, to, dedupe_key: format!("m{n}"), about: None };
        mail::queue(&mailing.app.app, mailing.app.app.clock.now(), &letter).await.unwrap();
    }
    mailing.queue("alerta@example.com").await;
    mailing.app.work().await;
    let order: Vec<_> =
        mailing.emulators.twins.resend.messages().into_iter().map(|message| message.to[0].clone()).collect();
    assert_eq!((order.len(), order[0].as_str()), (13, "alerta@example.com"));
}
