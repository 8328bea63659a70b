//! A delivery as its creator sees it.

mod check;
pub mod creator;

pub use check::check;
