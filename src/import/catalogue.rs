//! Collections, views and indexes on the server: listed as raw bytes, created from a dump's definitions, compared with them.

use std::time::Duration;

use bson::{RawDocumentBuf, doc};
use futures::TryStreamExt as _;
use mongodb::Database;
use mongodb::error::Error;

use crate::dump::compare::{self, Expiry, is_ttl};
use crate::dump::raw::{self, Builder, Element, elements, kind};
use crate::dump::{Definition, Kind, index_name};

/// Index builds take what they take, but not for ever: an engine with too small a cache never ends one.
const INDEX_BUILD_BASE: Duration = Duration::from_secs(600);
const INDEX_BUILD_PER_MILLION: Duration = Duration::from_secs(600);

/// A namespace as the server lists it.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// The `type` string of `listCollections`.
    pub kind: String,
    /// Its options, `{}` if none.
    pub options: Vec<u8>,
}

/// An index build that was given up on.
#[derive(Debug, thiserror::Error)]
pub enum DefineError {
    /// The server refused or was lost.
    #[error(transparent)]
    Driver(#[from] Error),
    /// The build took longer than any healthy one would.
    #[error("index build timed out")]
    TimedOut,
}

/// A command made by hand.
pub(crate) fn command(document: Vec<u8>) -> Result<RawDocumentBuf, Error> {
    RawDocumentBuf::from_bytes(document).map_err(Error::custom)
}

/// The documents a cursor command answers with, as the server sent them.
pub(crate) async fn listing(database: &Database, command: RawDocumentBuf) -> Result<Vec<Vec<u8>>, Error> {
    let cursor = database.run_raw_cursor_command(command).await?;
    let documents: Vec<RawDocumentBuf> = cursor.with_type().try_collect().await?;
    Ok(documents.into_iter().map(RawDocumentBuf::into_bytes).collect())
}

/// Every namespace of a database.
pub async fn namespaces(database: &Database) -> Result<Vec<Listed>, Error> {
    let mut ask = Builder::new();
    ask.int32("listCollections", 1);
    let empty = Builder::new().finish();
    let listed = listing(database, command(ask.finish())?).await?;
    Ok(listed
        .iter()
        .map(|entry| {
            let text = |name| raw::find(entry, name).and_then(|e| e.as_str().map(str::to_owned)).unwrap_or_default();
            let options = raw::find(entry, "options").and_then(|e| e.as_document().map(<[u8]>::to_vec));
            Listed { name: text("name"), kind: text("type"), options: options.unwrap_or_else(|| empty.clone()) }
        })
        .collect())
}

/// Every index of a collection.
pub async fn indexes(database: &Database, collection: &str) -> Result<Vec<Vec<u8>>, Error> {
    let mut ask = Builder::new();
    ask.string("listIndexes", collection);
    listing(database, command(ask.finish())?).await
}

/// Creates a collection, time series or view with the options of its definition, without anything that deletes documents.
pub async fn create(database: &Database, definition: &Definition) -> Result<(), Error> {
    let mut create = Builder::new();
    create.string("create", &definition.collection);
    for element in elements(&definition.options).map_while(Result::ok) {
        match element.key {
            b"autoIndexId" | b"recordIdsReplicated" | b"expireAfterSeconds" => {}
            b"timeseries" => {
                create.document("timeseries", &creatable_series(&element));
            }
            _ => {
                create.element(&element);
            }
        }
    }
    database.run_raw_command(command(create.finish())?).await.map(drop)
}

/// A server reports a granularity and the bucket spans it stands for, but accepts only one of the two.
fn creatable_series(options: &Element<'_>) -> Vec<u8> {
    let has = |name| raw::find(options.value, name).is_some();
    let custom = has("bucketMaxSpanSeconds") && has("bucketRoundingSeconds");
    let mut kept = Builder::new();
    for element in elements(options.value).map_while(Result::ok) {
        let drop = match element.key {
            b"granularity" => custom,
            b"bucketMaxSpanSeconds" | b"bucketRoundingSeconds" => !custom,
            _ => false,
        };
        if !drop {
            kept.element(&element);
        }
    }
    kept.finish()
}

/// Which indexes to create.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Those that delete nothing.
    Lasting,
    /// TTL indexes, once the documents are verified.
    Expiring,
}

/// Creates the wanted indexes that aren't there yet, all in one command.
pub async fn create_indexes(
    database: &Database,
    definition: &Definition,
    wanted: Wanted,
    documents: u64,
) -> Result<(), DefineError> {
    let existing = indexes(database, &definition.collection).await?;
    let mut specs = Builder::new();
    let mut count = 0;
    for index in definition.indexes.iter().flatten() {
        let name = index_name(index);
        let exists = existing.iter().any(|other| index_name(other) == name);
        // A time series or clustered collection brings indexes of its own.
        if exists || name == Some("_id_") || is_ttl(index) != (wanted == Wanted::Expiring) {
            continue;
        }
        specs.document(&count.to_string(), &creatable_index(index));
        count += 1;
    }
    if count == 0 {
        return Ok(());
    }
    let mut create = Builder::new();
    create.string("createIndexes", &definition.collection).array("indexes", &specs.finish());
    let limit = INDEX_BUILD_BASE + INDEX_BUILD_PER_MILLION.mul_f64(documents as f64 / 1e6);
    let build = database.run_raw_command(command(create.finish())?);
    tokio::time::timeout(limit, build).await.map_err(|_| DefineError::TimedOut)??;
    Ok(())
}

/// An index as `createIndexes` wants it: without its version and the place it once had.
pub fn creatable_index(index: &[u8]) -> Vec<u8> {
    let mut kept = Builder::new();
    for element in elements(index).map_while(Result::ok) {
        if !matches!(element.key, b"v" | b"ns" | b"background" | b"clustered") {
            kept.element(&element);
        }
    }
    kept.finish()
}

/// Whether the collection itself deletes old documents.
pub fn expires(definition: &Definition) -> bool {
    raw::find(&definition.options, "expireAfterSeconds").is_some()
}

/// Sets a collection's own expiry, once its documents are verified.
pub async fn set_expiry(database: &Database, definition: &Definition) -> Result<(), Error> {
    let Some(seconds) = raw::find(&definition.options, "expireAfterSeconds") else { return Ok(()) };
    let mut modify = Builder::new();
    modify.string("collMod", &definition.collection).element(&seconds);
    database.run_raw_command(command(modify.finish())?).await.map(drop)
}

/// Compares a definition with what the server lists. `None` in the result means it isn't there at all.
pub async fn compare(
    database: &Database,
    definition: &Definition,
    listed: &[Listed],
    expiry: Expiry,
) -> Result<Option<Vec<compare::Difference>>, Error> {
    let Some(found) = listed.iter().find(|listed| listed.name == definition.collection) else { return Ok(None) };
    if found.kind != definition.kind.as_str() {
        let expected = Some(definition.kind.as_str().to_owned());
        return Ok(Some(vec![compare::Difference { part: "type".into(), expected, found: Some(found.kind.clone()) }]));
    }
    let indexes = match definition.kind {
        Kind::View => Vec::new(),
        _ => indexes(database, &definition.collection).await?,
    };
    Ok(Some(compare::differences(definition, &found.options, &indexes, expiry)))
}

/// Index types and options a server may not have: everything but plain ascending and descending keys. The entry of a
/// clustered collection is no index of its own.
pub fn is_special(index: &[u8]) -> bool {
    const PLAIN: [&[u8]; 10] = [
        b"v",
        b"key",
        b"name",
        b"ns",
        b"background",
        b"unique",
        b"sparse",
        b"hidden",
        b"expireAfterSeconds",
        b"partialFilterExpression",
    ];
    let plain_key = raw::find(index, "key").is_some_and(|key| {
        elements(key.value).map_while(Result::ok).all(|e| e.kind != kind::STRING && !e.key.ends_with(b"$**"))
    });
    let is_clustered = raw::find(index, "clustered").is_some();
    !is_clustered && (!plain_key || elements(index).map_while(Result::ok).any(|element| !PLAIN.contains(&element.key)))
}

/// What a special index is called in a refusal.
pub fn index_type(index: &[u8]) -> String {
    raw::find(index, "key")
        .and_then(|key| elements(key.value).map_while(Result::ok).find_map(|e| e.as_str().map(str::to_owned)))
        .unwrap_or_else(|| index_name(index).unwrap_or_default().to_owned())
}

/// What the server calls itself.
pub async fn build_info(database: &Database) -> Result<bson::Document, Error> {
    database.run_command(doc! { "buildInfo": 1 }).await
}
