//! The first pass over a side: every document becomes a record, and nothing of it stays in memory.

use std::collections::BTreeMap;

use anyhow::Context as _;

use super::read::Taker;
use super::records::{Gathering, Record, Records, Spool};
use crate::dump::hash::StreamHash;
use crate::dump::raw::{find, kind};
use crate::dump::{Definition, Kind};

/// Runs that may be held in memory together, when a dump's collections are interleaved.
const RUNS_HELD: usize = 4;

/// A side that was read.
#[derive(Debug)]
pub struct Scanned {
    /// Its collections by name.
    pub collections: BTreeMap<String, Scan>,
    /// Where its records are.
    pub spool: Spool,
}

/// One collection of a side.
#[derive(Debug)]
pub struct Scan {
    /// Kind, options and indexes.
    pub definition: Definition,
    /// Its documents.
    pub records: Records,
    /// `H_stream` of a capped collection, whose order is data.
    pub order: Option<[u8; 32]>,
    /// Whether its content stands for the `_id`.
    pub is_multiset: bool,
    /// A time series whose documents are buckets, and not measurements.
    pub holds_buckets: bool,
}

/// Takes a side in.
pub struct Scanner {
    run: usize,
    spool: Spool,
    open: BTreeMap<usize, Open>,
    collections: BTreeMap<String, Scan>,
}

struct Open {
    definition: Definition,
    gathering: Gathering,
    order: Option<StreamHash>,
    place: u64,
    is_multiset: bool,
    holds_buckets: bool,
}

impl Scanner {
    /// A scanner whose runs hold at most `run` records.
    pub fn new(run: usize) -> std::io::Result<Self> {
        Ok(Self { run, spool: Spool::new(run)?, open: BTreeMap::new(), collections: BTreeMap::new() })
    }

    /// Everything that was taken in.
    pub fn finish(self) -> Scanned {
        Scanned { collections: self.collections, spool: self.spool }
    }
}

impl Taker for Scanner {
    fn open(&mut self, index: usize, definition: &Definition) -> anyhow::Result<()> {
        let open = Open {
            definition: definition.clone(),
            gathering: Gathering::default(),
            order: definition.is_capped().then(StreamHash::default),
            place: 0,
            is_multiset: false,
            holds_buckets: false,
        };
        self.open.insert(index, open);
        Ok(())
    }

    fn document(&mut self, index: usize, document: &[u8], offset: u64) -> anyhow::Result<()> {
        let open = self.open.get_mut(&index).context("a document of a collection that was never opened")?;
        if open.place == 0 && open.definition.kind == Kind::TimeSeries {
            open.holds_buckets = is_bucket(document);
            // Measurements have no `_id` to rely on.
            open.is_multiset = !open.holds_buckets;
        }
        if let Some(order) = &mut open.order {
            order.push(document);
        }
        let record = Record::of(document, offset, open.place, open.is_multiset);
        open.gathering.push(record, &mut self.spool)?;
        open.place += 1;
        if open.place.is_multiple_of(1024) && self.open.len() > 1 {
            let held: usize = self.open.values().map(|open| open.gathering.held()).sum();
            if held > RUNS_HELD * self.run {
                self.open.values_mut().try_for_each(|open| open.gathering.spill(&mut self.spool))?;
            }
        }
        Ok(())
    }

    fn close(&mut self, index: usize) -> anyhow::Result<()> {
        let open = self.open.remove(&index).context("the end of a collection that was never opened")?;
        let scan = Scan {
            records: open.gathering.finish(&mut self.spool)?,
            order: open.order.map(StreamHash::finish),
            is_multiset: open.is_multiset,
            holds_buckets: open.holds_buckets,
            definition: open.definition,
        };
        self.collections.insert(scan.definition.collection.clone(), scan);
        Ok(())
    }
}

/// Whether a document of a time series is one of its buckets.
fn is_bucket(document: &[u8]) -> bool {
    let is_document = |name: &str| find(document, name).is_some_and(|element| element.kind == kind::DOCUMENT);
    is_document("control") && is_document("data")
}
