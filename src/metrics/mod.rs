//! Statistics of published posts, as data: adopted, counted and archived; their screens aren't here yet.
//!
//! Owns `ugc_metrics`.

pub mod model;
pub mod store;

pub use model::Metrics;

use crate::db::Declared;

/// The collections of this capability.
pub const COLLECTIONS: [Declared; 1] = [Declared::of::<Metrics>()];
