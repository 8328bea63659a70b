//! A campaign as stored.

use bson::{DateTime, doc};
use serde::{Deserialize, Serialize};

use super::deadlines::DeliveryRules;
use crate::applications::model::StatusStep;
use crate::creators::model::{Creator, Gender};
use crate::db::indexes::Direction::{Ascending, Descending};
use crate::db::{IndexSpec, Stored};
use crate::values::names::names;
use crate::values::{BrandId, CampaignId, Category, Country, LocalDate, Platform, fold};

names! {
    /// Where a campaign stands.
    CampaignStatus {
        /// Borrador.
        Draft = "draft",
        /// Activa.
        Live = "live",
        /// Cerrada.
        Closed = "closed",
        /// En producción.
        InProduction = "in_production",
        /// Completada.
        Completed = "completed",
        /// Cancelada.
        Cancelled = "cancelled",
    }
}

names! {
    /// What is given in exchange.
    CanjeType {
        /// Producto.
        Product = "product",
        /// Servicio.
        Service = "service",
        /// Experiencia.
        Experience = "experience",
        /// Descuento.
        Discount = "discount",
        /// Dinero.
        Money = "money",
    }
}

names! {
    /// How the canje reaches the creator.
    DeliveryMethod {
        /// Retiro en local.
        Pickup = "pickup",
        /// Delivery.
        Delivery = "delivery",
        /// Experiencia en ubicación.
        NotApplicable = "not_applicable",
    }
}

names! {
    /// Whom a campaign looks for.
    Wanted {
        /// Everybody.
        All = "all",
        /// Men.
        Male = "male",
        /// Women.
        Female = "female",
    }
}

names! {
    /// What kind of content.
    ContentFormat {
        /// Reel.
        Reel = "reel",
        /// TikTok.
        Tiktok = "tiktok",
        /// Historia.
        Story = "story",
        /// Publicación.
        Post = "post",
        /// Carrusel.
        Carousel = "carousel",
    }
}

names! {
    /// Why slots were added.
    SlotKind {
        /// At publication.
        Initial = "initial",
        /// A month's load.
        Reload = "reload",
        /// By hand.
        Manual = "manual",
        /// By a renewed contract.
        Renewal = "renewal",
        /// A correction.
        Adjust = "adjust",
    }
}

/// A document of `ugc_campaigns`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Campaign {
    /// The public id.
    pub id: CampaignId,
    /// Whose it is; changed only by a transfer.
    pub brand_id: BrandId,
    /// The package its deliveries are taken from.
    #[serde(default)]
    pub package_id: Option<String>,
    /// As shown.
    pub name: String,
    /// Mini-markup.
    pub description: String,
    /// What it is about.
    pub category: Category,
    /// Where.
    #[serde(default)]
    pub city: Option<String>,
    /// Everything ever loaded.
    pub total_slots_loaded: i32,
    /// Confirmed applications; changed only by guarded increments.
    pub slots_filled: i32,
    /// Every load.
    #[serde(default)]
    pub slot_history: Vec<SlotLoad>,
    /// Days and fixed dates of deliveries.
    #[serde(flatten)]
    pub delivery: DeliveryRules,
    /// What was agreed with the brand.
    #[serde(default)]
    pub contract: Option<Contract>,
    /// Whom it looks for.
    #[serde(default)]
    pub requirements: Requirements,
    /// What is given.
    pub canje: Canje,
    /// When.
    pub timeline: Timeline,
    /// Pictures and the brand shown.
    #[serde(default)]
    pub assets: Assets,
    /// Where it stands.
    pub status: CampaignStatus,
    /// Every change of it that was made here.
    #[serde(default)]
    pub status_history: Vec<StatusStep>,
    /// Whether creators see it.
    #[serde(default = "yes")]
    pub visible_to_creators: bool,
    /// Staff only, never serialised to anyone else.
    #[serde(default)]
    pub admin_notes: Option<String>,
    /// Counts of its applications and deliveries, written in the transactions that change them and checked nightly.
    #[serde(default)]
    pub tally: Tally,
    /// Name, brand shown and company as searched: lower case, no accents; derived.
    #[serde(default)]
    pub search: String,
    /// Counts the saves of the form, so that two people don't undo each other's.
    #[serde(default)]
    pub rev: i64,
    /// Who made it.
    #[serde(default)]
    pub created_by: Option<String>,
    /// Their role then.
    #[serde(default)]
    pub created_by_role: Option<String>,
    /// When it was made.
    pub created_at: DateTime,
    /// When it was last changed.
    #[serde(default)]
    pub updated_at: Option<DateTime>,
    /// The first time it went live.
    #[serde(default)]
    pub published_at: Option<DateTime>,
    /// When applications were closed by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<DateTime>,
    /// When it was completed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<DateTime>,
    /// When it was cancelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled_at: Option<DateTime>,
    /// Why it was cancelled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancel_reason: Option<String>,
}

fn yes() -> bool {
    true
}

/// What a list's search compares with: the campaign's name, the brand shown and the company, folded.
pub fn searched(name: &str, brand_shown: &str, company: &str) -> String {
    fold(&format!("{name} {brand_shown} {company}"))
}

/// One load of slots.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SlotLoad {
    /// When.
    pub at: DateTime,
    /// Who, or `system`.
    pub by: String,
    /// Why.
    pub kind: SlotKind,
    /// How many.
    pub qty: i32,
    /// What there were afterwards.
    pub total_after: i32,
    /// In words.
    #[serde(default)]
    pub note: Option<String>,
}

/// What was agreed with the brand: M months, N slots each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contract {
    /// Slots per month.
    pub monthly_deliverables: i32,
    /// How many months.
    pub duration_months: i32,
    /// First day.
    pub start_date: LocalDate,
    /// The first day that is no longer in force.
    pub end_date: LocalDate,
    /// The next pending load; none after the last.
    #[serde(default)]
    pub next_reload_date: Option<LocalDate>,
    /// Loads made.
    pub loads_done: i32,
    /// Whether it is in force; ended by the daily job.
    pub is_active: bool,
    /// When it was last renewed.
    #[serde(default)]
    pub renewed_at: Option<DateTime>,
    /// How often.
    #[serde(default)]
    pub renewal_count: i32,
}

impl Contract {
    /// Whether it is in force on a day.
    pub fn is_in_force(&self, today: LocalDate) -> bool {
        self.is_active && today < self.end_date
    }
}

/// Whom a campaign looks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Requirements {
    /// Highest effective followers over the required platforms.
    pub min_followers: Option<i64>,
    /// Average views.
    pub min_avg_views: Option<i64>,
    /// Years.
    pub min_age: i32,
    /// Women, men or everybody.
    pub gender: Wanted,
    /// Residence.
    pub country: Option<Country>,
    /// Free text; a warning for staff, no block.
    pub residence: Option<String>,
    /// Any of these.
    pub platforms: Vec<Platform>,
    /// Asked for in the post.
    pub mandatory_tag: Option<String>,
    /// Asked for in the post.
    pub mandatory_mention: Option<String>,
    /// Asked for in the post.
    pub mandatory_cta: Option<String>,
    /// What kind of content.
    pub content_format: Option<ContentFormat>,
    /// Seconds.
    pub min_duration_seconds: Option<i32>,
    /// Seconds.
    pub max_duration_seconds: Option<i32>,
    /// Each in words.
    pub additional_rules: Vec<String>,
}

impl Default for Requirements {
    fn default() -> Self {
        Self {
            min_followers: None,
            min_avg_views: None,
            min_age: 18,
            gender: Wanted::All,
            country: None,
            residence: None,
            platforms: Platform::ALL.to_vec(),
            mandatory_tag: None,
            mandatory_mention: None,
            mandatory_cta: None,
            content_format: None,
            min_duration_seconds: None,
            max_duration_seconds: None,
            additional_rules: Vec::new(),
        }
    }
}

impl Wanted {
    /// Whether somebody is meant.
    pub fn includes(self, gender: Option<Gender>) -> bool {
        match self {
            Self::All => true,
            Self::Female => gender == Some(Gender::Female),
            Self::Male => gender == Some(Gender::Male),
        }
    }
}

/// What is given in exchange.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Canje {
    /// What kind.
    #[serde(rename = "type")]
    pub kind: CanjeType,
    /// In words.
    pub description: String,
    /// Estimated, in guaraníes.
    #[serde(default)]
    pub value: i64,
    /// How it reaches the creator.
    pub delivery_method: DeliveryMethod,
    /// Staff and confirmed creators only, as everything below.
    #[serde(default)]
    pub pickup_address: Option<String>,
    /// https.
    #[serde(default)]
    pub pickup_maps_url: Option<String>,
    /// In words.
    #[serde(default)]
    pub pickup_hours: Option<String>,
    /// Whom to ask for.
    #[serde(default)]
    pub brand_contact_name: Option<String>,
    /// As typed.
    #[serde(default)]
    pub brand_contact_phone: Option<String>,
}

/// When a campaign happens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Timeline {
    /// The last day to apply.
    pub applications_deadline: LocalDate,
    /// First day of publication.
    pub publish_start: LocalDate,
    /// Last day of publication.
    pub publish_end: LocalDate,
}

/// Pictures and the brand shown.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Assets {
    /// An https address.
    pub cover_image: Option<String>,
    /// The registry row of the uploaded cover.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cover_asset: Option<String>,
    /// May differ from the company.
    pub brand_name: String,
    /// An https address.
    pub logo: Option<String>,
    /// https addresses.
    pub photos: Vec<String>,
}

/// Counts of a campaign's applications and deliveries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tally {
    /// Applications in `applied`.
    pub applied: i32,
    /// Applications in `shortlisted`.
    pub shortlisted: i32,
    /// Applications in `confirmed`.
    pub confirmed: i32,
    /// Applications in `rejected`.
    pub rejected: i32,
    /// Applications in `withdrawn`.
    pub withdrawn: i32,
    /// Applications in `cancelled`.
    pub cancelled: i32,
    /// Confirmed ones whose delivery has an address.
    pub with_url: i32,
    /// Confirmed ones whose delivery has metrics.
    pub with_metrics: i32,
    /// The earliest deadline of an address that is still owed by a confirmed one.
    pub next_url_due: Option<DateTime>,
    /// The earliest deadline of metrics that are still owed by a confirmed one.
    pub next_metrics_due: Option<DateTime>,
}

impl Tally {
    /// All applications, whatever their state.
    pub fn total(&self) -> i32 {
        self.applied + self.shortlisted + self.confirmed + self.rejected + self.withdrawn + self.cancelled
    }

    /// Those that wait for an answer.
    pub fn pending(&self) -> i32 {
        self.applied + self.shortlisted
    }
}

impl Campaign {
    /// Places that are free; never stored.
    pub fn available_slots(&self) -> i32 {
        (self.total_slots_loaded - self.slots_filled).max(0)
    }

    /// Whether its contract allows new applications on a day; a campaign without one always does.
    pub fn is_contract_in_force(&self, today: LocalDate) -> bool {
        self.contract.as_ref().is_none_or(|contract| contract.is_in_force(today))
    }

    /// Whether it is shown as *Vencida*: its contract is over and it is neither completed nor cancelled.
    pub fn is_expired(&self, today: LocalDate) -> bool {
        !matches!(self.status, CampaignStatus::Completed | CampaignStatus::Cancelled)
            && self.contract.as_ref().is_some_and(|contract| today >= contract.end_date)
    }

    /// Whether creators who aren't part of it may see it.
    pub fn is_public(&self) -> bool {
        self.visible_to_creators && !matches!(self.status, CampaignStatus::Draft | CampaignStatus::Cancelled)
    }

    /// What a creator's primary platform for it is: one it asks for, verified first.
    pub fn platform_for(&self, creator: &Creator) -> Platform {
        let asked = || self.requirements.platforms.iter().copied().filter(|p| creator.network(*p).is_some());
        asked()
            .find(|platform| creator.is_verified_on(*platform))
            .or_else(|| asked().next())
            .or_else(|| creator.primary_platform())
            .unwrap_or(Platform::Instagram)
    }
}

impl Stored for Campaign {
    const COLLECTION: &'static str = "ugc_campaigns";
    const INDEXES: &'static [IndexSpec] = &[
        IndexSpec::new("id", &[("id", Ascending)]).unique(),
        IndexSpec::new("brand_id", &[("brand_id", Ascending)]),
        IndexSpec::new(
            "catalogue",
            &[("status", Ascending), ("visible_to_creators", Ascending), ("published_at", Descending)],
        ),
        IndexSpec::new("newest", &[("created_at", Descending), ("id", Ascending)]),
        IndexSpec::new("contract.next_reload_date", &[("contract.next_reload_date", Ascending)]),
        IndexSpec::new("contract.end_date", &[("contract.end_date", Ascending)]),
        IndexSpec::new("tally.applied", &[("tally.applied", Ascending)]),
        IndexSpec::new("tally.shortlisted", &[("tally.shortlisted", Ascending)]),
        IndexSpec::new("tally.next_url_due", &[("tally.next_url_due", Ascending)]),
        IndexSpec::new("tally.next_metrics_due", &[("tally.next_metrics_due", Ascending)]),
    ];
}
