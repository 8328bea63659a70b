//! Cuts the plain archive into parts, compresses and encrypts each, and writes them to the local disk.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use super::manifest::Part;
use super::{PART_BYTES, part_name};
use crate::backup::keys::Recipients;

/// Compression level of parts: above it BSON gains nothing worth its time.
const LEVEL: i32 = 3;

/// Plain bytes a part may have so that it fits a store that takes objects of `limit` bytes: compression may fail to shrink,
/// and encryption adds a header and 16 bytes for every 64 KiB.
pub fn part_limit(limit: u64) -> usize {
    let room = limit.saturating_sub(4096) / 1024 * 1020;
    usize::try_from(room).unwrap_or(PART_BYTES).min(PART_BYTES)
}

/// A sealed archive on the local disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The parts written, in order.
    pub parts: Vec<Part>,
    /// Bytes of the plain archive.
    pub archive_bytes: u64,
    /// SHA-256 of the plain archive, hexadecimal.
    pub archive_sha256: String,
}

/// Takes the plain archive as it is written.
pub struct Sealer<'a> {
    folder: PathBuf,
    recipients: &'a Recipients,
    part_bytes: usize,
    buffer: Vec<u8>,
    whole: Sha256,
    sealed: Sealed,
}

impl<'a> Sealer<'a> {
    /// Writes to `folder/parts/`, which must not hold any yet.
    pub fn new(folder: &Path, recipients: &'a Recipients, part_bytes: usize) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        fs::create_dir(folder.join("parts"))?;
        Ok(Self {
            folder: folder.to_owned(),
            recipients,
            part_bytes: part_bytes.clamp(1, PART_BYTES),
            buffer: Vec::new(),
            whole: Sha256::new(),
            sealed: Sealed { parts: Vec::new(), archive_bytes: 0, archive_sha256: String::new() },
        })
    }

    fn seal(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let index = u32::try_from(self.sealed.parts.len()).map_err(io::Error::other)?;
        let frame = zstd::bulk::compress(&self.buffer, LEVEL)?;
        let cipher = self.recipients.seal(&frame)?;
        let mut file = File::create_new(self.folder.join(part_name(index)))?;
        file.write_all(&cipher)?;
        file.sync_all()?;
        let plain_bytes = self.buffer.len() as u64;
        self.sealed.parts.push(Part {
            index,
            bytes: cipher.len() as u64,
            sha256: hex::encode(Sha256::digest(&cipher)),
            plain_offset: self.sealed.archive_bytes,
            plain_bytes,
        });
        self.sealed.archive_bytes += plain_bytes;
        self.buffer.clear();
        Ok(())
    }

    /// Writes the last part.
    pub fn finish(mut self) -> io::Result<Sealed> {
        self.seal()?;
        File::open(self.folder.join("parts"))?.sync_all()?;
        self.sealed.archive_sha256 = hex::encode(self.whole.finalize());
        Ok(self.sealed)
    }
}

impl Write for Sealer<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = bytes.len().min(self.part_bytes - self.buffer.len());
        self.buffer.extend_from_slice(&bytes[..taken]);
        self.whole.update(&bytes[..taken]);
        if self.buffer.len() == self.part_bytes {
            self.seal()?;
        }
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
