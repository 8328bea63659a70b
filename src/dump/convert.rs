//! Copies a dump from one layout to the other, document by document.

use std::io::Write;

use super::archive_writer::{ArchiveWriter, Header, WriteError};
use super::directory_writer::DirectoryWriter;
use super::error::DumpError;
use super::reader::{Reader, Step};

/// Why a conversion stopped.
#[derive(Debug, thiserror::Error)]
pub enum ConvertError {
    /// The source is refused.
    #[error(transparent)]
    Dump(#[from] DumpError),
    /// The target can't be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Writes everything `reader` holds as an archive. Interleaved sources are refused: the writer never interleaves.
pub fn to_archive<W: Write>(reader: &mut Reader, header: &Header, out: W) -> Result<W, ConvertError> {
    let mut writer = ArchiveWriter::new(out, header, &reader.overview().definitions)?;
    let mut buffer = Vec::new();
    loop {
        match reader.step(&mut buffer)? {
            Step::Open { .. } => writer.open()?,
            Step::Document { .. } => writer.document(&buffer)?,
            Step::Close { .. } => writer.close()?,
            Step::End => return Ok(writer.finish()?),
        }
    }
}

/// Writes everything `reader` holds as a directory.
pub fn to_directory(reader: &mut Reader, writer: &mut DirectoryWriter) -> Result<(), ConvertError> {
    let definitions = reader.overview().definitions.clone();
    let mut buffer = Vec::new();
    loop {
        match reader.step(&mut buffer)? {
            Step::Open { index } => writer.open(&definitions[index])?,
            Step::Document { .. } => writer.document(&buffer)?,
            Step::Close { .. } => writer.close()?,
            Step::End => return Ok(()),
        }
    }
}
