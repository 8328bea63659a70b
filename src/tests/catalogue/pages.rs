//! A campaign's page: who sees it, and what of it nobody sees.

use canje::applications::service as applications;
use canje::campaigns::catalogue::PublicCampaign;
use canje::campaigns::model::CampaignStatus;
use canje::values::LocalDate;
use http::{StatusCode, header};
use jiff::ToSpan;

use super::{browser_of, said, switch_brand_off};
use crate::applications::world::World;

const SECRETS: [&str; 8] = [
    "Palma 123",
    "maps.example.com",
    "de 9 a 18",
    "Rosa Giménez",
    "0981 555 000",
    "Pagan tarde",
    "pkg_secreto",
    "user_que_la_hizo",
];

async fn secretive(world: &World, change: impl FnOnce(&mut canje::campaigns::Campaign)) -> canje::values::CampaignId {
    world
        .campaign(3, |one| {
            one.canje.pickup_address = Some("Palma 123".into());
            one.canje.pickup_maps_url = Some("https://maps.example.com/x".into());
            one.canje.pickup_hours = Some("de 9 a 18".into());
            one.canje.brand_contact_name = Some("Rosa Giménez".into());
            one.canje.brand_contact_phone = Some("0981 555 000".into());
            one.admin_notes = Some("Pagan tarde".into());
            one.package_id = Some("pkg_secreto".into());
            one.created_by = Some("user_que_la_hizo".into());
            change(one);
        })
        .await
}

#[tokio::test]
async fn legacy_defect_25_private_data_of_a_campaign_is_in_no_public_page() {
    let world = World::new().await;
    let id = secretive(&world, |_| {}).await;
    let creator = world.creator(|_| {}).await;
    let mut browser = browser_of(&world, &creator).await;
    let mut guest = world.test.browser();
    for path in ["/ugc/campaigns".to_owned(), format!("/ugc/campaigns/{id}"), "/ugc/creators".into(), "/ugc".into()] {
        for html in [guest.get(&path).await.text(), browser.get(&path).await.text()] {
            for secret in SECRETS {
                assert!(!html.contains(secret), "{path} tells {secret}");
            }
        }
    }
    let form = browser.get(&format!("/ugc/campaigns/{id}/postularme")).await.text();
    for secret in SECRETS.iter().chain(&[creator.phone.as_deref().unwrap(), "1.234.567", "2070-01-31"]) {
        assert!(!form.contains(secret), "the form tells {secret}");
    }
    let public = serde_json::to_value(PublicCampaign::of(&world.campaign_now(&id).await, world.now())).unwrap();
    let mut keys: Vec<_> = public.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort();
    assert_eq!(
        keys,
        [
            "brand",
            "canje",
            "category",
            "city",
            "cover",
            "delivery",
            "description",
            "id",
            "intake",
            "name",
            "requirements",
            "slots",
            "timeline"
        ]
    );
}

#[tokio::test]
async fn drafts_cancelled_hidden_ones_and_those_of_inactive_brands_are_not_there() {
    let world = World::new().await;
    let open = world.campaign(3, |_| {}).await;
    let hidden = [
        world.campaign(3, |one| one.status = CampaignStatus::Draft).await,
        world.campaign(3, |one| one.status = CampaignStatus::Cancelled).await,
        world.campaign(3, |one| one.visible_to_creators = false).await,
    ];
    let creator = world.creator(|_| {}).await;
    let mut browser = browser_of(&world, &creator).await;
    let mut guest = world.test.browser();
    assert_eq!(guest.get(&format!("/ugc/campaigns/{open}")).await.status, StatusCode::OK);
    for id in &hidden {
        for path in [format!("/ugc/campaigns/{id}"), format!("/ugc/campaigns/{id}/postularme")] {
            assert_eq!(guest.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
            assert_eq!(browser.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(
            browser.post(&format!("/ugc/campaigns/{id}/postularme"), &[("message", "x")]).await.status,
            StatusCode::NOT_FOUND
        );
    }
    switch_brand_off(&world).await;
    assert_eq!(guest.get(&format!("/ugc/campaigns/{open}")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn whoever_takes_part_still_sees_a_hidden_campaign() {
    let world = World::new().await;
    let id = world.campaign(3, |_| {}).await;
    let creator = world.creator(|_| {}).await;
    applications::apply(&world.of(&creator), &creator, &id, None).await.unwrap();
    world.set_campaign(&id, bson::doc! { "visible_to_creators": false }).await;
    let mut browser = browser_of(&world, &creator).await;
    let answer = browser.get(&format!("/ugc/campaigns/{id}")).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.text().contains("Ya te postulaste · Pendiente"));
}

#[tokio::test]
async fn the_page_tells_real_delivery_terms_and_draws_its_markup() {
    let world = World::new().await;
    let day = LocalDate::parse("2099-12-20").unwrap();
    let id = world
        .campaign(3, |one| {
            one.delivery.url_delivery_days = 9;
            one.delivery.metrics_delivery_fixed_date = Some(day);
            one.description = "📌 Qué buscamos\n• Un <b>video</b> **corto**".into();
        })
        .await;
    let html = world.test.browser().get(&format!("/ugc/campaigns/{id}")).await.text();
    assert!(html.contains("9 días desde tu confirmación") && html.contains("hasta el 20/12"), "{html}");
    assert!(html.contains("<h3>Qué buscamos") && html.contains("&lt;b&gt;video&lt;/b&gt;"), "{html}");
    assert!(html.contains("<strong>corto"), "{html}");
    assert_eq!(said(&html, "campaign-apply"), ["Registrate para postularte"]);
}

#[tokio::test]
async fn a_campaign_that_takes_nobody_says_why() {
    let world = World::new().await;
    let full = world.campaign(0, |_| {}).await;
    let closed = world.campaign(3, |one| one.status = CampaignStatus::Closed).await;
    let today = LocalDate::of(world.now());
    let over = world.campaign(3, |one| one.timeline.applications_deadline = today.plus((-1).days())).await;
    let mut guest = world.test.browser();
    for (id, word) in
        [(full, "Cupos completos"), (closed, "No recibe postulaciones"), (over, "El plazo para postularse terminó el")]
    {
        let html = guest.get(&format!("/ugc/campaigns/{id}")).await.text();
        assert!(html.contains(word) && said(&html, "campaign-apply").is_empty(), "{word}");
    }
}

#[tokio::test]
async fn legacy_defect_60_the_form_without_an_account_is_retired() {
    let world = World::new().await;
    let mut guest = world.test.browser();
    let moved = guest.get("/studio/ugc").await;
    assert_eq!((moved.status, moved.location()), (StatusCode::MOVED_PERMANENTLY, "/ugc"));
    assert_eq!(guest.get("/studio/ugc/cafe-verano").await.location(), "/ugc/campaigns");
    assert_eq!(guest.get("/ugc/select-role").await.location(), "/ugc/creators");
    let id = world.campaign(3, |_| {}).await;
    let refused = guest.post(&format!("/ugc/campaigns/{id}/postularme"), &[("message", "Hola")]).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    assert_eq!(world.campaign_now(&id).await.tally.total(), 0);
}

#[tokio::test]
async fn the_landing_pages_lead_on_and_show_at_most_six_campaigns() {
    let world = World::new().await;
    for _ in 0..8 {
        world.campaign(3, |_| {}).await;
    }
    let mut guest = world.test.browser();
    let programme = guest.get("/ugc").await;
    assert_eq!(programme.status, StatusCode::OK);
    assert!(
        programme.text().contains(r#"href="/ugc/creators""#) && programme.text().contains(r#"href="/ugc/campaigns""#)
    );
    assert!(!programme.text().contains("noindex"), "search engines may list it");
    let creators = guest.get("/ugc/creators").await;
    let html = creators.text();
    assert_eq!(said(&html, "campaign-card").len(), 6);
    assert!(
        html.contains("30 entregas o más") && html.contains("Hasta 10 campañas a la vez"),
        "the one table of levels"
    );
    assert!(creators.headers.get(header::CONTENT_SECURITY_POLICY).is_some());
}
