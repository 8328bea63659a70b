//! Leads a run from the first listing to the proof, journals every step, resumes after a kill.

pub mod command;

use super::Depot;
use super::model::{BackupId, Person, Trigger};
use super::record::BackupRun;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Why.
    pub trigger: Trigger,
    /// By whom.
    pub person: Person,
    /// Stores by name; `None`: what the trigger asks for by default.
    pub stores: Option<Vec<String>>,
    /// Databases; `None`: all that can be seen.
    pub databases: Option<Vec<String>>,
}

/// Why a run can't be asked for.
#[derive(Debug, thiserror::Error)]
pub enum Unwanted {
    /// Another one is under way.
    #[error("{}", crate::i18n::backup::run::under_way(.0))]
    UnderWay(BackupId),
    /// No store is configured, or there is none of that name.
    #[error("{0}")]
    NoStore(String),
    /// Something broke.
    #[error(transparent)]
    Fault(#[from] anyhow::Error),
}

/// Puts a run on record as queued. At most one is under way; one without a heartbeat for five minutes is failed first.
pub async fn request(_depot: &Depot, _wanted: Wanted) -> Result<BackupRun, Unwanted> {
    Err(Unwanted::Fault(anyhow::anyhow!("not yet")))
}

/// Does a requested run, or goes on with one that was interrupted. Ends with the run as it is on record: complete, failed or
/// cancelled; `Err` only when that couldn't be recorded.
pub async fn execute(_depot: &Depot, _id: &BackupId, _actor: &str) -> anyhow::Result<BackupRun> {
    anyhow::bail!("not yet")
}
