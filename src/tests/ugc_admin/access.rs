//! Who may what: every route of campaigns, applications, deliveries and creators × every role × own or somebody else's.
//!
//! Built from the route table, so that a new route is part of it at once.

use axum::body::Body;
use bson::doc;
use canje::creators::Creator;
use canje::values::{Access, Role};
use canje::web::routes::{self, Declared};
use http::{Method, Request, StatusCode, header};

use super::super::accounts::{adopted, documents, signed_in};
use super::super::applications::world::World;
use super::super::support::Browser;

/// Whether a route belongs to campaigns and what hangs from them.
fn is_ugc(path: &str) -> bool {
    let parts =
        ["/ugc", "/studio/ugc", "/admin/campaigns", "/admin/applications", "/admin/deliverables", "/admin/creators"];
    parts.iter().any(|part| path.starts_with(part))
        || path.starts_with("/admin/ugc")
        || path.starts_with("/admin/vistas")
}

async fn ask(browser: &mut Browser<'_>, route: &Declared, path: &str) -> StatusCode {
    send(browser, route, path, "back=%2Fadmin").await
}

async fn send(browser: &mut Browser<'_>, route: &Declared, path: &str, form: &'static str) -> StatusCode {
    let request = Request::builder()
        .method(route.method.clone())
        .uri(path)
        .header("sec-fetch-site", "same-origin")
        .header(header::ORIGIN, "http://127.0.0.1:3000")
        .header(header::ACCEPT, "text/html")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    browser.send(request, Body::from(form)).await.status
}

#[tokio::test]
async fn legacy_defect_26_every_route_answers_each_role_as_the_table_of_rights_says() {
    let world = World::new().await;
    let routes: Vec<Declared> = routes::declared().into_iter().filter(|route| is_ugc(route.path)).collect();
    assert!(routes.len() > 40, "the whole area is looked at: {}", routes.len());
    for role in Role::ALL {
        let email = format!("{}@example.com", role.as_str());
        adopted(&world.test, &email, role, |_| {}).await;
        let mut browser = signed_in(&world.test, &email).await;
        for route in &routes {
            let path = route.path.split('/').map(|part| if part.starts_with('{') { "nadie" } else { part });
            let path = path.collect::<Vec<_>>().join("/");
            let status = ask(&mut browser, route, &path).await;
            let said = format!("{role:?} {} {}: {status}", route.method, route.path);
            assert!(!status.is_server_error(), "{said}");
            match route.access {
                Access::Can(capability) if !role.may(capability) => assert_eq!(status, 403, "{said}"),
                Access::Can(_) => assert_ne!(status, StatusCode::FORBIDDEN, "{said}"),
                Access::Public | Access::SignedIn => assert_ne!(status, StatusCode::UNAUTHORIZED, "{said}"),
                Access::BackOffice | Access::Signed | Access::Demo => {}
            }
        }
    }
}

#[tokio::test]
async fn legacy_defect_20_a_creator_reaches_what_is_theirs_and_nobody_elses() {
    let world = World::new().await;
    let campaign = world.campaign(5, |_| {}).await;
    let (own, own_application, own_delivery) = world.confirmed(&campaign).await;
    let (_, other_application, other_delivery) = world.confirmed(&campaign).await;
    let verified = bson::DateTime::from_millis(1_770_000_000_000);
    let user_id = adopted(&world.test, "ana@example.com", Role::Creator, |user| {
        user.insert("email_verified_at", verified);
    })
    .await;
    let moved = doc! { "$set": { "user_id": user_id, "email": "ana@example.com" } };
    let done = documents(&world.test, "ugc_creators").update_one(doc! { "id": &own.id }, moved).await.unwrap();
    assert_eq!(done.matched_count, 1);
    let mut ana = signed_in(&world.test, "ana@example.com").await;
    let mut looked = 0;
    for route in routes::declared()
        .into_iter()
        .filter(|route| route.path.starts_with("/ugc/creator/") && route.path.contains("{id}"))
    {
        let (mine, others) = match route.path.contains("/deliverable/") {
            true => (own_delivery.to_string(), other_delivery.to_string()),
            false => (own_application.to_string(), other_application.to_string()),
        };
        // As its own form sends it, so that nothing but whose it is can be wrong.
        let form = match route.path.contains("/deliverable/") {
            true => "instagram_url=https%3A%2F%2Fwww.instagram.com%2Fp%2FAjeno1%2F&tiktok_url=",
            false => "",
        };
        let others = send(&mut ana, &route, &route.path.replace("{id}", &others), form).await;
        assert_eq!(others, StatusCode::NOT_FOUND, "{} {} of somebody else", route.method, route.path);
        if route.method == Method::GET && !route.path.ends_with("/retirar") {
            let mine = send(&mut ana, &route, &route.path.replace("{id}", &mine), form).await;
            assert_ne!(mine, StatusCode::NOT_FOUND, "{} of their own", route.path);
        }
        looked += 1;
    }
    assert!(looked >= 4, "{looked}");
}

#[tokio::test]
async fn legacy_defect_24_a_brand_answers_no_application_and_reviews_nothing_here() {
    let world = World::new().await;
    let campaign = world.campaign(5, |_| {}).await;
    let (_, application) = world.applied(&campaign).await;
    let (_, _, delivery) = world.confirmed(&campaign).await;
    let owner = adopted(&world.test, "marca@example.com", Role::Brand, |_| {}).await;
    let set = doc! { "$set": { "user_id": &owner } };
    documents(&world.test, "ugc_brands").update_one(doc! { "id": &world.brand }, set).await.unwrap();
    let mut brand = signed_in(&world.test, "marca@example.com").await;
    for path in [
        format!("/admin/applications/{application}/confirmar"),
        format!("/admin/applications/{application}/rechazar"),
        format!("/admin/deliverables/{delivery}/aprobar"),
        format!("/admin/deliverables/{delivery}/resetear"),
    ] {
        assert_eq!(brand.post(&path, &[("back", "/admin")]).await.status, 403, "{path}");
    }
    let page = brand.get(&format!("/admin/campaigns/{campaign}/applications")).await;
    assert_eq!(page.status, 403);
    assert!(!page.text().contains("application-row"));
}

#[tokio::test]
async fn legacy_defects_21_and_22_public_pages_hold_nothing_private() {
    let world = World::new().await;
    let secret = "Nota interna secreta";
    let campaign = world
        .campaign(5, |campaign| {
            campaign.admin_notes = Some(secret.into());
            campaign.canje.brand_contact_phone = Some("0981777666".into());
            campaign.canje.pickup_address = Some("Calle Reservada 123".into());
        })
        .await;
    let (creator, _) = world.applied(&campaign).await;
    let draft = world.campaign(1, |campaign| campaign.status = canje::campaigns::CampaignStatus::Draft).await;
    let mut guest = world.test.browser();
    for path in
        ["/ugc".to_owned(), "/ugc/creators".into(), "/ugc/campaigns".into(), format!("/ugc/campaigns/{campaign}")]
    {
        let page = guest.get(&path).await;
        assert_eq!(page.status, 200, "{path}");
        let text = page.text();
        let Creator { document_id, email, .. } = &creator;
        for private in [secret, "0981777666", "Calle Reservada", email, document_id.as_deref().unwrap(), "2070-01-31"] {
            assert!(!text.contains(private), "{path} holds {private}");
        }
    }
    assert_eq!(guest.get(&format!("/ugc/campaigns/{draft}")).await.status, 404);
}

#[tokio::test]
async fn legacy_defect_25_no_management_without_an_account_and_none_from_another_site() {
    let world = World::new().await;
    let campaign = world.campaign(5, |_| {}).await;
    let (_, application) = world.applied(&campaign).await;
    let path = format!("/admin/applications/{application}/confirmar");
    assert_eq!(world.test.browser().post(&path, &[("back", "/admin")]).await.status, 401);
    let mut ana = super::staff(&world.test).await;
    let request = Request::builder()
        .method(Method::POST)
        .uri(&path)
        .header("sec-fetch-site", "cross-site")
        .header(header::ORIGIN, "https://evil.example")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let answer = ana.send(request, Body::from("back=%2Fadmin")).await;
    assert_eq!(answer.status, 403);
    assert!(answer.headers.get("access-control-allow-origin").is_none());
    let stored = world.application(&application).await;
    assert_eq!(stored.status, canje::applications::ApplicationStatus::Applied);
}
