//! The back office's first page: what needs somebody, the figures of each module, how the system is, what happened lately.
//!
//! It owns no data and changes none. A figure that can't be read says so in its own place: never a zero in its stead, and
//! never a whole page lost for one of them. Each person sees what their capabilities open, nothing greyed out.

mod operations;
pub mod pages;
mod service;
