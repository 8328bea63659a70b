//! One attempt at a job, as the job sees it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bson::{Document, doc};
use tokio::sync::watch;

use super::queue::QueuedJob;
use super::record::{JobRun, LINES, RunStatus, kept};
use crate::app::App;
use crate::db::{Db, date};

/// How often progress is written at most.
const TOLD: Duration = Duration::from_millis(500);

/// One attempt at a job, as the job sees it.
#[derive(Clone)]
pub struct Run {
    /// Long-lived handles.
    pub app: Arc<App>,
    /// The run's id, for logs and links.
    pub id: String,
    /// The first attempt is 1.
    pub attempt: u32,
    pub(super) hold: Arc<Hold>,
}

/// What ties an attempt to its place in the queue.
pub(super) struct Hold {
    pub queue_id: String,
    pub job: String,
    pub token: String,
    pub instance: String,
    pub recorded: AtomicBool,
    pub ended: watch::Receiver<Option<End>>,
    pub result: Mutex<Option<String>>,
    pub told: Mutex<Option<Instant>>,
}

/// Why an attempt ends before its job is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Somebody wants it to end.
    Cancelled,
    /// The worker no longer holds its jobs, or is stopping.
    Lost,
}

/// Another worker may have this job now: whoever gets this writes nothing more.
#[derive(Debug, thiserror::Error)]
#[error("the run is no longer this worker's")]
pub struct NotMine;

impl Run {
    /// Fails when the job is no longer this attempt's: cancelled, or taken over after its worker was thought dead. Long
    /// jobs ask before each step that can't be repeated.
    pub async fn still_mine(&self) -> anyhow::Result<()> {
        if self.hold.ended.borrow().is_some() {
            return Err(NotMine.into());
        }
        let mine = doc! { "_id": &self.hold.queue_id, "token": &self.hold.token, "cancel": { "$ne": true } };
        match self.app.db.stored::<QueuedJob>().find_one(mine).await? {
            Some(_) => Ok(()),
            None => Err(NotMine.into()),
        }
    }

    /// Waits until the attempt has to end.
    pub async fn ended(&self) {
        // An error would mean that the worker is gone, and then this has ended too.
        let _ = self.hold.ended.clone().wait_for(Option::is_some).await;
    }

    /// Adds a line to the run's log. No personal data.
    pub async fn log(&self, text: impl AsRef<str> + Send) -> anyhow::Result<()> {
        let line = doc! { "at": date(self.app.clock.now()), "text": kept(text.as_ref()) };
        self.note(doc! { "$push": { "log": { "$each": [line], "$slice": -LINES } } }).await
    }

    /// Says how far the run is; written twice a second at most, and at the end.
    pub async fn progress(&self, done: u64, total: u64) -> anyhow::Result<()> {
        let now = Instant::now();
        {
            let mut told = self.hold.told.lock().unwrap_or_else(PoisonError::into_inner);
            if done < total && told.is_some_and(|at| now - at < TOLD) {
                return Ok(());
            }
            *told = Some(now);
        }
        let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
        self.note(doc! { "$set": { "progress": { "done": number(done), "total": number(total) } } }).await
    }

    /// What came of it, in one sentence; kept when the run ends well.
    pub fn result(&self, text: impl Into<String>) {
        *self.hold.result.lock().unwrap_or_else(PoisonError::into_inner) = Some(kept(&text.into()));
    }

    /// Writes to the run's row, which is made when it isn't there yet.
    async fn note(&self, update: Document) -> anyhow::Result<()> {
        let runs = self.app.db.stored::<JobRun>();
        if !self.hold.recorded.swap(true, Ordering::SeqCst) {
            self.still_mine().await?;
            let now = self.app.clock.now();
            let row = JobRun {
                status: RunStatus::Running,
                started_at: Some(date(now)),
                attempts: self.attempt,
                instance: Some(self.hold.instance.clone()),
                token: Some(self.hold.token.clone()),
                ..JobRun::waiting(&self.id, &self.hold.job, now)
            };
            match runs.insert_one(row).await {
                // An earlier attempt made it; it is this one's now.
                Err(error) if Db::is_duplicate(&error) => {
                    let own = doc! { "$set": { "token": &self.hold.token, "status": RunStatus::Running.as_str() } };
                    runs.update_one(doc! { "_id": &self.id }, own).await?;
                }
                other => drop(other?),
            }
        }
        let written = runs.update_one(doc! { "_id": &self.id, "token": &self.hold.token }, update).await?;
        if written.matched_count == 0 { Err(NotMine.into()) } else { Ok(()) }
    }
}
