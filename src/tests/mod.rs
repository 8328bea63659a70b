//! Integration tests against the real database server.
#![allow(clippy::unwrap_used)]

mod support;

mod adopt;
mod accounts;
mod audit;
mod db;
mod import;
mod process;
mod ui;
mod web;
mod db;
mod support;
mod ui;
