//! The database: connecting, declared collections and indexes, transactions, read-only access and the embedded engine.
//!
//! Two handles exist and they are not interchangeable. [`Db`] reads and writes the live database and is held by services
//! and stores. [`ReadOnlyDb`] has its own connection and no way to write at all; inspection, surveys and exports are given
//! that one and nothing else.
//!
//! Invariants:
//! - a [`Db`] exists only for a server that has transactions (replica set or sharded) and is new enough;
//! - every write is acknowledged by a majority and journalled, by the client's own write concern;
//! - the connection string never leaves `connect.rs`: what is shown is [`ServerFacts::host_alias`];
//! - nothing here drops a collection, an index or a database.

mod change;
mod connect;
mod date;
pub mod embedded;
mod fresh;
pub mod indexes;
pub mod keyset;
mod options;
pub mod read_only;
mod transaction;

pub use change::write_change_in;
pub use connect::{ConnectError, Db, ServerFacts, Settings, Topology, judge};
pub use date::{date, timestamp};
pub use fresh::{Commits, Fresh};
pub use indexes::{Declared, IndexFinding, IndexSpec, Stored};
pub use read_only::{ReadError, ReadOnlyDb};
pub use transaction::{DriverError, Lost, Transaction, with_transaction};
