//! Taking a backup from a real server: everything listed is in it, byte for byte, at one moment, and it says which.

mod all;
mod bank;
mod content;
mod fence;
mod memory;
mod odd;
mod rungs;

use bson::{Document, RawDocumentBuf, doc};
use canje::app::Clock;
use canje::backup::model::{Check, Label, Namespace, Outcome, Progress};
use canje::backup::take::{Collected, Effort, Request, TakeError, collect_with};
use canje::db::Db;
use canje::dump::{ArchiveReader, Overview, Step};
use tokio::sync::watch;

use crate::support::TestDb;

/// A backup of some databases, taken apart again.
pub struct Taken {
    pub collected: Collected,
    pub namespaces: Vec<Namespace>,
    pub overview: Overview,
    /// Per namespace, its documents in the archive's order.
    pub documents: Vec<Vec<Vec<u8>>>,
    _folder: tempfile::TempDir,
}

impl Taken {
    /// The documents of `database.collection`.
    pub fn of(&self, namespace: &str) -> &[Vec<u8>] {
        let place = self.overview.definitions.iter().position(|definition| definition.namespace() == namespace);
        &self.documents[place.unwrap_or_else(|| panic!("{namespace} is not in the backup"))]
    }

    pub fn evidence(&self, check: Check) -> (Outcome, String) {
        let result = self.collected.checks.iter().find(|result| result.check == check).expect("the check was made");
        (result.outcome, result.evidence.join("\n"))
    }
}

pub async fn collect(
    db: &Db,
    databases: &[&str],
    effort: &Effort,
) -> Result<(Collected, tempfile::TempDir), TakeError> {
    let folder = tempfile::tempdir().unwrap();
    let databases = Some(databases.iter().map(|name| (*name).to_owned()).collect());
    let request = Request { databases, folder: folder.path().join("raw") };
    let (sender, _) = watch::channel(Progress::default());
    let collected = collect_with(db, &request, effort, &Clock::default(), &sender).await?;
    Ok((collected, folder))
}

/// Takes these databases and reads the archive back.
pub async fn take(db: &Db, databases: &[&str], effort: &Effort) -> Taken {
    let (collected, folder) = collect(db, databases, effort).await.unwrap_or_else(|error| panic!("{error:#?}"));
    apart(collected, folder).await
}

/// Writes the archive and reads it back.
pub async fn apart(collected: Collected, folder: tempfile::TempDir) -> Taken {
    tokio::task::spawn_blocking(move || {
        let mut archive = Vec::new();
        let namespaces = collected.write_archive("0123456789abcdef0123456789abcdef", &mut archive).unwrap();
        let mut reader = ArchiveReader::new(archive.as_slice(), false).unwrap();
        let overview = reader.overview().clone();
        let mut documents = vec![Vec::new(); overview.definitions.len()];
        let mut buffer = Vec::new();
        loop {
            match reader.step(&mut buffer).unwrap() {
                Step::Document { index, .. } => documents[index].push(buffer.clone()),
                Step::End => break,
                Step::Open { .. } | Step::Close { .. } => {}
            }
        }
        Taken { collected, namespaces, overview, documents, _folder: folder }
    })
    .await
    .unwrap()
}

/// Collects while `meanwhile` runs beside it: that one is told how the reading goes.
pub async fn collect_while<T>(
    db: &Db,
    databases: &[&str],
    effort: &Effort,
    meanwhile: impl Future<Output = T> + Send,
    progress: watch::Sender<Progress>,
) -> (Result<(Collected, tempfile::TempDir), TakeError>, T) {
    let folder = tempfile::tempdir().unwrap();
    let databases = Some(databases.iter().map(|name| (*name).to_owned()).collect());
    let request = Request { databases, folder: folder.path().join("raw") };
    let clock = Clock::default();
    let collecting = collect_with(db, &request, effort, &clock, &progress);
    let (collected, done) = tokio::join!(collecting, meanwhile);
    (collected.map(|collected| (collected, folder)), done)
}

/// Waits until the reading has come to a namespace of this name.
pub async fn reading(progress: &mut watch::Receiver<Progress>, namespace: &str) {
    let begun = progress.wait_for(|progress| progress.collections.iter().any(|shown| shown.namespace == namespace));
    begun.await.expect("the reading goes on");
}

/// What is forced where the rung itself is not what is tested.
pub fn usual() -> Effort {
    Effort::only(Label::Transaction)
}

pub async fn insert(test: &TestDb, database: &str, collection: &str, documents: &[Document]) {
    test.db.client.database(database).collection::<Document>(collection).insert_many(documents).await.unwrap();
}

pub fn raw(document: Vec<u8>) -> RawDocumentBuf {
    RawDocumentBuf::from_bytes(document).unwrap()
}

#[tokio::test]
async fn a_backup_says_what_it_is() {
    let test = TestDb::new().await;
    insert(&test, test.name(), "c", &[doc! { "_id": 1 }]).await;
    let name = test.name().to_owned();
    let db = test.db.clone();
    // Jobs run on other threads: so must this.
    let taken = tokio::spawn(async move { take(&db, &[&name], &Effort::default()).await }).await.unwrap();
    assert_eq!(
        taken.collected.label,
        Label::Transaction,
        "never proven by a snapshot on a server that doesn't keep it"
    );
    let (outcome, said) = taken.evidence(Check::Consistency);
    assert_eq!(outcome, Outcome::Passed);
    assert!(said.contains("mostró [1]") && said.contains("no las respeta"), "{said}");
    for check in [Check::Privileges, Check::Identity, Check::Fence, Check::Listed, Check::Counts, Check::Definitions] {
        assert_eq!(taken.evidence(check).0, Outcome::Passed, "{check:?}");
    }
    assert_eq!(taken.evidence(Check::Gridfs).0, Outcome::NotApplicable);
    assert_eq!(taken.overview.unknown, ["canje_id", "canje_label", "canje_taken_at"]);
    let marks = test.db.operations().live.collection::<Document>("backup_marks");
    assert_eq!(marks.count_documents(doc! {}).await.unwrap(), 0, "it cleans up after itself");
}
