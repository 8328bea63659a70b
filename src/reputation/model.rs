//! A rating as stored.

use bson::DateTime;
use serde::{Deserialize, Serialize};

use crate::db::indexes::Direction::Ascending;
use crate::db::{IndexSpec, Stored};
use crate::values::{BrandId, CampaignId, CreatorId, DeliverableId};

/// A document of `ugc_ratings`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Rating {
    /// The public id.
    pub id: String,
    /// At most one rating each.
    pub deliverable_id: DeliverableId,
    /// Its campaign.
    pub campaign_id: CampaignId,
    /// Who was rated.
    pub creator_id: CreatorId,
    /// Who rated.
    pub brand_id: BrandId,
    /// The brand's name then.
    #[serde(default)]
    pub brand_name: Option<String>,
    /// 1 to 5.
    pub rating: i32,
    /// Private: brand, that creator, staff.
    #[serde(default)]
    pub comment: Option<String>,
    /// Shown on the public profile.
    #[serde(default)]
    pub public_comment: Option<String>,
    /// Taken out of every sum.
    #[serde(default)]
    pub hidden: bool,
    /// The person.
    #[serde(default)]
    pub rated_by: Option<String>,
    /// When it was given.
    pub created_at: DateTime,
    /// When it was last changed.
    #[serde(default)]
    pub updated_at: Option<DateTime>,
}

impl Stored for Rating {
    const COLLECTION: &'static str = "ugc_ratings";
    const INDEXES: &'static [IndexSpec] = &[
        IndexSpec::new("id", &[("id", Ascending)]).unique(),
        IndexSpec::new("deliverable_id", &[("deliverable_id", Ascending)]).unique(),
        IndexSpec::new("creator_id", &[("creator_id", Ascending)]),
        IndexSpec::new("brand_id", &[("brand_id", Ascending)]),
    ];
}
