//! Exports: the whole filtered result of a collection as JSON Lines, CSV or XLSX, in bounded memory.
//!
//! An export is a row of `exports` first (*queued*), made by a form. The download takes the row over (*running*), once and
//! never again, streams, and leaves it *done*, *failed* or *cancelled*. The page reads its progress from the row. Somebody
//! else's row doesn't exist.
//!
//! Invariants:
//! - a body ends cleanly only after everything was sent, the row says *done* and the outcome is on record; whatever goes
//!   wrong before aborts the connection, so that a cut file can't be taken for a whole one;
//! - secrets are in no export; personal values only when a reason was given, which is recorded before the first byte;
//! - a table's columns are chosen, or found in a pass over everything that will be exported; a field that appears after that
//!   pass fails the export instead of being left out;
//! - batches are encoded as raw documents, one at a time, and a client that has gone away ends the cursor.

mod csv;
mod lines;
pub mod pages;
mod request;
mod run;
pub mod service;
mod sheet;
mod store;
mod table;

use std::time::Duration;

use ::bson::{RawArray, RawBsonRef, RawDocument};

pub use self::csv::Dialect;
pub use request::{Request, Shape};
pub use run::stream;
pub use sheet::ROWS_PER_SHEET;
pub use store::{ExportRow, Status};

use crate::ctx::Ctx;
use crate::db::{Declared, ReadError};
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::exports as words;
use crate::inspect::server_fns::Progress;

/// The collection kept here.
pub const COLLECTIONS: [Declared; 1] = [Declared::of::<ExportRow>()];

/// What an export may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For each pass over the collection.
    pub max_time: Duration,
    /// Documents per batch.
    pub batch: u32,
    /// Rows of a sheet below its head.
    pub rows_per_sheet: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_time: Duration::from_secs(60 * 60), batch: 1_000, rows_per_sheet: ROWS_PER_SHEET }
    }
}

/// Why an export ended early.
#[derive(Debug)]
pub enum Stop {
    /// The client went away or somebody cancelled.
    Cancelled,
    /// A field appeared that had no column.
    Changed,
    /// More columns than a table may have.
    TooManyColumns,
    /// The database didn't answer in time, can't be reached, or said no.
    Read(ReadError),
    /// A stored document isn't valid BSON.
    Malformed(::bson::error::Error),
    /// Something else broke.
    Fault(anyhow::Error),
}

impl Stop {
    fn fault(error: impl Into<anyhow::Error>) -> Self {
        Self::Fault(error.into())
    }

    /// The code kept in the row; the words for it are in the catalogue.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Cancelled => "cancelled",
            Self::Changed => "changed",
            Self::TooManyColumns => "too_many_columns",
            Self::Read(ReadError::TimedOut) => "timed_out",
            Self::Read(ReadError::Unavailable(_)) => "unavailable",
            Self::Read(_) => "refused",
            Self::Malformed(_) => "malformed",
            Self::Fault(_) => "fault",
        }
    }
}

impl From<::bson::error::Error> for Stop {
    fn from(error: ::bson::error::Error) -> Self {
        Self::Malformed(error)
    }
}

impl From<ReadError> for Stop {
    fn from(error: ReadError) -> Self {
        Self::Read(error)
    }
}

/// The documents of a batch.
fn documents(batch: &RawArray) -> impl Iterator<Item = Result<&RawDocument, Stop>> {
    batch.into_iter().map(|item| match item? {
        RawBsonRef::Document(document) => Ok(document),
        _ => Err(Stop::Fault(anyhow::anyhow!("a batch holds something that is not a document"))),
    })
}

/// How far a person's own export is, in finished words. A fault is logged here: a server function has no other way out.
pub async fn progress(ctx: &Ctx, id: &str) -> Result<Progress, AppError> {
    service::load(ctx, id).await.map(|row| words::progress(&row)).map_err(|failure| {
        if let Failure::Fault(fault) = &failure {
            tracing::error!(reference = %ctx.request_id, "{fault:#}");
        }
        failure.told(&ctx.request_id)
    })
}
