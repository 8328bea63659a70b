//! The campaign manager: every campaign with its counters and traffic lights, fifty a page.

mod filter;
pub mod pages;
mod service;
mod store;

pub use filter::Filter;
pub use service::{Manager, Row, manager};
pub use store::Overview;
