//! Import of a production dump, byte for byte, with proof.
//!
//! Two passes over the dump. The first writes nothing: it reads and checks everything, counts, hashes, and finds what the
//! connected server can't hold. The second loads. Then every document is read back and compared with what the first pass
//! saw, and every definition with the dump's: only then is the import *finished*.
//!
//! Invariants:
//!
//! - A target database does not exist before. Nothing is ever dropped, except by [`service::discard`], and only a database
//!   whose record says that its import never finished; that guard stands in the filter of the update.
//! - The record is written before the first document, so a half-made database is always known as one.
//! - Nothing is left out in silence: every namespace of the dump is imported, or reported as skipped with its reason, or
//!   the import is refused.
//! - Memory doesn't grow with the dump.
//!
//! Loading, reading back and definitions ([`load`], [`verify`], [`catalogue`], [`definitions`]) also serve the restore of backups, which has
//! the same promise to keep.
//!
//! It reads dumps through [`crate::dump`], puts what it did on record through `audit`, and knows no other capability.

pub(crate) mod abilities;
pub mod catalogue;
mod cli;
pub mod definitions;
mod failure;
pub mod load;
mod options;
pub mod plan;
mod progress;
pub mod record;
mod report;
pub mod service;
pub mod survey;
pub mod verify;

pub(crate) use abilities::keeps_buckets;
pub use cli::{ImportArgs, run_command};
pub use failure::{Cause, Difference, Failure, Refusal};
pub use options::{Mapping, Options, Skip};
pub use progress::{Event, Progress, Silent, Stage, Stderr};
pub use record::{Record, State};
pub use report::{Imported, Report, Skipped};
