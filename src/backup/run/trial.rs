//! Restores the stored copy for trial, and takes over what was found.

use std::collections::BTreeMap;

use anyhow::{Context as _, bail};
use bson::doc;

use super::blame::Worded;
use super::course::Course;
use super::shrink;
use crate::backup::container;
use crate::backup::model::{Namespace, Restored, State};
use crate::backup::restore::{self, Trial};
use crate::db::date;
use crate::i18n::backup::run as words;

impl Course<'_> {
    /// From read back to test-restored, out of the first store. Isn't given up half-way: what it makes it also drops.
    pub(super) async fn try_restore(&mut self) -> anyhow::Result<()> {
        self.deaf.send_replace(true);
        let tried = self.restore_first().await;
        self.deaf.send_replace(false);
        tried
    }

    async fn restore_first(&mut self) -> anyhow::Result<()> {
        let (Some(store), Some(there)) = (self.stores.first().cloned(), self.run.destinations.first().cloned()) else {
            bail!(Worded(words::NEVER_SENT.into()));
        };
        self.doing(words::restoring(store.name()), None);
        let opener = &self.keys()?.opener;
        let backup = container::open(store.clone(), &there.prefix, opener).await?;
        let trial = restore::trial(self.depot, &backup, opener, &self.progress).await;
        let trial = trial.context(words::CANNOT_RESTORE)?;
        let all_there = merge(&mut self.run.collections, &trial);
        let permanent = shrink::permanent(&backup.private.namespaces, self.depot.db.live.name());
        self.checked(trial.checks);
        self.found(trial.findings);
        self.save_findings().await?;
        self.fail_on_findings()?;
        if !all_there {
            bail!(Worded(words::NOT_ALL_RESTORED.into()));
        }
        let shrunk = shrink::look(self.depot, &self.run, &permanent).await?;
        self.found(shrunk.findings());
        let now = date(self.depot.clock.now());
        self.run.restore_checked_at = Some(now);
        let set = doc! {
            "collections": bson::serialize_to_bson(&self.run.collections)?,
            "restore_checked_at": now,
        };
        let said = vec![words::restored(store.name(), self.run.collections.len(), self.run.documents())];
        self.advance(State::TestRestored, said, doc! { "store": store.name() }, set).await
    }
}

/// Takes over what was found in the restored copies. `false` when a collection with documents wasn't restored, or not the
/// same: whatever a trial says otherwise, that is no proof.
fn merge(collections: &mut [Namespace], trial: &Trial) -> bool {
    let found: BTreeMap<_, &Restored> = trial
        .namespaces
        .iter()
        .filter_map(|namespace| Some(((&namespace.database, &namespace.name), namespace.restored.as_ref()?)))
        .collect();
    let mut all_there = true;
    for namespace in collections {
        namespace.restored = found.get(&(&namespace.database, &namespace.name)).map(|restored| (*restored).clone());
        all_there &= match &namespace.restored {
            Some(restored) => {
                restored.equal && restored.documents == namespace.documents && restored.h_set == namespace.h_set
            }
            // A view has no documents of its own.
            None => namespace.kind == "view",
        };
    }
    all_there
}

/// Whether a trial found every collection as the run has it.
pub(super) fn is_whole(collections: &[Namespace], trial: &Trial) -> bool {
    merge(&mut collections.to_vec(), trial)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn namespace(kind: &str, documents: i64, restored: Option<Restored>) -> Namespace {
        Namespace {
            database: "d".into(),
            name: "c".into(),
            kind: kind.into(),
            documents,
            bytes: 0,
            h_set: "aa".into(),
            h_stream: String::new(),
            crc: String::new(),
            h_def: String::new(),
            indexes: 1,
            is_capped: false,
            metadata: String::new(),
            restored,
        }
    }

    fn verdict(kind: &str, restored: Option<Restored>) -> bool {
        let trial = Trial { namespaces: vec![namespace(kind, 3, restored)], ..Trial::default() };
        merge(&mut [namespace(kind, 3, None)], &trial)
    }

    #[test]
    fn no_restore_was_ever_tested() {
        let same = Restored { documents: 3, h_set: "aa".into(), equal: true };
        assert!(verdict("collection", Some(same.clone())));
        assert!(verdict("view", None));
        assert!(!verdict("collection", None), "silence is no proof");
        assert!(!verdict("collection", Some(Restored { documents: 2, ..same.clone() })));
        assert!(!verdict("collection", Some(Restored { h_set: "ab".into(), ..same.clone() })));
        assert!(!verdict("collection", Some(Restored { equal: false, ..same })));
    }
}
