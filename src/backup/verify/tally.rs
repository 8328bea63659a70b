//! What a namespace's documents add up to while they are read.

use std::io;

use crc::{CRC_64_XZ, Crc, Digest, Table};
use sha2::{Digest as _, Sha256};

use super::leaves::Leaves;

/// Slicing by sixteen bytes: the plain table is slower than everything else that is done with a document.
static CRC: Crc<u64, Table<16>> = Crc::<u64, Table<16>>::new(&CRC_64_XZ);

/// Adds documents up.
pub struct Tally {
    documents: u64,
    bytes: u64,
    crc: Digest<'static, u64, Table<16>>,
    stream: Sha256,
    leaves: Leaves,
}

/// The sums. Hashes are hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sums {
    /// Documents.
    pub documents: u64,
    /// Their bytes.
    pub bytes: u64,
    /// CRC-64/XZ over all of them in order.
    pub crc: u64,
    /// SHA-256 over all of them in order.
    pub h_stream: String,
    /// The hash of their multiset.
    pub h_set: String,
}

impl Default for Tally {
    fn default() -> Self {
        Self { documents: 0, bytes: 0, crc: CRC.digest(), stream: Sha256::new(), leaves: Leaves::default() }
    }
}

impl Tally {
    /// Adds a document; `keep` leaves may stay in memory.
    pub fn push(&mut self, document: &[u8], keep: usize) -> io::Result<()> {
        self.documents += 1;
        self.bytes += document.len() as u64;
        self.crc.update(document);
        self.stream.update(document);
        self.leaves.push(document, keep)
    }

    /// Documents so far.
    pub fn documents(&self) -> u64 {
        self.documents
    }

    /// The sums.
    pub fn finish(self) -> io::Result<Sums> {
        Ok(Sums {
            documents: self.documents,
            bytes: self.bytes,
            crc: self.crc.finalize(),
            h_stream: hex::encode(self.stream.finalize()),
            h_set: hex::encode(self.leaves.finish(self.documents, self.bytes)?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_one_of_mongodump() {
        assert_eq!(CRC.checksum(b"123456789"), 0x995d_c9bb_df19_39fa);
        assert_eq!(CRC.checksum(b""), 0);
        let d1 = hex::decode("19000000105f696400010000000273000400000068c3a90000").unwrap();
        let d2 = hex::decode("0e000000105f6964000200000000").unwrap();
        assert_eq!(CRC.checksum(&d1), 0x13e1_2496_98e1_415f);
        assert_eq!(CRC.checksum(&d2), 0x179d_f8e3_3e08_391c);
        let mut tally = Tally::default();
        tally.push(&d1, 10).unwrap();
        tally.push(&d2, 10).unwrap();
        assert_eq!(tally.finish().unwrap().crc, 0x833a_bbe0_1e49_5aa4);
    }
}
