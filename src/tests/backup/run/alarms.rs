//! Late backups, silent runs, and what watchdogs outside are told.

use std::time::Duration;

use bson::{Document, doc};
use canje::backup::model::{BackupId, Destination, Person, State, StoreKind, Trigger};
use canje::backup::record::BackupRun;
use canje::backup::run;
use canje::db::date;
use http::StatusCode;

use super::House;

const HOUR: Duration = Duration::from_secs(60 * 60);

/// A complete run of everything, so many hours ago, in these stores.
async fn complete(house: &House, hours: u32, stores: &[&str]) -> BackupId {
    let at = date(house.depot.clock.now() - HOUR * hours);
    let person = Person { user_id: None, name: "test".into() };
    let names = stores.iter().map(|name| (*name).to_owned()).collect();
    let mut run = BackupRun::queued(Trigger::Schedule, person, names, None, at);
    (run.status, run.is_active, run.taken_at) = (State::Complete, None, Some(at));
    run.destinations = stores.iter().map(|store| proven(store, at)).collect();
    house.depot.ops.stored::<BackupRun>().insert_one(&run).await.unwrap();
    run.id
}

fn proven(store: &str, at: bson::DateTime) -> Destination {
    Destination {
        store: store.into(),
        kind: StoreKind::Folder,
        place: "x".into(),
        prefix: "x".into(),
        bytes: 1,
        parts: 1,
        manifest_sha256: None,
        uploaded_at: Some(at),
        read_back_at: Some(at),
        ok: true,
        error: None,
        emptied_at: None,
    }
}

async fn asked(house: &House) -> (StatusCode, String) {
    let answer = house.app.browser().get("/health/backup").await;
    (answer.status, answer.text())
}

#[tokio::test]
async fn the_watchdog_is_told_that_there_is_a_young_backup() {
    let house = House::new().await;
    let late = (StatusCode::SERVICE_UNAVAILABLE, r#"{"status":"degraded","checks":{"daily":"fail"}}"#.to_owned());
    assert_eq!(asked(&house).await, late, "none at all");
    complete(&house, 27, &["offsite"]).await;
    assert_eq!(asked(&house).await, late, "too old");
    complete(&house, 1, &["/media/disk"]).await;
    assert_eq!(asked(&house).await, late, "a folder named once is no store that is watched");
    complete(&house, 25, &["offsite"]).await;
    assert_eq!(asked(&house).await, (StatusCode::OK, r#"{"status":"ok"}"#.to_owned()));
    house.app.app.clock.advance(HOUR * 2);
    assert_eq!(asked(&house).await, late);
}

#[tokio::test]
async fn a_failed_or_partial_backup_is_no_backup() {
    let house = House::new().await;
    let runs = house.depot.ops.stored::<BackupRun>();
    for other in [
        doc! { "status": "failed" },
        doc! { "status": "read-back" },
        doc! { "databases": ["one"] },
        doc! { "pruned_at": date(house.depot.clock.now()) },
        doc! { "destinations.0.ok": false },
    ] {
        let id = complete(&house, 1, &["offsite"]).await;
        runs.update_one(doc! { "_id": id.as_str() }, doc! { "$set": other.clone() }).await.unwrap();
        assert_eq!(asked(&house).await.0, StatusCode::SERVICE_UNAVAILABLE, "{other}");
    }
}

async fn schedule_since(house: &House, hours: u32) {
    let states = house.app.db.db.live.collection::<Document>("job_schedules");
    let since = date(house.depot.clock.now() - HOUR * hours);
    let state = doc! { "_id": "backups.daily", "expression": "0 3 * * *", "since": since };
    states.insert_one(state).await.unwrap();
}

#[tokio::test]
async fn lateness_is_told_once_until_it_is_over() {
    let house = House::new().await;
    let open = async |which: &str| {
        let told = house.incidents(&format!("backup:late:{which}")).await;
        told.iter().filter(|(_, is_open)| *is_open).count()
    };
    run::look_for_lateness(&house.depot).await.unwrap();
    assert_eq!(open("daily").await, 0, "nobody promised one yet");
    schedule_since(&house, 27).await;
    for _ in 0..3 {
        run::look_for_lateness(&house.depot).await.unwrap();
    }
    assert_eq!((open("daily").await, open("weekly").await), (1, 0));
    house.app.app.clock.advance(HOUR * 24 * 8);
    run::look_for_lateness(&house.depot).await.unwrap();
    assert_eq!((open("daily").await, open("weekly").await), (1, 1));
}

#[tokio::test]
async fn a_crashed_run_is_failed_by_its_missing_heartbeat() {
    let house = House::new().await;
    let silent = run::request(&house.depot, house.wanted()).await.unwrap();
    assert!(!run::fail_silent(&house.depot).await.unwrap(), "it has just begun");
    house.app.app.clock.advance(Duration::from_secs(6 * 60));
    assert!(run::fail_silent(&house.depot).await.unwrap());
    let failed = house.load(&silent.id).await;
    assert_eq!(failed.status, State::Failed);
    house.is_honest(&failed).await;
    assert_eq!(house.incidents("backup:failed").await.len(), 1);
    assert_eq!(house.journal(&silent.id).await, ["failed"]);

    let waiting = run::start(&house.depot, house.wanted()).await.unwrap();
    house.app.app.clock.advance(Duration::from_secs(6 * 60));
    assert!(!run::fail_silent(&house.depot).await.unwrap(), "its job waits and will resume it");
    assert_eq!(house.load(&waiting.id).await.status, State::Queued);
}

#[tokio::test]
async fn a_stuck_flag_does_not_block_the_next_run() {
    let house = House::new().await;
    let stuck = run::request(&house.depot, house.wanted()).await.unwrap();
    house.age(&stuck.id).await;
    super::is_proven(&house.take().await);
    assert_eq!(house.load(&stuck.id).await.status, State::Failed);
}

#[tokio::test]
async fn a_lock_nobody_holds_is_released() {
    let house = House::new().await;
    let gone = run::request(&house.depot, house.wanted()).await.unwrap();
    // Somebody tidied up by hand and forgot the lock.
    house.depot.ops.stored::<BackupRun>().delete_one(doc! { "_id": gone.id.as_str() }).await.unwrap();
    assert!(run::request(&house.depot, house.wanted()).await.is_ok());
}
