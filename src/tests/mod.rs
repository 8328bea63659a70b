//! Integration tests against the real database server.
#![allow(clippy::unwrap_used)]

mod db;
mod inspect;
mod support;
mod support;
mod ui;

mod db;
mod db;
mod support;
mod ui;
mod ui;
mod web;
