//! What a failed read is to the person who asked.

use super::paging::PageError;
use crate::db::ReadError;
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::inspect as words;

/// A failed read as an error state with its reason: refused queries are told, unreachable and slow servers are 503, and
/// what we don't understand is a fault with a reference.
pub fn read(error: ReadError) -> Failure {
    match error {
        ReadError::TimedOut => AppError::TimedOut.into(),
        ReadError::Forbidden { .. } => Failure::invalid("filter", error.to_string()),
        // The message may quote the filter, and a filter may name a person: it stays out of the log.
        ReadError::Server { code, ref name, .. } => {
            tracing::info!(code, name, "the server refused a query");
            Failure::invalid("filter", error.to_string())
        }
        ReadError::Unavailable(cause) => Failure::from(anyhow::Error::from(cause).context("reading for the inspector")),
        ReadError::Malformed(_) => Failure::from(anyhow::Error::from(error)),
    }
}

impl From<PageError> for Failure {
    fn from(error: PageError) -> Self {
        match error {
            PageError::Read(error) => read(error),
            PageError::ManyPlaces => Failure::invalid("sort", words::SORT_HAS_LISTS),
        }
    }
}
