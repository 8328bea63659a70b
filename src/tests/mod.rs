//! Integration tests against the real database server.

mod db;
mod inspect;
mod support;
mod ui;
