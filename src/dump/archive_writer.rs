//! Writes an archive the official restore accepts: one namespace after the other, never interleaved, each with its opening
//! block, its documents, and a closing block with the checksum; views with an empty one.

use std::io::Write;

use super::archive_reader::MAGIC;
use super::checksum::Checksum;
use super::definition::{Definition, Kind, ServerVersion};
use super::frame::TERMINATOR;
use super::limits;
use super::raw::{Builder, elements};

/// Why an archive could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The bytes could not be written.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// The format can't hold this.
    #[error("{0}")]
    Unrepresentable(String),
}

/// The archive's header.
#[derive(Clone, Debug)]
pub struct Header {
    /// True version of the source server: it decides under which name buckets stand.
    pub server_version: String,
    /// Our version.
    pub tool_version: String,
}

/// An archive being written. Namespaces must be written in the order of the prelude.
pub struct ArchiveWriter<W> {
    out: W,
    /// Database and data name of every namespace.
    names: Vec<(String, String)>,
    next: usize,
    open: Option<Checksum>,
}

impl<W: Write> ArchiveWriter<W> {
    /// Writes magic, header and prelude.
    pub fn new(out: W, header: &Header, definitions: &[Definition]) -> Result<Self, WriteError> {
        let nothing = Builder::new().finish();
        Self::with_extra(out, header, definitions, &nothing, [])
    }

    /// Likewise, with further fields of our own: those of the document `extra` at the end of the header, and those of one
    /// document of `entries` for each definition at the end of its entry. The official restore ignores them there.
    pub fn with_extra(
        mut out: W,
        header: &Header,
        definitions: &[Definition],
        extra: &[u8],
        entries: impl IntoIterator<Item = Vec<u8>>,
    ) -> Result<Self, WriteError> {
        let server = ServerVersion::parse(&header.server_version);
        if server.is_none() {
            return Err(WriteError::Unrepresentable(format!("server version {:?}", header.server_version)));
        }
        if definitions.iter().rev().skip(1).any(|definition| definition.kind == Kind::Oplog) {
            return Err(WriteError::Unrepresentable("the oplog comes last".into()));
        }
        out.write_all(&MAGIC)?;
        let mut document = Builder::new();
        document.int32("concurrent_collections", 1).string("version", "0.1");
        document.string("server_version", &header.server_version).string("tool_version", &header.tool_version);
        append(&mut document, extra);
        out.write_all(&document.finish())?;
        let mut entries = entries.into_iter();
        for definition in definitions {
            let stated = if definition.kind == Kind::Oplog { "" } else { definition.kind.as_str() };
            let mut document = Builder::new();
            document.string("db", &definition.database).string("collection", &definition.collection);
            document.string("metadata", &definition.metadata).int32("size", 0).string("type", stated);
            if let Some(entry) = entries.next() {
                append(&mut document, &entry);
            }
            let document = document.finish();
            if document.len() > limits::DOCUMENT_BYTES {
                return Err(WriteError::Unrepresentable(format!("metadata of {}", definition.namespace())));
            }
            out.write_all(&document)?;
        }
        out.write_all(&TERMINATOR)?;
        let names = definitions
            .iter()
            .map(|definition| (definition.database.clone(), definition.data_collection(server)))
            .collect();
        Ok(Self { out, names, next: 0, open: None })
    }

    /// Opens the next namespace of the prelude.
    pub fn open(&mut self) -> Result<(), WriteError> {
        if self.open.is_some() || self.next >= self.names.len() {
            return Err(WriteError::Unrepresentable("a namespace out of order".into()));
        }
        self.header(false, 0)?;
        self.open = Some(Checksum::default());
        Ok(())
    }

    /// Writes one document of the open namespace.
    pub fn document(&mut self, document: &[u8]) -> Result<(), WriteError> {
        let Some(checksum) = &mut self.open else {
            return Err(WriteError::Unrepresentable("a document outside a namespace".into()));
        };
        if !(5..=limits::DOCUMENT_BYTES).contains(&document.len()) {
            return Err(WriteError::Unrepresentable(format!("a document of {} bytes", document.len())));
        }
        checksum.update(document);
        self.out.write_all(document)?;
        Ok(())
    }

    /// The open namespace's checksum so far.
    pub fn checksum(&self) -> Option<u64> {
        self.open.as_ref().map(Checksum::value)
    }

    /// Closes the open namespace with its checksum.
    pub fn close(&mut self) -> Result<(), WriteError> {
        let Some(checksum) = self.open.take() else {
            return Err(WriteError::Unrepresentable("nothing to close".into()));
        };
        self.out.write_all(&TERMINATOR)?;
        self.header(true, checksum.value())?;
        self.out.write_all(&TERMINATOR)?;
        self.next += 1;
        Ok(())
    }

    /// Ends the archive; every namespace must have been written.
    pub fn finish(mut self) -> Result<W, WriteError> {
        if self.open.is_some() || self.next < self.names.len() {
            return Err(WriteError::Unrepresentable("namespaces of the prelude are missing".into()));
        }
        self.out.flush()?;
        Ok(self.out)
    }

    fn header(&mut self, eof: bool, checksum: u64) -> Result<(), WriteError> {
        let (database, collection) = &self.names[self.next];
        let mut document = Builder::new();
        document.string("db", database).string("collection", collection);
        document.boolean("EOF", eof).int64("CRC", checksum as i64);
        self.out.write_all(&document.finish())?;
        Ok(())
    }
}

fn append(document: &mut Builder, extra: &[u8]) {
    for element in elements(extra).map_while(Result::ok) {
        document.element(&element);
    }
}
