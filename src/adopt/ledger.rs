//! The ledger: per legacy row, what was read, what became of it and the document as written.
//!
//! A row of the ledger and the document it speaks of are written in one transaction, so the ledger never claims a document
//! that isn't there, and never misses one that is.

use bson::{Bson, DateTime, doc};
use serde::{Deserialize, Serialize};

use super::leaf::Leaf;
use super::rule::{Noticed, Treatment};
use crate::db::indexes::Direction::Ascending;
use crate::db::{IndexSpec, Stored};

/// What one rule did with one legacy row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// The rule and the row.
    #[serde(rename = "_id")]
    pub key: Key,
    /// The rule again, for the index.
    pub rule: String,
    /// How people know the row.
    pub id: String,
    /// The row as read.
    pub source_leaf: Leaf,
    /// The version of the rule that decided.
    pub rule_version: i32,
    /// What was decided.
    pub outcome: Kind,
    /// The document that stands for the row, when it has one of its own.
    pub target: Option<Target>,
    /// Of a folded row: the document that carries it.
    pub folded_into: Option<Bson>,
    /// What was noticed.
    pub findings: Vec<StoredFinding>,
    /// The run that wrote this entry.
    pub run: String,
    /// When it was written.
    pub at: DateTime,
}

impl Entry {
    /// Whether the two say the same about the row, whoever wrote it and when.
    pub fn says_the_same(&self, other: &Self) -> bool {
        (&self.key, &self.id, self.source_leaf, self.rule_version, self.outcome)
            == (&other.key, &other.id, other.source_leaf, other.rule_version, other.outcome)
            && (&self.target, &self.folded_into, &self.findings) == (&other.target, &other.folded_into, &other.findings)
    }
}

/// A rule's row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Key {
    /// The rule's name.
    pub rule: String,
    /// The row's `_id` as found.
    pub source: Bson,
}

/// A document that adoption wrote.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// Its collection in the live database.
    pub collection: String,
    /// Its `_id`.
    pub id: Bson,
    /// The document as written.
    pub leaf: Leaf,
}

/// A decision without its document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// In the rule's target.
    Written,
    /// In another collection.
    Moved,
    /// In another row's document.
    Folded,
    /// Nowhere.
    Refused,
}

/// A finding as the ledger keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFinding {
    /// The code.
    pub code: String,
    /// What was done about it.
    pub outcome: Treatment,
}

impl From<Noticed> for StoredFinding {
    fn from(noticed: Noticed) -> Self {
        Self { code: noticed.code.to_owned(), outcome: noticed.outcome }
    }
}

impl Stored for Entry {
    const COLLECTION: &'static str = "adopt_ledger";
    const INDEXES: &'static [IndexSpec] = &[
        IndexSpec::new("rule", &[("rule", Ascending)]),
        IndexSpec::new("target", &[("target.collection", Ascending), ("target.id", Ascending)]),
        IndexSpec::new("finding", &[("findings.code", Ascending)]),
    ];
}
