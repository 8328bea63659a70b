//! Campaigns and brands as the other rules know them.

use std::collections::BTreeMap;

use super::super::super::rule::Frozen;
use super::super::keys::Keys;
use super::super::lists::platform;
use super::super::row::Row;
use super::super::{brands, campaigns};
use crate::campaigns::DeliveryRules;
use crate::campaigns::deadlines::{DEFAULT_METRICS_DAYS, DEFAULT_URL_DAYS};
use crate::values::{BrandId, CampaignId, Platform};

/// A campaign.
#[derive(Debug)]
pub struct Offer {
    /// The campaign.
    pub id: CampaignId,
    /// Whose it is.
    pub brand_id: BrandId,
    /// Until when deliveries are due.
    pub rules: DeliveryRules,
    /// Where content is published.
    pub platforms: Vec<Platform>,
}

/// Campaigns and the names of brands.
#[derive(Debug, Default)]
pub struct Offers {
    offers: BTreeMap<String, Offer>,
    companies: BTreeMap<String, String>,
    /// The keys of campaigns.
    pub keys: Keys,
    /// The keys of brands.
    pub brand_keys: Keys,
}

impl From<&Frozen> for Offers {
    fn from(frozen: &Frozen) -> Self {
        let rows = frozen.source("ugc_campaigns");
        let brand_rows = frozen.source("ugc_brands");
        let mut offers = Self {
            keys: Keys::of(rows, &campaigns::CODES),
            brand_keys: Keys::of(brand_rows, &brands::CODES),
            ..Self::default()
        };
        for raw in brand_rows {
            let row = Row::of(raw, frozen.shift(), &brands::CODES);
            if let Some(key) = row.key() {
                offers.companies.insert(key.to_owned(), row.stored("company_name").unwrap_or_default().to_owned());
            }
        }
        for raw in rows {
            let mut row = Row::of(raw, frozen.shift(), &campaigns::CODES);
            let (Some(key), Some(brand)) = (row.key(), row.text("brand_id")) else { continue };
            if offers.keys.owns(raw, key) {
                let offer = Offer {
                    id: CampaignId::of(key),
                    brand_id: BrandId::of(offers.brand_keys.resolve(&brand).unwrap_or(&brand)),
                    rules: rules(&mut row),
                    platforms: row.part("requirements").map_or_else(both, |mut part| platforms(&mut part)),
                };
                offers.offers.insert(key.to_owned(), offer);
            }
        }
        offers
    }
}

impl Offers {
    /// The campaign a row means.
    pub fn campaign(&self, key: &str) -> Option<&Offer> {
        self.offers.get(self.keys.resolve(key)?)
    }

    /// A brand's name as stored.
    pub fn company(&self, brand: &str) -> Option<&str> {
        self.companies.get(self.brand_keys.resolve(brand)?).map(String::as_str)
    }
}

/// Days and fixed dates of deliveries.
pub fn rules(row: &mut Row<'_>) -> DeliveryRules {
    let mut days = |field: &str, otherwise: i32| row.small(field).filter(|days| *days > 0).unwrap_or(otherwise);
    let url_delivery_days = days("url_delivery_days", DEFAULT_URL_DAYS);
    DeliveryRules {
        url_delivery_days,
        metrics_delivery_days: days("metrics_delivery_days", DEFAULT_METRICS_DAYS),
        url_delivery_fixed_date: row.day("url_delivery_fixed_date"),
        metrics_delivery_fixed_date: row.day("metrics_delivery_fixed_date"),
    }
}

/// Where content is published; both places when nothing is said.
pub fn platforms(requirements: &mut Row<'_>) -> Vec<Platform> {
    let mut found = Vec::new();
    for on in requirements.texts("platforms").iter().filter_map(|name| platform(name)) {
        if !found.contains(&on) {
            found.push(on);
        }
    }
    if found.is_empty() { both() } else { found }
}

fn both() -> Vec<Platform> {
    Platform::ALL.to_vec()
}
