//! Confirming: slots, deliveries, deadlines.

use bson::doc;
use canje::applications::model::{Application, ApplicationStatus};
use canje::applications::service;
use canje::campaigns::model::CampaignStatus;
use canje::db::date;
use canje::deliverables::DeliverableStatus;
use canje::values::{LocalDate, Role};
use jiff::ToSpan;

use super::world::{World, refused, sentence};

#[tokio::test]
async fn legacy_defect_1_deadlines_stand_on_both_documents_from_the_confirmation() {
    let world = World::new().await;
    let campaign = world.campaign(2, |one| one.delivery.url_delivery_days = 10).await;
    let (creator, application, deliverable) = world.confirmed(&campaign).await;
    let (application, deliverable) = (world.application(&application).await, world.deliverable(&deliverable).await);
    let (url, metrics) = (date(world.now() + (240).hours()), date(world.now() + (336).hours()));
    assert_eq!((application.url_deadline, application.metrics_deadline), (Some(url), Some(metrics)));
    assert_eq!((deliverable.url_deadline, deliverable.metrics_deadline), (Some(url), Some(metrics)));
    assert_eq!(deliverable.metrics_window_closes, Some(metrics));
    assert_eq!((deliverable.owes_url_by, deliverable.owes_metrics_by), (Some(url), Some(metrics)));
    assert_eq!(deliverable.waiting.as_ref().map(|waiting| waiting.due_at), Some(url));
    assert_eq!(application.waiting, None);
    assert_eq!(application.confirmed_by.as_deref(), Some("user_staff"));
    assert_eq!(world.stats(&creator.id).await.total_campaigns, 1);
    let stored = world.campaign_now(&campaign).await;
    assert_eq!((stored.slots_filled, stored.tally.confirmed, stored.tally.next_url_due), (1, 1, Some(url)));
    world.assert_sound(&campaign).await;
}

#[tokio::test]
async fn legacy_defect_3_a_fixed_date_is_the_end_of_the_local_day_on_both_documents() {
    let world = World::new().await;
    let last_day = LocalDate::of(world.now()).plus(5.days());
    let campaign = world.campaign(1, |one| one.delivery.url_delivery_fixed_date = Some(last_day)).await;
    let (_, application, deliverable) = world.confirmed(&campaign).await;
    let end = date("2099-11-29T02:59:59.999Z".parse().unwrap());
    assert_eq!(world.application(&application).await.url_deadline, Some(end));
    assert_eq!(world.deliverable(&deliverable).await.owes_url_by, Some(end));
    let metrics = Some(date(world.now() + 336.hours()));
    assert_eq!(world.deliverable(&deliverable).await.metrics_deadline, metrics, "each kind is decided on its own");
}

#[tokio::test]
async fn legacy_defect_16_a_new_creators_first_delivery_is_in_their_figures() {
    let world = World::new().await;
    let campaign = world.campaign(1, |_| {}).await;
    let (creator, _, deliverable) = world.confirmed(&campaign).await;
    world.register(&creator, &deliverable, "https://www.instagram.com/p/First1/").await.unwrap();
    world.accept_metrics(&deliverable).await.unwrap();
    let stats = world.stats(&creator.id).await;
    assert_eq!((stats.total_campaigns, stats.total_completed, stats.completed_campaigns), (1, 1, 1));
}

#[tokio::test]
async fn legacy_defect_24_only_staff_decides() {
    let world = World::new().await;
    let campaign = world.campaign(2, |_| {}).await;
    let (_, id) = world.applied(&campaign).await;
    for role in [Role::Designer, Role::Brand, Role::Creator, Role::User] {
        let other = world.ctx("user_other", role);
        let forbidden = (403, "forbidden".to_owned());
        assert_eq!(refused(service::confirm(&other, &id).await), forbidden);
        assert_eq!(refused(service::shortlist(&other, &id).await), forbidden);
        assert_eq!(refused(service::reject(&other, &id, None).await), forbidden);
        assert_eq!(refused(service::cancel(&other, &id, "no".into()).await), forbidden);
        assert_eq!(refused(service::reactivate(&other, &id).await), forbidden);
    }
    assert_eq!(world.application(&id).await.status, ApplicationStatus::Applied);
}

#[tokio::test]
async fn legacy_defect_26_staff_may_do_everything_with_applications() {
    let world = World::new().await;
    let campaign = world.campaign(2, |_| {}).await;
    let (_, id) = world.applied(&campaign).await;
    for role in [Role::Staff, Role::Admin, Role::Superadmin] {
        let who = world.ctx("user_of_the_team", role);
        service::shortlist(&who, &id).await.unwrap();
        service::confirm(&who, &id).await.unwrap();
        service::cancel(&who, &id, "Cambio de fecha".into()).await.unwrap();
        service::reactivate(&who, &id).await.unwrap();
    }
    let rows = world.test.app.db.live.collection::<bson::Document>("audit_logs");
    for action in ["shortlisted", "confirmed", "cancelled", "reactivated"] {
        let filter = doc! { "action": format!("ugc_application_{action}"), "target_id": &id };
        assert_eq!(rows.count_documents(filter).await.unwrap(), 3, "{action}");
    }
    world.assert_sound(&campaign).await;
}

#[tokio::test]
async fn worked_example_8_legacy_defect_8_fifty_confirm_the_last_slot_and_one_does() {
    let world = World::new().await;
    let campaign = world.campaign(1, |_| {}).await;
    let mut waiting = Vec::new();
    for _ in 0..50 {
        waiting.push(world.applied(&campaign).await.1);
    }
    let staff = world.staff();
    let outcomes = futures::future::join_all(waiting.iter().map(|id| service::confirm(&staff, id))).await;
    let (done, others): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    assert_eq!(done.len(), 1);
    for other in others {
        assert_eq!(sentence(other), "No quedan cupos disponibles");
    }
    let stored = world.campaign_now(&campaign).await;
    assert_eq!((stored.slots_filled, stored.total_slots_loaded), (1, 1));
    assert_eq!(world.deliverables_of(&campaign).await.len(), 1);
    world.assert_sound(&campaign).await;
}

#[tokio::test]
async fn legacy_defect_14_confirming_twice_at_once_makes_one_delivery_and_takes_one_slot() {
    let world = World::new().await;
    let campaign = world.campaign(5, |_| {}).await;
    let (_, id) = world.applied(&campaign).await;
    let staff = world.staff();
    let outcomes = futures::future::join_all((0..6).map(|_| service::confirm(&staff, &id))).await;
    let ids: Vec<_> = outcomes.into_iter().map(Result::unwrap).collect();
    assert!(ids.iter().all(|one| *one == ids[0]));
    assert_eq!(world.campaign_now(&campaign).await.slots_filled, 1);
    assert_eq!(world.deliverables_of(&campaign).await.len(), 1);
    let rows = world.test.app.db.live.collection::<bson::Document>("audit_logs");
    assert_eq!(rows.count_documents(doc! { "action": "ugc_application_confirmed" }).await.unwrap(), 1);
    world.assert_sound(&campaign).await;
}

#[tokio::test]
async fn worked_example_9_legacy_defect_11_confirmed_again_it_is_the_same_delivery() {
    let world = World::new().await;
    let campaign = world.campaign(3, |_| {}).await;
    let (_, id, first) = world.confirmed(&campaign).await;
    let staff = world.staff();
    world.wait(24);
    service::cancel(&staff, &id, "No llegó el producto".into()).await.unwrap();
    assert_eq!(world.campaign_now(&campaign).await.slots_filled, 0);
    let ended = world.application(&id).await;
    assert_eq!(ended.cancellation_reason.as_deref(), Some("No llegó el producto"));
    service::reactivate(&staff, &id).await.unwrap();
    let open = world.application(&id).await;
    assert_eq!((open.cancelled_at, open.cancelled_by, open.cancellation_reason), (None, None, None));
    assert_eq!((open.confirmed_at, open.url_deadline), (None, None));
    assert_eq!(world.campaign_now(&campaign).await.slots_filled, 0, "the slot isn't taken until it is confirmed");
    world.wait(24);
    let second = service::confirm(&staff, &id).await.unwrap();
    assert_eq!(first, second);
    assert_eq!(world.campaign_now(&campaign).await.slots_filled, 1);
    let deliveries = world.deliverables_of(&campaign).await;
    assert_eq!(deliveries.len(), 1);
    assert_eq!(deliveries[0].status, DeliverableStatus::AwaitingPublish);
    assert_eq!(deliveries[0].url_deadline, Some(date(world.now() + 168.hours())));
    assert_eq!((deliveries[0].cancelled_at, deliveries[0].status_before_cancel), (None, None));
    let states: Vec<_> = deliveries[0].status_history.iter().map(|step| step.status.as_str()).collect();
    assert_eq!(states, ["awaiting_publish", "cancelled", "awaiting_publish"]);
    let steps = world.application(&id).await.status_history;
    let states: Vec<_> = steps.iter().map(|step| step.status.as_str()).collect();
    assert_eq!(states, ["applied", "confirmed", "cancelled", "applied", "confirmed"]);
    world.assert_sound(&campaign).await;
}

#[tokio::test]
async fn a_fixed_date_that_is_over_refuses_the_confirmation() {
    let world = World::new().await;
    let yesterday = LocalDate::of(world.now()).plus((-1).days());
    let campaign = world.campaign(1, |one| one.delivery.url_delivery_fixed_date = Some(yesterday)).await;
    let (_, id) = world.applied(&campaign).await;
    assert_eq!(refused(service::confirm(&world.staff(), &id).await), (422, "deadline_past".into()));
    assert_eq!(world.campaign_now(&campaign).await.slots_filled, 0);
}

#[tokio::test]
async fn inactive_creators_and_finished_campaigns_are_not_confirmed() {
    let world = World::new().await;
    let campaign = world.campaign(2, |_| {}).await;
    let (creator, id) = world.applied(&campaign).await;
    let creators = world.test.app.db.stored::<canje::creators::Creator>();
    let set = |is_active: bool| doc! { "$set": { "is_active": is_active } };
    creators.update_one(doc! { "id": &creator.id }, set(false)).await.unwrap();
    assert_eq!(refused(service::confirm(&world.staff(), &id).await), (409, "creator_inactive".into()));
    creators.update_one(doc! { "id": &creator.id }, set(true)).await.unwrap();
    world.set_campaign(&campaign, doc! { "status": CampaignStatus::Completed }).await;
    let outcome = service::confirm(&world.staff(), &id).await;
    assert_eq!(sentence(outcome), "Esto ya no se puede: la campaña está completada.");
    world.set_campaign(&campaign, doc! { "status": CampaignStatus::InProduction }).await;
    assert_eq!(refused(service::shortlist(&world.staff(), &id).await), (409, "campaign_state".into()));
    service::confirm(&world.staff(), &id).await.unwrap();
    world.assert_sound(&campaign).await;
}

#[tokio::test]
async fn legacy_defect_9_there_is_one_number_of_free_slots() {
    let world = World::new().await;
    let campaign = world.campaign(2, |_| {}).await;
    let (_, first, _) = world.confirmed(&campaign).await;
    assert_eq!(world.campaign_now(&campaign).await.available_slots(), 1);
    world.confirmed(&campaign).await;
    let late = world.creator(|_| {}).await;
    assert_eq!(refused(world.apply(&late, &campaign).await), (409, "campaign_full".into()));
    service::cancel(&world.staff(), &first, "Se bajó".into()).await.unwrap();
    assert_eq!(world.campaign_now(&campaign).await.available_slots(), 1);
    world.apply(&late, &campaign).await.unwrap();
    world.assert_sound(&campaign).await;
}

#[tokio::test]
async fn legacy_defect_15_legacy_defect_62_what_is_not_there_is_not_found() {
    let world = World::new().await;
    let nobody = canje::values::ApplicationId::new();
    let missing = (404, "not_found".to_owned());
    assert_eq!(refused(service::confirm(&world.staff(), &nobody).await), missing);
    assert_eq!(refused(service::shortlist(&world.staff(), &nobody).await), missing);
    assert_eq!(refused(service::cancel(&world.staff(), &nobody, "x".into()).await), missing);
    let creator = world.creator(|_| {}).await;
    assert_eq!(refused(service::withdraw(&world.of(&creator), &creator, &nobody).await), missing);
    assert_eq!(world.test.app.db.stored::<Application>().count_documents(doc! {}).await.unwrap(), 0);
}
