//! Error monitoring and health: whatever goes wrong is told, once, to people and to the services that watch.
//!
//! Three ways lead out of a failure, and none of them waits for another:
//! - the log, always ([`faults`]);
//! - the notification centre: faults are grouped in memory and published within a second, so that monitoring works without
//!   any external account; while the database is away they are kept and counted;
//! - Sentry, when `SENTRY_DSN` is set ([`sentry`]): events, a tenth of the traces and check-ins of schedules. Everything
//!   that leaves goes through [`scrub`], at the transport, where nothing can pass beside it.
//!
//! Invariants
//! - A dead or hanging Sentry is invisible to users: its queue is bounded, its thread is its own.
//! - No body, cookie, query value, address of a person or key leaves the house.
//! - What receives webhooks logs its own failures as warnings: an error there would come back through Sentry for ever.

pub mod check_in;
pub mod faults;
pub mod metrics;
pub mod pages;
mod readiness;
pub mod scrub;
pub mod sentry;
mod service;
mod transport;
mod trial;

use crate::db::Declared;

pub use faults::Faults;
pub use readiness::{Check, Readiness};
pub use service::Integration;

/// The collection kept here.
pub const COLLECTIONS: [Declared; 1] = [Declared::of::<trial::Trial>()];
