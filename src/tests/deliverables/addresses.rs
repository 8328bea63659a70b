//! Registering, adding, correcting and editing addresses.

use canje::db::date;
use canje::deliverables::DeliverableStatus;
use canje::deliverables::service::{self, Urls};
use canje::values::Platform;
use jiff::ToSpan;

use crate::applications::world::{World, refused};

fn both(instagram: &str, tiktok: &str) -> Urls {
    let typed = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Urls { instagram: typed(instagram), tiktok: typed(tiktok) }
}

const REEL: &str = "https://www.instagram.com/reel/Abc123/";
const VIDEO: &str = "https://www.tiktok.com/@ana/video/7301";

#[tokio::test]
async fn worked_example_6_legacy_defect_6_the_deadline_itself_is_on_time() {
    let world = World::new().await;
    let campaign = world.campaign(2, |_| {}).await;
    let (punctual, _, on_time) = world.confirmed(&campaign).await;
    let (tardy, _, late) = world.confirmed(&campaign).await;
    world.wait(7 * 24);
    world.register(&punctual, &on_time, &format!("{REEL}?igsh=x")).await.unwrap();
    world.wait(1);
    world.register(&tardy, &late, "https://www.instagram.com/reel/Xyz987/").await.unwrap();
    let (on_time, late) = (world.deliverable(&on_time).await, world.deliverable(&late).await);
    assert_eq!(on_time.instagram_url.as_deref(), Some(REEL));
    assert_eq!((on_time.is_on_time, on_time.delivery_lag_hours), (Some(true), Some(0.0)));
    assert_eq!((late.is_on_time, late.delivery_lag_hours), (Some(false), Some(1.0)));
    assert_eq!(late.published_at, Some(date(world.now())));
    assert_eq!(late.metrics_window_opens, late.published_at);
    assert_eq!((late.owes_url_by, late.owes_metrics_by), (None, late.metrics_deadline));
    let stored = world.campaign_now(&campaign).await;
    assert_eq!((stored.tally.with_url, stored.tally.next_url_due), (2, None));
    assert_eq!(world.stats(&tardy.id).await.avg_delivery_lag_hours, Some(1.0));
    world.assert_sound(&campaign).await;

    // Extending the campaign afterwards leaves what was found.
    world.set_campaign(&campaign, bson::doc! { "url_delivery_days": 30 }).await;
    service::register_urls(&world.of(&tardy), &tardy, &late.id, both("", VIDEO)).await.unwrap();
    let later = world.deliverable(&late.id).await;
    assert_eq!(
        (later.is_on_time, later.delivery_lag_hours, later.published_at),
        (Some(false), Some(1.0), late.published_at)
    );
}

#[tokio::test]
async fn legacy_defect_51_the_second_platform_is_added_and_never_joined() {
    let world = World::new().await;
    let campaign = world.campaign(1, |_| {}).await;
    let (creator, _, id) = world.confirmed(&campaign).await;
    let me = world.of(&creator);
    service::register_urls(&me, &creator, &id, both("", VIDEO)).await.unwrap();
    let first = world.deliverable(&id).await;
    assert_eq!((first.post_url.as_deref(), first.platform), (Some(VIDEO), Platform::Tiktok));
    world.wait(1);
    service::register_urls(&me, &creator, &id, both(REEL, VIDEO)).await.unwrap();
    let second = world.deliverable(&id).await;
    assert_eq!((second.instagram_url.as_deref(), second.tiktok_url.as_deref()), (Some(REEL), Some(VIDEO)));
    assert_eq!(second.post_url.as_deref(), Some(REEL));
    assert_eq!((second.status, second.published_at), (DeliverableStatus::Published, first.published_at));
    let other = service::register_urls(&me, &creator, &id, both("https://instagram.com/p/Other/", "")).await;
    assert_eq!(refused(other), (409, "url_registered".into()));
    world.assert_sound(&campaign).await;
}

#[tokio::test]
async fn two_clicks_at_once_register_once() {
    let world = World::new().await;
    let campaign = world.campaign(1, |_| {}).await;
    let (creator, _, id) = world.confirmed(&campaign).await;
    let clicks = futures::future::join_all((0..4).map(|_| world.register(&creator, &id, REEL))).await;
    assert!(clicks.iter().all(Result::is_ok), "{clicks:?}");
    let stored = world.deliverable(&id).await;
    assert_eq!(stored.status_history.len(), 2);
    assert_eq!(world.campaign_now(&campaign).await.tally.with_url, 1);
    world.assert_sound(&campaign).await;
}

#[tokio::test]
async fn one_post_belongs_to_one_delivery_also_at_the_same_moment() {
    let world = World::new().await;
    let campaign = world.campaign(5, |_| {}).await;
    let mut all = Vec::new();
    for _ in 0..5 {
        all.push(world.confirmed(&campaign).await);
    }
    let forms = ["p/Same1", "reel/Same1", "ana/reel/Same1", "p/Same1?igsh=1", "tv/Same1"];
    let tries = all.iter().zip(forms).map(|((creator, _, id), path)| {
        let world = &world;
        async move { world.register(creator, id, &format!("https://instagram.com/{path}")).await }
    });
    let (done, others): (Vec<_>, Vec<_>) = futures::future::join_all(tries).await.into_iter().partition(Result::is_ok);
    assert_eq!(done.len(), 1);
    for other in others {
        assert_eq!(refused(other), (409, "url_taken".into()));
    }
    world.assert_sound(&campaign).await;
}

#[tokio::test]
async fn a_post_that_is_given_up_may_be_used_again() {
    let world = World::new().await;
    let campaign = world.campaign(2, |_| {}).await;
    let (first, _, one) = world.confirmed(&campaign).await;
    let (second, _, two) = world.confirmed(&campaign).await;
    world.register(&first, &one, REEL).await.unwrap();
    assert_eq!(refused(world.register(&second, &two, REEL).await), (409, "url_taken".into()));
    service::reset_urls(&world.staff(), &one, true).await.unwrap();
    world.register(&second, &two, REEL).await.unwrap();
    assert_eq!(refused(world.register(&first, &one, REEL).await), (409, "url_taken".into()));
    world.assert_sound(&campaign).await;
}

#[tokio::test]
async fn an_adopted_address_counts_as_taken() {
    let world = World::new().await;
    let campaign = world.campaign(2, |_| {}).await;
    let (_, _, old) = world.confirmed(&campaign).await;
    let (creator, _, new) = world.confirmed(&campaign).await;
    let all = world.test.app.db.stored::<canje::deliverables::Deliverable>();
    let adopted = bson::doc! { "$set": { "instagram_url": REEL } };
    all.update_one(bson::doc! { "id": &old }, adopted).await.unwrap();
    for form in ["reel", "p", "tv"] {
        let typed = format!("https://www.instagram.com/{form}/Abc123/");
        assert_eq!(refused(world.register(&creator, &new, &typed).await), (409, "url_taken".into()), "{form}");
    }
}

#[tokio::test]
async fn wrong_addresses_are_named_beside_their_fields_and_nothing_is_written() {
    let world = World::new().await;
    let campaign = world.campaign(1, |_| {}).await;
    let (creator, _, id) = world.confirmed(&campaign).await;
    let me = world.of(&creator);
    let outcome = service::register_urls(&me, &creator, &id, both(VIDEO, "https://www.tiktok.com/@ana")).await;
    let canje::failure::Failure::Refused(canje::error::AppError::Invalid(problems)) = outcome.unwrap_err() else {
        panic!("fields were expected")
    };
    let fields: Vec<_> = problems.iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!(fields, ["instagram_url", "tiktok_url"]);
    assert!(problems[0].message.contains("va en el campo de TikTok"), "{}", problems[0].message);
    assert_eq!(refused(service::register_urls(&me, &creator, &id, both(" ", "")).await), (400, "invalid".into()));
    assert_eq!(world.deliverable(&id).await.status, DeliverableStatus::AwaitingPublish);
}

#[tokio::test]
async fn legacy_defect_20_others_deliveries_are_not_found() {
    let world = World::new().await;
    let campaign = world.campaign(1, |_| {}).await;
    let (_, _, id) = world.confirmed(&campaign).await;
    let other = world.creator(|_| {}).await;
    assert_eq!(refused(world.register(&other, &id, REEL).await), (404, "not_found".into()));
    let me = world.of(&other);
    assert_eq!(refused(service::approve(&me, &id, None).await), (403, "forbidden".into()));
    assert_eq!(refused(service::edit_urls(&me, &id, both(REEL, "")).await), (403, "forbidden".into()));
    assert_eq!(refused(service::reset_urls(&me, &id, true).await), (403, "forbidden".into()));
}

#[tokio::test]
async fn staff_corrects_addresses_without_touching_state_or_punctuality() {
    let world = World::new().await;
    let campaign = world.campaign(1, |_| {}).await;
    let (creator, _, id) = world.confirmed(&campaign).await;
    let staff = world.staff();
    assert_eq!(refused(service::edit_urls(&staff, &id, both(REEL, "")).await), (409, "not_published".into()));
    world.register(&creator, &id, REEL).await.unwrap();
    let before = world.deliverable(&id).await;
    world.wait(24 * 30);
    service::edit_urls(&staff, &id, both("", VIDEO)).await.unwrap();
    let after = world.deliverable(&id).await;
    assert_eq!((after.instagram_url, after.tiktok_url.as_deref()), (None, Some(VIDEO)));
    assert_eq!(after.post_url.as_deref(), Some(VIDEO));
    assert_eq!((after.status, after.published_at, after.is_on_time), (before.status, before.published_at, Some(true)));
    assert_eq!(after.admin_edited_urls_at, Some(date(world.now())));
    assert_eq!(after.status_history, before.status_history);
    assert_eq!(refused(service::edit_urls(&staff, &id, both("", "")).await), (422, "no_url_left".into()));
    world.assert_sound(&campaign).await;
}

#[tokio::test]
async fn legacy_defect_5_metrics_are_late_by_their_own_deadline() {
    let world = World::new().await;
    let campaign = world.campaign(1, |one| one.delivery.metrics_delivery_days = 20).await;
    let (creator, _, id) = world.confirmed(&campaign).await;
    world.register(&creator, &id, REEL).await.unwrap();
    world.wait(20 * 24);
    world.accept_metrics(&id).await.unwrap();
    let stored = world.deliverable(&id).await;
    assert_eq!(stored.status, DeliverableStatus::MetricsSubmitted, "legacy counted fourteen days for everybody");
    assert_eq!((stored.metrics_is_late, stored.metrics_lag_hours), (Some(false), Some(0.0)));
    assert_eq!(
        stored.metrics_deadline,
        stored.confirmed_at.map(|at| date(canje::db::timestamp(at).unwrap() + 480.hours()))
    );
    let stats = world.stats(&creator.id).await;
    assert_eq!((stats.total_completed, stats.delivery_on_time_rate), (1, Some(100.0)));
    assert_eq!(stats.avg_views.get(&Platform::Instagram), Some(&1_000.0));
    world.assert_sound(&campaign).await;
}
