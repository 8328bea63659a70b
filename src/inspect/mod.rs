//! The inspector: anybody allowed to can see every document of every database, and nothing here can write to one.
//!
//! Data is read through [`ReadOnlyDb`](crate::db::ReadOnlyDb) and no other handle. What the live database gets from here is
//! bookkeeping: surveys (counts and ladders, [`store`]), the audit record, and the rows of exports.
//!
//! ```text
//! pages/      screens: databases, collection, document
//! catalog     the list of databases and collections        surveys   who counts what when, and what is held in memory
//! documents   one page of a collection                     survey    the counting pass
//! document    one document, revealing, downloading         store     what surveys leave in the live database
//! paging      pages by key                                 bounds    a range of keys as a filter any index can serve
//! profile     the fields of a collection                   definition  its indexes and options
//! exports     whole results as files                       cli       the list on the command line
//! ladder      every 500th key                              order     the server's order of values
//! masks       what may be seen                             filter    what may be asked
//! ```
//!
//! Invariants:
//! - a value is walked in its raw bytes and never decoded into a map, so what is shown is what is stored;
//! - nothing is shown before [`masks`] has decided it, and nothing personal is revealed before the reason is on record;
//! - every view and every filter is recorded with the number of rows it showed; when recording fails, nothing is shown;
//! - a count is a number of documents read, with the time they were read;
//! - a query that failed is an error with its reason, never an empty table.
//!
//! Uses `audit`, and reads the records of `import` and of restored copies. Nothing calls back into it but what shows documents
//! by the same masks.

pub mod islands;
pub mod server_fns;

#[cfg(feature = "ssr")]
pub mod address;
#[cfg(feature = "ssr")]
pub mod bounds;
#[cfg(feature = "ssr")]
pub mod catalog;
#[cfg(feature = "ssr")]
pub mod cells;
#[cfg(feature = "ssr")]
pub mod cli;
#[cfg(feature = "ssr")]
pub mod definition;
#[cfg(feature = "ssr")]
pub mod document;
#[cfg(feature = "ssr")]
pub mod documents;
#[cfg(feature = "ssr")]
pub mod exports;
#[cfg(feature = "ssr")]
pub mod failure;
#[cfg(feature = "ssr")]
pub mod filter;
#[cfg(feature = "ssr")]
pub mod json;
#[cfg(feature = "ssr")]
pub mod known;
#[cfg(feature = "ssr")]
pub mod ladder;
#[cfg(feature = "ssr")]
pub mod masks;
#[cfg(feature = "ssr")]
pub mod order;
#[cfg(feature = "ssr")]
pub mod pages;
#[cfg(feature = "ssr")]
pub mod paging;
#[cfg(feature = "ssr")]
pub mod places;
#[cfg(feature = "ssr")]
pub mod profile;
#[cfg(feature = "ssr")]
pub mod references;
#[cfg(feature = "ssr")]
pub mod sort;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(feature = "ssr")]
pub mod survey;
#[cfg(feature = "ssr")]
pub mod surveys;
#[cfg(feature = "ssr")]
pub mod tree;
