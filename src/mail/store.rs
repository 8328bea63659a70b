//! Reading the log: by key, newest first, never by skipping.

use bson::oid::ObjectId;
use bson::{DateTime, Document, doc};
use futures::TryStreamExt;
use jiff::Timestamp;
use jiff::civil::Date;

use super::model::{Channel, Row, Status};
use super::suppression::Suppression;
use crate::db::{Db, date};
use crate::failure::Failure;

/// Spans of time looked through before the whole log is, in days: the local engine pays for every matching key.
const SPANS_DAYS: [i64; 2] = [2, 45];
const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// A page is refused rather than waited for longer.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);

/// Which rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// One status.
    pub status: Option<Status>,
    /// One template.
    pub template: Option<String>,
    /// Part of an address or number.
    pub to: Option<String>,
    /// First day, in Asunción.
    pub from: Option<Date>,
    /// Last day, inclusive, in Asunción.
    pub until: Option<Date>,
}

/// A place in a list: the key of a row.
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
    /// The rows.
    pub rows: Vec<Row>,
    /// How many match.
    pub total: u64,
    /// Where newer ones begin.
    pub newer: Option<Place>,
    /// Where older ones begin.
    pub older: Option<Place>,
}

impl Place {
    fn of(row: &Row) -> Self {
        Self { at_ms: row.created_at.timestamp_millis(), id: row.oid }
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
    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn query(&self, channel: Channel) -> Document {
        let mut query = Document::new();
        if let Some(status) = self.status {
            query.insert("status", status.as_str());
        }
        if let Some(template) = &self.template {
            query.insert("template", template);
        }
        if let Some(part) = &self.to {
            let field = match channel {
                Channel::Email => "to_email",
                Channel::WhatsApp => "to_phone",
            };
            query.insert(field, doc! { "$regex": escaped(&part.to_lowercase()) });
        }
        let mut when = Document::new();
        if let Some(start) = self.from.and_then(start_of_day) {
            when.insert("$gte", start);
        }
        if let Some(end) = self.until.and_then(|day| start_of_day(day.tomorrow().ok()?)) {
            when.insert("$lt", end);
        }
        if !when.is_empty() {
            query.insert("created_at", when);
        }
        query
    }
}

fn start_of_day(day: Date) -> Option<DateTime> {
    Some(date(day.in_tz("America/Asuncion").ok()?.timestamp()))
}

/// Text as a regular expression that means just that text.
fn escaped(text: &str) -> String {
    text.chars().flat_map(|c| (c.is_ascii_punctuation().then_some('\\')).into_iter().chain([c])).collect()
}

/// One page and the count of all rows that match.
pub async fn page(
    db: &Db,
    channel: Channel,
    now: Timestamp,
    filter: &Filter,
    from: From,
    limit: usize,
) -> Result<Page, Failure> {
    let rows = channel.rows(db);
    let total = rows.count_documents(filter.query(channel)).max_time(PATIENCE).await?;
    let (rows, more) = around(db, channel, now, filter, from, limit).await?;
    let (first, last) = (rows.first().map(Place::of), rows.last().map(Place::of));
    let (newer, older) = match from {
        From::Newest => (None, last.filter(|_| more)),
        From::Before(place) => (first.or(Some(place)), last.filter(|_| more)),
        From::After(place) => (first.filter(|_| more), last.or(Some(place))),
    };
    Ok(Page { rows, total, newer, older })
}

/// Rows on one side of a place, newest first, and whether there are more beyond them.
async fn around(
    db: &Db,
    channel: Channel,
    now: Timestamp,
    filter: &Filter,
    from: From,
    limit: usize,
) -> Result<(Vec<Row>, bool), Failure> {
    let start = match from {
        From::Newest => now.as_millisecond(),
        From::Before(place) | From::After(place) => place.at_ms,
    };
    let mut rows = Vec::new();
    for reach in SPANS_DAYS.map(|days| Some(days * DAY_MS)).into_iter().chain([None]) {
        rows = read(db, channel, filter, from, start, reach, limit + 1).await?;
        if rows.len() > limit {
            break;
        }
    }
    let more = rows.len() > limit;
    rows.truncate(limit);
    if matches!(from, From::After(_)) {
        rows.reverse();
    }
    Ok((rows, more))
}

async fn read(
    db: &Db,
    channel: Channel,
    filter: &Filter,
    from: From,
    start: i64,
    reach_ms: Option<i64>,
    limit: usize,
) -> Result<Vec<Row>, Failure> {
    let at = DateTime::from_millis(start);
    let mut bounds = vec![filter.query(channel)];
    let sort = match from {
        From::Newest => -1,
        From::Before(place) => {
            bounds.push(doc! { "created_at": { "$lte": at } });
            bounds.push(
                doc! { "$or": [{ "created_at": { "$lt": at } }, { "created_at": at, "_id": { "$lt": place.id } }] },
            );
            -1
        }
        From::After(place) => {
            bounds.push(doc! { "created_at": { "$gte": at } });
            bounds.push(
                doc! { "$or": [{ "created_at": { "$gt": at } }, { "created_at": at, "_id": { "$gt": place.id } }] },
            );
            1
        }
    };
    if let Some(reach) = reach_ms {
        bounds.push(match sort {
            1 => doc! { "created_at": { "$lte": DateTime::from_millis(start.saturating_add(reach)) } },
            _ => doc! { "created_at": { "$gte": DateTime::from_millis(start.saturating_sub(reach)) } },
        });
    }
    let found = channel
        .rows(db)
        .find(doc! { "$and": bounds })
        .sort(doc! { "created_at": sort, "_id": sort })
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .max_time(PATIENCE)
        .await?;
    Ok(found.try_collect().await?)
}

/// A row by its id.
pub async fn find(db: &Db, channel: Channel, id: &str) -> Result<Option<Row>, Failure> {
    Ok(channel.rows(db).find_one(doc! { "id": id }).await?)
}

/// How often a row was repeated by hand.
pub async fn copies(db: &Db, channel: Channel, id: &str) -> Result<u64, Failure> {
    // By the key they have, which is indexed.
    let prefix = format!("^resend/{}/", escaped(id));
    Ok(channel.rows(db).count_documents(doc! { "dedupe_key": { "$regex": prefix } }).await?)
}

/// The addresses that get nothing, newest first, and how many there are.
pub async fn suppressed(db: &Db, limit: i64) -> Result<(Vec<Suppression>, u64), Failure> {
    let all = db.stored::<Suppression>();
    let active = doc! { "is_active": true };
    let total = all.count_documents(active.clone()).max_time(PATIENCE).await?;
    let found = all.find(active).sort(doc! { "at": -1, "_id": -1 }).limit(limit).max_time(PATIENCE).await?;
    Ok((found.try_collect().await?, total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_searched_and_not_interpreted() {
        assert_eq!(escaped("a.b+c@x.com"), r"a\.b\+c\@x\.com");
        assert_eq!(escaped("ñandú"), "ñandú");
    }

    #[test]
    fn places_survive_links() {
        let place = Place { at_ms: 1_795_000_000_123, id: ObjectId::new() };
        assert_eq!(Place::parse(&place.to_string()), Some(place));
        assert_eq!(Place::parse("1-2"), None);
    }
}
