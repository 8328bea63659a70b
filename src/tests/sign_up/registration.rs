//! `/registro`.

use axum::body::Body;
use bson::doc;
use http::{Method, Request, StatusCode, header};

use super::{PASSWORD, mark, register};
use crate::accounts::{all, documents};
use crate::support::TestApp;

#[tokio::test]
async fn somebody_makes_an_account_and_is_signed_in_with_it() {
    let app = TestApp::new().await;
    let mut browser = app.browser();
    let answer = register(&mut browser, " Ana@Example.com ", "/ugc/campaigns/c1/postularme").await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/ugc/campaigns/c1/postularme"));
    assert!(browser.get("/mi-perfil").await.text().contains("ana@example.com"), "signed in");

    let user = documents(&app, "users").find_one(doc! { "email": "ana@example.com" }).await.unwrap().unwrap();
    assert_eq!(user.get_str("role").ok(), Some("user"));
    assert_eq!(user.get_str("phone").ok(), Some("+595981123456"));
    assert!(user.get_str("password_hash").unwrap().starts_with("$argon2id$"));
    assert_eq!(user.get("email_verified_at"), Some(&bson::Bson::Null));
    let user_id = user.get_str("user_id").unwrap();

    let accepted = all(&app, "terms_acceptances", doc! { "user_id": user_id }).await;
    let mut slugs: Vec<_> = accepted.iter().map(|row| row.get_str("terms_slug").unwrap()).collect();
    slugs.sort_unstable();
    assert_eq!(slugs, ["ecommerce", "privacy-policy"]);
    for row in &accepted {
        let version =
            doc! { "slug": row.get_str("terms_slug").unwrap(), "version": row.get_str("terms_version").unwrap() };
        let version = documents(&app, "terms_versions").find_one(version).await.unwrap().unwrap();
        assert_eq!(row.get_str("body_sha256").ok(), version.get_str("body_sha256").ok());
        assert_eq!(row.get_str("action").ok(), Some("register"));
        assert_eq!(row.get_str("ip_address").ok(), Some("127.0.0.1"));
    }
    assert_eq!(all(&app, "audit_logs", doc! { "action": "user_created" }).await.len(), 1);
    assert_eq!(all(&app, "email_logs", doc! { "template": "verify_email" }).await.len(), 1);
}

#[tokio::test]
async fn a_known_address_is_told_with_the_ways_in_and_nothing_is_made() {
    let app = TestApp::new().await;
    register(&mut app.browser(), "ana@example.com", "").await;
    let mut browser = app.browser();
    let answer = register(&mut browser, "ANA@example.com", "/ugc/campaigns").await;
    assert_eq!(answer.location(), "/registro?next=%2Fugc%2Fcampaigns");
    let page = browser.get(answer.location()).await.text();
    assert!(page.contains("Ese e-mail ya tiene una cuenta"), "{page}");
    assert!(page.contains("href=\"/recuperar\"") && page.contains("href=\"/login?next=%2Fugc%2Fcampaigns\""));
    assert!(page.contains("ANA@example.com") && !page.contains(PASSWORD), "typed values stay, passwords don't");
    assert!(!browser.cookies.contains_key("__Host-sid"));
    assert_eq!(documents(&app, "users").count_documents(doc! {}).await.unwrap(), 1);

    // A program gets the status itself.
    let shown = mark(&page);
    let form =
        [("name", "Ana"), ("email", "ana@example.com"), ("password", PASSWORD), ("terms", "on"), ("shown", &shown)];
    let request = Request::builder()
        .method(Method::POST)
        .uri("/registro")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let answer = app.browser().send(request, Body::from(serde_urlencoded::to_string(form).unwrap())).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn everything_wrong_is_said_at_once_beside_its_field() {
    let app = TestApp::new().await;
    let mut browser = app.browser();
    let page = browser.get("/registro").await.text();
    let shown = mark(&page);
    let form = [("name", " "), ("email", "ana"), ("password", "corta"), ("phone", "12"), ("shown", shown.as_str())];
    let answer = browser.post("/registro", &form).await;
    let page = browser.get(answer.location()).await.text();
    for said in
        ["Escribí tu nombre", "Revisá el e-mail", "al menos 12 caracteres", "Revisá el teléfono", "aceptá los dos"]
    {
        assert!(page.contains(said), "{said}");
    }
    assert_eq!(documents(&app, "users").count_documents(doc! {}).await.unwrap(), 0);
}

#[tokio::test]
async fn six_accounts_from_one_connection_within_an_hour_are_one_too_many() {
    let app = TestApp::new().await;
    for n in 0..5 {
        let answer = register(&mut app.browser(), &format!("ana{n}@example.com"), "").await;
        assert_eq!(answer.location(), "/verificar-email", "{n}");
    }
    let mut browser = app.browser();
    let answer = register(&mut browser, "ana5@example.com", "").await;
    assert_eq!(answer.location(), "/registro");
    assert!(browser.get("/registro").await.text().contains("Esperá 60 minutos"));
    app.app.clock.advance(std::time::Duration::from_secs(3_601));
    assert_eq!(register(&mut app.browser(), "ana5@example.com", "").await.location(), "/verificar-email");
}

/// The old system took the version from the browser, under names of documents it didn't know, and swallowed errors.
#[tokio::test]
async fn legacy_defect_56_an_acceptance_is_of_what_the_server_showed() {
    let app = TestApp::new().await;
    let mut browser = app.browser();
    let page = browser.get("/registro").await.text();
    let shown = mark(&page);
    let base = [("name", "Ana"), ("email", "ana@example.com"), ("password", PASSWORD), ("terms", "on")];
    // A version of the browser's choosing is no field of the form.
    let form = [&base[..], &[("shown", shown.as_str()), ("terms_version", "9.9")]].concat();
    assert_eq!(browser.post("/registro", &form).await.status, StatusCode::BAD_REQUEST);
    // Terms that changed in between have to be read.
    let version = doc! { "$set": { "version": "2.1", "body_sha256": "another" } };
    documents(&app, "terms_versions").update_one(doc! { "slug": "ecommerce" }, version).await.unwrap();
    let document = doc! { "$set": { "current_version": "2.1" } };
    documents(&app, "terms_documents").update_one(doc! { "slug": "ecommerce" }, document).await.unwrap();
    let form = [&base[..], &[("shown", shown.as_str())]].concat();
    let answer = browser.post("/registro", &form).await;
    let page = browser.get(answer.location()).await.text();
    assert!(page.contains("Los términos cambiaron"), "{page}");
    let (_, tick) = page.split_once("register-accept-terms-checkbox").unwrap();
    let (before, _) = page.split_once("register-accept-terms-checkbox").unwrap();
    let (_, tag) = before.rsplit_once('<').unwrap();
    let (rest, _) = tick.split_once('>').unwrap();
    assert!(!tag.contains("checked") && !rest.contains("checked"), "nobody ticked beside the new text");
    assert_eq!(documents(&app, "terms_acceptances").count_documents(doc! {}).await.unwrap(), 0);
    let shown = mark(&page);
    let form = [&base[..], &[("shown", shown.as_str())]].concat();
    browser.post("/registro", &form).await;
    let accepted = all(&app, "terms_acceptances", doc! { "terms_slug": "ecommerce" }).await;
    assert_eq!(accepted[0].get_str("terms_version").ok(), Some("2.1"));
}

#[tokio::test]
async fn documents_have_public_pages_under_their_name_and_their_own_address() {
    let app = TestApp::new().await;
    for path in [
        "/terminos/ugc-creators",
        "/terminos/privacy-policy",
        "/studio/ugc/terms",
        "/politica-privacidad",
        "/shop/terminos-condiciones",
    ] {
        let answer = app.browser().get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(answer.text().contains("Borrador"), "{path} says that it is a draft");
    }
    assert_eq!(app.browser().get("/terminos/otra-cosa").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn nobody_registers_while_the_old_system_is_in_charge() {
    let app = TestApp::new().await;
    let mirror = doc! {
        "_id": "mirror", "state": "mirroring", "source": "legacy", "since": bson::DateTime::now(),
    };
    documents(&app, "adopt_state").insert_one(mirror).await.unwrap();
    let answer = register(&mut app.browser(), "ana@example.com", "").await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(documents(&app, "users").count_documents(doc! {}).await.unwrap(), 0);
}
