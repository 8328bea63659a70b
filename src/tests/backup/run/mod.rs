//! Runs: led to their end, failed loudly, interrupted, resumed, told of.

mod alarms;
mod command;
mod faults;
mod happy;
mod interrupted;
mod jobs;
mod killed;
mod vanished;

use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;

use bson::{DateTime, Document, doc};
use canje::backup::Depot;
use canje::backup::keys::Keys;
use canje::backup::model::{BackupId, Check, CheckResult, Outcome, Person, State, Trigger};
use canje::backup::record::{BackupRun, CatalogueEntry, JournalEntry};
use canje::backup::run::{self, Wanted};
use canje::backup::stores::Folder;
use futures::TryStreamExt;

use crate::support::TestApp;

/// Two folders as stores, keys, and a small database to back up.
pub struct Yard {
    pub depot: Depot,
    /// The database that is backed up.
    pub source: String,
    pub files: tempfile::TempDir,
}

/// The same with an application on it.
pub struct House {
    pub app: TestApp,
    pub yard: Yard,
}

impl Deref for House {
    type Target = Yard;

    fn deref(&self) -> &Yard {
        &self.yard
    }
}

impl House {
    pub async fn new() -> Self {
        let files = tempfile::tempdir().unwrap();
        let offsite = files.path().join("offsite").display().to_string();
        let app = TestApp::with(|environment| drop(environment.insert("CANJE_BACKUP_FOLDER", offsite))).await;
        let mut depot = Depot::of(&app.app).unwrap();
        depot.stores.push(Arc::new(Folder::at("second", &files.path().join("second"))));
        let source = app.db.sibling("source");
        Self { app, yard: Yard::open(depot, source, files).await }
    }
}

impl Yard {
    pub async fn open(depot: Depot, source: String, files: tempfile::TempDir) -> Self {
        Keys::generate(&depot.config.keys, DateTime::MIN).unwrap();
        let yard = Self { depot, source, files };
        let people: Vec<_> = (0..40).map(|n| doc! { "_id": n, "name": format!("persona {n}") }).collect();
        yard.collection("people").insert_many(people).await.unwrap();
        yard.collection("orders").insert_many((0..25).map(|n| doc! { "_id": n, "total": n * 3 })).await.unwrap();
        yard.database().create_collection("empty").await.unwrap();
        yard
    }

    pub fn database(&self) -> mongodb::Database {
        self.depot.db.client.database(&self.source)
    }

    pub fn collection(&self, name: &str) -> mongodb::Collection<Document> {
        self.database().collection(name)
    }

    pub fn wanted(&self) -> Wanted {
        Wanted {
            trigger: Trigger::Manual,
            person: Person { user_id: None, name: "Ana".into() },
            stores: None,
            databases: Some(vec![self.source.clone()]),
        }
    }

    /// Asks for a run and leads it to its end.
    pub async fn take(&self) -> BackupRun {
        self.take_with(&self.depot).await
    }

    pub async fn take_with(&self, depot: &Depot) -> BackupRun {
        let asked = run::request(depot, self.wanted()).await.unwrap();
        run::execute(depot, &asked.id, "Ana").await.unwrap()
    }

    pub async fn load(&self, id: &BackupId) -> BackupRun {
        self.depot.ops.stored::<BackupRun>().find_one(doc! { "_id": id.as_str() }).await.unwrap().unwrap()
    }

    /// The steps of a run's journal, in order.
    pub async fn journal(&self, id: &BackupId) -> Vec<String> {
        let rows = self.depot.ops.stored::<JournalEntry>();
        let rows = rows.find(doc! { "run": id.as_str() }).sort(doc! { "sequence": 1 }).await.unwrap();
        let rows: Vec<JournalEntry> = rows.try_collect().await.unwrap();
        for (place, row) in rows.iter().enumerate() {
            assert_eq!(row.sequence, place as i64, "the journal has no gap");
        }
        rows.into_iter().map(|row| row.step).collect()
    }

    pub async fn catalogue(&self, store: &str) -> Vec<CatalogueEntry> {
        let rows = self.depot.db.stored::<CatalogueEntry>();
        let rows = rows.find(doc! { "store": store }).sort(doc! { "chain": 1 }).await.unwrap();
        rows.try_collect().await.unwrap()
    }

    /// The open and closed incidents with this fingerprint: title and whether it is open.
    pub async fn incidents(&self, fingerprint: &str) -> Vec<(String, bool)> {
        let notices = self.depot.db.live.collection::<Document>("system_notifications");
        let found = notices.find(doc! { "fingerprint": fingerprint }).await.unwrap();
        let found: Vec<Document> = found.try_collect().await.unwrap();
        let told = found
            .iter()
            .map(|notice| (notice.get_str("title").unwrap().to_owned(), notice.get_bool("is_open").unwrap()));
        told.collect()
    }

    /// What lies in the spool.
    pub fn spooled(&self) -> Vec<String> {
        names(&self.depot.spool_folder())
    }

    /// Where a run's files are in one of the stores.
    pub fn stored_at(&self, store: &str, run: &BackupRun) -> PathBuf {
        self.files.path().join(store).join(&run.destinations[0].prefix)
    }

    /// Makes a run look as if nobody had done anything about it for six minutes.
    pub async fn age(&self, id: &BackupId) {
        let then = self.depot.clock.now() - std::time::Duration::from_secs(6 * 60);
        let old = doc! { "$set": { "heartbeat_at": canje::db::date(then) } };
        self.depot.ops.stored::<BackupRun>().update_one(doc! { "_id": id.as_str() }, old).await.unwrap();
    }

    /// Nothing green that isn't proven, and nothing in any store that no list names.
    pub async fn is_honest(&self, run: &BackupRun) {
        let run = self.load(&run.id).await;
        assert!(run.status.is_over() && run.is_active.is_none(), "{:?}", run.status);
        if run.status == State::Complete {
            is_proven(&run);
            return;
        }
        assert!(run.error.as_deref().is_some_and(|error| !error.is_empty()), "a failure says why");
        let (residues, unseen) = run::residues(&self.depot).await.unwrap();
        assert_eq!(unseen, Vec::<String>::new());
        for store in &self.depot.stores {
            let listed = store.list(&self.depot.config.deployment).await.unwrap();
            let own = listed.iter().filter(|object| object.key.contains(run.id.as_str())).count() as u64;
            let named =
                residues.iter().filter(|residue| residue.store == store.name() && residue.backup == run.id.as_str());
            assert_eq!(named.map(|residue| residue.lying.objects).sum::<u64>(), own, "{}", store.name());
        }
        assert!(!self.spooled().contains(&run.id.to_string()), "nothing of it stays on this disk");
    }
}

/// The names in a folder; none when there is no folder.
pub fn names(folder: &std::path::Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// Everything a complete run claims has its evidence.
pub fn is_proven(run: &BackupRun) {
    assert_eq!(run.status, State::Complete, "{:?} {:?}", run.error, run.findings);
    assert_eq!(run.destinations.len(), run.stores.len());
    for there in &run.destinations {
        assert!(there.ok && there.read_back_at.is_some() && there.manifest_sha256.is_some(), "{there:?}");
    }
    assert!(run.restore_checked_at.is_some() && run.root.is_some() && run.label.is_some());
    for namespace in &run.collections {
        let restored = namespace.restored.as_ref().expect("restored");
        assert_eq!((restored.documents, &restored.h_set), (namespace.documents, &namespace.h_set));
        assert!(restored.equal);
    }
    let failed: Vec<_> = run.checks.iter().filter(|check| check.outcome == Outcome::Failed).collect();
    assert!(failed.is_empty(), "{failed:?}");
}

/// A check's result, by its subject where it has one.
pub fn check<'a>(run: &'a BackupRun, check: Check, subject: Option<&str>) -> &'a CheckResult {
    let found = run.checks.iter().find(|result| result.check == check && result.subject.as_deref() == subject);
    found.unwrap_or_else(|| panic!("no result of {check:?} for {subject:?} among {:?}", run.checks))
}
