//! What the connected server can't hold, and what must not be written over: refused before the first write.

use canje::dump::raw::kind;
use canje::import::Cause;

use super::*;

/// Imports and expects a refusal that wrote nothing; gives what stood in the way.
async fn refused(test: &TestDb, dump: Dump) -> Vec<(String, String)> {
    refused_source(test, dump.source()).await
}

async fn refused_source(test: &TestDb, source: Source) -> Vec<(String, String)> {
    let failure = import(test, source).await.expect_err("this dump must be refused");
    assert_eq!(failure.unfinished, Vec::<String>::new());
    assert_eq!(databases(test).await, Vec::<String>::new(), "nothing may be written");
    let Cause::Refused(refusals) = failure.cause else { panic!("{failure}") };
    refusals.into_iter().map(|refusal| (refusal.namespace, refusal.feature)).collect()
}

#[tokio::test]
async fn text_and_hashed_indexes_are_named() {
    let test = TestDb::new().await;
    let text = r#"{"v":{"$numberInt":"2"},"key":{"_fts":"text","_ftsx":{"$numberInt":"1"}},"name":"s_text","weights":{"s":{"$numberInt":"1"}},"default_language":"spanish","language_override":"language","textIndexVersion":{"$numberInt":"3"}}"#;
    let hashed = r#"{"v":{"$numberInt":"2"},"key":{"s":"hashed"},"name":"s_hashed"}"#;
    let dump = || {
        Dump::of(&test)
            .collection("posts", "", &[text], vec![simple(1, "a")])
            .collection("shards", "", &[hashed], vec![simple(1, "a")])
            .collection("plain", "", &[], vec![simple(1, "a")])
    };
    let refusals = refused(&test, dump()).await;
    assert_eq!(refusals.len(), 2, "{refusals:?}");
    assert!(refusals[0].0.ends_with(".posts") && refusals[0].1.contains("text"), "{refusals:?}");
    assert!(refusals[1].0.ends_with(".shards") && refusals[1].1.contains("hashed"), "{refusals:?}");

    // With both left out by name the rest is imported, and the report says what was left out and why.
    let legacy = test.sibling("legacy");
    let options = Options {
        map: Vec::new(),
        skip: vec![
            format!("{legacy}.posts.$s_text=the search has its own index").parse().unwrap(),
            format!("{legacy}.shards=never used").parse().unwrap(),
        ],
    };
    let report = import_with(&test, dump().source(), &options).await.unwrap();
    let names: Vec<&str> = report.collections.iter().map(|c| c.name.as_str()).collect();
    assert_eq!(names, ["posts", "plain"]);
    let skipped: Vec<(String, String)> =
        report.skipped.into_iter().map(|skipped| (skipped.namespace, skipped.reason)).collect();
    let expected = [
        (format!("{legacy}.shards"), "never used".to_owned()),
        (format!("{legacy}.posts.$s_text"), "the search has its own index".to_owned()),
    ];
    assert_eq!(skipped, expected);
}

#[tokio::test]
async fn buckets_of_a_time_series_are_named() {
    let test = TestDb::new().await;
    let series =
        r#"{"timeseries":{"timeField":"t","granularity":"seconds","bucketMaxSpanSeconds":{"$numberInt":"3600"}}}"#;
    let refusals =
        refused(&test, Dump::of(&test).namespace("s", "timeseries", series, "", vec![simple(1, "bucket")])).await;
    assert_eq!(refusals.len(), 1);
    assert!(refusals[0].1.contains("serie temporal"), "{refusals:?}");
}

#[tokio::test]
async fn documents_the_server_can_not_hold_are_named() {
    let test = TestDb::new().await;
    let utf8 = Builder::new().string("_id", "bad text").raw(kind::STRING, b"s", b"\x02\0\0\0\xff\0").clone().finish();
    let old =
        Builder::new().string("_id", "bad old binary").raw(kind::BINARY, b"b", b"\x02\0\0\0\x02ab").clone().finish();
    let none = Builder::new().string("s", "no id").clone().finish();
    let regex = Builder::new().raw(kind::REGEX, b"_id", b"a\0\0").clone().finish();
    let both = Builder::new().int32("_id", 1).int32("_id", 2).clone().finish();
    let last = Builder::new().string("s", "first").int32("_id", 1).clone().finish();
    let fragile =
        Builder::new().int32("_id", 5).raw(kind::TIMESTAMP, b"t", &[0; 8]).int32("a", 1).int32("a", 2).clone().finish();
    for (name, document, word) in [
        ("utf8", utf8, "bad text"),
        ("old", old, "bad old binary"),
        ("none", none, "sin _id"),
        ("regex", regex, "tipo"),
        ("both", both, "más de un _id"),
        ("last", last, "no va primero"),
        ("fragile", fragile, "vacía"),
    ] {
        let documents = vec![simple(7, "good"), document];
        let refusals = refused(&test, Dump::of(&test).collection(name, "", &[], documents)).await;
        assert_eq!(refusals.len(), 1, "{refusals:?}");
        assert!(refusals[0].0.ends_with(name) && refusals[0].1.contains(word), "{refusals:?}");
    }
}

#[tokio::test]
async fn an_oplog_with_changes_is_refused_and_a_quiet_one_reported() {
    let test = TestDb::new().await;
    let entry = |op: &str| Builder::new().string("op", op).clone().finish();
    let dump = |ops: &[&str]| {
        let entries = ops.iter().map(|op| entry(op)).collect();
        Dump::of(&test).collection("c", "", &[], vec![simple(1, "a")]).oplog(entries)
    };
    let refusals = refused(&test, dump(&["n", "i"])).await;
    assert_eq!(refusals[0].0, "oplog");
    let report = import(&test, dump(&["n", "n"]).source()).await.unwrap();
    assert_eq!(report.skipped[0].namespace, "oplog");
}

#[tokio::test]
async fn a_database_that_exists_is_never_touched() {
    let test = TestDb::new().await;
    let legacy = test.sibling("legacy");
    test.db.client.database(&legacy).collection("mine").insert_one(doc! { "_id": 1 }).await.unwrap();
    let dump = Dump::of(&test).collection("c", "", &[], vec![simple(1, "a")]);
    let failure = import(&test, dump.source()).await.unwrap_err();
    assert!(matches!(&failure.cause, Cause::Exists { database } if *database == legacy), "{failure}");
    let names = test.db.client.database(&legacy).list_collection_names().await.unwrap();
    assert_eq!(names, ["mine"]);
    assert!(record(&test).await.is_none());
    // Nor can it be discarded: no import is on record for it.
    let failure = service::discard(&test.db, &legacy).await.unwrap_err();
    assert!(matches!(failure.cause, Cause::NotDiscardable { .. }));
    assert_eq!(databases(&test).await, [legacy]);
}

#[tokio::test]
async fn the_live_database_is_no_target_and_never_discarded() {
    let test = TestDb::new().await;
    let dump = Dump::of(&test).collection("c", "", &[], vec![simple(1, "a")]);
    let map = format!("{}={}", test.sibling("legacy"), test.name()).parse().unwrap();
    let options = Options { map: vec![map], skip: vec![] };
    let failure = import_with(&test, dump.source(), &options).await.unwrap_err();
    assert!(matches!(failure.cause, Cause::Refused(_)), "{failure}");
    for name in [test.name(), "admin", "local", "config", "../x", ""] {
        let failure = service::discard(&test.db, name).await.unwrap_err();
        assert!(matches!(failure.cause, Cause::NotDiscardable { .. }), "{name}");
    }
}
