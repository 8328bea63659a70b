//! Before anything is read: keys, stores, what they can take, and room for all of it.

use anyhow::bail;
use bson::{Document, doc};

use super::blame::Worded;
use super::course::Course;
use crate::backup::container::part_limit;
use crate::backup::model::State;
use crate::backup::record::BackupRun;
use crate::backup::stores::{Limits, StoreError, free_bytes};
use crate::db::{Db, date};
use crate::i18n::backup::run as words;

/// Local room beyond the estimate, for manifests and for what else the machine does meanwhile.
const SLACK: u64 = 64 * 1024 * 1024;
/// Share of its plain size a database is thought to have when sealed, while no earlier backup says better, in percent.
const SEALED_PERCENT: u64 = 60;

/// What a backup of the databases is thought to need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Estimate {
    /// BSON bytes of all documents, as the server counts them.
    pub plain: u64,
    /// Bytes of a sealed copy.
    pub sealed: u64,
}

impl Course<'_> {
    /// Stores by name, and what they can take. Asked at every attempt: nothing of it is kept.
    pub(super) async fn equip(&mut self) -> anyhow::Result<()> {
        self.stores.clear();
        for name in &self.run.stores {
            match self.depot.store(name) {
                Some(store) => self.stores.push(store),
                None => bail!(Worded(words::store_gone(name))),
            }
        }
        Ok(())
    }

    /// Asks every store what it can take, and whether there is room.
    pub(super) async fn plan(&mut self) -> anyhow::Result<()> {
        self.doing(words::PLANNING.into(), None);
        let estimate = estimate(self.depot, self.run.databases.as_deref()).await?;
        let local = free_bytes(&self.depot.spool_folder())?;
        let needed = estimate.plain + estimate.sealed + SLACK;
        if local < needed {
            bail!(Worded(words::no_local_room(local, needed)));
        }
        for (store, limits) in self.limits().await? {
            if let Some(free) = limits.free_bytes.filter(|free| *free < estimate.sealed) {
                bail!(Worded(words::no_room(&store, free, estimate.sealed)));
            }
        }
        let said = vec![words::planned(estimate.plain, estimate.sealed, local), words::goes_to(&self.run.stores)];
        let facts = doc! {
            "stores": &self.run.stores,
            "plain_bytes": i64::try_from(estimate.plain)?,
            "sealed_bytes": i64::try_from(estimate.sealed)?,
        };
        let started_at = self.run.started_at.unwrap_or_else(|| date(self.depot.clock.now()));
        self.run.started_at = Some(started_at);
        self.advance(State::Planned, said, facts, doc! { "started_at": started_at }).await
    }

    /// What every store can take, and with it the size of a part.
    pub(super) async fn limits(&mut self) -> anyhow::Result<Vec<(String, Limits)>> {
        let mut all = Vec::with_capacity(self.stores.len());
        for store in &self.stores {
            let limits = store.limits().await.map_err(|error| unreachable_store(store.name(), &error))?;
            all.push((store.name().to_owned(), limits));
        }
        let smallest = all.iter().map(|(_, limits)| limits.object_bytes).min().unwrap_or(u64::MAX);
        self.part_bytes = part_limit(smallest);
        if self.part_bytes == 0 {
            bail!(Worded(words::too_small(smallest)));
        }
        Ok(all)
    }
}

/// A store's failure with its name.
pub(super) fn unreachable_store(name: &str, error: &StoreError) -> anyhow::Error {
    Worded(words::store_failed(name, &error.to_string())).into()
}

/// What the server says about its size; counts nothing, so it is only good for room. An earlier complete backup says how
/// well such data compresses.
pub(super) async fn estimate(depot: &crate::backup::Depot, databases: Option<&[String]>) -> anyhow::Result<Estimate> {
    let listed = match databases {
        Some(databases) => databases.to_vec(),
        None => {
            let all = depot.db.client.list_database_names().await?;
            all.into_iter().filter(|name| !matches!(name.as_str(), "admin" | "config" | "local")).collect()
        }
    };
    let mut plain = 0;
    for database in listed {
        plain += data_size(&depot.db, &database).await?;
    }
    let newest = doc! { "status": "complete", "taken_at": { "$type": "date" } };
    let earlier = depot.ops.stored::<BackupRun>().find_one(newest).sort(doc! { "taken_at": -1 }).await?;
    let sealed = match earlier.map(|run| (run.stored_bytes(), run.archive_bytes)) {
        Some((stored, archive)) if stored > 0 && archive > 0 => {
            let share = u128::from(stored.unsigned_abs()) * 110 / u128::from(archive.unsigned_abs());
            u64::try_from(u128::from(plain) * share.min(120) / 100)?
        }
        _ => plain * SEALED_PERCENT / 100,
    };
    Ok(Estimate { plain, sealed })
}

async fn data_size(db: &Db, database: &str) -> anyhow::Result<u64> {
    let stats: Document = db.client.database(database).run_command(doc! { "dbStats": 1 }).await?;
    let size = match stats.get("dataSize") {
        Some(bson::Bson::Int32(size)) => f64::from(*size),
        Some(bson::Bson::Int64(size)) => *size as f64,
        Some(bson::Bson::Double(size)) => *size,
        // A server that doesn't say makes the estimate smaller, never the backup.
        _ => 0.0,
    };
    Ok(size.max(0.0) as u64)
}
