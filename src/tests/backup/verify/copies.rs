//! A backup by its name: every copy on record is read, from its own store.

use bson::{DateTime, doc};
use canje::backup::Depot;
use canje::backup::model::{BackupId, Check};
use canje::backup::record::CatalogueEntry;
use canje::backup::verify::command::every_copy;
use sha2::{Digest, Sha256};

use super::whole;
use crate::support::TestApp;

#[tokio::test]
async fn every_copy_on_record_is_read() {
    let (app, sample) = (TestApp::new().await, whole());
    let depot = Depot::of(&app.app).unwrap();
    std::fs::create_dir_all(&depot.config.keys).unwrap();
    for entry in std::fs::read_dir(sample.folder.path().join("keys")).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, depot.config.keys.join(path.file_name().unwrap())).unwrap();
    }
    let id = sample.public.id.clone();
    let unknown = every_copy(&depot, &BackupId::random()).await.unwrap();
    assert_eq!(unknown[0].1.findings[0].check, Check::Catalogue);

    let store = sample.folder.path().join("store");
    let manifest = std::fs::read(store.join(&sample.prefix).join("manifest.json")).unwrap();
    let store = store.to_str().unwrap().to_owned();
    let entry = CatalogueEntry {
        id: format!("{store}/{id}"),
        store: store.clone(),
        backup: id.clone(),
        prefix: sample.prefix.clone(),
        taken_at: DateTime::MIN,
        chain: 0,
        manifest_sha256: hex::encode(Sha256::digest(&manifest)),
        previous: None,
        parts: 1,
        bytes: 1,
        root: sample.public.root.clone(),
        read_back_at: None,
        next_part: 0,
        tombstone: None,
    };
    let rows = depot.db.stored::<CatalogueEntry>();
    rows.insert_one(&entry).await.unwrap();
    let judged = every_copy(&depot, &id).await.unwrap();
    assert_eq!((judged.len(), judged[0].0.as_ref(), &judged[0].1.findings), (1, Some(&store), &vec![]));

    // The manifest is sound, but it isn't the one that was stored.
    rows.update_one(doc! { "_id": &entry.id }, doc! { "$set": { "manifest_sha256": "00" } }).await.unwrap();
    let judged = every_copy(&depot, &id).await.unwrap();
    let found: Vec<_> = judged[0].1.findings.iter().map(|finding| finding.check).collect();
    assert_eq!(found, [Check::Catalogue]);
}
