//! The catalogue's filters, as they stand in its address.

use serde::{Deserialize, Serialize};

use super::listing::Key;
use super::model::Listed;
use crate::campaigns::model::CanjeType;
use crate::values::{Category, Platform, fold};

/// The catalogue.
pub const PATH: &str = "/ugc/campaigns";

/// The query as it arrives.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Asked {
    /// Words.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub q: String,
    /// A slug.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub category: String,
    /// As written in a campaign.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub city: String,
    /// A stored name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub platform: String,
    /// A stored name.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub canje: String,
    /// The highest minimum of followers.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub followers: String,
    /// `1`: only what the creator meets the requirements of.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub fit: String,
    /// The page before this place.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub before: String,
    /// The page after this place.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub after: String,
}

/// What is looked for. What isn't one of the offered values filters nothing: an old link still shows a catalogue.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Folded words.
    pub text: String,
    /// What it is about.
    pub category: Option<Category>,
    /// Folded.
    pub city: String,
    /// One of those it asks for.
    pub platform: Option<Platform>,
    /// What is given.
    pub canje: Option<CanjeType>,
    /// At most this minimum.
    pub followers: Option<i64>,
    /// Only what the creator meets the requirements of.
    pub only_fitting: bool,
}

impl Asked {
    /// The filter.
    pub fn filter(&self) -> Filter {
        Filter {
            text: fold(&self.q),
            category: Category::parse(&self.category),
            city: fold(&self.city),
            platform: Platform::parse(&self.platform),
            canje: CanjeType::parse(&self.canje),
            followers: self.followers.parse().ok(),
            only_fitting: self.fit == "1",
        }
    }

    /// The same list with one thing changed, from its beginning.
    pub fn with(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut asked = Self { before: String::new(), after: String::new(), ..self.clone() };
        change(&mut asked);
        asked.href()
    }

    /// The page before or after a place.
    pub fn at(&self, before: Option<&Key>, after: Option<&Key>) -> String {
        let text = |key: Option<&Key>| key.map(Key::to_string).unwrap_or_default();
        Self { before: text(before), after: text(after), ..self.clone() }.href()
    }

    fn href(&self) -> String {
        match serde_urlencoded::to_string(self) {
            Ok(query) if !query.is_empty() => format!("{PATH}?{query}"),
            _ => PATH.to_owned(),
        }
    }
}

impl Filter {
    /// Whether nothing is looked for.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether a campaign is looked for; what the creator fits isn't decided here.
    pub(super) fn matches(&self, listed: &Listed) -> bool {
        let campaign = &listed.campaign;
        let asked = &campaign.requirements;
        self.category.is_none_or(|category| category == campaign.category)
            && self.platform.is_none_or(|platform| asked.platforms.contains(&platform))
            && self.canje.is_none_or(|kind| kind == campaign.canje.kind)
            && self.followers.is_none_or(|most| asked.min_followers.unwrap_or(0) <= most)
            && (self.city.is_empty() || listed.city == self.city)
            && (self.text.is_empty() || listed.says(&self.text))
    }
}
