//! The rolling re-reading: a thirtieth of every copy a day, so that everything is read once a month.

use bson::doc;
use futures::TryStreamExt as _;
use sha2::{Digest as _, Sha256};

use super::alarms;
use super::ledger::as_error;
use crate::backup::Depot;
use crate::backup::container::{MANIFEST, PublicManifest, part_name};
use crate::backup::record::CatalogueEntry;
use crate::backup::stores::{Store, StoreError};
use crate::i18n::backup::run as words;
use crate::notifications::{self, Event};

/// Days in which everything is read once.
const DAYS: i32 = 30;

/// What a day's re-reading came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Reread {
    pub copies: u64,
    pub parts: u64,
    pub bad: u64,
    pub unseen: u64,
    pub vanished: u64,
}

/// Looks for every backup that should exist, and re-reads a share of each. What is wrong is told, and the rest is read all
/// the same. Says how it went.
pub async fn reread(depot: &Depot) -> anyhow::Result<String> {
    let mut done = Reread { vanished: alarms::look_for_vanished(depot).await?, ..Reread::default() };
    let rows = depot.db.stored::<CatalogueEntry>();
    let standing = rows.find(doc! { "tombstone": null }).sort(doc! { "_id": 1 }).await?;
    let standing: Vec<CatalogueEntry> = standing.try_collect().await?;
    for entry in standing {
        let Some(store) = depot.store(&entry.store) else { continue };
        done.copies += 1;
        let mut events = Vec::new();
        for place in 0..share(entry.parts) {
            let index = (entry.next_part + place).rem_euclid(entry.parts);
            match part(store.as_ref(), &entry, index).await {
                Ok(()) => done.parts += 1,
                Err(Bad::Part(detail)) => {
                    // Pruned since it was listed?
                    if rows.find_one(doc! { "_id": &entry.id, "tombstone": null }).await?.is_none() {
                        break;
                    }
                    done.bad += 1;
                    events.push(Event::BackupReadBackFailed {
                        store: entry.store.clone(),
                        backup: entry.backup.to_string(),
                        detail,
                    });
                }
                Err(Bad::Unseen(error)) => {
                    tracing::warn!(%error, store = entry.store, "a part could not be read again");
                    done.unseen += 1;
                }
            }
        }
        notifications::publish(&depot.db, depot.clock.now(), &events).await.map_err(as_error)?;
        let next = (entry.next_part + share(entry.parts)).checked_rem_euclid(entry.parts).unwrap_or(0);
        rows.update_one(doc! { "_id": &entry.id }, doc! { "$set": { "next_part": next } }).await?;
    }
    Ok(words::reread_done(done.copies, done.parts, done.bad, done.unseen, done.vanished))
}

/// How many parts of a copy are read in a day.
fn share(parts: i32) -> i32 {
    parts.max(0).div_euclid(DAYS) + i32::from(parts.max(0).rem_euclid(DAYS) > 0)
}

enum Bad {
    /// It isn't what was stored.
    Part(String),
    /// The store couldn't be asked.
    Unseen(StoreError),
}

async fn part(store: &dyn Store, entry: &CatalogueEntry, index: i32) -> Result<(), Bad> {
    let manifest = fetch(store, entry, MANIFEST).await?;
    if hex::encode(Sha256::digest(&manifest)) != entry.manifest_sha256 {
        return Err(Bad::Part(words::MANIFEST_CHANGED.into()));
    }
    let manifest: PublicManifest =
        serde_json::from_slice(&manifest).map_err(|_| Bad::Part(words::MANIFEST_CHANGED.into()))?;
    let part = usize::try_from(index).ok().and_then(|index| manifest.parts.get(index));
    let Some(part) = part else { return Err(Bad::Part(words::part_unknown(index))) };
    let bytes = fetch(store, entry, &part_name(part.index)).await?;
    let is_same = bytes.len() as u64 == part.bytes && hex::encode(Sha256::digest(&bytes)) == part.sha256;
    if is_same { Ok(()) } else { Err(Bad::Part(words::part_changed(part.index))) }
}

async fn fetch(store: &dyn Store, entry: &CatalogueEntry, name: &str) -> Result<bytes::Bytes, Bad> {
    let key = format!("{}/{name}", entry.prefix);
    store.get(&key).await.map_err(|error| match error {
        StoreError::Missing(_) => Bad::Part(error.to_string()),
        other => Bad::Unseen(other),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_read_within_thirty_days() {
        for parts in [0, 1, 29, 30, 31, 250, 9_000] {
            assert!(share(parts) * DAYS >= parts, "{parts}");
            assert!(share(parts) <= parts.max(0), "{parts}");
        }
    }
}
