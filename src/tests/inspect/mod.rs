//! The inspector against a real server.

mod paging;
