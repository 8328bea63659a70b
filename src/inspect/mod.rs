//! The inspector.

pub mod masks;
