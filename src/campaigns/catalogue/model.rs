//! What anybody may see of a campaign.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use super::listing::Key;
use crate::campaigns::deadlines::DeliveryRules;
use crate::campaigns::markup::excerpt;
use crate::campaigns::model::{Campaign, CampaignStatus, CanjeType, DeliveryMethod, Requirements, Timeline};
use crate::values::{CampaignId, Category, LocalDate, fold};

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

/// Characters of a description in a list.
const EXCERPT: usize = 140;

/// A live and visible campaign of an active brand, as the list keeps it: with everything of it that is the same for
/// whoever looks.
#[derive(Debug)]
pub struct Listed {
    pub(super) campaign: Campaign,
    /// What its card shows.
    pub(super) public: Arc<PublicCampaign>,
    /// How its description begins.
    pub(super) excerpt: Arc<str>,
    /// Its place in the list.
    pub(super) key: Key,
    /// Folded.
    pub(super) city: String,
    /// Name, brand shown, company and description, folded.
    text: String,
}

impl Listed {
    pub(super) fn new(campaign: Campaign, now: Timestamp) -> Self {
        let public = PublicCampaign::of(&campaign, now);
        Self {
            excerpt: excerpt(&campaign.description, EXCERPT).into(),
            key: Key::new(campaign.published_at.unwrap_or(campaign.created_at), &campaign.id),
            city: public.city.as_deref().map(fold).unwrap_or_default(),
            text: format!("{}\n{}", campaign.search, fold(&campaign.description)),
            public: Arc::new(public),
            campaign,
        }
    }

    /// Whether it takes applications on a day.
    pub(super) fn is_open(&self, today: LocalDate) -> bool {
        let campaign = &self.campaign;
        let is_in_time = today <= campaign.timeline.applications_deadline;
        is_in_time && campaign.is_contract_in_force(today) && campaign.available_slots() > 0
    }

    /// Whether every one of these folded words stands in it.
    pub(super) fn says(&self, words: &str) -> bool {
        words.split(' ').all(|word| self.text.contains(word))
    }
}
