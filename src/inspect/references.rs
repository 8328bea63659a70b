//! Which fields refer to which documents, as far as the systems we know do it.
//!
//! A link leads to the collection filtered by the key; whether somebody answers there is seen when it is followed.

/// Field names that hold a key of another collection: field, collection, that collection's key.
const REFERENCES: [(&str, &str, &str); 20] = [
    ("user_id", "users", "user_id"),
    ("created_by", "users", "user_id"),
    ("creator_id", "ugc_creators", "id"),
    ("brand_id", "ugc_brands", "id"),
    ("campaign_id", "ugc_campaigns", "id"),
    ("application_id", "ugc_applications", "id"),
    ("deliverable_id", "ugc_deliverables", "id"),
    ("package_id", "ugc_packages", "id"),
    ("order_id", "orders", "order_id"),
    ("product_id", "shop_products", "product_id"),
    ("grouped_id", "shop_products_grouped", "grouped_id"),
    ("coupon_code", "shop_coupons", "code"),
    ("coupon_id", "shop_coupons", "id"),
    ("reservation_id", "reservations", "reservation_id"),
    ("inquiry_id", "brand_inquiries", "inquiry_id"),
    ("transaction_id", "payment_transactions", "transaction_id"),
    ("image_id", "temp_images", "image_id"),
    ("batch_id", "temp_image_batches", "batch_id"),
    ("page_id", "page_modifications", "page_id"),
    ("metric_id", "ugc_metrics", "id"),
];

/// Where a value leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The collection it refers to.
    pub collection: String,
    /// That collection's field.
    pub field: &'static str,
}

/// What a field of a collection refers to; `None` for a collection's own key.
pub fn of(collection: &str, field: &str) -> Option<Reference> {
    if field == "files_id" {
        let bucket = collection.strip_suffix(".chunks")?;
        return Some(Reference { collection: format!("{bucket}.files"), field: "_id" });
    }
    let (_, target, key) = REFERENCES.into_iter().find(|(name, ..)| *name == field)?;
    (target != collection).then(|| Reference { collection: target.into(), field: key })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_lead_elsewhere() {
        let to = |collection, field| {
            of(collection, field).map(|reference| format!("{}.{}", reference.collection, reference.field))
        };
        assert_eq!(to("ugc_applications", "creator_id").as_deref(), Some("ugc_creators.id"));
        assert_eq!(to("images.chunks", "files_id").as_deref(), Some("images.files._id"));
        assert_eq!(to("users", "user_id"), None);
        assert_eq!(to("images.files", "files_id"), None);
        assert_eq!(to("users", "name"), None);
    }
}
