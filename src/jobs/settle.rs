//! Putting on record how attempts ended, in batches, each write guarded by the token of the claim.

use std::collections::HashMap;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::time::Duration;

use bson::{DateTime, Document, doc};
use jiff::Timestamp;

use super::queue::{QueuedJob, State};
use super::record::{JobRun, Letter, RunStatus, expiry, kept};
use super::registry::Registry;
use super::run::Run;
use super::schedule::ScheduleState;
use super::{Worked, claim, service};
use crate::app::App;
use crate::db::{Stored, date, with_transaction};
use crate::failure::Failure;
use crate::notifications::{self, Event};

/// The back-off after the first failure; it doubles.
const FIRST_BACKOFF: Duration = Duration::from_secs(5);
/// No retry waits for longer.
pub(super) const LONGEST_BACKOFF: Duration = Duration::from_secs(60 * 60);
/// Why a job died whose workers were gone every time.
pub(super) const INTERRUPTED: &str = "its worker ended in the middle of it every time";

/// How an attempt ended.
#[derive(Debug)]
pub(super) enum Outcome {
    Done,
    Failed(String),
    /// Somebody wanted it to end.
    Cancelled,
    /// It has to be done by another worker, and nothing is held against it.
    Released,
}

/// An attempt that ended.
pub(super) struct Ended {
    pub job: QueuedJob,
    pub run: Run,
    pub outcome: Outcome,
}

/// Puts attempts' ends on record. Done twice it changes nothing the second time: the tokens are gone.
pub(super) async fn settle(app: &App, registry: &Registry, ended: &[Ended]) -> anyhow::Result<Worked> {
    let now = app.clock.now();
    let mut worked = Worked::default();
    let (mut done, mut retried, mut dead, mut released) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut cancelled = Vec::new();
    for one in ended {
        match &one.outcome {
            Outcome::Done => done.push(one),
            Outcome::Cancelled => cancelled.push(one),
            Outcome::Released => released.push(one),
            Outcome::Failed(error) => {
                let attempts = registry.handler(&one.job.job).map_or(UNKNOWN_ATTEMPTS, |handler| handler.attempts);
                if one.job.failures + 1 >= attempts {
                    dead.push((one.job.clone(), error.clone()));
                } else {
                    retried.push((one, error));
                }
            }
        }
    }
    finish(app, now, &done).await?;
    retry(app, now, &retried).await?;
    worked.dead = bury(app, &dead).await?;
    remove(app, now, &cancelled).await?;
    for (token, ids) in by_token(released.iter().map(|one| &one.job)) {
        claim::release(&app.db, now, &token, &ids).await?;
    }
    worked.done = done.len() as u64;
    worked.retried = retried.len() as u64;
    worked.cancelled = cancelled.len() as u64;
    Ok(worked)
}

/// Attempts at a job nobody here knows; a newer instance may.
const UNKNOWN_ATTEMPTS: u32 = 6;

fn by_token<'a>(jobs: impl Iterator<Item = &'a QueuedJob>) -> HashMap<String, Vec<String>> {
    let mut by_token: HashMap<String, Vec<String>> = HashMap::new();
    for job in jobs {
        by_token.entry(job.token.clone().unwrap_or_default()).or_default().push(job.id.clone());
    }
    by_token
}

/// Done jobs leave the queue; one that was asked for again meanwhile waits for its next run instead.
async fn finish(app: &App, now: Timestamp, done: &[&Ended]) -> anyhow::Result<()> {
    // Rows first: a worker that is killed in between repeats the job, which is better than a row that never ends.
    for one in done {
        if one.run.hold.recorded.load(Ordering::SeqCst) {
            let result = one.run.hold.result.lock().unwrap_or_else(PoisonError::into_inner).clone();
            let mut set = doc! { "status": RunStatus::Done.as_str(), "finished_at": date(now) };
            set.insert("result", result);
            set.insert("expires_at", expiry(now, RunStatus::Done));
            row(app, one, RunStatus::Done, doc! { "$set": set, "$unset": { "token": "", "error": "", "letter": "" } })
                .await?;
        }
    }
    let jobs = app.db.stored::<QueuedJob>();
    let (keyed, plain): (Vec<&Ended>, Vec<&Ended>) = done.iter().partition(|one| one.job.id != one.job.run_id);
    for (token, ids) in by_token(plain.iter().map(|one| &one.job)) {
        jobs.delete_many(doc! { "_id": { "$in": ids }, "token": token }).await?;
    }
    for one in &keyed {
        let token = one.job.token.as_deref().unwrap_or_default();
        let unasked = doc! { "_id": &one.job.id, "token": token, "asks": one.job.asks };
        if jobs.delete_one(unasked).await?.deleted_count == 0 {
            let again = doc! {
                "$set": {
                    "state": State::Later.as_str(), "run_id": uuid::Uuid::now_v7().to_string(),
                    "failures": 0, "interruptions": 0, "recorded": false, "revived": false,
                },
                "$unset": { "holder": "", "token": "", "error": "" },
            };
            jobs.update_one(doc! { "_id": &one.job.id, "token": token }, again).await?;
        }
    }
    for one in done.iter().filter(|one| one.job.revived) {
        service::recovered(app, &one.job.job).await?;
    }
    Ok(())
}

/// Writes the end of an attempt to its row and, for an occurrence, to its schedule.
async fn row(app: &App, one: &Ended, status: RunStatus, update: Document) -> anyhow::Result<()> {
    let own = doc! { "_id": &one.job.run_id, "token": one.job.token.as_deref() };
    let written = app.db.stored::<JobRun>().find_one_and_update(own, update).await?;
    if written.is_some()
        && let Some(schedule) = &one.job.schedule
    {
        let last = doc! { "last.status": status.as_str(), "last.finished_at": date(app.clock.now()) };
        let result = one.run.hold.result.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut set = last;
        set.insert("last.result", result);
        let own = doc! { "_id": schedule, "last.run_id": &one.job.run_id };
        app.db.stored::<ScheduleState>().update_one(own, doc! { "$set": set }).await?;
    }
    Ok(())
}

/// When the next attempt is due: exponential with a quarter of jitter either way, so that what failed together doesn't
/// come back together.
pub(super) fn backoff(failures: u32, random: u64) -> Duration {
    let doubled = FIRST_BACKOFF.saturating_mul(1_u32.checked_shl(failures.saturating_sub(1)).unwrap_or(u32::MAX));
    let base = doubled.min(LONGEST_BACKOFF.mul_f64(0.8));
    base.mul_f64(0.75 + (random % 1_000) as f64 / 2_000.0)
}

async fn retry(app: &App, now: Timestamp, retried: &[(&Ended, &String)]) -> anyhow::Result<()> {
    if retried.is_empty() {
        return Ok(());
    }
    let mut updates = Vec::with_capacity(retried.len());
    for (one, error) in retried {
        let random = getrandom::u64().map_err(|error| anyhow::anyhow!("no randomness: {error}"))?;
        let due = now + backoff(one.job.failures + 1, random);
        let recorded = one.run.hold.recorded.load(Ordering::SeqCst);
        updates.push(doc! {
            "q": { "_id": &one.job.id, "token": one.job.token.as_deref() },
            "u": {
                "$set": {
                    "state": State::Later.as_str(), "due_at": date(due), "error": kept(error), "recorded": recorded,
                },
                "$inc": { "failures": 1 },
                "$unset": { "holder": "", "token": "" },
            },
        });
        if recorded {
            let told = doc! { "$set": {
                "status": RunStatus::Retrying.as_str(), "finished_at": date(now), "error": kept(error),
            } };
            row(app, one, RunStatus::Retrying, told).await?;
        }
    }
    // One command for all of them; a plain command doesn't bring the client's write concern along.
    let command = doc! {
        "update": QueuedJob::COLLECTION,
        "updates": updates,
        "ordered": false,
        "writeConcern": { "w": "majority", "j": true },
    };
    let answer = app.db.live.run_command(command).await?;
    anyhow::ensure!(!answer.contains_key("writeErrors"), "jobs could not be put back: {answer}");
    Ok(())
}

/// Ends cancelled jobs.
async fn remove(app: &App, now: Timestamp, cancelled: &[&Ended]) -> anyhow::Result<()> {
    for one in cancelled {
        if one.run.hold.recorded.load(Ordering::SeqCst) {
            let set = doc! {
                "status": RunStatus::Cancelled.as_str(), "finished_at": date(now),
                "expires_at": expiry(now, RunStatus::Cancelled),
            };
            row(app, one, RunStatus::Cancelled, doc! { "$set": set, "$unset": { "token": "" } }).await?;
        }
    }
    for (token, ids) in by_token(cancelled.iter().map(|one| &one.job)) {
        app.db.stored::<QueuedJob>().delete_many(doc! { "_id": { "$in": ids }, "token": token }).await?;
    }
    Ok(())
}

/// Makes dead letters: out of the queue, onto the record, and a notice, all or nothing. Returns how many were this
/// attempt's to bury.
pub(super) async fn bury(app: &App, dead: &[(QueuedJob, String)]) -> anyhow::Result<u64> {
    if dead.is_empty() {
        return Ok(0);
    }
    let (db, now) = (&app.db, app.clock.now());
    let buried = with_transaction::<_, Failure, _>(db, |session| {
        Box::pin(async move {
            let mut events = Vec::new();
            for (job, error) in dead {
                let own = doc! { "_id": &job.id, "token": job.token.as_deref() };
                let jobs = db.stored::<QueuedJob>();
                if jobs.delete_one(own).session(&mut *session).await?.deleted_count == 0 {
                    continue;
                }
                let attempts = job.failures + job.interruptions + 1;
                let letter = Letter {
                    queue_id: job.id.clone(),
                    data: job.data.clone(),
                    lane: job.lane,
                    schedule: job.schedule.clone(),
                };
                let update = doc! {
                    "$set": {
                        "status": RunStatus::Dead.as_str(),
                        "finished_at": date(now),
                        "error": kept(error),
                        "attempts": attempts,
                        "letter": bson::serialize_to_document(&letter).map_err(anyhow::Error::from)?,
                    },
                    "$setOnInsert": { "job": &job.job, "created_at": job.queued_at },
                    "$unset": { "token": "", "expires_at": "" },
                };
                let runs = db.stored::<JobRun>();
                runs.update_one(doc! { "_id": &job.run_id }, update).upsert(true).session(&mut *session).await?;
                if let Some(schedule) = &job.schedule {
                    let last = doc! { "last.status": RunStatus::Dead.as_str(), "last.finished_at": date(now) };
                    let own = doc! { "_id": schedule, "last.run_id": &job.run_id };
                    let states = db.stored::<ScheduleState>();
                    states.update_one(own, doc! { "$set": last }).session(&mut *session).await?;
                }
                events.push(Event::JobDied {
                    job: job.job.clone(),
                    run_id: job.run_id.clone(),
                    attempts,
                    error: kept(error),
                });
            }
            if !events.is_empty() {
                notifications::publish_in(session, db, now, &events).await?;
            }
            Ok(events.len() as u64)
        })
    })
    .await
    .map_err(|failure| anyhow::anyhow!("dead letters could not be made: {failure:?}"))?;
    Ok(buried)
}

/// Retries whose back-off can't be meant: the clock was ahead when they failed, and has been put right.
pub(super) async fn too_late(app: &App) -> anyhow::Result<u64> {
    let now = app.clock.now();
    let wrong = doc! {
        "state": State::Later.as_str(),
        "lane": { "$in": super::model::Lane::ALL.map(|lane| lane.as_str()).to_vec() },
        "due_at": { "$gt": date(now + LONGEST_BACKOFF), "$lte": DateTime::MAX },
        "failures": { "$gt": 0 },
    };
    let ready = doc! { "$set": { "state": State::Ready.as_str(), "due_at": date(now) } };
    Ok(app.db.stored::<QueuedJob>().update_many(wrong, ready).await?.modified_count)
}

/// Marks scheduled runs as begun on their schedules.
pub(super) async fn begun(app: &App, jobs: &[QueuedJob]) -> mongodb::error::Result<()> {
    for job in jobs {
        let Some(schedule) = &job.schedule else { continue };
        let last = doc! {
            "run_id": &job.run_id,
            "status": RunStatus::Running.as_str(),
            "started_at": date(app.clock.now()),
        };
        app.db
            .stored::<ScheduleState>()
            .update_one(doc! { "_id": schedule }, doc! { "$set": { "last": last } })
            .await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn back_off_doubles_with_jitter_up_to_an_hour() {
        for (failures, least, most) in [(1, 3.75, 6.25), (2, 7.5, 12.5), (4, 30.0, 50.0), (40, 2_160.0, 3_600.0)] {
            for random in [0, 500, 999] {
                let seconds = backoff(failures, random).as_secs_f64();
                assert!((least..=most).contains(&seconds), "{failures}: {seconds}");
            }
        }
        assert_ne!(backoff(1, 1), backoff(1, 2));
    }
}
