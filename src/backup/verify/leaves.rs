//! `H_set`: the hash of a multiset of documents, in bounded memory.
//!
//! `leaf(doc) = SHA-256(0x00 ‖ doc)`, `H_set = SHA-256(0x01 ‖ "mset1" ‖ u64be(count) ‖ u64be(bytes) ‖ sorted leaves)`.
//! Leaves beyond a bound go to an unnamed file, sorted within each batch, so that those with the same first byte stand
//! together; at the end one first byte after the other is gathered and sorted, 1/256 of all at a time.

use std::fs::File;
use std::io::{self, Write as _};
use std::os::unix::fs::FileExt as _;

use sha2::{Digest as _, Sha256};

/// Bytes of a leaf.
const LEAF: usize = 32;

/// Gathers leaves.
#[derive(Debug, Default)]
pub struct Leaves {
    kept: Vec<[u8; LEAF]>,
    spilled: Option<Spilled>,
}

#[derive(Debug)]
struct Spilled {
    file: File,
    length: u64,
    /// For every first byte, where its leaves are: offset and how many.
    places: Vec<Vec<(u64, usize)>>,
}

impl Leaves {
    /// Adds a document; `keep` is how many leaves may stay in memory.
    pub fn push(&mut self, document: &[u8], keep: usize) -> io::Result<()> {
        let mut hasher = Sha256::new();
        hasher.update([0]);
        hasher.update(document);
        self.kept.push(hasher.finalize().into());
        if self.kept.len() >= keep { self.spill() } else { Ok(()) }
    }

    fn spill(&mut self) -> io::Result<()> {
        self.kept.sort_unstable();
        let spilled = match &mut self.spilled {
            Some(spilled) => spilled,
            none => none.insert(Spilled { file: tempfile::tempfile()?, length: 0, places: vec![Vec::new(); 256] }),
        };
        spilled.file.write_all(self.kept.as_flattened())?;
        for group in self.kept.chunk_by(|a, b| a[0] == b[0]) {
            spilled.places[usize::from(group[0][0])].push((spilled.length, group.len()));
            spilled.length += (group.len() * LEAF) as u64;
        }
        self.kept.clear();
        Ok(())
    }

    /// `H_set` of everything pushed, which were `documents` of `bytes` together.
    pub fn finish(mut self, documents: u64, bytes: u64) -> io::Result<[u8; 32]> {
        let mut hasher = Sha256::new();
        hasher.update(b"\x01mset1");
        hasher.update(documents.to_be_bytes());
        hasher.update(bytes.to_be_bytes());
        if self.spilled.is_some() {
            self.spill()?;
        }
        self.kept.sort_unstable();
        hasher.update(self.kept.as_flattened());
        if let Some(spilled) = self.spilled {
            let mut group: Vec<[u8; LEAF]> = Vec::new();
            for places in &spilled.places {
                group.clear();
                for (offset, leaves) in places {
                    let from = group.len();
                    group.resize(from + leaves, [0; LEAF]);
                    spilled.file.read_exact_at(group[from..].as_flattened_mut(), *offset)?;
                }
                group.sort_unstable();
                hasher.update(group.as_flattened());
            }
        }
        Ok(hasher.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn h_set(documents: &[Vec<u8>], keep: usize) -> String {
        let mut leaves = Leaves::default();
        for document in documents {
            leaves.push(document, keep).unwrap();
        }
        let bytes = documents.iter().map(Vec::len).sum::<usize>();
        hex::encode(leaves.finish(documents.len() as u64, bytes as u64).unwrap())
    }

    #[test]
    fn vectors() {
        let d1 = hex::decode("19000000105f696400010000000273000400000068c3a90000").unwrap();
        let d2 = hex::decode("0e000000105f6964000200000000").unwrap();
        for keep in [1, 2, 100] {
            let empty = "4e7def69c7483819e433003d5f2ca479619a78b1f9341512e44b996dcc3e5c2e";
            assert_eq!(h_set(&[], keep), empty);
            let one = "7fe9acb8ca5c0b4ca4f3220cc8101bb4442aa8c6e425d570deefc7a24f5a0a3a";
            assert_eq!(h_set(std::slice::from_ref(&d1), keep), one);
            let both = "aea5919d7f8a9185572f8e568ffc2f76cf2cd3c30c9b1e566f7829678b323996";
            assert_eq!(h_set(&[d1.clone(), d2.clone()], keep), both);
            assert_eq!(h_set(&[d2.clone(), d1.clone()], keep), both);
            let twice = "5f4c3740f46080892820649233ffd9fcefa82822e110bf40480175d0a861e689";
            assert_eq!(h_set(&[d1.clone(), d1.clone()], keep), twice);
        }
    }

    #[test]
    fn spilling_changes_nothing() {
        let documents: Vec<Vec<u8>> = (0_u32..2000).map(|number| (number % 1500).to_le_bytes().to_vec()).collect();
        let kept = h_set(&documents, usize::MAX);
        for keep in [1, 7, 130, 1999, 2000] {
            assert_eq!(h_set(&documents, keep), kept, "{keep}");
        }
    }
}
