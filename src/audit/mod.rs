//! The append-only record of who did what, and its page.
//!
//! Whoever acts records *before* the deed's result leaves the house: [`record`] returns once a majority of the database has
//! the row on disk, and when it can't, the action fails with it. Rows waiting at the same moment share one write, so that a
//! busy inspector doesn't pay for a disk flush per view.
//!
//! Invariant: nothing in the application changes or removes a row; this module has no function that could.
//!
//! Uses no other capability; everybody may record.

mod export;
mod model;
pub mod pages;
mod record;
mod store;
mod writer;

pub use model::{Action, Entry, Row, Source, Who};
pub use record::{record, record_all_in, record_as, record_in};
pub use store::{Filter, recent};
pub use writer::Writer;

use crate::db::Declared;

/// The collection kept here.
pub const COLLECTIONS: [Declared; 1] = [Declared::of::<Row>()];
