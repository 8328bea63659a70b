//! What other services tell us: intake, processing, and the page that shows both.
//!
//! A delivery is verified over its raw bytes, read, and stored in `webhook_events` on a majority's disks before it is
//! answered; nothing else happens in the request. The job [`Process`] turns what waits into notices and mail feedback, each
//! batch in one transaction with its own marks, so that a kill at any moment neither loses a delivery nor counts it twice.
//!
//! # Decisions
//! - A service without a configured secret has no authentic delivery: 401 like any other unsigned request, and the guide's
//!   page says what is missing. Senders that repeat (Resend) bring it again once the secret is there.
//! - Sentry doesn't sign its timestamp, so a captured request could be replayed for ever: a delivery's key has no time in it
//!   and is kept for as long as the row. A timestamp more than ten minutes off is refused as a sanity check.
//! - What is kept are the picked fields and the digest of the body; the body itself only when it couldn't be read. Payloads
//!   carry people's data (addresses, headers, cookies), the picked fields are a list of what may stay.
//! - An authentic delivery is never refused for being one of many. Only strangers are limited, per address.
//! - An opening that is older than a closing already applied (or the other way round) changes nothing: there is no promise
//!   of order. It is kept as ignored, with that reason.
//!
//! Uses `notifications`, `mail` (feedback), `jobs`, `audit`. Failures of the intake are warnings and never errors: an error
//! would be reported to Sentry, which would call the intake.

mod command;
pub mod forms;
pub mod intake;
pub mod model;
pub mod pages;
mod probe;
mod process;
mod service;
mod sources;
mod store;
mod strangers;
mod tally;
mod verify;
mod writer;

pub use command::{WebhooksArgs, replay, run_command};
pub use intake::Intake;
pub use model::{Source, Status};
pub use process::{Process, process_due};
pub use store::newest;
pub use verify::{sign_sentry, sign_svix};

use crate::db::Declared;

/// The collections kept here.
pub const COLLECTIONS: [Declared; 2] = [Declared::of::<model::Delivery>(), Declared::of::<tally::Count>()];
