//! Queries on stored deliveries.

use bson::{DateTime, Document, doc};
use futures::TryStreamExt;
use jiff::Timestamp;
use mongodb::ClientSession;

use super::model::{Delivery, Phase, Source, Status};
use crate::db::{Db, date};
use crate::failure::Failure;

/// Most deliveries of one batch.
pub const BATCH: i64 = 200;
/// Spans of time looked through before everything is, in days: the local engine pays for every key that matches.
const SPANS_DAYS: [i64; 2] = [1, 30];
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// A page is refused rather than waited for longer.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);
/// Before anything here.
const LONG_AGO: DateTime = DateTime::from_millis(0);

/// What waits to be processed, the longest waiting first.
pub async fn due(db: &Db, now: Timestamp) -> Result<Vec<Delivery>, Failure> {
    let filter = doc! { "due_at": { "$gte": LONG_AGO, "$lte": date(now) } };
    let found = db.stored::<Delivery>().find(filter).sort(doc! { "due_at": 1, "_id": 1 }).limit(BATCH).await?;
    Ok(found.try_collect().await?)
}

/// For each of these objects, the newest processed time in this phase after `since`.
pub async fn newest_of(
    db: &Db,
    objects: &[&str],
    phase: Phase,
    since: DateTime,
) -> Result<Vec<(String, DateTime)>, Failure> {
    let filter = doc! {
        "object": { "$in": objects }, "phase": phase.as_str(), "status": Status::Processed.as_str(),
        "occurred_at": { "$gt": since, "$lte": DateTime::MAX },
    };
    let mut found = db
        .live
        .collection::<Document>(<Delivery as crate::db::Stored>::COLLECTION)
        .find(filter)
        .projection(doc! { "object": 1, "occurred_at": 1 })
        .await?;
    let mut newest = Vec::new();
    while let Some(row) = found.try_next().await? {
        if let (Ok(object), Ok(at)) = (row.get_str("object"), row.get_datetime("occurred_at")) {
            newest.push((object.to_owned(), *at));
        }
    }
    Ok(newest)
}

/// Marks those of these rows that still wait; returns how many did.
pub async fn settle_in(
    session: &mut ClientSession,
    db: &Db,
    now: Timestamp,
    ids: &[&str],
    status: Status,
    why: Option<&str>,
) -> mongodb::error::Result<u64> {
    if ids.is_empty() {
        return Ok(0);
    }
    let mut set = doc! { "status": status.as_str(), "processed_at": date(now) };
    let mut unset = doc! { "due_at": "" };
    match why {
        Some(why) => drop(set.insert("error", why)),
        None => drop(unset.insert("error", "")),
    }
    let change = doc! { "$set": set, "$unset": unset, "$inc": { "attempts": 1 } };
    Ok(db.stored::<Delivery>().update_many(waiting(ids), change).session(session).await?.modified_count)
}

/// Leaves a row that still waits for later; `None`: gives it up.
pub async fn postpone_in(
    session: &mut ClientSession,
    db: &Db,
    id: &str,
    status: Status,
    why: &str,
    until: Option<Timestamp>,
) -> mongodb::error::Result<bool> {
    let mut set = doc! { "status": status.as_str(), "error": why };
    let mut change = doc! { "$inc": { "attempts": 1 } };
    match until {
        Some(until) => drop(set.insert("due_at", date(until))),
        None => drop(change.insert("$unset", doc! { "due_at": "" })),
    }
    change.insert("$set", set);
    let changed = db.stored::<Delivery>().update_one(waiting(&[id]), change).session(session).await?;
    Ok(changed.modified_count == 1)
}

fn waiting(ids: &[&str]) -> Document {
    let open = [Status::Received.as_str(), Status::Failed.as_str()];
    doc! { "_id": { "$in": ids }, "status": { "$in": &open[..] }, "due_at": { "$type": "date" } }
}

/// Puts a settled row back to be processed; `false` when it waits already or isn't there.
pub async fn reopen_in(session: &mut ClientSession, db: &Db, now: Timestamp, id: &str) -> mongodb::error::Result<bool> {
    let settled = doc! { "_id": id, "due_at": { "$exists": false } };
    let change = doc! {
        "$set": { "status": Status::Received.as_str(), "due_at": date(now), "attempts": 0 },
        "$unset": { "error": "", "processed_at": "" },
    };
    Ok(db.stored::<Delivery>().update_one(settled, change).session(session).await?.modified_count == 1)
}

/// One row.
pub async fn find(db: &Db, id: &str) -> Result<Option<Delivery>, Failure> {
    Ok(db.stored::<Delivery>().find_one(doc! { "_id": id }).await?)
}

/// The newest delivery of a source.
pub async fn newest(db: &Db, now: Timestamp, source: Source) -> Result<Option<Delivery>, Failure> {
    let filter = Filter { source: Some(source), status: None };
    Ok(around(db, now, filter, From::Newest, 1).await?.0.into_iter().next())
}

/// How many deliveries are in this state; for the few that failed.
pub async fn count(db: &Db, status: Status) -> Result<u64, Failure> {
    Ok(db.stored::<Delivery>().count_documents(doc! { "status": status.as_str() }).max_time(PATIENCE).await?)
}

/// Which rows of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// One service's.
    pub source: Option<Source>,
    /// In one state.
    pub status: Option<Status>,
}

/// A place in the list: the key of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    at_ms: i64,
    id: String,
}

impl Place {
    fn of(row: &Delivery) -> Self {
        Self { at_ms: row.received_at.timestamp_millis(), id: row.id.clone() }
    }

    /// As it stands in a link.
    pub fn parse(text: &str) -> Option<Self> {
        let (at_ms, id) = text.split_once('.')?;
        Some(Self { at_ms: at_ms.parse().ok()?, id: uuid::Uuid::parse_str(id).ok()?.to_string() })
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.at_ms, self.id)
    }
}

/// From which place, and which way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum From {
    /// The newest rows.
    #[default]
    Newest,
    /// Rows older than this one.
    Before(Place),
    /// Rows newer than this one.
    After(Place),
}

/// Rows, newest first, and the places of the pages around them.
#[derive(Debug)]
pub struct Page {
    /// The rows.
    pub rows: Vec<Delivery>,
    /// Where newer ones begin.
    pub newer: Option<Place>,
    /// Where older ones begin.
    pub older: Option<Place>,
}

/// One page.
pub async fn page(db: &Db, now: Timestamp, filter: Filter, from: From, limit: usize) -> Result<Page, Failure> {
    let (rows, more) = around(db, now, filter, from.clone(), limit).await?;
    let (first, last) = (rows.first().map(Place::of), rows.last().map(Place::of));
    let (newer, older) = match from {
        From::Newest => (None, last.filter(|_| more)),
        From::Before(place) => (first.or(Some(place)), last.filter(|_| more)),
        From::After(place) => (first.filter(|_| more), last.or(Some(place))),
    };
    Ok(Page { rows, newer, older })
}

async fn around(
    db: &Db,
    now: Timestamp,
    filter: Filter,
    from: From,
    limit: usize,
) -> Result<(Vec<Delivery>, bool), Failure> {
    let is_forward = matches!(from, From::After(_));
    let mut rows = Vec::new();
    for reach in SPANS_DAYS.map(|days| Some(days * DAY_MS)).into_iter().chain([None]) {
        rows = read(db, now, filter, &from, reach, limit + 1).await?;
        if rows.len() > limit {
            break;
        }
    }
    let more = rows.len() > limit;
    rows.truncate(limit);
    if is_forward {
        rows.reverse();
    }
    Ok((rows, more))
}

async fn read(
    db: &Db,
    now: Timestamp,
    filter: Filter,
    from: &From,
    reach_ms: Option<i64>,
    limit: usize,
) -> Result<Vec<Delivery>, Failure> {
    let mut bounds = Document::new();
    if let Some(source) = filter.source {
        bounds.insert("source", source.as_str());
    }
    if let Some(status) = filter.status {
        bounds.insert("status", status.as_str());
    }
    let (sort, from, beyond) = match from {
        From::Newest => (-1, now.as_millisecond(), None),
        From::Before(place) => (-1, place.at_ms, Some(("$lt", place))),
        From::After(place) => (1, place.at_ms, Some(("$gt", place))),
    };
    let mut span = Document::new();
    let (near, far) = if sort == 1 { ("$gte", "$lte") } else { ("$lte", "$gte") };
    span.insert(near, DateTime::from_millis(from));
    if let Some(reach) = reach_ms {
        span.insert(far, DateTime::from_millis(from.saturating_add(reach * sort)));
    }
    bounds.insert("received_at", span);
    if let Some((operator, place)) = beyond {
        let at = DateTime::from_millis(place.at_ms);
        let beyond = |value: bson::Bson| Document::from_iter([(operator.to_owned(), value)]);
        bounds.insert(
            "$or",
            vec![
                doc! { "received_at": beyond(at.into()) },
                doc! { "received_at": at, "_id": beyond(place.id.clone().into()) },
            ],
        );
    }
    let sort = i32::try_from(sort).unwrap_or(-1);
    let found = db
        .stored::<Delivery>()
        .find(bounds)
        .sort(doc! { "received_at": sort, "_id": sort })
        .limit(limit as i64)
        .max_time(PATIENCE)
        .await?;
    Ok(found.try_collect().await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_survive_links() {
        let place = Place { at_ms: 1_795_000_000_123, id: uuid::Uuid::now_v7().to_string() };
        assert_eq!(Place::parse(&place.to_string()), Some(place));
        for bad in ["", ".", "1.2", "x.0123456789abcdef01234567"] {
            assert_eq!(Place::parse(bad), None);
        }
    }
}
