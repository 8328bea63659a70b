//! Integration tests against the real database server.
#![allow(clippy::unwrap_used)]

mod support;

mod accounts;
mod adopt;
mod audit;
mod db;
mod import;
mod inspect;
mod kill_import;
mod process;
mod ui;
mod web;
