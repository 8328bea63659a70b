//! Integration tests against the real database server.

mod ui;
