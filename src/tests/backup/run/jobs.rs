//! Runs as background work.

use bson::{Document, doc};
use canje::backup::jobs::{DailyBackup, TakeBackup, WatchBackups};
use canje::backup::model::State;
use canje::backup::run;
use canje::jobs::{When, enqueue};

use super::{House, is_proven};
use crate::support::TestApp;

#[tokio::test]
async fn state_lived_in_process_memory() {
    // What the button puts on record is all another process needs to take the backup.
    let mut house = House::new().await;
    house.yard.depot.stores.truncate(1);
    let asked = run::start(&house.depot, house.wanted()).await.unwrap();
    assert_eq!(house.load(&asked.id).await.status, State::Queued);
    let worked = house.app.work().await;
    assert_eq!((worked.done, worked.dead), (1, 0));
    let ended = house.load(&asked.id).await;
    is_proven(&ended);
    // Asked twice it is done once.
    let again = TakeBackup { id: asked.id.clone() };
    enqueue(&house.app.app.db, house.depot.clock.now(), &again, &TakeBackup::when(&asked.id)).await.unwrap();
    house.app.work().await;
    assert_eq!(house.load(&asked.id).await, ended);
}

#[tokio::test]
async fn a_schedule_without_a_store_says_so() {
    let app = TestApp::new().await;
    enqueue(&app.app.db, app.app.clock.now(), &DailyBackup {}, &When::default()).await.unwrap();
    assert_eq!(app.work().await.done, 1);
    let notices = app.db.db.live.collection::<Document>("system_notifications");
    let told = notices.find_one(doc! { "fingerprint": "backup:failed" }).await.unwrap().unwrap();
    assert_eq!(told.get_str("severity").unwrap(), "critical");
    assert!(told.get_str("message").unwrap().contains("destino"));
    assert!(told.get_datetime("notify_at").is_ok(), "it is mailed");
}

#[tokio::test]
async fn a_schedule_that_meets_another_run_comes_back() {
    let house = House::new().await;
    run::request(&house.depot, house.wanted()).await.unwrap();
    enqueue(&house.app.app.db, house.depot.clock.now(), &DailyBackup {}, &When::default()).await.unwrap();
    assert_eq!(house.app.work().await.done, 1);
    let jobs = house.app.db.db.live.collection::<Document>("jobs");
    let again = jobs.find_one(doc! { "job": "backups.daily" }).await.unwrap().unwrap();
    assert_eq!(again.get_str("state").unwrap(), "later");
}

#[tokio::test]
async fn the_watch_does_no_harm_when_all_is_well() {
    let house = House::new().await;
    enqueue(&house.app.app.db, house.depot.clock.now(), &WatchBackups {}, &When::default()).await.unwrap();
    assert_eq!(house.app.work().await.done, 1);
    let notices = house.app.db.db.live.collection::<Document>("system_notifications");
    assert_eq!(notices.count_documents(doc! {}).await.unwrap(), 0);
}
