//! Which deliveries a list shows.

use bson::{DateTime, Document, doc};
use jiff::Timestamp;

use crate::db::date;
use crate::deliverables::model::DeliverableStatus;
use crate::error::AppError;
use crate::lists::Asked;
use crate::values::{CampaignId, CreatorId, DeliverableId, Platform};

/// What narrows the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// One state.
    pub status: Option<DeliverableStatus>,
    /// One platform.
    pub platform: Option<Platform>,
    /// Past a deadline.
    pub is_late: bool,
    /// One campaign.
    pub campaign: Option<CampaignId>,
    /// One creator.
    pub creator: Option<CreatorId>,
}

/// What a search found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Campaigns of this name.
    pub campaigns: Vec<CampaignId>,
    /// Creators of this name.
    pub creators: Vec<CreatorId>,
    /// Deliveries with this post.
    pub deliveries: Vec<DeliverableId>,
}

impl Filter {
    /// From an address.
    pub fn read(asked: &Asked) -> Result<Self, AppError> {
        Ok(Self {
            status: asked.one_of("estado", DeliverableStatus::parse)?,
            platform: asked.one_of("red", Platform::parse)?,
            is_late: asked.is_on("atrasadas"),
            campaign: asked.get("campana").map(CampaignId::of),
            creator: asked.get("creador").map(CreatorId::of),
        })
    }

    /// As it stands in an address.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        pairs.extend(self.status.map(|status| ("estado", status.as_str().to_owned())));
        pairs.extend(self.platform.map(|platform| ("red", platform.as_str().to_owned())));
        pairs.extend(self.is_late.then(|| ("atrasadas", "1".to_owned())));
        pairs.extend(self.campaign.as_ref().map(|id| ("campana", id.to_string())));
        pairs.extend(self.creator.as_ref().map(|id| ("creador", id.to_string())));
        pairs
    }

    /// As a query; `found` is what a search found.
    pub fn query(&self, found: Option<&Found>, now: Timestamp) -> Document {
        let mut parts = Vec::new();
        parts.extend(self.campaign.as_ref().map(|id| doc! { "campaign_id": id }));
        parts.extend(self.creator.as_ref().map(|id| doc! { "creator_id": id }));
        parts.extend(self.status.map(|status| doc! { "status": status }));
        parts.extend(self.platform.map(on));
        if self.is_late {
            let before = doc! { "$gt": DateTime::MIN, "$lt": date(now) };
            parts.push(doc! { "$or": [{ "owes_url_by": before.clone() }, { "owes_metrics_by": before }] });
        }
        if let Some(found) = found {
            parts.push(doc! { "$or": [
                { "campaign_id": { "$in": &found.campaigns } },
                { "creator_id": { "$in": &found.creators } },
                { "id": { "$in": &found.deliveries } },
            ] });
        }
        match parts.len() {
            0 => Document::new(),
            1 => parts.remove(0),
            _ => doc! { "$and": parts },
        }
    }
}

/// A post on this platform; as long as there is none at all, where it is going to be.
fn on(platform: Platform) -> Document {
    let post = format!("{}_url", platform.as_str());
    doc! { "$or": [
        { post: { "$gt": "" } },
        { "platform": platform, "instagram_url": null, "tiktok_url": null },
    ] }
}
