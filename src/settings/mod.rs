//! Settings of the platform: one document, saved field by field.

mod model;
mod store;

pub use model::{AlertRecipients, AlertTimes, MonitorProject, Settings};
pub use store::{load, load_in};

use crate::db::Declared;

/// The collection of this capability.
pub const COLLECTIONS: [Declared; 1] = [Declared::of::<Settings>()];
