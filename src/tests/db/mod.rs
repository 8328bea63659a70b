//! The database layer against a server.

mod embedded;
mod indexes;
mod read_only;
mod transaction;
