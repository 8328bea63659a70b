//! Carries out an approved plan. What goes leaves a signed tombstone first, so that nothing ever vanishes in silence.

use bson::{DateTime, doc};

use super::plan::{Plan, Removal, plan};
use crate::backup::Depot;
use crate::backup::container::{MANIFEST, SIGNATURE};
use crate::backup::keys::Signer;
use crate::backup::record::{BackupRun, CatalogueEntry, Tombstone};
use crate::backup::stores::Store;
use crate::db::date;
use crate::i18n::backup::retention as words;

/// What a person said yes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approval {
    /// The plan's hash.
    pub hash: String,
    /// How many were typed.
    pub count: usize,
    /// Who.
    pub by: String,
}

/// Why nothing was deleted.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The plan isn't the one that was approved any more.
    #[error("{}", words::PLAN_MOVED)]
    Moved,
    /// Another number was typed.
    #[error("{}", words::wrong_count(*expected))]
    Count {
        /// How many there are.
        expected: usize,
    },
    /// Something broke; what was deleted until then is on record, and the next plan begins with what is left of it.
    #[error(transparent)]
    Fault(#[from] anyhow::Error),
}

impl Approval {
    /// Reads `HASH:N`.
    pub fn parse(text: &str, by: &str) -> Option<Self> {
        let (hash, count) = text.split_once(':')?;
        Some(Self { hash: hash.to_owned(), count: count.parse().ok()?, by: by.to_owned() })
    }
}

/// Deletes what the approved plan says, and nothing when the plan has changed since. How many went.
pub async fn apply(depot: &Depot, signer: &Signer, approval: &Approval) -> Result<usize, Refused> {
    let plan: Plan = plan(depot).await?;
    if plan.hash != approval.hash {
        return Err(Refused::Moved);
    }
    if plan.removals() != approval.count {
        return Err(Refused::Count { expected: plan.removals() });
    }
    let mut gone = 0;
    for of_store in plan.stores.iter().filter(|store| store.can_delete) {
        let Some(store) = depot.store(&of_store.store) else { continue };
        for removal in &of_store.remove {
            if remove(depot, signer, approval, store.as_ref(), removal).await? {
                gone += 1;
            }
        }
    }
    Ok(gone)
}

/// Tombstone, then the objects, the commit point first; then the record. `false` when a person began to hold it meanwhile.
async fn remove(
    depot: &Depot,
    signer: &Signer,
    approval: &Approval,
    store: &dyn Store,
    removal: &Removal,
) -> anyhow::Result<bool> {
    let now = date(depot.clock.now());
    let held = doc! { "_id": removal.id.as_str(), "hold": { "$ne": null } };
    if depot.ops.stored::<BackupRun>().find_one(held).await?.is_some() {
        return Ok(false);
    }
    let catalogue = depot.db.stored::<CatalogueEntry>();
    let row = format!("{}/{}", store.name(), removal.id);
    if let Some(manifest) = &removal.manifest_sha256 {
        let tombstone = tombstone(signer, approval, store.name(), removal.id.as_str(), manifest, now);
        let open = doc! { "_id": &row, "manifest_sha256": manifest, "tombstone": null };
        let buried = doc! { "$set": { "tombstone": bson::serialize_to_document(&tombstone)? } };
        catalogue.update_one(open, buried).await?;
    }
    let mut objects = store.list(&removal.prefix).await?;
    // Without its signature a backup is none any more: a kill half-way leaves remains, never half a backup.
    objects.sort_by_key(|object| {
        let name = object.key.rsplit('/').next().unwrap_or_default();
        (name != SIGNATURE, name != MANIFEST)
    });
    for object in objects {
        store.delete(&object.key).await?;
    }
    let done = doc! { "$set": { "tombstone.deleted_at": now } };
    catalogue.update_one(doc! { "_id": &row, "tombstone": { "$ne": null } }, done).await?;
    let runs = depot.ops.stored::<BackupRun>();
    let of_run = doc! { "_id": removal.id.as_str(), "destinations.store": store.name() };
    let emptied = doc! {
        "destinations.$.parts": 0, "destinations.$.bytes": 0_i64, "destinations.$.ok": false, "destinations.$.emptied_at": now,
    };
    runs.update_one(of_run, doc! { "$set": emptied }).await?;
    let empty =
        doc! { "_id": removal.id.as_str(), "destinations": { "$not": { "$elemMatch": { "emptied_at": null } } } };
    runs.update_one(empty, doc! { "$set": { "pruned_at": now } }).await?;
    Ok(true)
}

fn tombstone(
    signer: &Signer,
    approval: &Approval,
    store: &str,
    backup: &str,
    manifest: &str,
    at: DateTime,
) -> Tombstone {
    let signed = Tombstone::signed_text(store, backup, manifest, &approval.hash);
    Tombstone {
        at,
        by: approval.by.clone(),
        plan: approval.hash.clone(),
        signature: hex::encode(signer.sign(signed.as_bytes())),
        deleted_at: None,
    }
}

/// Holds a backup whatever the policy says, or lets it go. `false` when there is none of that name.
pub async fn hold(depot: &Depot, id: &str, reason: Option<&str>) -> anyhow::Result<bool> {
    let change = match reason {
        Some(reason) => doc! { "$set": { "hold": reason } },
        None => doc! { "$unset": { "hold": "" } },
    };
    let changed = depot.ops.stored::<BackupRun>().update_one(doc! { "_id": id }, change).await?;
    Ok(changed.matched_count == 1)
}
