//! Creators: the profile, how complete it is, and what of it others may see.
//!
//! Owns `ugc_creators` and `ugc_creator_drafts`. A creator's abilities come from owning a profile, not from the account's role.

pub mod area;
pub mod complete;
pub mod desk;
mod draft;
pub mod face;
pub mod fields;
pub mod levels;
pub mod model;
pub mod onboarding;
pub mod pages;
pub mod profile;
pub mod ranking;
pub mod service;
pub mod stats;
pub mod store;
pub mod typed;

pub use model::{Creator, Education, Gender, Level, SocialAccount, SocialNetwork, Stats};

use crate::db::Declared;

/// The collections of this capability.
pub const COLLECTIONS: [Declared; 2] = [Declared::of::<Creator>(), Declared::of::<draft::Draft>()];
