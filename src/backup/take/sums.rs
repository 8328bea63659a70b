//! What a namespace's documents add up to, computed while they are read.

use std::io;

use crate::dump::hash::{LeafSet, StreamHash};
use crate::dump::{Checksum, raw};

/// The sums of a finished namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sums {
    /// Documents.
    pub documents: u64,
    /// Their bytes.
    pub bytes: u64,
    /// `H_set`, hexadecimal.
    pub h_set: String,
    /// `H_stream`, hexadecimal.
    pub h_stream: String,
    /// The archive's checksum.
    pub crc: u64,
    /// How many `_id` values came more than once.
    pub repeated_ids: u64,
}

/// Sums under way.
pub struct Summing {
    set: LeafSet,
    stream: StreamHash,
    crc: Checksum,
    /// The `_id`s, to see whether one comes twice.
    ids: Option<LeafSet>,
}

impl Summing {
    /// `has_ids`: whether each `_id` may come only once.
    pub fn new(has_ids: bool) -> Self {
        Self {
            set: LeafSet::default(),
            stream: StreamHash::default(),
            crc: Checksum::default(),
            ids: has_ids.then(LeafSet::default),
        }
    }

    /// Adds the next document.
    pub fn push(&mut self, document: &[u8]) -> io::Result<()> {
        self.set.push(document)?;
        self.stream.push(document);
        self.crc.update(document);
        if let Some(ids) = &mut self.ids
            && let Some(id) = id_bytes(document)
        {
            ids.push(&id)?;
        }
        Ok(())
    }

    /// The sums.
    pub fn finish(self) -> io::Result<Sums> {
        let mut repeated_ids = 0;
        if let Some(ids) = self.ids {
            let mut before = None;
            for leaf in ids.sorted()? {
                let leaf = leaf?;
                repeated_ids += u64::from(before == Some(leaf));
                before = Some(leaf);
            }
        }
        let digest = self.set.finish()?;
        Ok(Sums {
            documents: digest.documents,
            bytes: digest.bytes,
            h_set: digest.h_set_hex(),
            h_stream: hex::encode(self.stream.finish()),
            crc: self.crc.value(),
            repeated_ids,
        })
    }
}

/// Type and bytes of a document's `_id`: what tells two of them apart.
pub fn id_bytes(document: &[u8]) -> Option<Vec<u8>> {
    let id = raw::find(document, "_id")?;
    let mut bytes = Vec::with_capacity(id.value.len() + 1);
    bytes.push(id.kind);
    bytes.extend_from_slice(id.value);
    Some(bytes)
}
