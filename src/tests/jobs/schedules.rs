//! Schedules: each occurrence once, over any number of processes. The old system ran its jobs inside each web process, in
//! UTC, with no lock and no history; a restart could run them twice or not at all.

use std::time::Duration;

use bson::{Document, doc};
use canje::jobs::{self, Job, Registry, Run, When};
use serde::{Deserialize, Serialize};

use super::{Working, all};
use crate::support::{TestApp, eventually};

/// Writes its run into `ticks`.
#[derive(Default, Serialize, Deserialize)]
struct Tick {}

impl Job for Tick {
    const NAME: &'static str = "test.tick";

    async fn run(self, run: Run) -> anyhow::Result<()> {
        let ticks = run.app.db.live.collection::<Document>("ticks");
        ticks.insert_one(doc! { "run": &run.id }).await?;
        run.result("ticked");
        Ok(())
    }
}

const MINUTE: Duration = Duration::from_secs(60);

fn every_minute() -> Registry {
    Registry::default().every::<Tick>(MINUTE)
}

async fn is_known(app: &TestApp) {
    eventually("the schedule is known", async || all(app, "job_schedules", doc! {}).await.pop()).await;
}

/// Waits until so many runs are done and nothing else is queued.
async fn done(app: &TestApp, count: usize) {
    eventually("the runs are done", async || {
        let is_done = all(app, "job_runs", doc! { "status": "done" }).await.len() >= count;
        (is_done && all(app, "jobs", doc! {}).await.is_empty()).then_some(())
    })
    .await;
}

#[tokio::test]
async fn two_processes_run_each_occurrence_once() {
    let app = TestApp::new().await;
    let other = app.instance(app.app.clock.now()).await;
    let workers = [Working::start(&app.app, every_minute()), Working::start(&other, every_minute())];
    is_known(&app).await;
    for round in 1..=6 {
        app.app.clock.advance(MINUTE);
        other.clock.advance(MINUTE);
        done(&app, round).await;
    }
    for worker in workers {
        worker.stop().await;
    }
    let (ticks, runs) = (all(&app, "ticks", doc! {}).await, all(&app, "job_runs", doc! {}).await);
    assert_eq!((ticks.len(), runs.len()), (6, 6));
    let mut occurrences: Vec<_> = runs.iter().map(|run| run.get_datetime("scheduled_for").unwrap()).collect();
    occurrences.sort();
    occurrences.dedup();
    assert_eq!(occurrences.len(), 6);
    for run in runs {
        assert_eq!((run.get_str("status").unwrap(), run.get_str("result").unwrap()), ("done", "ticked"));
        assert!(run.contains_key("started_at") && run.contains_key("finished_at") && run.contains_key("expires_at"));
    }
}

#[tokio::test]
async fn what_was_missed_runs_at_the_start_and_only_the_latest() {
    let app = TestApp::new().await;
    let now = app.app.clock.now();
    let first = app.instance(now).await;
    let worker = Working::start(&first, every_minute());
    is_known(&app).await;
    worker.stop().await;
    assert!(all(&app, "job_runs", doc! {}).await.is_empty(), "a new schedule has missed nothing");
    for start in 1..=2_u64 {
        // An hour without any process: sixty occurrences.
        let later = app.instance(now + Duration::from_secs(3_600) * start as u32).await;
        let worker = Working::start(&later, every_minute());
        done(&app, start as usize).await;
        worker.stop().await;
        assert_eq!(all(&app, "ticks", doc! {}).await.len() as u64, start);
    }
    // A restart within the same minute runs nothing again.
    let again = app.instance(now + Duration::from_secs(7_230)).await;
    let worker = Working::start(&again, every_minute());
    eventually("the worker has its lock", async || all(&app, "job_locks", doc! {}).await.pop()).await;
    worker.stop().await;
    assert_eq!(all(&app, "ticks", doc! {}).await.len(), 2);
}

#[tokio::test]
async fn a_clock_that_jumps_ahead_and_back_runs_no_occurrence_twice() {
    let app = TestApp::new().await;
    let now = app.app.clock.now();
    let worker = Working::start(&app.app, every_minute());
    is_known(&app).await;
    app.app.clock.advance(MINUTE);
    done(&app, 1).await;
    let day = Duration::from_secs(24 * 60 * 60);
    app.app.clock.advance(day);
    done(&app, 2).await;
    worker.stop().await;
    // Back where it should be: the next minutes run as ever.
    let right = app.instance(now + MINUTE).await;
    let worker = Working::start(&right, every_minute());
    right.clock.advance(MINUTE);
    done(&app, 3).await;
    // And when the day comes, its minute has run already.
    right.clock.advance(day - MINUTE);
    eventually("its next minute", async || {
        right.clock.advance(MINUTE);
        (all(&app, "ticks", doc! {}).await.len() >= 4).then_some(())
    })
    .await;
    worker.stop().await;
    let runs = all(&app, "ticks", doc! {}).await;
    let mut ids: Vec<_> = runs.iter().map(|tick| tick.get_str("run").unwrap()).collect();
    ids.sort_unstable();
    let count = ids.len();
    ids.dedup();
    assert_eq!(ids.len(), count, "{ids:?}");
}

/// Work of the collections that are adopted.
#[derive(Serialize, Deserialize)]
struct Business {}

impl Job for Business {
    const NAME: &'static str = "test.business";
    const BUSINESS: bool = true;

    async fn run(self, run: Run) -> anyhow::Result<()> {
        run.app.db.live.collection::<Document>("effects").insert_one(doc! {}).await?;
        Ok(())
    }
}

#[tokio::test]
async fn a_job_that_runs_once_isnt_lost_to_a_sign_that_is_seconds_old() {
    let app = TestApp::new().await;
    let (db, now) = (&app.db.db, app.app.clock.now());
    let states = db.live.collection::<Document>("adopt_state");
    let mirror = doc! { "_id": "mirror", "state": "mirroring", "source": "legacy", "since": bson::DateTime::now() };
    states.insert_one(mirror).await.unwrap();
    let worker = app.instance(now).await;
    assert!(worker.mirror.is_up());
    let registry = Registry::default().job::<Business>();
    for (state, expected) in [("mirroring", 0), ("finished", 1)] {
        states.update_one(doc! { "_id": "mirror" }, doc! { "$set": { "state": state } }).await.unwrap();
        jobs::enqueue(db, now, &Business {}, &When::default()).await.unwrap();
        assert_eq!(jobs::work_off(&worker, &registry).await.unwrap().done, 1);
        let effects = db.live.collection::<Document>("effects").count_documents(doc! {}).await.unwrap();
        assert_eq!(effects, expected, "{state}");
    }
}
