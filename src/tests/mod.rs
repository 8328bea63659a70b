//! Integration tests against the real database server.

mod db;
mod support;
mod ui;
