//! Workers that are killed and a database that goes away.
//!
//! `CANJE_SOAK_ROUNDS` makes it last: so many kills, and ten thousand jobs.

use std::ffi::OsStr;
use std::path::Path;

use bson::{Document, doc};
use canje::db::embedded::Embedded;
use canje::db::{Db, Settings};
use canje::jobs::trial::Ledger;
use canje::jobs::{COLLECTIONS, When, enqueue_all_in};

use crate::process::site;
use crate::support::{Program, TestDb, eventually};

/// Kills and jobs.
fn soak() -> (usize, i64) {
    match std::env::var("CANJE_SOAK_ROUNDS") {
        Ok(rounds) => (rounds.parse::<usize>().expect("a number").min(60), 10_000),
        Err(_) => (4, 600),
    }
}

async fn fill(db: &Db, count: i64, takes_ms: u64) {
    db.prepare(&COLLECTIONS).await.unwrap();
    let now = jiff::Timestamp::now();
    let numbers: Vec<i64> = (0..count).collect();
    for some in numbers.chunks(500) {
        let jobs: Vec<_> =
            some.iter().map(|number| (Ledger { number: *number, takes_ms, fails: false }, When::default())).collect();
        let jobs = &jobs;
        canje::db::with_transaction(db, |session| {
            Box::pin(async move { enqueue_all_in(session, db, now, jobs).await })
        })
        .await
        .unwrap();
    }
}

async fn booked(db: &Db) -> u64 {
    db.live.collection::<Document>("trial_ledger").count_documents(doc! {}).await.unwrap_or(0)
}

/// Everything is in the ledger once, nothing is left and nothing died.
async fn is_whole(db: &Db, count: i64) {
    eventually("all jobs are done", async || {
        (db.live.collection::<Document>("jobs").count_documents(doc! {}).await.ok()? == 0).then_some(())
    })
    .await;
    let ledger = db.live.collection::<Document>("trial_ledger");
    assert_eq!(ledger.count_documents(doc! {}).await.unwrap(), count as u64, "none is lost");
    assert_eq!(ledger.count_documents(doc! { "effect": 1 }).await.unwrap(), count as u64, "each effect once");
    let dead = db.live.collection::<Document>("job_runs").count_documents(doc! { "status": "dead" }).await.unwrap();
    assert_eq!(dead, 0);
}

fn worker(site: &Path, uri: &str, database: &str, data_dir: &Path) -> Program {
    Program::start(
        &["worker", "--lease-ms", "1500"],
        [
            ("CANJE_SECRET_KEY", OsStr::new("only-for-tests-only-for-tests-only-for-tests")),
            ("LEPTOS_SITE_ROOT", site.as_os_str()),
            ("MONGODB_URI", OsStr::new(uri)),
            ("CANJE_DB", OsStr::new(database)),
            ("CANJE_DATA_DIR", data_dir.as_os_str()),
            ("RUST_LOG", OsStr::new("warn")),
        ],
    )
}

#[tokio::test]
async fn three_workers_killed_at_random_lose_nothing_and_do_nothing_twice() {
    let (kills, count) = soak();
    let files = tempfile::tempdir().unwrap();
    let (site, test) = (site(files.path()), TestDb::new().await);
    let start = || worker(&site, &test.settings.uri, test.name(), files.path());
    fill(&test.db, count, 40).await;
    let mut workers: Vec<_> = (0..3).map(|_| start()).collect();
    for kill in 0..kills {
        // A moment that differs each time: in the middle of whatever is going on when so much is done.
        let share = (count as u64 * 9 / 10) * (kill as u64 + 1) / (kills as u64 + 1);
        let moment = share + u64::from(uuid::Uuid::new_v4().as_bytes()[0]) % (count as u64 / 20);
        eventually("work goes on", async || (booked(&test.db).await >= moment).then_some(())).await;
        let victim = usize::from(uuid::Uuid::new_v4().as_bytes()[0]) % workers.len();
        let killed = std::mem::replace(&mut workers[victim], start());
        killed.signal("KILL").await;
        assert!(!killed.ended().await.success());
    }
    is_whole(&test.db, count).await;
    for worker in workers {
        worker.signal("TERM").await;
        assert!(worker.ended().await.success());
    }
}

#[tokio::test]
async fn a_database_that_restarts_costs_time_and_no_job() {
    let files = tempfile::tempdir().unwrap();
    let (site, data_dir) = (site(files.path()), files.path().join("data"));
    let engine = Embedded::start_or_join(&data_dir, &|_| {}).await.unwrap();
    let uri = engine.uri();
    let settings =
        Settings { uri: uri.clone(), live_db: "test".into(), ops_db: "canje_ops".into(), read_only_uri: None };
    let db = Db::connect(&settings).await.unwrap();
    fill(&db, 400, 30).await;
    let mut program = worker(&site, &uri, "test", &data_dir);
    program.says("en marcha").await;
    eventually("work goes on", async || (booked(&db).await >= 50).then_some(())).await;
    engine.stop().await;
    let engine = Embedded::start_or_join(&data_dir, &|_| {}).await.unwrap();
    assert_eq!(engine.uri(), uri);
    is_whole(&db, 400).await;
    program.signal("TERM").await;
    assert!(program.ended().await.success());
    engine.stop().await;
}
