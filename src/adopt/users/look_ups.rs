//! Who was first: the owners of account keys, addresses and telephone numbers among all rows, and what creator profiles say.

use std::collections::HashMap;

use bson::{RawBsonRef, RawDocument};
use jiff::Timestamp;

use super::super::leaf::id_bytes;
use super::super::rule::Frozen;
use super::fields::{self, Row};
use super::{moment, phone};

/// Who owns something that only one account may have.
#[derive(Debug, PartialEq, Eq)]
enum Owner {
    /// The row with this `_id`.
    Row(Vec<u8>),
    /// An account that was made here.
    Local,
}

/// What the rule knows besides the row.
#[derive(Debug, Default)]
pub struct LookUps {
    user_ids: HashMap<String, Owner>,
    emails: HashMap<String, Owner>,
    phones: HashMap<String, Owner>,
    /// By account key: the last digits of the numbers in its creator profiles.
    creator_phones: HashMap<String, Vec<String>>,
}

impl From<&Frozen> for LookUps {
    fn from(frozen: &Frozen) -> Self {
        let mut look_ups = Self::default();
        for document in frozen.local() {
            if let Some(user_id) = fields::user_id(document) {
                look_ups.user_ids.insert(user_id.to_owned(), Owner::Local);
            }
            if let Some(email) = fields::email(document) {
                look_ups.emails.insert(email, Owner::Local);
            }
        }
        for row in earliest_first(frozen.source("users")) {
            look_ups.register(row);
        }
        for creator in frozen.source("ugc_creators") {
            let number = fields::value(creator, "phone").and_then(|value| value.as_str()).map(phone::tail);
            if let (Some(user_id), Some(tail)) = (fields::user_id(creator), number.filter(|tail| !tail.is_empty())) {
                look_ups.creator_phones.entry(user_id.to_owned()).or_default().push(tail);
            }
        }
        look_ups
    }
}

impl LookUps {
    fn register(&mut self, row: &RawDocument) {
        let (Some(user_id), Some(_)) = (fields::user_id(row), fields::role(row)) else { return };
        let owner = || Owner::Row(id_bytes(row));
        if *self.user_ids.entry(user_id.to_owned()).or_insert_with(owner) != owner() {
            return;
        }
        if let Some(email) = fields::email(row) {
            self.emails.entry(email).or_insert_with(owner);
        }
        if let Some(number) = phone_typed(row) {
            self.phones.entry(phone_key(&number)).or_insert_with(owner);
        }
    }

    /// Whether the row is the first with its account key.
    pub fn owns_user_id(&self, row: &Row<'_>, user_id: &str) -> bool {
        owns(&self.user_ids, row, user_id)
    }

    /// Whether the row is the first with its address.
    pub fn owns_email(&self, row: &Row<'_>, email: &str) -> bool {
        owns(&self.emails, row, email)
    }

    /// Whether the row is the first with its number.
    pub fn owns_phone(&self, row: &Row<'_>, typed: &str) -> bool {
        owns(&self.phones, row, &phone_key(typed))
    }

    /// Whether a creator profile of the account repeats its number, and whether one contradicts it.
    pub fn creator_phones(&self, user_id: &str, typed: &str) -> (bool, bool) {
        let tail = phone::tail(typed);
        let numbers = self.creator_phones.get(user_id).map_or(&[][..], Vec::as_slice);
        (numbers.contains(&tail), numbers.iter().any(|number| *number != tail))
    }
}

/// The telephone number as somebody typed it; some rows hold it as a number.
pub fn phone_typed(row: &RawDocument) -> Option<String> {
    let typed = match fields::value(row, "phone")? {
        RawBsonRef::String(text) => text.trim().to_owned(),
        RawBsonRef::Int32(number) => number.to_string(),
        RawBsonRef::Int64(number) => number.to_string(),
        RawBsonRef::Double(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        _ => return None,
    };
    Some(typed).filter(|typed| !typed.is_empty())
}

fn phone_key(typed: &str) -> String {
    phone::normalise(typed).unwrap_or_else(|| typed.to_owned())
}

fn owns(owners: &HashMap<String, Owner>, row: &Row<'_>, key: &str) -> bool {
    match owners.get(key) {
        None => true,
        Some(Owner::Local) => false,
        Some(Owner::Row(id)) => *id == id_bytes(row.raw()),
    }
}

/// By `created_at`; rows without one come last, equal ones by `_id`, so that the order in which rows are read doesn't matter.
fn earliest_first(rows: &[bson::RawDocumentBuf]) -> Vec<&RawDocument> {
    let mut rows: Vec<(Timestamp, Vec<u8>, &RawDocument)> = rows
        .iter()
        .map(|row| {
            let created = fields::value(row, "created_at").and_then(moment::read).unwrap_or(Timestamp::MAX);
            (created, id_bytes(row), row.as_ref())
        })
        .collect();
    rows.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    rows.into_iter().map(|(_, _, row)| row).collect()
}
