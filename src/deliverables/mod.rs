//! Deliveries: what a confirmed creator owes, until when, and what became of it.
//!
//! Owns `ugc_deliverables`. One delivery per application; it covers both platforms.

pub mod chip;
pub mod model;
pub mod pages;

pub use model::{Deliverable, DeliverableStatus};

use crate::db::Declared;

/// The collections of this capability.
pub const COLLECTIONS: [Declared; 1] = [Declared::of::<Deliverable>()];
