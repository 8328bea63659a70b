//! Accounts.
pub mod model;
pub mod secret;
