//! Definitions that change while everything is read: it is read again, or the backup is refused with the reason.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::*;

async fn with_slow(test: &TestDb) {
    insert(test, test.name(), "a", &[doc! { "_id": 1, "n": 1 }]).await;
    let slow: Vec<_> = (0..20_000).map(|n| doc! { "_id": n, "text": "x".repeat(200) }).collect();
    insert(test, test.name(), "z", &slow).await;
}

#[tokio::test]
async fn an_index_made_meanwhile_means_reading_again() {
    let test = TestDb::new().await;
    with_slow(&test).await;
    let name = test.name().to_owned();
    let (sender, mut progress) = watch::channel(Progress::default());
    let meanwhile = async {
        reading(&mut progress, &format!("{name}.z")).await;
        let indexes = bson::bson!([{ "key": { "n": 1 }, "name": "by_n" }]);
        test.db.live.run_command(doc! { "createIndexes": "a", "indexes": indexes }).await.unwrap();
    };
    let (collected, ()) = collect_while(&test.db, &[&name], &usual(), meanwhile, sender).await;
    let (collected, folder) = collected.unwrap();
    let taken = apart(collected, folder).await;
    assert_eq!(taken.namespaces[0].indexes, 2, "the backup is of the time after it");
    assert_eq!(taken.evidence(Check::Fence).0, Outcome::Passed);
}

/// Goes on changing definitions, each way in turn forwards and back, while a backup is attempted.
async fn never_still(change: impl AsyncFn(&mongodb::Database, bool), names: &str) {
    let test = TestDb::new().await;
    with_slow(&test).await;
    let over = AtomicBool::new(false);
    let effort = Effort { attempts: 3, pause: Duration::from_millis(5), ..usual() };
    let name = test.name().to_owned();
    let databases = [name.as_str()];
    let collecting = async {
        let collected = collect(&test.db, &databases, &effort).await;
        over.store(true, Ordering::SeqCst);
        collected
    };
    let changing = async {
        let mut forwards = true;
        while !over.load(Ordering::SeqCst) {
            change(&test.db.live, forwards).await;
            forwards = !forwards;
        }
    };
    let (collected, ()) = tokio::join!(collecting, changing);
    let Err(TakeError::Refused { findings, checks }) = collected else { panic!("{names}: accepted") };
    assert_eq!(findings[0].check, Check::Fence, "{findings:?}");
    assert!(findings[0].detail.contains("3 intentos"), "{}", findings[0].detail);
    assert!(findings[0].remedy.is_some());
    assert!(checks.iter().any(|check| check.check == Check::Fence && check.outcome == Outcome::Failed));
}

async fn run(database: &mongodb::Database, command: Document) {
    database.run_command(command).await.unwrap();
}

#[tokio::test]
async fn collections_created_and_dropped_all_the_time_refuse_it() {
    let change = async |database: &mongodb::Database, forwards: bool| match forwards {
        true => run(database, doc! { "create": "new" }).await,
        false => run(database, doc! { "drop": "new" }).await,
    };
    never_still(change, "create and drop").await;
}

#[tokio::test]
async fn a_collection_recreated_all_the_time_refuses_it() {
    let change = async |database: &mongodb::Database, _: bool| {
        run(database, doc! { "drop": "a" }).await;
        run(database, doc! { "create": "a" }).await;
    };
    never_still(change, "drop and recreate").await;
}

#[tokio::test]
async fn a_collection_renamed_all_the_time_refuses_it() {
    let change = async |database: &mongodb::Database, forwards: bool| {
        let (from, to) = if forwards { ("a", "b") } else { ("b", "a") };
        let name = database.name();
        let rename = doc! { "renameCollection": format!("{name}.{from}"), "to": format!("{name}.{to}") };
        run(&database.client().database("admin"), rename).await;
    };
    never_still(change, "rename").await;
}

#[tokio::test]
async fn an_index_made_and_dropped_all_the_time_refuses_it() {
    let change = async |database: &mongodb::Database, forwards: bool| match forwards {
        true => {
            let indexes = bson::bson!([{ "key": { "n": 1 }, "name": "by_n" }]);
            run(database, doc! { "createIndexes": "a", "indexes": indexes }).await;
        }
        false => run(database, doc! { "dropIndexes": "a", "index": "by_n" }).await,
    };
    never_still(change, "index").await;
}

#[tokio::test]
async fn a_validator_changed_all_the_time_refuses_it() {
    let change = async |database: &mongodb::Database, forwards: bool| {
        let n = if forwards { 1 } else { 2 };
        run(database, doc! { "collMod": "a", "validator": { "n": { "$gte": n } } }).await;
    };
    never_still(change, "validator").await;
}

#[tokio::test]
async fn other_databases_may_change_as_they_like() {
    let test = TestDb::new().await;
    with_slow(&test).await;
    let other = test.db.client.database(&test.sibling("other"));
    let name = test.name().to_owned();
    let over = AtomicBool::new(false);
    let databases = [name.as_str()];
    let effort = Effort { attempts: 1, ..usual() };
    let collecting = async {
        let collected = collect(&test.db, &databases, &effort).await;
        over.store(true, Ordering::SeqCst);
        collected
    };
    let changing = async {
        while !over.load(Ordering::SeqCst) {
            run(&other, doc! { "create": "c" }).await;
            run(&other, doc! { "drop": "c" }).await;
        }
    };
    let (collected, ()) = tokio::join!(collecting, changing);
    assert_eq!(collected.unwrap().0.label, Label::Transaction);
}
