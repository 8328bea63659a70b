//! Restores: inspect, test-restore, preview, new-db, selected. Always into a database that did not exist.

pub mod command;

use tokio::sync::watch;

use super::Depot;
use super::container::OpenBackup;
use super::keys::Opener;
use super::model::{CheckResult, Finding, Namespace, Progress};

/// What a trial restore found.
#[derive(Clone, Debug, Default)]
pub struct Trial {
    /// Every included namespace with what was found in the restored copy.
    pub namespaces: Vec<Namespace>,
    /// The restore side's checks, the known-bad controls among them.
    pub checks: Vec<CheckResult>,
    /// What wasn't equal.
    pub findings: Vec<Finding>,
}

/// Restores every database of a stored backup into `restore_check_<id>_<n>`, compares, damages copies and proves that the
/// comparison sees it, and drops what it made. Scratch databases of an earlier trial of the same backup are cleared first.
pub async fn trial(
    _depot: &Depot,
    _backup: &OpenBackup,
    _opener: &Opener,
    _progress: &watch::Sender<Progress>,
) -> anyhow::Result<Trial> {
    anyhow::bail!("not yet")
}
