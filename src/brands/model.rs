//! A brand as stored.

use bson::{DateTime, doc};
use serde::{Deserialize, Serialize};

use crate::db::indexes::Direction::Ascending;
use crate::db::{IndexSpec, Stored};
use crate::values::{BrandId, Country};

/// A document of `ugc_brands`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Brand {
    /// The public id.
    pub id: BrandId,
    /// The owner's account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// The company that memberships refer to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company_id: Option<String>,
    /// The owner's address.
    #[serde(default)]
    pub email: Option<String>,
    /// As shown.
    pub company_name: String,
    /// From the list in `i18n::brands`, as found.
    #[serde(default)]
    pub industry: Option<String>,
    /// Where it is.
    #[serde(default)]
    pub country: Option<Country>,
    /// Where it is.
    #[serde(default)]
    pub city: Option<String>,
    /// First and last name; derived.
    #[serde(default)]
    pub contact_name: Option<String>,
    /// Private.
    #[serde(default)]
    pub contact_first_name: Option<String>,
    /// Private.
    #[serde(default)]
    pub contact_last_name: Option<String>,
    /// National digits only; private.
    #[serde(default)]
    pub contact_phone: Option<String>,
    /// `+595`.
    #[serde(default)]
    pub phone_country_code: Option<String>,
    /// https.
    #[serde(default)]
    pub logo_url: Option<String>,
    /// https.
    #[serde(default)]
    pub website: Option<String>,
    /// Without `@`, never an address.
    #[serde(default)]
    pub instagram_handle: Option<String>,
    /// Derived.
    #[serde(default)]
    pub instagram_url: Option<String>,
    /// Free text.
    #[serde(default)]
    pub description: Option<String>,
    /// Staff's badge.
    #[serde(default)]
    pub is_verified: bool,
    /// When not, its campaigns are hidden.
    pub is_active: bool,
    /// Whether its registration was finished.
    #[serde(default)]
    pub onboarding_completed: bool,
    /// When it was made.
    pub created_at: DateTime,
    /// When it was last changed.
    #[serde(default)]
    pub updated_at: Option<DateTime>,
}

impl Stored for Brand {
    const COLLECTION: &'static str = "ugc_brands";
    const INDEXES: &'static [IndexSpec] = &[
        IndexSpec::new("id", &[("id", Ascending)]).unique(),
        IndexSpec::new("user_id", &[("user_id", Ascending)])
            .unique()
            .only_where(|| doc! { "user_id": { "$type": "string" } }),
        IndexSpec::new("company_id", &[("company_id", Ascending)]),
    ];
}
