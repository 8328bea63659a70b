//! Integration tests against the real database server.
#![allow(clippy::unwrap_used)]

mod support;

mod db;
mod ui;
mod web;
mod db;
mod support;
mod ui;
