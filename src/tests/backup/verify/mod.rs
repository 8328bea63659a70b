//! The verifier: sound backups have no finding, damaged ones have some that name the place.

mod content;
mod copies;
mod faults;
mod legacy;
mod local;
mod own;
mod pieces;
mod shelf;
mod stored;

use bson::{Document, doc};
use canje::dump::Definition;

use super::sample::{Collection, Sample};

/// A collection with a definition of its own.
pub fn defined(database: &str, name: &str, metadata: &str, kind: &str, documents: &[Document]) -> Collection {
    let documents = documents.iter().map(|document| bson::serialize_to_vec(document).unwrap()).collect();
    Collection { definition: Definition::parse(database, name, metadata, Some(kind)).unwrap(), documents }
}

/// Every kind of thing there is to damage, in the order of names.
pub fn collections() -> Vec<Collection> {
    let rows = |from: i32, count: i32| {
        (from..from + count)
            .map(|n| doc! { "_id": n, "name": format!("n{n}"), "note": "x".repeat(n as usize * 7 % 60), "n": i64::from(n) })
            .collect::<Vec<_>>()
    };
    let empty = r#"{"options":{"validator":{"a":{"$exists":true}}},"indexes":[{"v":{"$numberInt":"2"},"key":{"_id":{"$numberInt":"1"}},"name":"_id_"}],"uuid":"00000000000000000000000000000001","collectionName":"empty","type":"collection"}"#;
    let logs = r#"{"options":{"capped":true,"size":{"$numberInt":"4096"},"max":{"$numberInt":"100"}},"indexes":[{"v":{"$numberInt":"2"},"key":{"_id":{"$numberInt":"1"}},"name":"_id_"}],"uuid":"00000000000000000000000000000002","collectionName":"logs","type":"collection"}"#;
    let people = r#"{"options":{"collation":{"locale":"es","strength":{"$numberInt":"1"},"backwards":false}},"indexes":[{"v":{"$numberInt":"2"},"key":{"_id":{"$numberInt":"1"}},"name":"_id_"},{"v":{"$numberInt":"2"},"key":{"name":{"$numberInt":"1"},"n":{"$numberInt":"-1"}},"name":"name_1_n_-1","unique":true,"partialFilterExpression":{"n":{"$gt":{"$numberLong":"0"}}}},{"v":{"$numberInt":"2"},"key":{"at":{"$numberInt":"1"}},"name":"at_1","expireAfterSeconds":{"$numberDouble":"3600.5"},"hidden":true}],"uuid":"00000000000000000000000000000003","collectionName":"people","type":"collection"}"#;
    let recent = r#"{"options":{"viewOn":"people","pipeline":[{"$match":{"n":{"$gt":{"$numberInt":"3"}},"s":{"$regularExpression":{"pattern":"^a","options":"i"}}}},{"$sort":{"name":{"$numberInt":"1"},"n":{"$numberInt":"1"}}}]},"indexes":[],"collectionName":"recent","type":"view"}"#;
    vec![
        defined("shop", "empty", empty, "collection", &[]),
        defined("shop", "logs", logs, "collection", &rows(1000, 40)),
        defined("shop", "people", people, "collection", &rows(0, 120)),
        defined("shop", "recent", recent, "view", &[]),
        Collection::of("shop", "tags", &rows(500, 30)),
        Collection::of("site", "one", &rows(9, 1)),
    ]
}

/// The sample all faults are made on.
pub fn whole() -> Sample {
    Sample::new(&collections(), 4096)
}
