//! An application as stored.

use bson::DateTime;
use serde::{Deserialize, Serialize};

use crate::creators::model::Level;
use crate::db::indexes::Direction::{Ascending, Descending};
use crate::db::{IndexSpec, Stored};
use crate::values::names::names;
use crate::values::{ApplicationId, CampaignId, CreatorId};
use crate::waits::Waiting;

names! {
    /// Where an application stands.
    ApplicationStatus {
        /// Pendiente.
        Applied = "applied",
        /// Preseleccionado.
        Shortlisted = "shortlisted",
        /// Confirmado.
        Confirmed = "confirmed",
        /// Rechazado; to the creator, No seleccionado.
        Rejected = "rejected",
        /// Retirado.
        Withdrawn = "withdrawn",
        /// Cancelado.
        Cancelled = "cancelled",
    }
}

impl ApplicationStatus {
    /// Whether it waits for the team's answer.
    pub fn is_pending(self) -> bool {
        matches!(self, Self::Applied | Self::Shortlisted)
    }
}

names! {
    /// Who ended a participation.
    CancelledBy {
        /// The creator.
        Creator = "creator",
        /// The team.
        Admin = "admin",
        /// The platform.
        System = "system",
    }
}

/// One step of a history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StatusStep {
    /// The state it entered.
    pub status: String,
    /// When.
    pub timestamp: DateTime,
    /// A user id, or `system`.
    pub by: String,
    /// Their role then.
    #[serde(default)]
    pub by_role: Option<String>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A document of `ugc_applications`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Application {
    /// The public id.
    pub id: ApplicationId,
    /// To which campaign.
    pub campaign_id: CampaignId,
    /// Whose; one application per campaign and creator.
    pub creator_id: CreatorId,
    /// As it was then, as the next four.
    #[serde(default)]
    pub creator_name: Option<String>,
    /// The handle.
    #[serde(default)]
    pub creator_username: Option<String>,
    /// Effective followers.
    #[serde(default)]
    pub creator_followers: Option<i64>,
    /// Average rating.
    #[serde(default)]
    pub creator_rating: Option<f64>,
    /// Effective level.
    #[serde(default)]
    pub creator_level: Option<Level>,
    /// At most 1000 characters.
    #[serde(default)]
    pub motivation: Option<String>,
    /// Older applications have it.
    #[serde(default)]
    pub proposed_content: Option<String>,
    /// Older applications have them.
    #[serde(default)]
    pub portfolio_links: Vec<String>,
    /// Where it stands.
    pub status: ApplicationStatus,
    /// Every step.
    #[serde(default)]
    pub status_history: Vec<StatusStep>,
    /// Whose turn it is; absent when it waits for nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<Waiting>,
    /// The newest time they applied.
    pub applied_at: DateTime,
    /// When it was last changed.
    #[serde(default)]
    pub updated_at: Option<DateTime>,
    /// When it was shortlisted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shortlisted_at: Option<DateTime>,
    /// When it was confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_at: Option<DateTime>,
    /// Who confirmed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confirmed_by: Option<String>,
    /// As on its delivery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url_deadline: Option<DateTime>,
    /// As on its delivery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metrics_deadline: Option<DateTime>,
    /// When it was rejected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rejected_at: Option<DateTime>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rejection_reason: Option<String>,
    /// Whether the platform rejected it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auto_rejected: Option<bool>,
    /// When the creator withdrew it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn_at: Option<DateTime>,
    /// When the participation ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled_at: Option<DateTime>,
    /// By whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled_by: Option<CancelledBy>,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancellation_reason: Option<String>,
    /// Records of the retired form that became part of it; staff only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub legacy_snapshots: Vec<bson::Document>,
}

impl Stored for Application {
    const COLLECTION: &'static str = "ugc_applications";
    const INDEXES: &'static [IndexSpec] = &[
        IndexSpec::new("id", &[("id", Ascending)]).unique(),
        IndexSpec::new("once", &[("campaign_id", Ascending), ("creator_id", Ascending)]).unique(),
        IndexSpec::new(
            "of_campaign",
            &[("campaign_id", Ascending), ("status", Ascending), ("applied_at", Descending), ("id", Ascending)],
        ),
        IndexSpec::new(
            "of_creator",
            &[("creator_id", Ascending), ("status", Ascending), ("applied_at", Descending), ("id", Ascending)],
        ),
        IndexSpec::new("waiting", &[("waiting.due_at", Ascending)]),
        IndexSpec::new("newest", &[("applied_at", Descending), ("id", Ascending)]),
    ];
}

/// A document of `ugc_legacy_leads`: a record of the retired form that is nobody's application. Never shown as one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LegacyLead {
    /// The record's own id.
    pub id: String,
    /// Why it is no application.
    pub reason: String,
    /// Creators who might be meant.
    #[serde(default)]
    pub candidates: Vec<CreatorId>,
    /// The record as found.
    pub raw: bson::Document,
}

impl Stored for LegacyLead {
    const COLLECTION: &'static str = "ugc_legacy_leads";
    const INDEXES: &'static [IndexSpec] = &[IndexSpec::new("id", &[("id", Ascending)]).unique()];
}
