//! Applications: a creator asks for a place, staff answers.
//!
//! Owns `ugc_applications` and `ugc_legacy_leads`. Calls `campaigns` (slots, tallies), `deliverables`, `news`; they don't
//! call back.

mod begin;
mod bulk;
mod cancel;
pub mod checks;
pub mod confirm;
pub mod desk;
pub mod invariants;
pub mod model;
pub mod requirements;
pub mod service;
mod staff;
pub mod state;
pub mod store;

pub use model::{Application, ApplicationStatus, CancelledBy, LegacyLead, StatusStep};

use crate::db::Declared;

/// The collections of this capability.
pub const COLLECTIONS: [Declared; 2] = [Declared::of::<Application>(), Declared::of::<LegacyLead>()];
