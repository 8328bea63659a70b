//! A long scan, mended to one moment.

use std::path::Path;

use super::ladder::{Source, Taken};
use super::list::Listing;
use super::report::Reporter;
use super::trouble::Trouble;
use super::watch::Watch;
use crate::i18n::backup::take as words;

/// Scans, then reads again what changed meanwhile.
pub async fn fixed_up(
    _source: &Source<'_>,
    _listing: &Listing,
    _folder: &Path,
    _reporter: &Reporter,
    _watch: Option<&mut Watch>,
) -> Result<Taken, Trouble> {
    Err(Trouble::Lower(words::NO_STREAM.into()))
}
