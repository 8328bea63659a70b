//! What is kept, what may go: a plan, a typed approval, then the deletion.
//!
//! The policy counts calendar buckets per store, because a store that only gets the weekly backup keeps other weeks than
//! the daily one. Only complete backups count for it: a failed run never pushes out a good one. What a run left behind
//! when it ended early is listed too, so that nothing lies around unseen.
//!
//! Invariants:
//! - a plan changes nothing; an approval names the plan's hash and its number, and is void when the plan has moved;
//! - a store never ends up with fewer proven backups than the minimum;
//! - what a person holds is not deleted, also when the hold comes between plan and deletion;
//! - a signed tombstone is on record before the first object goes.

mod apply;
pub mod command;
mod job;
mod plan;
mod policy;

pub use apply::{Approval, Refused, apply, hold};
pub use job::Prune;
pub use plan::{Kept, Plan, Removal, StorePlan, decide, plan};
pub use policy::{Policy, Reason};
