//! `/recuperar` and `/restablecer`.

use std::time::Duration;

use bson::doc;

use super::{PASSWORD, register, token_in};
use crate::accounts::{all, documents, sign_in};
use crate::mail::Mailing;
use crate::support::TestApp;

const NEW: &str = "Lapacho-Rosado-77";

#[tokio::test]
async fn whoever_it_is_hears_the_same() {
    let app = TestApp::new().await;
    register(&mut app.browser(), "ana@example.com", "").await;
    let mut pages = Vec::new();
    for email in ["ana@example.com", "nadie@example.com", "ni una dirección"] {
        let mut browser = app.browser();
        let answer = browser.post("/recuperar", &[("email", email)]).await;
        assert_eq!(answer.location(), "/recuperar");
        let page = browser.get("/recuperar").await.text();
        assert!(page.contains("Si hay una cuenta con ese e-mail"), "{email}");
        pages.push(page.len());
    }
    assert!(pages.windows(2).all(|pair| pair[0] == pair[1]), "{pages:?}");
    assert_eq!(all(&app, "email_logs", doc! { "template": "reset_password" }).await.len(), 1);
    assert_eq!(all(&app, "audit_logs", doc! { "action": "password_reset_requested" }).await.len(), 1);
}

#[tokio::test]
async fn a_new_password_ends_sessions_and_the_lock_and_is_told() {
    let mailing = Mailing::new().await;
    let app = &mailing.app;
    let mut browser = app.browser();
    register(&mut browser, "ana@example.com", "").await;
    for _ in 0..5 {
        sign_in(&mut app.browser(), "ana@example.com", "Otra-Cosa-9999").await;
    }
    app.browser().post("/recuperar", &[("email", " ANA@example.com")]).await;
    let token = token_in(app, "reset_password").await;
    let path = format!("/restablecer?token={token}");
    // A weak one is refused and the link stays good.
    let mut other = app.browser();
    let answer = other.post("/restablecer", &[("token", &token), ("password", "corta")]).await;
    assert!(other.get(answer.location()).await.text().contains("al menos 12 caracteres"));
    let answer = other.post("/restablecer", &[("token", &token), ("password", NEW)]).await;
    assert_eq!(answer.location(), "/login");
    assert_eq!(all(app, "sessions", doc! {}).await.len(), 0);
    let answer = sign_in(&mut app.browser(), "ana@example.com", PASSWORD).await;
    assert_eq!(answer.location(), "/login", "the old one is over");
    let answer = sign_in(&mut app.browser(), "ana@example.com", NEW).await;
    assert_eq!(answer.location(), "/mi-perfil", "and no lock is left");
    assert_eq!(all(app, "email_logs", doc! { "template": "password_changed" }).await.len(), 1);
    assert_eq!(all(app, "audit_logs", doc! { "action": "password_changed" }).await.len(), 1);
    // Once.
    assert!(app.browser().get(&path).await.text().contains("reset-gone"));
    let answer = app.browser().post("/restablecer", &[("token", &token), ("password", PASSWORD)]).await;
    assert!(app.browser().get(answer.location()).await.text().contains("reset-gone"));
    assert_eq!(sign_in(&mut app.browser(), "ana@example.com", NEW).await.location(), "/mi-perfil");
}

#[tokio::test]
async fn a_link_is_good_for_an_hour_and_not_for_the_suspended() {
    let app = TestApp::new().await;
    register(&mut app.browser(), "ana@example.com", "").await;
    app.browser().post("/recuperar", &[("email", "ana@example.com")]).await;
    let token = token_in(&app, "reset_password").await;
    app.app.clock.advance(Duration::from_secs(60 * 60));
    assert!(app.browser().get(&format!("/restablecer?token={token}")).await.text().contains("reset-gone"));
    app.browser().post("/recuperar", &[("email", "ana@example.com")]).await;
    let token = token_in(&app, "reset_password").await;
    let suspended = doc! { "$set": { "status": "suspended" } };
    documents(&app, "users").update_one(doc! {}, suspended).await.unwrap();
    let before = documents(&app, "users").find_one(doc! {}).await.unwrap();
    app.browser().post("/restablecer", &[("token", &token), ("password", NEW)]).await;
    assert_eq!(documents(&app, "users").find_one(doc! {}).await.unwrap(), before);
}
