//! Two versions of a document, field by field.

use bson::{RawDocumentBuf, doc};
use canje::backup::diff::{Change, Differ, FieldDiff};
use canje::dump::raw::{Builder, kind};

use super::double;

fn raw(document: &bson::Document) -> Vec<u8> {
    RawDocumentBuf::try_from(document).unwrap().into_bytes()
}

fn differences(collection: &str, left: &[u8], right: &[u8]) -> Vec<FieldDiff> {
    let (fields, more) = Differ::new(collection).compare(Some(left), Some(right));
    assert_eq!(more, 0);
    fields
}

/// `path change left→right`, with types.
fn told(fields: &[FieldDiff]) -> Vec<String> {
    let side = |of: &Option<String>, value: &Option<String>| {
        format!("{}{}", of.clone().map(|of| format!("{of} ")).unwrap_or_default(), value.clone().unwrap_or("—".into()))
    };
    fields
        .iter()
        .map(|one| {
            let (left, right) = (side(&one.left_type, &one.left), side(&one.right_type, &one.right));
            format!("{} {:?} {left} → {right}", one.path, one.change)
        })
        .collect()
}

#[test]
fn values_types_and_what_only_one_side_has() {
    let left = raw(&doc! { "_id": 1, "status": "a", "n": 1, "gone": true, "deep": { "list": [1, { "x": 1_i64 }] } });
    let right =
        raw(&doc! { "_id": 1, "status": "b", "n": 1.0, "deep": { "list": [1, { "x": 1 }] }, "new": { "a": 1 } });
    assert_eq!(
        told(&differences("orders", &left, &right)),
        [
            r#"status Value string "a" → string "b""#,
            r#"n Type int32 {"$numberInt":"1"} → double {"$numberDouble":"1.0"}"#,
            "gone Removed bool true → —",
            r#"deep.list.1.x Type int64 {"$numberLong":"1"} → int32 {"$numberInt":"1"}"#,
            r#"new.a Added — → int32 {"$numberInt":"1"}"#,
        ]
    );
}

#[test]
fn order_repeated_names_and_bytes_that_no_field_shows() {
    let left = raw(&doc! { "_id": 1, "a": 1, "b": { "x": 1, "y": 2 } });
    let right = raw(&doc! { "_id": 1, "b": { "y": 2, "x": 1 }, "a": 1 });
    assert_eq!(told(&differences("orders", &left, &right)), ["b Order x, y → y, x", " Order _id, a, b → _id, b, a"]);
    let twice = Builder::new().int32("_id", 1).int32("a", 1).int32("a", 2).clone().finish();
    let once = Builder::new().int32("_id", 1).int32("a", 1).clone().finish();
    assert_eq!(told(&differences("orders", &twice, &once)), [r#"a#2 Repeated int32 {"$numberInt":"2"} → —"#]);
    assert_eq!(told(&differences("orders", &once, &twice)), [r#"a#2 Repeated — → int32 {"$numberInt":"2"}"#]);
    let swapped = Builder::new().int32("_id", 1).int32("a", 2).int32("a", 1).clone().finish();
    let changes: Vec<_> = differences("orders", &twice, &swapped).iter().map(|one| one.change).collect();
    assert_eq!(changes, [Change::Value, Change::Value]);
    // A list whose keys aren't 0, 1, 2 …
    let list = |key: &str| Builder::new().array("l", &Builder::new().int32(key, 1).clone().finish()).clone().finish();
    assert_eq!(differences("orders", &list("0"), &list("7")).len(), 2);
    // Bytes without a meaning of their own.
    let mut broken = raw(&doc! { "_id": 1, "n": { "a": 1 } });
    let at = broken.len() - 8;
    broken[at] ^= 0x40;
    let fields = differences("orders", &raw(&doc! { "_id": 1, "n": { "a": 1 } }), &broken);
    assert!(!fields.is_empty(), "a difference always shows");
}

#[test]
fn what_is_hidden_stays_hidden() {
    let left = raw(&doc! {
        "_id": "ana@example.com", "email": "ana@example.com", "password_hash": "$2b$12$secret-one",
        "mfa_recovery_codes": ["AAAA"], "extra": { "token": { "value": "tok-1" }, "note": "llamar al 0981123456" },
        "by_mail": { "ana@example.com": 1 },
    });
    let right = raw(&doc! {
        "_id": "ana@example.com", "email": "eva@example.com", "password_hash": "$2b$12$secret-two",
        "mfa_recovery_codes": ["BBBB", "CCCC"], "extra": { "token": { "value": "tok-2" }, "note": "llamar al 0981654321" },
        "by_mail": { "eva@example.com": 1 }, "session_data": { "cookie": "c-3" },
    });
    let fields = differences("users", &left, &right);
    let all = format!("{fields:?}") + &Differ::new("users").id(&left);
    for hidden in ["ana@", "eva@", "secret-", "AAAA", "BBBB", "CCCC", "tok-", "0981", "c-3"] {
        assert!(!all.contains(hidden), "{hidden}: {all}");
    }
    let paths: Vec<_> = fields.iter().map(|one| one.path.as_str()).collect();
    for path in ["email", "password_hash", "mfa_recovery_codes", "extra.token", "extra.note"] {
        assert!(paths.contains(&path), "{path} differs and is said: {paths:?}");
    }
}

#[test]
fn what_is_long_is_cut_and_what_is_much_is_counted() {
    let many = |value: i32| {
        let mut document = doc! { "_id": 1 };
        document.extend((0..150).map(|n| (format!("f{n}"), value.into())));
        raw(&document)
    };
    let (fields, more) = Differ::new("orders").compare(Some(&many(1)), Some(&many(2)));
    assert_eq!((fields.len(), more), (100, 50));
    let long = |end: &str| raw(&doc! { "status": "x".repeat(5_000) + end });
    let cut = differences("orders", &long("a"), &long("b"));
    assert!(cut[0].left.as_ref().unwrap().ends_with('…') && cut[0].left.as_ref().unwrap().chars().count() == 301);
    let mut deep = [Builder::new().int32("x", 1).clone().finish(), Builder::new().int32("x", 2).clone().finish()];
    for _ in 0..200 {
        deep = deep.map(|inner| Builder::new().document("d", &inner).clone().finish());
    }
    assert_eq!(differences("orders", &deep[0], &deep[1]).len(), 1);
}

#[test]
fn a_document_of_one_side_is_all_its_fields() {
    let (of, value) = double(f64::NAN);
    let odd =
        Builder::new().int32("_id", 1).raw(of, b"nan", &value).raw(kind::ARRAY, b"none", &[5, 0, 0, 0, 0]).clone();
    let (fields, _) = Differ::new("orders").compare(None, Some(&odd.finish()));
    assert_eq!(
        told(&fields),
        [
            r#"_id Added — → int32 {"$numberInt":"1"}"#,
            r#"nan Added — → double {"$numberDouble":"NaN"}"#,
            "none Added — → array […] 0 elementos",
        ]
    );
}
