//! Integration tests against the real database server.
#![allow(clippy::unwrap_used)]

mod db;
mod inspect;
mod support;
mod support;
mod ui;

mod accounts;
mod adopt;
mod audit;
mod db;
mod db;
mod import;
mod kill_import;
mod process;
mod support;
mod ui;
mod ui;
mod web;
