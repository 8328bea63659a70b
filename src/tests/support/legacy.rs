//! A legacy database to adopt from.

use std::collections::BTreeMap;

use bson::{DateTime, Document, RawDocumentBuf, doc};
use canje::adopt::{AdoptError, Adoption, Report, RuleReport};
use canje::db::{Db, ReadOnlyDb};
use canje::demo;
use canje::dump::Step;
use futures::TryStreamExt;

use super::TestDb;

/// A legacy database beside an empty live one.
pub struct Legacy {
    pub test: TestDb,
    pub reader: ReadOnlyDb,
    pub name: String,
}

impl Legacy {
    pub async fn empty() -> Self {
        let test = TestDb::new().await;
        let reader = test.read_only().await;
        let name = test.sibling("legacy");
        Self { test, reader, name }
    }

    pub async fn with(rows: impl IntoIterator<Item = Document>) -> Self {
        let legacy = Self::empty().await;
        legacy.rows("users").insert_many(rows).await.unwrap();
        legacy
    }

    pub fn rows(&self, collection: &str) -> mongodb::Collection<Document> {
        self.db().client.database(&self.name).collection(collection)
    }

    pub fn db(&self) -> &Db {
        &self.test.db
    }

    /// Loads collections of the demo dump.
    pub async fn load_demo(&self, collections: &[&str]) {
        let mut reader = demo::source().open().unwrap();
        let definitions = reader.overview().definitions.clone();
        let mut loaded: BTreeMap<String, Vec<RawDocumentBuf>> = BTreeMap::new();
        let mut buffer = Vec::new();
        loop {
            match reader.step(&mut buffer).unwrap() {
                Step::Document { index, .. } => {
                    let definition = &definitions[index];
                    if definition.database == demo::DUMPED_AS && collections.contains(&definition.collection.as_str()) {
                        let document = RawDocumentBuf::from_bytes(buffer.clone()).unwrap();
                        loaded.entry(definition.collection.clone()).or_default().push(document);
                    }
                }
                Step::End => break,
                _ => {}
            }
        }
        for (name, documents) in loaded {
            self.rows(&name).clone_with_type::<RawDocumentBuf>().insert_many(documents).await.unwrap();
        }
    }

    pub fn live(&self) -> mongodb::Collection<Document> {
        self.db().live.collection("users")
    }

    pub fn adoption(&self) -> Adoption<'_> {
        Adoption::new(self.db(), &self.reader, &self.name)
    }

    pub async fn adopt(&self) -> RuleReport {
        self.adoption().run().await.unwrap().rules.remove(0)
    }

    pub async fn finish(&self) -> Result<Report, AdoptError> {
        Adoption { finish: true, ..self.adoption() }.run().await
    }

    pub async fn user(&self, id: i32) -> Document {
        self.live().find_one(doc! { "_id": id }).await.unwrap().unwrap()
    }

    /// Every document of every collection of a database, byte for byte.
    pub async fn bytes_of(&self, database: &str, without: &[&str]) -> Vec<(String, Vec<u8>)> {
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
    pub async fn let_the_lease_run_out(&self) {
        let states = self.db().live.collection::<Document>("adopt_state");
        let past = doc! { "$set": { "expires_at": DateTime::from_millis(0) } };
        assert_eq!(states.update_one(doc! { "_id": "lease" }, past).await.unwrap().matched_count, 1);
    }
}
