//! Campaigns: what a brand offers, whom it looks for, how many places there are, and until when.
//!
//! Owns `ugc_campaigns`. Slots and tallies change only inside the transactions of applications and deliveries.

pub mod deadlines;
pub mod lights;
pub mod manager;
pub mod markup;
pub mod model;
pub mod store;
pub mod tally;

pub use deadlines::{Deadlines, DeliveryRules};
pub use model::{Campaign, CampaignStatus};

use crate::db::Declared;

/// The collections of this capability.
pub const COLLECTIONS: [Declared; 1] = [Declared::of::<Campaign>()];
