use bson::{Bson, DateTime, Document, RawDocumentBuf, doc, oid::ObjectId};
use proptest::prelude::*;

use super::super::rule::Treatment;
use super::*;

const HASH: &str = "$2b$12$/UgCdAasqO6QLOav3mwap.UH1SffhmLMVWBd8KBYGC0IumWzbxJQ.";
const MADE: &str = "2026-01-30T10:00:00.123456+00:00";

fn raw(documents: &[Document]) -> Vec<RawDocumentBuf> {
    documents.iter().map(|document| RawDocumentBuf::try_from(document).unwrap()).collect()
}

/// What becomes of the first of these rows.
fn adopt_among(rows: &[Document], creators: &[Document], local: &[Document]) -> Adopted {
    let rows = raw(rows);
    let frozen = Frozen::default()
        .with_source("users", rows.clone())
        .with_source("ugc_creators", raw(creators))
        .with_local(raw(local));
    Users.prepare(&frozen).adopt(&rows[0])
}

fn adopt(row: Document) -> (Document, Vec<Noticed>) {
    let adopted = adopt_among(&[row], &[], &[]);
    match adopted.outcome {
        Outcome::Write(document) => (document, adopted.findings),
        other => panic!("not written: {other:?}, {:?}", adopted.findings),
    }
}

fn refusal(row: Document) -> Vec<Noticed> {
    let adopted = adopt_among(&[row], &[], &[]);
    assert_eq!(adopted.outcome, Outcome::Refuse);
    adopted.findings
}

fn row(id: i32, user_id: &str) -> Document {
    doc! {
        "_id": id, "user_id": user_id, "email": format!("{user_id}@example.com"), "name": "Ana Benítez",
        "phone": "+595981123456", "password": HASH, "role": "creator", "created_at": MADE,
    }
}

fn with(field: &str, value: impl Into<Bson>) -> Document {
    let mut row = row(1, "user_0123456789ab");
    row.insert(field, value.into());
    row
}

fn without(field: &str) -> Document {
    let mut row = row(1, "user_0123456789ab");
    row.remove(field);
    row
}

#[test]
fn an_ordinary_row_becomes_the_canonical_account() {
    let (user, findings) = adopt(row(7, "user_0123456789ab"));
    assert_eq!(findings, []);
    assert_eq!(
        user,
        doc! {
            "_id": 7, "user_id": "user_0123456789ab", "email": "user_0123456789ab@example.com", "name": "Ana Benítez",
            "phone": "+595981123456", "password_hash": HASH, "role": "creator", "billing_info": {},
            "shipping_addresses": [], "mfa_enabled": false, "status": "active",
            "created_at": DateTime::from_millis(1_769_767_200_123),
        }
    );
}

#[test]
fn the_password_is_taken_from_either_field() {
    let mut row = without("password");
    row.insert("password_hash", HASH);
    assert_eq!(adopt(row).0.get_str("password_hash").unwrap(), HASH);
    let (user, findings) = adopt(without("password"));
    assert_eq!(findings, [Noticed::kept("user.no_password")]);
    assert!(!user.contains_key("password_hash"));
    assert_eq!(adopt(with("password", Bson::Null)).1, [Noticed::kept("user.no_password")]);
}

#[test]
fn what_may_be_a_password_in_clear_is_not_copied() {
    for (field, value, code) in [
        ("password", "hunter2", "user.password_unreadable"),
        ("password", "", "user.password_unreadable"),
        ("password_hash", "another", "user.password_ambiguous"),
    ] {
        let (user, findings) = adopt(with(field, value));
        assert_eq!(findings, [Noticed::refused(code)]);
        assert!(!user.contains_key("password_hash") && !user.to_string().contains("another"), "{user}");
    }
}

#[test]
fn the_second_step_stays_on_and_its_secret_behind() {
    let mut row = with("mfa_secret", "JBSWY3DPEHPK3PXP");
    row.insert("mfa_recovery_codes", ["13BB6801"].map(Bson::from).to_vec());
    row.insert("mfa_enabled", true);
    row.insert("mfa_enabled_at", MADE);
    let (user, findings) = adopt(row);
    assert_eq!(findings, [Noticed::refused("user.mfa_secret_plaintext")]);
    assert_eq!(user.get_bool("mfa_enabled").ok(), Some(true));
    assert!(user.get_datetime("mfa_enabled_at").is_ok());
    assert!(!user.to_string().contains("JBSWY3DPEHPK3PXP") && !user.to_string().contains("13BB6801"));
}

#[test]
fn of_equal_addresses_the_earliest_account_keeps_it() {
    let early = with("email", " ANA@Example.com\u{a0}");
    let mut late = row(2, "user_late");
    late.insert("email", "ana@example.com");
    late.insert("created_at", "2026-01-30T10:00:00.123457+00:00");
    let kept = adopt_among(&[early.clone(), late.clone()], &[], &[]);
    let Outcome::Write(kept) = kept.outcome else { panic!() };
    assert_eq!(kept.get_str("email").unwrap(), "ana@example.com");
    let lost = adopt_among(&[late.clone(), early], &[], &[]);
    assert_eq!(lost.findings, [Noticed::converted("user.email_duplicate"), Noticed::kept("user.phone_duplicate")]);
    let Outcome::Write(lost) = lost.outcome else { panic!() };
    assert_eq!(lost.get("email"), Some(&Bson::Null));
    assert_eq!(lost.get_str("email_conflict").unwrap(), "ana@example.com");

    let made_here = doc! { "_id": ObjectId::new(), "user_id": "user_here", "email": "ana@example.com" };
    let beside = adopt_among(&[late], &[], &[made_here]);
    assert_eq!(beside.findings, [Noticed::converted("user.email_duplicate")]);
}

#[test]
fn a_refused_row_owns_nothing() {
    let mut refused = row(2, "user_refused");
    refused.insert("email", "ana@example.com");
    refused.insert("role", "emperor");
    refused.insert("created_at", "2020-01-01T00:00:00Z");
    let adopted = adopt_among(&[with("email", "ana@example.com"), refused], &[], &[]);
    assert_eq!(adopted.findings, []);
}

#[test]
fn telephones_are_put_right_or_kept_as_written() {
    let code = "user.phone_not_e164";
    for (typed, phone, legacy, findings) in [
        ("0981123456", Some("+595981123456"), None, vec![Noticed::converted(code)]),
        (" +595981123456", Some("+595981123456"), None, vec![Noticed::converted(code)]),
        ("+5491123456789", Some("+5491123456789"), None, vec![Noticed::kept(code)]),
        ("98112345", None, Some("98112345"), vec![Noticed::kept(code)]),
        ("", None, None, vec![Noticed::converted("user.phone_empty")]),
    ] {
        let (user, found) = adopt(with("phone", typed));
        assert_eq!(found, findings, "{typed}");
        assert_eq!(user.get_str("phone").ok(), phone, "{typed}");
        assert_eq!(user.get_str("legacy_phone").ok(), legacy, "{typed}");
    }
    let (user, findings) = adopt(with("phone", 981_123_456_i64));
    assert_eq!((user.get_str("phone").unwrap(), findings), ("+595981123456", vec![Noticed::converted(code)]));
    assert_eq!(adopt(with("phone", Bson::Null)).1, []);
}

#[test]
fn telephones_are_compared_with_other_accounts_and_profiles() {
    let mut other = row(2, "user_earlier");
    other.insert("phone", "0981 123 456");
    other.insert("created_at", "2026-01-01T00:00:00Z");
    let creators = [
        doc! { "_id": 1, "user_id": "user_0123456789ab", "phone": "981123456" },
        doc! { "_id": 2, "user_id": "user_0123456789ab", "phone": "0981999999" },
        doc! { "_id": 3, "user_id": "user_earlier", "phone": "0981999999" },
        doc! { "_id": 4, "user_id": "user_0123456789ab", "phone": null },
    ];
    let adopted = adopt_among(&[row(1, "user_0123456789ab"), other], &creators, &[]);
    let codes: Vec<_> = adopted.findings.iter().map(|noticed| noticed.code).collect();
    assert_eq!(codes, ["user.phone_duplicate", "user.phone_same_as_creator", "user.phone_conflicts_creator"]);
}

#[test]
fn names_are_trimmed() {
    let (user, findings) = adopt(with("name", " Ko'ẽti \u{a0}"));
    assert_eq!(user.get_str("name").unwrap(), "Ko'ẽti");
    assert_eq!(findings, [Noticed::converted("user.name_untrimmed")]);
    assert_eq!(adopt(without("name")).1, [Noticed::kept("user.name_absent")]);
}

#[test]
fn roles_are_known_or_the_row_is_refused() {
    assert_eq!(refusal(with("role", "emperor")), [Noticed::refused("user.role_unknown")]);
    assert_eq!(refusal(with("role", 7)), [Noticed::refused("user.role_unknown")]);
    let (user, findings) = adopt(without("role"));
    assert_eq!((user.get_str("role").unwrap(), findings), ("user", vec![Noticed::converted("user.role_absent")]));
}

#[test]
fn the_older_shapes_are_understood() {
    let (user, findings) = adopt(doc! {
        "_id": "user_0123456789ab", "user_id": "user_0123456789ab", "email": "a@example.com", "name": "Ana",
        "password_hash": HASH, "role": "user", "ugc_role": "creator", "is_active": false, "phone": null,
        "created_at": "2026-01-10T09:00:00.000053",
    });
    assert_eq!(findings, []);
    assert_eq!(user.get_str("_id").unwrap(), "user_0123456789ab");
    assert_eq!(user.get_str("role").unwrap(), "creator");
    assert_eq!(user.get_str("status").unwrap(), "suspended");
    assert_eq!(user.get_datetime("created_at").unwrap(), &DateTime::from_millis(1_768_035_600_000));
    let mut staff = with("role", "staff");
    staff.insert("ugc_role", "creator");
    assert_eq!(adopt(staff).0.get_str("role").unwrap(), "staff", "a profile never lowers a role");
}

#[test]
fn an_account_that_was_off_stays_off() {
    for (status, is_active, expected) in [
        (Bson::Null, Bson::Null, "active"),
        ("active".into(), false.into(), "suspended"),
        ("suspended".into(), true.into(), "suspended"),
        ("deleted".into(), Bson::Null, "deleted"),
        ("blocked".into(), true.into(), "suspended"),
    ] {
        let mut row = with("status", status);
        row.insert("is_active", is_active);
        assert_eq!(adopt(row).0.get_str("status").unwrap(), expected);
    }
}

#[test]
fn a_row_needs_its_own_key() {
    assert_eq!(refusal(without("user_id")), [Noticed::refused("user.user_id_absent")]);
    let mut twin = row(2, "user_0123456789ab");
    twin.insert("created_at", "2026-01-31T00:00:00Z");
    let adopted = adopt_among(&[twin, row(1, "user_0123456789ab")], &[], &[]);
    assert_eq!(adopted.outcome, Outcome::Refuse);
    assert_eq!(adopted.findings, [Noticed::refused("user.user_id_duplicate")]);
}

#[test]
fn the_date_of_an_account_comes_from_somewhere() {
    let made = ObjectId::from_bytes([0x65, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    let mut bad = with("created_at", "ayer");
    bad.insert("_id", made);
    let (user, findings) = adopt(bad);
    assert_eq!(user.get_datetime("created_at").unwrap(), &made.timestamp());
    assert_eq!(findings, [Noticed::refused("user.date_invalid"), Noticed::converted("user.created_at_derived")]);
    assert_eq!(refusal(without("created_at")), [Noticed::refused("user.created_at_absent")]);
}

#[test]
fn unknown_fields_and_odd_types_stay_behind() {
    let (user, findings) = adopt(with("reset_token", "s3cret"));
    assert_eq!(findings, [Noticed::refused("user.field_unknown")]);
    assert!(!user.to_string().contains("s3cret"));
    for (field, value) in [("city", Bson::Int32(1)), ("billing_info", "x".into()), ("shipping_addresses", "x".into())] {
        assert_eq!(adopt(with(field, value)).1, [Noticed::refused("user.value_unreadable")], "{field}");
    }
}

#[test]
fn addresses_get_one_default_and_lasting_ids() {
    let address = |alias: &str, is_default: bool| doc! { "alias": alias, "direccion": "Palma 1", "ciudad": "Asunción", "is_default": is_default };
    for (defaults, expected, converted) in [
        ([false, false], [true, false], true),
        ([true, true], [true, false], true),
        ([false, true], [false, true], false),
    ] {
        let stored =
            vec![Bson::Document(address("casa", defaults[0])), Bson::Document(address("oficina", defaults[1]))];
        let (user, findings) = adopt(with("shipping_addresses", stored.clone()));
        let addresses = user.get_array("shipping_addresses").unwrap();
        let found: Vec<_> =
            addresses.iter().map(|a| a.as_document().unwrap().get_bool("is_default").unwrap()).collect();
        assert_eq!(found, expected);
        assert_eq!(!findings.is_empty(), converted);
        assert_eq!(adopt(with("shipping_addresses", stored)).0, user, "the same ids every time");
    }
}

#[test]
fn a_damaged_row_is_refused_and_named() {
    let mut bytes = RawDocumentBuf::try_from(&row(1, "user_0123456789ab")).unwrap().into_bytes();
    let name = bytes.windows(3).position(|w| w == b"Ana").unwrap();
    bytes[name] = 0xff;
    let damaged = RawDocumentBuf::from_bytes(bytes).unwrap();
    let adopted = Users.prepare(&Frozen::default()).adopt(&damaged);
    assert_eq!((adopted.outcome, adopted.id.as_str()), (Outcome::Refuse, "user_0123456789ab"));
    assert_eq!(adopted.findings, [Noticed::refused("user.document_malformed")]);
}

fn any_value() -> impl Strategy<Value = Bson> {
    prop_oneof![
        "[ 0-9+a-zA-Zñ@.-]{0,14}".prop_map(Bson::from),
        Just(Bson::Null),
        any::<i32>().prop_map(Bson::from),
        any::<bool>().prop_map(Bson::from),
        any::<i32>().prop_map(|at| Bson::DateTime(DateTime::from_millis(i64::from(at) * 1000))),
        Just(Bson::from(HASH)),
        Just(Bson::from(MADE)),
        Just(Bson::Document(doc! { "ruc": " 80012345-6 ", "alias": 1 })),
        Just(Bson::Array(vec![Bson::Document(doc! { "alias": " casa ", "is_default": true })])),
        prop::sample::select(vec!["user", "creator", "staff"]).prop_map(Bson::from),
    ]
}

fn any_row() -> impl Strategy<Value = Document> {
    let field = prop::sample::select(document::KNOWN);
    let fields = prop::collection::vec((field, any_value()), 0..12);
    (1..4_i32, fields).prop_map(|(id, fields)| {
        let mut row = row(id, &format!("user_{id}"));
        row.extend(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).filter(|(name, _)| name != "_id"));
        row
    })
}

proptest! {
    #[test]
    fn adopting_is_a_function(rows in prop::collection::vec(any_row(), 1..5)) {
        let first = adopt_among(&rows, &[], &[]);
        prop_assert_eq!(&first, &adopt_among(&rows, &[], &[]));
        let mut others = rows.clone();
        others[1..].reverse();
        let reordered = adopt_among(&others, &[], &[]);
        // Rows with the same `_id` can't be in one collection; only then does their order say anything.
        let ids: std::collections::HashSet<_> = rows.iter().map(|row| row.get_i32("_id").unwrap()).collect();
        if ids.len() == rows.len() {
            prop_assert_eq!(&first, &reordered);
        }
        let refused = first.findings.iter().any(|noticed| noticed.outcome == Treatment::Refused);
        prop_assert!(first.outcome != Outcome::Refuse || refused, "a refusal says why");
    }

    #[test]
    fn an_adopted_account_adopts_to_itself(row in any_row()) {
        if let Outcome::Write(user) = adopt_among(&[row], &[], &[]).outcome
            && !user.contains_key("legacy_phone")
        {
            let (again, findings) = adopt(user.clone());
            prop_assert_eq!(again, user);
            prop_assert!(findings.iter().all(|noticed| noticed.outcome != Treatment::Converted), "{:?}", findings);
        }
    }

    #[test]
    fn no_secret_is_in_an_adopted_account(row in any_row(), secret in "[A-Z2-7]{16}") {
        let mut row = row;
        for field in ["mfa_secret", "reset_token", "session"] {
            row.insert(field, secret.clone());
        }
        row.insert("mfa_recovery_codes", vec![Bson::from(secret.clone())]);
        if let Outcome::Write(user) = adopt_among(&[row], &[], &[]).outcome {
            prop_assert!(!user.to_string().contains(&secret));
        }
    }
}
