//! How an index is declared.

use bson::{Document, doc};

/// The order of one key of an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Ascending,
    Descending,
}

impl Direction {
    const fn number(self) -> i32 {
        match self {
            Self::Ascending => 1,
            Self::Descending => -1,
        }
    }
}

/// One declared index, written as a constant:
///
/// ```
/// use std::time::Duration;
/// use bson::doc;
/// use canje::db::indexes::{Direction::{Ascending, Descending}, IndexSpec};
///
/// const INDEXES: &[IndexSpec] = &[
///     IndexSpec::new("email", &[("email", Ascending)]).unique().only_where(|| doc! { "email": { "$type": "string" } }),
///     IndexSpec::new("newest", &[("actor", Ascending), ("at", Descending)]),
///     IndexSpec::new("expiry", &[("expires_at", Ascending)]).expires_after(Duration::ZERO),
/// ];
/// # assert_eq!(INDEXES.len(), 3);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct IndexSpec {
    pub name: &'static str,
    pub keys: &'static [(&'static str, Direction)],
    pub(super) unique: bool,
    pub(super) partial: Option<fn() -> Document>,
    pub(super) expires_after_seconds: Option<u32>,
}

impl IndexSpec {
    pub const fn new(name: &'static str, keys: &'static [(&'static str, Direction)]) -> Self {
        Self { name, keys, unique: false, partial: None, expires_after_seconds: None }
    }

    /// No two documents may have the same keys.
    pub const fn unique(mut self) -> Self {
        self.unique = true;
        self
    }

    /// Only documents that match the filter are in the index.
    pub const fn only_where(mut self, filter: fn() -> Document) -> Self {
        self.partial = Some(filter);
        self
    }

    /// The server deletes a document this long after the date in the (single) key.
    pub const fn expires_after(mut self, age: std::time::Duration) -> Self {
        self.expires_after_seconds = Some(age.as_secs() as u32);
        self
    }

    /// The definition as `createIndexes` takes it.
    pub(super) fn definition(&self) -> Document {
        let keys: Document =
            self.keys.iter().map(|(field, direction)| ((*field).to_owned(), direction.number().into())).collect();
        let mut definition = doc! { "name": self.name, "key": keys };
        if self.unique {
            definition.insert("unique", true);
        }
        if let Some(filter) = self.partial {
            definition.insert("partialFilterExpression", filter());
        }
        if let Some(seconds) = self.expires_after_seconds {
            definition.insert("expireAfterSeconds", i64::from(seconds));
        }
        definition
    }
}
