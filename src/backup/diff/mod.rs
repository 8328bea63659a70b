//! Compares any two of: a database of the server (live, preview, imported), one of a stored backup, one of an official
//! dump. Document by document, on raw bytes, in bounded memory.
//!
//! ```text
//! side       what is compared, as it is written, and what stands behind it
//! read       reads a side as raw documents; live reads a server
//! scan       first pass: every document becomes a record (records: 88 bytes, sorted on the disk)
//! join       merge join of both sides' records
//! compare    all of it, to a Report
//! shown      second pass: fetches the documents that differ; fields compares them field by field
//! job        runs it in the background; store keeps what it found; service, pages, export show it
//! command    `canje diff`
//! ```
//!
//! Documents are joined by the digest of their `_id`, type included, so a collation or numeric twins can't mislead. An
//! `_id` that stands twice on a side, a document without one, and the measurements of a time series are compared as
//! multisets. There is no shortcut by hashes over a whole collection: the join is exact, and costs less than sorting for
//! such a hash would.
//!
//! Invariant: what is kept of a document that differs went through the inspector's masks first.

pub mod command;
mod compare;
mod fields;
pub mod job;
mod join;
mod live;
pub mod pages;
mod read;
mod records;
mod scan;
pub mod service;
mod shown;
mod side;
pub mod store;

pub use compare::{Comparison, Limits, compare};
pub use fields::{Change, Differ, FieldDiff};
pub use read::Told;
use serde::{Deserialize, Serialize};
pub use shown::{Kind, Shown, show};
pub use side::{BadSide, Side, Source};

/// What two databases have in common.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Whether nothing differs.
    pub equal: bool,
    /// Per collection.
    pub collections: Vec<CollectionDiff>,
    /// How the sides were read, where that is worth knowing, in words people read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl Report {
    /// Collections in which anything differs.
    pub fn differing(&self) -> impl Iterator<Item = &CollectionDiff> {
        self.collections.iter().filter(|collection| !collection.is_equal())
    }
}

/// One collection.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CollectionDiff {
    /// Its name.
    pub name: String,
    /// Documents on the left.
    pub left: u64,
    /// Documents on the right.
    pub right: u64,
    /// Same `_id`, other bytes.
    pub changed: u64,
    /// On the left only.
    pub only_left: u64,
    /// On the right only.
    pub only_right: u64,
    /// The side that doesn't have the collection at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<Which>,
    /// The same documents, but in another order; only said of capped collections.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub order_differs: bool,
    /// Kind, options and indexes that differ.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub definitions: Vec<DefinitionDiff>,
    /// The documents can't be compared, because the sides hold different things; the notes say which.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub incomparable: bool,
    /// What is worth knowing, in words people read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl CollectionDiff {
    /// Whether nothing differs: documents, order and definition.
    pub fn is_equal(&self) -> bool {
        self.changed == 0
            && self.only_left == 0
            && self.only_right == 0
            && self.missing.is_none()
            && !self.order_differs
            && !self.incomparable
            && self.definitions.is_empty()
    }
}

/// One of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// The first.
    Left,
    /// The second.
    Right,
}

/// A difference between two definitions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DefinitionDiff {
    /// `type`, `options.size`, `index a_1`, …
    pub part: String,
    /// The left side, as Extended JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<String>,
    /// The right side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub right: Option<String>,
}
