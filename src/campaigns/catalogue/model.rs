//! What anybody may see of a campaign.

use bson::DateTime;
use jiff::Timestamp;
use serde::Serialize;

use crate::campaigns::deadlines::DeliveryRules;
use crate::campaigns::model::{Campaign, CampaignStatus, CanjeType, DeliveryMethod, Requirements, Timeline};
use crate::values::{BrandId, CampaignId, Category, LocalDate};

/// How many places are left, as far as it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Slots {
    /// None.
    Full,
    /// One or two: only then the number is told.
    Last(i32),
    /// More.
    Available,
}

impl Slots {
    /// How so many free places are told.
    pub fn of(free: i32) -> Self {
        match free {
            ..=0 => Self::Full,
            1..=2 => Self::Last(free),
            _ => Self::Available,
        }
    }
}

/// Whether a campaign takes applications.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Intake {
    /// Yes.
    Open,
    /// Every place is taken.
    Full,
    /// The last day was this one.
    Over(LocalDate),
    /// It isn't live any more, or its contract is over.
    Closed,
}

/// A campaign as anybody may see it. What isn't named here is nobody's business.
#[derive(Clone, Debug, Serialize)]
pub struct PublicCampaign {
    /// Its id.
    pub id: CampaignId,
    /// As shown.
    pub name: String,
    /// The brand as shown.
    pub brand: String,
    /// Mini-markup.
    pub description: String,
    /// What it is about.
    pub category: Category,
    /// Where.
    pub city: Option<String>,
    /// An https address.
    pub cover: Option<String>,
    /// Whom it looks for.
    pub requirements: Requirements,
    /// What is given.
    pub canje: PublicCanje,
    /// Until when a confirmed creator delivers.
    pub delivery: DeliveryRules,
    /// When it happens.
    pub timeline: Timeline,
    /// How many places are left.
    pub slots: Slots,
    /// Whether it takes applications.
    pub intake: Intake,
}

/// What is given, without where and from whom.
#[derive(Clone, Debug, Serialize)]
pub struct PublicCanje {
    /// What kind.
    pub kind: CanjeType,
    /// In words.
    pub description: String,
    /// Estimated, in guaraníes.
    pub value: i64,
    /// How it reaches the creator.
    pub delivery_method: DeliveryMethod,
}

impl PublicCampaign {
    /// What of a campaign may be seen at an instant.
    pub fn of(campaign: &Campaign, now: Timestamp) -> Self {
        let today = LocalDate::of(now);
        let slots = Slots::of(campaign.available_slots());
        let last_day = campaign.timeline.applications_deadline;
        let intake = if campaign.status != CampaignStatus::Live || !campaign.is_contract_in_force(today) {
            Intake::Closed
        } else if today > last_day {
            Intake::Over(last_day)
        } else if slots == Slots::Full {
            Intake::Full
        } else {
            Intake::Open
        };
        let brand = campaign.assets.brand_name.trim();
        Self {
            id: campaign.id.clone(),
            name: campaign.name.clone(),
            brand: brand.to_owned(),
            description: campaign.description.clone(),
            category: campaign.category,
            city: campaign.city.clone().filter(|city| !city.trim().is_empty()),
            cover: campaign.assets.cover_image.clone(),
            requirements: campaign.requirements.clone(),
            canje: PublicCanje {
                kind: campaign.canje.kind,
                description: campaign.canje.description.clone(),
                value: campaign.canje.value,
                delivery_method: campaign.canje.delivery_method,
            },
            delivery: campaign.delivery,
            timeline: campaign.timeline.clone(),
            slots,
            intake,
        }
    }
}

/// What deciding about a place in the list needs of a live campaign.
#[derive(Clone, Debug, serde::Deserialize)]
pub(super) struct Candidate {
    pub id: CampaignId,
    pub brand_id: BrandId,
    /// Only with a text to look for.
    #[serde(default)]
    pub description: String,
    /// Name, brand shown and company, folded.
    #[serde(default)]
    pub search: String,
    pub category: Category,
    #[serde(default)]
    pub city: Option<String>,
    pub total_slots_loaded: i32,
    pub slots_filled: i32,
    #[serde(default)]
    pub contract: Option<Term>,
    /// Only when something is asked of them, as the canje.
    #[serde(default)]
    pub requirements: Requirements,
    #[serde(default)]
    pub canje: Option<Kind>,
    #[serde(default)]
    pub published_at: Option<DateTime>,
    pub created_at: DateTime,
}

/// Until when a contract is in force.
#[derive(Clone, Debug, serde::Deserialize)]
pub(super) struct Term {
    pub is_active: bool,
    pub end_date: LocalDate,
}

/// What kind of canje.
#[derive(Clone, Debug, serde::Deserialize)]
pub(super) struct Kind {
    #[serde(rename = "type")]
    pub kind: CanjeType,
}

impl Candidate {
    /// When it was published, for the order of the list.
    pub fn published(&self) -> i64 {
        self.published_at.unwrap_or(self.created_at).timestamp_millis()
    }

    /// Whether it takes applications on a day; its last day for that was asked of the database.
    pub fn is_listed(&self, today: LocalDate) -> bool {
        let in_force = self.contract.as_ref().is_none_or(|term| term.is_active && today < term.end_date);
        in_force && self.slots_filled < self.total_slots_loaded
    }
}
