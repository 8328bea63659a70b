use bson::spec::BinarySubtype;
use bson::{Binary, Bson, DateTime, Decimal128, RawDocumentBuf, Regex, Timestamp, doc, oid::ObjectId};
use proptest::prelude::*;

use super::*;

fn key(value: impl Into<Bson>) -> Key {
    let document = RawDocumentBuf::try_from(&doc! { "v": value.into() }).unwrap();
    Key::of(&find(document.as_bytes(), "v").unwrap())
}

fn decimal(text: &str) -> Bson {
    Bson::Decimal128(text.parse::<Decimal128>().unwrap())
}

fn binary(bytes: &[u8], subtype: u8) -> Bson {
    Bson::Binary(Binary { subtype: BinarySubtype::from(subtype), bytes: bytes.to_vec() })
}

/// Groups of equal values, in ascending order.
fn ladder() -> Vec<Vec<Key>> {
    let one = |value: Bson| vec![key(value)];
    let text = |value: &str| vec![key(value), key(Bson::Symbol(value.into()))];
    vec![
        one(Bson::MinKey),
        one(Bson::Undefined),
        one(Bson::Null),
        vec![key(f64::NAN), key(-f64::NAN), key(decimal("NaN"))],
        vec![key(f64::NEG_INFINITY), key(decimal("-Infinity"))],
        one(decimal("-1E+6000")),
        one(f64::MIN.into()),
        vec![key(i64::MIN), key(-9_223_372_036_854_775_808.0)],
        vec![key(i64::MIN + 1)],
        vec![key(-1), key(-1.0), key(decimal("-1.000"))],
        one((-f64::from_bits(1)).into()),
        one(decimal("-1E-6000")),
        vec![key(0), key(0_i64), key(0.0), key(-0.0), key(decimal("0")), key(decimal("-0E+3"))],
        one(decimal("1E-6000")),
        one(f64::from_bits(1).into()),
        one(decimal("0.1")),
        one(0.1.into()),
        one(decimal("0.1000000000000000055511151231257828")),
        vec![key(1), key(1_i64), key(1.0), key(decimal("1")), key(decimal("1.00"))],
        vec![key(decimal("1.1")), key(decimal("1.10"))],
        one(1.1.into()),
        vec![key(9_007_199_254_740_992_i64), key(9_007_199_254_740_992.0)],
        one(9_007_199_254_740_993_i64.into()),
        one(i64::MAX.into()),
        vec![key(9_223_372_036_854_775_808.0), key(decimal("9223372036854775808"))],
        one(f64::MAX.into()),
        one(decimal("1E+6000")),
        vec![key(f64::INFINITY), key(decimal("Infinity"))],
        text(""),
        text("A"),
        text("a"),
        text("a\0b"),
        text("ab"),
        text("á"),
        text("\u{ffff}"),
        text("😀"),
        one(doc! {}.into()),
        one(doc! { "a": Bson::Null }.into()),
        vec![key(doc! { "a": 1 }), key(doc! { "a": 1.0 })],
        one(doc! { "a": 1, "b": 1 }.into()),
        one(doc! { "a": 2 }.into()),
        one(doc! { "b": 0 }.into()),
        one(doc! { "a": "x" }.into()),
        one(doc! { "a": [1] }.into()),
        one(doc! { "a": [1, 1] }.into()),
        one(doc! { "a": [2] }.into()),
        one(Bson::Array(vec![])),
        one(Bson::Array(vec![1.into()])),
        one(binary(b"", 0)),
        one(binary(b"b", 0)),
        one(binary(b"a", 5)),
        one(binary(b"aa", 0)),
        one(ObjectId::from_bytes([0; 12]).into()),
        one(ObjectId::from_bytes([255; 12]).into()),
        one(false.into()),
        one(true.into()),
        one(DateTime::from_millis(i64::MIN).into()),
        one(DateTime::from_millis(-1).into()),
        one(DateTime::from_millis(0).into()),
        one(Bson::Timestamp(Timestamp { time: 0, increment: 1 })),
        one(Bson::Timestamp(Timestamp { time: 1, increment: 0 })),
        one(Bson::Timestamp(Timestamp { time: u32::MAX, increment: 0 })),
        one(Bson::RegularExpression(Regex { pattern: "a".try_into().unwrap(), options: "".try_into().unwrap() })),
        one(Bson::RegularExpression(Regex { pattern: "a".try_into().unwrap(), options: "i".try_into().unwrap() })),
        one(Bson::RegularExpression(Regex { pattern: "ab".try_into().unwrap(), options: "".try_into().unwrap() })),
        one(Bson::JavaScriptCode("x".into())),
        one(Bson::JavaScriptCodeWithScope(bson::JavaScriptCodeWithScope { code: "a".into(), scope: doc! {} })),
        one(Bson::JavaScriptCodeWithScope(bson::JavaScriptCodeWithScope { code: "a".into(), scope: doc! { "a": 1 } })),
        one(Bson::MaxKey),
    ]
}

#[test]
fn every_pair_of_the_ladder_compares_as_the_server_does() {
    let ladder = ladder();
    for (i, lower) in ladder.iter().enumerate() {
        for (j, higher) in ladder.iter().enumerate() {
            for a in lower {
                for b in higher {
                    assert_eq!(a.cmp(b), i.cmp(&j), "{a:?} against {b:?}");
                }
            }
        }
    }
}

#[test]
fn paths_end_at_arrays_and_miss_as_null() {
    let document = doc! { "a": { "b": 1, "list": [1] }, "list": [{ "x": 1 }], "n": 1 };
    let document = RawDocumentBuf::try_from(&document).unwrap();
    let at = |path| at_path(document.as_bytes(), path).map(|value| value.kind);
    assert_eq!(at("a.b"), Some(kind::INT32));
    assert_eq!(at("a.c"), Some(kind::NULL));
    assert_eq!(at("n.b"), Some(kind::NULL));
    assert_eq!(at("nothing"), Some(kind::NULL));
    assert_eq!(at("list"), None);
    assert_eq!(at("list.x"), None);
    assert_eq!(at("a.list"), None);
}

fn number() -> impl Strategy<Value = Bson> {
    prop_oneof![
        any::<i32>().prop_map(Bson::from),
        any::<i64>().prop_map(Bson::from),
        any::<f64>().prop_map(Bson::from),
        (-3i64..3).prop_map(Bson::from),
        (-3i32..3).prop_map(|n| Bson::from(f64::from(n) / 2.0)),
        (-3i64..3).prop_map(|n| Bson::from(n + (1 << 53))),
        (-3i64..3).prop_map(|n| Bson::from((n + (1 << 53)) as f64)),
        any::<i64>().prop_map(|n| decimal(&n.to_string())),
        (any::<i64>(), -40i32..40).prop_map(|(n, e)| decimal(&format!("{n}E{e}"))),
        any::<f64>().prop_filter("finite", |n| n.is_finite()).prop_map(|n| decimal(&format!("{n:e}"))),
        any::<[u8; 16]>().prop_map(|bytes| Bson::Decimal128(Decimal128::from_bytes(bytes))),
    ]
}

fn value() -> impl Strategy<Value = Bson> {
    let leaf = prop_oneof![
        4 => number(),
        1 => "[ab\\x00é]{0,3}".prop_map(Bson::from),
        1 => any::<bool>().prop_map(Bson::from),
        1 => any::<i64>().prop_map(|at| Bson::from(DateTime::from_millis(at))),
        1 => (any::<u32>(), any::<u32>()).prop_map(|(time, increment)| Bson::Timestamp(Timestamp { time, increment })),
        1 => (proptest::collection::vec(any::<u8>(), 0..3), 0u8..2).prop_map(|(bytes, of)| binary(&bytes, of)),
        1 => prop_oneof![Just(Bson::MinKey), Just(Bson::MaxKey), Just(Bson::Null), Just(Bson::Undefined)],
        1 => any::<[u8; 12]>().prop_map(|bytes| ObjectId::from_bytes(bytes).into()),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(("[ab]", inner.clone()), 0..3)
                .prop_map(|fields| Bson::Document(fields.into_iter().collect())),
            proptest::collection::vec(inner, 0..3).prop_map(Bson::Array),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_order_is_total(a in value(), b in value(), c in value()) {
        let (a, b, c) = (key(a), key(b), key(c));
        prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
        prop_assert_eq!(a.cmp(&a), Ordering::Equal);
        if a <= b && b <= c {
            prop_assert!(a <= c);
        }
        if a == b {
            prop_assert_eq!(a.cmp(&c), b.cmp(&c));
        }
    }

    #[test]
    fn numbers_are_ordered_across_types(a in number(), b in number(), c in number()) {
        let (a, b, c) = (key(a), key(b), key(c));
        prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
        let mut sorted = [&a, &b, &c];
        sorted.sort();
        prop_assert!(sorted[0] <= sorted[2]);
    }
}
