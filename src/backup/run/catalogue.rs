//! The catalogue: one row for each copy in each store, chained, and whether they all still exist.

use bson::doc;
use futures::{StreamExt as _, TryStreamExt as _};
use sha2::{Digest as _, Sha256};

use crate::backup::Depot;
use crate::backup::container::MANIFEST;
use crate::backup::model::{BackupId, StoreKind};
use crate::backup::record::CatalogueEntry;
use crate::backup::stores::{Store, StoreError};
use crate::db::Db;
use crate::i18n::backup::run as words;

/// Manifests asked for at once.
const AT_ONCE: usize = 4;

/// Where the next manifest stands in a store's chain.
pub(super) struct Link {
    pub place: i64,
    /// SHA-256 of the manifest before it.
    pub previous: Option<String>,
}

/// A row's name.
pub(super) fn row_id(store: &str, backup: &BackupId) -> String {
    format!("{store}/{backup}")
}

/// The next place in a store's chain; the same one again for a backup that has its place already.
pub(super) async fn next_in_chain(depot: &Depot, store: &str, backup: &BackupId) -> mongodb::error::Result<Link> {
    let rows = depot.db.stored::<CatalogueEntry>();
    if let Some(own) = rows.find_one(doc! { "_id": row_id(store, backup) }).await? {
        return Ok(Link { place: own.chain, previous: own.previous });
    }
    let newest = rows.find_one(doc! { "store": store }).sort(doc! { "chain": -1 }).await?;
    Ok(match newest {
        Some(newest) => Link { place: newest.chain + 1, previous: Some(newest.manifest_sha256) },
        None => Link { place: 0, previous: None },
    })
}

/// Puts a copy into the catalogue; one that is there already is the same.
pub(super) async fn insert(depot: &Depot, entry: &CatalogueEntry) -> anyhow::Result<()> {
    let rows = depot.db.stored::<CatalogueEntry>();
    match rows.insert_one(entry).await {
        Err(error) if Db::is_duplicate(&error) => {
            let there = rows.find_one(doc! { "_id": &entry.id }).await?;
            let is_same = there.is_some_and(|there| there.manifest_sha256 == entry.manifest_sha256);
            anyhow::ensure!(is_same, super::blame::Worded(words::chain_taken(&entry.store)));
            Ok(())
        }
        other => Ok(other.map(drop)?),
    }
}

/// A backup that should exist and doesn't, or isn't what it was.
#[derive(Clone, Debug, PartialEq)]
pub struct Vanished {
    /// Its row.
    pub entry: CatalogueEntry,
    /// What was found, in words.
    pub detail: String,
}

/// What came of looking for every backup that should exist.
#[derive(Debug, Default)]
pub(super) struct Looked {
    /// Manifests that are there as they were stored.
    pub present: usize,
    /// Those that aren't.
    pub vanished: Vec<Vanished>,
    /// Copies nobody could look at, with the reason.
    pub unseen: Vec<(CatalogueEntry, String)>,
}

/// Fetches the manifest of every copy that wasn't pruned. A folder of `--to` that isn't mounted now is not looked at.
pub(super) async fn look(depot: &Depot) -> anyhow::Result<Looked> {
    let standing = doc! { "tombstone": null };
    let rows = depot.db.stored::<CatalogueEntry>();
    let rows = rows.find(standing).sort(doc! { "store": 1, "chain": 1 }).await?;
    let rows: Vec<CatalogueEntry> = rows.try_collect().await?;
    let mut answers = futures::stream::iter(rows)
        .map(|entry| async move {
            let seen = one(depot, &entry).await;
            (entry, seen)
        })
        .buffered(AT_ONCE);
    let mut looked = Looked::default();
    while let Some((entry, seen)) = answers.next().await {
        match seen {
            Seen::Present => looked.present += 1,
            Seen::Vanished(detail) => looked.vanished.push(Vanished { entry, detail }),
            Seen::Unreachable(why) => looked.unseen.push((entry, why)),
        }
    }
    Ok(looked)
}

enum Seen {
    Present,
    Vanished(String),
    Unreachable(String),
}

async fn one(depot: &Depot, entry: &CatalogueEntry) -> Seen {
    let Some(store) = depot.store(&entry.store) else {
        return Seen::Unreachable(words::store_gone(&entry.store));
    };
    if is_unmounted(depot, store.as_ref()) {
        return Seen::Unreachable(words::UNMOUNTED.into());
    }
    match store.get(&format!("{}/{MANIFEST}", entry.prefix)).await {
        Ok(bytes) if hex::encode(Sha256::digest(&bytes)) == entry.manifest_sha256 => Seen::Present,
        Ok(_) => Seen::Vanished(words::MANIFEST_CHANGED.into()),
        Err(StoreError::Missing(_)) => Seen::Vanished(words::MANIFEST_GONE.into()),
        Err(error) => Seen::Unreachable(error.to_string()),
    }
}

/// A folder that was named once, such as a disk that is carried away.
fn is_unmounted(depot: &Depot, store: &dyn Store) -> bool {
    let is_configured = depot.stores.iter().any(|known| known.name() == store.name());
    store.kind() == StoreKind::Folder && !is_configured && !std::path::Path::new(store.name()).exists()
}
