//! Background work: jobs, their queue in the database, the worker, schedules and what can be seen of them.
//!
//! A job is a small serialisable struct with a name. It is enqueued in the transaction of what it serves, so that either
//! both exist or neither; it may run more than once (a killed worker, a retry), so it has to be idempotent.

mod model;
mod queue;

pub use model::{Job, Run, When};
pub use queue::{enqueue, enqueue_all_in, enqueue_in};

use crate::db::Declared;

/// The collections of this capability.
pub const COLLECTIONS: [Declared; 1] = [Declared::of::<queue::QueuedJob>()];
