//! Reads everything there is at one moment, as far as that can be earned, and says which moment it was.
//!
//! # The way
//!
//! `list` says what there is, before and after; `watch` follows the change stream between, so that no change of a
//! definition goes unseen (the fence). Between the two lists a rung of the `ladder` reads the documents with `scan` into
//! the `spool`: raw bytes, hashed on their way. `evidence` turns what was seen into checks, `archive` writes it out.
//!
//! # What never happens
//!
//! - a document is decoded, or left out without a reason that is on record;
//! - a count is taken from an estimate: what was read is counted;
//! - a label is given that was not earned in this very run.
//!
//! # Time series
//!
//! A server before 8.3 that keeps buckets gives them under `system.buckets.X`, and the official restore wants them there: the
//! archive then holds the buckets. An engine that only answers with measurements, or keeps buckets where our driver can't
//! insert them, is read through the collection: the archive then holds the measurements, and its entry says so with the
//! unknown field [`MEASUREMENTS`].

mod archive;
mod effort;
mod evidence;
mod gridfs;
mod hashes;
mod identity;
mod ladder;
mod list;
mod mend;
mod moment;
mod probe;
mod report;
mod reread;
mod rungs;
mod scan;
mod spool;
mod sums;
mod trouble;
mod watch;

use std::path::PathBuf;

pub use effort::Effort;
use futures::FutureExt as _;
pub use hashes::{definition_hash, root};
use jiff::Timestamp;
pub use list::excluded_database;
use tokio::sync::watch as channel;

use super::container::Server;
use super::model::{CheckResult, Excluded, Finding, Label, Progress};
use crate::app::Clock;
use crate::db::Db;

/// In an archive's entry for a time series: its documents are measurements, not buckets.
pub const MEASUREMENTS: &str = "canje_measurements";

/// What to read.
#[derive(Clone, Debug)]
pub struct Request {
    /// These databases, or every one the user may see.
    pub databases: Option<Vec<String>>,
    /// A folder of our own for what is read before it is sealed. Holds plain documents: made with mode 0700, removed by
    /// whoever asked.
    pub folder: PathBuf,
}

/// Why nothing was collected.
#[derive(Debug, thiserror::Error)]
pub enum TakeError {
    /// Checks failed: what they saw, and all of them with their evidence.
    #[error("{}", .findings.iter().map(|finding| finding.detail.as_str()).collect::<Vec<_>>().join("; "))]
    Refused {
        /// What isn't as it must be.
        findings: Vec<Finding>,
        /// Everything that was looked at.
        checks: Vec<CheckResult>,
    },
    /// Something broke.
    #[error(transparent)]
    Fault(#[from] anyhow::Error),
}

/// Everything read, on the local disk.
#[derive(Debug)]
pub struct Collected {
    /// Where from.
    pub server: Server,
    /// The moment it stands for.
    pub taken_at: Timestamp,
    /// What can be said about that moment.
    pub label: Label,
    /// Left out, with reasons.
    pub excluded: Vec<Excluded>,
    /// The checks of the source's side, with evidence.
    pub checks: Vec<CheckResult>,
    /// What is worth knowing; nothing that fails a run.
    pub findings: Vec<Finding>,
    /// What was read, in the archive's order.
    read: Vec<scan::Read>,
}

/// Lists, fences, reads, and earns a label.
pub async fn collect(
    db: &Db,
    request: &Request,
    clock: &Clock,
    progress: &channel::Sender<Progress>,
) -> Result<Collected, TakeError> {
    collect_with(db, request, &Effort::default(), clock, progress).await
}

/// Likewise, with other bounds than the usual ones.
pub async fn collect_with(
    db: &Db,
    request: &Request,
    effort: &Effort,
    clock: &Clock,
    progress: &channel::Sender<Progress>,
) -> Result<Collected, TakeError> {
    // Boxed: whoever spawns this need not prove anew that all of it may move between threads.
    ladder::climb(db, request, effort, clock, progress).boxed().await
}
