//! Which databases and collections there are: every one the server lists, and what is known about each.

use std::sync::Arc;
use std::time::Duration;

use bson::{Bson, DateTime, Document, doc};
use futures::{FutureExt, StreamExt, TryStreamExt, stream};

use super::failure::read;
use super::known::{Standing, standing};
use super::masks::{self, Visibility};
use super::sort::Sort;
use super::store::{self, SurveyRow};
use super::survey::Target;
use super::surveys::{self, Wanted};
use crate::audit::{self, Action, Entry};
use crate::backup::restore::expiring as restores;
use crate::ctx::Ctx;
use crate::db::read_only::ReadOptions;
use crate::db::{ReadError, ReadOnlyDb};
use crate::error::AppError;
use crate::failure::Failure;
use crate::import::record::{Record, State};
use crate::values::Capability;

/// Listing takes milliseconds; a server that needs longer is in trouble.
const LISTING: ReadOptions = ReadOptions { max_time: Duration::from_secs(5), batch_size: None };
/// Databases of the server itself, which hold nothing of ours.
const SERVERS_OWN: [&str; 3] = ["admin", "config", "local"];
/// How long the first visit to a database waits for its counts.
const FIRST_VISIT: Duration = Duration::from_secs(2);
/// Collections counted side by side.
const SIDE_BY_SIDE: usize = 4;

/// What a database is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standpoint {
    /// The platform runs on it.
    Live,
    /// An import made it.
    Imported {
        /// Whether it is known to be the dump, byte for byte.
        verified: bool,
    },
    /// Something else, such as a copy to try things on.
    Preview,
}

/// A database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Database {
    /// Its name.
    pub name: String,
    /// What it is.
    pub standpoint: Standpoint,
    /// When it goes by itself: a copy restored from a backup to look at.
    pub expires_at: Option<DateTime>,
}

/// What kind of thing a collection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Collection,
    Capped,
    View,
    TimeSeries,
}

/// A collection as the server describes it.
#[derive(Clone, Debug)]
pub struct Described {
    /// Its database.
    pub database: Database,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// Its own id.
    pub uuid: Option<String>,
    /// Whether it has a collation of its own.
    pub collated: bool,
    /// `options` of `listCollections`.
    pub options: Document,
    /// `listIndexes`; empty for views.
    pub indexes: Vec<Document>,
    /// The orders it can be paged in, `_id` first.
    pub sorts: Vec<Sort>,
}

impl Described {
    /// What to count to know this collection in an order.
    pub fn wanted(&self, sort: &Sort) -> Wanted {
        Wanted {
            target: Target {
                database: self.database.name.clone(),
                collection: self.name.clone(),
                ordered: matches!(self.kind, Kind::Collection | Kind::Capped) && !self.collated,
            },
            uuid: self.uuid.clone(),
            indexes: self.indexes.iter().filter_map(|index| index.get_str("name").ok().map(str::to_owned)).collect(),
            sort: sort.clone(),
        }
    }
}

/// One line of the list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: Kind,
    /// Part of a GridFS bucket.
    pub is_gridfs: bool,
    /// What its name says.
    pub standing: Standing,
    /// Its figures, once counted.
    pub figures: Option<store::Finished>,
    /// Documents read by a count under way.
    pub counting: Option<u64>,
    /// Whether the last try to count failed.
    pub failed: bool,
}

impl Listed {
    /// Whether it was counted and found empty.
    pub fn is_empty(&self) -> bool {
        self.figures.as_ref().is_some_and(|figures| figures.count == 0)
    }
}

/// A database with all of its collections.
#[derive(Clone, Debug)]
pub struct Catalog {
    /// The database.
    pub database: Database,
    /// All databases, for the switcher.
    pub databases: Vec<Database>,
    /// Its collections, by name.
    pub collections: Vec<Listed>,
}

/// All databases but the server's own.
pub async fn databases(ctx: &Ctx) -> Result<Vec<Database>, Failure> {
    ctx.require(Capability::DataInspect)?;
    let listed = async { ctx.app.read_only.list_databases(LISTING).await.map_err(read) };
    let imports =
        async { Ok::<Vec<Record>, Failure>(ctx.app.db.stored::<Record>().find(doc! {}).await?.try_collect().await?) };
    let restores = async { Ok::<_, Failure>(restores::expiring(&ctx.app.db).await?) };
    let (names, imports, restores) = tokio::try_join!(listed, imports, restores)?;
    let live = &ctx.app.config.database.live_db;
    let mut databases: Vec<_> = names
        .into_iter()
        .filter(|name| !SERVERS_OWN.contains(&name.as_str()))
        .map(|name| {
            let import = imports.iter().find(|record| record.database == name);
            let expires_at =
                restores.iter().find(|record| record.database == name).and_then(|record| record.expires_at);
            Database { standpoint: standpoint(&name, live, import), expires_at, name }
        })
        .collect();
    if !databases.iter().any(|database| database.name == *live) {
        databases.push(Database { name: live.clone(), standpoint: Standpoint::Live, expires_at: None });
    }
    databases.sort_by_key(|database| (rank(database.standpoint), database.name.clone()));
    Ok(databases)
}

fn standpoint(name: &str, live: &str, import: Option<&Record>) -> Standpoint {
    match import {
        _ if name == live => Standpoint::Live,
        Some(record) if record.state != State::Discarded => {
            Standpoint::Imported { verified: record.state.is_finished() }
        }
        _ => Standpoint::Preview,
    }
}

fn rank(standpoint: Standpoint) -> u8 {
    match standpoint {
        Standpoint::Imported { .. } => 0,
        Standpoint::Live => 1,
        Standpoint::Preview => 2,
    }
}

/// A database's collections, all of them. What was never counted is counted now, as far as that is quick.
pub async fn collections(ctx: &Ctx, database: &str) -> Result<Catalog, Failure> {
    ctx.require(Capability::DataInspect)?;
    let listing = async { list_collections(&ctx.app.read_only, database, doc! {}).await.map_err(read) };
    let rows = async { Ok::<_, Failure>(store::list(&ctx.app.db, database).await?) };
    let (databases, entries, mut rows) = tokio::try_join!(databases(ctx), listing, rows)?;
    let found = databases.iter().find(|found| found.name == database).cloned().ok_or(AppError::NotFound)?;
    let uncounted: Vec<_> = entries.iter().filter(|entry| figures(&rows, entry).is_none()).collect();
    if !uncounted.is_empty() {
        let counts: Vec<_> = uncounted.into_iter().map(|entry| first_count(ctx, &found, entry).boxed()).collect();
        let counting = stream::iter(counts).buffer_unordered(SIDE_BY_SIDE).try_collect::<Vec<()>>();
        // What isn't done by then goes on by itself; the page says so.
        if let Ok(counted) = tokio::time::timeout(FIRST_VISIT, counting).await {
            counted?;
        }
        rows = store::list(&ctx.app.db, database).await?;
    }
    let names: Vec<_> = entries.iter().map(|entry| entry.name.clone()).collect();
    let is_live = found.standpoint == Standpoint::Live;
    let now = ctx.now();
    let mut collections: Vec<_> = entries
        .iter()
        .map(|entry| {
            let row = rows.iter().find(|row| row.collection == entry.name);
            Listed {
                name: entry.name.clone(),
                kind: entry.kind,
                is_gridfs: is_gridfs(&entry.name, &names),
                standing: standing(&entry.name, is_live),
                figures: figures(&rows, entry),
                counting: row.filter(|row| row.is_running(now)).map(seen),
                failed: row.is_some_and(|row| row.failed_at.is_some()),
            }
        })
        .collect();
    collections.sort_by(|a, b| a.name.cmp(&b.name));
    let details = doc! { "database": database, "rows": collections.len() as i64 };
    audit::record(ctx, Entry::new(Action::DataInspected).target("database", database).details(details)).await?;
    Ok(Catalog { database: found, databases, collections })
}

/// Counts one collection, or all of a database, again.
pub async fn count_again(ctx: &Ctx, database: &str, collection: Option<&str>) -> Result<(), Failure> {
    ctx.require(Capability::DataInspect)?;
    let filter = collection.map(|name| doc! { "name": name }).unwrap_or_default();
    let entries = list_collections(&ctx.app.read_only, database, filter).await.map_err(read)?;
    let database = database_of(ctx, database).await?;
    if entries.is_empty() {
        return Err(AppError::NotFound.into());
    }
    let counts: Vec<_> = entries.iter().map(|entry| next_count(ctx, &database, entry).boxed()).collect();
    let renewing = stream::iter(counts).buffer_unordered(SIDE_BY_SIDE).try_collect::<Vec<()>>();
    match tokio::time::timeout(FIRST_VISIT, renewing).await {
        Ok(renewed) => renewed.map(drop),
        Err(_) => Ok(()),
    }
}

/// One collection, or `NotFound`.
pub async fn describe(ctx: &Ctx, database: &str, collection: &str) -> Result<Arc<Described>, Failure> {
    ctx.require(Capability::DataInspect)?;
    if SERVERS_OWN.contains(&database) {
        return Err(AppError::NotFound.into());
    }
    let key = format!("{database}.{collection}");
    if let Some(described) = ctx.app.surveys.described(&key) {
        return Ok(described);
    }
    let listing =
        async { list_collections(&ctx.app.read_only, database, doc! { "name": collection }).await.map_err(read) };
    let (entries, database) = tokio::try_join!(listing, database_of(ctx, database))?;
    let entry = entries.first().ok_or(AppError::NotFound)?;
    let described = Arc::new(with_indexes(ctx, &database, entry).await?);
    ctx.app.surveys.describe(key, described.clone());
    Ok(described)
}

async fn database_of(ctx: &Ctx, name: &str) -> Result<Database, Failure> {
    let import = ctx.app.db.stored::<Record>().find_one(doc! { "_id": name }).await?;
    let expires_at = restores::expires_at(&ctx.app.db, name).await?;
    let standpoint = standpoint(name, &ctx.app.config.database.live_db, import.as_ref());
    Ok(Database { standpoint, expires_at, name: name.into() })
}

struct Found {
    name: String,
    kind: Kind,
    uuid: Option<String>,
    options: Document,
}

async fn list_collections(db: &ReadOnlyDb, database: &str, filter: Document) -> Result<Vec<Found>, ReadError> {
    let command = doc! { "listCollections": 1, "filter": filter };
    let mut cursor = db.cursor(database, command, LISTING).await?;
    let mut entries = Vec::new();
    while let Some(entry) = cursor.next().await {
        let entry = Document::try_from(&*entry?).map_err(|error| ReadError::Malformed(error.into()))?;
        let options = entry.get_document("options").cloned().unwrap_or_default();
        let kind = match entry.get_str("type") {
            Ok("view") => Kind::View,
            Ok("timeseries") => Kind::TimeSeries,
            _ if options.get_bool("capped").unwrap_or(false) => Kind::Capped,
            _ => Kind::Collection,
        };
        let uuid = entry.get_document("info").ok().and_then(|info| match info.get("uuid") {
            Some(Bson::Binary(binary)) => Some(hex::encode(&binary.bytes)),
            _ => None,
        });
        let name = entry.get_str("name").map_err(|error| ReadError::Malformed(error.into()))?.to_owned();
        entries.push(Found { name, kind, uuid, options });
    }
    Ok(entries)
}

async fn with_indexes(ctx: &Ctx, database: &Database, entry: &Found) -> Result<Described, Failure> {
    let indexes = match entry.kind {
        Kind::View => Vec::new(),
        _ => list_indexes(&ctx.app.read_only, &database.name, &entry.name).await.map_err(read)?,
    };
    let collated =
        entry.options.get_document("collation").is_ok_and(|own| own.get_str("locale").ok() != Some("simple"));
    let mut sorts = vec![Sort::id()];
    if matches!(entry.kind, Kind::Collection | Kind::Capped) && !collated {
        for sort in indexes.iter().filter_map(Sort::of_index) {
            // A place travels in the address of the next page, so only what may be seen can order.
            let is_open = sort.parts().iter().all(|part| masks::of_path(&entry.name, &part.path) == Visibility::Open);
            if is_open && !sorts.contains(&sort) {
                sorts.push(sort);
            }
        }
    }
    Ok(Described {
        database: database.clone(),
        name: entry.name.clone(),
        kind: entry.kind,
        uuid: entry.uuid.clone(),
        collated,
        options: entry.options.clone(),
        indexes,
        sorts,
    })
}

async fn list_indexes(db: &ReadOnlyDb, database: &str, collection: &str) -> Result<Vec<Document>, ReadError> {
    let cursor = db.cursor(database, doc! { "listIndexes": collection }, LISTING).await?;
    cursor
        .map(|index| Document::try_from(&*index?).map_err(|error| ReadError::Malformed(error.into())))
        .try_collect()
        .await
}

async fn first_count(ctx: &Ctx, database: &Database, entry: &Found) -> Result<(), Failure> {
    let described = with_indexes(ctx, database, entry).await?;
    surveys::count(&ctx.app, &described.wanted(&Sort::id())).await.map(drop)
}

async fn next_count(ctx: &Ctx, database: &Database, entry: &Found) -> Result<(), Failure> {
    let described = with_indexes(ctx, database, entry).await?;
    surveys::renew(&ctx.app, &described.wanted(&Sort::id())).await
}

fn figures(rows: &[SurveyRow], entry: &Found) -> Option<store::Finished> {
    let row = rows.iter().find(|row| row.collection == entry.name)?;
    row.result.clone().filter(|result| entry.uuid.is_none() || result.uuid == entry.uuid)
}

fn seen(row: &SurveyRow) -> u64 {
    row.running.as_ref().map_or(0, |running| store::unsigned(running.seen))
}

fn is_gridfs(name: &str, names: &[String]) -> bool {
    let sibling = match (name.strip_suffix(".files"), name.strip_suffix(".chunks")) {
        (Some(bucket), _) => format!("{bucket}.chunks"),
        (_, Some(bucket)) => format!("{bucket}.files"),
        _ => return false,
    };
    names.contains(&sibling)
}
