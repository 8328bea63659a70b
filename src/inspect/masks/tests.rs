//! The registry's promises, path by path.

use bson::{RawArrayBuf, RawBson, rawdoc};

use super::*;

/// Names that must be secret wherever they stand.
pub(in crate::inspect) const SECRET_NAMES: &[&str] = &[
    "password",
    "password_hash",
    "Password",
    "userPassword",
    "mfa_secret",
    "mfa_recovery_codes",
    "recoveryCodes",
    "totp",
    "totp_step",
    "token",
    "accessToken",
    "refresh_token",
    "public_token",
    "token_hash",
    "api_key",
    "apiKey",
    "client_secret",
    "session_id",
    "stripe_session_id",
    "cookie",
    "data",
    "contraseña",
    "pwd",
    "otp",
    "pin",
    "cvv",
];

fn string(text: &str) -> RawBson {
    RawBson::String(text.into())
}

fn seen(collection: &str, path: &str, value: &RawBson) -> Visibility {
    of_value(collection, path, value.as_raw_bson_ref())
}

#[test]
fn secrets_are_secret_at_any_depth_and_in_any_collection() {
    for name in SECRET_NAMES {
        for collection in ["users", "audit_logs", "never_seen_before"] {
            for path in [
                name.to_string(),
                format!("details.{name}"),
                format!("a.0.{name}"),
                format!("{name}.x.y"),
                format!("raw.users.3.{name}.0"),
            ] {
                assert_eq!(of_path(collection, &path), Visibility::Secret, "{collection}.{path}");
                assert_eq!(seen(collection, &path, &RawBson::Int32(1)), Visibility::Secret, "{collection}.{path}");
                assert_eq!(seen(collection, &path, &RawBson::Null), Visibility::Secret, "{collection}.{path}");
            }
        }
    }
}

#[test]
fn personal_paths_stay_personal_when_wrapped() {
    for name in [
        "email",
        "customer_email",
        "phone",
        "contact_phone",
        "document_id",
        "ruc",
        "birth_date",
        "name",
        "creator_name",
        "bio",
        "message",
        "notes",
        "ip_address",
        "user_agent",
        "username",
        "instagram_handle",
        "bank_account",
        "shipping_address",
    ] {
        for path in [
            name.to_string(),
            format!("raw.{name}"),
            format!("details.before.{name}"),
            format!("legacy_snapshots.0.{name}"),
        ] {
            assert_eq!(of_path("ugc_creators", &path), Visibility::Personal, "{path}");
            assert_eq!(seen("never_seen_before", &path, &string("x")), Visibility::Personal, "{path}");
        }
    }
    assert_eq!(seen("users", "shipping_addresses.0.alias", &string("Casa")), Visibility::Personal);
}

#[test]
fn nothing_and_yes_or_no_identify_nobody() {
    assert_eq!(seen("users", "email", &RawBson::Null), Visibility::Open);
    assert_eq!(seen("ugc_applications", "acepta_whatsapp", &RawBson::Boolean(true)), Visibility::Open);
}

#[test]
fn unknown_collections_are_judged_by_shape() {
    let unknown = |path: &str, value: RawBson| seen("never_seen_before", path, &value);
    assert_eq!(unknown("x", string(&"a".repeat(41))), Visibility::Personal);
    assert_eq!(unknown("x", string(&"á".repeat(40))), Visibility::Open);
    assert_eq!(unknown("x", string("0981 123 456")), Visibility::Personal);
    assert_eq!(unknown("x.y.z", string("ana@example.com")), Visibility::Personal);
    assert_eq!(unknown("x", RawBson::Int32(4_123_456)), Visibility::Personal);
    assert_eq!(unknown("x", RawBson::Double(4_123_456.0)), Visibility::Personal);
    assert_eq!(unknown("price", RawBson::Int32(4_123_456)), Visibility::Open);
    assert_eq!(seen("ugc_metrics", "views", &RawBson::Int32(4_123_456)), Visibility::Open);
    assert_eq!(unknown("x", string("$2b$12$abcdefghijklmnopqrstuv")), Visibility::Secret);
    assert_eq!(unknown("_id", string("ana@example.com")), Visibility::Personal);
    assert_eq!(unknown("_id", string("0981123456")), Visibility::Personal);
    assert_eq!(unknown("description", string("corto")), Visibility::Personal);
}

#[test]
fn an_e_mail_address_is_masked_even_in_a_harmless_field() {
    assert_eq!(seen("shop_products", "name", &string("pedir a ana@example.com")), Visibility::Personal);
    assert_eq!(seen("shop_products", "name", &string("Remera blanca")), Visibility::Open);
}

#[test]
fn binary_is_secret_except_identifiers() {
    let binary = |subtype, length| RawBson::Binary(bson::Binary { subtype, bytes: vec![0; length] });
    assert_eq!(seen("x", "blob", &binary(BinarySubtype::Generic, 16)), Visibility::Secret);
    assert_eq!(seen("x", "_id", &binary(BinarySubtype::Uuid, 16)), Visibility::Open);
    assert_eq!(seen("x", "public_token", &binary(BinarySubtype::Uuid, 16)), Visibility::Secret);
    assert_eq!(seen("images.chunks", "data", &binary(BinarySubtype::Generic, 3)), Visibility::Secret);
}

#[test]
fn hints_say_type_and_size_only() {
    let say = |path: &str, value: &RawBson| hint(rule("users", path), value.as_raw_bson_ref());
    assert_eq!(say("email", &string("ana@example.com")), "[oculto: correo]");
    assert_eq!(say("bio", &string("hola, soy Ana")), "[oculto: texto de 13 caracteres]");
    assert_eq!(say("phone", &string("0981123456")), "[oculto: número de teléfono o documento]");
    assert_eq!(say("password", &string("$2b$12$abc")), "[secreto: texto de 10 caracteres]");
    let codes = RawBson::Array(RawArrayBuf::from_iter(["A1", "B2"]));
    assert_eq!(say("mfa_recovery_codes", &codes), "[secreto: lista de 2 elementos]");
}

#[test]
fn the_walker_agrees_with_the_path_function() {
    let document = rawdoc! {
        "_id": 1, "email": "a@b.c", "details": { "password": "x", "list": [{ "phone": "1", "status": "ok" }] }, "status": "x",
    };
    let mut masker = Masker::new("users");
    fn walk(masker: &mut Masker, at: Place, prefix: &str, document: &bson::RawDocument, met: &mut usize) {
        for element in document {
            let (name, value) = element.unwrap();
            let path = if prefix.is_empty() { name.to_string() } else { format!("{prefix}.{name}") };
            let place = masker.child(at, name.as_str());
            assert_eq!(masker.rule(place), rule("users", &path), "{path}");
            assert_eq!(masker.path(place), path);
            *met += 1;
            match value {
                RawBsonRef::Document(inner) => walk(masker, place, &path, inner, met),
                RawBsonRef::Array(items) => {
                    for item in items {
                        if let Ok(RawBsonRef::Document(inner)) = item {
                            walk(masker, place, &path, inner, met);
                        }
                    }
                }
                _ => {}
            }
        }
    }
    let mut met = 0;
    for _ in 0..3 {
        masker.begin();
        walk(&mut masker, Place::ROOT, "", &document, &mut met);
    }
    assert_eq!(met, 24);
}

#[test]
fn a_map_with_data_as_keys_does_not_grow_the_walker_without_bound() {
    let mut masker = Masker::new("x");
    for n in 0..3 * Masker::PLACES {
        masker.begin();
        let place = masker.child(Place::ROOT, &format!("key{n}"));
        assert_eq!(masker.rule(place).visibility(), Visibility::Open);
    }
    assert!(masker.places.len() <= Masker::PLACES + 2);
}
