//! What a backup holds against what a database holds now: counts and, as far as the time goes, hashes.
//!
//! Nothing here decides whether a backup is good: what changed since it was taken differs, and should.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use bson::{RawBsonRef, doc};

use crate::backup::model::{Namespace, Severity};
use crate::ctx::Ctx;
use crate::db::read_only::ReadOptions;
use crate::db::{ReadError, ReadOnlyDb};
use crate::dump::hash::LeafSet;
use crate::i18n::backup::proof::compared as words;
use crate::ui::Tone;

/// A page waits for this long; what wasn't read by then is not compared.
const BUDGET: Duration = Duration::from_secs(15);
/// Collections that are the server's own.
const SERVERS_OWN: &str = "system.";

/// What a collection holds now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Live {
    /// Documents.
    pub documents: i64,
    /// `H_set`, hexadecimal.
    pub h_set: String,
}

/// A collection on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Compared {
    /// The same documents.
    Ok,
    /// It isn't in the backup.
    Missing {
        /// Documents there are now.
        live: i64,
    },
    /// There is no such collection now.
    Extra,
    /// Another number of documents.
    Count {
        /// Now.
        live: i64,
        /// In the backup.
        backup: i64,
    },
    /// As many documents, not the same.
    Checksum,
    /// There was no time, or it can't be compared: a view, a time series.
    NotCompared,
}

impl Compared {
    /// How two sides of a collection compare; `None` where it isn't.
    pub fn of(backup: Option<&Namespace>, live: Option<&Live>) -> Self {
        match (backup, live) {
            (None, None) => Self::NotCompared,
            (None, Some(live)) => Self::Missing { live: live.documents },
            (Some(_), None) => Self::Extra,
            (Some(backup), Some(live)) if backup.documents != live.documents => {
                Self::Count { live: live.documents, backup: backup.documents }
            }
            (Some(backup), Some(live)) if backup.h_set != live.h_set => Self::Checksum,
            (Some(_), Some(_)) => Self::Ok,
        }
    }

    /// The stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Missing { .. } => "MISSING_IN_BACKUP",
            Self::Extra => "EXTRA_IN_BACKUP",
            Self::Count { .. } => "COUNT_MISMATCH",
            Self::Checksum => "CHECKSUM_MISMATCH",
            Self::NotCompared => "NOT_COMPARED",
        }
    }

    /// How bad it is for a file that is meant to hold everything there is now.
    pub fn severity(&self) -> Option<Severity> {
        match self {
            Self::Ok | Self::NotCompared => None,
            Self::Missing { live } if *live > 0 => Some(Severity::High),
            Self::Count { live, backup } if live > backup => Some(Severity::Medium),
            Self::Checksum => Some(Severity::High),
            Self::Missing { .. } | Self::Extra | Self::Count { .. } => Some(Severity::Info),
        }
    }

    /// In words.
    pub fn said(&self) -> String {
        match self {
            Self::Ok => words::OK.into(),
            Self::Missing { .. } => words::MISSING_IN_BACKUP.into(),
            Self::Extra => words::EXTRA_IN_BACKUP.into(),
            Self::Count { live, backup } => words::count_mismatch(*live, *backup),
            Self::Checksum => words::CHECKSUM_MISMATCH.into(),
            Self::NotCompared => crate::i18n::backup::proof::NOT_COMPARED.into(),
        }
    }

    /// For the dot beside the words.
    pub fn tone(&self) -> Tone {
        match (self, self.severity()) {
            (Self::NotCompared, _) => Tone::Neutral,
            (_, None) => Tone::Good,
            // Data that goes on living differs: that needs a look, it isn't a fault of the backup.
            (_, Some(Severity::High | Severity::Medium)) => Tone::Attention,
            (_, Some(Severity::Info)) => Tone::Info,
        }
    }
}

/// What some databases hold now.
#[derive(Debug, Default)]
pub struct Now {
    /// Collections as they were read, by database and name.
    pub read: BTreeMap<(String, String), Live>,
    /// Collections there are, whether or not they were read.
    pub listed: BTreeSet<(String, String)>,
}

impl Now {
    /// How a namespace of a backup compares, its database being called `database` here.
    pub fn compare(&self, database: &str, backup: &Namespace) -> Compared {
        let key = (database.to_owned(), backup.name.clone());
        match self.read.get(&key) {
            _ if backup.kind != "collection" => Compared::NotCompared,
            Some(live) => Compared::of(Some(backup), Some(live)),
            None if self.listed.contains(&key) => Compared::NotCompared,
            None => Compared::Extra,
        }
    }

    /// Collections of a database that a backup doesn't have.
    pub fn missing<'a>(
        &'a self,
        database: &'a str,
        backup: &'a [Namespace],
    ) -> impl Iterator<Item = (&'a str, Compared)> {
        let own = self.listed.iter().filter(move |(own, _)| own == database);
        let lacking = own.filter(move |(_, name)| !backup.iter().any(|namespace| namespace.name == *name));
        lacking.map(|key| {
            let documents = self.read.get(key).map(|live| live.documents);
            (key.1.as_str(), documents.map_or(Compared::NotCompared, |live| Compared::Missing { live }))
        })
    }
}

/// Reads what these databases hold now, smallest collections of `known` first, for as long as a page may take.
pub async fn now(ctx: &Ctx, databases: &BTreeSet<String>, known: &[Namespace]) -> Result<Now, ReadError> {
    let (db, until) = (&ctx.app.read_only, Instant::now() + BUDGET);
    let mut found = Now::default();
    for database in databases {
        let names = collections(db, database).await?;
        found.listed.extend(names.into_iter().map(|name| (database.clone(), name)));
    }
    let mut wanted: Vec<_> = found.listed.iter().cloned().collect();
    let bytes = |name: &str| known.iter().find(|namespace| namespace.name == name).map_or(0, |own| own.bytes);
    wanted.sort_by_key(|(_, name)| bytes(name));
    for key in wanted {
        match read(db, &key.0, &key.1, until).await {
            Ok(Some(live)) => drop(found.read.insert(key, live)),
            Ok(None) | Err(ReadError::TimedOut) => break,
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

/// How many documents each collection of a database holds now; all of them, or an error.
pub async fn counts(ctx: &Ctx, database: &str) -> Result<BTreeMap<String, i64>, ReadError> {
    let (db, until) = (&ctx.app.read_only, Instant::now() + BUDGET);
    let mut found = BTreeMap::new();
    for name in collections(db, database).await? {
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(ReadError::TimedOut);
        }
        let pipeline = vec![doc! { "$group": { "_id": null, "documents": { "$sum": 1_i64 } } }];
        let command = doc! { "aggregate": &name, "pipeline": pipeline, "cursor": {} };
        let mut batches = db.batches(database, command, ReadOptions::within(left)).await?;
        let mut documents = 0;
        while let Some(batch) = batches.next().await? {
            for item in batch.doc_slices()? {
                let item = item.map_err(|error| ReadError::Malformed(error.into()))?;
                let counted = item.as_document().and_then(|row| row.get("documents").ok().flatten());
                documents = match counted {
                    Some(RawBsonRef::Int64(count)) => count,
                    Some(RawBsonRef::Int32(count)) => count.into(),
                    _ => return Err(ReadError::Malformed("a count that is no number".into())),
                };
            }
        }
        found.insert(name, documents);
    }
    Ok(found)
}

/// Ordinary collections of a database; none when there is no such database.
async fn collections(db: &ReadOnlyDb, database: &str) -> Result<Vec<String>, ReadError> {
    let list = doc! { "listCollections": 1, "filter": { "type": "collection" }, "nameOnly": true };
    let mut batches = db.batches(database, list, ReadOptions::default()).await?;
    let mut names = Vec::new();
    while let Some(batch) = batches.next().await? {
        for item in batch.doc_slices()? {
            let item = item.map_err(|error| ReadError::Malformed(error.into()))?;
            let name = item.as_document().and_then(|found| found.get_str("name").ok());
            names.extend(name.filter(|name| !name.starts_with(SERVERS_OWN)).map(str::to_owned));
        }
    }
    Ok(names)
}

/// Reads a collection whole; `None` when the time is up.
async fn read(db: &ReadOnlyDb, database: &str, name: &str, until: Instant) -> Result<Option<Live>, ReadError> {
    let left = until.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Ok(None);
    }
    let mut batches = db.batches(database, doc! { "find": name }, ReadOptions::within(left)).await?;
    let mut leaves = LeafSet::default();
    let spilled = |error: std::io::Error| ReadError::Malformed(error.into());
    while let Some(batch) = batches.next().await? {
        if Instant::now() > until {
            return Ok(None);
        }
        for item in batch.doc_slices()? {
            let item = item.map_err(|error| ReadError::Malformed(error.into()))?;
            let document = item.as_document().ok_or_else(|| ReadError::Malformed("not a document".into()))?;
            leaves.push(document.as_bytes()).map_err(spilled)?;
        }
    }
    let digest = leaves.finish().map_err(spilled)?;
    Ok(Some(Live { documents: i64::try_from(digest.documents).unwrap_or(i64::MAX), h_set: digest.h_set_hex() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn namespace(documents: i64, h_set: &str) -> Namespace {
        Namespace {
            database: "d".into(),
            name: "c".into(),
            kind: "collection".into(),
            documents,
            bytes: 0,
            h_set: h_set.into(),
            h_stream: String::new(),
            crc: String::new(),
            h_def: String::new(),
            indexes: 1,
            is_capped: false,
            metadata: String::new(),
            restored: None,
        }
    }

    #[test]
    fn each_difference_has_its_name_and_its_weight() {
        let live = |documents, h_set: &str| Live { documents, h_set: h_set.into() };
        let cases = [
            (Some(namespace(2, "a")), Some(live(2, "a")), "OK", None),
            (None, Some(live(1, "a")), "MISSING_IN_BACKUP", Some(Severity::High)),
            (None, Some(live(0, "a")), "MISSING_IN_BACKUP", Some(Severity::Info)),
            (Some(namespace(2, "a")), None, "EXTRA_IN_BACKUP", Some(Severity::Info)),
            (Some(namespace(2, "a")), Some(live(3, "b")), "COUNT_MISMATCH", Some(Severity::Medium)),
            (Some(namespace(3, "a")), Some(live(2, "b")), "COUNT_MISMATCH", Some(Severity::Info)),
            (Some(namespace(2, "a")), Some(live(2, "b")), "CHECKSUM_MISMATCH", Some(Severity::High)),
        ];
        for (backup, live, code, severity) in cases {
            let compared = Compared::of(backup.as_ref(), live.as_ref());
            assert_eq!((compared.code(), compared.severity()), (code, severity));
        }
    }
}
