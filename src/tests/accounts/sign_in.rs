//! Getting in.

use bson::doc;
use canje::values::Role;
use http::{StatusCode, header};

use super::{PASSWORD, adopted, all, documents, legacy_hash, sign_in, signed_in};
use crate::support::TestApp;

#[tokio::test]
async fn the_old_password_opens_the_account_and_gets_a_better_hash_beside_it() {
    let app = TestApp::new().await;
    let user_id = adopted(&app, "ana@example.com", Role::Admin, |_| {}).await;
    let before = all(&app, "users", doc! {}).await;
    let mut browser = app.browser();
    let answer = sign_in(&mut browser, "  ANA@Example.com ", PASSWORD).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/admin"));
    let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap();
    for attribute in ["__Host-sid=", "; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax", "; Max-Age=43200"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");

    let kept = all(&app, "sign_ins", doc! { "_id": &user_id }).await;
    let better = kept[0].get_str("password_hash").unwrap();
    assert!(better.starts_with("$argon2id$"), "{better}");
    assert!(kept[0].get_datetime("last_login_at").is_ok());
    assert_eq!(all(&app, "users", doc! {}).await, before, "an adopted document stays as adopted");

    signed_in(&app, "ana@example.com").await;
    assert_eq!(
        all(&app, "sign_ins", doc! {}).await[0].get_str("password_hash").unwrap(),
        better,
        "hashed again only once"
    );

    let rows = all(&app, "audit_logs", doc! { "action": "login_success" }).await;
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0].get_str("user_id").unwrap(), user_id);
    assert_eq!(rows[0].get_str("user_email").unwrap(), "ana@example.com");
    assert_eq!(rows[0].get_str("user_role").unwrap(), "admin");
    assert_eq!(rows[0].get_str("ip_address").unwrap(), "127.0.0.1");
}

#[tokio::test]
async fn a_password_changed_in_the_legacy_system_replaces_the_better_hash_of_the_old_one() {
    let app = TestApp::new().await;
    let user_id = adopted(&app, "ana@example.com", Role::Creator, |_| {}).await;
    signed_in(&app, "ana@example.com").await;
    let adopted_again = doc! { "$set": { "password_hash": legacy_hash("Otra-Clave-Nueva-9") } };
    documents(&app, "users").update_one(doc! { "user_id": user_id }, adopted_again).await.unwrap();
    let mut browser = app.browser();
    sign_in(&mut browser, "ana@example.com", PASSWORD).await;
    assert!(!browser.cookies.contains_key("__Host-sid"), "the old password is over");
    let answer = sign_in(&mut browser, "ana@example.com", "Otra-Clave-Nueva-9").await;
    assert_eq!(answer.location(), "/ugc/creator/dashboard");
}

#[tokio::test]
async fn people_come_back_to_where_they_were_and_never_to_another_site() {
    let app = TestApp::new().await;
    adopted(&app, "ana@example.com", Role::Creator, |_| {}).await;
    for (next, expected) in [
        ("/mi-perfil?x=1", "/mi-perfil?x=1"),
        ("//evil.example", "/ugc/creator/dashboard"),
        ("/\\evil.example", "/ugc/creator/dashboard"),
        ("https://evil.example/", "/ugc/creator/dashboard"),
        ("", "/ugc/creator/dashboard"),
    ] {
        let form = [("email", "ana@example.com"), ("password", PASSWORD), ("next", next)];
        let answer = app.browser().post("/login", &form).await;
        assert_eq!(answer.location(), expected, "{next}");
    }
    let mut browser = signed_in(&app, "ana@example.com").await;
    assert_eq!(browser.get("/login?next=/mi-perfil").await.location(), "/mi-perfil");
    assert_eq!(browser.get("/login?next=//evil.example").await.location(), "/ugc/creator/dashboard");
}

#[tokio::test]
async fn the_form_keeps_where_to_go_and_the_demonstration_lists_its_accounts() {
    let app = TestApp::new().await;
    let html = app.browser().get("/login?next=/admin/audit").await.text();
    assert!(html.contains(r#"name="next" value="/admin/audit""#), "{html}");
    assert!(!html.contains("demo-accounts") && !html.contains("Google"), "{html}");
    let demo = TestApp::with(|environment| {
        environment.insert("CANJE_DEMO", "1".into());
    })
    .await;
    let html = demo.browser().get("/login").await.text();
    for email in ["admin@", "gestion@", "equipo@", "diseno@", "marca@", "creadora@"] {
        assert!(html.contains(email), "{email}: {html}");
    }
    assert!(html.contains("canje-demo-2026"));
}
