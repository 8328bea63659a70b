//! Imports into the real server: byte for byte, or refused before the first write.

mod command;
mod damage;
mod definitions;
mod demo;
pub mod fidelity;
mod interrupted;
mod refusals;

use std::path::PathBuf;
use std::sync::Arc;

use bson::{Document, RawDocumentBuf, doc};
use canje::dump::raw::Builder;
use canje::dump::{ArchiveWriter, Definition, Header, Source};
use canje::import::{Failure, Options, Report, Silent, service};
use futures::TryStreamExt;

use crate::support::TestDb;

/// A dump in memory, written as an archive of one database.
pub struct Dump {
    database: String,
    namespaces: Vec<(Definition, Vec<Vec<u8>>)>,
}

impl Dump {
    /// A dump of a database whose name is that of a test's own, so that it is imported under the same one.
    pub fn of(test: &TestDb) -> Self {
        Self { database: test.sibling("legacy"), namespaces: Vec::new() }
    }

    /// Adds a collection with `_id_` and these further indexes.
    pub fn collection(self, name: &str, options: &str, indexes: &[&str], documents: Vec<Vec<u8>>) -> Self {
        let id = r#"{"v":{"$numberInt":"2"},"key":{"_id":{"$numberInt":"1"}},"name":"_id_"}"#;
        let indexes = [&[id], indexes].concat().join(",");
        self.namespace(name, "collection", options, &indexes, documents)
    }

    /// Adds any namespace. `options` and `indexes` are Extended JSON, the latter without brackets.
    pub fn namespace(mut self, name: &str, kind: &str, options: &str, indexes: &str, documents: Vec<Vec<u8>>) -> Self {
        let quoted = serde_json::to_string(name).unwrap();
        let options = if options.is_empty() { String::new() } else { format!(r#""options":{options},"#) };
        let metadata = format!(r#"{{{options}"indexes":[{indexes}],"collectionName":{quoted},"type":"{kind}"}}"#);
        let definition = Definition::parse(&self.database, name, &metadata, Some(kind)).unwrap();
        self.namespaces.push((definition, documents));
        self
    }

    /// Adds the oplog entries of a dump taken with `--oplog`.
    pub fn oplog(mut self, entries: Vec<Vec<u8>>) -> Self {
        self.namespaces.push((Definition::parse("", "oplog", "", None).unwrap(), entries));
        self
    }

    pub fn bytes(&self) -> Vec<u8> {
        let definitions: Vec<Definition> = self.namespaces.iter().map(|(definition, _)| definition.clone()).collect();
        let header = Header { server_version: "7.0.28".into(), tool_version: "test".into() };
        let mut writer = ArchiveWriter::new(Vec::new(), &header, &definitions).unwrap();
        for (_, documents) in &self.namespaces {
            writer.open().unwrap();
            for document in documents {
                writer.document(document).unwrap();
            }
            writer.close().unwrap();
        }
        writer.finish().unwrap()
    }

    pub fn source(&self) -> Source {
        source(self.bytes())
    }
}

/// An archive as a source. The test process is short enough to leak it.
pub fn source(bytes: Vec<u8>) -> Source {
    Source::Bytes { name: "test", bytes: bytes.leak() }
}

pub async fn import(test: &TestDb, source: Source) -> Result<Report, Failure> {
    import_with(test, source, &Options::default()).await
}

pub async fn import_with(test: &TestDb, source: Source, options: &Options) -> Result<Report, Failure> {
    service::run(&test.db, source, options, Arc::new(Silent)).await
}

/// `{_id: id, s: text}`
pub fn simple(id: i32, text: &str) -> Vec<u8> {
    Builder::new().int32("_id", id).string("s", text).clone().finish()
}

/// The documents of a collection in natural order, as bytes.
pub async fn stored(test: &TestDb, collection: &str) -> Vec<Vec<u8>> {
    let database = test.db.client.database(&test.sibling("legacy"));
    let cursor = database.collection::<RawDocumentBuf>(collection).find(doc! {}).await.unwrap();
    let documents: Vec<RawDocumentBuf> = cursor.try_collect().await.unwrap();
    documents.into_iter().map(RawDocumentBuf::into_bytes).collect()
}

/// The names of the test's databases on the server.
pub async fn databases(test: &TestDb) -> Vec<String> {
    let names = test.db.client.list_database_names().await.unwrap();
    names.into_iter().filter(|name| name.starts_with(test.name())).collect()
}

/// The record of the imported database.
pub async fn record(test: &TestDb) -> Option<Document> {
    let imports = test.db.live.collection::<Document>("imports");
    imports.find_one(doc! { "_id": test.sibling("legacy") }).await.unwrap()
}

/// A file in a folder that lives as long as the value.
pub fn file(bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dump.archive");
    std::fs::write(&path, bytes).unwrap();
    (folder, path)
}
