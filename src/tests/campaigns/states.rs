//! States, slots and visibility, with what each asks for and does.

use bson::doc;
use canje::campaigns::CampaignStatus::{self, Cancelled, Closed, Completed, Draft, InProduction, Live};
use canje::campaigns::model::SlotKind;
use canje::campaigns::service::{self, Ask, Slots, add_slots, change_status, reduce_slots, set_visible};
use canje::deliverables::model::DeliverableStatus;
use canje::values::Role;

use super::{Seed, application, confirm, ctx, deliverable, invalid, load, made, refused, save, set, staff, statuses};
use crate::accounts::all;
use crate::support::TestApp;

fn because(to: CampaignStatus, reason: &str) -> Ask {
    Ask { reason: Some(reason.into()), ..Ask::to(to) }
}

#[tokio::test]
async fn a_campaign_goes_its_way_and_every_step_is_on_record() {
    let test = TestApp::new().await;
    let (db, ctx) = (&test.app.db, staff(&test.app));
    let id = made(&ctx, false, &[]).await;
    for to in [Live, Live, Closed, Live] {
        change_status(&ctx, &id, Ask::to(to)).await.unwrap();
    }
    assert_eq!(refused(change_status(&ctx, &id, Ask::to(Draft)).await), (409, "wrong_state".into()));
    assert_eq!(refused(change_status(&ctx, &id, Ask::to(InProduction)).await), (422, "nobody_confirmed".into()));
    let seed = |name, status, url, metrics_at| Seed { name, confirmed_at: ctx.now(), status, url, metrics_at };
    confirm(db, &id, &[seed("A", DeliverableStatus::Completed, Some("https://x"), Some(ctx.now()))]).await;
    change_status(&ctx, &id, Ask::to(InProduction)).await.unwrap();
    change_status(&ctx, &id, Ask::to(Completed)).await.unwrap();
    let campaign = load(db, &id).await;
    assert_eq!(
        statuses(&campaign),
        [Draft, Live, Closed, Live, InProduction, Completed],
        "the same state twice is nothing"
    );
    assert!(!campaign.visible_to_creators && !campaign.contract.as_ref().unwrap().is_active);
    assert!(campaign.completed_at.is_some() && campaign.closed_at.is_none());
    assert_eq!(campaign.slot_history.len(), 1, "opening it again loads nothing");
    assert_eq!(all(&test, "audit_logs", doc! { "action": "ugc_campaign_status_changed" }).await.len(), 5);
    assert_eq!(refused(change_status(&ctx, &id, Ask::to(Live)).await), (409, "wrong_state".into()));
}

#[tokio::test]
async fn nothing_is_opened_when_the_last_day_to_apply_is_over() {
    let test = TestApp::new().await;
    let (db, ctx) = (&test.app.db, staff(&test.app));
    let (draft, closed) = (made(&ctx, false, &[]).await, made(&ctx, true, &[]).await);
    change_status(&ctx, &closed, Ask::to(Closed)).await.unwrap();
    let last = load(db, &draft).await.timeline.applications_deadline;
    test.app.clock.advance(std::time::Duration::from_secs(21 * 24 * 60 * 60));
    for id in [&draft, &closed] {
        let opened = change_status(&ctx, id, Ask::to(Live)).await;
        assert_eq!(refused(opened), (422, "applications_over".into()));
        let later = last.plus(jiff::Span::new().days(1));
        save(&ctx, id, &[("applications_deadline", &later.to_string())]).await;
        change_status(&ctx, id, Ask::to(Live)).await.unwrap();
    }
}

#[tokio::test]
async fn completing_asks_about_what_is_left() {
    let test = TestApp::new().await;
    let (db, ctx) = (&test.app.db, staff(&test.app));
    let id = made(&ctx, true, &[]).await;
    confirm(db, &id, &[Seed::waiting("A", ctx.now())]).await;
    let pending = doc! {
        "id": "P", "campaign_id": &id, "creator_id": "P", "status": "applied", "applied_at": bson::DateTime::now(),
    };
    db.live.collection("ugc_applications").insert_one(pending).await.unwrap();
    set(db, &id, doc! { "tally.applied": 1 }).await;
    change_status(&ctx, &id, Ask::to(InProduction)).await.unwrap();
    assert_eq!(refused(change_status(&ctx, &id, Ask::to(Completed)).await), (422, "still_pending".into()));
    let rest = Ask { reject_rest: true, ..Ask::to(Completed) };
    assert_eq!(refused(change_status(&ctx, &id, rest.clone()).await), (422, "still_open".into()));
    assert_eq!(application(db, "P").await.status.as_str(), "applied", "nothing of a refused change is kept");
    assert_eq!(service::open_deliveries(&ctx, &id).await.unwrap(), 1);
    let despite = Ask { despite_open: true, ..rest };
    assert_eq!(invalid(change_status(&ctx, &id, despite.clone()).await), ["reason"]);
    change_status(&ctx, &id, Ask { reason: Some("La marca cerró".into()), ..despite }).await.unwrap();
    assert_eq!(application(db, "P").await.status.as_str(), "rejected");
    assert_eq!(load(db, &id).await.status, Completed);
    let row = all(&test, "audit_logs", doc! { "details.after": "completed" }).await.remove(0);
    let counts = row.get_document("details").unwrap().get_document("counts").unwrap();
    assert_eq!(counts, &doc! { "rejected": 1_i64, "open": 1_i64 });
    assert_eq!(all(&test, "audit_logs", doc! { "action": "ugc_application_rejected" }).await.len(), 1);
}

#[tokio::test]
async fn cancelling_is_administrations_and_ends_whats_not_delivered() {
    let test = TestApp::new().await;
    let (db, staff, admin) = (&test.app.db, staff(&test.app), ctx(&test.app, Role::Admin));
    let id = made(&staff, true, &[]).await;
    let now = staff.now();
    confirm(
        db,
        &id,
        &[
            Seed::waiting("A", now),
            Seed {
                name: "B",
                confirmed_at: now,
                status: DeliverableStatus::MetricsSubmitted,
                url: Some("https://x"),
                metrics_at: Some(now),
            },
        ],
    )
    .await;
    let of_p = |change: bson::Document| {
        let mut all = doc! { "id": "P", "user_id": "user_P", "email": "p@example.com", "name": "P" };
        all.extend(change);
        all
    };
    let pending = of_p(doc! {
        "campaign_id": &id, "creator_id": "P", "status": "applied", "applied_at": bson::DateTime::now(),
    });
    for (collection, document) in [
        ("ugc_applications", pending),
        ("ugc_creators", of_p(doc! { "level": "rookie", "is_active": true })),
        ("users", of_p(doc! { "role": "creator", "status": "active" })),
    ] {
        db.live.collection(collection).insert_one(document).await.unwrap();
    }
    set(db, &id, doc! { "tally.applied": 1 }).await;
    assert_eq!(refused(change_status(&staff, &id, because(Cancelled, "No va")).await), (403, "forbidden".into()));
    assert_eq!(invalid(change_status(&admin, &id, Ask::to(Cancelled)).await), ["reason"]);
    assert_eq!(invalid(change_status(&admin, &id, because(Cancelled, " ")).await), ["reason"]);
    change_status(&admin, &id, because(Cancelled, "La marca se retiró")).await.unwrap();
    let campaign = load(db, &id).await;
    assert_eq!((campaign.status, campaign.visible_to_creators), (Cancelled, false));
    assert_eq!(campaign.cancel_reason.as_deref(), Some("La marca se retiró"));
    assert!(!campaign.contract.unwrap().is_active);
    assert_eq!(deliverable(db, "A").await.status, DeliverableStatus::Cancelled);
    assert_eq!(deliverable(db, "B").await.status, DeliverableStatus::MetricsSubmitted, "finished work stays");
    assert_eq!(campaign.slots_filled, 1);
    // Each of them is on record, and how many there were.
    for (action, whose) in [("ugc_application_rejected", "P"), ("ugc_application_cancelled", "A")] {
        let rows = all(&test, "audit_logs", doc! { "action": action }).await;
        assert_eq!((rows.len(), rows[0].get_str("target_id").unwrap()), (1, whose), "{action}");
        let details = rows[0].get_document("details").unwrap();
        assert_eq!(details.get_str("reason").unwrap(), "La marca se retiró");
    }
    let row =
        all(&test, "audit_logs", doc! { "details.after": "cancelled", "target_type": "campaign" }).await.remove(0);
    let counts = row.get_document("details").unwrap().get_document("counts").unwrap();
    assert_eq!(counts, &doc! { "rejected": 1_i64, "cancelled": 1_i64 });
    let told = all(&test, "notifications", doc! { "user_id": "user_P" }).await.remove(0);
    let said = "La campaña se canceló y no va a seguir. Gracias por postularte. «La marca se retiró»";
    assert_eq!(told.get_str("message").unwrap(), said);
}

#[tokio::test]
async fn slots_are_added_once_per_page_and_taken_back_down_to_those_that_are_taken() {
    let test = TestApp::new().await;
    let (db, staff, admin) = (&test.app.db, staff(&test.app), ctx(&test.app, Role::Admin));
    let id = made(&staff, true, &[]).await;
    let some = |qty, seen| Slots { qty, note: Some("Pedido de la marca".into()), seen_total: seen };
    assert_eq!(add_slots(&staff, &id, some(6, Some(4))).await.unwrap(), 10);
    assert_eq!(refused(add_slots(&staff, &id, some(6, Some(4))).await), (409, "slots_changed".into()), "sent twice");
    for qty in [0, -1, 501] {
        assert_eq!(invalid(add_slots(&staff, &id, some(qty, None)).await), ["qty"]);
    }
    confirm(db, &id, &["A", "B", "C"].map(|name| Seed::waiting(name, staff.now()))).await;
    assert_eq!(refused(reduce_slots(&staff, &id, some(1, None)).await), (403, "forbidden".into()));
    assert_eq!(refused(reduce_slots(&admin, &id, some(8, None)).await), (422, "slots_taken".into()));
    assert_eq!(reduce_slots(&admin, &id, some(7, None)).await.unwrap(), 3);
    let campaign = load(db, &id).await;
    assert_eq!((campaign.total_slots_loaded, campaign.slots_filled, campaign.available_slots()), (3, 3, 0));
    let history: Vec<_> = campaign.slot_history.iter().map(|load| (load.kind, load.qty, load.total_after)).collect();
    assert_eq!(history, [(SlotKind::Initial, 4, 4), (SlotKind::Manual, 6, 10), (SlotKind::Adjust, -7, 3)]);
}

#[tokio::test]
async fn legacy_defect_9_free_slots_are_never_stored() {
    let test = TestApp::new().await;
    made(&staff(&test.app), true, &[]).await;
    let stored = all(&test, "ugc_campaigns", doc! {}).await.remove(0);
    assert!(!stored.contains_key("available_slots") && !stored.contains_key("slots"), "{stored}");
}

#[tokio::test]
async fn a_campaign_is_hidden_and_shown_and_not_shown_when_its_contract_is_over() {
    let test = TestApp::new().await;
    let (db, ctx) = (&test.app.db, staff(&test.app));
    let id = made(&ctx, true, &[]).await;
    for is_visible in [false, false, true] {
        set_visible(&ctx, &id, is_visible).await.unwrap();
        assert_eq!(load(db, &id).await.visible_to_creators, is_visible);
    }
    assert_eq!(all(&test, "audit_logs", doc! { "action": "ugc_campaign_visibility_changed" }).await.len(), 2);
    set_visible(&ctx, &id, false).await.unwrap();
    set(db, &id, doc! { "contract.end_date": "2099-11-23" }).await;
    assert_eq!(refused(set_visible(&ctx, &id, true).await), (409, "contract_over".into()));
}

#[tokio::test]
async fn who_doesnt_manage_campaigns_changes_nothing() {
    let test = TestApp::new().await;
    let id = made(&staff(&test.app), true, &[]).await;
    for role in [Role::User, Role::Creator, Role::Brand, Role::Designer] {
        let ctx = ctx(&test.app, role);
        assert_eq!(refused(change_status(&ctx, &id, Ask::to(Closed)).await).0, 403, "{role:?}");
        assert_eq!(refused(add_slots(&ctx, &id, Slots { qty: 1, ..Slots::default() }).await).0, 403, "{role:?}");
        assert_eq!(refused(set_visible(&ctx, &id, false).await).0, 403, "{role:?}");
        assert_eq!(refused(service::detail(&ctx, &id).await.map(|_| ())).0, 403, "{role:?}");
    }
}
