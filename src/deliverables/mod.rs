//! Deliveries: what a confirmed creator owes, until when, and what became of it.
//!
//! Owns `ugc_deliverables` and `ugc_post_urls`. One delivery per application; it covers both platforms.

pub mod chip;
pub mod desk;
mod facts;
pub mod model;
mod moves;
pub mod pages;
pub mod posts;
pub mod service;
pub mod state;
pub mod store;
pub mod urls;

pub use model::{Deliverable, DeliverableStatus};

use crate::db::Declared;

/// The collections of this capability.
pub const COLLECTIONS: [Declared; 2] = [Declared::of::<Deliverable>(), Declared::of::<posts::TakenPost>()];
