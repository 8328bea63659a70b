//! One side's documents as fixed records, sorted by the digest of their `_id`, in bounded memory.
//!
//! A document becomes 88 bytes whatever its size: which one it is, what it holds, how long it is and where it stands. They
//! are sorted in runs, the runs written to an unnamed temporary file and merged when they are read. Ten million documents
//! need about 0.9 GB of that file.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt as _;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use crate::dump::hash::{Leaf, leaf};
use crate::dump::raw::{self, Element};

/// Bytes of a record on the disk.
const BYTES: usize = 88;
/// Records sorted in memory before they are written: 5.8 MB.
pub const RUN: usize = 65_536;
/// Records held for reading by all runs of a merge together: 5.8 MB.
const READ: usize = 65_536;

/// SHA-256 over the `_id`'s type byte and value bytes: `1`, `1.0` and `NumberLong(1)` are three different documents.
pub type IdDigest = [u8; 32];

/// A document seen on one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Record {
    /// Which document.
    pub id: IdDigest,
    /// What it holds.
    pub leaf: Leaf,
    /// Its BSON bytes.
    pub length: u64,
    /// Where it begins in the archive or file; 0 on a server.
    pub offset: u64,
    /// Its place in the collection as it was read, from 0.
    pub place: u64,
}

impl Record {
    /// The record of a document. `as_multiset` makes the content stand for the `_id`, as it does for a document without one.
    pub fn of(document: &[u8], offset: u64, place: u64, as_multiset: bool) -> Self {
        let leaf = leaf(document);
        let id = if as_multiset { leaf } else { raw::find(document, "_id").map_or(leaf, |id| id_digest(&id)) };
        Self { id, leaf, length: document.len() as u64, offset, place }
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.id);
        out.extend_from_slice(&self.leaf);
        for number in [self.length, self.offset, self.place] {
            out.extend_from_slice(&number.to_le_bytes());
        }
    }

    fn read(bytes: &[u8; BYTES]) -> Self {
        let digest = |at: usize| <[u8; 32]>::try_from(&bytes[at..at + 32]).unwrap_or_default();
        let number = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap_or_default());
        Self { id: digest(0), leaf: digest(32), length: number(64), offset: number(72), place: number(80) }
    }
}

/// The digest of an `_id`.
pub fn id_digest(id: &Element<'_>) -> IdDigest {
    let mut hasher = Sha256::new();
    hasher.update([id.kind]);
    hasher.update(id.value);
    hasher.finalize().into()
}

/// The temporary file of one side, shared by its collections.
#[derive(Debug)]
pub struct Spool {
    file: Arc<File>,
    end: u64,
    run: usize,
}

impl Spool {
    /// A spool whose runs hold at most `run` records.
    pub fn new(run: usize) -> io::Result<Self> {
        Ok(Self { file: Arc::new(tempfile::tempfile()?), end: 0, run: run.max(1) })
    }

    /// Sorts the records and writes them as a run; gives its place.
    fn write(&mut self, records: &mut Vec<Record>) -> io::Result<(u64, u64)> {
        records.sort_unstable();
        let mut bytes = Vec::with_capacity(records.len().min(READ) * BYTES);
        let start = self.end;
        for chunk in records.chunks(READ) {
            bytes.clear();
            chunk.iter().for_each(|record| record.write(&mut bytes));
            self.file.write_all_at(&bytes, self.end)?;
            self.end += bytes.len() as u64;
        }
        records.clear();
        Ok((start, self.end))
    }
}

/// The records of one collection while they are gathered.
#[derive(Debug, Default)]
pub struct Gathering {
    buffer: Vec<Record>,
    runs: Vec<(u64, u64)>,
    count: u64,
}

impl Gathering {
    /// Adds one.
    pub fn push(&mut self, record: Record, spool: &mut Spool) -> io::Result<()> {
        self.count += 1;
        self.buffer.push(record);
        if self.buffer.len() >= spool.run { self.spill(spool) } else { Ok(()) }
    }

    /// Records held in memory.
    pub fn held(&self) -> usize {
        self.buffer.len()
    }

    /// Writes out what is held.
    pub fn spill(&mut self, spool: &mut Spool) -> io::Result<()> {
        if !self.buffer.is_empty() {
            self.runs.push(spool.write(&mut self.buffer)?);
        }
        Ok(())
    }

    /// Everything is on the disk; nothing of it stays in memory.
    pub fn finish(mut self, spool: &mut Spool) -> io::Result<Records> {
        self.spill(spool)?;
        Ok(Records { file: spool.file.clone(), runs: self.runs, count: self.count })
    }
}

/// All records of one collection, on the disk in sorted runs.
#[derive(Clone, Debug)]
pub struct Records {
    file: Arc<File>,
    runs: Vec<(u64, u64)>,
    /// How many.
    pub count: u64,
}

impl Records {
    /// In ascending order, duplicates kept.
    pub fn sorted(&self) -> io::Result<Sorted> {
        let ahead = (READ / self.runs.len().max(1)).clamp(1, READ / 8);
        let mut runs: Vec<_> = self
            .runs
            .iter()
            .map(|(at, end)| Run { file: self.file.clone(), at: *at, end: *end, ahead, loaded: Vec::new(), next: 0 })
            .collect();
        let mut heap = BinaryHeap::with_capacity(runs.len());
        for (index, run) in runs.iter_mut().enumerate() {
            if let Some(record) = run.pull()? {
                heap.push(Reverse((record, index)));
            }
        }
        Ok(Sorted { runs, heap })
    }

    /// The same documents with their content standing for their `_id`.
    pub fn as_multiset(&self, spool: &mut Spool) -> io::Result<Self> {
        let mut gathering = Gathering::default();
        let mut sorted = self.sorted()?;
        while let Some(record) = sorted.pull()? {
            gathering.push(Record { id: record.leaf, ..record }, spool)?;
        }
        gathering.finish(spool)
    }
}

#[derive(Debug)]
struct Run {
    file: Arc<File>,
    at: u64,
    end: u64,
    ahead: usize,
    loaded: Vec<u8>,
    next: usize,
}

impl Run {
    fn pull(&mut self) -> io::Result<Option<Record>> {
        if self.next == self.loaded.len() {
            let left = usize::try_from(self.end - self.at).unwrap_or(usize::MAX);
            if left == 0 {
                return Ok(None);
            }
            self.loaded.resize((self.ahead * BYTES).min(left), 0);
            self.file.read_exact_at(&mut self.loaded, self.at)?;
            self.at += self.loaded.len() as u64;
            self.next = 0;
        }
        let Some((bytes, _)) = self.loaded[self.next..].split_first_chunk::<BYTES>() else {
            return Err(io::Error::other("a run holds less than a record"));
        };
        self.next += BYTES;
        Ok(Some(Record::read(bytes)))
    }
}

/// Records in ascending order, merged from sorted runs.
#[derive(Debug)]
pub struct Sorted {
    runs: Vec<Run>,
    heap: BinaryHeap<Reverse<(Record, usize)>>,
}

impl Sorted {
    /// The next one.
    pub fn pull(&mut self) -> io::Result<Option<Record>> {
        // Most collections fit into one run, and then there is nothing to compare.
        let Some(mut top) = self.heap.peek_mut() else { return Ok(None) };
        let Reverse((record, index)) = *top;
        match self.runs[index].pull()? {
            Some(next) => *top = Reverse((next, index)),
            None => drop(std::collections::binary_heap::PeekMut::pop(top)),
        }
        Ok(Some(record))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dump::raw::Builder;

    #[test]
    fn runs_of_any_length_give_the_same_order() {
        let documents: Vec<Vec<u8>> =
            (0..1_000).map(|n| Builder::new().int32("_id", n % 700).clone().finish()).collect();
        let sorted = |run: usize| {
            let mut spool = Spool::new(run).unwrap();
            let mut gathering = Gathering::default();
            for (place, document) in documents.iter().enumerate() {
                gathering.push(Record::of(document, 7, place as u64, false), &mut spool).unwrap();
                assert!(gathering.held() < run.max(2));
            }
            let records = gathering.finish(&mut spool).unwrap();
            assert_eq!(records.count, 1_000);
            let mut sorted = records.sorted().unwrap();
            std::iter::from_fn(move || sorted.pull().unwrap()).collect::<Vec<_>>()
        };
        let whole = sorted(10_000);
        assert!(whole.is_sorted() && whole.len() == 1_000 && whole[0].offset == 7);
        for run in [1, 3, 64, 999] {
            assert_eq!(sorted(run), whole);
        }
    }

    #[test]
    fn numeric_twins_are_different_documents() {
        let id = |document: Vec<u8>| Record::of(&document, 0, 0, false).id;
        let int = id(Builder::new().int32("_id", 1).clone().finish());
        let long = id(Builder::new().int64("_id", 1).clone().finish());
        let double = id(Builder::new().raw(raw::kind::DOUBLE, b"_id", &1.0_f64.to_le_bytes()).clone().finish());
        assert!(int != long && long != double && int != double);
        let without = Builder::new().int32("a", 1).clone().finish();
        assert_eq!(id(without.clone()), leaf(&without));
    }
}
