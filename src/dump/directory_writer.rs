//! Writes the directory layout of mongodump. It carries no counts and no checksums: never the only copy of anything.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::archive_writer::{Header, WriteError};
use super::definition::{Definition, Kind, ServerVersion};
use super::names;

/// A directory dump being written.
pub struct DirectoryWriter {
    root: PathBuf,
    gzip: bool,
    server: Option<ServerVersion>,
    open: Option<Out>,
}

enum Out {
    Plain(BufWriter<File>),
    Gzip(Box<GzEncoder<BufWriter<File>>>),
}

impl Out {
    fn create(path: &Path, gzip: bool) -> io::Result<Self> {
        let name = if gzip { format!("{}.gz", path.display()) } else { path.display().to_string() };
        let file = BufWriter::new(File::create_new(name)?);
        Ok(if gzip { Self::Gzip(Box::new(GzEncoder::new(file, Compression::default()))) } else { Self::Plain(file) })
    }

    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Plain(out) => out.write_all(bytes),
            Self::Gzip(out) => out.write_all(bytes),
        }
    }

    fn finish(self) -> io::Result<()> {
        match self {
            Self::Plain(mut out) => out.flush(),
            Self::Gzip(out) => out.finish()?.flush(),
        }
    }
}

impl DirectoryWriter {
    /// Starts a dump in `root`, which must not exist or be empty.
    pub fn new(root: &Path, header: &Header, gzip: bool) -> Result<Self, WriteError> {
        let server = ServerVersion::parse(&header.server_version);
        if server.is_none() {
            return Err(WriteError::Unrepresentable(format!("server version {:?}", header.server_version)));
        }
        fs::create_dir_all(root)?;
        if fs::read_dir(root)?.next().is_some() {
            return Err(WriteError::Unrepresentable(format!("{} is not empty", root.display())));
        }
        let prelude = serde_json::json!({
            "ServerVersion": header.server_version,
            "ToolVersion": header.tool_version,
        });
        let mut out = Out::create(&root.join("prelude.json"), gzip)?;
        out.write_all(prelude.to_string().as_bytes())?;
        out.finish()?;
        Ok(Self { root: root.to_owned(), gzip, server, open: None })
    }

    /// Writes the metadata of a namespace and opens its data file.
    pub fn open(&mut self, definition: &Definition) -> Result<(), WriteError> {
        if self.open.is_some() {
            return Err(WriteError::Unrepresentable("a namespace is still open".into()));
        }
        if definition.kind == Kind::Oplog {
            self.open = Some(Out::create(&self.root.join("oplog.bson"), self.gzip)?);
            return Ok(());
        }
        if definition.metadata.is_empty() {
            let message = format!("{} has no metadata, which this layout needs", definition.namespace());
            return Err(WriteError::Unrepresentable(message));
        }
        let directory = self.root.join(&definition.database);
        fs::create_dir_all(&directory)?;
        let name = names::escape(&definition.collection);
        let mut metadata = Out::create(&directory.join(format!("{name}.metadata.json")), self.gzip)?;
        metadata.write_all(definition.metadata.as_bytes())?;
        metadata.finish()?;
        if definition.kind != Kind::View {
            let data = names::escape(&definition.data_collection(self.server));
            self.open = Some(Out::create(&directory.join(format!("{data}.bson")), self.gzip)?);
        }
        Ok(())
    }

    /// Writes one document of the open namespace.
    pub fn document(&mut self, document: &[u8]) -> Result<(), WriteError> {
        match &mut self.open {
            Some(out) => Ok(out.write_all(document)?),
            None => Err(WriteError::Unrepresentable("a document outside a namespace".into())),
        }
    }

    /// Closes the open namespace; a view has nothing to close.
    pub fn close(&mut self) -> Result<(), WriteError> {
        match self.open.take() {
            Some(out) => Ok(out.finish()?),
            None => Ok(()),
        }
    }
}
