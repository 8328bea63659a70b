//! Brands: who offers campaigns. Their own area isn't here yet.
//!
//! Owns `ugc_brands`.

pub mod model;
pub mod store;

pub use model::Brand;

use crate::db::Declared;

/// The collections of this capability.
pub const COLLECTIONS: [Declared; 1] = [Declared::of::<Brand>()];
