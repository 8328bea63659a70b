//! `canje inspect`: the inspector's list of collections on the command line, counted now.
//!
//! The list goes to stdout, as text or JSON; what is being counted goes to stderr. Counts are numbers of documents read, not
//! the server's own estimates.

use std::io::Write;
use std::process::ExitCode;

use bson::doc;
use clap::Args;
use serde::Serialize;

use super::definition::all;
use crate::db::read_only::ReadOptions;
use crate::db::{ReadError, ReadOnlyDb};
use crate::i18n::{exports as words, format};

/// Time for reading one collection through.
const ONE_COLLECTION: std::time::Duration = std::time::Duration::from_secs(60 * 60);
/// Documents per batch: only their lengths are looked at.
const BATCH: u32 = 5_000;

/// What `canje inspect` takes.
#[derive(Args, Debug)]
pub struct InspectArgs {
    #[arg(long, value_name = "NAME", help = words::CLI_DB)]
    db: Option<String>,
    #[arg(long, help = words::CLI_JSON)]
    json: bool,
}

/// A database with its collections.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Listing {
    /// Its name.
    pub database: String,
    /// Its collections, by name.
    pub collections: Vec<Line>,
}

/// One collection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// Its name.
    pub name: String,
    /// `collection`, `view` or `timeseries`.
    pub kind: String,
    /// Documents read.
    pub documents: u64,
    /// Their bytes.
    pub bytes: u64,
    /// The names of its indexes.
    pub indexes: Vec<String>,
}

/// Lists a database, counting every collection; none when there is no such database.
pub async fn list(
    db: &ReadOnlyDb,
    database: &str,
    mut progress: impl FnMut(&str),
) -> Result<Option<Listing>, ReadError> {
    if !db.list_databases(ReadOptions::default()).await?.iter().any(|name| name == database) {
        return Ok(None);
    }
    let mut entries = all(db, database, doc! { "listCollections": 1 }).await?;
    entries
        .sort_by(|one, other| one.get_str("name").unwrap_or_default().cmp(other.get_str("name").unwrap_or_default()));
    let mut collections = Vec::new();
    for entry in entries {
        let name = entry.get_str("name").unwrap_or_default().to_owned();
        let kind = entry.get_str("type").unwrap_or("collection").to_owned();
        progress(&name);
        let (documents, bytes) = count(db, database, &name).await?;
        let indexes = if kind == "view" {
            Vec::new()
        } else {
            let found = all(db, database, doc! { "listIndexes": &name }).await?;
            found.iter().filter_map(|index| index.get_str("name").ok().map(str::to_owned)).collect()
        };
        collections.push(Line { name, kind, documents, bytes, indexes });
    }
    Ok(Some(Listing { database: database.into(), collections }))
}

async fn count(db: &ReadOnlyDb, database: &str, name: &str) -> Result<(u64, u64), ReadError> {
    let options = ReadOptions::within(ONE_COLLECTION).batches_of(BATCH);
    let mut batches = db.batches(database, doc! { "find": name, "filter": {} }, options).await?;
    let (mut documents, mut bytes) = (0, 0);
    while let Some(batch) = batches.next().await? {
        for item in batch.doc_slices()? {
            let item = item.map_err(|error| ReadError::Malformed(error.into()))?;
            documents += 1;
            bytes += item.as_document().map_or(0, |document| document.as_bytes().len() as u64);
        }
    }
    Ok((documents, bytes))
}

/// Runs the command: `live_db` is meant when no database is named.
pub async fn run_command(args: InspectArgs, db: &ReadOnlyDb, live_db: &str) -> anyhow::Result<ExitCode> {
    let name = args.db.as_deref().unwrap_or(live_db);
    let Some(listing) = list(db, name, |collection| eprintln!("{}", words::cli_counting(collection))).await? else {
        let known = db.list_databases(ReadOptions::default()).await?;
        anyhow::bail!(words::cli_unknown_database(name, &known));
    };
    let mut out = std::io::stdout().lock();
    if args.json {
        writeln!(out, "{}", serde_json::to_string(&listing)?)?;
    } else {
        for line in &listing.collections {
            writeln!(
                out,
                "{:<32} {:<12} {:>14} {:>12}  {}",
                line.name,
                line.kind,
                format::integer(line.documents),
                format::size(line.bytes),
                line.indexes.join(", ")
            )?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
