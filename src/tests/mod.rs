//! Integration tests against the real database server.
#![allow(clippy::unwrap_used)]

mod db;
mod inspect;
mod support;
mod ui;
mod support;

mod db;
mod ui;
mod web;
mod db;
mod support;
mod ui;
