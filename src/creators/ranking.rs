//! What lists of people are ordered by, worked out on the server: followers and averages over both structures and platforms.

use bson::{Document, doc};

use super::model::Creator;
use crate::db::Stored;
use crate::values::Platform;

/// The field that [`figures`] adds.
pub const FIGURES: &str = "figures";

/// A stage that adds `figures.{instagram,tiktok,views,reach,rating}` from the creator at `at` («» for the row itself).
pub fn figures(at: &str) -> Document {
    let path = |field: &str| if at.is_empty() { format!("${field}") } else { format!("${at}.{field}") };
    let best = |stat: &str| {
        let of = |platform: Platform| doc! { "$ifNull": [path(&format!("stats.{stat}.{}", platform.as_str())), 0] };
        doc! { "$max": [of(Platform::Instagram), of(Platform::Tiktok)] }
    };
    doc! { "$addFields": { FIGURES: {
        "instagram": followers(&path, Platform::Instagram),
        "tiktok": followers(&path, Platform::Tiktok),
        "views": best("avg_views"),
        "reach": best("avg_reach"),
        "rating": { "$ifNull": [path("stats.avg_rating"), 0] },
    } } }
}

/// Verified, else declared, else 0: as `Creator::followers`.
fn followers(path: &impl Fn(&str) -> String, platform: Platform) -> Document {
    let name = platform.as_str();
    let declared = doc! { "$arrayElemAt": [
        { "$map": {
            "input": { "$filter": {
                "input": path("social_networks"), "as": "network", "cond": { "$eq": ["$$network.platform", name] },
            } },
            "as": "network",
            "in": "$$network.followers",
        } },
        0,
    ] };
    doc! { "$ifNull": [path(&format!("social_accounts.{name}.follower_count")), { "$ifNull": [declared, 0] }] }
}

/// Stages that put the creator of a row (`creator_id`) at `at`.
pub fn joined(at: &str) -> [Document; 2] {
    [
        doc! { "$lookup": {
            "from": Creator::COLLECTION, "localField": "creator_id", "foreignField": "id", "as": at,
        } },
        doc! { "$addFields": { at: { "$arrayElemAt": [format!("${at}"), 0] } } },
    ]
}

/// Creators with a verified network, their profile being at `at`.
pub fn with_verified_networks(at: &str) -> Document {
    let field = |platform: Platform| match at {
        "" => format!("social_accounts.{}", platform.as_str()),
        at => format!("{at}.social_accounts.{}", platform.as_str()),
    };
    let has = |platform| doc! { field(platform): { "$exists": true } };
    doc! { "$or": [has(Platform::Instagram), has(Platform::Tiktok)] }
}
