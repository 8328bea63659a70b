//! Pages by key: from any place forwards or backwards, to a numbered place, to either end.
//!
//! A page is read span by span along the [`Ladder`], each span a range bounded on both sides, until it is full. When spans
//! turn out thin (much was deleted, or a filter matches little) the stride doubles, so that even a page that finds nothing
//! costs a handful of queries. Without a ladder the whole order is one span.
//!
//! Invariants:
//! - every document that matches and stays put is on exactly one page, whatever the types of its keys and whatever is
//!   written or deleted around it meanwhile;
//! - what the server answers is compared again: a document outside the range is dropped, and an answer that isn't in our
//!   order is read whole and sorted here;
//! - rows are handed on one by one, so memory holds one batch of documents and what the reader keeps of them.

use std::cmp::Ordering;
use std::time::{Duration, Instant};

use bson::{Document, doc};

use super::bounds::{Bound, Wording, between, filter};
use super::ladder::Ladder;
use super::sort::{Place, Sort};
use crate::db::read_only::ReadOptions;
use crate::db::{ReadError, ReadOnlyDb};

/// A collection as a page is read from it.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The reading connection.
    pub db: &'a ReadOnlyDb,
    /// Its database.
    pub database: &'a str,
    /// Its name.
    pub collection: &'a str,
    /// Only documents that match, if a filter was asked for.
    pub filter: Option<&'a Document>,
    /// Whether the collection has a collation of its own, which must not order keys.
    pub collated: bool,
    /// Time for the whole page.
    pub max_time: Duration,
}

/// The order a page is shown in, and its ladder if one has been taken.
#[derive(Clone, Copy)]
pub struct Order<'a> {
    /// The order.
    pub sort: &'a Sort,
    /// Read from the highest place down.
    pub backwards: bool,
    /// The ladder of this very sort.
    pub ladder: Option<&'a Ladder>,
}

/// Where a page begins, in the direction shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum From {
    /// At the first document.
    First,
    /// At the page that ends with the last document.
    Last,
    /// Behind a place; of documents that share this very place (a view may repeat an `_id`) so many were seen.
    After(Place, u32),
    /// The page that ends in front of a place.
    Before(Place),
    /// At the document of this number, counted from 0. Needs a ladder.
    At(u64),
}

/// A page.
#[derive(Clone, Debug)]
pub struct Page<R> {
    /// What was kept of each document, in the order shown.
    pub rows: Vec<Row<R>>,
    /// Whether there is something in front of it.
    pub has_previous: bool,
    /// Whether there is something behind it.
    pub has_next: bool,
    /// The number of its first document counted from 0, if there is a ladder and no filter.
    pub position: Option<u64>,
}

/// A document's place and what was kept of it.
#[derive(Clone, Debug)]
pub struct Row<R> {
    /// Where it stands.
    pub place: Place,
    /// What was kept.
    pub kept: R,
}

/// Whether a page from there can be read along what is known of a ladder that is still being taken.
pub fn is_within(start: &Ladder, from: &From) -> bool {
    let span = match from {
        From::First => Some(0),
        From::Last => None,
        _ if start.is_scouted() => None,
        From::After(place, _) | From::Before(place) => Some(start.span_of(place)),
        From::At(number) => usize::try_from(number / start.step()).ok(),
    };
    span.is_some_and(|span| start.is_bounded(span))
}

impl<R> Page<R> {
    /// How many rows at the end share the last row's place.
    pub fn repeats(&self, sort: &Sort) -> u32 {
        let Some(last) = self.rows.last() else { return 0 };
        let same = |row: &&Row<R>| sort.compare(&row.place, &last.place) == Ordering::Equal;
        u32::try_from(self.rows.iter().rev().take_while(same).count()).unwrap_or(u32::MAX)
    }
}

/// Why a page couldn't be read.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// The read failed.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A document has an array where the order needs one value.
    #[error("an array stands where one value was expected")]
    ManyPlaces,
}

/// Reads one page of `size` rows, keeping of each document what `keep` returns.
pub async fn read<R>(
    source: Source<'_>,
    order: Order<'_>,
    from: From,
    size: usize,
    keep: impl FnMut(&[u8]) -> R,
) -> Result<Page<R>, PageError> {
    Reading { source, order, until: Instant::now() + source.max_time, keep }.page(from, size).await
}

struct Reading<'a, K> {
    source: Source<'a>,
    order: Order<'a>,
    until: Instant,
    keep: K,
}

/// One end of what is asked for, owned.
#[derive(Clone, Debug)]
struct Edge {
    place: Place,
    inclusive: bool,
}

impl Edge {
    fn bound(&self) -> Bound<'_> {
        Bound { place: &self.place, inclusive: self.inclusive }
    }
}

impl<R, K: FnMut(&[u8]) -> R> Reading<'_, K> {
    async fn page(&mut self, from: From, size: usize) -> Result<Page<R>, PageError> {
        let backwards = self.order.backwards;
        let mut page = match from {
            From::First => self.ahead(None, size, 0).await?,
            From::After(place, seen) => {
                let edge = Edge { place, inclusive: seen > 1 };
                let skip = if edge.inclusive { seen as usize } else { 0 };
                let mut page = self.ahead(Some(edge), size, skip).await?;
                page.has_previous = true;
                page
            }
            From::At(number) => match self.place_of(number).await? {
                Some((place, is_it)) => {
                    let mut page = self.ahead(Some(Edge { place, inclusive: true }), size, 0).await?;
                    page.has_previous = number > 0;
                    page.position = is_it.then_some(number);
                    page
                }
                None => self.behind(None, size).await?,
            },
            From::Last => self.behind(None, size).await?,
            From::Before(place) => {
                let page = self.behind(Some(Edge { place, inclusive: false }), size).await?;
                if !page.has_previous && page.rows.len() < size {
                    // The beginning was reached with room left: the first page, whole.
                    self.ahead(None, size, 0).await?
                } else {
                    Page { has_next: true, ..page }
                }
            }
        };
        if self.source.filter.is_none()
            && page.position.is_none()
            && let (Some(ladder), Some(first)) = (self.order.ladder, page.rows.first())
        {
            page.position = Some(self.number_of(ladder, &first.place, backwards, &page).await?);
        }
        Ok(page)
    }

    /// The rows from an edge on, in the direction shown.
    async fn ahead(&mut self, from: Option<Edge>, size: usize, skip: usize) -> Result<Page<R>, PageError> {
        let mut rows = self.collect(from, self.order.backwards, size + 1 + skip).await?;
        rows.drain(..skip.min(rows.len()));
        let has_next = rows.len() > size;
        rows.truncate(size);
        Ok(Page { rows, has_previous: false, has_next, position: None })
    }

    /// The rows that lead up to an edge, in the direction shown.
    async fn behind(&mut self, until: Option<Edge>, size: usize) -> Result<Page<R>, PageError> {
        let mut rows = self.collect(until, !self.order.backwards, size + 1).await?;
        let has_previous = rows.len() > size;
        rows.truncate(size);
        rows.reverse();
        Ok(Page { rows, has_previous, has_next: false, position: None })
    }

    /// Up to `wanted` rows from an edge on, upwards or downwards, span after span.
    async fn collect(&mut self, from: Option<Edge>, downwards: bool, wanted: usize) -> Result<Vec<Row<R>>, PageError> {
        let mut rows = Vec::new();
        let Some(ladder) = self.order.ladder else {
            let (low, high) = if downwards { (None, from) } else { (from, None) };
            self.fetch(low, high, downwards, wanted, &mut rows).await?;
            return Ok(rows);
        };
        let mut span = match &from {
            Some(edge) => ladder.span_of(&edge.place),
            None if downwards => ladder.spans() - 1,
            None => 0,
        };
        let mut stride = 1;
        let mut from = from;
        loop {
            let (first, last) = if downwards {
                (span.saturating_sub(stride - 1), span)
            } else {
                (span, (span + stride - 1).min(ladder.spans() - 1))
            };
            let edge = |rung: Option<&Place>, inclusive| rung.map(|place| Edge { place: place.clone(), inclusive });
            let (mut low, mut high) = (edge(ladder.begin(first), true), edge(ladder.end(last), false));
            if let Some(edge) = from.take() {
                if downwards { high = Some(edge) } else { low = Some(edge) }
            }
            self.fetch(low, high, downwards, wanted - rows.len(), &mut rows).await?;
            let done = if downwards { first == 0 } else { last + 1 == ladder.spans() };
            if rows.len() >= wanted || done {
                return Ok(rows);
            }
            span = if downwards { first - 1 } else { last + 1 };
            stride *= 2;
        }
    }

    /// Reads up to `wanted` rows between two edges.
    async fn fetch(
        &mut self,
        low: Option<Edge>,
        high: Option<Edge>,
        downwards: bool,
        wanted: usize,
        rows: &mut Vec<Row<R>>,
    ) -> Result<(), PageError> {
        let Some(filter) = self.filter(low.as_ref(), high.as_ref()) else { return Ok(()) };
        let mut command = self.find(filter);
        command.insert("sort", self.order.sort.command(downwards));
        command.insert("limit", i64::try_from(wanted).unwrap_or(i64::MAX));
        let mut read = self.run(command.clone(), low.as_ref(), high.as_ref()).await?;
        let before = |a: &Row<R>, b: &Row<R>| {
            let order = self.order.sort.compare(&a.place, &b.place);
            if downwards { order.reverse() } else { order }
        };
        let sorted = read.rows.windows(2).all(|pair| before(&pair[0], &pair[1]) != Ordering::Greater);
        if !sorted || (read.dropped && read.seen >= wanted) {
            command.remove("limit");
            read = self.run(command, low.as_ref(), high.as_ref()).await?;
            let sort = self.order.sort;
            read.rows.sort_by(|a, b| {
                let order = sort.compare(&a.place, &b.place);
                if downwards { order.reverse() } else { order }
            });
            read.rows.truncate(wanted);
        }
        rows.append(&mut read.rows);
        Ok(())
    }

    async fn run(&mut self, command: Document, low: Option<&Edge>, high: Option<&Edge>) -> Result<Read<R>, PageError> {
        let mut read = Read { rows: Vec::new(), seen: 0, dropped: false };
        let mut batches = self.source.db.batches(self.source.database, command, self.time()?).await?;
        while let Some(batch) = batches.next().await? {
            for document in batch.doc_slices().map_err(ReadError::from)? {
                let document = document.ok().and_then(|value| value.as_document()).map(|document| document.as_bytes());
                let document = document.ok_or_else(|| ReadError::Malformed("not a document".into()))?;
                read.seen += 1;
                let place = self.order.sort.place(document).ok_or(PageError::ManyPlaces)?;
                if self.contains(low, high, &place) {
                    read.rows.push(Row { kept: (self.keep)(document), place });
                } else {
                    read.dropped = true;
                }
            }
        }
        Ok(read)
    }

    fn contains(&self, low: Option<&Edge>, high: Option<&Edge>, place: &Place) -> bool {
        let above = low.is_none_or(|edge| match self.order.sort.compare(place, &edge.place) {
            Ordering::Less => false,
            Ordering::Equal => edge.inclusive,
            Ordering::Greater => true,
        });
        let below = high.is_none_or(|edge| match self.order.sort.compare(place, &edge.place) {
            Ordering::Less => true,
            Ordering::Equal => edge.inclusive,
            Ordering::Greater => false,
        });
        above && below
    }

    fn filter(&self, low: Option<&Edge>, high: Option<&Edge>) -> Option<Document> {
        let ladder = self.order.ladder;
        let wording = Wording {
            // Asked for where the count saw some; written since (hardly any driver can), they appear with the next count.
            rare: ladder.is_none_or(|ladder| ladder.rare_below(high.map(|edge| edge.place.as_slice()))),
            crowded: &|beginning| ladder.is_some_and(|ladder| ladder.is_crowded(beginning)),
        };
        let clauses = between(self.order.sort, low.map(Edge::bound), high.map(Edge::bound), wording);
        filter(clauses, self.source.filter)
    }

    fn find(&self, filter: Document) -> Document {
        let mut command = doc! { "find": self.source.collection, "filter": filter };
        if self.source.collated {
            command.insert("collation", doc! { "locale": "simple" });
        }
        command
    }

    /// The time left for this page.
    fn time(&self) -> Result<ReadOptions, PageError> {
        match self.until.checked_duration_since(Instant::now()) {
            Some(left) if left >= Duration::from_millis(1) => Ok(ReadOptions::within(left)),
            _ => Err(ReadError::TimedOut.into()),
        }
    }

    /// The place of the document of this number, in the direction shown, and whether it is that very document's.
    async fn place_of(&mut self, number: u64) -> Result<Option<(Place, bool)>, PageError> {
        let Some(ladder) = self.order.ladder.filter(|_| self.source.filter.is_none()) else { return Ok(None) };
        let number = match self.order.backwards {
            true => match ladder.count().checked_sub(1 + number) {
                Some(number) => number,
                // Beyond the end, read backwards, is before the first.
                None => return Ok(None),
            },
            false => number,
        };
        let span = usize::try_from(number / ladder.step()).unwrap_or(usize::MAX);
        if span >= ladder.spans() {
            return Ok(None);
        }
        let edge = |rung: Option<&Place>, inclusive| rung.map(|place| Edge { place: place.clone(), inclusive });
        let (low, high) = (edge(ladder.begin(span), true), edge(ladder.end(span), false));
        let places = self.places(low, high).await?;
        let within = usize::try_from(number % ladder.step()).unwrap_or(usize::MAX);
        // Documents deleted since leave a span thinner; the next one then begins where this one is too short.
        let next = || places.last().or(ladder.end(span)).cloned().map(|place| (place, false));
        Ok(places.get(within).map(|place| (place.clone(), true)).or_else(next))
    }

    /// The number of a page's first document, in the direction shown.
    async fn number_of(
        &mut self,
        ladder: &Ladder,
        first: &Place,
        backwards: bool,
        page: &Page<R>,
    ) -> Result<u64, PageError> {
        if !page.has_previous {
            return Ok(0);
        }
        let span = ladder.span_of(first);
        let low = ladder.begin(span).map(|place| Edge { place: place.clone(), inclusive: true });
        let before = self.places(low, Some(Edge { place: first.clone(), inclusive: false })).await?.len() as u64;
        let number = span as u64 * ladder.step() + before;
        Ok(if backwards { ladder.count().saturating_sub(1 + number) } else { number })
    }

    /// The places between two edges of one span, ascending.
    async fn places(&mut self, low: Option<Edge>, high: Option<Edge>) -> Result<Vec<Place>, PageError> {
        let Some(filter) = self.filter(low.as_ref(), high.as_ref()) else { return Ok(Vec::new()) };
        let mut command = self.find(filter);
        command.insert("projection", self.order.sort.projection());
        let (source, order, until) = (self.source, self.order, self.until);
        let mut read =
            Reading { source, order, until, keep: |_: &[u8]| () }.run(command, low.as_ref(), high.as_ref()).await?;
        read.rows.sort_by(|a, b| order.sort.compare(&a.place, &b.place));
        Ok(read.rows.into_iter().map(|row| row.place).collect())
    }
}

struct Read<R> {
    rows: Vec<Row<R>>,
    seen: usize,
    dropped: bool,
}
