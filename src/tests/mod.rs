//! Integration tests against the real database server.
#![allow(clippy::unwrap_used)]

mod support;

mod accounts;
mod audit;
mod db;
mod ui;
mod web;
