//! Parsed values shared by every capability: once one of these exists, it is valid.

mod formula;
mod permission;
mod phone;

pub use formula::looks_like_formula;
pub use permission::{Access, Capability, Role};
pub use phone::{Phone, PhoneKind};
