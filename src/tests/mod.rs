//! Integration tests against the real database server.
#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod support;

mod accounts;
mod adopt;
mod audit;
mod db;
mod exports;
mod import;
mod inspect;
mod kill_import;
mod process;
mod ui;
mod web;
