//! The inspector.

pub mod bounds;
pub mod ladder;
pub mod masks;
pub mod order;
pub mod paging;
pub mod sort;
