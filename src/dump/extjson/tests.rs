use proptest::prelude::*;

use super::{from_raw, to_raw};
use crate::dump::raw::{Builder, kind};

fn round_trip(text: &str) {
    assert_eq!(from_raw(&to_raw(text).unwrap()).unwrap(), text);
}

#[test]
fn canonical_text_comes_back_as_it_was() {
    for text in [
        "{}",
        r#"{"b":{"$numberInt":"1"},"a":{"$numberInt":"-2"},"b":{"$numberLong":"1"}}"#,
        r#"{"d":[{"$numberDouble":"1.0"},{"$numberDouble":"-0.0"},{"$numberDouble":"NaN"},{"$numberDouble":"-Infinity"}]}"#,
        r#"{"d":[{"$numberDouble":"1E+21"},{"$numberDouble":"1.5E-07"},{"$numberDouble":"0.1"}]}"#,
        r#"{"d":[{"$numberDecimal":"1.10"},{"$numberDecimal":"-0E+3"},{"$numberDecimal":"NaN"}]}"#,
        r#"{"$regex":"^a","$options":"i","$ref":"x","$id":{"$oid":"6b025b6930724c538e52c6fe"}}"#,
        r#"{"r":{"$regularExpression":{"pattern":"a\"b","options":"xi"}}}"#,
        r#"{"b":{"$binary":{"base64":"AQID","subType":"02"}},"c":{"$binary":{"base64":"","subType":"80"}}}"#,
        r#"{"t":{"$timestamp":{"t":4294967295,"i":7}},"d":{"$date":{"$numberLong":"-62135596800001"}}}"#,
        r#"{"c":{"$code":"f()"},"s":{"$code":"g","$scope":{"x":{"$numberInt":"1"}}},"y":{"$symbol":"z"}}"#,
        r#"{"p":{"$dbPointer":{"$ref":"a.b","$id":{"$oid":"6b025b6930724c538e52c6fe"}}},"u":{"$undefined":true}}"#,
        r#"{"m":{"$minKey":1},"M":{"$maxKey":1},"n":null,"t":true,"f":false,"":""}"#,
        r#"{"s":"\u0000\u001f\b\f\n\r\t\"\\\u2028é😀</script>"}"#,
    ] {
        round_trip(text);
    }
}

#[test]
fn relaxed_text_is_read() {
    let relaxed = to_raw(r#" {"a": 1, "b": 2147483648, "c": 1.5, "d": {"$date": "1970-01-01T00:00:01Z"}} "#).unwrap();
    let canonical = r#"{"a":{"$numberInt":"1"},"b":{"$numberLong":"2147483648"},"c":{"$numberDouble":"1.5"},"d":{"$date":{"$numberLong":"1000"}}}"#;
    assert_eq!(from_raw(&relaxed).unwrap(), canonical);
    let uuid = to_raw(r#"{"u":{"$uuid":"6b025b69-3072-4c53-8e52-c6fe6b025b69"}}"#).unwrap();
    assert_eq!(from_raw(&uuid).unwrap(), r#"{"u":{"$binary":{"base64":"awJbaTByTFOOUsb+awJbaQ==","subType":"04"}}}"#);
}

#[test]
fn refuses_what_is_not_extended_json() {
    for text in [
        "",
        "[]",
        "{",
        r#"{"a":1}x"#,
        r#"{"a":01}"#,
        r#"{"a":"\ud800"}"#,
        "{\"a\":\"\u{1}\"}",
        r#"{"a\u0000":1}"#,
        r#"{"a":{"$numberInt":"2147483648"}}"#,
        r#"{"a":{"$numberInt":1}}"#,
        r#"{"a":{"$numberDouble":"inf"}}"#,
        r#"{"a":{"$oid":"12"}}"#,
        r#"{"a":{"$oid":"6b025b6930724c538e52c6fe","x":1}}"#,
        r#"{"a":{"$binary":{"base64":"?","subType":"00"}}}"#,
        r#"{"a":{"$minKey":2}}"#,
        r#"{"a":1e999}"#,
    ] {
        assert!(to_raw(text).is_err(), "{text}");
    }
    let deep = format!("{}{}{}", r#"{"a":"#.repeat(100_000), "1", "}".repeat(100_000));
    assert!(to_raw(&deep).is_err());
}

fn value(depth: u32) -> BoxedStrategy<(u8, Vec<u8>)> {
    let text = || "\\PC{0,6}|[\u{0}-\u{1f}\"\\\\]{0,4}";
    let scalar = prop_oneof![
        any::<i32>().prop_map(|v| (kind::INT32, v.to_le_bytes().to_vec())),
        any::<i64>().prop_map(|v| (kind::INT64, v.to_le_bytes().to_vec())),
        any::<i64>().prop_map(|v| (kind::DATE, v.to_le_bytes().to_vec())),
        any::<u64>().prop_map(|v| (kind::TIMESTAMP, v.to_le_bytes().to_vec())),
        // NaN payloads are the one thing canonical text can't carry.
        any::<f64>().prop_filter("NaN", |v| !v.is_nan()).prop_map(|v| (kind::DOUBLE, v.to_le_bytes().to_vec())),
        any::<[u8; 12]>().prop_map(|v| (kind::OBJECT_ID, v.to_vec())),
        any::<bool>().prop_map(|v| (kind::BOOLEAN, vec![v.into()])),
        text().prop_map(|v| (kind::STRING, super::super::raw::string_value(&v))),
        text().prop_map(|v| (kind::SYMBOL, super::super::raw::string_value(&v))),
        text().prop_map(|v| (kind::CODE, super::super::raw::string_value(&v))),
        (any::<u8>().prop_filter("old", |s| *s != 2), proptest::collection::vec(any::<u8>(), 0..9)).prop_map(
            |(subtype, data)| {
                let mut bytes = (data.len() as u32).to_le_bytes().to_vec();
                bytes.push(subtype);
                bytes.extend(data);
                (kind::BINARY, bytes)
            }
        ),
        Just((kind::NULL, vec![])),
        Just((kind::UNDEFINED, vec![])),
        Just((kind::MIN_KEY, vec![])),
        Just((kind::MAX_KEY, vec![])),
    ];
    if depth == 0 {
        return scalar.boxed();
    }
    let items = proptest::collection::vec(value(depth - 1), 0..4).prop_map(|items| {
        let mut builder = Builder::new();
        for (position, (kind, value)) in items.iter().enumerate() {
            builder.raw(*kind, position.to_string().as_bytes(), value);
        }
        (kind::ARRAY, builder.finish())
    });
    prop_oneof![4 => scalar, 1 => items, 1 => document(depth - 1).prop_map(|d| (kind::DOCUMENT, d))].boxed()
}

/// Documents with repeated, empty and odd names; names that begin like a type wrapper are what text can't tell apart.
fn document(depth: u32) -> BoxedStrategy<Vec<u8>> {
    proptest::collection::vec(("[a-c]|\\PC{0,5}", value(depth)), 0..5)
        .prop_filter("wrapper names", |members| !members.iter().any(|(name, _)| name.starts_with('$')))
        .prop_map(|members| {
            let mut builder = Builder::new();
            for (name, (kind, value)) in &members {
                builder.raw(*kind, name.as_bytes(), value);
            }
            builder.finish()
        })
        .boxed()
}

proptest! {
    #[test]
    fn bytes_to_text_to_bytes_is_the_identity(bytes in document(3)) {
        let text = from_raw(&bytes).unwrap();
        prop_assert_eq!(to_raw(&text).unwrap(), bytes);
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in "[\\[\\]{}:,\"$a-c0-9.\\\\-]{0,40}") {
        let _ = to_raw(&text);
    }
}
