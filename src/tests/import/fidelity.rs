//! Documents of every type and oddity, compared byte for byte after a trip through the server.

use canje::dump::raw::kind;

use super::*;

fn text(value: &str) -> Vec<u8> {
    let mut bytes = (value.len() as u32 + 1).to_le_bytes().to_vec();
    bytes.extend(value.as_bytes());
    bytes.push(0);
    bytes
}

fn binary(subtype: u8, data: &[u8]) -> Vec<u8> {
    let mut bytes = (data.len() as u32).to_le_bytes().to_vec();
    bytes.push(subtype);
    bytes.extend(data);
    bytes
}

/// One value of every type, with the corners that decoding loses.
fn values() -> Vec<(u8, Vec<u8>)> {
    let double = |bits: u64| (kind::DOUBLE, bits.to_le_bytes().to_vec());
    let decimal = |bytes: u128| (kind::DECIMAL128, bytes.to_le_bytes().to_vec());
    let date = |millis: i64| (kind::DATE, millis.to_le_bytes().to_vec());
    let empty = Builder::new().finish();
    let odd_array = Builder::new().int32("7", 1).int32("x", 2).int32("7", 3).clone().finish();
    let scope = {
        let code = text("f()");
        let length = (4 + code.len() + empty.len()) as u32;
        [&length.to_le_bytes()[..], &code, &empty].concat()
    };
    let mut values = vec![
        double(1.0f64.to_bits()),
        double((-0.0f64).to_bits()),
        double(f64::INFINITY.to_bits()),
        double(f64::NEG_INFINITY.to_bits()),
        double(0x7ff8_0000_0000_0000),
        double(0xfff8_0000_0000_0001),
        double(0x7ff0_0000_dead_beef),
        (kind::INT32, 1i32.to_le_bytes().to_vec()),
        (kind::INT64, 1i64.to_le_bytes().to_vec()),
        (kind::INT64, i64::MIN.to_le_bytes().to_vec()),
        decimal(0x3040_0000_0000_0000_0000_0000_0000_0001),
        decimal(0x303c_0000_0000_0000_0000_0000_0000_006e),
        decimal(0x303e_0000_0000_0000_0000_0000_0000_000b),
        decimal(0xb046_0000_0000_0000_0000_0000_0000_0000),
        decimal(0x7e00_0000_0000_0000_0000_0000_0000_0000),
        decimal(0xf800_0000_0000_0000_0000_0000_0000_0000),
        date(0),
        date(-62_135_596_800_001),
        date(i64::MIN),
        date(i64::MAX),
        (kind::TIMESTAMP, u64::MAX.to_le_bytes().to_vec()),
        (kind::STRING, text("")),
        (kind::STRING, text("nul\0inside, ñandú 😀")),
        (kind::SYMBOL, text("symbol")),
        (kind::CODE, text("function () {}")),
        (kind::CODE_WITH_SCOPE, scope),
        (kind::REGEX, b"^a\0xmi\0".to_vec()),
        (kind::REGEX, b"\0\0".to_vec()),
        (kind::DB_POINTER, [text("d.c"), vec![7; 12]].concat()),
        (kind::OBJECT_ID, vec![0xff; 12]),
        (kind::BOOLEAN, vec![0]),
        (kind::BOOLEAN, vec![1]),
        (kind::NULL, vec![]),
        (kind::UNDEFINED, vec![]),
        (kind::MIN_KEY, vec![]),
        (kind::MAX_KEY, vec![]),
        (kind::ARRAY, odd_array),
        (kind::ARRAY, empty.clone()),
        (kind::DOCUMENT, empty),
        (kind::BINARY, [&9u32.to_le_bytes()[..], &[2], &5u32.to_le_bytes(), b"inner"].concat()),
    ];
    for subtype in [0, 1, 3, 4, 5, 6, 7, 8, 9, 0x80, 0xff] {
        values.push((kind::BINARY, binary(subtype, &[subtype; 16])));
    }
    values
}

/// Documents that decoding into a map would change, and others that are only unusual.
pub fn corpus() -> Vec<Vec<u8>> {
    let mut documents = Vec::new();
    for (number, (kind, value)) in values().iter().enumerate() {
        let mut document = Builder::new();
        document.int32("_id", number as i32).raw(*kind, b"v", value);
        let inner = Builder::new().raw(*kind, b"deep", value).clone().finish();
        document.document("n", &inner);
        documents.push(document.finish());
    }
    let id = |number: i32| Builder::new().int32("_id", number).clone();
    documents.push(id(1000).int32("a", 1).int32("a", 2).string("a", "x").clone().finish());
    documents
        .push(id(1001).document("n", &Builder::new().int32("b", 1).int32("b", 2).clone().finish()).clone().finish());
    documents.push(id(1002).string("", "empty name").string("a.b", "dots").string("$set", "dollar").clone().finish());
    let mut nested = Builder::new().finish();
    for _ in 0..90 {
        nested = Builder::new().document("d", &nested).clone().finish();
    }
    documents.push(id(1004).document("d", &nested).clone().finish());
    documents.push(id(1005).raw(kind::TIMESTAMP, b"ts", &[0; 8]).string("s", "empty timestamp").clone().finish());
    let inner = Builder::new().raw(kind::TIMESTAMP, b"ts", &[0; 8]).clone().finish();
    documents.push(id(1006).document("nested", &inner).int32("b", 1).int32("b", 2).clone().finish());
    documents.push(id(1007).string("big", &"x".repeat(3_000_000)).clone().finish());
    // `_id` of other types.
    let sub = Builder::new().int32("b", 1).int32("a", 2).clone().finish();
    let ids = [
        (kind::NULL, vec![]),
        (kind::MIN_KEY, vec![]),
        (kind::DOUBLE, f64::NAN.to_le_bytes().to_vec()),
        (kind::TIMESTAMP, vec![0; 8]),
        (kind::DOCUMENT, sub),
        (kind::STRING, text("ñ")),
        (kind::BINARY, binary(4, &[9; 16])),
        (kind::DATE, (-1i64).to_le_bytes().to_vec()),
    ];
    for (kind, value) in ids {
        documents.push(Builder::new().raw(kind, b"_id", &value).int32("x", 1).clone().finish());
    }
    documents
}

#[tokio::test]
async fn every_type_and_oddity_comes_back_byte_for_byte() {
    let test = TestDb::new().await;
    let documents = corpus();
    let report = import(&test, Dump::of(&test).collection("odd", "", &[], documents.clone()).source()).await.unwrap();
    assert_eq!(report.collections[0].documents, documents.len() as u64);
    let mut found = stored(&test, "odd").await;
    let mut wanted = documents;
    found.sort();
    wanted.sort();
    assert_eq!(found.len(), wanted.len());
    for (found, wanted) in found.iter().zip(&wanted) {
        assert_eq!(hex::encode(&found[..found.len().min(200)]), hex::encode(&wanted[..wanted.len().min(200)]));
        assert!(found == wanted);
    }
}

#[tokio::test]
async fn a_capped_collection_keeps_its_order() {
    let test = TestDb::new().await;
    let mut documents: Vec<Vec<u8>> = (0..500).rev().map(|id| simple(id, "capped")).collect();
    // One that goes another way must not jump the queue.
    documents[250] = Builder::new().int32("_id", 249).raw(kind::TIMESTAMP, b"t", &[0; 8]).clone().finish();
    let options = r#"{"capped":true,"size":{"$numberInt":"1048576"},"max":{"$numberInt":"1000"}}"#;
    import(&test, Dump::of(&test).collection("log", options, &[], documents.clone()).source()).await.unwrap();
    assert_eq!(stored(&test, "log").await, documents);
}

#[tokio::test]
async fn documents_that_break_their_own_validator_are_kept() {
    let test = TestDb::new().await;
    let options =
        r#"{"validator":{"$jsonSchema":{"required":["never"]}},"validationLevel":"strict","validationAction":"error"}"#;
    import(&test, Dump::of(&test).collection("strict", options, &[], vec![simple(1, "a")]).source()).await.unwrap();
    assert_eq!(stored(&test, "strict").await, [simple(1, "a")]);
}
