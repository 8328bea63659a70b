//! What the tests share: the database server, a database per test, and waiting for states.

mod app;
mod database;
mod eventually;
mod server;

pub use app::{Answer, Browser, NOW, TestApp};
pub use database::TestDb;
pub use eventually::eventually;
pub use server::server_uri;
