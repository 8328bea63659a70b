//! Integration tests against the real database server.
#![allow(clippy::unwrap_used)]

mod support;

mod adopt;
mod db;
mod kill_import;
mod process;
mod ui;
mod web;
