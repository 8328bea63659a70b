//! A delivery as stored: what a confirmed creator owes, on both platforms together.

use bson::DateTime;
use serde::{Deserialize, Serialize};

use crate::applications::model::{CancelledBy, StatusStep};
use crate::db::indexes::Direction::{Ascending, Descending};
use crate::db::{IndexSpec, Stored};
use crate::values::names::names;
use crate::values::{ApplicationId, BrandId, CampaignId, CreatorId, DeliverableId, Platform};
use crate::waits::Waiting;

names! {
    /// Where a delivery stands.
    DeliverableStatus {
        /// No address yet.
        AwaitingPublish = "awaiting_publish",
        /// At least one address.
        Published = "published",
        /// Corrected after a change request.
        Resubmitted = "resubmitted",
        /// The reviewer wants a correction.
        ChangesRequested = "changes_requested",
        /// Approved before there were metrics; old data only.
        Approved = "approved",
        /// Approved, metrics missing.
        MetricsPending = "metrics_pending",
        /// Metrics arrived in time.
        MetricsSubmitted = "metrics_submitted",
        /// Metrics arrived late.
        MetricsLate = "metrics_late",
        /// Metrics checked by staff.
        MetricsVerified = "metrics_verified",
        /// Closed.
        Completed = "completed",
        /// Content refused.
        Rejected = "rejected",
        /// Participation cancelled.
        Cancelled = "cancelled",
    }
}

/// A document of `ugc_deliverables`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Deliverable {
    /// The public id.
    pub id: DeliverableId,
    /// One delivery per application.
    pub application_id: ApplicationId,
    /// Its campaign.
    pub campaign_id: CampaignId,
    /// Whose.
    pub creator_id: CreatorId,
    /// Follows the campaign's transfers.
    pub brand_id: BrandId,
    /// Primary platform, for the icon.
    pub platform: Platform,
    /// Canonical.
    #[serde(default)]
    pub instagram_url: Option<String>,
    /// Canonical.
    #[serde(default)]
    pub tiktok_url: Option<String>,
    /// The first of the two; derived, never a joined string.
    #[serde(default)]
    pub post_url: Option<String>,
    /// Where it stands.
    pub status: DeliverableStatus,
    /// Every step.
    #[serde(default)]
    pub status_history: Vec<StatusStep>,
    /// Whose turn it is; absent when it waits for nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting: Option<Waiting>,
    /// When the application was confirmed.
    #[serde(default)]
    pub confirmed_at: Option<DateTime>,
    /// As on its application.
    #[serde(default)]
    pub url_deadline: Option<DateTime>,
    /// As on its application.
    #[serde(default)]
    pub metrics_deadline: Option<DateTime>,
    /// `url_deadline` for as long as the address is owed, else absent ([`Deliverable::owed`]).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owes_url_by: Option<DateTime>,
    /// `metrics_deadline` for as long as metrics are owed, else absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owes_metrics_by: Option<DateTime>,
    /// The first accepted address; frozen.
    #[serde(default)]
    pub published_at: Option<DateTime>,
    /// Frozen with it.
    #[serde(default)]
    pub is_on_time: Option<bool>,
    /// Hours, one decimal; frozen with it.
    #[serde(default)]
    pub delivery_lag_hours: Option<f64>,
    /// As `published_at`.
    #[serde(default)]
    pub metrics_window_opens: Option<DateTime>,
    /// As `metrics_deadline`, always.
    #[serde(default)]
    pub metrics_window_closes: Option<DateTime>,
    /// First accepted metrics; frozen.
    #[serde(default)]
    pub metrics_submitted_at: Option<DateTime>,
    /// Frozen with it.
    #[serde(default)]
    pub metrics_is_late: Option<bool>,
    /// Hours, one decimal; frozen with it.
    #[serde(default)]
    pub metrics_lag_hours: Option<f64>,
    /// Reviews so far.
    #[serde(default)]
    pub review_round: i32,
    /// Each review.
    #[serde(default)]
    pub review_notes: Vec<ReviewNote>,
    /// When it was approved.
    #[serde(default)]
    pub approved_at: Option<DateTime>,
    /// By whom.
    #[serde(default)]
    pub approved_by: Option<String>,
    /// When staff checked its metrics.
    #[serde(default)]
    pub metrics_verified_at: Option<DateTime>,
    /// When it was closed.
    #[serde(default)]
    pub completed_at: Option<DateTime>,
    /// A copy of the rating for lists; the authority is `ugc_ratings`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand_rating: Option<BrandRating>,
    /// When the participation ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled_at: Option<DateTime>,
    /// By whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled_by: Option<CancelledBy>,
    /// Where it stood before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_before_cancel: Option<DeliverableStatus>,
    /// When staff last corrected its addresses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admin_edited_urls_at: Option<DateTime>,
    /// When staff last reset it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admin_reset_at: Option<DateTime>,
    /// Cancelled deliveries of the same application in the previous system.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub legacy_attempts: Vec<bson::Document>,
    /// When it was made.
    pub created_at: DateTime,
    /// When it was last changed.
    #[serde(default)]
    pub updated_at: Option<DateTime>,
}

/// One review.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReviewNote {
    /// Which round.
    pub round: i32,
    /// `approve`, `changes`, `reject`.
    pub action: String,
    /// In words.
    #[serde(default)]
    pub note: Option<String>,
    /// Who.
    pub by: String,
    /// Their role then.
    #[serde(default)]
    pub by_role: Option<String>,
    /// When.
    pub timestamp: DateTime,
}

/// A copy of a rating.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BrandRating {
    /// 1 to 5.
    pub rating: i32,
    /// Private.
    #[serde(default)]
    pub comment: Option<String>,
    /// When.
    pub rated_at: DateTime,
}

impl DeliverableStatus {
    /// Not completed, rejected or cancelled.
    pub fn is_open(self) -> bool {
        !matches!(self, Self::Completed | Self::Rejected | Self::Cancelled)
    }

    /// Everything arrived: the participation isn't cancelled any more.
    pub fn is_delivered(self) -> bool {
        matches!(self, Self::MetricsSubmitted | Self::MetricsLate | Self::MetricsVerified | Self::Completed)
    }
}

impl Deliverable {
    /// Whether at least one address is registered.
    pub fn has_url(&self) -> bool {
        self.instagram_url.is_some() || self.tiktok_url.is_some()
    }

    /// Whether metrics were accepted.
    pub fn has_metrics(&self) -> bool {
        self.metrics_submitted_at.is_some()
    }

    /// Whether nothing is missing.
    pub fn is_delivered(&self) -> bool {
        self.has_url() && self.has_metrics()
    }

    /// Whether it may still change.
    pub fn is_open(&self) -> bool {
        self.status.is_open()
    }

    /// What `owes_url_by` and `owes_metrics_by` have to be: the deadlines of what a confirmed creator hasn't delivered.
    pub fn owed(&self) -> (Option<DateTime>, Option<DateTime>) {
        let is_owed = self.status != DeliverableStatus::Cancelled;
        (
            self.url_deadline.filter(|_| is_owed && !self.has_url()),
            self.metrics_deadline.filter(|_| is_owed && !self.has_metrics()),
        )
    }
}

impl Stored for Deliverable {
    const COLLECTION: &'static str = "ugc_deliverables";
    const INDEXES: &'static [IndexSpec] = &[
        IndexSpec::new("id", &[("id", Ascending)]).unique(),
        IndexSpec::new("application_id", &[("application_id", Ascending)]).unique(),
        IndexSpec::new("of_campaign", &[("campaign_id", Ascending), ("created_at", Descending), ("id", Ascending)]),
        IndexSpec::new("of_creator", &[("creator_id", Ascending), ("created_at", Descending), ("id", Ascending)]),
        IndexSpec::new("brand_id", &[("brand_id", Ascending)]),
        IndexSpec::new("url_owed", &[("campaign_id", Ascending), ("owes_url_by", Ascending)]),
        IndexSpec::new("metrics_owed", &[("campaign_id", Ascending), ("owes_metrics_by", Ascending)]),
        IndexSpec::new("url_due", &[("owes_url_by", Ascending)]),
        IndexSpec::new("metrics_due", &[("owes_metrics_by", Ascending)]),
        IndexSpec::new("instagram_url", &[("instagram_url", Ascending)]),
        IndexSpec::new("tiktok_url", &[("tiktok_url", Ascending)]),
        IndexSpec::new("newest", &[("created_at", Descending), ("id", Ascending)]),
        IndexSpec::new("status", &[("status", Ascending), ("created_at", Descending), ("id", Ascending)]),
        IndexSpec::new("waiting", &[("waiting.due_at", Ascending)]),
    ];
}
