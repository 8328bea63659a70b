//! What the tests share: the database server, a database per test, and waiting for states.

mod database;
mod eventually;
mod server;

pub use database::TestDb;
pub use eventually::eventually;
pub use server::server_uri;
