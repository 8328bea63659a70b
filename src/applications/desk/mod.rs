//! Staff's desk for a campaign's applications: who applied, whom it suits, and the answer to each.

mod filter;
pub mod forms;
pub mod pages;
mod row;
mod service;
mod suits;

pub use filter::Filter;
pub use service::{Desk, Row, desk};
pub use suits::{Warning, warnings};
