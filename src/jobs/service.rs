//! What people may do with jobs: look, start, try again, discard, cancel.

use std::collections::HashMap;

use bson::doc;
use jiff::Timestamp;

use super::backlog::{Backlog, backlog};
use super::queue::{self, QueuedJob, State};
use super::record::{JobRun, RunStatus, expiry};
use super::registry::Schedule;
use super::schedule::{self, ScheduleState};
use super::store::{self, Filter, From, Page};
use crate::app::App;
use crate::audit::{Action, Entry, Who, record_in};
use crate::ctx::Ctx;
use crate::db::{date, with_transaction};
use crate::error::AppError;
use crate::failure::Failure;
use crate::notifications::{self, Event};
use crate::values::Capability;

/// Runs of a page.
const RUNS: usize = 20;
/// Dead letters shown above the list.
const DEAD: usize = 20;

/// Everything `/admin/jobs` shows.
pub(super) struct Overview {
    pub schedules: Vec<Schedule>,
    pub states: HashMap<String, ScheduleState>,
    pub backlog: Backlog,
    pub workers: u64,
    pub dead: Vec<JobRun>,
    pub page: Page,
}

/// The overview and a page of runs.
pub(super) async fn overview(ctx: &Ctx, filter: &Filter, from: &From) -> Result<Overview, Failure> {
    ctx.require(Capability::Security)?;
    let (db, now) = (&ctx.app.db, ctx.now());
    let only_dead = Filter { status: Some(RunStatus::Dead), ..Filter::default() };
    let (states, backlog, workers, dead, page) = futures::try_join!(
        store::schedules(db),
        backlog(db, now),
        store::workers(db),
        store::page(db, now, &only_dead, &From::Newest, DEAD),
        store::page(db, now, filter, from, RUNS),
    )?;
    let schedules = ctx.app.jobs.schedules().to_vec();
    Ok(Overview { schedules, states, backlog, workers, dead: dead.runs, page })
}

/// One run.
pub(super) async fn load(ctx: &Ctx, id: &str) -> Result<JobRun, Failure> {
    ctx.require(Capability::Security)?;
    Ok(store::find(&ctx.app.db, id).await?.ok_or(AppError::NotFound)?)
}

/// Starts a scheduled job now, besides its schedule. Returns the run's id.
pub(super) async fn run_now(ctx: &Ctx, job: &str) -> Result<String, Failure> {
    let person = ctx.require(Capability::JobsRun)?;
    let schedule = ctx.app.jobs.schedule(job).ok_or(AppError::NotFound)?;
    start(&ctx.app, ctx.now(), schedule, Some(person.name.clone()), Who::of(ctx)).await
}

/// Enqueues a run outside the schedule, on record.
pub(super) async fn start(
    app: &App,
    now: Timestamp,
    schedule: &Schedule,
    asked_by: Option<String>,
    who: Who,
) -> Result<String, Failure> {
    let id = uuid::Uuid::now_v7().to_string();
    let (db, run_id, asked_by, who) = (&app.db, &id, &asked_by, &who);
    with_transaction::<_, Failure, _>(db, |session| {
        Box::pin(async move {
            let row = JobRun { asked_by: asked_by.clone(), ..JobRun::waiting(run_id, schedule.job, now) };
            schedule::put(session, db, schedule, row, now).await?;
            let entry = Entry::new(Action::JobRunRequested).target("job", schedule.job).details(doc! { "run": run_id });
            Ok(record_in(session, db, now, who.clone(), entry).await?)
        })
    })
    .await?;
    Ok(id)
}

/// Puts a dead letter back into the queue.
pub(super) async fn retry(ctx: &Ctx, id: &str) -> Result<(), Failure> {
    ctx.require(Capability::JobsRun)?;
    let run = load(ctx, id).await?;
    let letter = run.letter.clone().ok_or(AppError::Conflict)?;
    let (db, now, run, letter) = (&ctx.app.db, ctx.now(), &run, &letter);
    with_transaction::<_, Failure, _>(db, |session| {
        Box::pin(async move {
            let alive = doc! {
                "$set": { "status": RunStatus::Waiting.as_str() },
                "$unset": { "finished_at": "", "error": "", "letter": "" },
            };
            move_dead(session, db, &run.id, alive).await?;
            let queued = QueuedJob {
                id: letter.queue_id.clone(),
                run_id: run.id.clone(),
                job: run.job.clone(),
                data: letter.data.clone(),
                lane: letter.lane,
                state: State::Ready,
                due_at: date(now),
                queued_at: date(now),
                asks: 1,
                failures: 0,
                interruptions: 0,
                error: None,
                schedule: letter.schedule.clone(),
                recorded: true,
                revived: true,
                holder: None,
                token: None,
                cancel: false,
            };
            // With a key there may be another like it by now, which then does what this one was to do.
            if queue::revive_in(session, db, queued).await? == queue::Revived::Merged {
                let done = doc! { "$set": { "status": RunStatus::Discarded.as_str(), "finished_at": date(now) } };
                db.stored::<JobRun>().update_one(doc! { "_id": &run.id }, done).session(&mut *session).await?;
            }
            let entry = Entry::new(Action::JobRetried).target("job", &run.job).details(doc! { "run": &run.id });
            Ok(record_in(session, db, now, Who::of(ctx), entry).await?)
        })
    })
    .await
}

/// Gives a dead letter up.
pub(super) async fn discard(ctx: &Ctx, id: &str) -> Result<(), Failure> {
    ctx.require(Capability::JobsRun)?;
    let run = load(ctx, id).await?;
    let (db, now, run) = (&ctx.app.db, ctx.now(), &run);
    with_transaction::<_, Failure, _>(db, |session| {
        Box::pin(async move {
            let gone = doc! {
                "$set": {
                    "status": RunStatus::Discarded.as_str(), "expires_at": expiry(now, RunStatus::Discarded),
                },
                "$unset": { "letter": "" },
            };
            move_dead(session, db, &run.id, gone).await?;
            let details = doc! { "run": &run.id, "error": run.error.clone() };
            let entry = Entry::new(Action::JobDiscarded).target("job", &run.job).details(details);
            Ok(record_in(session, db, now, Who::of(ctx), entry).await?)
        })
    })
    .await?;
    Ok(recovered(&ctx.app, &run.job).await?)
}

/// Moves a dead letter on, or says that it is none any more.
async fn move_dead(
    session: &mut mongodb::ClientSession,
    db: &crate::db::Db,
    id: &str,
    update: bson::Document,
) -> Result<(), Failure> {
    let dead = doc! { "_id": id, "status": RunStatus::Dead.as_str() };
    let moved = db.stored::<JobRun>().update_one(dead, update).session(session).await?;
    if moved.matched_count == 0 { Err(AppError::Conflict.into()) } else { Ok(()) }
}

/// Ends a run: at once when it waits; when it runs, its worker ends it within seconds.
pub(super) async fn cancel(ctx: &Ctx, id: &str) -> Result<(), Failure> {
    ctx.require(Capability::JobsRun)?;
    let run = load(ctx, id).await?;
    let (db, now, run) = (&ctx.app.db, ctx.now(), &run);
    with_transaction::<_, Failure, _>(db, |session| {
        Box::pin(async move {
            let jobs = db.stored::<QueuedJob>();
            let waits = doc! { "run_id": &run.id, "state": { "$ne": State::Running.as_str() } };
            let removed = jobs.delete_one(waits).session(&mut *session).await?.deleted_count;
            if removed == 1 {
                let ended = doc! { "$set": {
                    "status": RunStatus::Cancelled.as_str(),
                    "finished_at": date(now),
                    "expires_at": expiry(now, RunStatus::Cancelled),
                } };
                db.stored::<JobRun>().update_one(doc! { "_id": &run.id }, ended).session(&mut *session).await?;
            } else {
                let wanted = doc! { "$set": { "cancel": true } };
                let told = jobs.update_one(doc! { "run_id": &run.id }, wanted).session(&mut *session).await?;
                if told.matched_count == 0 {
                    return Err(AppError::Conflict.into());
                }
            }
            let entry = Entry::new(Action::JobCancelled).target("job", &run.job).details(doc! { "run": &run.id });
            Ok(record_in(session, db, now, Who::of(ctx), entry).await?)
        })
    })
    .await
}

/// Says that nothing of a job is dead any more, if that is so.
pub(super) async fn recovered(app: &App, job: &str) -> anyhow::Result<()> {
    let dead = Filter { status: Some(RunStatus::Dead), job: Some(job.into()) };
    if store::page(&app.db, app.clock.now(), &dead, &From::Newest, 1).await?.runs.is_empty() {
        let event = Event::JobRecovered { job: job.into() };
        notifications::publish(&app.db, app.clock.now(), &[event])
            .await
            .map_err(|failure| anyhow::anyhow!("a recovery could not be told: {failure:?}"))?;
    }
    Ok(())
}
