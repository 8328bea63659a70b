//! Why an import did not end well, in the operator's words, and what he can do about it.

use std::fmt;

use crate::dump::DumpError;
use crate::i18n::import as words;

/// An import that did not end well.
#[derive(Debug)]
pub struct Failure {
    /// What went wrong.
    pub cause: Cause,
    /// Databases this run began to make. They are not to be used; each can be removed with `canje import --discard NAME`.
    pub unfinished: Vec<String>,
}

/// What went wrong.
#[derive(Debug)]
pub enum Cause {
    /// The dump itself is refused.
    Dump(DumpError),
    /// Something in it can't be imported here. Found before the first write.
    Refused(Vec<Refusal>),
    /// A target database exists already.
    Exists {
        /// Its name.
        database: String,
    },
    /// An earlier import into this database never finished.
    Unfinished {
        /// Its name.
        database: String,
    },
    /// `--discard` of a database that has no unfinished import on record.
    NotDiscardable {
        /// Its name.
        database: String,
    },
    /// What is on the server is not what is in the dump.
    Different(Vec<Difference>),
    /// Someone else changed the import's record, for example by discarding it.
    Superseded {
        /// Its database.
        database: String,
    },
    /// The database or the machine failed.
    Fault(anyhow::Error),
}

/// One namespace that can't be imported, and the feature that stands in the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// As the dump names it.
    pub namespace: String,
    /// In words.
    pub feature: String,
}

/// One thing on the server that is not as in the dump.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// As the server names it.
    pub namespace: String,
    /// The `_id` of the document, as Extended JSON, where it is about one.
    pub id: Option<String>,
    /// In words.
    pub what: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&words::failure(self))
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.cause {
            Cause::Dump(error) => Some(error),
            Cause::Fault(error) => Some(error.as_ref()),
            _ => None,
        }
    }
}

impl From<anyhow::Error> for Cause {
    fn from(error: anyhow::Error) -> Self {
        Self::Fault(error)
    }
}

impl From<mongodb::error::Error> for Cause {
    fn from(error: mongodb::error::Error) -> Self {
        Self::Fault(error.into())
    }
}

impl From<DumpError> for Cause {
    fn from(error: DumpError) -> Self {
        Self::Dump(error)
    }
}

impl From<Cause> for Failure {
    fn from(cause: Cause) -> Self {
        Self { cause, unfinished: Vec::new() }
    }
}
