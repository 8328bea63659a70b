//! A creator's profile as stored.

use std::collections::BTreeMap;

use bson::DateTime;
use serde::{Deserialize, Serialize};

use crate::db::indexes::Direction::{Ascending, Descending};
use crate::db::{IndexSpec, Stored};
use crate::values::names::names;
use crate::values::{Category, Country, CreatorId, LocalDate, Platform};

names! {
    /// How a person describes themself.
    Gender {
        /// Femenino.
        Female = "female",
        /// Masculino.
        Male = "male",
        /// Otro.
        Other = "other",
        /// Prefiero no decir.
        PreferNotToSay = "prefer_not_to_say",
    }
}

names! {
    /// Highest education.
    Education {
        /// Secundaria.
        Secondary = "secondary",
        /// Técnico/Terciario.
        Technical = "technical",
        /// Universitario.
        University = "university",
        /// Posgrado.
        Postgraduate = "postgraduate",
        /// Otro.
        Other = "other",
    }
}

names! {
    /// A creator's level, from the first to the last.
    Level {
        /// Everybody's first.
        Rookie = "rookie",
        /// From 5 deliveries.
        Trusted = "trusted",
        /// From 15.
        Pro = "pro",
        /// From 30.
        Elite = "elite",
    }
}

/// A document of `ugc_creators`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Creator {
    /// The public id.
    pub id: CreatorId,
    /// The account; one profile each.
    pub user_id: String,
    /// The account's address when the profile was made; mail goes to the account's own.
    pub email: String,
    /// Full name, the only authority for display.
    pub name: String,
    /// 18 or older on the local day.
    #[serde(default)]
    pub birth_date: Option<LocalDate>,
    /// Private.
    #[serde(default)]
    pub gender: Option<Gender>,
    /// Identity card as typed; private.
    #[serde(default)]
    pub document_id: Option<String>,
    /// Its digits, for a warning about duplicates; private.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document_digits: Option<String>,
    /// Residence.
    #[serde(default)]
    pub country: Option<Country>,
    /// From the country's list, or free.
    #[serde(default)]
    pub city: Option<String>,
    /// `+595`.
    #[serde(default)]
    pub phone_country_code: Option<String>,
    /// 6 to 15 digits.
    #[serde(default)]
    pub phone: Option<String>,
    /// Code and digits; derived. Private, as the two parts.
    #[serde(default)]
    pub phone_full: Option<String>,
    /// One or more when complete.
    #[serde(default)]
    pub categories: Vec<Category>,
    /// At most 500 characters.
    #[serde(default)]
    pub bio: Option<String>,
    /// Free text.
    #[serde(default)]
    pub occupation: Option<String>,
    /// http or https.
    #[serde(default)]
    pub portfolio_url: Option<String>,
    /// Highest education.
    #[serde(default)]
    pub education_level: Option<Education>,
    /// From the list in `i18n::creators`.
    #[serde(default)]
    pub languages: Vec<String>,
    /// An https address of an uploaded image, or the account's.
    #[serde(default)]
    pub profile_picture: Option<String>,
    /// The registry row of the uploaded picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture_asset: Option<String>,
    /// At most one per platform.
    #[serde(default)]
    pub social_networks: Vec<SocialNetwork>,
    /// The last accepted verification per platform.
    #[serde(default)]
    pub social_accounts: BTreeMap<Platform, SocialAccount>,
    /// Derived from facts, never from a page load.
    #[serde(default)]
    pub stats: Stats,
    /// Derived.
    pub level: Level,
    /// 0 to 100, derived.
    #[serde(default)]
    pub level_progress: i32,
    /// Set by administration; wins over `level`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level_override: Option<LevelOverride>,
    /// Staff's badge; nothing to do with social verification.
    #[serde(default)]
    pub is_verified: bool,
    /// Whether they may apply.
    pub is_active: bool,
    /// Whether all five steps were done once.
    #[serde(default)]
    pub onboarding_completed: bool,
    /// Opt-out of mailings about new campaigns.
    #[serde(default = "yes")]
    pub notify_new_campaigns: bool,
    /// Whether the terms were accepted; the proof is in `terms_acceptances`.
    #[serde(default)]
    pub terms_accepted: bool,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms_accepted_at: Option<DateTime>,
    /// Which version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms_version: Option<String>,
    /// Name, handles and e-mail as searched: lower case, no accents; derived ([`Creator::search_text`]).
    #[serde(default)]
    pub search: String,
    /// When it was made.
    pub created_at: DateTime,
    /// When anything last changed.
    #[serde(default)]
    pub updated_at: Option<DateTime>,
    /// When the person last changed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile_updated_at: Option<DateTime>,
}

fn yes() -> bool {
    true
}

/// A declared account on a platform.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SocialNetwork {
    /// Which platform.
    pub platform: Platform,
    /// Without `@`.
    pub username: String,
    /// Derived from the other two.
    pub url: String,
    /// As declared; shown as not verified.
    #[serde(default)]
    pub followers: Option<i64>,
    /// Whether `social_accounts` has a verification of this very name.
    #[serde(default)]
    pub verified: bool,
    /// When it last changed.
    #[serde(default)]
    pub last_updated: Option<DateTime>,
}

/// An accepted verification.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SocialAccount {
    /// Without `@`.
    pub username: String,
    /// As read.
    pub follower_count: i64,
    /// As read.
    #[serde(default)]
    pub following_count: Option<i64>,
    /// Instagram.
    #[serde(default)]
    pub posts_count: Option<i64>,
    /// TikTok.
    #[serde(default)]
    pub likes_count: Option<i64>,
    /// The platform's own mark.
    #[serde(default)]
    pub is_platform_verified: bool,
    /// Whether a model read it.
    #[serde(default)]
    pub verified_by_ai: bool,
    /// `screenshot_ai` or `staff`.
    pub verification_method: String,
    /// How sure the reading was; private.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confidence: Option<String>,
    /// When.
    pub verified_at: DateTime,
    /// When it was last read.
    pub last_updated: DateTime,
}

/// What the facts add up to (formulas in the specification, 8.4).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Stats {
    /// Delivered, not rejected or cancelled.
    pub total_completed: i64,
    /// Distinct campaigns of those.
    pub completed_campaigns: i64,
    /// Applications ever confirmed and not cancelled.
    pub total_campaigns: i64,
    /// Two decimals; 0 without ratings.
    pub avg_rating: f64,
    /// Ratings that aren't hidden.
    pub total_ratings: i64,
    /// Percent, one decimal; none without deliveries.
    pub delivery_on_time_rate: Option<f64>,
    /// Percent, one decimal; none without metrics.
    pub metrics_on_time_rate: Option<f64>,
    /// Hours; none without publications.
    pub avg_delivery_lag_hours: Option<f64>,
    /// Mean per platform over metrics documents.
    pub avg_views: BTreeMap<Platform, f64>,
    /// The same for reach.
    pub avg_reach: BTreeMap<Platform, f64>,
    /// The same for interactions.
    pub avg_interactions: BTreeMap<Platform, f64>,
    /// Highest per platform.
    pub max_views: BTreeMap<Platform, i64>,
    /// Highest per platform.
    pub max_reach: BTreeMap<Platform, i64>,
    /// Highest per platform.
    pub max_interactions: BTreeMap<Platform, i64>,
    /// Sum over metrics documents.
    pub total_views: i64,
    /// Sum over metrics documents.
    pub total_reach: i64,
}

/// A level set by hand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LevelOverride {
    /// Which.
    pub level: Level,
    /// Whose decision.
    pub by: String,
    /// When.
    pub at: DateTime,
    /// Why.
    #[serde(default)]
    pub note: Option<String>,
}

impl Creator {
    /// The level that counts.
    pub fn effective_level(&self) -> Level {
        self.level_override.as_ref().map_or(self.level, |set| set.level)
    }

    /// Followers on a platform: verified, else declared, else 0.
    pub fn followers(&self, platform: Platform) -> i64 {
        let verified = self.social_accounts.get(&platform).map(|account| account.follower_count);
        let declared = || self.network(platform).and_then(|network| network.followers);
        verified.or_else(declared).unwrap_or(0)
    }

    /// The declared account on a platform.
    pub fn network(&self, platform: Platform) -> Option<&SocialNetwork> {
        self.social_networks.iter().find(|network| network.platform == platform)
    }

    /// Whether the account on a platform is verified.
    pub fn is_verified_on(&self, platform: Platform) -> bool {
        self.social_accounts.contains_key(&platform)
    }

    /// The primary platform: first verified network, else first declared.
    pub fn primary_platform(&self) -> Option<Platform> {
        let networks = || self.social_networks.iter().map(|network| network.platform);
        networks().find(|platform| self.is_verified_on(*platform)).or_else(|| networks().next())
    }

    /// What `search` has to hold: name, handles, address and telephone, folded.
    pub fn search_text(&self) -> String {
        let handles = self.social_networks.iter().map(|network| network.username.as_str());
        let parts =
            [self.name.as_str(), self.email.as_str()].into_iter().chain(handles).chain(self.phone_full.as_deref());
        crate::values::fold(&parts.collect::<Vec<_>>().join(" "))
    }
}

impl Stored for Creator {
    const COLLECTION: &'static str = "ugc_creators";
    const INDEXES: &'static [IndexSpec] = &[
        IndexSpec::new("id", &[("id", Ascending)]).unique(),
        IndexSpec::new("user_id", &[("user_id", Ascending)]).unique(),
        IndexSpec::new("level", &[("level", Ascending)]),
        IndexSpec::new("city", &[("city", Ascending)]),
        IndexSpec::new("categories", &[("categories", Ascending)]),
        IndexSpec::new("newest", &[("created_at", Descending), ("id", Ascending)]),
        IndexSpec::new(
            "leaderboard",
            &[
                ("is_active", Ascending),
                ("stats.avg_rating", Descending),
                ("stats.total_completed", Descending),
                ("id", Ascending),
            ],
        ),
    ];
}
