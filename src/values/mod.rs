//! Parsed values shared by every capability: once one of these exists, it is valid.

mod permission;

pub use permission::{Access, Capability, Role};
