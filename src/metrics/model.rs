//! Statistics of one post on one platform as stored.

use bson::{DateTime, Document, doc};
use serde::{Deserialize, Serialize};

use crate::db::indexes::Direction::Ascending;
use crate::db::{IndexSpec, Stored};
use crate::values::{ApplicationId, BrandId, CampaignId, CreatorId, DeliverableId, Platform};

/// A document of `ugc_metrics`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Metrics {
    /// The public id.
    pub id: String,
    /// Of which delivery.
    pub deliverable_id: DeliverableId,
    /// Its application.
    pub application_id: ApplicationId,
    /// Its creator.
    pub creator_id: CreatorId,
    /// Its campaign.
    pub campaign_id: CampaignId,
    /// Its brand.
    pub brand_id: BrandId,
    /// Never "multi".
    pub platform: Platform,
    /// Null: not known.
    #[serde(default)]
    pub views: Option<i64>,
    /// Null: not known.
    #[serde(default)]
    pub reach: Option<i64>,
    /// Null: not known.
    #[serde(default)]
    pub likes: Option<i64>,
    /// Null: not known.
    #[serde(default)]
    pub comments: Option<i64>,
    /// Null: not known.
    #[serde(default)]
    pub shares: Option<i64>,
    /// Null: not known.
    #[serde(default)]
    pub saves: Option<i64>,
    /// Average watch time.
    #[serde(default)]
    pub watch_time_seconds: Option<i64>,
    /// Length of the video.
    #[serde(default)]
    pub video_length_seconds: Option<i64>,
    /// Percent.
    #[serde(default)]
    pub retention_rate: Option<f64>,
    /// Likes, comments, shares and saves; derived.
    #[serde(default)]
    pub total_interactions: i64,
    /// Percent of views, two decimals; derived.
    #[serde(default)]
    pub engagement_rate: Option<f64>,
    /// Gender, ages, countries, cities; the key is always `percentage`.
    #[serde(default)]
    pub demographics: Option<Document>,
    /// Private storage keys.
    #[serde(default)]
    pub screenshots: Vec<String>,
    /// How many there were.
    #[serde(default)]
    pub screenshots_count: i64,
    /// Whole days since confirmation.
    #[serde(default)]
    pub screenshot_day: Option<i64>,
    /// `queued`, `processing`, `done`, `failed`.
    #[serde(default)]
    pub ai_status: Option<String>,
    /// Whether the figures were read by a model.
    #[serde(default)]
    pub ai_extracted: bool,
    /// 0 to 1.
    #[serde(default)]
    pub ai_confidence: Option<f64>,
    /// What the model said; private.
    #[serde(default)]
    pub ai_raw_data: Option<Document>,
    /// Names entered by hand.
    #[serde(default)]
    pub manual_fields: Vec<String>,
    /// Whether staff checked it.
    #[serde(default)]
    pub manually_verified: bool,
    /// Who.
    #[serde(default)]
    pub verified_by: Option<String>,
    /// When.
    #[serde(default)]
    pub verified_at: Option<DateTime>,
    /// Whether they arrived after their deadline.
    #[serde(default)]
    pub is_late: bool,
    /// When they arrived.
    pub submitted_at: DateTime,
    /// After a reset: ignored by every reader.
    #[serde(default)]
    pub archived: bool,
    /// When it was made.
    pub created_at: DateTime,
    /// When it was last changed.
    #[serde(default)]
    pub updated_at: Option<DateTime>,
}

impl Stored for Metrics {
    const COLLECTION: &'static str = "ugc_metrics";
    const INDEXES: &'static [IndexSpec] = &[
        IndexSpec::new("id", &[("id", Ascending)]).unique(),
        IndexSpec::new("one_per_platform", &[("deliverable_id", Ascending), ("platform", Ascending)])
            .unique()
            .only_where(|| doc! { "archived": false }),
        IndexSpec::new("creator_id", &[("creator_id", Ascending)]),
        IndexSpec::new("campaign_id", &[("campaign_id", Ascending)]),
        IndexSpec::new("submitted_at", &[("submitted_at", Ascending)]),
    ];
}
