//! Contracts: loads, their end, and what nobody answered.

use std::sync::Arc;

use bson::doc;
use canje::app::App;
use canje::applications::model::{Application, ApplicationStatus};
use canje::campaigns::CampaignStatus;
use canje::campaigns::jobs::{Morning, run_contracts};
use canje::campaigns::model::{Campaign, SlotKind};
use canje::campaigns::service::{self, Ask};
use canje::db::{Db, date};
use canje::values::{ApplicationId, CampaignId, CreatorId, LocalDate};

use super::{app_at, at, load, made, refused, save, set, staff};
use crate::accounts::all;
use crate::support::TestApp;

/// A campaign of a contract from 31 January 2026: three months, four a month.
async fn january(app: &Arc<App>) -> CampaignId {
    let dates = [
        ("contract_start", "2026-01-31"),
        ("applications_deadline", "2026-04-01"),
        ("publish_start", "2026-02-10"),
        ("publish_end", "2026-04-20"),
    ];
    made(&staff(app), true, &dates).await
}

fn day(text: &str) -> LocalDate {
    LocalDate::parse(text).unwrap()
}

async fn apply(db: &Db, id: &CampaignId, count: i32) {
    let applications: Vec<Application> = (0..count)
        .map(|number| {
            let stored = doc! {
                "id": ApplicationId::new(), "campaign_id": id, "creator_id": CreatorId::of(format!("c{number}")),
                "status": "applied", "applied_at": date(at("2026-02-01T12:00:00Z")),
            };
            bson::deserialize_from_document(stored).unwrap()
        })
        .collect();
    db.stored::<Application>().insert_many(applications).await.unwrap();
    set(db, id, doc! { "tally.applied": count }).await;
}

fn loads(campaign: &Campaign) -> Vec<(SlotKind, i32, i32)> {
    campaign.slot_history.iter().map(|load| (load.kind, load.qty, load.total_after)).collect()
}

#[tokio::test]
async fn worked_example_10_and_legacy_defect_43_a_contract_loads_ends_and_answers() {
    let test = TestApp::new().await;
    let app = app_at(&test, "2026-01-31T13:00:00Z").await;
    let db = &app.db;
    let id = january(&app).await;
    assert_eq!(load(db, &id).await.total_slots_loaded, 4);
    apply(db, &id, 5).await;
    let mut seen = vec![day("2026-01-31")];
    let mut ended = None;
    let mut rejected = None;
    let mut today = day("2026-02-01");
    while today < day("2026-06-05") {
        let before = load(db, &id).await;
        let morning = run_contracts(&app, today.start() + jiff::SignedDuration::from_hours(6)).await.unwrap();
        let after = load(db, &id).await;
        seen.extend((after.total_slots_loaded > before.total_slots_loaded).then_some(today));
        if before.visible_to_creators && !after.visible_to_creators {
            ended = Some(today);
        }
        if morning.rejected > 0 {
            rejected = Some((today, morning.rejected));
        }
        today = today.tomorrow();
    }
    assert_eq!(seen, [day("2026-01-31"), day("2026-02-28"), day("2026-03-31")]);
    assert_eq!(ended, Some(day("2026-04-30")), "though its last load was long done");
    assert_eq!(rejected, Some((day("2026-05-30"), 5)));
    let campaign = load(db, &id).await;
    assert_eq!(loads(&campaign), [(SlotKind::Initial, 4, 4), (SlotKind::Reload, 4, 8), (SlotKind::Reload, 4, 12)]);
    let contract = campaign.contract.unwrap();
    assert!(!contract.is_active && contract.next_reload_date.is_none() && contract.end_date == day("2026-04-30"));
    let applications = all(&test, "ugc_applications", doc! {}).await;
    for application in applications {
        assert_eq!(application.get_str("status").unwrap(), ApplicationStatus::Rejected.as_str());
        assert!(application.get_bool("auto_rejected").unwrap());
    }
}

#[tokio::test]
async fn worked_example_11_a_job_that_was_down_makes_every_load_it_missed() {
    let test = TestApp::new().await;
    let app = app_at(&test, "2026-01-31T13:00:00Z").await;
    let id = january(&app).await;
    let now = at("2026-04-02T09:00:00Z");
    assert_eq!(run_contracts(&app, now).await.unwrap(), Morning { expired: 0, loads: 1, rejected: 0 });
    let campaign = load(&app.db, &id).await;
    assert_eq!(loads(&campaign), [(SlotKind::Initial, 4, 4), (SlotKind::Reload, 4, 8), (SlotKind::Reload, 4, 12)]);
    assert_eq!(run_contracts(&app, now).await.unwrap(), Morning::default(), "again does nothing");
}

#[tokio::test]
async fn two_processes_make_a_load_once() {
    let test = TestApp::new().await;
    let app = app_at(&test, "2026-01-31T13:00:00Z").await;
    let id = january(&app).await;
    let now = at("2026-02-28T09:00:00Z");
    let both = tokio::join!(run_contracts(&app, now), run_contracts(&app, now));
    assert_eq!(both.0.unwrap().loads + both.1.unwrap().loads, 1);
    assert_eq!(load(&app.db, &id).await.total_slots_loaded, 8);
}

#[tokio::test]
async fn a_closed_campaign_loads_when_it_is_open_again_and_a_draft_never() {
    let test = TestApp::new().await;
    let app = app_at(&test, "2026-01-31T13:00:00Z").await;
    let (db, ctx) = (&app.db, staff(&app));
    let (id, draft) = (january(&app).await, made(&ctx, false, &[("contract_start", "2026-01-31")]).await);
    service::change_status(&ctx, &id, Ask::to(CampaignStatus::Closed)).await.unwrap();
    let now = at("2026-02-28T09:00:00Z");
    assert_eq!(run_contracts(&app, now).await.unwrap().loads, 0);
    service::change_status(&ctx, &id, Ask::to(CampaignStatus::Live)).await.unwrap();
    assert_eq!(run_contracts(&app, now).await.unwrap().loads, 1);
    assert_eq!(load(db, &draft).await.total_slots_loaded, 0);
}

#[tokio::test]
async fn publishing_late_loads_what_is_due_and_a_contract_that_is_over_isnt_published() {
    let test = TestApp::new().await;
    let app = app_at(&test, "2026-03-31T13:00:00Z").await;
    let ctx = staff(&app);
    let dates =
        [("applications_deadline", "2026-04-10"), ("publish_start", "2026-04-01"), ("publish_end", "2026-04-20")];
    let start = |text: &'static str| [("contract_start", text)].into_iter().chain(dates).collect::<Vec<_>>();
    let id = made(&ctx, true, &start("2026-01-31")).await;
    let campaign = load(&app.db, &id).await;
    assert_eq!(loads(&campaign), [(SlotKind::Initial, 4, 4), (SlotKind::Reload, 4, 8), (SlotKind::Reload, 4, 12)]);
    assert_eq!(campaign.contract.unwrap().next_reload_date, None);
    let over = made(&ctx, false, &start("2025-12-01")).await;
    let publish = async || service::change_status(&ctx, &over, Ask::to(CampaignStatus::Live)).await;
    assert_eq!(refused(publish().await), (422, "contract_over".into()));
    assert!(format!("{:?}", publish().await).contains("cambiá el inicio del contrato"));
    // The morning's job leaves it alone: with a contract that is in force it is published for everybody to see.
    assert_eq!(run_contracts(&app, ctx.now()).await.unwrap().expired, 0);
    let draft = load(&app.db, &over).await;
    assert!(draft.status == CampaignStatus::Draft && draft.visible_to_creators && draft.contract.unwrap().is_active);
    save(&ctx, &over, &[("contract_start", "2026-03-31")]).await;
    publish().await.unwrap();
    assert!(load(&app.db, &over).await.is_public());
}
