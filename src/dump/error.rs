//! Why a dump is refused, and where: the file, when there is more than one, and the byte offset in its plain bytes.

use std::fmt;

use crate::i18n;

/// A refused dump. Shown to the operator in the catalogue's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DumpError {
    /// Where the trouble is.
    pub place: Place,
    /// What it is.
    pub problem: Problem,
}

impl fmt::Display for DumpError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&i18n::import::dump_error(self))
    }
}

impl std::error::Error for DumpError {}

/// A position in a dump. Offsets count plain bytes: after decompression, where a file is compressed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The file within a directory dump.
    pub file: Option<String>,
    /// Offset of the byte where the trouble begins.
    pub offset: Option<u64>,
}

impl Place {
    /// A position in the one file of an archive.
    pub fn at(offset: u64) -> Self {
        Self { file: None, offset: Some(offset) }
    }

    /// A file of a directory dump, as a whole.
    pub fn file(name: impl Into<String>) -> Self {
        Self { file: Some(name.into()), offset: None }
    }
}

/// What is wrong with a dump. Every kind has its own sentence in `i18n::import`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// The operating system could not open or read it.
    Unreadable { reason: String },
    /// Neither a directory nor an archive of mongodump.
    NotADump,
    /// The bytes end in the middle of something.
    Cut,
    /// The gzip layer is damaged.
    Gzip { reason: String },
    /// A document length outside 5 ..= 16 MiB.
    Length { length: u32 },
    /// A document whose last byte is not 00.
    Unclosed,
    /// A header document whose inner bytes are not BSON.
    Header,
    /// A header without a needed field, or with one of the wrong type.
    Field { field: &'static str },
    /// A field that may not be there.
    UnknownField { field: String },
    /// An archive version we don't know.
    Version { version: String },
    /// A server version without three numeric parts.
    ServerVersion { version: String },
    /// A terminator where a block must begin.
    DoubleTerminator,
    /// Something else where a terminator must be.
    NoTerminator,
    /// Bytes after the last block.
    Trailing,
    /// More namespaces, or more metadata, than [`limits`](super::limits) allow.
    TooMuch,
    /// Metadata longer than allowed.
    MetadataLength { namespace: String },
    /// Metadata that is not what mongodump writes.
    Metadata { namespace: String, reason: String },
    /// A name no server could have had, or a dangerous one.
    Name { name: String },
    /// The same namespace twice.
    Repeated { namespace: String },
    /// A kind of namespace we don't know.
    Kind { namespace: String, kind: String },
    /// A block of a namespace the prelude doesn't list.
    Unlisted { namespace: String },
    /// A block of a namespace that was closed before.
    Reopened { namespace: String },
    /// A listed namespace that is never closed.
    NeverClosed { namespace: String },
    /// The checksum doesn't fit the documents.
    Checksum { namespace: String, stated: u64, computed: u64 },
    /// Documents under a namespace that can't have any (a view).
    Documents { namespace: String },
    /// A data file without its metadata.
    MissingMetadata,
    /// Metadata without its data file.
    MissingData { namespace: String },
    /// Two files for one thing (`x.bson` and `x.bson.gz`).
    TwoFiles { namespace: String },
    /// A file name that doesn't belong to the collection its metadata names.
    FileName { collection: String },
}
