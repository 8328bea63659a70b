//! The inspector.

pub mod filter;
pub mod json;
pub mod masks;
