//! Campaigns: what a brand offers, whom it looks for, how many places there are, and until when.
//!
//! Owns `ugc_campaigns` and `ugc_deadline_changes`. Slots that are taken and tallies change only inside the transactions of
//! applications and deliveries; everything else about a campaign changes here.
//!
//! # Invariants
//!
//! - A form saves over the revision it was made from, or it is refused with everything that was typed.
//! - Rules for deliveries and the deadlines of everybody confirmed change in one transaction, and only after whoever saves
//!   has seen exactly that change; its mails leave when it can no longer be undone.
//! - A contract of M months loads M times, each load once, whatever was down.

pub mod catalogue;
pub mod changes;
pub mod contract;
pub mod deadlines;
pub mod form;
pub mod jobs;
pub mod lights;
pub mod manager;
pub mod markup;
pub mod model;
pub mod pages;
pub mod propagation;
pub mod service;
pub mod state;
pub mod store;
pub mod tally;

pub use changes::DeadlineChange;
pub use deadlines::{Deadlines, DeliveryRules};
pub use model::{Campaign, CampaignStatus};

use crate::db::Declared;

/// The collections of this capability.
pub const COLLECTIONS: [Declared; 2] = [Declared::of::<Campaign>(), Declared::of::<DeadlineChange>()];
