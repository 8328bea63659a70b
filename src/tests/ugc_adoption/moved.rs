//! A demonstration's dates are moved by whole days, all alike, once and for good.

use bson::{DateTime, Document};
use canje::adopt::{AdoptError, Adoption, Report, state};
use canje::applications::Application;
use canje::campaigns::Campaign;
use canje::creators::Creator;
use canje::db::Stored;
use canje::deliverables::Deliverable;

use super::{all, demo, raw};
use crate::support::Legacy;

const DAYS: i32 = 293;

async fn moved(legacy: &Legacy, shift_days: i32) -> Result<Report, AdoptError> {
    Adoption { shift_days, ..legacy.adoption() }.run().await
}

fn days_between(before: DateTime, after: DateTime) -> f64 {
    (after.timestamp_millis() - before.timestamp_millis()) as f64 / 86_400_000.0
}

#[tokio::test]
async fn business_dates_move_by_whole_days_and_births_stay() {
    let (still, shifted) = (demo().await, demo().await);
    moved(&still, 0).await.unwrap();
    moved(&shifted, DAYS).await.unwrap();
    assert_eq!(state::find(shifted.db()).await.unwrap().unwrap().shift_days, DAYS);

    let before: Vec<Deliverable> = all(still.db()).await;
    for one in &before {
        let after: Deliverable =
            bson::deserialize_from_document(raw(&shifted, Deliverable::COLLECTION, one.id.as_str()).await).unwrap();
        for (before, after) in [
            (one.url_deadline, after.url_deadline),
            (one.metrics_deadline, after.metrics_deadline),
            (one.confirmed_at, after.confirmed_at),
            (one.published_at, after.published_at),
            (Some(one.created_at), Some(after.created_at)),
        ] {
            match (before, after) {
                (Some(before), Some(after)) => assert_eq!(days_between(before, after), f64::from(DAYS)),
                (before, after) => assert_eq!(before, after),
            }
        }
        assert_eq!((one.status, one.is_on_time), (after.status, after.is_on_time));
    }
    let before: Vec<Campaign> = all(still.db()).await;
    for one in &before {
        let after: Campaign =
            bson::deserialize_from_document(raw(&shifted, Campaign::COLLECTION, one.id.as_str()).await).unwrap();
        let (contract, moved) = (one.contract.as_ref().unwrap(), after.contract.as_ref().unwrap());
        assert_eq!(moved.start_date.days_since(contract.start_date), DAYS);
        assert_eq!(moved.end_date.days_since(contract.end_date), DAYS);
        let (timeline, moved) = (&one.timeline, &after.timeline);
        assert_eq!(moved.applications_deadline.days_since(timeline.applications_deadline), DAYS);
    }
    let before: Vec<Creator> = all(still.db()).await;
    for one in before.iter().filter(|one| one.birth_date.is_some()).take(20) {
        let after = raw(&shifted, Creator::COLLECTION, one.id.as_str()).await;
        assert_eq!(after.get_str("birth_date").unwrap(), one.birth_date.unwrap().to_string());
    }
    // A wait ends on a business day, wherever it was moved to.
    let waiting: Vec<Application> = all(shifted.db()).await;
    let calendar = canje::waits::Calendar::default();
    for wait in waiting.iter().filter_map(|one| one.waiting.as_ref()) {
        let due = canje::db::timestamp(wait.due_at).unwrap();
        assert!(calendar.is_business_day(canje::values::LocalDate::of(due)));
    }
}

#[tokio::test]
async fn the_number_of_days_is_fixed_by_the_first_adoption() {
    let legacy = demo().await;
    moved(&legacy, DAYS).await.unwrap();
    for other in [0, DAYS + 1] {
        assert_eq!(moved(&legacy, other).await.unwrap_err().code(), "other_shift");
    }
    let again = moved(&legacy, DAYS).await.unwrap();
    assert!(again.rules.iter().all(|rule| rule.written == 0 && rule.moved == 0));
    let unmoved = demo().await;
    moved(&unmoved, 0).await.unwrap();
    assert_eq!(moved(&unmoved, DAYS).await.unwrap_err().code(), "other_shift");
    let state: Document =
        unmoved.db().live.collection("adopt_state").find_one(bson::doc! { "_id": "mirror" }).await.unwrap().unwrap();
    assert!(!state.contains_key("shift_days"), "without the option nothing moves, and nothing says so");
}

#[tokio::test]
async fn after_the_move_the_demonstration_is_alive() {
    let legacy = demo().await;
    let now = jiff::Timestamp::now();
    Adoption { finish: true, shift_days: canje::demo::shift_days(now), ..legacy.adoption() }.run().await.unwrap();
    let today = canje::values::LocalDate::of(now);
    let campaigns: Vec<Campaign> = all(legacy.db()).await;
    for campaign in &campaigns {
        assert!(campaign.is_public() && campaign.is_contract_in_force(today) && campaign.available_slots() > 0);
        assert!(campaign.timeline.applications_deadline >= today);
    }
    let delivery = raw(&legacy, Deliverable::COLLECTION, "b716ad5e-6e5d-4805-990a-5d3baf697efa").await;
    let due = delivery.get_datetime("owes_url_by").unwrap();
    assert!(*due > canje::db::date(now), "the demo creator has a deadline ahead");
}
