//! What would go and why the rest stays: looked at, never touched.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use bson::{DateTime, doc};
use futures::TryStreamExt as _;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::policy::{Policy, Reason, reasons};
use crate::backup::Depot;
use crate::backup::model::{BackupId, State};
use crate::backup::record::{BackupRun, CatalogueEntry};
use crate::db::timestamp;

/// How long the remains of a run that didn't complete stay, so that somebody can look at them.
const REMAINS_STAY: Duration = Duration::from_secs(2 * 24 * 60 * 60);

/// What could be deleted, store by store.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The policy it follows.
    pub policy: Policy,
    /// One for each store that holds something.
    pub stores: Vec<StorePlan>,
    /// SHA-256 over everything that would go, hexadecimal: an approval names it.
    pub hash: String,
}

/// One store.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StorePlan {
    /// Its name.
    pub store: String,
    /// Whether we have what it takes to delete there; otherwise the store's own rules do.
    pub can_delete: bool,
    /// What stays, newest first.
    pub keep: Vec<Kept>,
    /// What would go, newest first.
    pub remove: Vec<Removal>,
}

/// A backup that stays.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    /// Which.
    pub id: BackupId,
    /// The moment it stands for.
    pub taken_at: DateTime,
    /// Why.
    pub reasons: BTreeSet<Reason>,
    /// The words of whoever holds it.
    pub hold: Option<String>,
}

/// A backup, or what a run left behind, that would go.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Removal {
    /// Which.
    pub id: BackupId,
    /// The moment it stands for, or when the run began.
    pub taken_at: DateTime,
    /// Everything under this prefix.
    pub prefix: String,
    /// Cipher bytes, as far as they are on record.
    pub bytes: i64,
    /// Its manifest's hash, if it has one: what the tombstone names.
    pub manifest_sha256: Option<String>,
    /// Whether it never was a proven backup.
    pub is_remains: bool,
    /// A deletion that was begun and not finished.
    pub is_begun: bool,
}

impl Plan {
    /// How many would go: the number an approval has to repeat. Stores we can't delete in don't count.
    pub fn removals(&self) -> usize {
        self.stores.iter().filter(|store| store.can_delete).map(|store| store.remove.len()).sum()
    }

    /// Cipher bytes that would be freed.
    pub fn bytes(&self) -> i64 {
        let stores = self.stores.iter().filter(|store| store.can_delete);
        stores.flat_map(|store| &store.remove).map(|removal| removal.bytes).sum()
    }
}

/// Looks at everything on record and says what could go. Reads at most what the catalogue and the runs hold; touches no store.
pub async fn plan(depot: &Depot) -> anyhow::Result<Plan> {
    let open = doc! { "$or": [{ "tombstone": null }, { "tombstone.deleted_at": null }] };
    let catalogue: Vec<CatalogueEntry> =
        depot.db.stored::<CatalogueEntry>().find(open).sort(doc! { "_id": 1 }).await?.try_collect().await?;
    let runs: Vec<BackupRun> = depot
        .ops
        .stored::<BackupRun>()
        .find(doc! { "pruned_at": null })
        .projection(doc! { "collections": 0, "checks": 0, "excluded": 0, "steps": 0, "findings": 0, "progress": 0 })
        .await?
        .try_collect()
        .await?;
    let can_delete = |store: &str| depot.store(store).is_some_and(|store| store.can_delete());
    Ok(decide(depot.config.keep, &catalogue, &runs, date_now(depot), &can_delete))
}

fn date_now(depot: &Depot) -> DateTime {
    crate::db::date(depot.clock.now())
}

/// The decision itself, from what is on record alone.
pub fn decide(
    policy: Policy,
    catalogue: &[CatalogueEntry],
    runs: &[BackupRun],
    now: DateTime,
    can_delete: &dyn Fn(&str) -> bool,
) -> Plan {
    let runs: BTreeMap<&BackupId, &BackupRun> = runs.iter().map(|run| (&run.id, run)).collect();
    let young = now.timestamp_millis() - REMAINS_STAY.as_millis() as i64;
    let mut stores: BTreeMap<&str, StorePlan> = BTreeMap::new();
    let mut proven: BTreeMap<&str, Vec<&CatalogueEntry>> = BTreeMap::new();
    for entry in catalogue {
        let plan = stores.entry(&entry.store).or_insert_with(|| StorePlan::of(&entry.store, can_delete));
        let run = runs.get(&entry.backup).copied();
        // The catalogue may outlive the record of runs: what is in it and has no run was complete once.
        let state = run.map_or(State::Complete, |run| run.status);
        if entry.tombstone.is_some() {
            plan.remove.push(Removal::of(entry, false, true));
        } else if state == State::Complete {
            proven.entry(&entry.store).or_default().push(entry);
        } else if let Some(reason) = staying(run, entry.taken_at, young) {
            plan.keep.push(Kept::of(entry, [reason].into(), run));
        } else {
            plan.remove.push(Removal::of(entry, true, false));
        }
    }
    for (store, entries) in proven {
        let moments: Vec<_> = entries.iter().map(|entry| timestamp(entry.taken_at).unwrap_or_default()).collect();
        let Some(plan) = stores.get_mut(store) else { continue };
        for (entry, mut reasons) in entries.into_iter().zip(reasons(&policy, &moments)) {
            let run = runs.get(&entry.backup).copied();
            if run.is_some_and(|run| run.hold.is_some()) {
                reasons.insert(Reason::Hold);
            }
            if reasons.is_empty() {
                plan.remove.push(Removal::of(entry, false, false));
            } else {
                plan.keep.push(Kept::of(entry, reasons, run));
            }
        }
    }
    // What has no row in the catalogue: a run that ended before its commit point. Where its parts were to go is on record
    // before the first one leaves, how many arrived may not be.
    for run in runs.values() {
        for destination in run.destinations.iter().filter(|destination| destination.emptied_at.is_none()) {
            let is_known = catalogue.iter().any(|entry| entry.store == destination.store && entry.backup == run.id);
            if is_known || staying(Some(run), run.created_at, young).is_some() {
                continue;
            }
            let store = destination.store.as_str();
            let plan = stores.entry(store).or_insert_with(|| StorePlan::of(store, can_delete));
            plan.remove.push(Removal {
                id: run.id.clone(),
                taken_at: run.created_at,
                prefix: destination.prefix.clone(),
                bytes: destination.bytes,
                manifest_sha256: None,
                is_remains: true,
                is_begun: false,
            });
        }
    }
    let mut stores: Vec<StorePlan> = stores.into_values().collect();
    for plan in &mut stores {
        plan.keep.sort_by(|a, b| (b.taken_at, &b.id).cmp(&(a.taken_at, &a.id)));
        plan.remove.sort_by(|a, b| (b.taken_at, &b.id).cmp(&(a.taken_at, &a.id)));
    }
    let hash = hash(&policy, &stores);
    Plan { policy, stores, hash }
}

/// Why something that isn't a proven backup stays for now.
fn staying(run: Option<&BackupRun>, since: DateTime, young: i64) -> Option<Reason> {
    let run = run?;
    if run.hold.is_some() {
        return Some(Reason::Hold);
    }
    (!run.status.is_over() || since.timestamp_millis() > young).then_some(Reason::Young)
}

fn hash(policy: &Policy, stores: &[StorePlan]) -> String {
    let mut hasher = Sha256::new();
    hasher.update(format!("canje-prune/1 {policy:?}\n"));
    for plan in stores.iter().filter(|plan| plan.can_delete) {
        for removal in &plan.remove {
            let manifest = removal.manifest_sha256.as_deref().unwrap_or("-");
            hasher.update(format!("{} {} {} {manifest}\n", plan.store, removal.id, removal.prefix));
        }
    }
    hex::encode(hasher.finalize())
}

impl StorePlan {
    fn of(store: &str, can_delete: &dyn Fn(&str) -> bool) -> Self {
        Self { store: store.to_owned(), can_delete: can_delete(store), keep: Vec::new(), remove: Vec::new() }
    }
}

impl Kept {
    fn of(entry: &CatalogueEntry, reasons: BTreeSet<Reason>, run: Option<&BackupRun>) -> Self {
        let hold = run.and_then(|run| run.hold.clone());
        Self { id: entry.backup.clone(), taken_at: entry.taken_at, reasons, hold }
    }
}

impl Removal {
    fn of(entry: &CatalogueEntry, is_remains: bool, is_begun: bool) -> Self {
        Self {
            id: entry.backup.clone(),
            taken_at: entry.taken_at,
            prefix: entry.prefix.clone(),
            bytes: entry.bytes,
            manifest_sha256: Some(entry.manifest_sha256.clone()),
            is_remains,
            is_begun,
        }
    }
}
