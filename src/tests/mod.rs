//! Integration tests against the real database server.
#![allow(clippy::unwrap_used)]

mod db;
mod exports;
mod inspect;
mod support;
mod ui;

mod accounts;
mod adopt;
mod audit;
mod import;
mod kill_import;
mod process;
mod web;
