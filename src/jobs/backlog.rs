//! How the queue is, in figures.

use bson::{DateTime, doc};
use jiff::Timestamp;

use super::model::Lane;
use super::queue::{NEVER, QueuedJob, State};
use super::record::{JobRun, RunStatus};
use crate::db::{Db, date, timestamp};

/// The queue in figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Jobs that could run now.
    pub due: u64,
    /// How long the oldest of them has waited, in seconds.
    pub oldest_due_seconds: u64,
    /// Jobs wanted later.
    pub later: u64,
    /// Jobs that run.
    pub running: u64,
    /// Dead letters.
    pub dead: u64,
}

/// Counts the queue.
pub async fn backlog(db: &Db, now: Timestamp) -> mongodb::error::Result<Backlog> {
    let jobs = db.stored::<QueuedJob>();
    let of = |state: State, from: DateTime, until: DateTime| {
        doc! {
            "state": state.as_str(),
            "lane": { "$in": Lane::ALL.map(|lane| lane.as_str()).to_vec() },
            "due_at": { "$gte": from, "$lte": until },
        }
    };
    let ready = of(State::Ready, DateTime::MIN, NEVER);
    let due = of(State::Later, DateTime::MIN, date(now));
    let count = async |filter| jobs.count_documents(filter).await;
    let oldest = async |filter| jobs.find_one(filter).sort(doc! { "due_at": 1 }).await;
    let (ready_count, due_count, later, running, dead, first_ready, first_due) = futures::try_join!(
        count(ready.clone()),
        count(due.clone()),
        count(of(State::Later, date(now), NEVER)),
        count(doc! { "state": State::Running.as_str() }),
        async { db.stored::<JobRun>().count_documents(doc! { "status": RunStatus::Dead.as_str() }).await },
        oldest(ready),
        oldest(due),
    )?;
    let oldest = first_ready.into_iter().chain(first_due).filter_map(|job| timestamp(job.due_at)).min();
    Ok(Backlog {
        due: ready_count + due_count,
        oldest_due_seconds: oldest.map_or(0, |at| u64::try_from(now.duration_since(at).as_secs()).unwrap_or(0)),
        later,
        running,
        dead,
    })
}
