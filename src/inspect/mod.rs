//! The inspector.

pub mod bounds;
pub mod ladder;
pub mod masks;
pub mod order;
pub mod paging;
pub mod sort;
pub mod store;
pub mod survey;
