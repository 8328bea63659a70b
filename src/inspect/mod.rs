//! The inspector.

pub mod filter;
pub mod masks;
