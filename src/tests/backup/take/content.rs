//! What is in a backup: everything, as it is.

use bson::doc;
use canje::dump::hash::LeafSet;
use canje::dump::{Kind, compare};

use super::*;

#[tokio::test]
async fn no_collection_is_left_out() {
    let test = TestDb::new().await;
    let (one, two) = (test.name().to_owned(), test.sibling("two"));
    let database = test.db.client.database(&one);
    database.create_collection("empty").await.unwrap();
    database.create_collection("odd name\n% ñ").await.unwrap();
    insert(&test, &one, "a.b", &[doc! { "_id": 1 }, doc! { "_id": 2 }]).await;
    insert(&test, &two, "c", &[doc! { "_id": 1 }]).await;
    database
        .run_command(doc! { "create": "v", "viewOn": "a.b", "pipeline": [{ "$match": { "_id": 1 } }] })
        .await
        .unwrap();
    database.run_command(doc! { "create": "lost", "viewOn": "nothing", "pipeline": [] }).await.unwrap();
    insert(&test, &one, "system.js", &[doc! { "_id": "f", "value": 1 }]).await;
    let taken = take(&test.db, &[&two, &one], &usual()).await;
    let found: Vec<_> = taken.namespaces.iter().map(|n| (format!("{}.{}", n.database, n.name), n.documents)).collect();
    let mut wanted: Vec<_> = [("a.b", 2), ("empty", 0), ("lost", 0), ("odd name\n% ñ", 0), ("system.js", 1), ("v", 0)]
        .map(|(name, documents)| (format!("{one}.{name}"), documents))
        .into();
    wanted.push((format!("{two}.c"), 1));
    assert_eq!(found, wanted, "sorted, empty ones and views included");
    assert_eq!(taken.overview.definitions.len(), wanted.len());
    let left_out: Vec<_> = taken.collected.excluded.iter().map(|left| left.namespace.clone()).collect();
    assert_eq!(left_out, [format!("{one}.system.views")]);
    assert!(taken.collected.excluded.iter().all(|left| !left.reason.is_empty()));
    let finding = &taken.collected.findings[0];
    assert_eq!((finding.check, finding.namespace.clone()), (Check::Views, Some(format!("{one}.lost"))));
    assert_eq!(taken.collected.findings.len(), 1);
}

#[tokio::test]
async fn sums_are_those_of_the_archive() {
    let test = TestDb::new().await;
    let documents: Vec<_> = (0..3000).map(|n| doc! { "_id": n, "text": "x".repeat(n as usize % 700) }).collect();
    insert(&test, test.name(), "c", &documents).await;
    let taken = take(&test.db, &[test.name()], &usual()).await;
    let mut set = LeafSet::default();
    for document in &taken.documents[0] {
        set.push(document).unwrap();
    }
    let digest = set.finish().unwrap();
    let namespace = &taken.namespaces[0];
    assert_eq!((namespace.documents, namespace.bytes), (3000, digest.bytes as i64));
    assert_eq!(namespace.h_set, digest.h_set_hex());
    assert_eq!(namespace.metadata, taken.overview.definitions[0].metadata);
}

#[tokio::test]
async fn definitions_are_what_the_server_says() {
    let test = TestDb::new().await;
    let database = &test.db.live;
    let capped = doc! { "create": "log", "capped": true, "size": 1_048_576, "max": 5 };
    database.run_command(capped).await.unwrap();
    let strict = doc! { "create": "strict", "validator": { "$jsonSchema": { "required": ["b", "a"] } }, "validationLevel": "moderate",
    "collation": { "locale": "es", "strength": 2 } };
    database.run_command(strict).await.unwrap();
    let indexes = bson::bson!([
        { "key": { "z": 1, "a": -1 }, "name": "order", "unique": true, "partialFilterExpression": { "a": { "$gt": 1 } } },
        { "key": { "t": 1 }, "name": "ttl", "expireAfterSeconds": 3600, "hidden": true },
        { "key": { "$**": 1 }, "name": "wild", "wildcardProjection": { "secret": 0 } },
    ]);
    database.run_command(doc! { "createIndexes": "strict", "indexes": indexes }).await.unwrap();
    let lines: Vec<_> = (0..8).rev().map(|n| doc! { "_id": n }).collect();
    insert(&test, test.name(), "log", &lines).await;
    let taken = take(&test.db, &[test.name()], &usual()).await;
    let definition = |name: &str| taken.overview.definitions.iter().find(|d| d.collection == name).unwrap();
    let (log, strict) = (definition("log"), definition("strict"));
    assert!(log.is_capped() && taken.namespaces[0].is_capped);
    let order: Vec<i32> = taken.of(&log.namespace()).iter().map(|d| raw(d.clone()).get_i32("_id").unwrap()).collect();
    assert_eq!(order, [4, 3, 2, 1, 0], "natural order, the newest five");
    assert!(taken.evidence(Check::CappedOrder).1.contains("1 colección de tamaño fijo"));
    assert_eq!((strict.kind, strict.indexes.as_ref().unwrap().len()), (Kind::Collection, 4));
    assert_eq!(taken.namespaces[1].indexes, 4);
    let found = database.run_command(doc! { "listIndexes": "strict" }).await.unwrap();
    let found: Vec<Vec<u8>> = found
        .get_document("cursor")
        .unwrap()
        .get_array("firstBatch")
        .unwrap()
        .iter()
        .map(|index| bson::serialize_to_vec(index).unwrap())
        .collect();
    assert_eq!(strict.indexes.as_deref(), Some(&found[..]));
    let differences = compare::differences(strict, &strict.options, &found, compare::Expiry::Included);
    assert!(differences.is_empty());
    assert!(strict.metadata.contains(r#""validator":{"$jsonSchema":{"required":["b","a"]}}"#), "{}", strict.metadata);
    assert!(strict.uuid.is_some());
}
