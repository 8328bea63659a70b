//! Public keys: which row owns one, and what other spellings of it stand for.

use std::collections::HashMap;

use bson::{RawDocument, RawDocumentBuf};
use jiff::Timestamp;

use super::super::leaf::id_bytes;
use super::super::users::moment;
use super::row::{Codes, key, text, value};

/// The keys of one legacy collection.
#[derive(Debug, Default)]
pub struct Keys {
    owners: HashMap<String, Vec<u8>>,
    aliases: HashMap<String, String>,
}

impl Keys {
    /// The keys of these rows. Of several with the same one the earliest owns it.
    pub fn of(rows: &[RawDocumentBuf], codes: &Codes) -> Self {
        let mut keys = Self::default();
        for row in earliest_first(rows) {
            let Some(own) = key(row, codes) else { continue };
            keys.owners.entry(own.to_owned()).or_insert_with(|| id_bytes(row));
            if let Some(other) = text(row, codes.key).filter(|other| *other != own) {
                keys.stands_for(other, own);
            }
        }
        keys
    }

    /// From now on one key is understood as another.
    pub fn stands_for(&mut self, other: &str, own: &str) {
        self.aliases.entry(other.to_owned()).or_insert_with(|| own.to_owned());
    }

    /// Whether the row is the owner of its key.
    pub fn owns(&self, row: &RawDocument, key: &str) -> bool {
        self.owners.get(key).is_some_and(|owner| *owner == id_bytes(row))
    }

    /// The key that is meant, if there is a row with it.
    pub fn resolve<'a>(&'a self, asked: &'a str) -> Option<&'a str> {
        let meant = self.aliases.get(asked).map_or(asked, String::as_str);
        self.owners.contains_key(meant).then_some(meant)
    }
}

/// By when they were made; equal ones by `_id`, so that the order in which rows are read doesn't matter.
pub fn earliest_first(rows: &[RawDocumentBuf]) -> Vec<&RawDocument> {
    let mut rows: Vec<(Timestamp, Vec<u8>, &RawDocument)> = rows
        .iter()
        .map(|row| {
            let made = ["created_at", "applied_at"].into_iter().find_map(|field| value(row, field));
            (made.and_then(moment::read).unwrap_or(Timestamp::MAX), id_bytes(row), row.as_ref())
        })
        .collect();
    rows.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    rows.into_iter().map(|(_, _, row)| row).collect()
}

/// Which rows say again what an earlier one said.
#[derive(Debug, Default)]
pub struct Repeats(HashMap<String, Vec<u8>>);

impl Repeats {
    /// Whether a row says this first. Rows come earliest first.
    pub fn register(&mut self, row: &RawDocument, said: String) {
        self.0.entry(said).or_insert_with(|| id_bytes(row));
    }

    /// Whether another row said it before this one.
    pub fn is_repeated(&self, row: &RawDocument, said: &str) -> bool {
        self.0.get(said).is_some_and(|first| *first != id_bytes(row))
    }
}
