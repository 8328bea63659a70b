//! The nightly comparison: what it tells, and that it repairs nothing.

use bson::doc;
use canje::applications::invariants::{CheckInvariants, Rule, check, check_campaign};
use canje::applications::model::Application;
use canje::deliverables::Deliverable;
use canje::jobs::{self, When};
use canje::notifications::{State, SystemNotice};
use futures::TryStreamExt;

use crate::applications::world::World;

async fn run(world: &World) -> Vec<SystemNotice> {
    let app = &world.test.app;
    jobs::enqueue(&app.db, app.clock.now(), &CheckInvariants, &When::default()).await.unwrap();
    world.test.work().await;
    let about = doc! { "fingerprint": "ugc:invariants" };
    app.db.stored::<SystemNotice>().find(about).await.unwrap().try_collect().await.unwrap()
}

#[tokio::test]
async fn it_tells_what_differs_repairs_nothing_and_ends_when_it_is_put_right() {
    let world = World::new().await;
    let campaign = world.campaign(3, |_| {}).await;
    world.confirmed(&campaign).await;
    assert!(run(&world).await.is_empty(), "nothing differs, nothing is told");
    world.set_campaign(&campaign, doc! { "slots_filled": 2 }).await;
    world.wait(24);
    let told = run(&world).await;
    assert_eq!(told.len(), 1);
    assert!(told[0].message.contains("1 diferencia"), "{}", told[0].message);
    assert_eq!(world.campaign_now(&campaign).await.slots_filled, 2, "nothing is repaired");
    world.set_campaign(&campaign, doc! { "slots_filled": 1 }).await;
    world.wait(24);
    let told = run(&world).await;
    assert_eq!((told.len(), told[0].state), (1, State::Resolved));
}

#[tokio::test]
async fn every_kind_of_difference_is_found() {
    let world = World::new().await;
    let campaign = world.campaign(3, |_| {}).await;
    let (_, application, delivery) = world.confirmed(&campaign).await;
    let db = &world.test.app.db;
    let (asked, deliveries) = (db.stored::<Application>(), db.stored::<Deliverable>());
    world.assert_sound(&campaign).await;

    world.set_campaign(&campaign, doc! { "tally.applied": 4 }).await;
    let early = bson::DateTime::from_millis(0);
    let moved = doc! { "$set": { "url_deadline": early } };
    asked.update_one(doc! { "id": &application }, moved).await.unwrap();
    let forgotten = doc! { "$unset": { "waiting": "", "owes_metrics_by": "" }, "$set": { "status": "published" } };
    deliveries.update_one(doc! { "id": &delivery }, forgotten).await.unwrap();
    let mut found: Vec<_> = check_campaign(db, &campaign).await.unwrap().into_iter().map(|one| one.rule).collect();
    found.sort_unstable();
    assert_eq!(found, [Rule::Tally, Rule::Deadlines, Rule::Owed, Rule::Waiting, Rule::State]);

    deliveries.delete_one(doc! { "id": &delivery }).await.unwrap();
    let found = check(db).await.unwrap();
    assert!(found.iter().any(|one| one.rule == Rule::OneDelivery), "{found:?}");
}
