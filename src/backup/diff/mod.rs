//! Compares any two of: a live database, one of a stored backup, one of a dump. Document by document, in bounded memory.

pub mod command;

use serde::{Deserialize, Serialize};

/// What two databases have in common.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// Whether nothing differs.
    pub equal: bool,
    /// Per collection.
    pub collections: Vec<CollectionDiff>,
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
}
