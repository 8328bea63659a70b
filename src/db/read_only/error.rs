//! How a read fails.

use mongodb::error::{Error, ErrorKind};

use crate::{db::Db, i18n};

/// A failed read. Displays as a sentence for the person who asked; what the server said is kept for the log.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The command, field, stage or operator isn't on the list; nothing was sent.
    #[error("{}", i18n::db::read_forbidden(what))]
    Forbidden { what: String },
    #[error("{}", i18n::db::TIMED_OUT)]
    TimedOut,
    #[error("{}", i18n::db::UNAVAILABLE)]
    Unavailable(#[source] Error),
    /// The server refused, most often because the filter makes no sense to it.
    #[error("{}", i18n::db::read_refused(*code))]
    Server { code: i32, name: String, message: String },
    #[error("{}", i18n::db::READ_MALFORMED)]
    Malformed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl ReadError {
    pub(super) fn forbidden(what: impl Into<String>) -> Self {
        Self::Forbidden { what: what.into() }
    }

    pub(super) fn malformed(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Malformed(cause.into())
    }
}

impl From<Error> for ReadError {
    fn from(error: Error) -> Self {
        const MAX_TIME_EXPIRED: i32 = 50;
        if Db::is_unavailable(&error) {
            return Self::Unavailable(error);
        }
        match error.kind.as_ref() {
            ErrorKind::Command(e) if e.code == MAX_TIME_EXPIRED => Self::TimedOut,
            ErrorKind::Command(e) => {
                Self::Server { code: e.code, name: e.code_name.clone(), message: e.message.clone() }
            }
            _ => Self::malformed(error),
        }
    }
}

/// Whether no server could be found at all, after waiting for one: trying again at once is pointless.
pub(super) fn no_server(error: &Error) -> bool {
    matches!(
        error.kind.as_ref(),
        ErrorKind::ServerSelection { .. } | ErrorKind::DnsResolve { .. } | ErrorKind::Shutdown
    )
}
