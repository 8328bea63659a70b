//! `/admin/emails`: who sees it, what it shows, what it does.

use bson::doc;
use canje::mail::{self, Letter};
use canje::values::Role;
use http::{StatusCode, header};

use super::super::accounts::{adopted, all, documents, signed_in};
use super::super::support::TestApp;
use super::{Custom, Mailing, status};

#[tokio::test]
async fn only_those_who_keep_watch() {
    let app = TestApp::new().await;
    for (email, role, expected) in [
        ("admin@example.com", Role::Superadmin, StatusCode::OK),
        ("gestion@example.com", Role::Admin, StatusCode::OK),
        ("equipo@example.com", Role::Staff, StatusCode::FORBIDDEN),
        ("creadora@example.com", Role::Creator, StatusCode::FORBIDDEN),
    ] {
        adopted(&app, email, role, |_| {}).await;
        let mut browser = signed_in(&app, email).await;
        for path in ["/admin/emails", "/admin/emails/whatsapp", "/admin/emails/bloqueadas"] {
            assert_eq!(browser.get(path).await.status, expected, "{email} {path}");
        }
    }
}

#[tokio::test]
async fn what_is_off_says_so_and_what_is_held_says_why() {
    let app = TestApp::new().await;
    adopted(&app, "admin@example.com", Role::Superadmin, |_| {}).await;
    let mut browser = signed_in(&app, "admin@example.com").await;
    for path in ["/admin/emails", "/admin/emails/whatsapp"] {
        let page = browser.get(path).await.text();
        assert!(page.contains("no configurado") && page.contains("Todavía no salió"), "{page}");
    }
    let mailing = Mailing::new().await;
    adopted(&mailing.app, "admin@example.com", Role::Superadmin, |_| {}).await;
    let mut browser = signed_in(&mailing.app, "admin@example.com").await;
    mailing.queue("quota@example.com").await;
    mailing.app.work().await;
    let page = browser.get("/admin/emails").await.text();
    assert!(page.contains("Resend rechaza todos nuestros envíos") && page.contains("daily_quota_exceeded"), "{page}");
    assert!(page.contains("1 mensaje espera"), "{page}");
}

#[tokio::test]
async fn filters_and_pages() {
    let mailing = Mailing::new().await;
    adopted(&mailing.app, "admin@example.com", Role::Superadmin, |_| {}).await;
    for n in 0..23 {
        mailing.queue(&format!("p{n}@example.com")).await;
    }
    let rows = documents(&mailing.app, "email_logs");
    rows.update_one(doc! { "to_email": "p3@example.com" }, doc! { "$set": { "status": "failed" } }).await.unwrap();
    let mut browser = signed_in(&mailing.app, "admin@example.com").await;
    for (query, shown) in [
        ("", 20),
        ("?status=failed", 1),
        ("?to=P3%40", 1),
        ("?to=.%2A", 0),
        ("?template=test_message&status=queued", 20),
        ("?template=nothing", 0),
        ("?from=2099-11-23&until=2099-11-23", 20),
        ("?until=2099-11-22", 0),
    ] {
        let page = browser.get(&format!("/admin/emails{query}")).await.text();
        assert_eq!(page.matches(r#"data-testid="mail-row""#).count(), shown, "{query}");
    }
    let first = browser.get("/admin/emails").await.text();
    let next = first.split(r#"data-testid="pager-next""#).next().unwrap().rsplit(r#"href=""#).next().unwrap();
    let next = next.split('"').next().unwrap().replace("&amp;", "&");
    let second = browser.get(&next).await.text();
    assert_eq!(second.matches(r#"data-testid="mail-row""#).count(), 3, "{next}");
    let wrong = browser.get("/admin/emails?status=nope").await.text();
    assert!(wrong.contains("mail-problem"));
}

#[tokio::test]
async fn a_letter_is_previewed_where_it_can_do_nothing() {
    let mailing = Mailing::new().await;
    adopted(&mailing.app, "admin@example.com", Role::Superadmin, |_| {}).await;
    mailing.queue("ana@example.com").await;
    mailing.app.work().await;
    let id = mailing.row("ana@example.com").await.get_str("id").unwrap().to_owned();
    let mut browser = signed_in(&mailing.app, "admin@example.com").await;
    let page = browser.get(&format!("/admin/emails/{id}")).await;
    assert!(page.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().contains("frame-src 'self'"));
    let page = page.text();
    assert!(page.contains(r#"sandbox="""#) && page.contains(&format!("/admin/emails/{id}/html")), "{page}");
    let html = browser.get(&format!("/admin/emails/{id}/html")).await;
    let policies: Vec<_> = html.headers.get_all(header::CONTENT_SECURITY_POLICY).iter().collect();
    assert_eq!(policies.len(), 1);
    let policy = policies[0].to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && policy.ends_with("sandbox") && !policy.contains("script"));
    assert!(html.text().contains("Hola, Ana Benítez"));
    assert_eq!(browser.get("/admin/emails/nope").await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/admin/emails/nope/html").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn repeating_is_a_new_letter_with_the_same_words_once_per_press() {
    let mailing = Mailing::new().await;
    adopted(&mailing.app, "admin@example.com", Role::Superadmin, |_| {}).await;
    mailing.queue("ana@example.com").await;
    let first = mailing.row("ana@example.com").await;
    let path = format!("/admin/emails/{}/reenviar", first.get_str("id").unwrap());
    let mut browser = signed_in(&mailing.app, "admin@example.com").await;
    assert_eq!(browser.post(&path, &[("copy", "1")]).await.status, StatusCode::CONFLICT, "it still waits");
    mailing.app.work().await;
    let copy = browser.post(&path, &[("copy", "1")]).await.location().to_owned();
    assert_eq!(browser.post(&path, &[("copy", "1")]).await.location(), copy, "pressed twice");
    mailing.app.work().await;
    let taken = mailing.emulators.twins.resend.to("ana@example.com");
    assert_eq!(taken.len(), 2);
    assert_eq!(taken[0].html, taken[1].html);
    assert_ne!(taken[0].header("idempotency-key"), taken[1].header("idempotency-key"));
    assert_eq!(all(&mailing.app, "audit_logs", doc! { "action": "message_repeated" }).await.len(), 1);
    let page = browser.get(&copy).await.text();
    assert!(page.contains("mail-original"), "{page}");
}

#[tokio::test]
async fn a_secret_is_neither_shown_nor_repeated() {
    let mailing = Mailing::new().await;
    adopted(&mailing.app, "admin@example.com", Role::Superadmin, |_| {}).await;
    let template =
        Custom { subject: "Restablecer".into(), essential: true, secrets: vec!["https://x.example/r?t=abcdef".into()] };
    let letter = Letter { template: &template, to: "ana@example.com".into(), dedupe_key: "a".into(), about: None };
    mail::queue(&mailing.app.app, mailing.app.app.clock.now(), &letter).await.unwrap();
    let id = mailing.row("ana@example.com").await.get_str("id").unwrap().to_owned();
    let mut browser = signed_in(&mailing.app, "admin@example.com").await;
    for path in [format!("/admin/emails/{id}"), format!("/admin/emails/{id}/html")] {
        let page = browser.get(&path).await.text();
        assert!(!page.contains("abcdef") && page.contains("••••••"), "{page}");
    }
    mailing.app.work().await;
    let refused = browser.post(&format!("/admin/emails/{id}/reenviar"), &[("copy", "1")]).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert_eq!(mailing.rows("ana@example.com").await.len(), 1);
}

#[tokio::test]
async fn an_address_is_lifted_once_and_on_record() {
    let mailing = Mailing::new().await;
    adopted(&mailing.app, "admin@example.com", Role::Superadmin, |_| {}).await;
    let now = bson::DateTime::from_millis(mailing.app.app.clock.now().as_millisecond());
    let suppressed = doc! { "_id": "ana@example.com", "why": "bounced", "at": now, "is_active": true };
    documents(&mailing.app, "email_suppressions").insert_one(suppressed).await.unwrap();
    mailing.queue("ana@example.com").await;
    mailing.app.work().await;
    assert_eq!(status(&mailing.row("ana@example.com").await), "skipped");
    let mut browser = signed_in(&mailing.app, "admin@example.com").await;
    assert!(browser.get("/admin/emails/bloqueadas").await.text().contains("ana@example.com"));
    let lift = [("email", "ana@example.com")];
    let lifted = browser.post("/admin/emails/bloqueadas/levantar", &lift).await;
    assert_eq!(lifted.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.post("/admin/emails/bloqueadas/levantar", &lift).await.status, StatusCode::CONFLICT);
    assert!(browser.get("/admin/emails/bloqueadas").await.text().contains("suppressed-none"));
    assert_eq!(all(&mailing.app, "audit_logs", doc! { "action": "suppression_lifted" }).await.len(), 1);
    mailing.queue_as("ana@example.com", "again").await;
    mailing.app.work().await;
    assert_eq!(mailing.taken("ana@example.com"), 1);
}
