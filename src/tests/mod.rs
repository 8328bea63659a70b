//! Integration tests against the real database server.
#![allow(clippy::unwrap_used)]

mod support;

mod adopt;
mod db;
mod process;
mod ui;
mod web;
