//! Why an attempt ended, which decides what is done about it.

use mongodb::error::{Error, ErrorKind, TRANSIENT_TRANSACTION_ERROR};

use crate::backup::model::Finding;

/// Why an attempt ended.
#[derive(Debug)]
pub enum Trouble {
    /// Something changed under it: the same again, after a pause.
    Again {
        /// What changed, in words people read.
        what: String,
        /// Where.
        namespace: Option<String>,
    },
    /// This rung can't be reached here: the next one.
    Lower(String),
    /// What was read isn't right, and reading it again won't change that.
    Refused(Vec<Finding>),
    /// Something broke.
    Fault(anyhow::Error),
}

impl From<anyhow::Error> for Trouble {
    fn from(error: anyhow::Error) -> Self {
        Self::Fault(error)
    }
}

impl From<std::io::Error> for Trouble {
    fn from(error: std::io::Error) -> Self {
        Self::Fault(error.into())
    }
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        // A collection that was listed and is gone, or has become something else, or a transaction the server ended. A
        // moment that is no longer kept is another matter: going on there is for whoever asked.
        let is_transient =
            error.contains_label(TRANSIENT_TRANSACTION_ERROR) && !matches!(code(&error), Some(239 | 246));
        if matches!(code(&error), Some(26 | 166 | 175)) || is_transient {
            return Self::Again { what: error.to_string(), namespace: None };
        }
        Self::Fault(error.into())
    }
}

/// The server's code for what it refused.
pub fn code(error: &Error) -> Option<i32> {
    match error.kind.as_ref() {
        ErrorKind::Command(command) => Some(command.code),
        _ => None,
    }
}
