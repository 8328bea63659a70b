//! Parsed values shared by every capability: once one of these exists, it is valid.

mod formula;
mod permission;

pub use formula::looks_like_formula;
pub use permission::{Access, Capability, Role};
