//! Who is alive: one lock per worker, and taking over from those that no longer are.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use bson::{DateTime, doc};
use futures::TryStreamExt;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::queue::{QueuedJob, State};
use super::settle;
use crate::app::App;
use crate::db::{Db, Stored, date};

/// Interruptions after which a job is thought to kill its workers.
const INTERRUPTIONS: u32 = 12;

/// A living worker.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct WorkerLock {
    /// The worker; a process that lost its lock comes back under another name.
    #[serde(rename = "_id")]
    pub worker: String,
    /// Raised while it lives. Only that it changes means something.
    pub beat: i64,
    /// The process.
    pub pid: u32,
    /// When it came, by its own clock; for people.
    pub started_at: DateTime,
    /// The last beat, by its own clock; for people.
    pub seen_at: DateTime,
}

impl Stored for WorkerLock {
    const COLLECTION: &'static str = "job_locks";
}

/// A name nobody had before.
pub(super) fn new_worker() -> String {
    format!("{}-{}", std::process::id(), &uuid::Uuid::new_v4().simple().to_string()[..12])
}

pub(super) async fn join(db: &Db, now: Timestamp, worker: &str) -> mongodb::error::Result<()> {
    let lock = WorkerLock {
        worker: worker.into(),
        beat: 0,
        pid: std::process::id(),
        started_at: date(now),
        seen_at: date(now),
    };
    db.stored::<WorkerLock>().insert_one(lock).await.map(drop)
}

pub(super) async fn leave(db: &Db, worker: &str) -> mongodb::error::Result<()> {
    db.stored::<WorkerLock>().delete_one(doc! { "_id": worker }).await.map(drop)
}

/// Raises the worker's beat; `false` when it was thought dead and has lost everything it held.
pub(super) async fn beat(db: &Db, now: Timestamp, worker: &str) -> mongodb::error::Result<bool> {
    let raised = doc! { "$inc": { "beat": 1_i64 }, "$set": { "seen_at": date(now) } };
    Ok(db.stored::<WorkerLock>().update_one(doc! { "_id": worker }, raised).await?.matched_count == 1)
}

/// A worker's jobs that somebody wants to end.
pub(super) async fn cancelled(db: &Db, worker: &str) -> mongodb::error::Result<Vec<QueuedJob>> {
    let wanted = doc! { "state": State::Running.as_str(), "holder": worker, "cancel": true };
    db.stored::<QueuedJob>().find(wanted).await?.try_collect().await
}

/// What was seen of the other workers, and since when it hasn't changed, by this process's monotonic clock.
#[derive(Default)]
pub(super) struct Watch {
    seen: HashMap<String, (Option<i64>, Instant)>,
}

impl Watch {
    /// Looks at everybody who holds a lock or a job; whoever hasn't moved for `lease` is dead and loses both.
    pub async fn look(&mut self, app: &App, own: &str, lease: Duration) -> anyhow::Result<u64> {
        let db = &app.db;
        let locks: Vec<WorkerLock> = db.stored::<WorkerLock>().find(doc! {}).await?.try_collect().await?;
        let running = doc! { "state": State::Running.as_str() };
        let holders = db.stored::<QueuedJob>().distinct("holder", running).await?;
        let mut present: HashMap<String, Option<i64>> =
            holders.iter().filter_map(|holder| Some((holder.as_str()?.to_owned(), None))).collect();
        present.extend(locks.into_iter().map(|lock| (lock.worker, Some(lock.beat))));
        present.remove(own);
        let now = Instant::now();
        self.seen = present
            .into_iter()
            .map(|(worker, beat)| {
                let since =
                    self.seen.get(&worker).filter(|(before, _)| *before == beat).map_or(now, |(_, since)| *since);
                (worker, (beat, since))
            })
            .collect();
        let dead: Vec<_> = self
            .seen
            .iter()
            .filter(|(_, (_, since))| now - *since >= lease)
            .map(|(w, (b, _))| (w.clone(), *b))
            .collect();
        let mut freed = 0;
        for (worker, beat) in dead {
            self.seen.remove(&worker);
            freed += take_over(app, &worker, beat).await?;
        }
        Ok(freed)
    }
}

/// Takes the lock of a dead worker away, then lets its jobs wait again.
async fn take_over(app: &App, worker: &str, beat: Option<i64>) -> anyhow::Result<u64> {
    let (db, now) = (&app.db, app.clock.now());
    if let Some(beat) = beat {
        let lock = doc! { "_id": worker, "beat": beat };
        if db.stored::<WorkerLock>().delete_one(lock).await?.deleted_count == 0 {
            // It moved after all, or another watcher was faster.
            return Ok(0);
        }
    }
    let jobs = db.stored::<QueuedJob>();
    let held = doc! { "state": State::Running.as_str(), "holder": worker };
    let mut killers = held.clone();
    killers.insert("interruptions", doc! { "$gte": INTERRUPTIONS - 1 });
    let killers: Vec<QueuedJob> = jobs.find(killers).await?.try_collect().await?;
    if !killers.is_empty() {
        let buried = killers.into_iter().map(|job| (job, settle::INTERRUPTED.to_owned())).collect::<Vec<_>>();
        settle::bury(app, &buried).await?;
    }
    let waiting = doc! {
        "$set": { "state": State::Ready.as_str(), "due_at": date(now) },
        "$inc": { "interruptions": 1 },
        "$unset": { "holder": "", "token": "" },
    };
    let freed = jobs.update_many(held, waiting).await?.modified_count;
    tracing::warn!(worker, freed, "a worker is gone: its jobs wait again");
    Ok(freed)
}
