//! Staff's desk for deliveries: of all campaigns, of one campaign, of one person; and one delivery with what may be done.

mod counts;
pub mod detail;
mod filter;
pub mod forms;
pub mod pages;
mod service;

pub use counts::Counts;
pub use service::{Listing, Row, Whose};
