//! Whole sides: collections, definitions, order, kinds.

use canje::backup::diff::{Change, Kind, Limits, Side, Which};
use canje::dump::raw::Builder;

use super::{TINY, archive, compared, defined, document, report, shown};
use crate::backup::sample::Collection;

fn people(changed: Option<i32>) -> Vec<Vec<u8>> {
    (0..500).map(|n| document(n, if changed == Some(n) { "otro" } else { "uno" })).collect()
}

#[tokio::test]
async fn equal_sides_are_equal_in_any_order() {
    let mut reversed = people(None);
    reversed.reverse();
    let found = report(&[Collection::plain("d", "c", people(None))], &[Collection::plain("d", "c", reversed)]).await;
    assert!(found.equal && found.collections[0].left == 500, "{found:?}");
    let json = serde_json::to_value(&found).unwrap();
    let expected = serde_json::json!({
        "equal": true,
        "collections": [{ "name": "c", "left": 500, "right": 500, "changed": 0, "only_left": 0, "only_right": 0 }],
    });
    assert_eq!(json, expected);
}

#[tokio::test]
async fn one_changed_document_shows_exactly_that() {
    let folder = tempfile::tempdir().unwrap();
    let left = archive(&folder, "left", &[Collection::plain("d", "c", people(None))]);
    let right = archive(&folder, "right", &[Collection::plain("d", "c", people(Some(321)))]);
    let (found, documents) = shown(&left, &right, TINY).await;
    assert!(!found.equal);
    let row = &found.collections[0];
    assert_eq!((row.changed, row.only_left, row.only_right), (1, 0, 0));
    let [one] = documents.as_slice() else { panic!("{documents:?}") };
    assert_eq!((one.kind, one.document.as_str()), (Kind::Changed, r#"{"$numberInt":"321"}"#));
    let [field] = one.fields.as_slice() else { panic!("{one:?}") };
    assert_eq!((field.path.as_str(), field.change), ("v", Change::Value));
    assert_eq!((field.left.as_deref(), field.right.as_deref()), (Some(r#""uno""#), Some(r#""otro""#)));
    assert!(one.left_offset.unwrap() > 0 && one.right_offset.unwrap() > 0);
}

#[tokio::test]
async fn collections_of_one_side_are_rows_even_when_empty() {
    let left = [Collection::plain("d", "a", people(None)), Collection::plain("d", "empty", vec![])];
    let right = [Collection::plain("d", "b", vec![document(1, "x")]), Collection::plain("other", "a", vec![])];
    let found = report(&left, &right).await;
    let rows: Vec<_> =
        found.collections.iter().map(|row| (row.name.as_str(), row.missing, row.only_left, row.only_right)).collect();
    assert_eq!(
        rows,
        [("a", Some(Which::Right), 500, 0), ("b", Some(Which::Left), 0, 1), ("empty", Some(Which::Right), 0, 0),]
    );
    let found = report(&left[1..], &[Collection::plain("d", "empty", vec![])]).await;
    assert!(found.equal);
}

#[tokio::test]
async fn definitions_differ_even_where_documents_do_not() {
    let plain = r#"{"indexes":[{"v":2,"key":{"_id":1},"name":"_id_"},{"v":2,"key":{"a":1},"name":"a_1"}]}"#;
    let unique =
        r#"{"indexes":[{"v":2,"key":{"_id":1},"name":"_id_"},{"v":2,"key":{"a":1},"name":"a_1","unique":true}]}"#;
    let view = |pipeline: &str| format!(r#"{{"options":{{"viewOn":"c","pipeline":[{pipeline}]}},"type":"view"}}"#);
    let left = [
        defined("c", "collection", plain, people(None)),
        defined("v", "view", &view(""), vec![]),
        defined("k", "collection", plain, vec![]),
    ];
    let right = [
        defined("c", "collection", unique, people(None)),
        defined("v", "view", &view(r#"{"$match":{}}"#), vec![]),
        defined("k", "view", &view(""), vec![]),
    ];
    let found = report(&left, &right).await;
    assert!(!found.equal);
    let parts: Vec<_> =
        found.collections.iter().map(|row| (row.name.as_str(), row.definitions[0].part.as_str())).collect();
    assert_eq!(parts, [("c", "index a_1"), ("k", "type"), ("v", "options.pipeline")]);
    assert!(found.collections.iter().all(|row| row.changed + row.only_left + row.only_right == 0));
    // A dump without metadata says nothing of indexes, and that is said.
    let found = report(&left[..1], &[defined("c", "collection", "", people(None))]).await;
    assert!(found.equal && found.collections[0].notes.len() == 1, "{found:?}");
}

#[tokio::test]
async fn the_order_of_a_capped_collection_is_data() {
    let metadata = r#"{"options":{"capped":true,"size":{"$numberInt":"4096"}}}"#;
    let documents = vec![document(1, "a"), document(2, "b")];
    let mut turned = documents.clone();
    turned.reverse();
    let capped = |documents: &[Vec<u8>]| [defined("c", "collection", metadata, documents.to_vec())];
    assert!(report(&capped(&documents), &capped(&documents)).await.equal);
    let found = report(&capped(&documents), &capped(&turned)).await;
    assert!(!found.equal && found.collections[0].order_differs && found.collections[0].changed == 0, "{found:?}");
}

#[tokio::test]
async fn a_time_series_is_a_multiset() {
    let metadata = r#"{"options":{"timeseries":{"timeField":"t"}},"type":"timeseries"}"#;
    let measured = |value: i32| Builder::new().int32("_id", 1).int32("v", value).clone().finish();
    let series = |values: &[i32]| {
        [defined("m", "timeseries", metadata, values.iter().map(|value| measured(*value)).collect::<Vec<_>>())]
    };
    assert!(report(&series(&[1, 2, 2]), &series(&[2, 1, 2])).await.equal);
    let found = report(&series(&[1, 2, 2, 3]), &series(&[1, 2, 4])).await;
    let row = &found.collections[0];
    assert_eq!((row.changed, row.only_left, row.only_right), (0, 2, 1), "the _id of a measurement is no identity");
    let bucket =
        Builder::new().int32("_id", 1).document("control", &measured(1)).document("data", &measured(1)).clone();
    let found = report(&series(&[1]), &[defined("m", "timeseries", metadata, vec![bucket.finish()])]).await;
    assert!(!found.equal && found.collections[0].incomparable && !found.collections[0].notes.is_empty(), "{found:?}");
}

#[tokio::test]
async fn only_the_collections_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let both = |v: &str| [Collection::plain("d", "a", vec![document(1, v)]), Collection::plain("d", "b", vec![])];
    let (left, right) = (archive(&folder, "left", &both("x")), archive(&folder, "right", &both("y")));
    let told = tokio::sync::watch::channel(Default::default()).0;
    let only = async |name: &str| {
        canje::backup::diff::compare([&left, &right], &[name.to_owned()], Limits::COUNTS, &told).await
    };
    let found = only("b").await.unwrap().report;
    assert!(found.equal && found.collections.len() == 1);
    assert!(!only("a").await.unwrap().report.equal);
    assert!(only("nadie").await.unwrap_err().to_string().contains("«nadie»"));
}

#[tokio::test]
async fn a_side_that_cannot_be_read_is_an_error_that_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let good = archive(&folder, "good", &[Collection::plain("d", "c", people(None))]);
    let other = archive(&folder, "other", &[Collection::plain("otra", "c", people(None))]);
    let error = format!("{:#}", compared(&good, &other, TINY).await.unwrap_err());
    assert!(error.contains("derecha") && error.contains("«d»") && error.contains("otra"), "{error}");
    let Side::Dump(path, _) = Side::parse(&format!("dump:{}/d", folder.path().join("good").display())).unwrap() else {
        panic!()
    };
    let mut bytes = std::fs::read(&path).unwrap();
    let at = bytes.len() - 100;
    bytes[at] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let damaged = compared(&good, &good, TINY).await;
    assert!(damaged.is_err(), "damage is never a difference or, worse, equality");
    let nowhere = canje::backup::diff::Source::of_dump(canje::dump::Source::Path("/nowhere".into()), "d");
    assert!(format!("{:#}", compared(&nowhere, &good, TINY).await.unwrap_err()).contains("/nowhere"));
}

#[tokio::test]
async fn samples_are_bounded_and_counts_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let side = |text: &str| vec![Collection::plain("d", "c", (0..300).map(|n| document(n, text)).collect())];
    let (left, right) = (archive(&folder, "left", &side("a")), archive(&folder, "right", &side("b")));
    let (found, documents) = shown(&left, &right, Limits { run: 7, samples: 5 }).await;
    assert_eq!((found.collections[0].changed, documents.len()), (300, 5));
}
