//! What stands between a restore and a database that is in use. A target is a new name on this very deployment, and
//! nothing else.
//!
//! A server may be reached by several addresses (`localhost`, `127.0.0.1`, `[::1]`, a member of the set), so no address is
//! compared with another: which deployment this is, is read from the deployment ([`Deployment`]), and whether a database
//! exists is asked of the server that will be written to.

use bson::doc;

use super::records::{Deployment, Mode};
use super::scratch::{PREVIEW_PREFIX, TRIAL_PREFIX};
use crate::backup::Depot;
use crate::backup::record::RestoreRecord;
use crate::db::Db;
use crate::dump::{ServerVersion, names};
use crate::failure::Failure;
use crate::i18n::backup::restore as words;
use crate::import::record as imports;

/// The field a refused target is filed under.
pub const TARGET: &str = "target";
/// Databases of the server itself.
const SERVER_DATABASES: [&str; 3] = ["admin", "config", "local"];
/// Longest name every server takes.
const LONGEST: usize = 38;
/// Room asked for beyond the documents themselves: indexes, journals.
const HEADROOM: (u64, u64) = (3, 2);

/// Which deployment this is; put on record the first time somebody asks.
pub async fn deployment(depot: &Depot) -> mongodb::error::Result<Deployment> {
    let deployments = depot.ops.stored::<Deployment>();
    let own = doc! { "_id": Deployment::ID };
    if let Some(found) = deployments.find_one(own.clone()).await? {
        return Ok(found);
    }
    let cluster = hex::encode(crate::backup::keys::random::<16>());
    let environment = if depot.config.is_demo { "demo" } else { "production" };
    let insert = doc! { "$setOnInsert": { "cluster": cluster, "environment": environment } };
    match deployments.update_one(own.clone(), insert).upsert(true).await {
        Err(error) if !Db::is_duplicate(&error) => return Err(error),
        _ => {}
    }
    let found = deployments.find_one(own).await?;
    found.ok_or_else(|| mongodb::error::Error::custom("the deployment's document is gone"))
}

/// Whether this may be the name of a restored database at all. Asks nobody.
pub fn check_name(depot: &Depot, target: &str, mode: Mode) -> Result<(), Failure> {
    let refuse = |why: String| Err(Failure::invalid(TARGET, why));
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    let lower = target.to_lowercase();
    if target.is_empty() {
        return refuse(words::NAME_MISSING.into());
    }
    if names::check_database(target).is_err() || !target.bytes().all(is_plain) || target.len() > LONGEST {
        return refuse(words::bad_name(target));
    }
    if SERVER_DATABASES.contains(&lower.as_str()) {
        return refuse(words::servers_own(target));
    }
    if lower == depot.db.live.name().to_lowercase() || lower == depot.db.ops.to_lowercase() {
        return refuse(words::in_use(target));
    }
    let is_reserved = lower.starts_with(TRIAL_PREFIX) || (lower.starts_with(PREVIEW_PREFIX) && mode != Mode::Preview);
    if is_reserved {
        return refuse(words::reserved(target));
    }
    Ok(())
}

/// Whether nothing is there under this name, whoever may see it.
pub async fn check_absent(depot: &Depot, target: &str) -> Result<(), Failure> {
    let refuse = |why: String| Err(Failure::invalid(TARGET, why));
    let lower = target.to_lowercase();
    // Servers refuse names that differ only in case.
    let existing = depot.db.client.list_database_names().await?;
    if let Some(name) = existing.into_iter().find(|name| name.to_lowercase() == lower) {
        return refuse(words::exists(&name));
    }
    // A database that we may not list can still hold something.
    if !depot.db.client.database(target).list_collection_names().await?.is_empty() {
        return refuse(words::exists(target));
    }
    let import = imports::find(&depot.db, target).await?;
    if import.is_some_and(|import| imports::State::UNFINISHED.contains(&import.state)) {
        return refuse(words::being_imported(target));
    }
    // One that is over and whose database is gone by now is history.
    let taken = doc! { "_id": target, "state": { "$in": ["running", "dropping"] } };
    if depot.ops.stored::<RestoreRecord>().find_one(taken).await?.is_some() {
        return refuse(words::on_record(target));
    }
    Ok(())
}

/// Whether the server can take it: room, and a version not older than the source's.
pub async fn check_server(depot: &Depot, bytes: i64, source_version: Option<&str>) -> Result<(), Failure> {
    let refuse = |why: String| Err(Failure::invalid(TARGET, why));
    let wanted = u64::try_from(bytes).unwrap_or(0).saturating_mul(HEADROOM.0) / HEADROOM.1;
    if let Some(free) = free_bytes(depot).await?
        && free < wanted
    {
        return refuse(words::no_room(wanted, free));
    }
    let versions = (source_version.and_then(ServerVersion::parse), ServerVersion::parse(&depot.db.server.version));
    match versions {
        (Some(source), Some(own)) if own.0 < source.0 => {
            refuse(words::older_server(source_version.unwrap_or_default(), &depot.db.server.version))
        }
        _ => Ok(()),
    }
}

/// Room on the server's disk, where it says so.
async fn free_bytes(depot: &Depot) -> mongodb::error::Result<Option<u64>> {
    let stats = depot.ops.live.run_command(doc! { "dbStats": 1 }).await?;
    let number = |name: &str| match stats.get(name) {
        Some(bson::Bson::Double(number)) => Some(*number as u64),
        Some(bson::Bson::Int64(number)) => u64::try_from(*number).ok(),
        Some(bson::Bson::Int32(number)) => u64::try_from(*number).ok(),
        _ => None,
    };
    let room = number("fsTotalSize").zip(number("fsUsedSize"));
    Ok(room.filter(|(total, _)| *total > 0).map(|(total, used)| total.saturating_sub(used)))
}
