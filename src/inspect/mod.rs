//! The inspector.

pub mod exports;
pub mod filter;
pub mod json;
pub mod masks;
