//! The manager's queries.

use std::collections::HashMap;

use bson::{DateTime, Document, doc};
use futures::TryStreamExt;
use jiff::Timestamp;

use crate::campaigns::lights::SOON;
use crate::db::keyset::whole;
use crate::db::{Db, Stored, date};
use crate::deliverables::model::Deliverable;
use crate::failure::Failure;
use crate::values::CampaignId;

/// What of some campaigns is owed within 72 hours, and what was owed before now: `(soon, late)` by campaign.
pub type Owed = HashMap<String, (u64, u64)>;

/// Counts what is owed by one of the two deadlines, for all campaigns of a page at once.
pub async fn owed(db: &Db, ids: &[CampaignId], field: &'static str, now: Timestamp) -> Result<Owed, Failure> {
    let now_at = date(now);
    let soon = now.checked_add(SOON).unwrap_or(Timestamp::MAX);
    let stages = [
        doc! { "$match": { "campaign_id": { "$in": ids }, field: { "$gt": DateTime::MIN, "$lt": date(soon) } } },
        doc! { "$group": {
            "_id": { "campaign": "$campaign_id", "late": { "$lt": [format!("${field}"), now_at] } },
            "n": { "$sum": 1 },
        } },
    ];
    let deliveries = db.live.collection::<Document>(Deliverable::COLLECTION);
    let groups: Vec<Document> = deliveries.aggregate(stages).await?.try_collect().await?;
    let mut owed = Owed::new();
    for group in groups {
        let Ok(key) = group.get_document("_id") else { continue };
        let count = whole(group.get("n")).unwrap_or(0);
        let counts = owed.entry(key.get_str("campaign").unwrap_or_default().to_owned()).or_default();
        match key.get_bool("late") {
            Ok(true) => counts.1 += count,
            _ => counts.0 += count,
        }
    }
    Ok(owed)
}
