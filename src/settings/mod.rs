//! Settings of the platform: one document, saved field by field.
//!
//! A form carries the revision it was drawn from. What differs from it is saved, and only if nobody else saved since: two
//! people never undo each other's changes without seeing them. Every save is on record with before and after.
//!
//! Owns `admin_settings`. Other capabilities read it by [`load`]; nobody else writes it.

mod fields;
pub mod forms;
mod holidays;
mod model;
pub mod pages;
mod service;
mod store;
mod typed;

pub use model::{AlertRecipients, AlertTimes, MonitorProject, Settings, Waits};
pub use service::{Overview, TestChannel, overview, save, test};
pub use store::{load, load_in};

use crate::db::Declared;

/// The collection of this capability.
pub const COLLECTIONS: [Declared; 1] = [Declared::of::<Settings>()];
