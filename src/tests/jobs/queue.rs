//! The queue and what becomes of jobs.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use bson::{Document, doc};
use canje::db::with_transaction;
use canje::jobs::{Job, Registry, Run, When, backlog, enqueue, enqueue_all_in, enqueue_in, work_off};
use serde::{Deserialize, Serialize};

use crate::support::TestApp;

/// Counts its runs in `counted`; fails as long as it is told to.
#[derive(Default, Serialize, Deserialize)]
struct Count {
    name: String,
    fails: bool,
    panics: bool,
}

impl Job for Count {
    const NAME: &'static str = "test.count";
    const ATTEMPTS: u32 = 3;

    async fn run(self, run: Run) -> anyhow::Result<()> {
        let counted = run.app.db.live.collection::<Document>("counted");
        counted.update_one(doc! { "_id": &self.name }, doc! { "$inc": { "runs": 1 } }).upsert(true).await?;
        assert!(!self.panics, "it panics");
        anyhow::ensure!(!self.fails, "it fails for ana@example.com");
        Ok(())
    }
}

fn count(name: &str) -> Count {
    Count { name: name.into(), ..Count::default() }
}

fn registry() -> Registry {
    Registry::default().job::<Count>()
}

async fn runs(app: &TestApp, name: &str) -> i32 {
    let counted = app.db.db.live.collection::<Document>("counted");
    counted.find_one(doc! { "_id": name }).await.unwrap().map_or(0, |found| found.get_i32("runs").unwrap())
}

async fn queued(app: &TestApp) -> u64 {
    app.db.db.live.collection::<Document>("jobs").count_documents(doc! {}).await.unwrap()
}

async fn dead(app: &TestApp) -> Vec<Document> {
    use futures::TryStreamExt;
    let runs = app.db.db.live.collection::<Document>("job_runs");
    runs.find(doc! { "status": "dead" }).await.unwrap().try_collect().await.unwrap()
}

#[tokio::test]
async fn a_job_runs_once_and_leaves_nothing() {
    let app = TestApp::new().await;
    enqueue(&app.db.db, app.app.clock.now(), &count("a"), &When::default()).await.unwrap();
    let worked = work_off(&app.app, &registry()).await.unwrap();
    assert_eq!((worked.done, worked.retried, worked.dead), (1, 0, 0));
    assert_eq!((runs(&app, "a").await, queued(&app).await), (1, 0));
    assert_eq!(work_off(&app.app, &registry()).await.unwrap().done, 0);
}

#[tokio::test]
async fn an_aborted_transaction_enqueues_nothing() {
    let app = TestApp::new().await;
    let (db, now) = (&app.db.db, app.app.clock.now());
    let key = When { key: Some("k".into()), ..When::default() };
    for aborts in [true, false] {
        let key = &key;
        let ended = with_transaction(db, |session| {
            Box::pin(async move {
                enqueue_in(session, db, now, &count("in"), &When::default()).await?;
                enqueue_in(session, db, now, &count("keyed"), key).await?;
                enqueue_all_in(session, db, now, &[(count("many"), When::default()), (count("keyed"), key.clone())])
                    .await?;
                anyhow::ensure!(!aborts, "abort");
                Ok(())
            })
        })
        .await;
        assert_eq!(ended.is_err(), aborts);
        assert_eq!(queued(&app).await, if aborts { 0 } else { 3 });
    }
    assert_eq!(work_off(&app.app, &registry()).await.unwrap().done, 3);
}

#[tokio::test]
async fn a_job_with_a_key_waits_once() {
    let app = TestApp::new().await;
    let (db, now) = (&app.db.db, app.app.clock.now());
    let key = When { key: Some("once".into()), ..When::default() };
    let together = (0..8).map(|_| async { enqueue(db, now, &count("k"), &key).await });
    futures::future::try_join_all(together).await.unwrap();
    assert_eq!(queued(&app).await, 1);
    assert_eq!(work_off(&app.app, &registry()).await.unwrap().done, 1);
    enqueue(db, now, &count("k"), &key).await.unwrap();
    assert_eq!(work_off(&app.app, &registry()).await.unwrap().done, 1, "the key is free again");
}

#[derive(Serialize, Deserialize)]
struct AsksAgain {
    left: u32,
}

impl Job for AsksAgain {
    const NAME: &'static str = "test.ask_again";

    async fn run(self, run: Run) -> anyhow::Result<()> {
        static RUNS: AtomicU32 = AtomicU32::new(0);
        let again = When { key: Some("again".into()), ..When::default() };
        if RUNS.fetch_add(1, Ordering::SeqCst) < self.left {
            enqueue(&run.app.db, run.app.clock.now(), &self, &again).await?;
        }
        Ok(())
    }
}

#[tokio::test]
async fn what_is_asked_for_while_it_runs_runs_once_more() {
    let app = TestApp::new().await;
    let key = When { key: Some("again".into()), ..When::default() };
    enqueue(&app.db.db, app.app.clock.now(), &AsksAgain { left: 2 }, &key).await.unwrap();
    let registry = Registry::default().job::<AsksAgain>();
    assert_eq!(work_off(&app.app, &registry).await.unwrap().done, 3);
    assert_eq!(queued(&app).await, 0);
}

#[tokio::test]
async fn a_delayed_job_waits_for_its_time() {
    let app = TestApp::new().await;
    let now = app.app.clock.now();
    let later = When { not_before: Some(now + Duration::from_secs(60)), ..When::default() };
    enqueue(&app.db.db, now, &count("later"), &later).await.unwrap();
    assert_eq!(work_off(&app.app, &registry()).await.unwrap().done, 0);
    assert_eq!(backlog(&app.db.db, now).await.unwrap().later, 1);
    app.app.clock.advance(Duration::from_secs(60));
    assert_eq!(backlog(&app.db.db, app.app.clock.now()).await.unwrap().due, 1);
    assert_eq!(work_off(&app.app, &registry()).await.unwrap().done, 1);
}

#[tokio::test]
async fn a_failing_job_is_retried_and_ends_in_dead_letters() {
    let app = TestApp::new().await;
    let failing = Count { name: "f".into(), fails: true, ..Count::default() };
    enqueue(&app.db.db, app.app.clock.now(), &failing, &When::default()).await.unwrap();
    for attempt in 1..=3 {
        let worked = work_off(&app.app, &registry()).await.unwrap();
        assert_eq!((worked.retried, worked.dead), if attempt < 3 { (1, 0) } else { (0, 1) }, "attempt {attempt}");
        assert_eq!(work_off(&app.app, &registry()).await.unwrap(), Default::default(), "it waits for its back-off");
        app.app.clock.advance(Duration::from_secs(3600));
    }
    assert_eq!((runs(&app, "f").await, queued(&app).await), (3, 0));
    let dead = dead(&app).await;
    assert_eq!(dead.len(), 1);
    assert_eq!(dead[0].get_str("job").unwrap(), "test.count");
    assert!(dead[0].get_str("error").unwrap().starts_with("it fails"));
}

#[tokio::test]
async fn poisoned_jobs_are_failed_attempts_like_others() {
    let app = TestApp::new().await;
    let (db, now) = (&app.db.db, app.app.clock.now());
    enqueue(db, now, &Count { name: "p".into(), panics: true, ..Count::default() }, &When::default()).await.unwrap();
    for (job, data) in [("test.count", doc! { "name": 5 }), ("test.gone", doc! {})] {
        enqueue(db, now, &count(job), &When::default()).await.unwrap();
        db.live
            .collection::<Document>("jobs")
            .update_one(doc! { "data.name": job }, doc! { "$set": { "data": data, "job": job } })
            .await
            .unwrap();
    }
    let registry = Arc::new(registry());
    for _ in 0..8 {
        work_off(&app.app, &registry).await.unwrap();
        app.app.clock.advance(Duration::from_secs(3600));
    }
    let dead = dead(&app).await;
    let mut errors: Vec<_> = dead.iter().map(|letter| letter.get_str("error").unwrap().to_owned()).collect();
    errors.sort();
    assert_eq!(errors.len(), 3, "{errors:?}");
    assert_eq!(errors[0], "no job is called test.gone");
    assert_eq!(errors[1], "panic: it panics");
    assert!(errors[2].starts_with("the job's data can't be read"), "{errors:?}");
    assert_eq!(queued(&app).await, 0);
}
