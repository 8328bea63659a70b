//! The queue: its documents, and putting jobs into it.

use bson::{Bson, DateTime, Document, doc};
use jiff::Timestamp;
use mongodb::ClientSession;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::model::{Job, Lane, When};
use crate::db::indexes::Direction::Ascending;
use crate::db::{Db, IndexSpec, Stored, date};

/// Stands in `due_at` of a running job, so that whoever asks for it again can lower it to when that is wanted.
pub(super) const NEVER: DateTime = DateTime::from_millis(253_402_300_799_000);

/// Where a queued job is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Wanted at once; compared with no clock.
    Ready,
    /// Wanted at `due_at`.
    Later,
    /// Held by a worker.
    Running,
}

impl State {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Later => "later",
            Self::Running => "running",
        }
    }
}

/// A job that waits or runs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct QueuedJob {
    /// `key:…` of a job with a key, so that there is one of it; else the run's id.
    #[serde(rename = "_id")]
    pub id: String,
    /// The run's id, also in `job_runs` if it gets a row there.
    pub run_id: String,
    /// [`Job::NAME`].
    pub job: String,
    /// The struct.
    pub data: Bson,
    /// Which workers' places it takes.
    pub lane: Lane,
    /// Waits or runs.
    pub state: State,
    /// When it is wanted; [`NEVER`] while it runs.
    pub due_at: DateTime,
    /// When it was enqueued.
    pub queued_at: DateTime,
    /// How often it was asked for since it is in the queue.
    pub asks: i64,
    /// Attempts that failed.
    #[serde(default)]
    pub failures: u32,
    /// Attempts whose worker went away.
    #[serde(default)]
    pub interruptions: u32,
    /// Why the last attempt failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The schedule whose occurrence this is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<String>,
    /// Whether `job_runs` has its row already.
    #[serde(default)]
    pub recorded: bool,
    /// Whether it was a dead letter before.
    #[serde(default)]
    pub revived: bool,
    /// The worker.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<String>,
    /// The batch it was claimed in; guards every write about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// Somebody wants it to end.
    #[serde(default)]
    pub cancel: bool,
}

impl Stored for QueuedJob {
    const COLLECTION: &'static str = "jobs";
    const INDEXES: &'static [IndexSpec] = &[
        IndexSpec::new("due", &[("state", Ascending), ("lane", Ascending), ("due_at", Ascending)]),
        IndexSpec::new("run_id", &[("run_id", Ascending)]),
    ];
}

impl QueuedJob {
    /// A job as it enters the queue.
    pub(super) fn new<J: Job>(now: Timestamp, job: &J, when: &When) -> mongodb::error::Result<Self> {
        let later = when.not_before.filter(|at| *at > now);
        let run_id = Uuid::now_v7().to_string();
        Ok(Self {
            id: when.key.as_ref().map_or_else(|| run_id.clone(), |key| format!("key:{key}")),
            run_id,
            job: J::NAME.into(),
            data: bson::serialize_to_bson(job)?,
            lane: Lane::of::<J>(),
            state: if later.is_some() { State::Later } else { State::Ready },
            due_at: date(later.unwrap_or(now)),
            queued_at: date(now),
            asks: 1,
            failures: 0,
            interruptions: 0,
            error: None,
            schedule: None,
            recorded: false,
            revived: false,
            holder: None,
            token: None,
            cancel: false,
        })
    }

    fn has_key(&self) -> bool {
        self.id != self.run_id
    }

    /// Filter and update that put it into the queue, or ask once more for the one that is there.
    ///
    /// Counting the asks is a write to the document that is there, so that it conflicts with a worker that is just
    /// finishing it: one of both happens after the other, and an ask is never lost between them.
    fn ask(&self) -> mongodb::error::Result<(Document, Document)> {
        let mut new = bson::serialize_to_document(self)?;
        for told in ["_id", "asks", "due_at"] {
            new.remove(told);
        }
        let update = doc! { "$setOnInsert": new, "$min": { "due_at": self.due_at }, "$inc": { "asks": 1_i64 } };
        Ok((doc! { "_id": &self.id }, update))
    }
}

/// Enqueues by itself.
pub async fn enqueue<J: Job>(db: &Db, now: Timestamp, job: &J, when: &When) -> mongodb::error::Result<()> {
    let queued = QueuedJob::new(now, job, when)?;
    let jobs = db.stored::<QueuedJob>();
    if !queued.has_key() {
        return jobs.insert_one(queued).await.map(drop);
    }
    let (filter, update) = queued.ask()?;
    match jobs.update_one(filter.clone(), update.clone()).upsert(true).await {
        // Somebody enqueued the first of this key at the same moment: it is there now.
        Err(error) if Db::is_duplicate(&error) => jobs.update_one(filter, update).upsert(true).await.map(drop),
        other => other.map(drop),
    }
}

/// Whether a job waits or runs, by its run or, with a key, by `key:` and that.
pub async fn is_queued(db: &Db, id: &str) -> mongodb::error::Result<bool> {
    let jobs = db.stored::<QueuedJob>();
    if jobs.find_one(doc! { "_id": id }).await?.is_some() {
        return Ok(true);
    }
    Ok(jobs.find_one(doc! { "run_id": id }).await?.is_some())
}

/// Enqueues in the transaction of what the job serves.
pub async fn enqueue_in<J: Job>(
    session: &mut ClientSession,
    db: &Db,
    now: Timestamp,
    job: &J,
    when: &When,
) -> mongodb::error::Result<()> {
    put_in(session, db, QueuedJob::new(now, job, when)?).await
}

/// Enqueues many in the transaction of what they serve.
pub async fn enqueue_all_in<J: Job>(
    session: &mut ClientSession,
    db: &Db,
    now: Timestamp,
    jobs: &[(J, When)],
) -> mongodb::error::Result<()> {
    let queued: Vec<_> = jobs.iter().map(|(job, when)| QueuedJob::new(now, job, when)).collect::<Result<_, _>>()?;
    let (keyed, plain): (Vec<_>, Vec<_>) = queued.into_iter().partition(QueuedJob::has_key);
    for one in keyed {
        put_in(session, db, one).await?;
    }
    if plain.is_empty() {
        return Ok(());
    }
    db.stored::<QueuedJob>().insert_many(plain).session(session).await.map(drop)
}

/// Puts a made document into the queue.
pub(super) async fn put_in(session: &mut ClientSession, db: &Db, queued: QueuedJob) -> mongodb::error::Result<()> {
    let jobs = db.stored::<QueuedJob>();
    if !queued.has_key() {
        return jobs.insert_one(queued).session(session).await.map(drop);
    }
    let (filter, update) = queued.ask()?;
    jobs.update_one(filter, update).upsert(true).session(session).await.map(drop)
}

/// What became of a dead letter that was put back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Revived {
    /// It waits.
    Waits,
    /// Another with its key waits or runs, and was asked for once more.
    Merged,
}

/// Puts a dead letter back into the queue.
pub(super) async fn revive_in(
    session: &mut ClientSession,
    db: &Db,
    queued: QueuedJob,
) -> mongodb::error::Result<Revived> {
    let (filter, update) = queued.ask()?;
    let asked = db.stored::<QueuedJob>().update_one(filter, update).upsert(true).session(session).await?;
    Ok(if asked.upserted_id.is_some() { Revived::Waits } else { Revived::Merged })
}
