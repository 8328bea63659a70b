//! What is known about the collections of the old system and of this one: which are expected, which are obsolete, and
//! which the owner doubts.

use bson::{Document, doc};

/// What a collection's name says about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Part of the system.
    Expected,
    /// Left over; the migration drops or archives it after approval.
    Obsolete,
    /// Nobody knows why it is there.
    Unforeseen,
}

/// Collections that the migration drops or archives, and why they are obsolete is said in the catalogue by group.
const OBSOLETE: [&str; 14] = [
    "backup_diagnostics",
    "fs.chunks",
    "fs.files",
    "images.chunks",
    "images.files",
    "migration_backups",
    "migration_logs",
    "page_content",
    "product_images.chunks",
    "product_images.files",
    "product_images_data",
    "temp_image_batches",
    "temp_images",
    "image_assignment_logs",
];

/// Collections of the old system that hold its business.
const LEGACY: [&str; 27] = [
    "admin_settings",
    "audit_logs",
    "brand_inquiries",
    "email_logs",
    "notifications",
    "orders",
    "page_modifications",
    "payment_transactions",
    "reservations",
    "shop_coupons",
    "shop_products",
    "shop_products_grouped",
    "system_notifications",
    "terms_acceptances",
    "terms_versions",
    "ugc_applications",
    "ugc_audit_logs",
    "ugc_brands",
    "ugc_campaigns",
    "ugc_creators",
    "ugc_deliverables",
    "ugc_metrics",
    "ugc_notifications",
    "ugc_packages",
    "ugc_ratings",
    "ugc_reviews",
    "users",
];

/// What is known of a collection. In the live database the declared collections are the expected ones.
pub fn standing(name: &str, is_live: bool) -> Standing {
    if is_live && crate::serve::collections().iter().any(|declared| declared.collection == name) {
        Standing::Expected
    } else if OBSOLETE.contains(&name) {
        Standing::Obsolete
    } else if name.starts_with("system.") || LEGACY.contains(&name) {
        Standing::Expected
    } else {
        Standing::Unforeseen
    }
}

/// One thing the owner wants to see at one click.
#[derive(Clone, Copy, Debug)]
pub struct Doubt {
    /// The collection.
    pub collection: &'static str,
    /// The raw filter, in Extended JSON.
    pub filter: Option<&'static str>,
    /// The words of the button; the collection's name if absent.
    pub label: Option<&'static str>,
}

const fn doubt(collection: &'static str) -> Doubt {
    Doubt { collection, filter: None, label: None }
}

/// The collections in doubt.
pub const DOUBTS: [Doubt; 12] = [
    doubt("ugc_ratings"),
    doubt("ugc_notifications"),
    doubt("page_content"),
    doubt("notifications"),
    doubt("image_assignment_logs"),
    doubt("ugc_audit_logs"),
    doubt("ugc_reviews"),
    doubt("payment_transactions"),
    doubt("migration_backups"),
    Doubt {
        collection: "ugc_applications",
        filter: Some(r#"{"creator_id":{"$exists":true,"$ne":null}}"#),
        label: Some(crate::i18n::inspect::APPLICATIONS_WITH_CREATOR),
    },
    Doubt {
        collection: "ugc_applications",
        filter: Some(r#"{"creator_id":null}"#),
        label: Some(crate::i18n::inspect::APPLICATIONS_WITHOUT_CREATOR),
    },
    Doubt {
        collection: "ugc_applications",
        filter: Some(MATCHING),
        label: Some(crate::i18n::inspect::APPLICATIONS_MATCHING),
    },
];

/// The filter that stands for "applications whose e-mail is a creator's". It is not one the server could answer without a
/// join, so the view recognises it and reads the creators' addresses first.
pub const MATCHING: &str = "email-of-a-creator";

/// The filter for applications whose address, trimmed and in lower case, is one of these.
pub fn address_in(addresses: Vec<String>) -> Document {
    let normalised = |field: &str| {
        doc! { "$toLower": { "$trim": { "input": { "$cond": [
            { "$eq": [{ "$type": field }, "string"] }, field, "",
        ] } } } }
    };
    doc! { "creator_id": null, "$expr": { "$in": [normalised("$email"), addresses] } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_one_standing() {
        for name in OBSOLETE {
            assert!(!LEGACY.contains(&name), "{name}");
            assert_eq!(standing(name, false), Standing::Obsolete);
        }
        assert_eq!(standing("ugc_creators", false), Standing::Expected);
        assert_eq!(standing("sessions", true), Standing::Expected);
        assert_eq!(standing("sessions", false), Standing::Unforeseen);
    }
}
