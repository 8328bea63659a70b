//! Canonical Extended JSON v2, straight between text and raw BSON.
//!
//! Dump metadata is Extended JSON, and in pipelines and validators the order of names is meaning. So nothing here goes
//! through a map: order and duplicate names are kept both ways, depth is bounded, and text → bytes → text is the identity
//! on canonical text. Relaxed numbers and dates are read too, as the official restore reads them.

mod json;
mod read;
mod write;

pub use read::{JsonError, to_raw};
pub use write::from_raw;

/// Deepest nesting accepted and written.
pub const MAX_DEPTH: usize = 200;

#[cfg(test)]
mod tests;
