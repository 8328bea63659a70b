//! Applications, against the real database.

mod apply;
mod confirming;
mod ending;
pub mod world;
