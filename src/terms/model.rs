//! Terms as stored.

use bson::{DateTime, doc};
use serde::{Deserialize, Serialize};

use crate::db::indexes::Direction::Ascending;
use crate::db::{IndexSpec, Stored};

/// A document of `terms_documents`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TermsDocument {
    /// The public id.
    pub id: String,
    /// Its name in addresses and acceptances.
    pub slug: String,
    /// As shown.
    pub name: String,
    /// `UGC`, `E-commerce`, `Studio`, `Legal`.
    pub category: String,
    /// One sentence.
    #[serde(default)]
    pub description: String,
    /// Where it is read.
    pub path: String,
    /// Whether it is asked for.
    pub is_active: bool,
    /// The published version in force.
    pub current_version: String,
}

impl Stored for TermsDocument {
    const COLLECTION: &'static str = "terms_documents";
    const INDEXES: &'static [IndexSpec] = &[IndexSpec::new("slug", &[("slug", Ascending)]).unique()];
}

/// A document of `terms_versions`; a published body never changes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TermsVersion {
    /// The public id.
    pub id: String,
    /// Of which document.
    pub slug: String,
    /// `1.0`, `1.1`.
    pub version: String,
    /// Markdown.
    pub body_md: String,
    /// Of the body, hexadecimal.
    pub body_sha256: String,
    /// `draft`, `published`, `retired`.
    pub status: String,
    /// Since when it is in force.
    #[serde(default)]
    pub effective_at: Option<DateTime>,
    /// When it was made.
    pub created_at: DateTime,
}

impl Stored for TermsVersion {
    const COLLECTION: &'static str = "terms_versions";
    const INDEXES: &'static [IndexSpec] =
        &[IndexSpec::new("version", &[("slug", Ascending), ("version", Ascending)]).unique()];
}

/// A document of `terms_acceptances`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Acceptance {
    /// The public id.
    pub id: String,
    /// Who; none for guests.
    #[serde(default)]
    pub user_id: Option<String>,
    /// Their address then.
    pub user_email: String,
    /// Which document.
    pub terms_slug: String,
    /// Its name then.
    #[serde(default)]
    pub terms_name: Option<String>,
    /// Which version.
    pub terms_version: String,
    /// The hash of what was shown; none in rows of the previous system.
    #[serde(default)]
    pub body_sha256: Option<String>,
    /// When.
    pub accepted_at: DateTime,
    /// Where from.
    #[serde(default)]
    pub ip_address: Option<String>,
    /// At most 500 characters.
    #[serde(default)]
    pub user_agent: Option<String>,
    /// Where it happened: `register`, `creator_onboarding`, `profile_update` …
    pub action: String,
    /// The slug as the previous system wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub legacy_slug: Option<String>,
}

impl Stored for Acceptance {
    const COLLECTION: &'static str = "terms_acceptances";
    const INDEXES: &'static [IndexSpec] = &[
        IndexSpec::new("once", &[("user_id", Ascending), ("terms_slug", Ascending), ("terms_version", Ascending)])
            .unique()
            .only_where(|| doc! { "user_id": { "$type": "string" } }),
        IndexSpec::new("slug", &[("terms_slug", Ascending), ("accepted_at", Ascending)]),
    ];
}
