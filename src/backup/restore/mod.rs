//! Restores: inspect, test-restore, preview, new-db, selected. Always into a database that did not exist.
//!
//! ```text
//! origin      where documents come from: a stored backup or a local dump
//! rebuild     the order of work: collections, documents, comparison, indexes, definitions, views, expiry
//! judge       what compares; a test may blind it to see that the controls notice
//! trial       a whole backup into scratch databases      controls   copies damaged on purpose
//! gridfs      whether files are complete                  views      whether views answer what their definition says
//! contents    what a source holds                         interlocks  what stands before a database in use
//! planning    a plan, and a person's word for it          running     a confirmed restore, resumable
//! extraction  one document by its `_id`                   service     what people may do on the pages
//! expiring    which databases go by themselves            pages       the screens
//! standing    how restores stand, and giving them up
//! scratch     the only place that removes anything
//! ```
//!
//! # Invariants
//!
//! - A target did not exist before, and is on record before it exists.
//! - Documents go in as the bytes they are, and are read back and compared before anything is called restored.
//! - What removes a database or collection is [`scratch`], by a record whose guard stands in the filter of the update. No
//!   other file of this module can.
//! - An error stops a restore; nothing is continued through.

pub mod command;
pub mod contents;
mod controls;
pub mod expiring;
pub mod extraction;
mod gridfs;
pub mod interlocks;
pub mod jobs;
pub mod judge;
pub mod origin;
pub mod pages;
pub mod planning;
pub mod rebuild;
pub mod records;
pub mod running;
pub mod scratch;
pub mod service;
pub mod standing;
mod trial;
mod views;
mod watching;

pub use gridfs::Bucket;
pub use trial::{Trial, judged, trial};
