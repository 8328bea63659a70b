//! Adoption against a real server.

mod command;
mod demo;
mod refresh;
mod runs;

use bson::{Bson, DateTime, Document, RawDocumentBuf, doc};
use canje::adopt::{AdoptError, Adoption, Report, RuleReport};
use canje::db::{Db, ReadOnlyDb};
use futures::TryStreamExt;

use crate::support::TestDb;

const HASH: &str = "$2b$12$/UgCdAasqO6QLOav3mwap.UH1SffhmLMVWBd8KBYGC0IumWzbxJQ.";

/// A legacy database beside an empty live one.
struct Legacy {
    test: TestDb,
    reader: ReadOnlyDb,
    name: String,
}

impl Legacy {
    async fn empty() -> Self {
        let test = TestDb::new().await;
        let reader = test.read_only().await;
        let name = test.sibling("legacy");
        Self { test, reader, name }
    }

    async fn with(rows: impl IntoIterator<Item = Document>) -> Self {
        let legacy = Self::empty().await;
        legacy.rows("users").insert_many(rows).await.unwrap();
        legacy
    }

    fn rows(&self, collection: &str) -> mongodb::Collection<Document> {
        self.db().client.database(&self.name).collection(collection)
    }

    fn db(&self) -> &Db {
        &self.test.db
    }

    fn live(&self) -> mongodb::Collection<Document> {
        self.db().live.collection("users")
    }

    fn adoption(&self) -> Adoption<'_> {
        Adoption::new(self.db(), &self.reader, &self.name)
    }

    async fn adopt(&self) -> RuleReport {
        self.adoption().run().await.unwrap().rules.remove(0)
    }

    async fn finish(&self) -> Result<Report, AdoptError> {
        Adoption { finish: true, ..self.adoption() }.run().await
    }

    async fn user(&self, id: i32) -> Document {
        self.live().find_one(doc! { "_id": id }).await.unwrap().unwrap()
    }

    /// Every document of every collection of a database, byte for byte.
    async fn bytes_of(&self, database: &str, without: &[&str]) -> Vec<(String, Vec<u8>)> {
        let database = self.db().client.database(database);
        let mut all = Vec::new();
        for name in database.list_collection_names().await.unwrap() {
            if without.contains(&name.as_str()) {
                continue;
            }
            let documents = database.collection::<RawDocumentBuf>(&name);
            let found: Vec<_> = documents.find(doc! {}).await.unwrap().try_collect().await.unwrap();
            all.extend(found.into_iter().map(|document| (name.clone(), document.into_bytes())));
        }
        all.sort();
        all
    }

    /// Lets the lease run out, as if its term had passed.
    async fn let_the_lease_run_out(&self) {
        let states = self.db().live.collection::<Document>("adopt_state");
        let past = doc! { "$set": { "expires_at": DateTime::from_millis(0) } };
        assert_eq!(states.update_one(doc! { "_id": "lease" }, past).await.unwrap().matched_count, 1);
    }
}

fn row(id: i32) -> Document {
    doc! {
        "_id": id, "user_id": format!("user_{id:012x}"), "email": format!("p{id}@example.com"), "name": format!("Persona {id}"),
        "password": HASH, "role": "creator", "created_at": format!("2026-01-{:02}T10:00:00.123456+00:00", 1 + id % 28),
    }
}

fn rows(count: i32) -> impl Iterator<Item = Document> {
    (1..=count).map(row)
}

fn with(id: i32, field: &str, value: impl Into<Bson>) -> Document {
    let mut row = row(id);
    row.insert(field, value.into());
    row
}

fn figures(report: &RuleReport) -> [u64; 7] {
    assert!(report.adds_up());
    let RuleReport { read, written, unchanged, folded, moved, refused, kept, .. } = report;
    [*read, *written, *unchanged, *folded, *moved, *refused, *kept]
}

fn ids(report: &RuleReport, code: &str) -> Vec<String> {
    report.findings.iter().filter(|finding| finding.code == code).map(|finding| finding.id.clone()).collect()
}
