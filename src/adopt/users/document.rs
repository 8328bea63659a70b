//! The canonical account.

use bson::{Array, Bson, DateTime, Document, RawBsonRef, doc};
use sha2::{Digest, Sha256};

use super::super::leaf::leaf;
use super::super::rule::Noticed;
use super::fields::{self, Row, UNREADABLE};
use super::look_ups::{LookUps, phone_typed};
use super::phone;
use crate::values::Role;

/// Every field this rule reads.
pub(super) const KNOWN: &[&str] = &[
    "_id",
    "user_id",
    "id",
    "email",
    "name",
    "phone",
    "city",
    "company",
    "razon_social",
    "ruc",
    "password",
    "password_hash",
    "picture",
    "role",
    "ugc_role",
    "is_active",
    "billing_info",
    "shipping_addresses",
    "mfa_enabled",
    "mfa_enabled_at",
    "mfa_secret",
    "mfa_recovery_codes",
    "status",
    "created_at",
    "updated_at",
];

/// The account of a row with a key and a role; `None` when something it can't be without is missing, which is noticed.
/// Absent fields stay absent: a null would take part in a sparse index.
pub fn canonical(row: &mut Row<'_>, look_ups: &LookUps) -> Option<Document> {
    let user_id = row.user_id()?;
    let id = Bson::try_from(row.value("_id")?).ok()?;
    let role = row.role()?;
    let updated_at = row.moment("updated_at");
    let created_at = created_at(row, &id, updated_at)?;
    let mut user = doc! { "_id": id, "user_id": user_id };
    email(row, look_ups, &mut user);
    user.insert("name", name(row));
    phone(row, look_ups, user_id, &mut user);
    for field in ["city", "company", "razon_social", "ruc"] {
        insert_some(&mut user, field, row.text(field));
    }
    insert_some(&mut user, "password_hash", password(row));
    insert_some(&mut user, "picture", picture(row));
    user.insert("role", role.as_str());
    if role == Role::User && row.value("role").is_none() {
        row.notice(Noticed::converted("user.role_absent"));
    }
    user.insert("billing_info", billing_info(row));
    user.insert("shipping_addresses", addresses(row, updated_at.unwrap_or(created_at)));
    second_step(row, &mut user);
    user.insert("status", status(row));
    user.insert("created_at", created_at);
    insert_some(&mut user, "updated_at", updated_at);
    if row.names().any(|name| !KNOWN.contains(&name)) {
        row.notice(Noticed::refused("user.field_unknown"));
    }
    Some(user)
}

fn insert_some(document: &mut Document, field: &str, value: Option<impl Into<Bson>>) {
    if let Some(value) = value {
        document.insert(field, value);
    }
}

/// As stored, else the moment its `_id` was made, else when it was last changed.
fn created_at(row: &mut Row<'_>, id: &Bson, updated_at: Option<DateTime>) -> Option<DateTime> {
    let stored = row.moment("created_at");
    let found = stored.or_else(|| id.as_object_id().map(|id| id.timestamp())).or(updated_at);
    match found {
        None => row.notice(Noticed::refused("user.created_at_absent")),
        Some(_) if stored.is_none() => row.notice(Noticed::converted("user.created_at_derived")),
        Some(_) => {}
    }
    found
}

fn email(row: &mut Row<'_>, look_ups: &LookUps, user: &mut Document) {
    match fields::email(row.raw()) {
        None => {
            row.notice(Noticed::kept("user.email_absent"));
            user.insert("email", Bson::Null);
        }
        Some(email) if look_ups.owns_email(row, &email) => {
            user.insert("email", email);
        }
        Some(email) => {
            row.notice(Noticed::converted("user.email_duplicate"));
            user.insert("email", Bson::Null);
            user.insert("email_conflict", email);
        }
    }
}

fn name(row: &mut Row<'_>) -> String {
    if let Some(RawBsonRef::String(stored)) = row.value("name")
        && stored.trim() != stored
    {
        row.notice(Noticed::converted("user.name_untrimmed"));
    }
    row.text("name").map(str::to_owned).unwrap_or_else(|| {
        row.notice(Noticed::kept("user.name_absent"));
        String::new()
    })
}

fn phone(row: &mut Row<'_>, look_ups: &LookUps, user_id: &str, user: &mut Document) {
    let Some(typed) = phone_typed(row.raw()) else {
        match row.value("phone") {
            None => {}
            Some(RawBsonRef::String(_)) => row.notice(Noticed::converted("user.phone_empty")),
            Some(_) => row.notice(UNREADABLE),
        }
        return;
    };
    let number = phone::normalise(&typed);
    let is_as_stored = row.value("phone") == Some(RawBsonRef::String(typed.as_str()));
    if !is_as_stored || !phone::is_stored_form(&typed) {
        let changed = number.as_ref().is_some_and(|number| !is_as_stored || *number != typed);
        let code = "user.phone_not_e164";
        row.notice(if changed { Noticed::converted(code) } else { Noticed::kept(code) });
    }
    match number {
        Some(number) => user.insert("phone", number),
        None => user.insert("legacy_phone", typed.as_str()),
    };
    if !look_ups.owns_phone(row, &typed) {
        row.notice(Noticed::kept("user.phone_duplicate"));
    }
    let (repeated, contradicted) = look_ups.creator_phones(user_id, &typed);
    if repeated {
        row.notice(Noticed::kept("user.phone_same_as_creator"));
    }
    if contradicted {
        row.notice(Noticed::kept("user.phone_conflicts_creator"));
    }
}

/// Suspended when either field says so; a status nobody knows must not let anybody in.
fn status(row: &mut Row<'_>) -> &'static str {
    let switched_off = row.value("is_active") == Some(RawBsonRef::Boolean(false));
    match row.value("status") {
        Some(RawBsonRef::String("deleted")) => "deleted",
        None | Some(RawBsonRef::String("active")) if !switched_off => "active",
        None | Some(RawBsonRef::String("active" | "suspended")) => "suspended",
        Some(_) => {
            row.notice(Noticed::converted("user.status_unknown"));
            "suspended"
        }
    }
}

/// The one bcrypt hash of the row. Anything else under these names may be a password in clear, and stays behind.
fn password(row: &mut Row<'_>) -> Option<String> {
    let stored: Vec<_> = ["password", "password_hash"].into_iter().filter_map(|field| row.value(field)).collect();
    let code = match stored[..] {
        [] => {
            row.notice(Noticed::kept("user.no_password"));
            return None;
        }
        [RawBsonRef::String(hash)] if is_bcrypt(hash) => return Some(hash.to_owned()),
        [RawBsonRef::String(hash), RawBsonRef::String(same)] if hash == same && is_bcrypt(hash) => {
            return Some(hash.to_owned());
        }
        [_, _] => "user.password_ambiguous",
        _ => "user.password_unreadable",
    };
    row.notice(Noticed::refused(code));
    None
}

fn is_bcrypt(hash: &str) -> bool {
    let digest = |c: u8| c.is_ascii_alphanumeric() || c == b'.' || c == b'/';
    match hash.as_bytes() {
        [b'$', b'2', b'a' | b'b' | b'y', b'$', ten, one, b'$', rest @ ..] => {
            ten.is_ascii_digit() && one.is_ascii_digit() && rest.len() == 53 && rest.iter().copied().all(digest)
        }
        _ => false,
    }
}

fn picture(row: &mut Row<'_>) -> Option<String> {
    let picture = row.text("picture")?;
    if picture.starts_with("https://") {
        return Some(picture.to_owned());
    }
    row.notice(Noticed::refused("user.picture_unusable"));
    None
}

fn billing_info(row: &mut Row<'_>) -> Document {
    let mut info = Document::new();
    match row.value("billing_info") {
        None => {}
        Some(RawBsonRef::Document(stored)) => {
            for field in ["razon_social", "ruc", "direccion_fiscal", "telefono_factura"] {
                let Some(value) = fields::value(stored, field) else { continue };
                match value.as_str() {
                    Some(text) if text.trim().is_empty() => {}
                    Some(text) => drop(info.insert(field, text.trim())),
                    None => row.notice(UNREADABLE),
                }
            }
        }
        Some(_) => row.notice(UNREADABLE),
    }
    info
}

/// The stored addresses, with exactly one default. One without its own id gets the same id every time.
fn addresses(row: &mut Row<'_>, otherwise_created: DateTime) -> Array {
    let mut addresses = Array::new();
    let stored = match row.value("shipping_addresses") {
        None => return addresses,
        Some(RawBsonRef::Array(stored)) => stored,
        Some(_) => {
            row.notice(UNREADABLE);
            return addresses;
        }
    };
    let mut default = None;
    for (position, item) in stored.into_iter().enumerate() {
        let Ok(RawBsonRef::Document(item)) = item else {
            row.notice(UNREADABLE);
            continue;
        };
        let mut inner = Row::of(item);
        let mut address = doc! {
            "id": inner.text("id").map_or_else(|| derived_id(row, position), str::to_owned),
            "alias": inner.text("alias").unwrap_or_default(),
            "direccion": inner.text("direccion").unwrap_or_default(),
            "ciudad": inner.text("ciudad").unwrap_or_default(),
        };
        insert_some(&mut address, "referencia", inner.text("referencia"));
        let is_default = inner.value("is_default") == Some(RawBsonRef::Boolean(true));
        address.insert("is_default", is_default && default.is_none());
        address.insert("created_at", inner.moment("created_at").unwrap_or(otherwise_created));
        if is_default {
            if default.is_some() {
                row.notice(Noticed::converted("user.address_default"));
            }
            default.get_or_insert(addresses.len());
        }
        inner.into_findings().into_iter().for_each(|noticed| row.notice(noticed));
        addresses.push(Bson::Document(address));
    }
    if default.is_none()
        && let Some(Bson::Document(first)) = addresses.first_mut()
    {
        first.insert("is_default", true);
        row.notice(Noticed::converted("user.address_default"));
    }
    addresses
}

fn derived_id(row: &Row<'_>, position: usize) -> String {
    let digest = Sha256::new().chain_update(leaf(row.raw())).chain_update(position.to_be_bytes()).finalize();
    hex::encode(&digest[..16])
}

fn second_step(row: &mut Row<'_>, user: &mut Document) {
    let is_on = row.value("mfa_enabled") == Some(RawBsonRef::Boolean(true));
    user.insert("mfa_enabled", is_on);
    if is_on {
        insert_some(user, "mfa_enabled_at", row.moment("mfa_enabled_at"));
    }
    if row.value("mfa_secret").or(row.value("mfa_recovery_codes")).is_some() {
        row.notice(Noticed::refused("user.mfa_secret_plaintext"));
    }
}
