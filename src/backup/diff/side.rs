//! One side of a comparison: how it is written, and what stands behind it.

use std::fmt;
use std::io::Read;
use std::path::PathBuf;

use anyhow::{Context as _, ensure};

use crate::backup::container::{self, OpenBackup};
use crate::backup::model::BackupId;
use crate::backup::record::RestoreRecord;
use crate::backup::{Depot, decrypt};
use crate::dump::{self, ArchiveReader, Reader, names};
use crate::i18n::backup::diff as words;

/// What is compared, as it is written: `db:NAME`, `backup:ID/DB`, `dump:PATH/DB`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Side {
    /// A database of the connected server: live, preview or imported.
    Database(String),
    /// A database of a stored backup.
    Backup(BackupId, String),
    /// A database of an official dump, archive or directory.
    Dump(PathBuf, String),
}

/// What is wrong with a side as written; the sentence is for people.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadSide(pub String);

impl Side {
    /// Reads a side.
    pub fn parse(text: &str) -> Result<Self, BadSide> {
        let text = text.trim();
        let database = |name: &str| match names::check_database(name) {
            Ok(()) => Ok(name.to_owned()),
            Err(_) => Err(BadSide(words::bad_database(text))),
        };
        if let Some(name) = text.strip_prefix("db:") {
            return Ok(Self::Database(database(name)?));
        }
        if let Some(rest) = text.strip_prefix("backup:") {
            let (id, name) = rest.split_once('/').ok_or_else(|| BadSide(words::needs_database(text)))?;
            let id = BackupId::parse(id).ok_or_else(|| BadSide(words::bad_backup(id)))?;
            return Ok(Self::Backup(id, database(name)?));
        }
        if let Some(rest) = text.strip_prefix("dump:") {
            // A path holds slashes, a database's name never does.
            let (path, name) = rest.rsplit_once('/').ok_or_else(|| BadSide(words::needs_database(text)))?;
            let path = if path.is_empty() { "/" } else { path };
            return Ok(Self::Dump(path.into(), database(name)?));
        }
        Err(BadSide(words::bad_side(text)))
    }

    /// Its database.
    pub fn database(&self) -> &str {
        match self {
            Self::Database(name) | Self::Backup(_, name) | Self::Dump(_, name) => name,
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Database(name) => write!(f, "db:{name}"),
            Self::Backup(id, name) => write!(f, "backup:{id}/{name}"),
            Self::Dump(path, name) => write!(f, "dump:{}/{name}", path.display()),
        }
    }
}

/// A side that was found and can be read any number of times.
#[derive(Clone)]
pub enum Source {
    /// On the connected server.
    Live {
        /// The database.
        database: mongodb::Database,
        /// Whether it is a preview, made without anything that deletes documents.
        is_preview: bool,
    },
    /// Something that is read as a stream.
    Stream(Stream),
}

/// A dump or backup and the database of it that is meant.
#[derive(Clone)]
pub struct Stream {
    origin: Origin,
    /// The database.
    pub database: String,
}

#[derive(Clone)]
enum Origin {
    Backup(Box<OpenBackup>),
    Dump(dump::Source),
}

impl Source {
    /// Finds what the side names: asks the server for the database, opens the backup's manifests. Needs the operations
    /// identity for a backup, so it belongs into jobs and commands.
    pub async fn find(depot: &Depot, side: &Side) -> anyhow::Result<Self> {
        match side {
            Side::Database(name) => {
                let filter = bson::doc! { "name": name };
                let names = depot.db.client.list_database_names().filter(filter).await?;
                ensure!(names.contains(name), BadSide(words::no_database(name)));
                let preview = bson::doc! { "_id": name, "mode": "preview" };
                let is_preview = depot.ops.stored::<RestoreRecord>().find_one(preview).await?.is_some();
                Ok(Self::Live { database: depot.db.client.database(name), is_preview })
            }
            Side::Backup(id, database) => {
                let opener = depot.keys()?.opener;
                let backup = decrypt::stored(depot, id, &opener).await?;
                Self::of_backup(backup, database)
            }
            Side::Dump(path, database) => Ok(Self::of_dump(dump::Source::Path(path.clone()), database)),
        }
    }

    /// Whether it was made without expiry on purpose.
    pub(super) fn is_preview(&self) -> bool {
        matches!(self, Self::Live { is_preview: true, .. })
    }

    /// A database of a dump; whether the dump holds it is seen when it is read.
    pub fn of_dump(dump: dump::Source, database: &str) -> Self {
        Self::Stream(Stream { origin: Origin::Dump(dump), database: database.to_owned() })
    }

    /// A database of a backup that is open already.
    pub fn of_backup(backup: OpenBackup, database: &str) -> anyhow::Result<Self> {
        let mut known: Vec<_> = backup.private.namespaces.iter().map(|namespace| namespace.database.as_str()).collect();
        known.dedup();
        ensure!(known.contains(&database), BadSide(words::not_in_it(database, &known)));
        let origin = Origin::Backup(Box::new(backup));
        Ok(Self::Stream(Stream { origin, database: database.to_owned() }))
    }
}

impl Stream {
    /// Begins to read. Must be called in a runtime, on a thread that may block.
    pub fn open(&self) -> anyhow::Result<Reader> {
        match &self.origin {
            Origin::Dump(source) => source.open().with_context(|| words::cannot_open(&source.name())),
            Origin::Backup(backup) => {
                let plain: Box<dyn Read + Send> = Box::new(container::read_archive(backup));
                Ok(Reader::Archive(Box::new(ArchiveReader::new(plain, false)?)))
            }
        }
    }

    /// Why a collection of this database isn't in the backup, where its manifest says so.
    pub fn excluded(&self, collection: &str) -> Option<&str> {
        let Origin::Backup(backup) = &self.origin else { return None };
        let namespace = format!("{}.{collection}", self.database);
        let found = backup.private.excluded.iter().find(|excluded| excluded.namespace == namespace);
        found.map(|excluded| excluded.reason.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sides_are_read_and_written() {
        let id = "0123456789abcdef0123456789abcdef";
        for text in ["db:canje", &format!("backup:{id}/canje"), "dump:/tmp/a b/dump.archive/canje", "dump:./d/canje"] {
            assert_eq!(Side::parse(text).unwrap().to_string(), *text);
        }
        assert_eq!(Side::parse("dump:dump/canje").unwrap(), Side::Dump("dump".into(), "canje".into()));
        assert_eq!(Side::parse("dump:/canje").unwrap(), Side::Dump("/".into(), "canje".into()));
    }

    #[test]
    fn what_is_wrong_is_said() {
        for (text, part) in [
            ("", "db:NOMBRE"),
            ("canje", "db:NOMBRE"),
            ("db:", "base"),
            ("db:a/b", "base"),
            ("backup:0123", "falta la base"),
            ("backup:0123/canje", "32"),
            ("backup:0123456789abcdef0123456789abcdef/", "base"),
            ("dump:x", "falta la base"),
            ("dump:/tmp/x/", "base"),
        ] {
            let said = Side::parse(text).unwrap_err().to_string();
            assert!(said.contains(part), "{text}: {said}");
        }
    }
}
