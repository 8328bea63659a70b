//! Proves a backup, and shares no parsing code with what wrote it: a reader of its own for BSON frames, archives, manifests,
//! definitions and hashes. A test forbids it to import [`container`](super::container), [`take`](super::take) and
//! [`dump`](crate::dump).
//!
//! It never stops at the first finding, and never repairs.

mod against;
mod archive;
mod blocks;
mod bytes;
pub mod command;
mod definition;
mod findings;
mod heads;
mod json;
mod leaves;
mod live;
mod local;
mod manifests;
mod root;
mod stored;
mod tally;
mod trial;

use std::path::Path;

pub use live::{Compared, Comparison, compare_counts, compare_with, is_complete};

use super::keys::Opener;
use super::model::{BackupId, Check, Excluded, Finding, Namespace, Severity};
use super::stores::Store;

/// What a verification saw.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// What kind of backup it is, in words.
    pub format: String,
    /// Namespaces as they were found, with counts and hashes of what was read.
    pub namespaces: Vec<Namespace>,
    /// Left out by whoever made it.
    pub excluded: Vec<Excluded>,
    /// The root hash of what was read, hexadecimal.
    pub root: Option<String>,
    /// What isn't as it should be, in the order it was seen.
    pub findings: Vec<Finding>,
    /// Bytes read.
    pub bytes: u64,
    /// Parts read, for a stored backup.
    pub parts: u32,
    /// What was proven, in words people read, each with the check it belongs to.
    pub evidence: Vec<(Check, String)>,
}

impl Report {
    /// Whether nothing worse than information was found.
    pub fn is_ok(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity == Severity::Info)
    }
}

/// What we know about a stored backup from elsewhere: the catalogue and the run.
#[derive(Clone, Debug)]
pub struct Expected {
    /// Its name.
    pub id: BackupId,
    /// SHA-256 of its public manifest in that store, if it is on record.
    pub manifest_sha256: Option<String>,
    /// The manifest before it in that store, if it is on record: `Some(None)` for the first of a chain.
    pub previous: Option<Option<String>>,
    /// Root hash, if it is on record.
    pub root: Option<String>,
}

/// Reads a stored backup whole, from the store itself: signature, parts, decryption, decompression, archive, hashes, and
/// the files under its prefix that don't belong to it. `running` is told how many bytes of how many have been read.
pub async fn stored(
    store: &dyn Store,
    prefix: &str,
    opener: &Opener,
    expected: Option<&Expected>,
    running: &(dyn Fn(u64, u64) + Send + Sync),
) -> Report {
    stored::read(store, prefix, opener, expected, running).await
}

/// Reads a local file or folder: a mongodump archive (plain, gzip, zstd), a mongodump directory, a backup of the previous
/// system (`.tar.gz` of JSON), or a stored backup (its folder, or a tar of it; needs `opener`). Blocking.
pub fn local(path: &Path, opener: Option<&Opener>, running: &(dyn Fn(u64, u64) + Send + Sync)) -> Report {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    local::read(path, &name, opener, running)
}

/// Likewise, of a file that was called `name` where it came from.
pub fn uploaded(
    path: &Path,
    name: &str,
    opener: Option<&Opener>,
    running: &(dyn Fn(u64, u64) + Send + Sync),
) -> Report {
    local::read(path, name, opener, running)
}
