//! Leases and clocks: who may run a job when workers go away, and when the time isn't what it was.

use std::time::Duration;

use bson::{Document, doc};
use canje::jobs::{Job, Registry, Run, When, enqueue};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Gated, Working, all, gate, open_gate};
use crate::support::{TestApp, eventually};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn registry() -> Registry {
    Registry::default().job::<Gated>().job::<FailsOnce>()
}

async fn put(app: &TestApp, now: Timestamp, name: &str) {
    enqueue(&app.db.db, now, &Gated { name: name.into() }, &When::default()).await.unwrap();
}

/// Waits until every worker that holds a lock has beaten so often.
async fn beats(app: &TestApp, count: i64) {
    let before = all(app, "job_locks", doc! {}).await;
    eventually("the workers beat", async || {
        let now = all(app, "job_locks", doc! {}).await;
        let beat = |lock: &Document| lock.get_i64("beat").unwrap();
        let is_past = |lock: &Document| {
            let then = before
                .iter()
                .find(|other| other.get_str("_id").unwrap() == lock.get_str("_id").unwrap())
                .map_or(0, beat);
            beat(lock) >= then + count
        };
        now.iter().all(is_past).then_some(())
    })
    .await;
}

async fn begun(app: &TestApp, name: &str, times: i32) {
    eventually("the job begins", async || gate(app, name).await.get_i32("begun").ok().filter(|begun| *begun >= times))
        .await;
}

async fn queue_is_empty(app: &TestApp) {
    eventually("the queue is empty", async || all(app, "jobs", doc! {}).await.is_empty().then_some(())).await;
}

#[tokio::test]
async fn a_job_that_takes_long_is_left_to_its_worker_whatever_the_clocks_say() {
    let app = TestApp::new().await;
    let now = app.app.clock.now();
    put(&app, now, "long").await;
    let first = Working::start(&app.app, registry());
    begun(&app, "long", 1).await;
    let ahead = Working::start(&app.instance(now + DAY).await, registry());
    let behind = Working::start(&app.instance(now - DAY).await, registry());
    // Twice the lease: whoever went by a clock would have taken the job over.
    beats(&app, 20).await;
    app.app.clock.advance(DAY * 2);
    beats(&app, 20).await;
    open_gate(&app, "long").await;
    queue_is_empty(&app).await;
    let seen = gate(&app, "long").await;
    assert_eq!((seen.get_i32("begun").unwrap(), seen.get_i32("effects").unwrap()), (1, 1));
    for worker in [first, ahead, behind] {
        worker.stop().await;
    }
    assert!(all(&app, "job_locks", doc! {}).await.is_empty(), "workers that stop give their locks back");
}

#[tokio::test]
async fn the_jobs_of_a_silent_worker_wait_again() {
    let app = TestApp::new().await;
    let now = app.app.clock.now();
    for (name, lock) in [("with a lock", true), ("without one", false)] {
        put(&app, now, name).await;
        let held = doc! { "state": "running", "holder": name, "token": name };
        let jobs = app.db.db.live.collection::<Document>("jobs");
        jobs.update_one(doc! { "data.name": name }, doc! { "$set": held }).await.unwrap();
        if lock {
            let date = bson::DateTime::now();
            let lock = doc! { "_id": name, "beat": 7_i64, "pid": 1, "started_at": date, "seen_at": date };
            app.db.db.live.collection::<Document>("job_locks").insert_one(lock).await.unwrap();
        }
        open_gate(&app, name).await;
    }
    let worker = Working::start(&app.app, registry());
    queue_is_empty(&app).await;
    for name in ["with a lock", "without one"] {
        assert_eq!(gate(&app, name).await.get_i32("effects").unwrap(), 1, "{name}");
    }
    worker.stop().await;
}

#[tokio::test]
async fn a_worker_thought_dead_writes_nothing_more() {
    let app = TestApp::new().await;
    let now = app.app.clock.now();
    put(&app, now, "fenced").await;
    let first = Working::start(&app.app, registry());
    begun(&app, "fenced", 1).await;
    let second = Working::start(&app.instance(now).await, registry());
    eventually("the second worker has its lock", async || {
        (all(&app, "job_locks", doc! {}).await.len() == 2).then_some(())
    })
    .await;
    // What a watcher does when it finds a worker silent.
    let holder = all(&app, "jobs", doc! {}).await[0].get_str("holder").unwrap().to_owned();
    let live = &app.db.db.live;
    live.collection::<Document>("job_locks").delete_one(doc! { "_id": &holder }).await.unwrap();
    let freed = doc! { "$set": { "state": "ready" }, "$unset": { "holder": "", "token": "" } };
    live.collection::<Document>("jobs").update_one(doc! { "holder": &holder }, freed).await.unwrap();
    begun(&app, "fenced", 2).await;
    open_gate(&app, "fenced").await;
    queue_is_empty(&app).await;
    assert_eq!(gate(&app, "fenced").await.get_i32("effects").unwrap(), 1, "only the one that holds it does it");
    let locks = all(&app, "job_locks", doc! {}).await;
    assert!(locks.iter().all(|lock| lock.get_str("_id").unwrap() != holder), "the first came back under another name");
    first.stop().await;
    second.stop().await;
}

/// Fails the first time.
#[derive(Serialize, Deserialize)]
struct FailsOnce {
    name: String,
}

impl Job for FailsOnce {
    const NAME: &'static str = "test.fails_once";

    async fn run(self, run: Run) -> anyhow::Result<()> {
        anyhow::ensure!(run.attempt > 1, "the first time");
        open_by(&run, &self.name).await
    }
}

async fn open_by(run: &Run, name: &str) -> anyhow::Result<()> {
    let gates = run.app.db.live.collection::<Document>("gates");
    gates.update_one(doc! { "_id": name }, doc! { "$inc": { "effects": 1 } }).upsert(true).await?;
    Ok(())
}

#[tokio::test]
async fn nothing_starves_when_a_clock_that_was_ahead_is_put_right() {
    let app = TestApp::new().await;
    let now = app.app.clock.now();
    let ahead = app.instance(now + DAY).await;
    // Made while the clock was a day ahead: one at once, and one that failed and waits for its back-off.
    put(&app, ahead.clock.now(), "at once").await;
    open_gate(&app, "at once").await;
    enqueue(&app.db.db, ahead.clock.now(), &FailsOnce { name: "again".into() }, &When::default()).await.unwrap();
    let only_failing = Registry::default().job::<FailsOnce>();
    canje::jobs::work_off(&ahead, &only_failing).await.unwrap();
    assert_eq!(all(&app, "jobs", doc! { "state": "later" }).await.len(), 2, "both wait for a time that is far off");
    let worker = Working::start(&app.app, registry());
    queue_is_empty(&app).await;
    assert_eq!(gate(&app, "again").await.get_i32("effects").unwrap(), 1);
    assert_eq!(gate(&app, "at once").await.get_i32("effects").unwrap(), 1);
    worker.stop().await;
}

#[tokio::test]
async fn a_long_job_keeps_no_short_one_waiting() {
    let app = TestApp::new().await;
    let now = app.app.clock.now();
    for n in 0..8 {
        put(&app, now, &format!("long {n}")).await;
    }
    let worker = Working::start(&app.app, registry());
    begun(&app, "long 0", 1).await;
    enqueue(&app.db.db, now, &FailsOnce { name: "short".into() }, &When::default()).await.unwrap();
    eventually("the short job had its turn", async || all(&app, "jobs", doc! { "failures": 1 }).await.pop().map(drop))
        .await;
    for n in 0..8 {
        open_gate(&app, &format!("long {n}")).await;
    }
    app.app.clock.advance(Duration::from_secs(60));
    queue_is_empty(&app).await;
    worker.stop().await;
}

#[tokio::test]
async fn a_stopping_worker_gives_its_jobs_back_unharmed() {
    let app = TestApp::new().await;
    let now = app.app.clock.now();
    put(&app, now, "unfinished").await;
    let instance = app.instance(now).await;
    let worker = Working::start(&instance, registry());
    begun(&app, "unfinished", 1).await;
    worker.stop().await;
    let waiting = &all(&app, "jobs", doc! {}).await[0];
    assert_eq!(waiting.get_str("state").unwrap(), "ready");
    assert_eq!((waiting.get_i64("failures").unwrap_or(0), waiting.get_i64("interruptions").unwrap_or(0)), (0, 0));
    open_gate(&app, "unfinished").await;
    assert_eq!(canje::jobs::work_off(&app.app, &registry()).await.unwrap().done, 1);
}
