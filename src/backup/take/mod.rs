//! Reads everything there is at one moment, as far as that can be earned, and says which moment it was.

mod hashes;

use std::io::Write;
use std::path::PathBuf;

pub use hashes::{definition_hash, root};
use jiff::Timestamp;
use tokio::sync::watch;

use super::container::Server;
use super::model::{CheckResult, Excluded, Finding, Label, Namespace, Progress};
use crate::app::Clock;
use crate::db::Db;

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
}

/// Lists, fences, reads, and earns a label.
pub async fn collect(
    _db: &Db,
    _request: &Request,
    _clock: &Clock,
    _progress: &watch::Sender<Progress>,
) -> Result<Collected, TakeError> {
    Err(TakeError::Fault(anyhow::anyhow!("not yet")))
}

impl Collected {
    /// Writes the archive, namespaces sorted, and says what each holds. `id` rides in the header's unknown fields. Blocking.
    pub fn write_archive(&self, _id: &str, _out: &mut dyn Write) -> anyhow::Result<Vec<Namespace>> {
        anyhow::bail!("not yet")
    }
}
