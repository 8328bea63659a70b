//! Documents on the local disk between reading and sealing: one file for each namespace, in compressed frames.
//!
//! A frame is its generation, its packed and its plain length, four bytes each, and a zstd frame of whole documents back to
//! back. A file is only ever appended to; documents of a later generation take the place of those read first.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Read, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;

/// Plain bytes gathered before a frame is written. A longer document gets a frame of its own.
const FRAME_BYTES: usize = 1024 * 1024;
/// Longest plain frame ever written: a frame's worth and the longest document a server holds.
const LONGEST_FRAME: usize = FRAME_BYTES + 17 * 1024 * 1024;
/// The disk is much faster than the network; compressing harder is the sealing's work.
const LEVEL: i32 = 1;

/// Makes a folder only we can read.
pub fn make_folder(path: &Path) -> io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// A file being written.
pub struct Writer {
    out: BufWriter<File>,
    buffer: Vec<u8>,
    generation: u32,
}

impl Writer {
    /// Starts a file of the first generation.
    pub fn create(path: &Path) -> io::Result<Self> {
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
        Ok(Self { out: BufWriter::new(file), buffer: Vec::new(), generation: 0 })
    }

    /// Goes on with a file: what follows belongs to this generation.
    pub fn append(path: &Path, generation: u32) -> io::Result<Self> {
        let file = OpenOptions::new().append(true).open(path)?;
        Ok(Self { out: BufWriter::new(file), buffer: Vec::new(), generation })
    }

    /// Adds a document.
    pub fn push(&mut self, document: &[u8]) -> io::Result<()> {
        if !self.buffer.is_empty() && self.buffer.len() + document.len() > FRAME_BYTES {
            self.frame()?;
        }
        self.buffer.extend_from_slice(document);
        Ok(())
    }

    fn frame(&mut self) -> io::Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let packed = zstd::bulk::compress(&self.buffer, LEVEL)?;
        let length = |bytes: &[u8]| u32::try_from(bytes.len()).map_err(io::Error::other);
        for number in [self.generation, length(&packed)?, length(&self.buffer)?] {
            self.out.write_all(&number.to_le_bytes())?;
        }
        self.out.write_all(&packed)?;
        self.buffer.clear();
        // After a document of many megabytes the next frames don't need as much.
        self.buffer.shrink_to(2 * FRAME_BYTES);
        Ok(())
    }

    /// Writes the last frame.
    pub fn finish(mut self) -> io::Result<()> {
        self.frame()?;
        self.out.flush()
    }
}

/// A file being read.
pub struct Reader {
    input: BufReader<File>,
    packed: Vec<u8>,
}

impl Reader {
    /// Opens a finished file.
    pub fn open(path: &Path) -> io::Result<Self> {
        Ok(Self { input: BufReader::with_capacity(256 * 1024, File::open(path)?), packed: Vec::new() })
    }

    /// The next frame's documents and their generation; `None` at the end.
    pub fn frame(&mut self) -> io::Result<Option<(u32, Vec<u8>)>> {
        let mut head = [0; 12];
        let mut read = 0;
        while read < head.len() {
            match self.input.read(&mut head[read..])? {
                0 if read == 0 => return Ok(None),
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                more => read += more,
            }
        }
        let number = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        let (generation, packed, plain) = (number(0), number(4) as usize, number(8) as usize);
        if packed.max(plain) > LONGEST_FRAME {
            return Err(io::Error::other("the spool is damaged"));
        }
        self.packed.resize(packed, 0);
        self.input.read_exact(&mut self.packed)?;
        let frame = zstd::bulk::decompress(&self.packed, plain)?;
        self.packed.shrink_to(2 * FRAME_BYTES);
        Ok(Some((generation, frame)))
    }
}

/// Cuts a frame into its documents.
pub fn documents(frame: &[u8]) -> impl Iterator<Item = io::Result<&[u8]>> {
    let mut rest = frame;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let length = rest.get(..4).map(|bytes| u32::from_le_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]) as usize);
        let Some((document, tail)) = length.filter(|length| *length >= 5).and_then(|l| rest.split_at_checked(l)) else {
            rest = &[];
            return Some(Err(io::Error::other("the spool is damaged")));
        };
        rest = tail;
        Some(Ok(document))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dump::raw::Builder;

    #[test]
    fn what_was_written_comes_back_with_its_generation() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("0");
        let document = |id, size| Builder::new().int32("_id", id).string("s", &"x".repeat(size)).clone().finish();
        let first: Vec<_> = [10, 2_000_000, 20, 900_000, 900_000].map(|size| document(1, size)).into();
        let mut writer = Writer::create(&path).unwrap();
        first.iter().for_each(|document| writer.push(document).unwrap());
        writer.finish().unwrap();
        let mut writer = Writer::append(&path, 3).unwrap();
        writer.push(&document(2, 5)).unwrap();
        writer.finish().unwrap();
        let mut found = Vec::new();
        let mut reader = Reader::open(&path).unwrap();
        while let Some((generation, frame)) = reader.frame().unwrap() {
            found.extend(documents(&frame).map(|document| (generation, document.unwrap().to_vec())));
        }
        let wanted = first.into_iter().map(|document| (0, document)).chain([(3, document(2, 5))]);
        assert!(found == wanted.collect::<Vec<_>>());
    }

    #[test]
    fn damage_is_an_error() {
        assert!(documents(&[1, 2, 3]).next().unwrap().is_err());
        assert!(documents(&[9, 0, 0, 0, 0]).next().unwrap().is_err());
    }
}
