//! A campaign's form: what it shows, and what it says once it is read.

mod read;
mod reader;
mod shown;

use std::collections::BTreeMap;

use bson::Document;
use serde::Serialize;

pub use read::{Purpose, read};
pub use shown::{fresh, shown};

use super::deadlines::DeliveryRules;
use super::model::{Canje, Contract, Requirements, Timeline};
use crate::failure::Failure;
use crate::values::Category;

/// What was typed, by field.
pub type Typed = BTreeMap<String, String>;

/// Every field of the form but its file, in the form's order.
pub const FIELDS: [&str; 48] = [
    "id",
    "rev",
    "brand_id",
    "brand_name",
    "name",
    "category",
    "description",
    "cover_asset",
    "monthly_deliverables",
    "duration_months",
    "contract_start",
    "platform_instagram",
    "platform_tiktok",
    "min_followers",
    "min_avg_views",
    "min_age",
    "gender",
    "country",
    "residence",
    "residence_other",
    "content_format",
    "min_duration",
    "max_duration",
    "mandatory_tag",
    "mandatory_mention",
    "mandatory_cta",
    "additional_rules",
    "canje_type",
    "canje_value",
    "canje_description",
    "delivery_method",
    "pickup_address",
    "pickup_maps_url",
    "pickup_hours",
    "contact_name",
    "contact_phone",
    "applications_deadline",
    "publish_start",
    "publish_end",
    "url_mode",
    "url_days",
    "url_date",
    "metrics_mode",
    "metrics_days",
    "metrics_date",
    "admin_notes",
    "consent",
    "past_agreed",
];

/// The name of the file's field.
pub const COVER: &str = "cover";
/// The mode of a deadline that counts days.
pub const DAYS: &str = "days";
/// The mode of a deadline that is one day for everybody.
pub const FIXED: &str = "fixed";
/// The residence that has a name of its own.
pub const ASUNCION: &str = "asuncion";
/// Any other residence.
pub const OTHER: &str = "other";

/// A form that is valid.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// As shown; the brand's name when it was left empty.
    pub name: String,
    /// The brand shown.
    pub brand_name: String,
    /// Mini-markup.
    pub description: String,
    /// What it is about.
    pub category: Category,
    /// Where.
    pub city: Option<String>,
    /// Days and fixed dates of deliveries.
    pub delivery: DeliveryRules,
    /// What was agreed; only a draft's changes here.
    pub contract: Option<Contract>,
    /// Whom it looks for.
    pub requirements: Requirements,
    /// What is given.
    pub canje: Canje,
    /// When.
    pub timeline: Timeline,
    /// Staff only.
    pub admin_notes: Option<String>,
}

impl Draft {
    /// The fields a save writes, each by its path. A contract that is running isn't among them.
    pub fn fields(&self, with_contract: bool) -> Result<Document, Failure> {
        let mut set = bson::doc! {
            "name": &self.name,
            "assets.brand_name": &self.brand_name,
            "description": &self.description,
            "category": self.category,
            "city": self.city.clone(),
            "admin_notes": self.admin_notes.clone(),
        };
        put(&mut set, "", &self.delivery)?;
        put(&mut set, "requirements.", &self.requirements)?;
        put(&mut set, "canje.", &self.canje)?;
        put(&mut set, "timeline.", &self.timeline)?;
        if let Some(contract) = self.contract.as_ref().filter(|_| with_contract) {
            set.insert("contract", bson::serialize_to_bson(contract).map_err(anyhow::Error::from)?);
        }
        Ok(set)
    }
}

fn put(set: &mut Document, prefix: &str, part: &impl Serialize) -> Result<(), Failure> {
    let part = bson::serialize_to_document(part).map_err(anyhow::Error::from)?;
    set.extend(part.into_iter().map(|(name, value)| (format!("{prefix}{name}"), value)));
    Ok(())
}
