//! The letters: folders and structs are the same list, and what they say.

use std::collections::BTreeSet;
use std::path::Path;

use canje::i18n::mail as words;
use canje::mail::templates::{
    AlertCritical, CampaignCode, Incident, NewLoginBackoffice, PasswordChanged, ResetPassword, RoleChanged,
    TestMessage, VerifyEmail, Wording,
};
use canje::mail::whatsapp::WhatsAppTemplate;
use canje::mail::{Parts, Template};
use canje::values::Role;
use jiff::Timestamp;
use proptest::prelude::*;

const BASE: &str = "https://canje.example.com";

fn now() -> Timestamp {
    super::super::support::NOW.parse().unwrap()
}

fn incident(n: u64) -> Incident {
    Incident {
        title: format!("CAÍDO: tienda {n}"),
        message: "La tienda no responde.\nConnection timed out".into(),
        severity: "Crítico".into(),
        occurrences: n,
        first_seen: now(),
        last_seen: now() + std::time::Duration::from_secs(90),
        path: format!("/admin/notifications/{n}"),
    }
}

fn alert(wording: Wording, incidents: u64) -> AlertCritical {
    AlertCritical { wording, incidents: (1..=incidents).map(incident).collect() }
}

/// One of each, as anybody would fill them in.
fn every() -> Vec<Box<dyn Template>> {
    let name = || "Ana Benítez".to_owned();
    vec![
        Box::new(alert(Wording::New, 1)),
        Box::new(NewLoginBackoffice {
            name: name(),
            at: now(),
            device: "Chrome en Android".into(),
            ip: "203.0.113.9".into(),
        }),
        Box::new(PasswordChanged { name: name(), at: now() }),
        Box::new(RoleChanged { name: name(), at: now(), before: Role::Staff, role: Role::Admin }),
        Box::new(TestMessage { name: name(), at: now() }),
        Box::new(VerifyEmail { name: name(), token: "a-secret-text".into() }),
        Box::new(ResetPassword { name: name(), token: "a-secret-text".into() }),
    ]
}

#[test]
fn folders_structs_and_words_are_one_list() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/mail/templates");
    let mut folders = BTreeSet::new();
    for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        for part in ["subject.txt", "text.txt", "body.html"] {
            assert!(path.join(part).is_file(), "{} lacks {part}", path.display());
        }
        folders.insert(path.file_name().unwrap().to_str().unwrap().to_owned());
    }
    // What campaigns tell is one struct for many names.
    assert!(folders.remove("campaign_news"));
    let structs: BTreeSet<_> = every().iter().map(|letter| letter.name().to_owned()).collect();
    assert_eq!(folders, structs);
    folders.extend(CampaignCode::ALL.iter().map(|code| code.as_str().to_owned()));
    let labelled: BTreeSet<_> = words::TEMPLATES.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(folders, labelled);
}

#[test]
fn letters_say_what_they_say() {
    for letter in every() {
        let Parts { subject, text, html } = letter.render(BASE).unwrap();
        insta::assert_snapshot!(
            format!("letter_{}", letter.name()),
            format!("{subject}\n=====\n{text}\n=====\n{html}")
        );
    }
}

#[test]
fn alerts_say_why_they_are_written() {
    let said = [
        alert(Wording::New, 3),
        alert(Wording::StillOpen, 1),
        alert(Wording::Escalated { minutes: 30 }, 1),
        alert(Wording::Resolved, 2),
        alert(Wording::New, 25),
    ]
    .map(|alert| {
        let parts = alert.render(BASE).unwrap();
        let text: String = parts.text.lines().take(2).collect::<Vec<_>>().join(" ");
        format!("{} | {text} | {}", parts.subject, parts.text.contains("Y 5 avisos más."))
    });
    insta::assert_snapshot!(said.join("\n"));
    insta::assert_snapshot!(alert(Wording::New, 7).whatsapp(BASE).unwrap());
}

#[test]
fn a_letter_needs_nothing_from_outside_to_be_read() {
    for letter in every() {
        let Parts { html, text, .. } = letter.render(BASE).unwrap();
        for outside in ["<img", "<link", "<script", "@import", "url("] {
            assert!(!html.contains(outside), "{} has {outside}", letter.name());
        }
        assert!(!text.contains('<'), "{}: {text}", letter.name());
        assert!(html.contains(r#"lang="es-PY""#));
    }
}

proptest! {
    #[test]
    fn every_value_is_escaped(value in any::<String>()) {
        let marked = format!("{value}<x1>\"'&");
        let letters: Vec<Box<dyn Template>> = vec![
            Box::new(TestMessage { name: marked.clone(), at: now() }),
            Box::new(NewLoginBackoffice { name: marked.clone(), at: now(), device: marked.clone(), ip: marked.clone() }),
            Box::new(PasswordChanged { name: marked.clone(), at: now() }),
            Box::new(RoleChanged { name: marked.clone(), at: now(), before: Role::Staff, role: Role::Admin }),
            Box::new(AlertCritical {
                wording: Wording::New,
                incidents: vec![Incident {
                    title: marked.clone(), message: marked.clone(), severity: marked.clone(), path: marked.clone(),
                    ..incident(1)
                }],
            }),
        ];
        for letter in letters {
            let parts = letter.render(BASE).unwrap();
            prop_assert!(!parts.html.contains("<x1>"), "{}", letter.name());
            prop_assert!(!parts.subject.chars().any(char::is_control), "{:?}", parts.subject);
        }
    }
}
