//! Approving, asking for changes, rejecting, completing.

use canje::deliverables::DeliverableStatus as S;
use canje::deliverables::service::{self, Urls};
use canje::values::{CampaignId, DeliverableId};
use canje::waits::{Period, Whose};

use crate::applications::world::{World, refused};

async fn published(world: &World) -> (canje::creators::Creator, CampaignId, DeliverableId) {
    let campaign = world.campaign(1, |_| {}).await;
    let (creator, _, id) = world.confirmed(&campaign).await;
    let code = &id.as_str()[..8];
    world.register(&creator, &id, &format!("https://www.instagram.com/p/{code}/")).await.unwrap();
    (creator, campaign, id)
}

#[tokio::test]
async fn legacy_defect_41_a_published_post_can_be_approved() {
    let world = World::new().await;
    let (_, campaign, id) = published(&world).await;
    let waiting = world.deliverable(&id).await.waiting.unwrap();
    assert_eq!((waiting.whose, waiting.period), (Whose::Staff, Period::Review));
    let staff = world.staff();
    service::approve(&staff, &id, Some("¡Quedó hermoso!".into())).await.unwrap();
    service::approve(&staff, &id, None).await.unwrap();
    let other = service::approve(&staff, &id, Some("Mejor con subtítulos".into())).await;
    assert_eq!(refused(other), (409, "wrong_state".into()), "another note isn't thrown away in silence");
    let approved = world.deliverable(&id).await;
    assert_eq!((approved.status, approved.review_round), (S::MetricsPending, 1));
    assert_eq!(approved.review_notes[0].note.as_deref(), Some("¡Quedó hermoso!"));
    assert_eq!(approved.approved_by.as_deref(), Some("user_staff"));
    let waiting = approved.waiting.unwrap();
    assert_eq!((waiting.whose, Some(waiting.due_at)), (Whose::Creator, approved.metrics_deadline));
    assert_eq!(refused(service::request_changes(&staff, &id, "x".into()).await), (409, "wrong_state".into()));
    world.assert_sound(&campaign).await;
}

#[tokio::test]
async fn changes_are_asked_for_once() {
    let world = World::new().await;
    let (creator, campaign, id) = published(&world).await;
    let staff = world.staff();
    assert_eq!(refused(service::request_changes(&staff, &id, " ".into()).await), (400, "invalid".into()));
    service::request_changes(&staff, &id, "Falta la mención".into()).await.unwrap();
    service::request_changes(&staff, &id, " Falta la mención ".into()).await.unwrap();
    let other = service::request_changes(&staff, &id, "Falta el precio".into()).await;
    assert_eq!(refused(other), (409, "wrong_state".into()));
    let asked = world.deliverable(&id).await;
    assert_eq!(asked.status, S::ChangesRequested);
    assert_eq!(asked.waiting.as_ref().map(|waiting| waiting.whose), Some(Whose::Creator));
    world.wait(24 * 20);
    world.register(&creator, &id, "https://www.instagram.com/p/Corrected/").await.unwrap();
    let corrected = world.deliverable(&id).await;
    assert_eq!((corrected.status, corrected.is_on_time), (S::Resubmitted, Some(true)));
    assert_eq!(corrected.published_at, asked.published_at);
    assert_eq!(corrected.instagram_url.as_deref(), Some("https://www.instagram.com/p/Corrected/"));
    let again = service::request_changes(&staff, &id, "Otra cosa".into()).await;
    assert_eq!(refused(again), (409, "changes_asked_once".into()));
    service::approve(&staff, &id, None).await.unwrap();
    assert_eq!(world.deliverable(&id).await.review_round, 2);
    world.assert_sound(&campaign).await;
}

#[tokio::test]
async fn a_rejected_or_cancelled_delivery_accepts_nothing() {
    let world = World::new().await;
    let (creator, campaign, id) = published(&world).await;
    let staff = world.staff();
    assert_eq!(refused(service::reject(&staff, &id, String::new()).await), (400, "invalid".into()));
    service::reject(&staff, &id, "No cumple las reglas".into()).await.unwrap();
    service::reject(&staff, &id, "No cumple las reglas".into()).await.unwrap();
    assert_eq!(refused(service::reject(&staff, &id, "Es de otra marca".into()).await), (409, "wrong_state".into()));
    let rejected = world.deliverable(&id).await;
    assert_eq!(rejected.review_notes.len(), 1);
    assert_eq!(rejected.waiting.map(|waiting| (waiting.whose, waiting.period)), Some((Whose::Staff, Period::Close)));
    let urls = Urls { instagram: None, tiktok: Some("https://vm.tiktok.com/ZMabc/".into()) };
    let outcome = service::register_urls(&world.of(&creator), &creator, &id, urls).await;
    assert_eq!(refused(outcome), (409, "wrong_state".into()));
    assert_eq!(refused(service::approve(&staff, &id, None).await), (409, "wrong_state".into()));
    world.assert_sound(&campaign).await;
    let (creator, application, id) = world.confirmed(&world.campaign(1, |_| {}).await).await;
    canje::applications::service::cancel(&staff, &application, "Sin stock".into()).await.unwrap();
    let outcome = world.register(&creator, &id, "https://www.instagram.com/p/TooLate/").await;
    assert_eq!(refused(outcome), (409, "wrong_state".into()));
}

#[tokio::test]
async fn a_delivery_is_completed_when_everything_arrived() {
    let world = World::new().await;
    let (_, campaign, id) = published(&world).await;
    let staff = world.staff();
    assert_eq!(refused(service::complete(&staff, &id).await), (409, "wrong_state".into()));
    world.accept_metrics(&id).await.unwrap();
    let waiting = world.deliverable(&id).await.waiting.unwrap();
    assert_eq!((waiting.whose, waiting.period), (Whose::Staff, Period::Close));
    world.assert_sound(&campaign).await;
    service::complete(&staff, &id).await.unwrap();
    service::complete(&staff, &id).await.unwrap();
    let done = world.deliverable(&id).await;
    assert_eq!((done.status, done.waiting), (S::Completed, None));
    assert!(done.completed_at.is_some() && done.approved_at.is_some());
    world.assert_sound(&campaign).await;
}

#[tokio::test]
async fn a_note_is_as_long_as_the_browser_counts_it() {
    let world = World::new().await;
    let (_, _, id) = published(&world).await;
    let staff = world.staff();
    let typed = |lines: usize| format!("{}fin", "a\r\n".repeat(lines));
    assert_eq!(refused(service::approve(&staff, &id, Some(typed(499))).await), (400, "invalid".into()));
    service::approve(&staff, &id, Some(typed(498))).await.unwrap();
    let stored = world.deliverable(&id).await.review_notes[0].note.clone().unwrap();
    assert_eq!((stored.chars().count(), stored.contains('\r')), (999, false));
}

#[tokio::test]
async fn staff_decides_at_the_same_moment_and_one_decision_stands() {
    let world = World::new().await;
    let (_, campaign, id) = published(&world).await;
    let staff = world.staff();
    let (approved, rejected) =
        futures::join!(service::approve(&staff, &id, None), service::reject(&staff, &id, "No".into()));
    assert!(approved.is_ok() != rejected.is_ok(), "{approved:?} {rejected:?}");
    assert_eq!(world.deliverable(&id).await.review_notes.len(), 1);
    world.assert_sound(&campaign).await;
}
