//! The form in which a backup is kept: encrypted parts, two manifests and a signature.
//!
//! ```text
//! <prefix>/<deployment>/<yyyy>/<mm>/<backup>/
//!     parts/00000000 …     a zstd frame of at most 8 MiB of the plain archive, encrypted with age
//!     manifest.private     encrypted: namespaces, hashes, definitions, exclusions, evidence, the catalogue so far
//!     manifest.json        public: ids, times, label, parts, root hash, the manifest before it in this store
//!     manifest.sig         Ed25519 over manifest.json, 64 bytes
//! ```
//!
//! The plain stream is a mongodump archive: whoever has an identity opens a backup without this program, with
//! `age -d` and `zstd -d` part by part, and hands it to the official restore. Frames are independent, so that parts can be
//! sent, proven and repaired one by one.

mod manifest;
mod opened;
mod sealer;

pub use manifest::{Part, PrivateFile, PrivateManifest, PublicManifest, SIGNATURE_BYTES, Server};
pub use opened::{OpenBackup, open, read_archive};
pub use sealer::{Sealed, Sealer, part_limit};

use jiff::Timestamp;

use super::model::BackupId;

/// Most plain bytes of a part.
pub const PART_BYTES: usize = 8 * 1024 * 1024;
/// The public manifest's name.
pub const MANIFEST: &str = "manifest.json";
/// The encrypted manifest's name.
pub const PRIVATE: &str = "manifest.private";
/// The signature's name; stored last of all.
pub const SIGNATURE: &str = "manifest.sig";

/// The name of a part under its backup's prefix.
pub fn part_name(index: u32) -> String {
    format!("parts/{index:08}")
}

/// Where a backup of this deployment lies in every store, without a trailing slash.
pub fn prefix(root: &str, deployment: &str, at: Timestamp, id: &BackupId) -> String {
    let day = at.to_zoned(jiff::tz::TimeZone::UTC).date();
    let place = format!("{deployment}/{:04}/{:02}/{id}", day.year(), day.month());
    if root.is_empty() { place } else { format!("{}/{place}", root.trim_matches('/')) }
}
