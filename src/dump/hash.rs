//! The proof that a copy is complete: hashes over whole documents, independent of their order.
//!
//! `leaf(doc) = SHA-256(0x00 ‖ doc)` and
//! `H_set = SHA-256(0x01 ‖ "mset1" ‖ u64be(count) ‖ u64be(bytes) ‖ sorted leaves, duplicates kept)`.
//! `H_stream` is SHA-256 over the documents in order: it binds the order of a capped collection.
//!
//! Sorting needs 32 bytes per document, so [`LeafSet`] sorts runs of bounded length, writes them to an unnamed temporary
//! file and merges them at the end: memory doesn't grow with the collection.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{self, Write as _};
use std::os::unix::fs::FileExt as _;

use sha2::{Digest as _, Sha256};

/// SHA-256 of a document with a leading zero byte.
pub type Leaf = [u8; 32];

/// Leaves sorted in memory before they are written out: 2 MiB.
const RUN_LEAVES: usize = 65_536;
/// Leaves read back at a time from each run.
const READ_LEAVES: usize = 128;

/// The leaf of one document.
pub fn leaf(document: &[u8]) -> Leaf {
    let mut hasher = Sha256::new();
    hasher.update([0]);
    hasher.update(document);
    hasher.finalize().into()
}

/// What a collection's documents add up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest {
    /// Documents counted.
    pub documents: u64,
    /// Their bytes together.
    pub bytes: u64,
    /// `H_set`
    pub h_set: [u8; 32],
}

impl Digest {
    /// `H_set` as lower-case hexadecimal digits.
    pub fn h_set_hex(&self) -> String {
        hex::encode(self.h_set)
    }
}

/// SHA-256 over documents in order.
#[derive(Clone, Debug, Default)]
pub struct StreamHash(Sha256);

impl StreamHash {
    /// Adds the next document.
    pub fn push(&mut self, document: &[u8]) {
        self.0.update(document);
    }

    /// `H_stream`
    pub fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

/// Gathers the leaves of a collection.
#[derive(Debug)]
pub struct LeafSet {
    documents: u64,
    bytes: u64,
    run_leaves: usize,
    buffer: Vec<Leaf>,
    spilled: Option<Spilled>,
}

#[derive(Debug)]
struct Spilled {
    file: File,
    /// Leaves per run, in file order.
    runs: Vec<u64>,
}

impl Default for LeafSet {
    fn default() -> Self {
        Self::with_run_length(RUN_LEAVES)
    }
}

impl LeafSet {
    /// A set whose runs hold at most `run_leaves` leaves.
    pub fn with_run_length(run_leaves: usize) -> Self {
        Self { documents: 0, bytes: 0, run_leaves: run_leaves.max(1), buffer: Vec::new(), spilled: None }
    }

    /// Adds one document.
    pub fn push(&mut self, document: &[u8]) -> io::Result<()> {
        self.documents += 1;
        self.bytes += document.len() as u64;
        self.buffer.push(leaf(document));
        if self.buffer.len() >= self.run_leaves { self.spill() } else { Ok(()) }
    }

    /// Documents so far.
    pub fn documents(&self) -> u64 {
        self.documents
    }

    /// Bytes so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    fn spill(&mut self) -> io::Result<()> {
        self.buffer.sort_unstable();
        let spilled = match &mut self.spilled {
            Some(spilled) => spilled,
            none => none.insert(Spilled { file: tempfile::tempfile()?, runs: Vec::new() }),
        };
        spilled.file.write_all(self.buffer.as_flattened())?;
        spilled.runs.push(self.buffer.len() as u64);
        self.buffer.clear();
        Ok(())
    }

    /// Sorts everything and computes `H_set`.
    pub fn finish(self) -> io::Result<Digest> {
        let (documents, bytes) = (self.documents, self.bytes);
        let mut hasher = Sha256::new();
        hasher.update([1]);
        hasher.update(b"mset1");
        hasher.update(documents.to_be_bytes());
        hasher.update(bytes.to_be_bytes());
        for leaf in self.sorted()? {
            hasher.update(leaf?);
        }
        Ok(Digest { documents, bytes, h_set: hasher.finalize().into() })
    }

    /// All leaves in ascending order, duplicates kept.
    pub fn sorted(mut self) -> io::Result<Sorted> {
        let Some(_) = &self.spilled else {
            self.buffer.sort_unstable();
            return Ok(Sorted { runs: vec![Run::memory(self.buffer)], heap: None });
        };
        if !self.buffer.is_empty() {
            self.spill()?;
        }
        let Some(Spilled { file, runs }) = self.spilled else { unreachable!("checked above") };
        let file = std::sync::Arc::new(file);
        let mut at = 0;
        let runs = runs.iter().map(|leaves| {
            let run = Run { file: Some(file.clone()), at, end: at + leaves * 32, loaded: Vec::new(), next: 0 };
            at = run.end;
            run
        });
        Ok(Sorted { runs: runs.collect(), heap: None })
    }
}

#[derive(Debug)]
struct Run {
    file: Option<std::sync::Arc<File>>,
    at: u64,
    end: u64,
    loaded: Vec<Leaf>,
    next: usize,
}

impl Run {
    fn memory(leaves: Vec<Leaf>) -> Self {
        Self { file: None, at: 0, end: 0, loaded: leaves, next: 0 }
    }

    fn pull(&mut self) -> io::Result<Option<Leaf>> {
        if self.next == self.loaded.len() {
            let Some(file) = self.file.as_ref().filter(|_| self.at < self.end) else { return Ok(None) };
            let leaves = READ_LEAVES.min(((self.end - self.at) / 32) as usize);
            self.loaded.resize(leaves, [0; 32]);
            file.read_exact_at(self.loaded.as_flattened_mut(), self.at)?;
            self.at += leaves as u64 * 32;
            self.next = 0;
        }
        self.next += 1;
        Ok(Some(self.loaded[self.next - 1]))
    }
}

/// Leaves in ascending order, merged from sorted runs.
#[derive(Debug)]
pub struct Sorted {
    runs: Vec<Run>,
    heap: Option<BinaryHeap<Reverse<(Leaf, usize)>>>,
}

impl Sorted {
    fn step(&mut self) -> io::Result<Option<Leaf>> {
        if let [run] = self.runs.as_mut_slice() {
            return run.pull();
        }
        let heap = match &mut self.heap {
            Some(heap) => heap,
            none => {
                let mut heap = BinaryHeap::with_capacity(self.runs.len());
                for (index, run) in self.runs.iter_mut().enumerate() {
                    if let Some(leaf) = run.pull()? {
                        heap.push(Reverse((leaf, index)));
                    }
                }
                none.insert(heap)
            }
        };
        let Some(Reverse((leaf, index))) = heap.pop() else { return Ok(None) };
        if let Some(next) = self.runs[index].pull()? {
            heap.push(Reverse((next, index)));
        }
        Ok(Some(leaf))
    }
}

impl Iterator for Sorted {
    type Item = io::Result<Leaf>;

    fn next(&mut self) -> Option<Self::Item> {
        self.step().transpose()
    }
}

/// The leaves found on one side only.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeafDifference {
    /// On the left side only.
    pub left: Vec<Leaf>,
    /// On the right side only.
    pub right: Vec<Leaf>,
}

/// Compares two multisets by merging; at most `limit` leaves are kept per side.
pub fn difference(left: Sorted, right: Sorted, limit: usize) -> io::Result<LeafDifference> {
    let mut found = LeafDifference::default();
    let (mut left, mut right) = (left, right);
    let (mut a, mut b) = (left.step()?, right.step()?);
    while found.left.len() < limit || found.right.len() < limit {
        match (a, b) {
            (Some(x), Some(y)) if x == y => (a, b) = (left.step()?, right.step()?),
            (Some(x), y) if y.is_none_or(|y| x < y) => {
                if found.left.len() < limit {
                    found.left.push(x);
                }
                a = left.step()?;
            }
            (_, Some(y)) => {
                if found.right.len() < limit {
                    found.right.push(y);
                }
                b = right.step()?;
            }
            _ => break,
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documents() -> (Vec<u8>, Vec<u8>) {
        let d1 = hex::decode("19000000105f696400010000000273000400000068c3a90000").unwrap();
        (d1, hex::decode("0e000000105f6964000200000000").unwrap())
    }

    fn h_set(documents: &[&[u8]], run_length: usize) -> String {
        let mut set = LeafSet::with_run_length(run_length);
        for document in documents {
            set.push(document).unwrap();
        }
        set.finish().unwrap().h_set_hex()
    }

    #[test]
    fn vectors() {
        let (d1, d2) = documents();
        assert_eq!(hex::encode(leaf(&d1)), "cf1574917ee26eb942c67847ab4a819c10b9dc3bc679579f8a441e06341e43e4");
        for runs in [1, 2, 100] {
            let empty = "4e7def69c7483819e433003d5f2ca479619a78b1f9341512e44b996dcc3e5c2e";
            assert_eq!(h_set(&[], runs), empty);
            let one = "7fe9acb8ca5c0b4ca4f3220cc8101bb4442aa8c6e425d570deefc7a24f5a0a3a";
            assert_eq!(h_set(&[&d1], runs), one);
            let both = "aea5919d7f8a9185572f8e568ffc2f76cf2cd3c30c9b1e566f7829678b323996";
            assert_eq!(h_set(&[&d1, &d2], runs), both);
            assert_eq!(h_set(&[&d2, &d1], runs), both);
            let twice = "5f4c3740f46080892820649233ffd9fcefa82822e110bf40480175d0a861e689";
            assert_eq!(h_set(&[&d1, &d1], runs), twice);
        }
    }

    #[test]
    fn spilled_and_kept_sets_agree() {
        let documents: Vec<Vec<u8>> = (0u32..1000).map(|n| (n % 700).to_le_bytes().to_vec()).collect();
        let all: Vec<&[u8]> = documents.iter().map(Vec::as_slice).collect();
        let kept = h_set(&all, 10_000);
        for runs in [1, 7, 130, 999] {
            assert_eq!(h_set(&all, runs), kept);
        }
    }

    #[test]
    fn a_difference_names_both_sides() {
        let set = |numbers: &[u8], runs| {
            let mut set = LeafSet::with_run_length(runs);
            for number in numbers {
                set.push(&[*number]).unwrap();
            }
            set.sorted().unwrap()
        };
        let found = difference(set(&[1, 2, 2, 3], 2), set(&[3, 2, 4, 1], 100), 10).unwrap();
        assert_eq!(found, LeafDifference { left: vec![leaf(&[2])], right: vec![leaf(&[4])] });
        let none = difference(set(&[1, 2], 1), set(&[2, 1], 5), 10).unwrap();
        assert_eq!(none, LeafDifference::default());
    }
}
