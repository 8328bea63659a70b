//! `canje users`.

use bson::doc;
use canje::accounts::secret::Sealed;
use canje::accounts::{self, model::Email};
use canje::values::Role;
use http::StatusCode;

use super::{PASSWORD, adopted, all, documents, sign_in, signed_in};
use crate::support::TestApp;

const GOOD: &str = "Palma-Alta-2026";

async fn create(app: &TestApp, email: &str, role: Role) -> anyhow::Result<String> {
    accounts::create(&app.app.db, email, role, None, Sealed::new(GOOD)).await
}

#[tokio::test]
async fn an_account_made_by_command_can_sign_in() {
    let app = TestApp::new().await;
    create(&app, " Jefa@Example.com", Role::Superadmin).await.unwrap();
    let mut browser = app.browser();
    assert_eq!(sign_in(&mut browser, "jefa@example.com", GOOD).await.location(), "/admin");
    let user = documents(&app, "users").find_one(doc! {}).await.unwrap().unwrap();
    assert_eq!(user.get_str("email").unwrap(), "jefa@example.com");
    assert_eq!(user.get_str("name").unwrap(), "jefa");
    assert!(user.get_str("password_hash").unwrap().starts_with("$argon2id$"));
    let rows = all(&app, "audit_logs", doc! { "action": "user_created" }).await;
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].get_str("source").unwrap(), "command_line");
    assert_eq!(rows[0].get_document("details").unwrap().get_str("role").unwrap(), "superadmin");
}

#[tokio::test]
async fn what_is_wrong_is_said_and_nothing_is_made() {
    let app = TestApp::new().await;
    adopted(&app, "ana@example.com", Role::Creator, |_| {}).await;
    let db = &app.app.db;
    let taken = create(&app, "ANA@example.com", Role::User).await.unwrap_err().to_string();
    assert!(taken.contains("ya hay una cuenta"), "{taken}");
    let invalid = create(&app, "ana", Role::User).await.unwrap_err().to_string();
    assert!(invalid.contains("no es válido"), "{invalid}");
    let weak =
        accounts::create(db, "b@example.com", Role::User, None, Sealed::new("canje")).await.unwrap_err().to_string();
    assert!(weak.contains("al menos 12 caracteres") && weak.contains("mayúscula") && weak.contains("número"), "{weak}");
    let named = accounts::create(db, "b@example.com", Role::User, Some("x".repeat(121)), Sealed::new(GOOD)).await;
    assert!(named.unwrap_err().to_string().contains("1 a 120"));
    assert_eq!(documents(&app, "users").count_documents(doc! {}).await.unwrap(), 1);
    assert_eq!(documents(&app, "audit_logs").count_documents(doc! {}).await.unwrap(), 0);
}

#[tokio::test]
async fn an_address_stands_for_one_account_even_when_two_are_made_at_once() {
    let app = TestApp::new().await;
    let made = futures::future::join_all((0..6).map(|_| create(&app, "una@example.com", Role::User))).await;
    assert_eq!(made.iter().filter(|made| made.is_ok()).count(), 1);
    assert_eq!(documents(&app, "users").count_documents(doc! {}).await.unwrap(), 1);
    assert_eq!(documents(&app, "audit_logs").count_documents(doc! {}).await.unwrap(), 1);
}

#[tokio::test]
async fn a_new_role_ends_the_persons_sessions_and_is_recorded() {
    let app = TestApp::new().await;
    let user_id = adopted(&app, "ana@example.com", Role::Staff, |_| {}).await;
    let mut browser = signed_in(&app, "ana@example.com").await;
    let said = accounts::set_role(&app.app.db, "ANA@example.com", Role::Admin).await.unwrap();
    assert!(said.contains("staff → admin") && said.contains("1 sesión"), "{said}");
    assert_eq!(browser.get("/mi-perfil").await.status, StatusCode::SEE_OTHER);
    let rows = all(&app, "audit_logs", doc! { "action": "user_role_changed" }).await;
    assert_eq!(rows[0].get_str("target_id").unwrap(), user_id);
    let details = rows[0].get_document("details").unwrap();
    assert_eq!((details.get_str("before").unwrap(), details.get_str("after").unwrap()), ("staff", "admin"));
    let unchanged = accounts::set_role(&app.app.db, "ana@example.com", Role::Admin).await.unwrap();
    assert!(unchanged.contains("no se cambió nada"), "{unchanged}");
    let nobody = accounts::set_role(&app.app.db, "nadie@example.com", Role::Admin).await.unwrap_err();
    assert!(nobody.to_string().contains("nadie@example.com"));
    assert_eq!(all(&app, "audit_logs", doc! { "action": "user_role_changed" }).await.len(), 1);
}

#[tokio::test]
async fn there_is_always_a_superadmin() {
    let app = TestApp::new().await;
    let db = &app.app.db;
    create(&app, "una@example.com", Role::Superadmin).await.unwrap();
    adopted(&app, "fuera@example.com", Role::Superadmin, |user| drop(user.insert("status", "suspended"))).await;
    let refused = accounts::set_role(db, "una@example.com", Role::Admin).await.unwrap_err().to_string();
    assert!(refused.contains("única cuenta superadmin"), "{refused}");
    create(&app, "dos@example.com", Role::Superadmin).await.unwrap();
    let both = ["una@example.com", "dos@example.com"].map(|email| accounts::set_role(db, email, Role::Admin));
    let done = futures::future::join_all(both).await;
    assert_eq!(done.iter().filter(|done| done.is_ok()).count(), 1, "{done:?}");
    let left = doc! { "role": "superadmin", "status": "active" };
    assert_eq!(documents(&app, "users").count_documents(left).await.unwrap(), 1);
}

#[tokio::test]
async fn a_mirror_refuses_changes_and_lets_people_look() {
    let app = TestApp::new().await;
    adopted(&app, "ana@example.com", Role::Superadmin, |_| {}).await;
    let mirror = doc! {
        "_id": "mirror", "state": "mirroring", "source": "legacy", "since": bson::DateTime::now(),
    };
    documents(&app, "adopt_state").insert_one(mirror).await.unwrap();
    let before = all(&app, "users", doc! {}).await;
    for refused in [
        create(&app, "b@example.com", Role::Admin).await,
        accounts::set_role(&app.app.db, "ana@example.com", Role::Admin).await,
    ] {
        let said = refused.unwrap_err().to_string();
        assert!(said.contains("copia del sistema anterior") && said.contains("adopt --finish"), "{said}");
    }
    let mut browser = signed_in(&app, "ana@example.com").await;
    assert_eq!(browser.get("/mi-perfil").await.status, StatusCode::OK);
    assert_eq!(all(&app, "users", doc! {}).await, before);
    let mut demo = app.browser();
    sign_in(&mut demo, "ana@example.com", PASSWORD).await;
    documents(&app, "adopt_state").update_one(doc! {}, doc! { "$set": { "state": "finished" } }).await.unwrap();
    create(&app, "b@example.com", Role::Admin).await.unwrap();
}

#[tokio::test]
async fn accounts_are_listed_by_page() {
    let app = TestApp::new().await;
    for n in 0..7 {
        let role = if n % 2 == 0 { Role::Creator } else { Role::User };
        adopted(&app, &format!("p{n}@example.com"), role, |_| {}).await;
    }
    let db = &app.app.db;
    let mut seen = std::collections::BTreeSet::new();
    let mut after: Option<String> = None;
    loop {
        let page = accounts::list(db, None, 3, after.as_deref(), true).await.unwrap();
        let page: serde_json::Value = serde_json::from_str(&page).unwrap();
        assert_eq!(page["total"], 7);
        for user in page["users"].as_array().unwrap() {
            assert!(Email::parse(user["email"].as_str().unwrap()).is_some());
            assert!(seen.insert(user["user_id"].as_str().unwrap().to_owned()), "twice");
        }
        match page["next"].as_str() {
            Some(next) => after = Some(next.to_owned()),
            None => break,
        }
    }
    assert_eq!(seen.len(), 7);
    let table = accounts::list(db, Some(Role::Creator), 50, None, false).await.unwrap();
    assert_eq!(table.lines().count(), 5);
    assert!(table.contains("p0@example.com") && table.contains("4 de 4 cuentas."), "{table}");
}
