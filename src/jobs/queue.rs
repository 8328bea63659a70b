//! The queue.

use bson::{DateTime, Document};
use jiff::Timestamp;
use mongodb::ClientSession;
use serde::{Deserialize, Serialize};

use super::model::{Job, When};
use crate::db::{Db, IndexSpec, Stored, date};

/// A waiting job.
#[derive(Debug, Serialize, Deserialize)]
pub struct QueuedJob {
    #[serde(rename = "_id")]
    id: String,
    job: String,
    data: Document,
    due_at: DateTime,
}

impl Stored for QueuedJob {
    const COLLECTION: &'static str = "jobs";
    const INDEXES: &'static [IndexSpec] = &[];
}

fn queued<J: Job>(now: Timestamp, job: &J, when: &When) -> mongodb::error::Result<QueuedJob> {
    let id = when.key.clone().unwrap_or_else(|| uuid::Uuid::new_v4().to_string());
    Ok(QueuedJob {
        id,
        job: J::NAME.into(),
        data: bson::serialize_to_document(job)?,
        due_at: date(when.not_before.unwrap_or(now)),
    })
}

/// Enqueues by itself.
pub async fn enqueue<J: Job>(db: &Db, now: Timestamp, job: &J, when: &When) -> mongodb::error::Result<()> {
    db.stored::<QueuedJob>().insert_one(queued(now, job, when)?).await.map(drop)
}

/// Enqueues in the transaction of what the job serves.
pub async fn enqueue_in<J: Job>(
    session: &mut ClientSession,
    db: &Db,
    now: Timestamp,
    job: &J,
    when: &When,
) -> mongodb::error::Result<()> {
    db.stored::<QueuedJob>().insert_one(queued(now, job, when)?).session(session).await.map(drop)
}

/// Enqueues many in the transaction of what they serve.
pub async fn enqueue_all_in<J: Job>(
    session: &mut ClientSession,
    db: &Db,
    now: Timestamp,
    jobs: &[(J, When)],
) -> mongodb::error::Result<()> {
    let queued: Vec<_> = jobs.iter().map(|(job, when)| queued(now, job, when)).collect::<Result<_, _>>()?;
    db.stored::<QueuedJob>().insert_many(queued).session(session).await.map(drop)
}
