//! Integration tests against the real database server.

mod support;

mod adopt;
mod db;
mod ui;
