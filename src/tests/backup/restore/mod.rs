//! Restores: tried, compared, interrupted, attacked.

mod killed;
mod pages;
mod planned;
mod trial;

use std::path::Path;
use std::sync::Arc;

use bson::{Document, RawDocumentBuf, doc};
use canje::app::Clock;
use canje::backup::container::{OpenBackup, open};
use canje::backup::model::{Check, Severity};
use canje::backup::restore::{self, Trial};
use canje::backup::stores::Store;
use canje::backup::{Depot, OPS_COLLECTIONS};
use canje::config;
use canje::dump::raw::Builder;
use canje::dump::{ArchiveReader, Definition, Step};
use futures::TryStreamExt;
use tokio::sync::watch;

use super::sample::{Collection, Sample};
use crate::support::TestDb;

/// A collection, capped or plain, series or view, as its dump's metadata says. `options` and `indexes` are Extended JSON,
/// the latter without brackets and without `_id_`.
pub fn namespace(name: &str, kind: &str, options: &str, indexes: &[&str], documents: Vec<Vec<u8>>) -> Collection {
    let id = r#"{"v":{"$numberInt":"2"},"key":{"_id":{"$numberInt":"1"}},"name":"_id_"}"#;
    let indexes = match kind {
        "view" => String::new(),
        _ => [&[id], indexes].concat().join(","),
    };
    let options = if options.is_empty() { String::new() } else { format!(r#""options":{options},"#) };
    let metadata = format!(r#"{{{options}"indexes":[{indexes}],"collectionName":"{name}","type":"{kind}"}}"#);
    Collection { definition: Definition::parse("shop", name, &metadata, Some(kind)).unwrap(), documents }
}

/// `{_id: id, s: text}`
pub fn simple(id: i32, text: &str) -> Vec<u8> {
    Builder::new().int32("_id", id).string("s", text).clone().finish()
}

/// What works on backups, on a test's databases, with these stores and the sample's keys.
pub async fn depot(test: &TestDb, sample: &Sample) -> Depot {
    depot_at(test, &sample.folder.path().join("keys"), vec![sample.store.clone()]).await
}

async fn depot_at(test: &TestDb, keys: &Path, stores: Vec<Arc<dyn Store>>) -> Depot {
    let ops = test.db.operations();
    ops.prepare(&OPS_COLLECTIONS).await.unwrap();
    let config = config::Backups {
        data_dir: keys.parent().unwrap().join("data"),
        keys: keys.into(),
        deployment: "test".into(),
        cloudinary: None,
        s3: None,
        folder: None,
        keep: Default::default(),
        is_demo: false,
    };
    Depot { db: test.db.clone(), ops, stores, config, clock: Clock::default() }
}

pub async fn opened(sample: &Sample) -> OpenBackup {
    open(sample.store.clone(), &sample.prefix, &sample.keys.opener).await.unwrap()
}

/// The names of a backup's scratch databases that are there.
pub async fn scratches(test: &TestDb, sample: &Sample) -> Vec<String> {
    let prefix = format!("restore_check_{}_", sample.public.id);
    let names = test.db.client.list_database_names().await.unwrap();
    names.into_iter().filter(|name| name.starts_with(&prefix)).collect()
}

/// The documents of a collection in natural order.
pub async fn stored(test: &TestDb, database: &str, collection: &str) -> Vec<Vec<u8>> {
    let collection = test.db.client.database(database).collection::<RawDocumentBuf>(collection);
    let found: Vec<RawDocumentBuf> = collection.find(doc! {}).await.unwrap().try_collect().await.unwrap();
    found.into_iter().map(RawDocumentBuf::into_bytes).collect()
}

/// The documents of a collection of the sample's database `shop`, in the archive's order.
pub fn archived(sample: &Sample, collection: &str) -> Vec<Vec<u8>> {
    let mut reader = ArchiveReader::new(sample.archive.as_slice(), false).unwrap();
    let named = |definition: &Definition| definition.database == "shop" && definition.collection == collection;
    let place = reader.overview().definitions.iter().position(named).unwrap();
    let (mut found, mut buffer) = (Vec::new(), Vec::new());
    loop {
        match reader.step(&mut buffer).unwrap() {
            Step::Document { index, .. } if index == place => found.push(buffer.clone()),
            Step::End => return found,
            _ => {}
        }
    }
}
