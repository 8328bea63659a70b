//! Being in, and no longer being in.

use std::time::Duration;

use bson::{DateTime, doc};
use canje::values::Role;
use http::StatusCode;

use super::{PASSWORD, adopted, all, documents, sign_in, signed_in};
use crate::support::{Browser, TestApp};

const MINUTE: Duration = Duration::from_secs(60);
const SID: &str = "__Host-sid";

async fn is_in(browser: &mut Browser<'_>) -> bool {
    let answer = browser.get("/mi-perfil").await;
    match answer.status {
        StatusCode::OK => true,
        StatusCode::SEE_OTHER => {
            assert!(answer.location().starts_with("/login?next=%2Fmi-perfil"), "{}", answer.location());
            false
        }
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn a_session_ends_after_half_an_hour_without_a_request() {
    let app = TestApp::new().await;
    adopted(&app, "ana@example.com", Role::Creator, |_| {}).await;
    let mut browser = signed_in(&app, "ana@example.com").await;
    for _ in 0..4 {
        app.app.clock.advance(29 * MINUTE);
        assert!(is_in(&mut browser).await);
    }
    app.app.clock.advance(30 * MINUTE);
    let answer = browser.get("/mi-perfil").await;
    assert_eq!(answer.location(), "/login?next=%2Fmi-perfil&session_expired=true");
    assert!(!browser.cookies.contains_key(SID), "the browser forgets it");
    let page = browser.get("/login?next=%2Fmi-perfil&session_expired=true").await.text();
    assert!(page.contains("Tu sesión se cerró por seguridad"), "{page}");
    assert!(browser.get("/?session_expired=true").await.text().contains("Tu sesión se cerró por seguridad"));
}

#[tokio::test]
async fn the_last_use_is_written_at_most_once_a_minute() {
    let app = TestApp::new().await;
    adopted(&app, "ana@example.com", Role::Creator, |_| {}).await;
    let mut browser = signed_in(&app, "ana@example.com").await;
    let seen = async || all(&app, "sessions", doc! {}).await[0].get_datetime("last_seen_at").unwrap().to_owned();
    let opened = seen().await;
    app.app.clock.advance(Duration::from_secs(59));
    assert!(is_in(&mut browser).await);
    assert_eq!(seen().await, opened);
    app.app.clock.advance(Duration::from_secs(1));
    assert!(is_in(&mut browser).await);
    assert_eq!(seen().await, DateTime::from_millis(opened.timestamp_millis() + 60_000));
}

#[tokio::test]
async fn a_back_office_session_ends_after_twelve_hours_and_others_after_a_week() {
    let app = TestApp::new().await;
    adopted(&app, "equipo@example.com", Role::Staff, |_| {}).await;
    adopted(&app, "ana@example.com", Role::Creator, |_| {}).await;
    let (mut staff, mut creator) =
        (signed_in(&app, "equipo@example.com").await, signed_in(&app, "ana@example.com").await);
    for _ in 0..28 {
        app.app.clock.advance(25 * MINUTE);
        assert!(is_in(&mut staff).await && is_in(&mut creator).await);
    }
    app.app.clock.advance(20 * MINUTE);
    assert!(!is_in(&mut staff).await, "twelve hours");
    assert!(is_in(&mut creator).await);
    // The week is looked at in what is stored, and at its very end.
    let session = &all(&app, "sessions", doc! { "role": "creator" }).await[0];
    let ends = session.get_datetime("absolute_expires_at").unwrap().timestamp_millis();
    assert_eq!(ends - session.get_datetime("created_at").unwrap().timestamp_millis(), 7 * 24 * 60 * 60 * 1000);
    app.app.clock.advance(Duration::from_millis(ends as u64 - app.app.clock.now().as_millisecond() as u64 - 1));
    let seen = DateTime::from_millis(app.app.clock.now().as_millisecond());
    documents(&app, "sessions").update_many(doc! {}, doc! { "$set": { "last_seen_at": seen } }).await.unwrap();
    assert!(is_in(&mut creator).await);
    app.app.clock.advance(Duration::from_millis(1));
    assert!(!is_in(&mut creator).await, "a week");
}

#[tokio::test]
async fn the_token_is_kept_nowhere_and_never_used_twice() {
    let app = TestApp::new().await;
    adopted(&app, "ana@example.com", Role::Creator, |_| {}).await;
    let mut browser = signed_in(&app, "ana@example.com").await;
    let first = browser.cookies[SID].clone();
    assert_eq!(first.len(), 43, "256 bits");
    for collection in app.app.db.live.list_collection_names().await.unwrap() {
        assert!(!format!("{:?}", all(&app, &collection, doc! {}).await).contains(&first), "{collection}");
    }
    sign_in(&mut browser, "ana@example.com", PASSWORD).await;
    assert_ne!(browser.cookies[SID], first);
    assert!(is_in(&mut browser).await);
    let mut thief = app.browser();
    thief.cookies.insert(SID.into(), first);
    assert!(!is_in(&mut thief).await, "signing in again ended the earlier session");
}

#[tokio::test]
async fn signing_in_with_a_dead_cookie_keeps_the_new_one() {
    let app = TestApp::new().await;
    adopted(&app, "ana@example.com", Role::Creator, |_| {}).await;
    let mut browser = signed_in(&app, "ana@example.com").await;
    app.app.clock.advance(31 * MINUTE);
    sign_in(&mut browser, "ana@example.com", PASSWORD).await;
    assert!(is_in(&mut browser).await);
}

#[tokio::test]
async fn made_up_tokens_are_nobody() {
    let app = TestApp::new().await;
    for token in ["", "x", &"A".repeat(43), &"é".repeat(10), &"A".repeat(5000)] {
        let mut browser = app.browser();
        browser.cookies.insert(SID.into(), token.to_owned());
        assert!(!is_in(&mut browser).await);
    }
}

#[tokio::test]
async fn signing_out_ends_the_session_and_not_only_the_cookie() {
    let app = TestApp::new().await;
    adopted(&app, "ana@example.com", Role::Creator, |_| {}).await;
    let mut browser = signed_in(&app, "ana@example.com").await;
    let token = browser.cookies[SID].clone();
    let answer = browser.post("/logout", &[]).await;
    assert_eq!(answer.location(), "/login");
    assert!(!browser.cookies.contains_key(SID));
    browser.cookies.insert(SID.into(), token);
    assert!(!is_in(&mut browser).await);
    assert_eq!(all(&app, "audit_logs", doc! { "action": "logout" }).await.len(), 1);
    assert_eq!(app.browser().post("/logout", &[]).await.status, StatusCode::SEE_OTHER, "a guest may as well");
}

#[tokio::test]
async fn people_see_and_close_their_own_sessions_and_nobody_elses() {
    let app = TestApp::new().await;
    adopted(&app, "ana@example.com", Role::Creator, |_| {}).await;
    adopted(&app, "otra@example.com", Role::Creator, |_| {}).await;
    let (mut here, mut there) = (signed_in(&app, "ana@example.com").await, signed_in(&app, "ana@example.com").await);
    let mut other = signed_in(&app, "otra@example.com").await;
    let page = here.get("/mi-perfil").await.text();
    assert!(page.contains(r#"data-testid="my-profile-page""#), "{page}");
    assert_eq!(page.matches(r#"data-testid="session""#).count(), 2);
    assert_eq!(page.matches(r#"name="session_id""#).count(), 1, "this one has no button of its own");
    let id = page.split(r#"name="session_id" value=""#).nth(1).unwrap().split('"').next().unwrap();

    let answer = other.post("/mi-perfil/sesiones/cerrar", &[("session_id", id)]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "somebody else's isn't there");
    assert!(is_in(&mut there).await);
    let answer = here.post("/mi-perfil/sesiones/cerrar", &[("session_id", id)]).await;
    assert_eq!(answer.location(), "/mi-perfil");
    assert!(is_in(&mut here).await && !is_in(&mut there).await);

    let mut again = signed_in(&app, "ana@example.com").await;
    assert_eq!(here.post("/mi-perfil/sesiones/cerrar-todas", &[]).await.location(), "/login");
    assert!(here.get("/login").await.text().contains("Cerramos tus 2 sesiones."));
    assert!(!is_in(&mut again).await && is_in(&mut other).await);
    assert_eq!(all(&app, "audit_logs", doc! { "action": "session_revoked" }).await.len(), 2);
}

#[tokio::test]
async fn an_account_that_is_no_longer_allowed_is_out_at_once() {
    let app = TestApp::new().await;
    for (name, change) in [
        ("suspendida", doc! { "$set": { "status": "suspended" } }),
        ("borrada", doc! { "$set": { "status": "deleted" } }),
        ("sin-correo", doc! { "$set": { "email": null } }),
        ("otro-rol", doc! { "$set": { "role": "admin" } }),
    ] {
        let email = format!("{name}@example.com");
        let user_id = adopted(&app, &email, Role::Staff, |_| {}).await;
        let mut browser = signed_in(&app, &email).await;
        assert!(is_in(&mut browser).await);
        documents(&app, "users").update_one(doc! { "user_id": &user_id }, change).await.unwrap();
        assert!(!is_in(&mut browser).await, "{name}");
    }
    adopted(&app, "quitada@example.com", Role::Staff, |_| {}).await;
    let mut browser = signed_in(&app, "quitada@example.com").await;
    documents(&app, "users").delete_one(doc! { "email": "quitada@example.com" }).await.unwrap();
    assert!(!is_in(&mut browser).await);
}

#[tokio::test]
async fn a_session_of_a_second_step_under_way_reaches_nothing() {
    let app = TestApp::new().await;
    adopted(&app, "ana@example.com", Role::Creator, |_| {}).await;
    let mut browser = signed_in(&app, "ana@example.com").await;
    documents(&app, "sessions").update_many(doc! {}, doc! { "$set": { "level": "password" } }).await.unwrap();
    assert!(!is_in(&mut browser).await);
}

#[tokio::test]
async fn staying_is_a_use() {
    let app = TestApp::new().await;
    adopted(&app, "ana@example.com", Role::Creator, |_| {}).await;
    let mut browser = signed_in(&app, "ana@example.com").await;
    app.app.clock.advance(29 * MINUTE);
    browser.post("/mi-perfil/sesiones/renovar", &[]).await;
    app.app.clock.advance(29 * MINUTE);
    assert!(is_in(&mut browser).await);
}

#[tokio::test]
async fn the_profile_page_shows_the_account_and_no_secret() {
    let app = TestApp::new().await;
    adopted(&app, "ana@example.com", Role::Admin, |user| {
        user.insert("phone", "+595981123456");
        user.insert("mfa_secret", "JBSWY3DPEHPK3PXP");
        user.insert("mfa_recovery_codes", ["A1B2C3D4"]);
    })
    .await;
    let mut browser = signed_in(&app, "ana@example.com").await;
    let page = browser.get("/mi-perfil").await.text();
    assert!(page.contains("Ana Benítez") && page.contains("+595981123456") && page.contains("127.0.0.1"), "{page}");
    for secret in ["$2b$", "$argon2", "JBSWY3DP", "A1B2C3D4", &browser.cookies[SID]] {
        assert!(!page.contains(secret), "{secret}");
    }
}
