//! A file read from its beginning, with its progress and whatever it is compressed with.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use crate::i18n::backup::verify as words;

/// Who is told how many bytes of how many have been read.
pub type Running<'a> = &'a (dyn Fn(u64, u64) + Send + Sync);

/// Bytes between two words about the progress.
const STEP: u64 = 1024 * 1024;

/// What lies around the data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layer {
    /// One gzip member after the other.
    Gzip,
    /// One zstd frame after the other.
    Zstd,
}

/// A file being read.
pub struct Source<'a> {
    file: File,
    read: u64,
    told: u64,
    total: u64,
    running: Running<'a>,
}

impl<'a> Source<'a> {
    /// Opens a file of that many bytes.
    pub fn open(path: &Path, total: u64, running: Running<'a>) -> io::Result<Self> {
        Ok(Self { file: File::open(path)?, read: 0, told: 0, total, running })
    }

    /// The data without what lies around it.
    pub fn unpacked(mut self) -> io::Result<(Option<Layer>, Box<dyn Read + 'a>)> {
        let mut head = Vec::new();
        (&mut self).take(4).read_to_end(&mut head)?;
        let layer = match head.as_slice() {
            [0x1f, 0x8b, ..] => Some(Layer::Gzip),
            [0x28, 0xb5, 0x2f, 0xfd] => Some(Layer::Zstd),
            _ => None,
        };
        let whole = BufReader::with_capacity(256 * 1024, io::Cursor::new(head).chain(self));
        Ok((layer, unpack(whole, layer)?))
    }
}

/// Takes off what lies around.
pub fn unpack<'a>(whole: impl io::BufRead + 'a, layer: Option<Layer>) -> io::Result<Box<dyn Read + 'a>> {
    Ok(match layer {
        Some(Layer::Gzip) => Box::new(MultiGzDecoder::new(whole)),
        Some(Layer::Zstd) => Box::new(zstd::stream::read::Decoder::with_buffer(whole)?),
        None => Box::new(whole),
    })
}

impl Read for Source<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.read += read as u64;
        if self.read >= self.told + STEP || (read == 0 && self.told != self.read) {
            self.told = self.read;
            (self.running)(self.read, self.total);
        }
        Ok(read)
    }
}

/// Why reading stopped, in words: bytes that end too early, or what a layer says about its damage.
pub fn stopped(error: &io::Error, layer: Option<Layer>, at: u64) -> String {
    match layer {
        _ if error.kind() == io::ErrorKind::UnexpectedEof => words::cut(&words::at(at, None)),
        Some(_) => words::broken_layer(&words::at(at, None)),
        None => words::unreadable(&error.to_string()),
    }
}

/// Reads into `buffer`; interruptions don't count.
pub fn next(reader: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match reader.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            done => return done,
        }
    }
}
