//! Public ids, a type each, so that one can't stand where another is meant.

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident,)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// A new one: UUID version 4.
            pub fn new() -> Self {
                Self(uuid::Uuid::new_v4().to_string())
            }

            /// One that exists already, as found.
            pub fn of(id: impl Into<String>) -> Self {
                Self(id.into())
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl From<$name> for bson::Bson {
            fn from(id: $name) -> Self {
                Self::String(id.0)
            }
        }
    )+};
}

ids! {
    /// `ugc_creators.id`.
    CreatorId,
    /// `ugc_brands.id`.
    BrandId,
    /// `ugc_campaigns.id`.
    CampaignId,
    /// `ugc_applications.id`.
    ApplicationId,
    /// `ugc_deliverables.id`.
    DeliverableId,
}
