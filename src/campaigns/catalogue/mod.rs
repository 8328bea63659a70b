//! The public catalogue: which campaigns take applications now, and what of a campaign anybody may see.
//!
//! Pages get a [`PublicCampaign`], an allow-list: notes, contract, package, pickup and contact data and counts of applicants
//! never reach a template here. Only live and visible campaigns are read, so the catalogue's cost doesn't grow with the past.

mod asked;
mod listing;
mod model;
pub mod pages;
pub mod service;
mod store;

pub use asked::{Asked, Filter, PATH};
pub use listing::Key;
pub use model::{Intake, Listed, PublicCampaign, PublicCanje, Slots};
