//! Backups that prove themselves: taken, sealed, stored twice, read back, restored for trial, compared.
//!
//! The claim of a run that is [`Complete`](model::State::Complete): *for every namespace listed at time T and visible to
//! the named user, the stored object holds exactly the multiset of documents that existed at T, byte for byte, and its
//! definition; each stored copy was read back and gives the same result; and a restore of it was compared document by
//! document.* Anything less has another name.
//!
//! # The way of a run
//!
//! [`take`] lists, fences, scans and earns a consistency label; [`container`] seals the archive into encrypted parts with a
//! signed manifest; [`stores`] keep them, the manifest last; [`verify`] reads every copy back and shares no parsing code
//! with what wrote it; [`restore`] rebuilds it in a scratch database, compares, and proves that its own comparison can
//! fail. [`run`] leads through all of it, journals every step and resumes after a kill.
//!
//! # Invariants
//!
//! - Raw bytes only: no document is ever decoded on the way.
//! - No silent skip: every namespace the server lists is included, or excluded with a reason, or the run fails.
//! - The manifest is stored last. Without it there is no backup.
//! - The backup's own state lives in a database of its own (`canje_ops`), which exists before anything is listed.
//! - Nothing here drops a database but one made by a trial restore and on record as such.
//! - Request handlers hold recipients only. The operations identity is loaded by jobs and commands ([`keys`]).

pub mod cli;
pub mod container;
pub mod decrypt;
pub mod depot;
pub mod diff;
pub mod jobs;
pub mod keys;
pub mod keys_command;
pub mod model;
pub mod pages;
pub mod record;
pub mod restore;
pub mod retention;
pub mod run;
pub mod stores;
pub mod take;
pub mod upload;
pub mod verify;

pub use depot::Depot;
pub use record::{COLLECTIONS, OPS_COLLECTIONS};
