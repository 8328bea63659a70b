//! Making a campaign, and what its form refuses.

use bson::doc;
use canje::campaigns::form::{self, Purpose};
use canje::campaigns::model::{CampaignStatus, DeliveryMethod, SlotKind};
use canje::campaigns::service::{self, New, create};
use canje::values::{BrandId, CampaignId, LocalDate, Platform};

use super::{brand, changed, draft, edited, invalid, load, made, save, staff, typed};
use crate::accounts::all;
use crate::support::TestApp;

fn today() -> LocalDate {
    LocalDate::parse("2026-02-10").unwrap()
}

fn wrong(fields: &[(&str, &str)]) -> Vec<String> {
    let problems = form::read(&changed(typed(today()), fields), Purpose::New(today())).unwrap_err();
    problems.into_iter().map(|problem| problem.field).collect()
}

#[test]
fn everything_that_is_missing_is_named_at_once() {
    let problems = form::read(&form::Typed::new(), Purpose::New(today())).unwrap_err();
    let fields: Vec<_> = problems.iter().map(|problem| problem.field.as_str()).collect();
    let needed = [
        "brand_name",
        "category",
        "description",
        "monthly_deliverables",
        "duration_months",
        "contract_start",
        "platform_instagram",
        "canje_type",
        "canje_description",
        "delivery_method",
        "applications_deadline",
        "publish_start",
        "publish_end",
    ];
    for field in needed {
        assert!(fields.contains(&field), "{field} of {fields:?}");
    }
}

#[test]
fn dates_days_and_addresses_are_checked() {
    assert_eq!(wrong(&[("publish_start", "2026-02-09")]), ["publish_start"]);
    assert_eq!(wrong(&[("publish_end", "2026-02-10")]), ["publish_end", "applications_deadline"]);
    assert_eq!(wrong(&[("applications_deadline", "2026-09-01")]), ["applications_deadline"]);
    assert_eq!(wrong(&[("publish_start", "10/02/2026")]), ["publish_start"]);
    assert_eq!(wrong(&[("monthly_deliverables", "0")]), ["monthly_deliverables"]);
    assert_eq!(wrong(&[("duration_months", "25")]), ["duration_months"]);
    assert_eq!(wrong(&[("url_days", "0")]), ["url_days"]);
    assert_eq!(wrong(&[("metrics_days", "91")]), ["metrics_days"]);
    assert_eq!(wrong(&[("url_days", "20"), ("metrics_days", "19")]), ["metrics_days"]);
    assert_eq!(wrong(&[("url_mode", "fixed")]), ["url_date"]);
    let both =
        [("url_mode", "fixed"), ("url_date", "2026-03-02"), ("metrics_mode", "fixed"), ("metrics_date", "2026-03-01")];
    assert_eq!(wrong(&both), ["metrics_date"]);
    for address in ["http://maps.example.com", "javascript:alert(1)", "https://", "https:///x"] {
        assert_eq!(wrong(&[("pickup_maps_url", address)]), ["pickup_maps_url"], "{address}");
    }
    assert_eq!(wrong(&[("category", "comida")]), ["category"]);
    assert_eq!(wrong(&[("description", &"x".repeat(6_001))]), ["description"]);
}

#[test]
fn what_is_left_empty_has_a_sensible_value() {
    let made = draft(today(), &[("name", ""), ("residence", "asuncion"), ("additional_rules", "Sin filtros\n\n")]);
    assert_eq!(made.name, "Ñandutí");
    assert_eq!(made.city.as_deref(), Some("Asunción"));
    assert_eq!(made.requirements.additional_rules, ["Perfil público", "Sin filtros"]);
    assert_eq!(made.requirements.platforms, Platform::ALL);
    assert_eq!((made.canje.value, made.canje.delivery_method), (200_000, DeliveryMethod::Pickup));
    let contract = made.contract.unwrap();
    assert_eq!((contract.start_date, contract.end_date.to_string().as_str()), (today(), "2026-05-10"));
    let elsewhere = draft(today(), &[("residence", "other"), ("residence_other", "Encarnación")]);
    assert_eq!(elsewhere.city.as_deref(), Some("Encarnación"));
}

#[tokio::test]
async fn a_stored_campaign_is_shown_and_read_as_it_is() {
    let test = TestApp::new().await;
    let ctx = staff(&test.app);
    let fields = [
        ("min_followers", "5000"),
        ("gender", "female"),
        ("residence", "other"),
        ("residence_other", "Luque"),
        ("content_format", "reel"),
        ("min_duration", "15"),
        ("max_duration", "60"),
        ("mandatory_tag", "#nanduti"),
        ("additional_rules", "Sin filtros"),
        ("url_mode", "fixed"),
        ("url_date", "2100-01-20"),
        ("admin_notes", "Llamar antes"),
        ("pickup_maps_url", "https://maps.app.goo.gl/x"),
    ];
    let id = made(&ctx, true, &fields).await;
    let before = load(&test.app.db, &id).await;
    let edit = edited(&ctx, &id, &[]).await;
    service::update(&ctx, &id, edit).await.unwrap();
    let after = load(&test.app.db, &id).await;
    assert_eq!(format!("{before:?}"), format!("{after:?}"), "saving what is shown changes nothing");
    assert_eq!(after.delivery.url_delivery_fixed_date, LocalDate::parse("2100-01-20"), "fixed dates survive an edit");
}

#[tokio::test]
async fn a_draft_has_no_slots_and_publishing_loads_the_first() {
    let test = TestApp::new().await;
    let (db, ctx) = (&test.app.db, staff(&test.app));
    let id = made(&ctx, false, &[]).await;
    let draft = load(db, &id).await;
    assert_eq!((draft.status, draft.total_slots_loaded, draft.published_at), (CampaignStatus::Draft, 0, None));
    save(&ctx, &id, &[("monthly_deliverables", "6")]).await;
    assert_eq!(load(db, &id).await.contract.unwrap().monthly_deliverables, 6, "a draft's contract can be typed");
    service::change_status(&ctx, &id, service::Ask::to(CampaignStatus::Live)).await.unwrap();
    let live = load(db, &id).await;
    assert_eq!((live.status, live.total_slots_loaded, live.rev), (CampaignStatus::Live, 6, 2));
    assert_eq!((live.slot_history[0].kind, live.slot_history[0].qty), (SlotKind::Initial, 6));
    let contract = live.contract.clone().unwrap();
    assert_eq!((contract.loads_done, contract.next_reload_date.unwrap().to_string()), (1, "2099-12-23".into()));
    assert_eq!(live.search, "verano con nanduti nanduti casa rica");
    // A running contract is nobody's to type.
    save(&ctx, &id, &[("monthly_deliverables", "9"), ("description", "Otra")]).await;
    assert_eq!(load(db, &id).await.contract, Some(contract));
}

#[tokio::test]
async fn a_form_sent_twice_makes_one_campaign() {
    let test = TestApp::new().await;
    let ctx = staff(&test.app);
    let new = New {
        id: CampaignId::new(),
        brand: brand(&test.app.db, "Casa Rica").await,
        draft: draft(LocalDate::of(ctx.now()), &[]),
        cover: None,
        publish: true,
    };
    let both = tokio::join!(create(&ctx, new.clone()), create(&ctx, new.clone()));
    assert_eq!((both.0.unwrap(), both.1.unwrap()), (new.id.clone(), new.id.clone()));
    let stored = all(&test, "ugc_campaigns", doc! {}).await;
    assert_eq!((stored.len(), stored[0].get_i32("total_slots_loaded").unwrap()), (1, 4));
    assert_eq!(all(&test, "audit_logs", doc! { "action": "ugc_campaign_created" }).await.len(), 1);
}

#[tokio::test]
async fn a_campaign_needs_an_active_brand() {
    let test = TestApp::new().await;
    let ctx = staff(&test.app);
    let inactive = brand(&test.app.db, "Casa Rica").await;
    let brands = test.app.db.live.collection::<bson::Document>("ugc_brands");
    brands.update_one(doc! { "id": &inactive }, doc! { "$set": { "is_active": false } }).await.unwrap();
    for brand in [inactive, BrandId::new()] {
        let draft = draft(LocalDate::of(ctx.now()), &[]);
        let new = New { id: CampaignId::new(), brand, draft, cover: None, publish: false };
        assert_eq!(invalid(create(&ctx, new).await), ["brand_id"]);
    }
}
