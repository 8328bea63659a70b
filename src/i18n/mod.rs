//! The words people read, as Rust constants and functions: Spanish of Paraguay, one file per capability.

#[cfg(feature = "ssr")]
pub mod import;
