//! One box over everything staff may see: campaigns, creators, and who applied where.
//!
//! The palette asks for a fragment of it; `/admin/buscar` is the same as a page. Owns nothing.

pub mod pages;
mod service;

pub use service::{Group, Hit, find};
