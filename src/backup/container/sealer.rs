//! Cuts the plain archive into parts, compresses and encrypts each, and writes them to the local disk.

use std::collections::VecDeque;
use std::fs::{self, File};
use std::io::{self, Write};
use std::mem;
use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};

use sha2::{Digest as _, Sha256};

use super::manifest::Part;
use super::{PART_BYTES, part_name};
use crate::backup::keys::Recipients;

/// Compression level of parts: above it BSON gains nothing worth its time.
const LEVEL: i32 = 3;
/// Parts compressed and encrypted at the same time: that is where the time goes, and each holds three times its bytes.
const TOGETHER: usize = 2;

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
    archive_bytes: u64,
    parts: Vec<Part>,
    /// The parts after those, in order, each being written by a thread of its own.
    under_way: VecDeque<JoinHandle<io::Result<Part>>>,
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
            archive_bytes: 0,
            parts: Vec::new(),
            under_way: VecDeque::new(),
        })
    }

    /// Hands the full buffer to a thread.
    fn seal(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        if self.under_way.len() >= TOGETHER {
            self.wait()?;
        }
        let index = u32::try_from(self.parts.len() + self.under_way.len()).map_err(io::Error::other)?;
        let plain = mem::take(&mut self.buffer);
        let (plain_offset, plain_bytes) = (self.archive_bytes, plain.len() as u64);
        let (path, recipients) = (self.folder.join(part_name(index)), self.recipients.clone());
        self.under_way.push_back(thread::Builder::new().name("sealing".into()).spawn(move || {
            let frame = zstd::bulk::compress(&plain, LEVEL)?;
            drop(plain);
            let cipher = recipients.seal(&frame)?;
            let mut file = File::create_new(path)?;
            file.write_all(&cipher)?;
            file.sync_all()?;
            let sha256 = hex::encode(Sha256::digest(&cipher));
            Ok(Part { index, bytes: cipher.len() as u64, sha256, plain_offset, plain_bytes })
        })?);
        self.archive_bytes += plain_bytes;
        Ok(())
    }

    /// Waits for the oldest part under way.
    fn wait(&mut self) -> io::Result<()> {
        if let Some(oldest) = self.under_way.pop_front() {
            let sealed = oldest.join().map_err(|_| io::Error::other("the sealing of a part panicked"))?;
            self.parts.push(sealed?);
        }
        Ok(())
    }

    /// Writes the last part.
    pub fn finish(mut self) -> io::Result<Sealed> {
        self.seal()?;
        while !self.under_way.is_empty() {
            self.wait()?;
        }
        File::open(self.folder.join("parts"))?.sync_all()?;
        Ok(Sealed {
            parts: mem::take(&mut self.parts),
            archive_bytes: self.archive_bytes,
            archive_sha256: hex::encode(mem::take(&mut self.whole).finalize()),
        })
    }
}

impl Drop for Sealer<'_> {
    /// Nothing is written any more to a folder whose owner goes on to remove it.
    fn drop(&mut self) {
        for part in self.under_way.drain(..) {
            // Whoever gives up has had the first error; the others say nothing new.
            let _ = part.join();
        }
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
