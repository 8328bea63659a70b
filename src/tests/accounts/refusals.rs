//! Not getting in, and what one learns from it.

use axum::body::Body;
use bson::{Bson, doc};
use canje::values::Role;
use http::{Method, Request, StatusCode, header};

use super::{PASSWORD, adopted, all, documents, reasons, sign_in};
use crate::support::TestApp;

const NEUTRAL: &str = "El e-mail o la contraseña no coinciden.";
const MFA: &str = "Este acceso pide un segundo paso que todavía no está disponible";

#[tokio::test]
async fn a_refusal_says_nothing_about_who_has_an_account() {
    let app = TestApp::new().await;
    adopted(&app, "ana@example.com", Role::Creator, |_| {}).await;
    adopted(&app, "google@example.com", Role::Creator, |user| drop(user.remove("password_hash"))).await;
    adopted(&app, "nulo@example.com", Role::Creator, |user| drop(user.insert("password_hash", Bson::Null))).await;
    adopted(&app, "raro@example.com", Role::Creator, |user| drop(user.insert("password_hash", "no es un hash"))).await;
    adopted(&app, "", Role::Creator, |user| {
        user.insert("email", Bson::Null);
        user.insert("email_conflict", "doble@example.com");
    })
    .await;
    adopted(&app, "fuera@example.com", Role::Creator, |user| drop(user.insert("status", "suspended"))).await;
    let tries = [
        "ana@example.com",
        "google@example.com",
        "nulo@example.com",
        "raro@example.com",
        "doble@example.com",
        "fuera@example.com",
        "nadie@example.com",
        "ni una dirección",
        "",
    ];
    let mut pages = Vec::new();
    for email in tries {
        let password = if email == "doble@example.com" { PASSWORD } else { "Equivocada-123" };
        let mut browser = app.browser();
        let answer = sign_in(&mut browser, email, password).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/login"), "{email}");
        assert!(!browser.cookies.contains_key("__Host-sid"), "{email}");
        let page = browser.get("/login").await.text();
        assert!(page.contains(NEUTRAL), "{email}: {page}");
        let value = format!(r#"value="{email}""#);
        assert!(email.is_empty() || page.contains(&value), "the typed address stays: {page}");
        pages.push(page.replace(&value, r#"value="""#));
    }
    let same = |page: &String| {
        page.split("<main").nth(1).map(|main| main.replace("value=\"\"", ""))
            == pages[0].split("<main").nth(1).map(|main| main.replace("value=\"\"", ""))
    };
    assert!(pages.iter().all(same), "the pages differ");
    assert_eq!(reasons(&app).await, vec!["invalid_credentials"; tries.len()]);
    let rows = all(&app, "audit_logs", doc! { "user_email": null }).await;
    assert_eq!(rows.len(), 2, "what is no address isn't kept: it may be a password");
    assert_eq!(documents(&app, "sessions").count_documents(doc! {}).await.unwrap(), 0);
}

#[tokio::test]
async fn the_password_is_never_kept() {
    let app = TestApp::new().await;
    let mut browser = app.browser();
    sign_in(&mut browser, "nadie@example.com", "Secreto-Tecleado-77").await;
    for collection in app.app.db.live.list_collection_names().await.unwrap() {
        let kept = format!("{:?}", all(&app, &collection, doc! {}).await);
        assert!(!kept.contains("Secreto-Tecleado"), "{collection}: {kept}");
    }
    assert!(!browser.get("/login").await.text().contains("Secreto-Tecleado"));
    let reloaded = browser.get("/login").await.text();
    assert!(!reloaded.contains(NEUTRAL), "a refusal is told once");
}

#[tokio::test]
async fn an_account_with_a_second_step_is_never_let_in_without_it() {
    let app = TestApp::new().await;
    adopted(&app, "gestion@example.com", Role::Admin, |user| {
        user.insert("mfa_enabled", true);
    })
    .await;
    let mut browser = app.browser();
    sign_in(&mut browser, "gestion@example.com", "Equivocada-123").await;
    assert!(browser.get("/login").await.text().contains(NEUTRAL), "only the right password learns of the second step");
    sign_in(&mut browser, "gestion@example.com", PASSWORD).await;
    assert!(!browser.cookies.contains_key("__Host-sid"));
    assert!(browser.get("/login").await.text().contains(MFA));
    assert_eq!(browser.get("/admin/audit").await.status, StatusCode::SEE_OTHER);
    assert_eq!(documents(&app, "sessions").count_documents(doc! {}).await.unwrap(), 0);
    assert_eq!(reasons(&app).await, ["invalid_credentials", "mfa_required"]);
}

#[tokio::test]
async fn a_suspended_account_stays_out() {
    let app = TestApp::new().await;
    adopted(&app, "fuera@example.com", Role::Creator, |user| drop(user.insert("status", "suspended"))).await;
    let mut browser = app.browser();
    sign_in(&mut browser, "fuera@example.com", PASSWORD).await;
    assert!(!browser.cookies.contains_key("__Host-sid"));
    assert!(browser.get("/login").await.text().contains("Esta cuenta está suspendida"));
    assert_eq!(reasons(&app).await, ["suspended"]);
}

#[tokio::test]
async fn programs_get_the_status_and_people_a_page() {
    let app = TestApp::new().await;
    adopted(&app, "gestion@example.com", Role::Admin, |user| drop(user.insert("mfa_enabled", true))).await;
    for (password, status, code) in [
        ("Equivocada-123", StatusCode::UNAUTHORIZED, "invalid_credentials"),
        (PASSWORD, StatusCode::FORBIDDEN, "mfa_required"),
    ] {
        let form = serde_urlencoded::to_string([("email", "gestion@example.com"), ("password", password)]).unwrap();
        let request = Request::builder().method(Method::POST).uri("/login");
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let answer = app.browser().send(request, Body::from(form)).await;
        assert_eq!(answer.status, status);
        let said: serde_json::Value = serde_json::from_slice(answer.bytes()).unwrap();
        assert_eq!(said["error"]["code"], code);
    }
}

#[tokio::test]
async fn fields_that_are_not_of_the_form_are_refused() {
    let app = TestApp::new().await;
    adopted(&app, "ana@example.com", Role::Creator, |_| {}).await;
    let form = [("email", "ana@example.com"), ("password", PASSWORD), ("role", "superadmin")];
    assert_eq!(app.browser().post("/login", &form).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(app.browser().post("/login", &[("email", "ana@example.com")]).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_sign_in_that_cant_be_recorded_doesnt_happen() {
    let app = TestApp::new().await;
    adopted(&app, "ana@example.com", Role::Creator, |_| {}).await;
    let index = mongodb::IndexModel::builder()
        .keys(doc! { "action": 1 })
        .options(mongodb::options::IndexOptions::builder().unique(true).name("one_of_each".to_owned()).build())
        .build();
    documents(&app, "audit_logs").create_index(index).await.unwrap();
    let mut first = app.browser();
    assert_eq!(sign_in(&mut first, "ana@example.com", PASSWORD).await.status, StatusCode::SEE_OTHER);
    let mut second = app.browser();
    let answer = sign_in(&mut second, "ana@example.com", PASSWORD).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(
        !answer.text().contains("duplicate") && !answer.text().contains("E11000"),
        "no driver text reaches a browser"
    );
    assert!(!second.cookies.contains_key("__Host-sid"));
    assert_eq!(documents(&app, "sessions").count_documents(doc! {}).await.unwrap(), 1);
}
