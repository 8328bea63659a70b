//! Documents of every type and oddity, and collections that are no ordinary ones.

use canje::dump::raw::{Builder, kind};
use mongodb::Collection;

use super::*;
use crate::import::fidelity::corpus;

fn has_empty_timestamp(document: &[u8]) -> bool {
    canje::dump::walk::inspect(document).empty_timestamp
}

#[tokio::test]
async fn every_type_and_oddity_is_kept_byte_for_byte() {
    let test = TestDb::new().await;
    // What a plain insert replaces is the restore's concern.
    let documents: Vec<_> = corpus().into_iter().filter(|document| !has_empty_timestamp(document)).collect();
    let odd: Collection<RawDocumentBuf> = test.db.live.collection("odd");
    odd.insert_many(documents.iter().cloned().map(raw)).await.unwrap();
    for rung in [Label::Transaction, Label::FixedUp, Label::Quiescent] {
        let taken = take(&test.db, &[test.name()], &Effort::only(rung)).await;
        assert_eq!(taken.collected.label, rung);
        let (mut found, mut wanted) = (taken.of(&format!("{}.odd", test.name())).to_vec(), documents.clone());
        found.sort();
        wanted.sort();
        assert!(found == wanted, "{rung:?}");
    }
}

/// `_id`s that a command can't carry unchanged, or that mean something else in one, among others.
fn keys() -> Vec<(u8, Vec<u8>)> {
    let twice = Builder::new().int32("a", 1).int32("a", 2).clone().finish();
    vec![
        (kind::INT32, 1i32.to_le_bytes().to_vec()),
        (kind::DOUBLE, 2.5f64.to_le_bytes().to_vec()),
        (kind::DOUBLE, f64::NAN.to_le_bytes().to_vec()),
        (kind::MIN_KEY, vec![]),
        (kind::BOOLEAN, vec![1]),
        (kind::DATE, (-1i64).to_le_bytes().to_vec()),
        (kind::DOCUMENT, Builder::new().int32("b", 1).int32("a", 2).clone().finish()),
        (kind::DOCUMENT, twice),
        (kind::NULL, vec![]),
    ]
}

#[tokio::test]
async fn what_changes_during_a_long_scan_is_read_again_whatever_its_id() {
    let test = TestDb::new().await;
    let name = test.name().to_owned();
    let version = |(kind, value): &(u8, Vec<u8>), version: i32| {
        raw(Builder::new().raw(*kind, b"_id", value).int32("v", version).clone().finish())
    };
    // Those a command can carry, and those that need a reading of everything, apart.
    let (askable, others): (Vec<_>, Vec<_>) = keys().into_iter().enumerate().partition(|(place, _)| *place < 7);
    for (collection, keys) in [("a_askable", &askable), ("a_others", &others)] {
        let collection: Collection<RawDocumentBuf> = test.db.live.collection(collection);
        collection.insert_many(keys.iter().map(|(_, key)| version(key, 1))).await.unwrap();
    }
    let slow: Vec<_> = (0..30_000).map(|n| doc! { "_id": n, "text": "x".repeat(300) }).collect();
    insert(&test, &name, "z_slow", &slow).await;
    let capped = doc! { "create": "capped", "capped": true, "size": 1_048_576 };
    test.db.live.run_command(capped).await.unwrap();
    let (sender, mut progress) = watch::channel(Progress::default());
    let effort = Effort { workers: 1, ..Effort::only(Label::FixedUp) };
    let meanwhile = async {
        reading(&mut progress, &format!("{name}.z_slow")).await;
        for (collection, keys) in [("a_askable", &askable), ("a_others", &others)] {
            let collection: Collection<RawDocumentBuf> = test.db.live.collection(collection);
            // All gone, and all but the first back, changed.
            collection.delete_many(doc! {}).await.unwrap();
            collection.insert_many(keys.iter().skip(1).map(|(_, key)| version(key, 2))).await.unwrap();
        }
        insert(&test, &name, "capped", &[doc! { "_id": 2 }, doc! { "_id": 1 }]).await;
        insert(&test, &name, "z_slow", &[doc! { "_id": -1 }]).await;
        test.db.live.collection::<Document>("z_slow").delete_one(doc! { "_id": 29_999 }).await.unwrap();
    };
    let (collected, ()) = collect_while(&test.db, &[&name], &effort, meanwhile, sender).await;
    let (collected, folder) = collected.unwrap();
    assert_eq!(collected.label, Label::FixedUp);
    let taken = apart(collected, folder).await;
    for (collection, keys) in [("a_askable", &askable), ("a_others", &others)] {
        let mut wanted: Vec<_> = keys.iter().skip(1).map(|(_, key)| version(key, 2).into_bytes()).collect();
        let mut found = taken.of(&format!("{name}.{collection}")).to_vec();
        wanted.sort();
        found.sort();
        assert!(found == wanted, "{collection}: {} of {}", found.len(), wanted.len());
    }
    let slow = taken.of(&format!("{name}.z_slow"));
    assert_eq!(slow.len(), 30_000, "one more, one less");
    assert!(slow.iter().any(|document| raw(document.clone()).get_i32("_id").is_ok_and(|id| id == -1)));
    let order: Vec<_> =
        taken.of(&format!("{name}.capped")).iter().map(|d| raw(d.clone()).get_i32("_id").unwrap()).collect();
    assert_eq!(order, [2, 1]);
    assert_eq!(taken.evidence(Check::Counts).0, Outcome::Passed, "and the server counts the same at that moment");
}

#[tokio::test]
async fn a_time_series_is_kept_as_its_measurements_and_says_so() {
    let test = TestDb::new().await;
    let series = doc! { "create": "series", "timeseries": { "timeField": "t", "metaField": "m" } };
    test.db.live.run_command(series).await.unwrap();
    let at = bson::DateTime::from_millis(1_700_000_000_000);
    let same: Vec<_> = (0..3).map(|_| doc! { "t": at, "m": 1, "v": 1.0 }).collect();
    insert(&test, test.name(), "series", &same).await;
    let taken = take(&test.db, &[test.name()], &usual()).await;
    assert_eq!((taken.namespaces[0].kind.as_str(), taken.namespaces[0].documents), ("timeseries", 3));
    assert_eq!(taken.overview.definitions[0].unknown, [canje::backup::take::MEASUREMENTS]);
    assert!(raw(taken.documents[0][0].clone()).get("v").unwrap().is_some());
    let left_out = &taken.collected.excluded;
    assert!(left_out.iter().any(|left| left.namespace.ends_with("system.buckets.series")), "{left_out:?}");
}

#[tokio::test]
async fn broken_files_are_told_and_kept() {
    let test = TestDb::new().await;
    let chunk = |file: i32, n: i32, bytes: usize| {
        let data = bson::Binary { subtype: bson::spec::BinarySubtype::Generic, bytes: vec![7; bytes] };
        doc! { "files_id": file, "n": n, "data": data }
    };
    let file = |id: i32, length: i64| doc! { "_id": id, "length": length, "chunkSize": 4 };
    insert(&test, test.name(), "fs.files", &[file(1, 10), file(2, 0), file(3, 8), file(4, 4)]).await;
    let chunks = [chunk(1, 0, 4), chunk(1, 1, 4), chunk(1, 2, 2), chunk(3, 1, 4), chunk(4, 0, 3), chunk(9, 0, 4)];
    insert(&test, test.name(), "fs.chunks", &chunks).await;
    let taken = take(&test.db, &[test.name()], &usual()).await;
    let (outcome, said) = taken.evidence(Check::Gridfs);
    assert_eq!(outcome, Outcome::Passed, "what is broken at the source doesn't stop a backup");
    assert!(said.contains("4 archivos") && said.contains("6 trozos") && said.contains("3 problemas"), "{said}");
    let mut found: Vec<_> = taken.collected.findings.iter().map(|finding| finding.detail.as_str()).collect();
    found.sort_unstable();
    assert_eq!(
        found,
        [
            "1 trozo sin archivo en el origen",
            "el archivo 3 está incompleto en el origen: falta el trozo 0",
            "el archivo 4 está incompleto en el origen: el trozo 0 mide 3 bytes en vez de 4",
        ]
    );
}
