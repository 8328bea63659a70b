//! What a rule is: everything it may know, and everything it may answer.

use std::collections::BTreeMap;
use std::sync::Arc;

use bson::{Bson, Document, RawDocument, RawDocumentBuf};
use serde::{Deserialize, Serialize};

use super::shift::Shift;
use crate::db::Declared;

/// Turns the rows of one legacy collection into canonical documents.
pub trait Rule: Send + Sync {
    /// Its name in the ledger and in reports; never reused for something else.
    fn name(&self) -> &'static str;
    /// The legacy collection it reads.
    fn source(&self) -> &'static str;
    /// Which of its rows; the others are another rule's.
    fn filter(&self) -> Document {
        Document::new()
    }
    /// The live collection its documents go to.
    fn target(&self) -> Declared;
    /// Other live collections that its rows may move to.
    fn other_targets(&self) -> &'static [Declared] {
        &[]
    }
    /// Raised whenever the same row may come out differently: the ledger then takes every row as changed.
    fn version(&self) -> i32;
    /// What it looks up besides the row itself.
    fn look_ups(&self) -> &'static [LookUp] {
        &[]
    }
    /// Fields of the target that no two documents may share, alone or together, as its unique indexes say.
    fn unique_keys(&self) -> &'static [&'static [&'static str]] {
        &[]
    }
    /// Makes the rule ready for rows, once everything it looks up is loaded.
    fn prepare(&self, frozen: &Frozen) -> Box<dyn Adopt>;
}

/// A rule with its look-ups: a pure function of one row.
pub trait Adopt: Send + Sync {
    /// What becomes of the row. The same row and the same look-ups always give the same answer, byte for byte.
    fn adopt(&self, row: &RawDocument) -> Adopted;
}

/// Something a rule reads besides its row, loaded before its first row and not again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LookUp {
    /// These fields (and `_id`) of every row of a legacy collection.
    Source {
        /// The legacy collection.
        collection: &'static str,
        /// Top-level fields.
        fields: &'static [&'static str],
    },
    /// Every row of a legacy collection, whole; read once for all rules of a run.
    Rows {
        /// The legacy collection.
        collection: &'static str,
    },
    /// These fields (and `_id`) of the documents of the target that no adoption has made.
    Local {
        /// Top-level fields.
        fields: &'static [&'static str],
    },
}

/// The loaded look-ups of a rule.
#[derive(Debug, Default)]
pub struct Frozen {
    source: BTreeMap<String, Arc<Vec<RawDocumentBuf>>>,
    local: Vec<RawDocumentBuf>,
    shift: Shift,
}

impl Frozen {
    /// Adds the rows of a legacy collection.
    pub fn with_source(mut self, collection: &str, rows: impl Into<Arc<Vec<RawDocumentBuf>>>) -> Self {
        self.source.insert(collection.to_owned(), rows.into());
        self
    }

    /// Says by how much business dates move.
    pub fn with_shift(mut self, shift: Shift) -> Self {
        self.shift = shift;
        self
    }

    /// By how much business dates move: not at all, but in the demonstration.
    pub fn shift(&self) -> Shift {
        self.shift
    }

    /// Adds the documents of the target that are not from an adoption.
    pub fn with_local(mut self, documents: Vec<RawDocumentBuf>) -> Self {
        self.local = documents;
        self
    }

    /// The rows of a legacy collection, in the order they were read; none when the collection isn't there.
    pub fn source(&self, collection: &str) -> &[RawDocumentBuf] {
        self.source.get(collection).map_or(&[], |rows| rows.as_slice())
    }

    /// The documents of the target that no adoption has made.
    pub fn local(&self) -> &[RawDocumentBuf] {
        &self.local
    }
}

/// What became of one row.
#[derive(Clone, Debug, PartialEq)]
pub struct Adopted {
    /// How people know the row: its own key, not necessarily `_id`.
    pub id: String,
    /// Where it goes.
    pub outcome: Outcome,
    /// What was noticed on the way: once per code, or once per part of the row that it speaks of.
    pub findings: Vec<Noticed>,
}

/// Where a row goes.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// One canonical document, with its `_id`, in the rule's target.
    Write(Document),
    /// One document, with its `_id`, in another collection than the target.
    Move {
        /// The other live collection.
        collection: &'static str,
        /// The document.
        document: Document,
    },
    /// Nothing of its own: the document of another row carries it.
    Fold {
        /// The `_id` of that other document.
        into: Bson,
    },
    /// Not adopted; a finding says why.
    Refuse,
}

/// One thing noticed about a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Noticed {
    /// A stable code, `collection.defect`.
    pub code: &'static str,
    /// What was done about it.
    pub outcome: Treatment,
}

impl Noticed {
    /// Put right on the way.
    pub const fn converted(code: &'static str) -> Self {
        Self { code, outcome: Treatment::Converted }
    }

    /// Adopted as it was.
    pub const fn kept(code: &'static str) -> Self {
        Self { code, outcome: Treatment::Kept }
    }

    /// Left behind: the row, or the one value the code speaks of. The source still has it.
    pub const fn refused(code: &'static str) -> Self {
        Self { code, outcome: Treatment::Refused }
    }
}

/// What was done about something noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Treatment {
    /// Put right on the way.
    Converted,
    /// Adopted as it was.
    Kept,
    /// Left behind.
    Refused,
}

impl Treatment {
    /// The name in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Converted => "converted",
            Self::Kept => "kept",
            Self::Refused => "refused",
        }
    }
}
