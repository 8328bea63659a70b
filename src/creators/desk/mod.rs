//! Staff's desk for creators: the list, one person with everything about them, and the two switches staff has.

mod detail;
mod filter;
pub mod forms;
pub mod pages;
pub mod person;
mod service;

pub use detail::show as detail;
pub use service::campaign_names;
