//! What really lies in the stores, whoever put it there: leftovers of runs that failed, and what no run of ours knows.

use std::collections::{BTreeMap, BTreeSet};

use bson::doc;
use futures::TryStreamExt as _;

use crate::backup::Depot;
use crate::backup::container::MANIFEST;
use crate::backup::model::{BackupId, State};
use crate::backup::record::BackupRun;
use crate::backup::stores::{Store, StoreError};
use crate::i18n::backup::run as words;

/// What lies under one backup's prefix.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lying {
    /// Files.
    pub objects: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Whether a manifest is among them.
    pub has_manifest: bool,
}

/// Files of a backup that isn't complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Residue {
    /// The store.
    pub store: String,
    /// The run, if it is one of ours; by its name in any case.
    pub backup: String,
    /// What lies there.
    pub lying: Lying,
}

/// Everything under a deployment, by the name of the backup it belongs to.
async fn stock(store: &dyn Store, deployment: &str) -> Result<BTreeMap<String, Lying>, StoreError> {
    let mut stock: BTreeMap<String, Lying> = BTreeMap::new();
    let inside = format!("{deployment}/");
    for object in store.list(deployment).await? {
        let Some(rest) = object.key.strip_prefix(&inside) else { continue };
        // <year>/<month>/<backup>/…; what lies elsewhere is named as it is.
        let mut steps = rest.splitn(4, '/');
        let name = match (steps.next(), steps.next(), steps.next(), steps.next()) {
            (Some(_), Some(_), Some(backup), Some(_)) if BackupId::parse(backup).is_some() => backup.to_owned(),
            _ => rest.to_owned(),
        };
        let lying = stock.entry(name).or_default();
        lying.objects += 1;
        lying.bytes += object.bytes;
        lying.has_manifest |= object.key.ends_with(MANIFEST);
    }
    Ok(stock)
}

/// What lies in the stores beside complete backups, and which stores couldn't be asked and why. Looks in every configured
/// store, and in every other place a run that isn't complete was to go to.
pub async fn residues(depot: &Depot) -> anyhow::Result<(Vec<Residue>, Vec<String>)> {
    let without = doc! { "collections": 0, "checks": 0, "findings": 0, "excluded": 0, "steps": 0 };
    let runs = depot.ops.stored::<BackupRun>().find(doc! {}).projection(without).await?;
    let runs: Vec<BackupRun> = runs.try_collect().await?;
    let complete = runs.iter().filter(|run| run.status == State::Complete || run.is_active.is_some());
    let complete: BTreeSet<&str> = complete.map(|run| run.id.as_str()).collect();
    let mut names: BTreeSet<String> = depot.stores.iter().map(|store| store.name().to_owned()).collect();
    for run in runs.iter().filter(|run| run.status != State::Complete) {
        names.extend(run.destinations.iter().map(|there| there.store.clone()));
    }
    let (mut residues, mut unseen) = (Vec::new(), Vec::new());
    for name in names {
        let Some(store) = depot.store(&name) else { continue };
        match stock(store.as_ref(), &depot.config.deployment).await {
            Ok(stock) => {
                let others = stock.into_iter().filter(|(backup, _)| !complete.contains(backup.as_str()));
                residues.extend(others.map(|(backup, lying)| Residue { store: name.clone(), backup, lying }));
            }
            Err(error) => unseen.push(words::store_failed(&name, &error.to_string())),
        }
    }
    Ok((residues, unseen))
}
