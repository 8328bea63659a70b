//! One stream of items whatever the layout: definitions up front, then for every namespace `Open`, its documents as raw
//! bytes, `Close`. Namespaces of an archive may be interleaved; `index` says which one a step is about.

use std::fs::File;
use std::io::{BufReader, Chain, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flate2::read::MultiGzDecoder;

use super::archive_reader::{ArchiveReader, MAGIC};
use super::definition::{Definition, ServerVersion};
use super::directory_reader::DirectoryReader;
use super::error::{DumpError, Place, Problem};

const BUFFER: usize = 256 * 1024;

/// Where a dump comes from. It can be opened any number of times, because an import reads it twice.
#[derive(Clone, Debug)]
pub enum Source {
    /// A directory of mongodump, or an archive file, plain or gzip.
    Path(PathBuf),
    /// An archive in memory, plain or gzip, with the name it is shown under.
    Bytes {
        /// Shown to people and kept in the import's record.
        name: &'static str,
        /// The archive.
        bytes: &'static [u8],
    },
    /// A plain archive that comes from somewhere else, such as a stored backup.
    Stream {
        /// Shown to people and kept on record.
        name: String,
        /// Begins it anew. Called on a blocking thread of the runtime.
        open: Opening,
    },
}

/// How a streamed archive is begun anew.
#[derive(Clone)]
pub struct Opening(Arc<dyn Fn() -> Box<dyn Read + Send> + Send + Sync>);

impl Opening {
    /// Calls this every time the archive is opened.
    pub fn new(open: impl Fn() -> Box<dyn Read + Send> + Send + Sync + 'static) -> Self {
        Self(Arc::new(open))
    }
}

impl std::fmt::Debug for Opening {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Opening")
    }
}

/// The two layouts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// One file.
    #[default]
    Archive,
    /// A directory with files per collection.
    Directory,
}

/// What a dump says before its documents.
#[derive(Clone, Debug, Default)]
pub struct Overview {
    /// The layout.
    pub format: Format,
    /// Whether any of it is gzip.
    pub compressed: bool,
    /// Version of the server it was taken from, if stated.
    pub server_version: Option<String>,
    /// Version of the tool that wrote it, if stated.
    pub tool_version: Option<String>,
    /// Unknown fields of the header: kept and shown.
    pub unknown: Vec<String>,
    /// Files of a directory that are no part of a dump: shown.
    pub foreign_files: Vec<String>,
    /// Every namespace.
    pub definitions: Vec<Definition>,
}

impl Overview {
    /// The source server's version as numbers.
    pub fn server(&self) -> Option<ServerVersion> {
        self.server_version.as_deref().and_then(ServerVersion::parse)
    }
}

/// A step of the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The documents of this namespace begin.
    Open {
        /// Place in [`Overview::definitions`].
        index: usize,
    },
    /// One document, now in the buffer.
    Document {
        /// Place in [`Overview::definitions`].
        index: usize,
        /// Where it begins, in its file.
        offset: u64,
    },
    /// The namespace is complete and its checksum, where there is one, right.
    Close {
        /// Place in [`Overview::definitions`].
        index: usize,
    },
    /// Everything was read, and the whole dump was well formed.
    End,
}

/// A dump being read.
pub enum Reader {
    /// An archive.
    Archive(Box<ArchiveReader<Box<dyn Read + Send>>>),
    /// A directory.
    Directory(Box<DirectoryReader>),
}

impl Source {
    /// How the source is called in messages and records.
    pub fn name(&self) -> String {
        match self {
            Self::Path(path) => path.display().to_string(),
            Self::Bytes { name, .. } => (*name).into(),
            Self::Stream { name, .. } => name.clone(),
        }
    }

    /// Opens the dump and reads everything that precedes its documents.
    pub fn open(&self) -> Result<Reader, DumpError> {
        let (reader, compressed): (Box<dyn Read + Send>, bool) = match self {
            Self::Path(path) => {
                let data = std::fs::metadata(path).map_err(|error| unreadable(path, &error))?;
                if data.is_dir() {
                    return Ok(Reader::Directory(Box::new(DirectoryReader::new(path)?)));
                }
                open_file(path)?
            }
            Self::Bytes { bytes, .. } => {
                sniff(Cursor::new(*bytes)).map_err(|error| read_failed(&self.name(), &error))?
            }
            Self::Stream { open, .. } => (Box::new(BufReader::with_capacity(BUFFER, (open.0)())), false),
        };
        Ok(Reader::Archive(Box::new(ArchiveReader::new(reader, compressed)?)))
    }
}

impl Reader {
    /// What precedes the documents.
    pub fn overview(&self) -> &Overview {
        match self {
            Self::Archive(reader) => reader.overview(),
            Self::Directory(reader) => reader.overview(),
        }
    }

    /// The next step; a document goes to `buffer`, replacing what it held.
    pub fn step(&mut self, buffer: &mut Vec<u8>) -> Result<Step, DumpError> {
        match self {
            Self::Archive(reader) => reader.step(buffer),
            Self::Directory(reader) => reader.step(buffer),
        }
    }
}

/// Opens a file, looking at its first bytes for gzip.
pub(super) fn open_file(path: &Path) -> Result<(Box<dyn Read + Send>, bool), DumpError> {
    let file = File::open(path).map_err(|error| unreadable(path, &error))?;
    sniff(file).map_err(|error| unreadable(path, &error))
}

fn sniff(mut reader: impl Read + Send + 'static) -> std::io::Result<(Box<dyn Read + Send>, bool)> {
    let mut head = Vec::with_capacity(MAGIC.len());
    Read::take(&mut reader, MAGIC.len() as u64).read_to_end(&mut head)?;
    let is_gzip = head.starts_with(&[0x1f, 0x8b]);
    let whole: Chain<Cursor<Vec<u8>>, _> = Cursor::new(head).chain(reader);
    let buffered = BufReader::with_capacity(BUFFER, whole);
    if is_gzip {
        return Ok((Box::new(BufReader::with_capacity(BUFFER, MultiGzDecoder::new(buffered))), true));
    }
    Ok((Box::new(buffered), false))
}

pub(super) fn unreadable(path: &Path, error: &std::io::Error) -> DumpError {
    read_failed(&path.display().to_string(), error)
}

fn read_failed(name: &str, error: &std::io::Error) -> DumpError {
    DumpError { place: Place::file(name), problem: Problem::Unreadable { reason: error.to_string() } }
}
