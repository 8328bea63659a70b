//! What the tests share: the database server, a database per test, the application, the program itself, and
//! waiting for states.

mod app;
mod database;
mod eventually;
mod legacy;
mod program;
mod server;

pub use app::{Answer, Browser, NOW, TestApp};
pub use database::TestDb;
pub use eventually::{eventually, eventually_within};
pub use legacy::Legacy;
pub use program::{Program, get};
pub use server::server_uri;
