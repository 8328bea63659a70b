//! Leads a run from the first listing to the proof, journals every step, resumes after a kill.
//!
//! # The way
//!
//! `planned → scanning → sealed → uploaded → read-back → test-restored → complete`. Each transition is one transaction in the
//! operations database: the run's new state and a line of the journal. Only `complete` is green; whatever is found on the
//! way that is worse than information makes the run `failed`, with the reason in words.
//!
//! # Who may write
//!
//! At most one run is active, by a lock with one possible name. Whoever takes it up makes himself its holder, and every write about it is
//! guarded by that: of two processes that think they lead the same run only the later one writes.
//!
//! # After a kill
//!
//! A run that wasn't sealed begins again with an empty spool. A sealed one goes on: parts are named by their index and never
//! replaced, and the manifests come out the same byte for byte, because everything they are made of is on record. Nothing is
//! sent to a store before the place it goes to is on record, so that no leftover is unknown.

mod alarms;
mod beat;
mod blame;
mod catalogue;
pub mod command;
mod compare;
mod complete;
mod course;
mod drill;
pub mod health;
mod ledger;
mod plan;
mod read_back;
mod request;
mod reread;
mod seal;
mod sealing;
mod send;
mod shrink;
mod silent;
mod spool;
mod stock;
mod trial;

pub use alarms::look as look_for_lateness;
pub use catalogue::Vanished;
pub use drill::drill;
pub use ledger::tell;
pub use request::{Unwanted, Wanted, cancel, request, request_for, start};
pub use reread::reread;
pub use silent::fail_silent;
pub use stock::{Lying, Residue, residues};

use super::Depot;
use super::model::BackupId;
use super::record::BackupRun;

/// Does a requested run, or goes on with one that was interrupted. Ends with the run as it is on record: complete, failed or
/// cancelled; `Err` only when that couldn't be recorded, or when somebody else took the run up meanwhile.
pub async fn execute(depot: &Depot, id: &BackupId, actor: &str) -> anyhow::Result<BackupRun> {
    course::lead(depot, id, actor).await
}
