//! The dump formats of mongodump: archive and directory, read defensively and written byte-exactly.
//!
//! What this module promises:
//!
//! - **Raw bytes only.** Documents and definitions are never decoded into maps; what goes in comes out, duplicate keys,
//!   odd types and broken UTF-8 included.
//! - **Bounded memory.** One document is held at a time; every length is checked before memory is taken for it
//!   ([`limits`]), also in files made to hurt.
//! - **Nothing is skipped in silence.** Unknown kinds, versions, block fields, trailing bytes, missing or double files
//!   are refused with the place; unknown header fields and foreign files are kept for display.
//! - **No trust without proof.** [`hash`] computes what proves two sets of documents equal; [`compare`] says whether two
//!   definitions are.
//!
//! It knows neither a server nor what an import is: [`crate::import`] does.

mod archive_reader;
mod archive_writer;
mod checksum;
pub mod compare;
mod convert;
mod definition;
mod directory_reader;
mod directory_writer;
mod error;
pub mod extjson;
mod frame;
pub mod hash;
pub mod limits;
pub mod names;
pub mod raw;
mod reader;
#[cfg(test)]
mod tests;
pub mod walk;

pub use archive_reader::{ArchiveReader, MAGIC};
pub use archive_writer::{ArchiveWriter, Header, WriteError};
pub use checksum::Checksum;
pub use convert::{ConvertError, to_archive, to_directory};
pub use definition::{Definition, Kind, ServerVersion, flag, index_name};
pub use directory_reader::DirectoryReader;
pub use directory_writer::DirectoryWriter;
pub use error::{DumpError, Place, Problem};
pub use frame::TERMINATOR;
pub use reader::{Format, Opening, Overview, Reader, Source, Step};
