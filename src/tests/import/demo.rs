//! The demo dump, imported as a newcomer's first run imports it.

use canje::demo;
use canje::import::{Mapping, Options};

use super::*;

#[tokio::test]
async fn every_collection_of_the_demo_arrives_as_the_generator_wrote_it() {
    let test = TestDb::new().await;
    let map = |from: &str| Mapping { from: from.into(), to: test.sibling(from) };
    let options = Options { map: [demo::DUMPED_AS, "legacy_a", "legacy_b"].map(map).to_vec(), skip: Vec::new() };
    let report = import_with(&test, demo::source(), &options).await.unwrap();
    assert!(report.ok);
    let expected: serde_json::Value = serde_json::from_str(demo::EXPECTED).unwrap();
    let expected = expected["collections"].as_object().unwrap();
    let skipped: Vec<&str> = report.skipped.iter().map(|skipped| skipped.namespace.as_str()).collect();
    assert_eq!(skipped, ["admin.system.version"]);
    assert_eq!(report.collections.len() + skipped.len(), expected.len());
    for imported in &report.collections {
        let from = imported.database.strip_prefix(&format!("{}_", test.name())).unwrap();
        let said = &expected[&format!("{from}.{}", imported.name)];
        assert_eq!(Some(imported.documents), said["count"].as_u64(), "{}", imported.name);
        assert_eq!(Some(imported.bytes), said["bytes"].as_u64(), "{}", imported.name);
        let database = test.db.client.database(&imported.database);
        let mut indexes = database.collection::<Document>(&imported.name).list_index_names().await.unwrap();
        let mut wanted: Vec<&str> = said["indexes"].as_array().unwrap().iter().map(|i| i.as_str().unwrap()).collect();
        indexes.sort();
        wanted.sort();
        assert_eq!(indexes, wanted, "{}", imported.name);
    }
    let imports = test.db.live.collection::<Document>("imports");
    let record = imports.find_one(doc! { "_id": test.sibling(demo::DUMPED_AS) }).await.unwrap().unwrap();
    assert_eq!(record.get_str("state").unwrap(), "finished");
    assert_eq!(record.get_array("collections").unwrap().len(), 33);
    assert!(record.get_datetime("finished_at").is_ok());
}
