//! The register of stored files.

use bson::DateTime;
use serde::{Deserialize, Serialize};

use crate::db::indexes::Direction::Ascending;
use crate::db::{IndexSpec, Stored};
use crate::values::names::names;

names! {
    /// Where a file stands.
    AssetStatus {
        /// Registered before it is sent, or sent and not yet anybody's.
        Pending = "pending",
        /// Its record shows it.
        Active = "active",
        /// Nobody shows it any more; it is destroyed after a while.
        Orphaned = "orphaned",
        /// It isn't there any more.
        Deleted = "deleted",
    }
}

/// A document of `media_assets`: one per file, place and bytes, whatever becomes of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MediaAsset {
    /// The public id.
    pub id: String,
    /// Bytes, record and field: the same picture sent twice is one file.
    pub idempotency_key: String,
    /// Its name at the service; random.
    pub public_id: String,
    /// `image`.
    pub resource_type: String,
    /// `upload`: anybody may see it.
    pub delivery_type: String,
    /// Under the root.
    pub folder: String,
    /// Where it is seen; none before it is stored.
    #[serde(default)]
    pub url: Option<String>,
    /// How many bytes are stored.
    pub bytes: i64,
    /// Pixels.
    pub width: i32,
    /// Pixels.
    pub height: i32,
    /// `jpg`, `png`, `webp`.
    pub format: String,
    /// Of the stored bytes.
    pub sha256: String,
    /// What it was called where it came from; never part of an address.
    #[serde(default)]
    pub original_filename: Option<String>,
    /// Whose doing.
    pub uploaded_by: String,
    /// `creator`, `campaign`, `brand`.
    pub entity_type: String,
    /// Which one.
    pub entity_id: String,
    /// Its field.
    pub field: String,
    /// Where it stands.
    pub status: AssetStatus,
    /// When it was registered.
    pub created_at: DateTime,
    /// When it became somebody's, or nobody's.
    pub status_at: DateTime,
    /// When it was last seen at the service.
    #[serde(default)]
    pub last_checked_at: Option<DateTime>,
    /// Whether the service no longer has it; a deleted row without this is still to be destroyed.
    #[serde(default)]
    pub is_destroyed: bool,
}

impl Stored for MediaAsset {
    const COLLECTION: &'static str = "media_assets";
    const INDEXES: &'static [IndexSpec] = &[
        IndexSpec::new("id", &[("id", Ascending)]).unique(),
        IndexSpec::new("idempotency_key", &[("idempotency_key", Ascending)]).unique(),
        IndexSpec::new("public_id", &[("public_id", Ascending)]).unique(),
        IndexSpec::new("sha256", &[("sha256", Ascending)]),
        IndexSpec::new("entity", &[("entity_type", Ascending), ("entity_id", Ascending), ("field", Ascending)]),
        IndexSpec::new("status", &[("status", Ascending), ("status_at", Ascending)]),
    ];
}
