//! Integration tests against the real database server.
#![allow(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod support;

mod accounts;
mod adopt;
mod applications;
mod audit;
mod backup;
mod bell;
mod campaigns;
mod catalogue;
mod creator_area;
mod creators;
mod db;
mod deliverables;
mod emulators;
mod exports;
mod import;
mod inspect;
mod invariants;
mod jobs;
mod kill_import;
mod lists;
mod mail;
mod monitoring;
mod news;
mod notifications;
mod process;
mod sign_up;
mod ugc_admin;
mod ugc_adoption;
mod ui;
mod waits;
mod web;
mod webhooks;
