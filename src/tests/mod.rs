//! Integration tests against the real database server.
#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod support;

mod accounts;
mod adopt;
mod audit;
mod backup;
mod bell;
mod db;
mod emulators;
mod exports;
mod import;
mod inspect;
mod jobs;
mod kill_import;
mod mail;
mod monitoring;
mod notifications;
mod process;
mod ui;
mod web;
mod webhooks;
