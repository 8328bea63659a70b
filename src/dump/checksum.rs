//! The archive's checksum: CRC-64/XZ over the documents of one namespace. It finds accidents and nothing else; the proof
//! is [`hash`](super::hash).

use crc::{CRC_64_XZ, Crc, Digest, Table};

static CRC: Crc<u64, Table<16>> = Crc::<u64, Table<16>>::new(&CRC_64_XZ);

/// A running checksum.
#[derive(Clone)]
pub struct Checksum(Digest<'static, u64, Table<16>>);

impl Default for Checksum {
    fn default() -> Self {
        Self(CRC.digest())
    }
}

impl Checksum {
    /// Adds the bytes of one document.
    pub fn update(&mut self, document: &[u8]) {
        self.0.update(document);
    }

    /// The value so far.
    pub fn value(&self) -> u64 {
        self.0.clone().finalize()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(parts: &[&[u8]], expected: u64) {
        let mut checksum = Checksum::default();
        for part in parts {
            checksum.update(part);
        }
        assert_eq!(checksum.value(), expected, "{:016x}", checksum.value());
    }

    #[test]
    fn vectors() {
        let d1 = hex::decode("19000000105f696400010000000273000400000068c3a90000").unwrap();
        let d2 = hex::decode("0e000000105f6964000200000000").unwrap();
        check(&[], 0);
        check(&[b"123456789"], 0x995D_C9BB_DF19_39FA);
        check(&[&d1], 0x13e1_2496_98e1_415f);
        check(&[&d2], 0x179d_f8e3_3e08_391c);
        check(&[&d1, &d2], 0x833a_bbe0_1e49_5aa4);
    }
}
