//! The defects of the previous system's mail, each with the test that keeps it away.

use std::collections::BTreeSet;
use std::path::Path;

use bson::doc;
use canje::emulators::{Fault, Outcome, Service};
use canje::mail::templates::{AlertCritical, Incident, TestMessage, Wording};
use canje::mail::{self, Letter, Template};
use canje::values::Role;

use super::super::accounts::{adopted, all, signed_in};
use super::super::support::TestApp;
use super::{MINUTE, Mailing, status};

fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            found.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
        }
    }
}

#[tokio::test]
async fn one_order_produced_several_overlapping_mails() {
    let mailing = Mailing::new().await;
    // Two code paths tell the same thing: they mean the same key, and it is sent once, ever.
    mailing.queue_as("ana@example.com", "order_received/1001").await;
    mailing.app.work().await;
    mailing.queue_as("ana@example.com", "order_received/1001").await;
    mailing.later(MINUTE).await;
    assert_eq!(mailing.taken("ana@example.com"), 1);
}

#[tokio::test]
async fn only_the_rate_limit_error_was_retried() {
    let mailing = Mailing::new().await;
    for (n, code) in [429, 500, 502, 503].into_iter().enumerate() {
        let to = format!("p{n}@example.com");
        mailing.emulators.twins.faults.add(Service::Resend, Fault::times(1, Outcome::status(code)));
        mailing.queue(&to).await;
        mailing.app.work().await;
        assert_eq!(status(&mailing.row(&to).await), "queued", "{code}");
        mailing.later(MINUTE).await;
        assert_eq!((status(&mailing.row(&to).await), mailing.taken(&to)), ("sent", 1), "{code}");
    }
}

#[tokio::test]
async fn user_text_was_placed_unescaped_in_html() {
    let now = super::super::support::NOW.parse().unwrap();
    let evil = r#"<img src=x onerror="alert(1)">&'"#;
    let incident = Incident {
        title: evil.into(),
        message: evil.into(),
        severity: evil.into(),
        occurrences: 2,
        first_seen: now,
        last_seen: now,
        path: "/admin/notifications/1".into(),
    };
    let letters: [Box<dyn Template>; 2] = [
        Box::new(TestMessage { name: evil.into(), at: now }),
        Box::new(AlertCritical { wording: Wording::New, incidents: vec![incident] }),
    ];
    for letter in letters {
        let parts = letter.render("https://canje.example.com").unwrap();
        assert!(!parts.html.contains("<img"), "{}", parts.html);
        assert!(parts.text.contains(evil), "plain text is plain: {}", parts.text);
    }
}

#[test]
fn some_senders_bypassed_the_log() {
    // Only the transports talk to a provider, and only the sender of the outbox talks to the transports.
    let mut found = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut found);
    let naming = |words: &[&str]| -> BTreeSet<String> {
        let names = found.iter().filter(|(_, text)| words.iter().any(|word| text.contains(word)));
        let names = names.map(|(path, _)| path.split("/src/").last().unwrap().to_owned());
        names.filter(|path| !path.starts_with("tests/") && !path.starts_with("emulators/")).collect()
    };
    let outside: Vec<_> = naming(&["AsyncSmtpTransport", "\"Idempotency-Key\"", "Messages.json"])
        .into_iter()
        .filter(|path| !path.starts_with("mail/transport/"))
        .collect();
    assert!(outside.is_empty(), "{outside:?}");
    assert_eq!(naming(&[".post.send(", "post.send("]).into_iter().collect::<Vec<_>>(), ["mail/send.rs"]);
}

#[tokio::test]
async fn admin_booking_mails_went_to_the_general_address() {
    // Each kind of letter has a sender of its own, from the configuration; none falls back to another's silently.
    let app = TestApp::with(|environment| {
        environment.insert("MAIL_FROM", "Canje <general@example.com>".into());
        environment.insert("MAIL_FROM_SYSTEM", "Avisos <sistema@example.com>".into());
    })
    .await;
    let senders = &app.app.config.integrations.senders;
    assert_eq!(senders.system, "Avisos <sistema@example.com>");
    assert_eq!(senders.studio, "Canje <general@example.com>");
    let now = app.app.clock.now();
    let template = TestMessage { name: "Ana".into(), at: now };
    let letter = Letter { template: &template, to: "ana@example.com".into(), dedupe_key: "a".into(), about: None };
    mail::queue(&app.app, now, &letter).await.unwrap();
    let row = &all(&app, "email_logs", doc! {}).await[0];
    assert_eq!(row.get_str("from_email").unwrap(), "Avisos <sistema@example.com>");
    assert_eq!(row.get_str("sender_type").unwrap(), "system");
}

#[test]
fn field_name_mismatches_printed_na() {
    // What a template names is a field or method of its struct, or it doesn't compile; so no part has a fallback word.
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/mail/templates");
    for template in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        for part in std::fs::read_dir(&template).unwrap() {
            let text = std::fs::read_to_string(part.unwrap().path()).unwrap();
            assert!(!text.contains("N/A") && !text.contains("default("), "{}", template.display());
        }
    }
}

#[tokio::test]
async fn a_test_mail_went_to_a_hard_coded_personal_address() {
    let mailing = Mailing::new().await;
    adopted(&mailing.app, "gestion@example.com", Role::Admin, |_| {}).await;
    let mut browser = signed_in(&mailing.app, "gestion@example.com").await;
    let answer = browser.post("/admin/emails/prueba", &[("key", "abc")]).await;
    assert!(answer.location().starts_with("/admin/emails/"));
    browser.post("/admin/emails/prueba", &[("key", "abc")]).await;
    mailing.app.work().await;
    assert_eq!(mailing.taken("gestion@example.com"), 1, "to whoever asks, once per press");
    assert_eq!(mailing.emulators.twins.resend.messages().len(), 1);
    assert_eq!(all(&mailing.app, "audit_logs", doc! { "action": "message_tested" }).await.len(), 1);
}
