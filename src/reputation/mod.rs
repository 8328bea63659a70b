//! Ratings, as data: adopted and counted; giving them isn't here yet.
//!
//! Owns `ugc_ratings`, the single source of ratings.

pub mod model;
pub mod store;

pub use model::Rating;

use crate::db::Declared;

/// The collections of this capability.
pub const COLLECTIONS: [Declared; 1] = [Declared::of::<Rating>()];
