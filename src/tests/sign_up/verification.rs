//! `/verificar-email`.

use std::time::Duration;

use bson::doc;
use http::StatusCode;

use super::{register, token_in};
use crate::accounts::{all, documents};
use crate::mail::Mailing;
use crate::support::TestApp;

async fn is_verified(app: &TestApp) -> bool {
    let user = documents(app, "users").find_one(doc! {}).await.unwrap().unwrap();
    user.get_datetime("email_verified_at").is_ok()
}

#[tokio::test]
async fn a_link_proves_the_address_once_and_leads_on() {
    let mailing = Mailing::new().await;
    let app = &mailing.app;
    let mut browser = app.browser();
    register(&mut browser, "ana@example.com", "/ugc/campaigns/c1/postularme").await;
    assert!(browser.get("/mi-perfil").await.text().contains("verify-banner"));
    let token = token_in(app, "verify_email").await;
    // Programs that read mail open links: opening proves nothing.
    let path = format!("/verificar-email?token={token}");
    assert!(app.browser().get(&path).await.text().contains("verify-submit"));
    assert!(!is_verified(app).await);
    // On another device, without a session: whoever confirmed has an account, hears that it worked, and signs in.
    let mut elsewhere = app.browser();
    let answer = elsewhere.post("/verificar-email", &[("token", &token)]).await;
    assert_eq!(answer.location(), "/login?next=%2Fugc%2Fcampaigns%2Fc1%2Fpostularme");
    assert!(elsewhere.get(answer.location()).await.text().contains("Tu e-mail quedó confirmado"));
    assert!(is_verified(app).await);
    assert!(!browser.get("/mi-perfil").await.text().contains("verify-banner"));
    let answer = app.browser().post("/verificar-email", &[("token", &token)]).await;
    assert_eq!(answer.location(), path);
    assert!(app.browser().get(&path).await.text().contains("verify-gone"));
    // The database can't tell what the link was.
    let stored = all(app, "auth_tokens", doc! {}).await;
    assert!(!format!("{stored:?}").contains(&token));
}

#[tokio::test]
async fn what_is_to_be_said_is_said_by_the_page_a_redirect_ends_at() {
    let app = TestApp::new().await;
    let mut browser = app.browser();
    // Created, and on to a page that only leads to another one.
    let answer = register(&mut browser, "ana@example.com", "/ugc/creator/dashboard").await;
    assert_eq!(answer.location(), "/ugc/creator/dashboard");
    let answer = browser.get(answer.location()).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(browser.get(answer.location()).await.text().contains("Tu cuenta está lista"));
}

#[tokio::test]
async fn a_link_is_good_for_a_day_and_a_new_one_ends_it() {
    let mailing = Mailing::new().await;
    let app = &mailing.app;
    let mut browser = app.browser();
    register(&mut browser, "ana@example.com", "").await;
    let first = token_in(app, "verify_email").await;
    app.app.clock.advance(Duration::from_secs(60));
    let answer = browser.post("/verificar-email/reenviar", &[("back", "/verificar-email")]).await;
    assert_eq!(answer.location(), "/verificar-email");
    let second = token_in(app, "verify_email").await;
    assert_ne!(first, second);
    app.browser().post("/verificar-email", &[("token", &first)]).await;
    assert!(!is_verified(app).await, "the first is over");
    app.app.clock.advance(Duration::from_secs(24 * 60 * 60));
    app.browser().post("/verificar-email", &[("token", &second)]).await;
    assert!(!is_verified(app).await, "the second has expired");
    for nonsense in ["", "x", "../../etc"] {
        let answer = app.browser().get(&format!("/verificar-email?token={nonsense}")).await;
        assert!(matches!(answer.status, StatusCode::OK | StatusCode::SEE_OTHER), "{nonsense}");
    }
}

#[tokio::test]
async fn three_letters_an_hour_are_enough() {
    let app = TestApp::new().await;
    let mut browser = app.browser();
    register(&mut browser, "ana@example.com", "").await;
    for _ in 0..4 {
        browser.post("/verificar-email/reenviar", &[("back", "/mi-perfil")]).await;
    }
    assert!(browser.get("/mi-perfil").await.text().contains("Ya te mandamos varios enlaces"));
    assert_eq!(all(&app, "email_logs", doc! { "template": "verify_email" }).await.len(), 4, "one and three more");
    let answer = browser.post("/verificar-email/reenviar", &[("back", "//evil.example")]).await;
    assert_eq!(answer.location(), "/mi-perfil");
}
