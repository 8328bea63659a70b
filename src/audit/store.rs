//! Reading the log: by key, newest first, and never by skipping.

use bson::oid::ObjectId;
use bson::{DateTime, Document, doc};
use futures::TryStreamExt;
use jiff::Timestamp;
use jiff::civil::Date;
use mongodb::Cursor;

use super::model::{Action, Row};
use crate::ctx::Ctx;
use crate::db::{Db, date};
use crate::failure::Failure;

/// Spans of time looked through before the whole log is, in days. Some servers pay for every matching key of a query and
/// not only for the ones they return, and a page of recent rows is nearly always in the first span.
const SPANS_DAYS: [i64; 2] = [1, 30];
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// A page is refused rather than waited for longer.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);

/// Which rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// One action.
    pub action: Option<Action>,
    /// Part of an address.
    pub email: Option<String>,
    /// First day, in Asunción.
    pub from: Option<Date>,
    /// Last day, inclusive, in Asunción.
    pub to: Option<Date>,
}

/// A place in the log: the key of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    at_ms: i64,
    id: ObjectId,
}

/// From which place, and which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
    pub rows: Vec<Row>,
    pub total: u64,
    pub newer: Option<Place>,
    pub older: Option<Place>,
}

impl Place {
    fn of(row: &Row) -> Self {
        Self { at_ms: row.timestamp.timestamp_millis(), id: row.id }
    }

    /// As it stands in a link.
    pub fn parse(text: &str) -> Option<Self> {
        let (at_ms, id) = text.split_once('-')?;
        Some(Self { at_ms: at_ms.parse().ok()?, id: ObjectId::parse_str(id).ok()? })
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.at_ms, self.id.to_hex())
    }
}

impl Filter {
    fn query(&self) -> Document {
        let mut query = Document::new();
        if let Some(action) = self.action {
            query.insert("action", action.as_str());
        }
        if let Some(part) = &self.email {
            query.insert("user_email", doc! { "$regex": escaped(&part.to_lowercase()) });
        }
        let mut when = Document::new();
        if let Some(start) = self.from.and_then(start_of_day) {
            when.insert("$gte", start);
        }
        if let Some(end) = self.to.and_then(|day| start_of_day(day.tomorrow().ok()?)) {
            when.insert("$lt", end);
        }
        if !when.is_empty() {
            query.insert("timestamp", when);
        }
        query
    }
}

fn start_of_day(day: Date) -> Option<DateTime> {
    Some(date(day.in_tz("America/Asuncion").ok()?.timestamp()))
}

/// Text as a regular expression that means just that text.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() * 2);
    for c in text.chars() {
        if !c.is_alphanumeric() && c.is_ascii() && !c.is_control() {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// One page and the count of all rows that match.
pub async fn page(db: &Db, now: Timestamp, filter: &Filter, from: From, limit: usize) -> Result<Page, Failure> {
    let (total, (rows, more)) =
        futures::future::try_join(count(db, filter), around(db, now, filter, from, limit)).await?;
    let (first, last) = (rows.first().map(Place::of), rows.last().map(Place::of));
    let (newer, older) = match from {
        From::Newest => (None, last.filter(|_| more)),
        From::Before(place) => (first.or(Some(place)), last.filter(|_| more)),
        From::After(place) => (first.filter(|_| more), last.or(Some(place))),
    };
    Ok(Page { rows, total, newer, older })
}

async fn count(db: &Db, filter: &Filter) -> Result<u64, Failure> {
    Ok(db.stored::<Row>().count_documents(filter.query()).max_time(PATIENCE).await?)
}

/// The newest rows of all, for an overview.
pub async fn recent(ctx: &Ctx, limit: usize) -> Result<Vec<Row>, Failure> {
    Ok(around(&ctx.app.db, ctx.now(), &Filter::default(), From::Newest, limit).await?.0)
}

/// Every matching row, newest first.
pub async fn all(db: &Db, filter: &Filter) -> Result<(u64, Cursor<Row>), Failure> {
    let rows = db.stored::<Row>();
    let total = rows.count_documents(filter.query()).await?;
    let cursor = rows.find(filter.query()).sort(doc! { "timestamp": -1, "_id": -1 }).batch_size(500).await?;
    Ok((total, cursor))
}

/// Rows on one side of a place, newest first, and whether there are more beyond them.
async fn around(
    db: &Db,
    now: Timestamp,
    filter: &Filter,
    from: From,
    limit: usize,
) -> Result<(Vec<Row>, bool), Failure> {
    let is_forward = matches!(from, From::After(_));
    let start = match from {
        From::Newest => now.as_millisecond(),
        From::Before(place) | From::After(place) => place.at_ms,
    };
    let mut rows = Vec::new();
    for span in SPANS_DAYS.map(Some).into_iter().chain([None]) {
        let reach = span.map(|days| days * DAY_MS);
        rows = read(db, filter, from, start, reach, limit + 1).await?;
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
    filter: &Filter,
    from: From,
    start: i64,
    reach_ms: Option<i64>,
    limit: usize,
) -> Result<Vec<Row>, Failure> {
    let date = DateTime::from_millis;
    let mut bounds = vec![filter.query()];
    let sort = match from {
        From::Newest => -1,
        From::Before(place) => {
            bounds.push(doc! { "timestamp": { "$lte": date(start) } });
            bounds.push(doc! { "$or": [
                { "timestamp": { "$lt": date(start) } },
                { "timestamp": date(start), "_id": { "$lt": place.id } },
            ] });
            -1
        }
        From::After(place) => {
            bounds.push(doc! { "timestamp": { "$gte": date(start) } });
            bounds.push(doc! { "$or": [
                { "timestamp": { "$gt": date(start) } },
                { "timestamp": date(start), "_id": { "$gt": place.id } },
            ] });
            1
        }
    };
    if let Some(reach) = reach_ms {
        bounds.push(match sort {
            1 => doc! { "timestamp": { "$lte": date(start.saturating_add(reach)) } },
            _ => doc! { "timestamp": { "$gte": date(start.saturating_sub(reach)) } },
        });
    }
    let found = db
        .stored::<Row>()
        .find(doc! { "$and": bounds })
        .sort(doc! { "timestamp": sort, "_id": sort })
        .limit(limit as i64)
        .max_time(PATIENCE)
        .await?;
    Ok(found.try_collect().await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_asuncion_and_the_last_one_is_included() {
        let day = jiff::civil::date(2026, 11, 22);
        let filter = Filter { from: Some(day), to: Some(day), ..Filter::default() };
        let parse = |text: &str| DateTime::parse_rfc3339_str(text).unwrap();
        assert_eq!(
            filter.query(),
            doc! { "timestamp": { "$gte": parse("2026-11-22T03:00:00Z"), "$lt": parse("2026-11-23T03:00:00Z") } }
        );
    }

    #[test]
    fn what_is_typed_is_searched_and_not_interpreted() {
        assert_eq!(escaped("a.b+c@x.com"), r"a\.b\+c\@x\.com");
        assert_eq!(escaped("(.*)"), r"\(\.\*\)");
        assert_eq!(escaped("ñandú"), "ñandú");
    }

    #[test]
    fn places_survive_links() {
        let place = Place { at_ms: 1_795_000_000_123, id: ObjectId::new() };
        assert_eq!(Place::parse(&place.to_string()), Some(place));
        for bad in ["", "-", "1-2", "x-0123456789abcdef01234567"] {
            assert_eq!(Place::parse(bad), None);
        }
    }
}
