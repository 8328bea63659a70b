//! Accounts.
pub mod limits;
pub mod model;
pub mod passwords;
pub mod policy;
pub mod secret;
