//! Options, indexes, views, time series and expiry.

use super::*;

async fn listed(test: &TestDb, name: &str) -> Document {
    let database = test.db.client.database(&test.sibling("legacy"));
    let answer = database.run_command(doc! { "listCollections": 1, "filter": { "name": name } }).await.unwrap();
    answer.get_document("cursor").unwrap().get_array("firstBatch").unwrap()[0].as_document().unwrap().clone()
}

async fn indexes(test: &TestDb, name: &str) -> Vec<Document> {
    let database = test.db.client.database(&test.sibling("legacy"));
    let answer = database.run_command(doc! { "listIndexes": name }).await.unwrap();
    let batch = answer.get_document("cursor").unwrap().get_array("firstBatch").unwrap().clone();
    batch.into_iter().map(|index| index.as_document().unwrap().clone()).collect()
}

#[tokio::test]
async fn indexes_arrive_with_all_their_properties() {
    let test = TestDb::new().await;
    let spanish = r#"{"locale":"es","caseLevel":false,"caseFirst":"off","strength":{"$numberInt":"2"},"numericOrdering":false,"alternate":"non-ignorable","maxVariable":"punct","normalization":false,"backwards":false,"version":"57.1"}"#;
    let wanted = [
        r#"{"v":{"$numberInt":"1"},"key":{"a":{"$numberDouble":"1.0"},"b":{"$numberInt":"-1"}},"name":"a_1_b_-1","ns":"old.c","background":true,"sparse":true}"#,
        r#"{"v":{"$numberInt":"2"},"key":{"u":{"$numberInt":"1"}},"name":"u_1","unique":true,"partialFilterExpression":{"u":{"$type":"string"}}}"#,
        r#"{"v":{"$numberInt":"2"},"key":{"h":{"$numberInt":"1"}},"name":"h_1","hidden":true}"#,
        &format!(
            r#"{{"v":{{"$numberInt":"2"}},"key":{{"c":{{"$numberInt":"1"}}}},"name":"c_es","collation":{spanish}}}"#
        ),
        r#"{"v":{"$numberInt":"2"},"key":{"$**":{"$numberInt":"1"}},"name":"any","wildcardProjection":{"w":{"$numberInt":"1"}}}"#,
        r#"{"v":{"$numberInt":"2"},"key":{"g":"2dsphere"},"name":"g_2dsphere","2dsphereIndexVersion":{"$numberInt":"3"}}"#,
        r#"{"v":{"$numberInt":"2"},"key":{"t":{"$numberInt":"1"}},"name":"t_1","expireAfterSeconds":{"$numberInt":"3600"}}"#,
    ];
    import(&test, Dump::of(&test).collection("c", "", &wanted, vec![simple(1, "a")]).source()).await.unwrap();
    let found = indexes(&test, "c").await;
    assert_eq!(found.len(), wanted.len() + 1);
    let named =
        |name: &str| found.iter().find(|index| index.get_str("name").is_ok_and(|found| found == name)).unwrap().clone();
    assert!(named("h_1").get_bool("hidden").unwrap());
    assert!(named("t_1").contains_key("expireAfterSeconds"));
    assert!(named("c_es").contains_key("collation"));
}

#[tokio::test]
async fn options_views_and_series_arrive() {
    let test = TestDb::new().await;
    let pipeline = r#"{"viewOn":"base","pipeline":[{"$match":{"b":{"$numberInt":"1"},"a":{"$numberInt":"2"}}},{"$sort":{"s":{"$numberInt":"1"},"_id":{"$numberInt":"-1"}}}]}"#;
    let series = r#"{"timeseries":{"timeField":"t","metaField":"m","granularity":"minutes","bucketMaxSpanSeconds":{"$numberInt":"86400"}}}"#;
    let own = r#"{"v":{"$numberInt":"2"},"key":{"m":{"$numberInt":"1"},"t":{"$numberInt":"1"}},"name":"m_1_t_1"}"#;
    let dump = Dump::of(&test)
        .namespace("a_view", "view", pipeline, "", vec![])
        .collection("base", r#"{"validator":{"s":{"$exists":true}},"validationLevel":"moderate"}"#, &[], vec![simple(1, "a")])
        .collection("images", r#"{"changeStreamPreAndPostImages":{"enabled":true}}"#, &[], vec![])
        .collection("empty", "", &[], vec![])
        .collection("we ird%/né", "", &[], vec![simple(2, "b")])
        .collection("system.js", "", &[], vec![simple(3, "c")])
        .namespace("series", "timeseries", series, own, vec![])
        .namespace(
            "clustered",
            "collection",
            r#"{"clusteredIndex":{"v":{"$numberInt":"2"},"key":{"_id":{"$numberInt":"1"}},"name":"by id","unique":true}}"#,
            r#"{"v":{"$numberInt":"2"},"key":{"_id":{"$numberInt":"1"}},"name":"by id","unique":true,"clustered":true}"#,
            vec![simple(4, "d")],
        );
    let report = import(&test, dump.source()).await.unwrap();
    let kinds: Vec<(&str, &str)> = report.collections.iter().map(|c| (c.name.as_str(), c.kind)).collect();
    assert_eq!(kinds.len(), 8);
    assert_eq!(kinds[0], ("a_view", "view"));
    assert_eq!(kinds[6], ("series", "timeseries"));
    let view = listed(&test, "a_view").await;
    let stages = view.get_document("options").unwrap().get_array("pipeline").unwrap();
    let first = stages[0].as_document().unwrap().get_document("$match").unwrap();
    assert_eq!(first.keys().collect::<Vec<_>>(), ["b", "a"]);
    assert_eq!(stored(&test, "we ird%/né").await, [simple(2, "b")]);
}

#[tokio::test]
async fn expiry_waits_for_the_proof_and_then_holds() {
    let test = TestDb::new().await;
    let expired = |id| {
        let long_ago = 1_000i64.to_le_bytes();
        Builder::new().int32("_id", id).raw(canje::dump::raw::kind::DATE, b"t", &long_ago).clone().finish()
    };
    let ttl = r#"{"v":{"$numberInt":"2"},"key":{"t":{"$numberInt":"1"}},"name":"t_1","expireAfterSeconds":{"$numberInt":"0"}}"#;
    let documents: Vec<Vec<u8>> = (0..200).map(expired).collect();
    let report = import(&test, Dump::of(&test).collection("c", "", &[ttl], documents).source()).await.unwrap();
    // All of them were expired on arrival, and all were verified before the index came to be.
    assert_eq!(report.collections[0].documents, 200);
    assert!(indexes(&test, "c").await.iter().any(|index| index.contains_key("expireAfterSeconds")));
}

#[tokio::test]
async fn a_collection_that_expires_by_itself_does_so_only_afterwards() {
    let test = TestDb::new().await;
    let series = r#"{"timeseries":{"timeField":"t","granularity":"seconds","bucketMaxSpanSeconds":{"$numberInt":"3600"}},"expireAfterSeconds":{"$numberLong":"86400"}}"#;
    let dump = Dump::of(&test).namespace("series", "timeseries", series, "", vec![]);
    import(&test, dump.source()).await.unwrap();
    let options = listed(&test, "series").await.get_document("options").unwrap().clone();
    assert_eq!(options.get_i64("expireAfterSeconds").unwrap(), 86_400);
}

#[tokio::test]
async fn interleaved_collections_are_told_apart() {
    use canje::dump::{MAGIC, TERMINATOR};

    let test = TestDb::new().await;
    let dump = Dump::of(&test).collection("a", "", &[], vec![]).collection("b", "", &[], vec![]);
    let whole = dump.bytes();
    // Two empty namespaces: their blocks begin after the prelude's terminator.
    let end = whole.windows(4).position(|window| window == TERMINATOR).unwrap() + 4;
    assert!(whole.starts_with(&MAGIC));
    let block = |collection: &str, eof: bool, crc: u64| {
        let mut block = Builder::new();
        block.string("db", &test.sibling("legacy")).string("collection", collection);
        block.boolean("EOF", eof).int64("CRC", crc as i64);
        block.finish()
    };
    let mut bytes = whole[..end].to_vec();
    let mut sums = [canje::dump::Checksum::default(), canje::dump::Checksum::default()];
    for round in 0..50 {
        for (place, name) in ["a", "b"].into_iter().enumerate() {
            let document = simple(round, name);
            sums[place].update(&document);
            bytes.extend(block(name, false, 0));
            bytes.extend(document);
            bytes.extend(TERMINATOR);
        }
    }
    for (place, name) in ["a", "b"].into_iter().enumerate() {
        bytes.extend(block(name, true, sums[place].value()));
        bytes.extend(TERMINATOR);
    }
    let report = import(&test, source(bytes)).await.unwrap();
    assert_eq!(report.collections.iter().map(|c| c.documents).collect::<Vec<_>>(), [50, 50]);
    assert_eq!(stored(&test, "b").await.len(), 50);
}
