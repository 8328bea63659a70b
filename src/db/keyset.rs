//! Paging by key over any order: a page begins where one stands and is never counted from the start.
//!
//! The order is a list of fields, the last of them unique, each with its direction. A [`Place`] holds the values of these
//! fields in one row and stands in links. Values that are missing sort as null does on the server: before everything when
//! ascending, after everything when descending; a field that may be missing says so ([`Key::maybe_missing`]).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bson::{Bson, DateTime, Document, doc};
use futures::TryStreamExt;
use jiff::Timestamp;
use mongodb::Collection;
use serde::de::DeserializeOwned;

use super::date;
use super::indexes::Direction;
use crate::failure::Failure;

/// A page is refused rather than waited for longer.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);
/// The span of time a newest-first page is looked for in, before everything is.
const SPAN_MS: i64 = 45 * 24 * 60 * 60 * 1000;
/// Longest place in a link, in characters.
const LONGEST_PLACE: usize = 600;

/// One field of an order.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    field: &'static str,
    direction: Direction,
    may_miss: bool,
}

impl Key {
    /// From low to high.
    pub const fn ascending(field: &'static str) -> Self {
        Self { field, direction: Direction::Ascending, may_miss: false }
    }

    /// From high to low.
    pub const fn descending(field: &'static str) -> Self {
        Self { field, direction: Direction::Descending, may_miss: false }
    }

    /// The field, with its path.
    pub const fn field(self) -> &'static str {
        self.field
    }

    /// Which way it goes.
    pub const fn direction(self) -> Direction {
        self.direction
    }

    /// The same field the other way round.
    pub const fn reversed(mut self) -> Self {
        self.direction = match self.direction {
            Direction::Ascending => Direction::Descending,
            Direction::Descending => Direction::Ascending,
        };
        self
    }

    /// Some rows don't have the field, or have null in it.
    pub const fn maybe_missing(mut self) -> Self {
        self.may_miss = true;
        self
    }
}

/// The values of a row's keys: where a page begins or ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Place(Vec<Bson>);

impl Place {
    /// As it stands in a link; none when it isn't one of ours.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > LONGEST_PLACE {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let mut values = Document::from_reader(bytes.as_slice()).ok()?;
        let Some(Bson::Array(values)) = values.remove("k") else { return None };
        // Whatever isn't a plain value could be an operator.
        let is_plain = |value: &Bson| {
            matches!(
                value,
                Bson::Null
                    | Bson::String(_)
                    | Bson::DateTime(_)
                    | Bson::ObjectId(_)
                    | Bson::Boolean(_)
                    | Bson::Int32(_)
                    | Bson::Int64(_)
                    | Bson::Double(_)
            )
        };
        values.iter().all(is_plain).then_some(Self(values))
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let bytes = doc! { "k": self.0.clone() }.to_vec().map_err(|_| std::fmt::Error)?;
        f.write_str(&URL_SAFE_NO_PAD.encode(bytes))
    }
}

/// From which place, and which way.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum From {
    /// The first rows.
    #[default]
    First,
    /// The last rows.
    Last,
    /// Rows behind this one.
    After(Place),
    /// Rows in front of this one.
    Before(Place),
}

impl From {
    fn is_backward(&self) -> bool {
        matches!(self, Self::Last | Self::Before(_))
    }
}

/// Rows in their order, and the places of the pages around them.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// The pages in front of this one end before here.
    pub previous: Option<Place>,
    /// The pages behind this one begin after here.
    pub next: Option<Place>,
    /// How many rows match.
    pub total: u64,
}

impl<T> Page<T> {
    /// The same page of other rows.
    pub fn with<U>(self, change: impl FnMut(T) -> U) -> Page<U> {
        let rows = self.rows.into_iter().map(change).collect();
        Page { rows, previous: self.previous, next: self.next, total: self.total }
    }
}

/// Which rows, in which order, and what is worked out about them.
#[derive(Clone, Debug)]
pub struct Query {
    /// Which documents, by stored fields.
    pub filter: Document,
    /// Stages in front of the order: what it is by may be worked out here, and rows be left out by it.
    pub before: Vec<Document>,
    /// The order; the last key is unique.
    pub order: Vec<Key>,
    /// Rows of a page.
    pub rows: usize,
    /// Where a newest-first order begins, when its pages are looked for in spans of time first.
    newest: Option<Timestamp>,
}

impl Query {
    /// Rows of stored fields.
    pub fn new(filter: Document, order: impl Into<Vec<Key>>, rows: usize) -> Self {
        Self { filter, before: Vec::new(), order: order.into(), rows, newest: None }
    }

    /// Works something out in front of the order.
    pub fn stage(mut self, stage: Document) -> Self {
        self.before.push(stage);
        self
    }

    /// Looks through the last days before it looks through everything, when the newest come first. Some servers pay for
    /// every matching key of a query and not only for the ones they return, and a page is nearly always of recent rows.
    pub fn recent_first(mut self, now: Timestamp) -> Self {
        let by_time = self.order.first().is_some_and(|key| key.direction == Direction::Descending && !key.may_miss);
        self.newest = Some(now).filter(|_| by_time && self.before.is_empty());
        self
    }

    /// The page from a place, and the count of all that match: two queries, whatever there is.
    pub async fn page<T>(&self, collection: &Collection<Document>, from: &From) -> Result<Page<T>, Failure>
    where
        T: DeserializeOwned,
    {
        let (total, page) = futures::try_join!(self.count(collection), self.rows(collection, from))?;
        Ok(Page { total, ..page })
    }

    /// How many rows match.
    pub async fn count(&self, collection: &Collection<Document>) -> Result<u64, Failure> {
        if self.before.is_empty() {
            return Ok(collection.count_documents(self.filter.clone()).max_time(PATIENCE).await?);
        }
        let mut stages = vec![doc! { "$match": self.filter.clone() }];
        stages.extend(self.before.iter().cloned());
        stages.push(doc! { "$count": "n" });
        let counted = collection.aggregate(stages).max_time(PATIENCE).await?.try_next().await?;
        Ok(counted.as_ref().and_then(|row| whole(row.get("n"))).unwrap_or(0))
    }

    /// The page from a place, without the count of all.
    pub async fn rows<T>(&self, collection: &Collection<Document>, from: &From) -> Result<Page<T>, Failure>
    where
        T: DeserializeOwned,
    {
        let backward = from.is_backward();
        let bound = match from {
            From::First | From::Last => None,
            From::After(place) | From::Before(place) => Some(self.beyond(place, backward)?),
        };
        let limit = i64::try_from(self.rows).unwrap_or(i64::MAX - 1) + 1;
        let mut found: Vec<Document> = if let Some(near) = self.near(from, bound.as_ref(), limit, collection).await? {
            near
        } else if self.before.is_empty() {
            let filter = match bound {
                Some(bound) => doc! { "$and": [self.filter.clone(), bound] },
                None => self.filter.clone(),
            };
            let cursor = collection.find(filter).sort(self.sort(backward)).limit(limit).max_time(PATIENCE).await?;
            cursor.try_collect().await?
        } else {
            let mut stages = vec![doc! { "$match": self.filter.clone() }];
            stages.extend(self.before.iter().cloned());
            stages.extend(bound.map(|bound| doc! { "$match": bound }));
            stages.push(doc! { "$sort": self.sort(backward) });
            stages.push(doc! { "$limit": limit });
            collection.aggregate(stages).max_time(PATIENCE).await?.try_collect().await?
        };
        let more = found.len() > self.rows;
        found.truncate(self.rows);
        if backward {
            found.reverse();
        }
        let (first, last) = (found.first().map(|row| self.place(row)), found.last().map(|row| self.place(row)));
        let (previous, next) = match from {
            From::First => (None, last.filter(|_| more)),
            From::Last => (first.filter(|_| more), None),
            From::After(place) => (first.or_else(|| Some(place.clone())), last.filter(|_| more)),
            From::Before(place) => (first.filter(|_| more), last.or_else(|| Some(place.clone()))),
        };
        let rows = found.into_iter().map(bson::deserialize_from_document).collect::<Result<Vec<T>, _>>();
        let rows = rows.map_err(anyhow::Error::from)?;
        Ok(Page { rows, previous, next, total: 0 })
    }

    /// The page if the first span of time holds it whole; none when it doesn't, or when that isn't how to look.
    async fn near(
        &self,
        from: &From,
        bound: Option<&Document>,
        limit: i64,
        collection: &Collection<Document>,
    ) -> Result<Option<Vec<Document>>, Failure> {
        let (Some(now), Some(key)) = (self.newest, self.order.first()) else { return Ok(None) };
        let begins = match from {
            From::First => date(now),
            From::After(place) => match place.0.first() {
                Some(Bson::DateTime(at)) => *at,
                _ => return Ok(None),
            },
            From::Last | From::Before(_) => return Ok(None),
        };
        let since = DateTime::from_millis(begins.timestamp_millis().saturating_sub(SPAN_MS));
        let mut parts = vec![self.filter.clone(), doc! { key.field: { "$gte": since } }];
        parts.extend(bound.cloned());
        let cursor = collection.find(doc! { "$and": parts }).sort(self.sort(false)).limit(limit).max_time(PATIENCE);
        let found: Vec<Document> = cursor.await?.try_collect().await?;
        Ok((found.len() as i64 == limit).then_some(found))
    }

    /// The place of a row.
    fn place(&self, row: &Document) -> Place {
        Place(self.order.iter().map(|key| at_path(row, key.field).cloned().unwrap_or(Bson::Null)).collect())
    }

    fn sort(&self, backward: bool) -> Document {
        let number = |key: &Key| if (key.direction == Direction::Descending) == backward { 1 } else { -1 };
        self.order.iter().map(|key| (key.field.to_owned(), Bson::Int32(number(key)))).collect()
    }

    /// What lies behind a place: for each key, rows that agree on the ones in front of it and differ on this one.
    fn beyond(&self, place: &Place, backward: bool) -> Result<Document, Failure> {
        if place.0.len() != self.order.len() {
            return Err(crate::error::AppError::Malformed.into());
        }
        let mut ways = Vec::new();
        let mut agreed = Document::new();
        for (key, value) in self.order.iter().zip(&place.0) {
            let descends = (key.direction == Direction::Descending) != backward;
            if let Some(behind) = behind(key, value, descends) {
                let mut way = agreed.clone();
                way.extend(behind);
                ways.push(Bson::Document(way));
            }
            agreed.insert(key.field, value.clone());
        }
        let mut bound = doc! { "$or": ways };
        // The same again for the first key alone: a range an index can use.
        if let (Some(key), Some(value)) = (self.order.first(), place.0.first())
            && !key.may_miss
        {
            let descends = (key.direction == Direction::Descending) != backward;
            bound.insert(key.field, doc! { if descends { "$lte" } else { "$gte" }: value.clone() });
        }
        Ok(bound)
    }
}

/// Rows whose key comes after a value; none when nothing does.
fn behind(key: &Key, value: &Bson, descends: bool) -> Option<Document> {
    let field = key.field;
    match (value, descends) {
        (Bson::Null, true) => None,
        (Bson::Null, false) => Some(doc! { field: { "$ne": null } }),
        (value, false) => Some(doc! { field: { "$gt": value.clone() } }),
        (value, true) if key.may_miss => Some(doc! { "$or": [{ field: { "$lt": value.clone() } }, { field: null }] }),
        (value, true) => Some(doc! { field: { "$lt": value.clone() } }),
    }
}

/// A value by its dotted path.
fn at_path<'a>(row: &'a Document, path: &str) -> Option<&'a Bson> {
    let mut parts = path.split('.');
    let mut value = row.get(parts.next()?)?;
    for part in parts {
        value = value.as_document()?.get(part)?;
    }
    Some(value)
}

/// A whole number of any stored kind.
pub fn whole(value: Option<&Bson>) -> Option<u64> {
    match value? {
        Bson::Int32(number) => u64::try_from(*number).ok(),
        Bson::Int64(number) => u64::try_from(*number).ok(),
        Bson::Double(number) if *number >= 0.0 => Some(*number as u64),
        _ => None,
    }
}

/// Text as a regular expression that means just that text.
pub fn literal(text: &str) -> String {
    text.chars().flat_map(|c| (c.is_ascii_punctuation().then_some('\\')).into_iter().chain([c])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_survive_links_and_riddles_dont_become_places() {
        let place = Place(vec![Bson::Null, 4.5.into(), "ñ".into(), bson::DateTime::from_millis(5).into()]);
        assert_eq!(Place::parse(&place.to_string()), Some(place));
        let riddle = doc! { "k": [{ "$gt": "" }] }.to_vec().unwrap();
        for text in ["", "x", "%%", &URL_SAFE_NO_PAD.encode(riddle), &"A".repeat(2000)] {
            assert_eq!(Place::parse(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_typed_is_searched_and_not_interpreted() {
        assert_eq!(literal("a.b+c@x.com"), r"a\.b\+c\@x\.com");
        assert_eq!(literal("ñandú"), "ñandú");
    }
}
