//! The counting pass: one stream over a collection that gives its exact count, its size, its newest date and its ladder.
//!
//! Counted is what was read, never what the server estimates. The pass runs beside the pages, never in their way: they use
//! the last one and say when it was taken.

use std::cmp::Ordering;
use std::sync::Arc;
use std::time::Duration;

use bson::{Document, doc};
use jiff::Timestamp;
use jiff::civil::DateTime as CivilDateTime;
use tokio::sync::watch;

use super::ladder::Ladder;
use super::order::{Bracket, Key};
use super::sort::{Place, Sort};
use crate::db::read_only::ReadOptions;
use crate::db::{ReadError, ReadOnlyDb};
use crate::dump::raw::{Element, elements, kind};

/// A pass over a very large collection may take this long.
const LONGEST: Duration = Duration::from_secs(2 * 60 * 60);
/// Documents per batch: small enough that a batch never holds a worker for long.
const BATCH: u32 = 2_000;
/// Documents that may share everything but `_id`; their ids are held in memory to be put in order.
const SHARERS: usize = 1_000_000;
/// Places a scout looks at.
const SCOUTED: i64 = 101;
/// Time for a scout; without one, a page is only slower.
const SCOUT_TIME: Duration = Duration::from_secs(5);
/// Fields that say when a document was made, the first found counts.
const DATES: [&[u8]; 8] =
    [b"created_at", b"createdAt", b"uploadDate", b"timestamp", b"sent_at", b"accepted_at", b"applied_at", b"date"];

/// What the pass reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Database.
    pub database: String,
    /// Collection or view.
    pub collection: String,
    /// Whether `_id` orders it: false for views, time series and collections with a collation.
    pub ordered: bool,
}

/// What a pass found.
#[derive(Clone, Debug)]
pub struct Survey {
    /// Documents read.
    pub count: u64,
    /// Their bytes; 0 for a pass in an order other than `_id`, which reads keys only.
    pub bytes: u64,
    /// When the newest of them was made, if they say so.
    pub newest: Option<Timestamp>,
    /// The ladder, if the server's order is ours.
    pub ladder: Option<Ladder>,
}

/// How far a pass is.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    /// Documents read so far.
    pub seen: u64,
    /// The lower part of the ladder, for those who want to read the first pages meanwhile.
    pub start: Option<Arc<Ladder>>,
}

/// Some places, in whichever order the server comes upon them. Asked for in no order, a few documents are a matter of
/// milliseconds on servers where the first few of an order cost as much as all of them.
pub async fn scout(db: &ReadOnlyDb, target: &Target, sort: &Sort) -> Option<Ladder> {
    let command = doc! {
        "find": &target.collection, "filter": {}, "projection": sort.projection(), "limit": SCOUTED,
    };
    let mut batches = db.batches(&target.database, command, ReadOptions::within(SCOUT_TIME)).await.ok()?;
    let mut places = Vec::new();
    while let Some(batch) = batches.next().await.ok()? {
        for document in batch.doc_slices().ok()? {
            places.push(sort.place(document.ok()?.as_document()?.as_bytes())?);
        }
    }
    Some(Ladder::scouted(sort.clone(), places))
}

/// Reads the whole collection once in the given order and keeps every `step`th place.
pub async fn take(
    db: &ReadOnlyDb,
    target: &Target,
    sort: &Sort,
    step: u64,
    progress: &watch::Sender<Progress>,
) -> Result<Survey, ReadError> {
    let mut command = doc! { "find": &target.collection, "filter": {} };
    if target.ordered {
        command.insert("sort", index_order(sort));
    }
    if !sort.is_id() {
        command.insert("projection", sort.projection());
    }
    let mut pass = Pass::new(sort, step, target.ordered);
    let options = ReadOptions::within(LONGEST).batches_of(BATCH);
    let mut batches = db.batches(&target.database, command, options).await?;
    while let Some(batch) = batches.next().await? {
        for document in batch.doc_slices()? {
            let document = document.ok().and_then(|value| value.as_document()).map(|document| document.as_bytes());
            pass.see(document.ok_or_else(|| ReadError::Malformed("not a document".into()))?);
        }
        progress.send_modify(|progress| {
            progress.seen = pass.count;
            pass.hand_out(&mut progress.start);
        });
    }
    Ok(pass.finish())
}

/// The order an index serves without sorting; documents it holds equal are put in order here.
fn index_order(sort: &Sort) -> Document {
    let mut order = sort.command(false);
    if !sort.is_id() {
        order.remove("_id");
    }
    order
}

struct Pass<'a> {
    sort: &'a Sort,
    step: u64,
    count: u64,
    bytes: u64,
    newest: Option<Timestamp>,
    rare: bool,
    /// `None` once the order turned out not to be ours.
    rungs: Option<Vec<Place>>,
    /// What the documents at hand share, the number of the first of them, and their ids.
    shared: Place,
    first: u64,
    ids: Vec<Key>,
    /// Rungs handed out so far.
    handed: usize,
}

impl<'a> Pass<'a> {
    fn new(sort: &'a Sort, step: u64, ordered: bool) -> Self {
        Self {
            sort,
            step,
            count: 0,
            bytes: 0,
            newest: None,
            rare: false,
            rungs: ordered.then(Vec::new),
            shared: Vec::new(),
            first: 0,
            ids: Vec::new(),
            handed: 1,
        }
    }

    fn see(&mut self, document: &[u8]) {
        if self.sort.is_id() {
            self.bytes += document.len() as u64;
            self.newest = self.newest.max(made_at(document));
        }
        if self.rungs.is_some() {
            match self.sort.place(document) {
                Some(place) => self.stand(place),
                None => self.rungs = None,
            }
        }
        self.count += 1;
    }

    fn stand(&mut self, mut place: Place) {
        self.rare |=
            place.iter().any(|key| matches!(key.bracket(), Bracket::Undefined | Bracket::Regex | Bracket::Pointer));
        let id = place.pop().unwrap_or_else(Key::null);
        if !self.ids.is_empty() {
            match self.sort.compare(&self.shared, &place) {
                Ordering::Equal if self.sort.is_id() => {}
                Ordering::Equal if self.ids.len() < SHARERS => {
                    self.ids.push(id);
                    return;
                }
                Ordering::Less => {}
                _ => {
                    self.rungs = None;
                    return;
                }
            }
            if self.sort.is_id() && self.ids.last().is_some_and(|last| *last >= id) {
                self.rungs = None;
                return;
            }
            self.settle();
        }
        self.first = self.count;
        self.shared = place;
        self.ids.push(id);
    }

    /// Puts the documents that share a beginning in order and keeps those that are rungs.
    fn settle(&mut self) {
        let downwards = self.sort.parts().last().is_some_and(|part| part.descending);
        self.ids.sort_unstable_by(|a, b| if downwards { b.cmp(a) } else { a.cmp(b) });
        let Some(rungs) = &mut self.rungs else { return };
        let mut number = self.first.next_multiple_of(self.step);
        while let Some(id) = usize::try_from(number - self.first).ok().and_then(|at| self.ids.get(at)) {
            let mut place = self.shared.clone();
            place.push(id.clone());
            rungs.push(place);
            number += self.step;
        }
        self.ids.clear();
    }

    /// Hands out the rungs so far, each time there are twice as many, so that all the copies together cost one more.
    fn hand_out(&mut self, start: &mut Option<Arc<Ladder>>) {
        match &self.rungs {
            None => *start = None,
            Some(rungs) if rungs.len() >= 2 * self.handed => {
                self.handed = rungs.len();
                *start = Some(Arc::new(Ladder::start(self.sort.clone(), self.step, rungs.clone(), self.rare)));
            }
            Some(_) => {}
        }
    }

    fn finish(mut self) -> Survey {
        self.settle();
        let Self { sort, step, count, bytes, newest, rare, rungs, .. } = self;
        let ladder = rungs.map(|rungs| Ladder::new(sort.clone(), step, rungs, count, rare));
        Survey { count, bytes, newest, ladder }
    }
}

/// When a document was made, by its own words or by its object id.
fn made_at(document: &[u8]) -> Option<Timestamp> {
    let (mut by_id, mut by_field): (_, Option<(usize, Timestamp)>) = (None, None);
    for element in elements(document).map_while(Result::ok) {
        if element.key == b"_id" && element.kind == kind::OBJECT_ID {
            let seconds = u32::from_be_bytes(element.value[..4].try_into().ok()?);
            by_id = Timestamp::from_second(seconds.into()).ok();
        } else if let Some(rank) = DATES.iter().position(|name| *name == element.key)
            && by_field.is_none_or(|(best, _)| rank < best)
            && let Some(at) = date(&element)
        {
            by_field = Some((rank, at));
        }
    }
    by_field.map(|(_, at)| at).or(by_id)
}

fn date(element: &Element<'_>) -> Option<Timestamp> {
    match element.kind {
        kind::DATE => Timestamp::from_millisecond(i64::from_le_bytes(element.value.try_into().ok()?)).ok(),
        kind::STRING => {
            let text = element.as_str().filter(|text| text.len() >= 10 && text.as_bytes()[4] == b'-')?;
            // Old rows have times without a zone; they were written in UTC.
            let naive = || text.parse::<CivilDateTime>().ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok();
            text.parse().ok().or_else(|| Some(naive()?.timestamp()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use bson::{RawDocumentBuf, oid::ObjectId};

    use super::*;

    fn raw(document: Document) -> RawDocumentBuf {
        RawDocumentBuf::try_from(&document).unwrap()
    }

    #[test]
    fn documents_say_when_they_were_made() {
        let at = |document| made_at(raw(document).as_bytes()).map(|at| at.to_string());
        let id = ObjectId::parse_str("65bb0e000000000000000000").unwrap();
        assert_eq!(at(doc! { "_id": id }).as_deref(), Some("2024-02-01T03:20:32Z"));
        let text = doc! { "_id": id, "date": "2020-01-01", "created_at": "2026-01-31T12:34:56.123456+00:00" };
        assert_eq!(at(text).as_deref(), Some("2026-01-31T12:34:56.123456Z"));
        assert_eq!(at(doc! { "created_at": "2026-01-31T12:34:56.5" }).as_deref(), Some("2026-01-31T12:34:56.5Z"));
        assert_eq!(
            at(doc! { "uploadDate": bson::DateTime::from_millis(1000) }).as_deref(),
            Some("1970-01-01T00:00:01Z")
        );
        assert_eq!(at(doc! { "_id": 1, "created_at": "ayer" }), None);
    }

    #[test]
    fn sharers_are_put_in_order_and_every_500th_is_kept() {
        let (sort, _) = Sort::parse("city").unwrap();
        let mut pass = Pass::new(&sort, 500, true);
        for (city, ids) in [("a", (0..700).rev().collect::<Vec<i32>>()), ("b", vec![9, 8]), ("c", (0..400).collect())] {
            for id in ids {
                pass.see(raw(doc! { "_id": id, "city": city }).as_bytes());
            }
        }
        let survey = pass.finish();
        let ladder = survey.ladder.unwrap();
        let rung = |city: &str, id: i32| sort.place(raw(doc! { "_id": id, "city": city }).as_bytes()).unwrap();
        assert_eq!(ladder.rungs(), [rung("a", 0), rung("a", 500), rung("c", 298)]);
        assert_eq!((survey.count, survey.bytes), (1102, 0));
    }

    #[test]
    fn the_first_rungs_are_handed_out_on_the_way() {
        let id = Sort::id();
        let mut pass = Pass::new(&id, 2, true);
        let mut start = None;
        let mut lengths = Vec::new();
        for n in 0..20 {
            pass.see(raw(doc! { "_id": n }).as_bytes());
            pass.hand_out(&mut start);
            lengths.push(start.as_ref().map_or(0, |start| start.rungs().len()));
        }
        // The newest document is only filed when the next one shows that nothing shares its place.
        assert_eq!(lengths, [0, 0, 0, 2, 2, 2, 2, 4, 4, 4, 4, 4, 4, 4, 4, 8, 8, 8, 8, 8]);
        pass.see(raw(doc! { "_id": 1 }).as_bytes());
        pass.hand_out(&mut start);
        assert!(start.is_none(), "an order that isn't ours");
    }

    #[test]
    fn an_order_that_is_not_ours_gives_no_ladder() {
        let id = Sort::id();
        let mut pass = Pass::new(&id, 500, true);
        for n in [1, 3, 2] {
            pass.see(raw(doc! { "_id": n }).as_bytes());
        }
        let survey = pass.finish();
        assert!(survey.ladder.is_none());
        assert_eq!(survey.count, 3);
    }
}
