//! Starting again: from the address, from the metrics.

use bson::doc;
use canje::db::date;
use canje::deliverables::DeliverableStatus as S;
use canje::deliverables::service;
use canje::metrics::model::Metrics;
use canje::reputation::model::Rating;
use jiff::ToSpan;

use crate::applications::world::{World, refused};

const REEL: &str = "https://www.instagram.com/reel/Reset1/";

#[tokio::test]
async fn legacy_defect_42_resetting_metrics_takes_everything_of_them_back() {
    let world = World::new().await;
    let campaign = world.campaign(1, |_| {}).await;
    let (creator, _, id) = world.confirmed(&campaign).await;
    world.register(&creator, &id, REEL).await.unwrap();
    world.wait(24 * 15);
    world.accept_metrics(&id).await.unwrap();
    let late = world.deliverable(&id).await;
    assert_eq!((late.status, late.metrics_is_late, late.metrics_lag_hours), (S::MetricsLate, Some(true), Some(24.0)));
    assert_eq!(world.stats(&creator.id).await.delivery_on_time_rate, Some(0.0), "a real 0 % stays 0 %");
    let rating = doc! {
        "id": "r", "deliverable_id": &id, "campaign_id": &campaign, "creator_id": &creator.id,
        "brand_id": &world.brand, "rating": 2, "hidden": false, "created_at": date(world.now()),
    };
    let rating: Rating = bson::deserialize_from_document(rating).unwrap();
    world.test.app.db.stored::<Rating>().insert_one(rating).await.unwrap();

    let staff = world.staff();
    service::reset_metrics(&staff, &id).await.unwrap();
    service::reset_metrics(&staff, &id).await.unwrap();
    let reset = world.deliverable(&id).await;
    assert_eq!(reset.status, S::MetricsPending, "it was approved by delivering metrics");
    assert_eq!((reset.metrics_submitted_at, reset.metrics_is_late, reset.metrics_lag_hours), (None, None, None));
    assert_eq!((reset.published_at, reset.is_on_time), (late.published_at, Some(true)));
    let stats = world.stats(&creator.id).await;
    assert_eq!((stats.total_completed, stats.total_views, stats.total_ratings), (0, 0, 0));
    assert_eq!(stats.delivery_on_time_rate, None);
    let archived = world.test.app.db.stored::<Metrics>();
    assert_eq!(archived.count_documents(doc! { "deliverable_id": &id, "archived": true }).await.unwrap(), 1);
    world.assert_sound(&campaign).await;

    // The same platform's figures may be submitted again.
    world.accept_metrics(&id).await.unwrap();
    assert_eq!(archived.count_documents(doc! { "deliverable_id": &id, "archived": false }).await.unwrap(), 1);
    assert_eq!(world.stats(&creator.id).await.total_views, 1_000);
    world.assert_sound(&campaign).await;
}

#[tokio::test]
async fn a_reset_keeps_punctuality_unless_told_otherwise_and_uses_the_present_rules() {
    let world = World::new().await;
    let campaign = world.campaign(2, |_| {}).await;
    let (creator, application, id) = world.confirmed(&campaign).await;
    let confirmed_at = world.now();
    world.register(&creator, &id, REEL).await.unwrap();
    let published = world.deliverable(&id).await;
    world.set_campaign(&campaign, doc! { "url_delivery_days": 10 }).await;
    world.wait(24 * 30);
    let staff = world.staff();
    service::reset_urls(&staff, &id, true).await.unwrap();
    let reset = world.deliverable(&id).await;
    assert_eq!((reset.status, reset.has_url(), reset.review_round), (S::AwaitingPublish, false, 0));
    assert_eq!((reset.published_at, reset.is_on_time), (published.published_at, Some(true)));
    let due = Some(date(confirmed_at + 240.hours()));
    assert_eq!((reset.url_deadline, reset.owes_url_by), (due, due));
    assert_eq!(world.application(&application).await.url_deadline, due);
    assert_eq!(world.campaign_now(&campaign).await.tally.with_url, 0);
    world.assert_sound(&campaign).await;
    world.register(&creator, &id, REEL).await.unwrap();
    let again = world.deliverable(&id).await;
    assert_eq!((again.published_at, again.is_on_time), (published.published_at, Some(true)));

    service::reset_urls(&staff, &id, false).await.unwrap();
    assert_eq!(world.deliverable(&id).await.published_at, None);
    world.register(&creator, &id, REEL).await.unwrap();
    assert_eq!(world.deliverable(&id).await.is_on_time, Some(false));
    world.assert_sound(&campaign).await;
}

#[tokio::test]
async fn resetting_the_address_of_delivered_work_takes_its_metrics_along() {
    let world = World::new().await;
    let campaign = world.campaign(1, |_| {}).await;
    let (creator, _, id) = world.confirmed(&campaign).await;
    world.register(&creator, &id, REEL).await.unwrap();
    world.accept_metrics(&id).await.unwrap();
    let staff = world.staff();
    service::complete(&staff, &id).await.unwrap();
    assert_eq!(refused(service::reset_metrics(&staff, &id).await), (409, "wrong_state".into()));
    service::reset_urls(&staff, &id, true).await.unwrap();
    let reset = world.deliverable(&id).await;
    assert_eq!((reset.status, reset.completed_at, reset.metrics_submitted_at), (S::AwaitingPublish, None, None));
    assert_eq!(world.stats(&creator.id).await.total_completed, 0);
    let stored = world.campaign_now(&campaign).await;
    assert_eq!((stored.tally.with_url, stored.tally.with_metrics), (0, 0));
    world.assert_sound(&campaign).await;
}

#[tokio::test]
async fn a_cancelled_delivery_is_not_reset() {
    let world = World::new().await;
    let campaign = world.campaign(1, |_| {}).await;
    let (_, application, id) = world.confirmed(&campaign).await;
    canje::applications::service::cancel(&world.staff(), &application, "Sin stock".into()).await.unwrap();
    assert_eq!(refused(service::reset_urls(&world.staff(), &id, true).await), (409, "wrong_state".into()));
}
