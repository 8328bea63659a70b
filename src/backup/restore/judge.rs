//! What compares a restored copy with what it should be.
//!
//! The trial asks a [`Judge`] and nothing else, so that a test can put a blind one in its place and see the known-bad
//! controls notice. [`Strict`] is the one that is used.

use futures::future::BoxFuture;
use mongodb::Database;

use crate::backup::keys::Opener;
use crate::backup::stores::Store;
use crate::backup::verify::{self, Expected as ExpectedBackup, Report};
use crate::db::Db;
use crate::dump::compare::Expiry;
use crate::dump::{Definition, Source};
use crate::i18n::backup::restore as words;
use crate::import::definitions::{self, Views};
use crate::import::verify::{Expected, Verified};
use crate::import::{Cause, Difference, Progress};

/// Compares. Every method has its honest form.
pub trait Judge: Send + Sync {
    /// Reads a collection back, document by document.
    fn documents<'a>(
        &'a self,
        db: &'a Db,
        source: &'a Source,
        expected: Expected<'a>,
        progress: &'a dyn Progress,
    ) -> BoxFuture<'a, Result<Verified, Cause>> {
        Box::pin(crate::import::verify::verify(db, source, expected, progress))
    }

    /// Options, validators, indexes and views of a database, nothing missing and nothing added.
    fn definitions<'a>(
        &'a self,
        database: &'a Database,
        wanted: &'a [&'a Definition],
        expiry: Expiry,
        views: Views,
    ) -> BoxFuture<'a, Result<Vec<Difference>, Cause>> {
        Box::pin(async move { Ok(definitions::differences(database, wanted, expiry, views, words::definition).await?) })
    }

    /// A stored backup, read whole.
    fn stored<'a>(
        &'a self,
        store: &'a dyn Store,
        prefix: &'a str,
        opener: &'a Opener,
        expected: &'a ExpectedBackup,
    ) -> BoxFuture<'a, Report> {
        Box::pin(async move { verify::stored(store, prefix, opener, Some(expected), &|_, _| {}).await })
    }
}

/// The honest one.
#[derive(Clone, Copy, Debug)]
pub struct Strict;

impl Judge for Strict {}
