//! Taking jobs out of the queue in batches.
//!
//! Some servers pay for every matching key of a query rather than for the ones they return, so candidates are looked up by
//! the thousand and claimed by the batch. A candidate is only a hint: the claim's filter decides, and what was won is read
//! back by the batch's token, never concluded from a count.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use bson::{DateTime, Document, doc};
use futures::TryStreamExt;
use futures::future::try_join;
use jiff::Timestamp;

use super::model::Lane;
use super::queue::{NEVER, QueuedJob, State};
use super::record::{JobRun, RunStatus};
use crate::db::{Db, Stored, date};

/// Most jobs of a batch.
pub(super) const BATCH: usize = 200;
/// Candidates looked up at a time, of each kind.
const LOOKED_UP: i64 = 2_000;
/// How long candidates are good: others claim too, and new jobs come in.
const FRESH: Duration = Duration::from_secs(1);

/// Ids of jobs that could be claimed a moment ago.
#[derive(Default)]
pub(super) struct Candidates {
    ids: VecDeque<String>,
    looked_up: Option<Instant>,
    /// Whether somebody else had been faster with the last batch.
    contended: bool,
}

impl Candidates {
    /// At most `count` of them, looked up anew when they are used up or old.
    async fn take(&mut self, db: &Db, now: Timestamp, lane: Lane, count: usize) -> mongodb::error::Result<Vec<String>> {
        let is_fresh = self.looked_up.is_some_and(|at| at.elapsed() < FRESH);
        if self.ids.is_empty() || !is_fresh {
            self.ids = look_up(db, now, lane).await?.into();
            self.looked_up = Some(Instant::now());
        }
        let count = count.min(self.ids.len());
        if self.contended && self.ids.len() > 2 * count {
            // Workers that look at the same list step aside for each other; all of these are among the oldest.
            let random =
                usize::from(u16::from_le_bytes(uuid::Uuid::new_v4().as_bytes()[..2].try_into().unwrap_or([0; 2])));
            let by = random % (self.ids.len() - count);
            self.ids.rotate_left(by);
        }
        Ok(self.ids.drain(..count).collect())
    }
}

/// Ids of due jobs, oldest first.
async fn look_up(db: &Db, now: Timestamp, lane: Lane) -> mongodb::error::Result<Vec<String>> {
    let of = |state: State, until: DateTime| {
        let filter = doc! {
            "state": state.as_str(),
            "lane": lane.as_str(),
            "due_at": { "$gte": DateTime::MIN, "$lte": until },
        };
        async move {
            let found: Vec<Document> = db
                .live
                .collection::<Document>(QueuedJob::COLLECTION)
                .find(filter)
                .sort(doc! { "due_at": 1 })
                .limit(LOOKED_UP)
                .batch_size(LOOKED_UP as u32)
                .projection(doc! { "_id": 1, "due_at": 1 })
                .await?
                .try_collect()
                .await?;
            mongodb::error::Result::Ok(found)
        }
    };
    let (ready, later) = try_join(of(State::Ready, NEVER), of(State::Later, date(now))).await?;
    let mut due: Vec<_> = ready
        .iter()
        .chain(&later)
        .filter_map(|found| Some((*found.get_datetime("due_at").ok()?, found.get_str("_id").ok()?.to_owned())))
        .collect();
    due.sort_unstable();
    Ok(due.into_iter().map(|(_, id)| id).collect())
}

/// Claims at most `count` due jobs of a lane for a worker, under a token of their own.
pub(super) async fn claim(
    db: &Db,
    now: Timestamp,
    holder: &str,
    candidates: &mut Candidates,
    lane: Lane,
    count: usize,
) -> mongodb::error::Result<Vec<QueuedJob>> {
    loop {
        let ids = candidates.take(db, now, lane, count.min(BATCH)).await?;
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let won = hold(db, now, holder, &ids).await?;
        candidates.contended = won.len() < ids.len();
        if !won.is_empty() || candidates.ids.is_empty() {
            return Ok(won);
        }
    }
}

/// Claims those of these jobs that still wait.
async fn hold(db: &Db, now: Timestamp, holder: &str, ids: &[String]) -> mongodb::error::Result<Vec<QueuedJob>> {
    let token = uuid::Uuid::new_v4().to_string();
    let jobs = db.stored::<QueuedJob>();
    let waiting = doc! { "_id": { "$in": ids }, "state": { "$in": [State::Ready.as_str(), State::Later.as_str()] } };
    let held = doc! { "$set": {
        "state": State::Running.as_str(), "holder": holder, "token": &token, "due_at": NEVER,
    } };
    jobs.update_many(waiting, held).await?;
    let won: Vec<QueuedJob> = jobs
        .find(doc! { "_id": { "$in": ids }, "token": &token })
        .batch_size(BATCH as u32)
        .await?
        .try_collect()
        .await?;
    let recorded: Vec<&str> = won.iter().filter(|job| job.recorded).map(|job| job.run_id.as_str()).collect();
    if !recorded.is_empty() {
        let begun = doc! {
            "$set": {
                "status": RunStatus::Running.as_str(), "started_at": date(now), "instance": holder, "token": &token,
            },
            "$inc": { "attempts": 1 },
        };
        db.stored::<JobRun>().update_many(doc! { "_id": { "$in": recorded } }, begun).await?;
    }
    Ok(won)
}

/// Puts claimed jobs back as if nothing had been: their worker ends before they began or while it can say so.
pub(super) async fn release(db: &Db, now: Timestamp, token: &str, ids: &[String]) -> mongodb::error::Result<()> {
    let held = doc! { "_id": { "$in": ids }, "token": token };
    let waiting = doc! {
        "$set": { "state": State::Ready.as_str(), "due_at": date(now) },
        "$unset": { "holder": "", "token": "" },
    };
    db.stored::<QueuedJob>().update_many(held, waiting).await.map(drop)
}
