//! The inspector.

pub mod masks;
pub mod order;
