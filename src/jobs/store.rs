//! Reading the record: schedules, runs by key, dead letters.

use std::collections::HashMap;

use bson::{DateTime, Document, doc};
use futures::TryStreamExt;
use jiff::Timestamp;

use super::lease::WorkerLock;
use super::record::{JobRun, RunStatus};
use super::schedule::ScheduleState;
use crate::db::Db;

/// A page is refused rather than waited for longer.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Spans of time looked through one after the other, in days: some servers pay for every matching key of a query, and a
/// page of recent runs is nearly always in the first span.
const SPANS_DAYS: [i64; 3] = [1, 7, 36_500];

/// Which runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Filter {
    pub job: Option<String>,
    pub status: Option<RunStatus>,
}

/// A place in the list of runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    at_ms: i64,
    id: String,
}

impl Place {
    fn of(run: &JobRun) -> Self {
        Self { at_ms: run.created_at.timestamp_millis(), id: run.id.clone() }
    }

    pub fn parse(text: &str) -> Option<Self> {
        let (at_ms, id) = text.split_once('~')?;
        let is_id = !id.is_empty() && id.len() <= 200;
        is_id.then_some(Self { at_ms: at_ms.parse().ok()?, id: id.into() })
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}~{}", self.at_ms, self.id)
    }
}

/// From which place, and which way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum From {
    #[default]
    Newest,
    Before(Place),
    After(Place),
}

/// Runs, newest first, and the places of the pages around them.
pub(super) struct Page {
    pub runs: Vec<JobRun>,
    pub newer: Option<Place>,
    pub older: Option<Place>,
}

/// A page of runs.
pub(super) async fn page(
    db: &Db,
    now: Timestamp,
    filter: &Filter,
    from: &From,
    limit: usize,
) -> mongodb::error::Result<Page> {
    let start = match from {
        // Rows may be younger than this instance's clock.
        From::Newest => now.as_millisecond().saturating_add(DAY_MS),
        From::Before(place) | From::After(place) => place.at_ms,
    };
    let mut runs = Vec::new();
    for days in SPANS_DAYS {
        runs = read(db, filter, from, start, days * DAY_MS, limit + 1).await?;
        if runs.len() > limit {
            break;
        }
    }
    let more = runs.len() > limit;
    runs.truncate(limit);
    if matches!(from, From::After(_)) {
        runs.reverse();
    }
    let (first, last) = (runs.first().map(Place::of), runs.last().map(Place::of));
    let (newer, older) = match from {
        From::Newest => (None, last.filter(|_| more)),
        From::Before(place) => (first.or(Some(place.clone())), last.filter(|_| more)),
        From::After(place) => (first.filter(|_| more), last.or(Some(place.clone()))),
    };
    Ok(Page { runs, newer, older })
}

async fn read(
    db: &Db,
    filter: &Filter,
    from: &From,
    start: i64,
    reach_ms: i64,
    limit: usize,
) -> mongodb::error::Result<Vec<JobRun>> {
    let date = DateTime::from_millis;
    let mut query = Document::new();
    if let Some(job) = &filter.job {
        query.insert("job", job);
    }
    if let Some(status) = filter.status {
        query.insert("status", status.as_str());
    }
    let (sort, span) = match from {
        From::After(_) => (1, doc! { "$gte": date(start), "$lte": date(start.saturating_add(reach_ms)) }),
        _ => (-1, doc! { "$gte": date(start.saturating_sub(reach_ms)), "$lte": date(start) }),
    };
    query.insert("created_at", span);
    if let From::Before(place) | From::After(place) = from {
        let beyond = if sort == 1 { "$gt" } else { "$lt" };
        query.insert(
            "$or",
            vec![
                doc! { "created_at": { beyond: date(start) } },
                doc! { "created_at": date(start), "_id": { beyond: &place.id } },
            ],
        );
    }
    db.stored::<JobRun>()
        .find(query)
        .sort(doc! { "created_at": sort, "_id": sort })
        .limit(limit as i64)
        // Lines and letters are for the run's own page.
        .projection(doc! { "log": 0, "letter": 0 })
        .max_time(PATIENCE)
        .await?
        .try_collect()
        .await
}

/// What is remembered of each schedule, by job.
pub(super) async fn schedules(db: &Db) -> mongodb::error::Result<HashMap<String, ScheduleState>> {
    let all: Vec<ScheduleState> = db.stored::<ScheduleState>().find(doc! {}).await?.try_collect().await?;
    Ok(all.into_iter().map(|state| (state.job.clone(), state)).collect())
}

/// How many workers hold a lock.
pub(super) async fn workers(db: &Db) -> mongodb::error::Result<u64> {
    db.stored::<WorkerLock>().count_documents(doc! {}).await
}

/// One run.
pub(super) async fn find(db: &Db, id: &str) -> mongodb::error::Result<Option<JobRun>> {
    db.stored::<JobRun>().find_one(doc! { "_id": id }).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_survive_links() {
        let place = Place { at_ms: 1_795_000_000_123, id: "outbox.sweep@2026-11-22T09:00:00Z".into() };
        assert_eq!(Place::parse(&place.to_string()), Some(place));
        for bad in ["", "~", "1~", "x~y"] {
            assert_eq!(Place::parse(bad), None);
        }
    }
}
