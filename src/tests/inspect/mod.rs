//! The inspector against a real server.

mod pages;
mod paging;
