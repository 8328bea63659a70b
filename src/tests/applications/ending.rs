//! Rejecting, withdrawing, cancelling, and what may not be undone.

use bson::doc;
use canje::applications::model::{ApplicationStatus, CancelledBy};
use canje::applications::service;
use canje::audit::Who;
use canje::db::with_transaction;
use canje::deliverables::DeliverableStatus;
use canje::failure::Failure;
use canje::news::Rejection;

use super::world::{World, refused, sentence};
use crate::accounts::all;

#[tokio::test]
async fn legacy_defect_10_other_steps_are_refused_by_the_name_of_the_state() {
    let world = World::new().await;
    let campaign = world.campaign(3, |_| {}).await;
    let (creator, id, _) = world.confirmed(&campaign).await;
    let staff = world.staff();
    let outcome = service::reject(&staff, &id, Some("No".into())).await;
    assert_eq!(sentence(outcome), "Esto ya no se puede: la postulación está en «Confirmado».");
    assert_eq!(refused(service::shortlist(&staff, &id).await), (409, "wrong_state".into()));
    assert_eq!(refused(service::reactivate(&staff, &id).await), (409, "wrong_state".into()));
    assert_eq!(refused(service::withdraw(&world.of(&creator), &creator, &id).await), (409, "wrong_state".into()));
    assert_eq!(world.application(&id).await.status_history.len(), 2);
    world.assert_sound(&campaign).await;
}

#[tokio::test]
async fn a_rejection_keeps_its_own_reason_and_repeating_it_changes_nothing() {
    let world = World::new().await;
    let campaign = world.campaign(3, |_| {}).await;
    let (_, id) = world.applied(&campaign).await;
    let staff = world.staff();
    service::shortlist(&staff, &id).await.unwrap();
    service::shortlist(&staff, &id).await.unwrap();
    service::reject(&staff, &id, Some(" Buscamos otro estilo ".into())).await.unwrap();
    service::reject(&staff, &id, Some("Buscamos otro estilo".into())).await.unwrap();
    service::reject(&staff, &id, None).await.unwrap();
    let other = service::reject(&staff, &id, Some("Otra vez".into())).await;
    assert_eq!(refused(other), (409, "wrong_state".into()), "another reason isn't a repetition");
    let rejected = world.application(&id).await;
    assert_eq!(rejected.rejection_reason.as_deref(), Some("Buscamos otro estilo"));
    assert_eq!((rejected.cancellation_reason, rejected.auto_rejected), (None, None));
    let states: Vec<_> = rejected.status_history.iter().map(|step| step.status.as_str()).collect();
    assert_eq!(states, ["applied", "shortlisted", "rejected"]);
    service::reactivate(&staff, &id).await.unwrap();
    let open = world.application(&id).await;
    assert_eq!((open.status, open.rejected_at, open.rejection_reason), (ApplicationStatus::Applied, None, None));
    world.assert_sound(&campaign).await;
}

#[tokio::test]
async fn legacy_defect_13_withdrawing_and_cancelling_have_their_time() {
    let world = World::new().await;
    let campaign = world.campaign(4, |_| {}).await;
    let (creator, id) = world.applied(&campaign).await;
    service::reject(&world.staff(), &id, None).await.unwrap();
    let me = world.of(&creator);
    assert_eq!(refused(service::withdraw(&me, &creator, &id).await), (409, "wrong_state".into()));
    assert_eq!(refused(service::cancel_own(&me, &creator, &id).await), (409, "wrong_state".into()));

    let (creator, id, delivery) = world.confirmed(&campaign).await;
    world.register(&creator, &delivery, "https://www.instagram.com/p/Cancel1/").await.unwrap();
    let me = world.of(&creator);
    assert_eq!(refused(service::cancel_own(&me, &creator, &id).await), (409, "already_published".into()));
    world.accept_metrics(&delivery).await.unwrap();
    let staff = world.staff();
    assert_eq!(refused(service::cancel(&staff, &id, "x".into()).await), (409, "already_delivered".into()));
    assert_eq!(world.application(&id).await.status, ApplicationStatus::Confirmed);
    world.assert_sound(&campaign).await;
}

#[tokio::test]
async fn a_creator_cancels_before_publishing_and_the_slot_is_free() {
    let world = World::new().await;
    let campaign = world.campaign(1, |_| {}).await;
    let (creator, id, delivery) = world.confirmed(&campaign).await;
    let me = world.of(&creator);
    service::cancel_own(&me, &creator, &id).await.unwrap();
    service::cancel_own(&me, &creator, &id).await.unwrap();
    let ended = world.application(&id).await;
    assert_eq!((ended.status, ended.cancelled_by), (ApplicationStatus::Cancelled, Some(CancelledBy::Creator)));
    let delivery = world.deliverable(&delivery).await;
    assert_eq!(delivery.status, DeliverableStatus::Cancelled);
    assert_eq!(delivery.status_before_cancel, Some(DeliverableStatus::AwaitingPublish));
    assert!(delivery.url_deadline.is_some(), "the deadline is kept");
    assert_eq!((delivery.owes_url_by, delivery.waiting), (None, None));
    assert_eq!(world.campaign_now(&campaign).await.slots_filled, 0);
    assert_eq!(world.stats(&creator.id).await.total_campaigns, 0);
    // That the places are all taken is told each time.
    world.wait(1);
    world.confirmed(&campaign).await;
    let letters = all(&world.test, "email_logs", doc! { "template": "ugc_e07" }).await;
    assert_eq!(letters.len(), 2, "{letters:?}");
    world.assert_sound(&campaign).await;
}

#[tokio::test]
async fn staff_needs_a_reason_and_others_applications_are_not_found() {
    let world = World::new().await;
    let campaign = world.campaign(1, |_| {}).await;
    let (_, id, _) = world.confirmed(&campaign).await;
    assert_eq!(refused(service::cancel(&world.staff(), &id, "  ".into()).await), (400, "invalid".into()));
    let other = world.creator(|_| {}).await;
    let me = world.of(&other);
    assert_eq!(refused(service::cancel_own(&me, &other, &id).await), (404, "not_found".into()));
    assert_eq!(refused(service::withdraw(&me, &other, &id).await), (404, "not_found".into()));
}

#[tokio::test]
async fn a_rejected_post_gives_its_slot_back_when_staff_cancels() {
    let world = World::new().await;
    let campaign = world.campaign(1, |_| {}).await;
    let (creator, id, delivery) = world.confirmed(&campaign).await;
    world.register(&creator, &delivery, "https://www.instagram.com/p/Reject1/").await.unwrap();
    let staff = world.staff();
    canje::deliverables::service::reject(&staff, &delivery, "Es de otra marca".into()).await.unwrap();
    assert_eq!(world.campaign_now(&campaign).await.slots_filled, 1, "the slot stays taken");
    let long = format!("{}fin", "a\r\n".repeat(498));
    service::cancel(&staff, &id, long.clone()).await.unwrap();
    service::cancel(&staff, &id, long).await.unwrap();
    assert_eq!(refused(service::cancel(&staff, &id, "Se mudó".into()).await), (409, "wrong_state".into()));
    assert_eq!(world.application(&id).await.cancellation_reason.unwrap().chars().count(), 999);
    assert_eq!(world.campaign_now(&campaign).await.slots_filled, 0);
    world.assert_sound(&campaign).await;
}

#[tokio::test]
async fn a_campaign_ends_with_all_that_waits_and_all_that_is_not_delivered() {
    let world = World::new().await;
    let campaign = world.campaign(5, |_| {}).await;
    let (_, waiting) = world.applied(&campaign).await;
    let (_, listed) = world.applied(&campaign).await;
    service::shortlist(&world.staff(), &listed).await.unwrap();
    let (_, open, _) = world.confirmed(&campaign).await;
    let (creator, done, delivery) = world.confirmed(&campaign).await;
    world.register(&creator, &delivery, "https://www.instagram.com/p/Done1/").await.unwrap();
    world.accept_metrics(&delivery).await.unwrap();

    let (app, now, who) = (&world.test.app, world.now(), &Who::default());
    let counts = with_transaction(&app.db, |session| {
        let campaign = &campaign;
        Box::pin(async move {
            let (reason, ended) = ("La campaña terminó", Rejection::Ended);
            let rejected = service::reject_pending_in(session, app, now, who, campaign, reason, ended, 500).await?;
            let ended = service::cancel_confirmed_in(session, app, now, who, campaign, reason).await?;
            Ok::<_, Failure>((rejected, ended))
        })
    })
    .await
    .unwrap();
    assert_eq!(counts, (2, 1));
    for id in [&waiting, &listed] {
        let rejected = world.application(id).await;
        assert_eq!((rejected.status, rejected.auto_rejected), (ApplicationStatus::Rejected, Some(true)));
        assert_eq!(rejected.status_history.last().unwrap().by, "system");
        assert_eq!(rejected.waiting, None);
    }
    assert_eq!(world.application(&open).await.status, ApplicationStatus::Cancelled);
    assert_eq!(world.application(&done).await.status, ApplicationStatus::Confirmed);
    world.assert_sound(&campaign).await;
}
