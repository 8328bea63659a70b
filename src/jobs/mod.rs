//! Background work: jobs, their queue in the database, the worker, schedules and what can be seen of them.
//!
//! A job is a small serialisable struct with a name. It is enqueued in the transaction of what it serves, so that either
//! both exist or neither; it may run more than once (a killed worker, a retry), so it has to be idempotent.
//!
//! # Who holds what
//!
//! Four collections. `jobs` is the queue and holds only what waits or runs. `job_locks` has one document per living worker,
//! whose `beat` it raises while it lives. `job_runs` is the record: every scheduled occurrence, everything started by hand,
//! every dead letter, and every run that logged a line or told its progress; the thousands of small jobs that simply went
//! well leave no row. `job_schedules` remembers since when a schedule exists and how its last run went.
//!
//! # Time
//!
//! Wall clocks jump, so no lease holds a time. A worker that watches another one looks at its `beat`; a beat that stays the
//! same for [`Pace::lease`] of the *watcher's* monotonic clock is a dead worker's, and its jobs wait again. A worker that
//! couldn't raise its own beat for two thirds of that time drops what it runs, before anybody may take it over. What is
//! decided by the wall clock is only when a delayed job is due and which occurrence of a schedule has come: a jump forward
//! runs those early, once (an occurrence has one row for ever); after a jump back nothing that was wanted *at once* waits,
//! because such a job is `ready` and compared with no clock, and no retry waits for longer than its own back-off.
//!
//! # Invariants
//!
//! - Every write about a running job is guarded by the token of the batch it was claimed in.
//! - A job leaves the queue only by being done, cancelled by a person, or buried as a dead letter with a notice.
//! - Nothing here waits for a job longer than its declared [`Job::LONGEST`].

mod backlog;
mod claim;
pub mod cli;
mod hooks;
mod lease;
mod model;
pub mod pages;
mod queue;
mod record;
mod registry;
mod run;
mod schedule;
mod service;
mod settle;
mod store;
#[cfg(feature = "emulators")]
pub mod trial;
mod worker;

pub use backlog::{Backlog, backlog};
pub use model::{Job, When};
pub use queue::{enqueue, enqueue_all_in, enqueue_in, is_queued};
pub use record::{JobRun, RunStatus};
pub use registry::{Registry, Schedule};
pub use run::Run;
pub use schedule::{Timing, begin_business_in, known_since, missed};
pub use worker::{Pace, Worked, Worker, work_off};

use crate::db::Declared;

/// The collections of this capability.
pub const COLLECTIONS: [Declared; 4] = [
    Declared::of::<queue::QueuedJob>(),
    Declared::of::<record::JobRun>(),
    Declared::of::<lease::WorkerLock>(),
    Declared::of::<schedule::ScheduleState>(),
];

/// Adds the jobs that only tests and benches run.
#[cfg(feature = "emulators")]
pub fn with_trials(registry: Registry) -> Registry {
    registry.job::<trial::Nothing>().job::<trial::Ledger>().job::<trial::Stumble>()
}

/// A production build has no jobs for tests.
#[cfg(not(feature = "emulators"))]
pub fn with_trials(registry: Registry) -> Registry {
    registry
}
