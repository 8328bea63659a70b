//! Applying: every refusal in its own words, and what a successful one leaves.

use bson::doc;
use canje::applications::model::ApplicationStatus;
use canje::applications::service;
use canje::brands::model::Brand;
use canje::campaigns::model::{CampaignStatus, Contract, Wanted};
use canje::creators::model::{Gender, SocialAccount};
use canje::ctx::Actor;
use canje::db::date;
use canje::values::{CampaignId, Country, LocalDate, Platform};
use jiff::ToSpan;

use super::world::{World, refused, sentence};

#[tokio::test]
async fn an_application_keeps_the_creator_as_they_are_and_is_counted() {
    let world = World::new().await;
    let campaign = world.campaign(2, |_| {}).await;
    let creator = world.creator(|_| {}).await;
    let message = Some("  Me encanta la merienda.  ".into());
    let id = service::apply(&world.of(&creator), &creator, &campaign, message).await.unwrap();
    let stored = world.application(&id).await;
    assert_eq!(stored.status, ApplicationStatus::Applied);
    assert_eq!(stored.motivation.as_deref(), Some("Me encanta la merienda."));
    assert_eq!(stored.creator_name.as_deref(), Some("Ana Benítez"));
    assert_eq!(stored.creator_username.as_deref(), Some("ana.benitez"));
    assert_eq!((stored.creator_followers, stored.creator_rating), (Some(5_000), None));
    let step = &stored.status_history[0];
    assert_eq!((step.status.as_str(), step.by.as_str()), ("applied", creator.user_id.as_str()));
    assert!(stored.waiting.is_some());
    assert_eq!(world.campaign_now(&campaign).await.tally.applied, 1);
    world.assert_sound(&campaign).await;
}

#[tokio::test]
async fn a_guest_and_somebody_without_a_profile_are_told_what_to_do() {
    let world = World::new().await;
    let campaign = world.campaign_now(&world.campaign(1, |_| {}).await).await;
    let creator = world.creator(|_| {}).await;
    let mut guest = world.of(&creator);
    guest.actor = Actor::Guest;
    assert_eq!(refused(service::may_apply(&guest, None, &campaign, None)), (401, "sign_in".into()));
    let person = world.of(&creator);
    let without = service::may_apply(&person, None, &campaign, None);
    assert_eq!(sentence(without), "Creá tu perfil de creador para postularte");
    service::may_apply(&person, Some(&creator), &campaign, None).unwrap();
}

#[tokio::test]
async fn profiles_that_are_inactive_or_incomplete_are_refused() {
    let world = World::new().await;
    let campaign = world.campaign(1, |_| {}).await;
    let inactive = world.creator(|one| one.is_active = false).await;
    assert_eq!(refused(world.apply(&inactive, &campaign).await), (403, "creator_inactive".into()));
    let incomplete = world
        .creator(|one| {
            one.phone = None;
            one.city = None;
        })
        .await;
    let outcome = world.apply(&incomplete, &campaign).await;
    assert_eq!(refused(outcome.clone()), (422, "profile_incomplete".into()));
    assert!(sentence(outcome).starts_with("Completá tu perfil: faltan "));
}

#[tokio::test]
async fn campaigns_nobody_may_see_are_not_found() {
    let world = World::new().await;
    let creator = world.creator(|_| {}).await;
    let missing = (404, "no_campaign".to_owned());
    assert_eq!(refused(world.apply(&creator, &CampaignId::new()).await), missing);
    let hidden = world.campaign(1, |one| one.visible_to_creators = false).await;
    assert_eq!(refused(world.apply(&creator, &hidden).await), missing);
    let draft = world.campaign(1, |one| one.status = CampaignStatus::Draft).await;
    assert_eq!(refused(world.apply(&creator, &draft).await), missing);
    let seen = world.campaign(1, |_| {}).await;
    let brands = world.test.app.db.stored::<Brand>();
    brands.update_one(doc! { "id": &world.brand }, doc! { "$set": { "is_active": false } }).await.unwrap();
    assert_eq!(refused(world.apply(&creator, &seen).await), missing);
}

#[tokio::test]
async fn campaigns_that_take_nobody_say_why() {
    let world = World::new().await;
    let creator = world.creator(|_| {}).await;
    let closed = world.campaign(1, |one| one.status = CampaignStatus::Closed).await;
    assert_eq!(refused(world.apply(&creator, &closed).await), (409, "campaign_not_open".into()));
    let today = LocalDate::of(world.now());
    let contract = Contract {
        monthly_deliverables: 1,
        duration_months: 1,
        start_date: today.plus((-31).days()),
        end_date: today,
        next_reload_date: None,
        loads_done: 1,
        is_active: true,
        renewed_at: None,
        renewal_count: 0,
    };
    let over = world.campaign(1, |one| one.contract = Some(contract)).await;
    assert_eq!(refused(world.apply(&creator, &over).await), (409, "campaign_not_open".into()));
    let full = world.campaign(0, |_| {}).await;
    assert_eq!(sentence(world.apply(&creator, &full).await), "Los cupos de esta campaña ya están completos");
}

#[tokio::test]
async fn worked_example_18_the_last_day_ends_at_local_midnight() {
    let world = World::new().await;
    let today = LocalDate::of(world.now());
    let campaign = world.campaign(5, |one| one.timeline.applications_deadline = today).await;
    let until = today.end().as_second() - world.now().as_second();
    world.test.app.clock.advance(std::time::Duration::from_secs(u64::try_from(until).unwrap() - 1_800));
    let (_, in_time) = world.applied(&campaign).await;
    assert_eq!(world.application(&in_time).await.status, ApplicationStatus::Applied);
    world.test.app.clock.advance(std::time::Duration::from_secs(1_801));
    let late = world.creator(|_| {}).await;
    let outcome = world.apply(&late, &campaign).await;
    assert_eq!(refused(outcome.clone()), (409, "applications_over".into()));
    assert_eq!(sentence(outcome), "El plazo para postularse terminó el 23/11/2099");
}

#[tokio::test]
async fn legacy_defect_52_every_requirement_is_enforced_in_its_own_words() {
    let world = World::new().await;
    let creator = world.creator(|_| {}).await;
    let tiktok = world.creator(|one| one.social_networks.retain(|network| network.platform == Platform::Tiktok)).await;
    let only = world.campaign(9, |one| one.requirements.platforms = vec![Platform::Instagram]).await;
    assert_eq!(sentence(world.apply(&tiktok, &only).await), "Esta campaña pide cuenta en Instagram");
    let known = world.campaign(9, |one| one.requirements.min_followers = Some(10_000)).await;
    assert_eq!(
        sentence(world.apply(&creator, &known).await),
        "Pide al menos 10.000 seguidores; tu máximo es 5.000; verificá tu red"
    );
    let watched = world.campaign(9, |one| one.requirements.min_avg_views = Some(2_000)).await;
    assert_eq!(sentence(world.apply(&creator, &watched).await), "Pide un promedio de 2.000 vistas");
    let older = world.campaign(9, |one| one.requirements.min_age = 30).await;
    assert_eq!(sentence(world.apply(&creator, &older).await), "Es para mayores de 30 años");
    let men = world.campaign(9, |one| one.requirements.gender = Wanted::Male).await;
    assert_eq!(sentence(world.apply(&creator, &men).await), "Es solo para hombres");
    let man = world.creator(|one| one.gender = Some(Gender::Male)).await;
    world.apply(&man, &men).await.unwrap();
    let abroad = world.campaign(9, |one| one.requirements.country = Some(Country::Ar)).await;
    assert_eq!(sentence(world.apply(&creator, &abroad).await), "Es para residentes en Argentina");
    let near = world
        .campaign(9, |one| {
            one.requirements.country = Some(Country::Py);
            one.requirements.residence = Some("Encarnación".into());
        })
        .await;
    world.apply(&creator, &near).await.unwrap();
}

#[tokio::test]
async fn worked_example_17_legacy_defect_29_verified_followers_count() {
    let world = World::new().await;
    let campaign = world.campaign(1, |one| one.requirements.min_followers = Some(5_000)).await;
    let now = date(world.now());
    let creator = world
        .creator(|one| {
            one.social_networks.iter_mut().for_each(|network| network.followers = Some(0));
            let verified = SocialAccount {
                username: "ana.benitez".into(),
                follower_count: 5_200,
                following_count: None,
                posts_count: None,
                likes_count: None,
                is_platform_verified: false,
                verified_by_ai: true,
                verification_method: "screenshot_ai".into(),
                confidence: None,
                verified_at: now,
                last_updated: now,
            };
            one.social_accounts.insert(Platform::Instagram, verified);
        })
        .await;
    world.apply(&creator, &campaign).await.unwrap();
}

#[tokio::test]
async fn the_message_has_a_length_and_an_hour_has_twenty_applications() {
    let world = World::new().await;
    let creator = world.creator(|_| {}).await;
    let long = world.campaign(1, |_| {}).await;
    let outcome = service::apply(&world.of(&creator), &creator, &long, Some("á".repeat(1_001))).await;
    assert_eq!(refused(outcome), (400, "invalid".into()));
    service::apply(&world.of(&creator), &creator, &long, Some("á".repeat(1_000))).await.unwrap();
    for _ in 1..20 {
        let campaign = world.campaign(1, |_| {}).await;
        world.apply(&creator, &campaign).await.unwrap();
    }
    let one_more = world.campaign(1, |_| {}).await;
    assert_eq!(refused(world.apply(&creator, &one_more).await), (429, "too_many".into()));
    world.wait(1);
    world.apply(&creator, &one_more).await.unwrap();
}

#[tokio::test]
async fn legacy_defect_12_two_clicks_at_once_are_one_application() {
    let world = World::new().await;
    let campaign = world.campaign(3, |_| {}).await;
    let creator = world.creator(|_| {}).await;
    let clicks = (0..6).map(|_| world.apply(&creator, &campaign));
    let outcomes = futures::future::join_all(clicks).await;
    let (done, others): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
    assert_eq!(done.len(), 1);
    for other in others {
        assert_eq!(refused(other), (409, "applied_already".into()));
    }
    assert_eq!(world.campaign_now(&campaign).await.tally.total(), 1);
    world.assert_sound(&campaign).await;
}

#[tokio::test]
async fn after_withdrawing_the_same_application_starts_again() {
    let world = World::new().await;
    let campaign = world.campaign(3, |_| {}).await;
    let (creator, id) = world.applied(&campaign).await;
    service::withdraw(&world.of(&creator), &creator, &id).await.unwrap();
    service::withdraw(&world.of(&creator), &creator, &id).await.unwrap();
    let withdrawn = world.application(&id).await;
    assert_eq!((withdrawn.status, withdrawn.waiting), (ApplicationStatus::Withdrawn, None));
    assert_eq!(withdrawn.status_history.len(), 2, "the second time changes nothing");
    world.wait(1);
    assert_eq!(world.apply(&creator, &campaign).await.unwrap(), id);
    let again = world.application(&id).await;
    assert_eq!((again.status, again.withdrawn_at), (ApplicationStatus::Applied, None));
    assert_eq!(again.applied_at, date(world.now()));
    let states: Vec<_> = again.status_history.iter().map(|step| step.status.as_str()).collect();
    assert_eq!(states, ["applied", "withdrawn", "applied"]);
    world.assert_sound(&campaign).await;
}
