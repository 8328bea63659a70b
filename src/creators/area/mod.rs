//! A creator's own pages: what is due, what they applied to, what they delivered.
//!
//! Reads only: what a creator does here is done by `applications` and `deliverables`. Every page costs a fixed number of
//! queries, and each of them begins with the creator's own id.

pub mod model;
pub mod pages;
pub mod service;
mod store;
