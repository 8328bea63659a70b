//! Creators: the profile, how complete it is, and what of it others may see.
//!
//! Owns `ugc_creators`. A creator's abilities come from owning a profile, not from the account's role.

pub mod complete;
pub mod levels;
pub mod desk;
pub mod model;
pub mod ranking;
pub mod service;
pub mod stats;
pub mod store;

pub use model::{Creator, Education, Gender, Level, SocialAccount, SocialNetwork, Stats};

use crate::db::Declared;

/// The collections of this capability.
pub const COLLECTIONS: [Declared; 1] = [Declared::of::<Creator>()];
