//! When schedules run: occurrences, and enqueueing each of them once.

use std::collections::HashMap;
use std::time::Duration;

use bson::{DateTime, doc};
use croner::Cron;
use croner::errors::CronError;
use jiff::Timestamp;
use mongodb::ClientSession;
use serde::{Deserialize, Serialize};

use super::queue::{self, QueuedJob};
use super::record::{JobRun, RunStatus};
use super::registry::{Registry, Schedule};
use crate::db::{Db, Stored, date, timestamp, with_transaction};
use crate::i18n::format;

/// When a schedule's occurrences are.
#[derive(Clone, Debug)]
pub enum Timing {
    /// By a cron expression of five fields, in America/Asuncion.
    Cron(Box<Cron>),
    /// Every so often, counted from 1970.
    Every(Duration),
}

impl Timing {
    /// Parses a cron expression.
    pub fn cron(expression: &str) -> Result<Self, CronError> {
        Ok(Self::Cron(Box::new(expression.parse()?)))
    }

    /// As it is written.
    pub fn expression(&self) -> String {
        match self {
            Self::Cron(cron) => cron.as_str().to_owned(),
            Self::Every(period) => format!("@every {}s", period.as_secs()),
        }
    }

    /// The last occurrence that has come; none before a schedule's first ever.
    pub fn latest(&self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Cron(cron) => {
                let here = now.to_zoned(format::time_zone());
                cron.find_previous_occurrence(&here, true).ok().map(|at| at.timestamp())
            }
            Self::Every(period) => Some(floor(now, *period)),
        }
    }

    /// The next occurrence.
    pub fn next(&self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Cron(cron) => {
                let here = now.to_zoned(format::time_zone());
                cron.find_next_occurrence(&here, false).ok().map(|at| at.timestamp())
            }
            Self::Every(period) => Some(floor(now, *period) + *period),
        }
    }
}

fn floor(now: Timestamp, period: Duration) -> Timestamp {
    let period = i64::try_from(period.as_millis()).unwrap_or(i64::MAX).max(1);
    let at = now.as_millisecond();
    Timestamp::from_millisecond(at - at.rem_euclid(period)).unwrap_or(now)
}

/// What is remembered of a schedule.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ScheduleState {
    /// The job's name.
    #[serde(rename = "_id")]
    pub job: String,
    /// The timing it was first seen with; when it changes, it is a new schedule.
    pub expression: String,
    /// Occurrences up to this were never due.
    pub since: DateTime,
    /// The last run that began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<LastRun>,
}

/// The last run of a schedule, as its row in the table shows it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LastRun {
    pub run_id: String,
    pub status: RunStatus,
    pub started_at: DateTime,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finished_at: Option<DateTime>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
}

impl Stored for ScheduleState {
    const COLLECTION: &'static str = "job_schedules";
}

/// Enqueues what has come. Remembers what it has seen, so that nothing is asked of the database between occurrences.
#[derive(Default)]
pub(super) struct Ticker {
    /// When each schedule began to exist.
    since: HashMap<&'static str, Timestamp>,
    /// The occurrence that was enqueued last, by this instance or another.
    seen: HashMap<&'static str, Timestamp>,
}

impl Ticker {
    /// Enqueues each schedule's latest occurrence unless that happened already; of several missed ones only the latest.
    /// While the live database is a mirror, business schedules have no occurrences, also not afterwards.
    pub async fn tick(
        &mut self,
        db: &Db,
        now: Timestamp,
        registry: &Registry,
        is_mirror: bool,
    ) -> mongodb::error::Result<u32> {
        let mut enqueued = 0;
        for schedule in registry.schedules() {
            if is_mirror && schedule.is_business {
                self.since.insert(schedule.job, now);
                continue;
            }
            let since = match self.since.get(schedule.job) {
                Some(since) => *since,
                None => {
                    let since = first_seen(db, now, schedule).await?;
                    self.since.insert(schedule.job, since);
                    since
                }
            };
            let Some(at) = schedule.timing.latest(now) else { continue };
            if at <= since || self.seen.get(schedule.job) == Some(&at) {
                continue;
            }
            enqueued += u32::from(occurrence(db, now, schedule, at).await?);
            self.seen.insert(schedule.job, at);
        }
        Ok(enqueued)
    }
}

/// Since when a job has a schedule; `None` while no worker has seen it yet.
pub async fn known_since(db: &Db, job: &str) -> mongodb::error::Result<Option<DateTime>> {
    let state = db.stored::<ScheduleState>().find_one(doc! { "_id": job }).await?;
    Ok(state.map(|state| state.since))
}

/// The business schedules that had an occurrence after `since` without a run: they wait for somebody's approval. What runs
/// every so often isn't missed, because the next time does the same.
pub async fn missed(
    db: &Db,
    registry: &Registry,
    since: Timestamp,
    now: Timestamp,
) -> mongodb::error::Result<Vec<String>> {
    let mut missed = Vec::new();
    let business = registry.schedules().iter().filter(|schedule| schedule.is_business);
    for schedule in business.filter(|schedule| matches!(schedule.timing, Timing::Cron(_))) {
        let Some(at) = schedule.timing.latest(now).filter(|at| *at > since) else { continue };
        let id = format!("{}@{}", schedule.job, format::machine(at));
        if db.stored::<JobRun>().find_one(doc! { "_id": id }).await?.is_none() {
            missed.push(schedule.job.to_owned());
        }
    }
    Ok(missed)
}

/// Business schedules begin now: what they missed isn't made up for by itself. Part of the caller's transaction.
pub async fn begin_business_in(
    session: &mut ClientSession,
    db: &Db,
    registry: &Registry,
    now: Timestamp,
) -> mongodb::error::Result<()> {
    for schedule in registry.schedules().iter().filter(|schedule| schedule.is_business) {
        let begun = doc! { "$set": { "expression": schedule.timing.expression(), "since": date(now) } };
        let states = db.stored::<ScheduleState>();
        states.update_one(doc! { "_id": schedule.job }, begun).upsert(true).session(&mut *session).await?;
    }
    Ok(())
}

/// Since when the schedule exists: a new one has missed nothing.
async fn first_seen(db: &Db, now: Timestamp, schedule: &Schedule) -> mongodb::error::Result<Timestamp> {
    let states = db.stored::<ScheduleState>();
    let expression = schedule.timing.expression();
    let known = doc! { "_id": schedule.job };
    let new = doc! { "$setOnInsert": { "expression": &expression, "since": date(now) } };
    match states.update_one(known.clone(), new).upsert(true).await {
        // Another instance was first.
        Err(error) if Db::is_duplicate(&error) => {}
        other => drop(other?),
    }
    let changed = doc! { "_id": schedule.job, "expression": { "$ne": &expression } };
    states.update_one(changed, doc! { "$set": { "expression": &expression, "since": date(now) } }).await?;
    let state = states.find_one(known).await?;
    Ok(state.and_then(|state| timestamp(state.since)).unwrap_or(now))
}

/// Enqueues one occurrence unless it has its row already. The row's id is the occurrence, so there is one for ever.
async fn occurrence(db: &Db, now: Timestamp, schedule: &Schedule, at: Timestamp) -> mongodb::error::Result<bool> {
    let id = format!("{}@{}", schedule.job, format::machine(at));
    if db.stored::<JobRun>().find_one(doc! { "_id": &id }).await?.is_some() {
        return Ok(false);
    }
    let id = &id;
    with_transaction(db, |session| {
        Box::pin(async move {
            let row = JobRun { scheduled_for: Some(date(at)), ..JobRun::waiting(id, schedule.job, now) };
            put(session, db, schedule, row, now).await
        })
    })
    .await
}

/// Writes a waiting run's row and its job; `false` when the row is there already.
pub(super) async fn put(
    session: &mut ClientSession,
    db: &Db,
    schedule: &Schedule,
    row: JobRun,
    now: Timestamp,
) -> mongodb::error::Result<bool> {
    let id = row.id.clone();
    let mut new = bson::serialize_to_document(&row)?;
    new.remove("_id");
    let runs = db.stored::<JobRun>();
    let written =
        runs.update_one(doc! { "_id": &id }, doc! { "$setOnInsert": new }).upsert(true).session(&mut *session).await?;
    if written.upserted_id.is_none() {
        return Ok(false);
    }
    let queued = (schedule.queued)(now)?;
    let queued = QueuedJob {
        id: id.clone(),
        run_id: id,
        schedule: Some(schedule.job.into()),
        lane: schedule.lane,
        recorded: true,
        ..queued
    };
    queue::put_in(session, db, queued).await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn cron_means_asuncion() {
        let six = Timing::cron("0 6 * * *").unwrap();
        // 06:00 there is 09:00 UTC.
        assert_eq!(six.latest(at("2026-11-22T08:59:59Z")), Some(at("2026-11-21T09:00:00Z")));
        assert_eq!(six.latest(at("2026-11-22T09:00:00Z")), Some(at("2026-11-22T09:00:00Z")));
        assert_eq!(six.next(at("2026-11-22T09:00:00Z")), Some(at("2026-11-23T09:00:00Z")));
        let monthly = Timing::cron("0 4 1 * *").unwrap();
        assert_eq!(monthly.latest(at("2026-11-22T09:00:00Z")), Some(at("2026-11-01T07:00:00Z")));
    }

    #[test]
    fn periods_are_counted_from_one_point() {
        let five = Timing::Every(Duration::from_secs(300));
        assert_eq!(five.latest(at("2026-11-22T09:04:59Z")), Some(at("2026-11-22T09:00:00Z")));
        assert_eq!(five.next(at("2026-11-22T09:05:00Z")), Some(at("2026-11-22T09:10:00Z")));
    }

    #[test]
    fn a_wrong_expression_is_refused() {
        assert!(Timing::cron("61 * * * *").is_err() && Timing::cron("hourly, please").is_err());
    }
}
