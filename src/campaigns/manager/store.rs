//! The manager's queries.

use std::collections::{BTreeSet, HashMap};

use bson::{DateTime, Document, doc};
use futures::TryStreamExt;
use jiff::Timestamp;
use serde::Deserialize;

use crate::campaigns::lights::SOON;
use crate::campaigns::model::Campaign;
use crate::db::keyset::whole;
use crate::db::{Db, Stored, date};
use crate::deliverables::model::Deliverable;
use crate::failure::Failure;
use crate::values::CampaignId;

/// How many campaigns there are, and which need somebody now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overview {
    /// All of them.
    pub all: u64,
    /// With applications nobody answered.
    pub pending: BTreeSet<CampaignId>,
    /// With something owed before now.
    pub late: BTreeSet<CampaignId>,
}

/// Looks them up by their counts: four ranges of an index, whatever the past holds.
pub async fn overview(db: &Db, now: Timestamp) -> Result<Overview, Failure> {
    let some = doc! { "$gt": 0, "$lt": i32::MAX };
    let before = doc! { "$gt": DateTime::MIN, "$lt": date(now) };
    let campaigns = db.live.collection::<Document>(Campaign::COLLECTION);
    let (all, applied, shortlisted, url, metrics) = futures::try_join!(
        async { Ok::<_, Failure>(campaigns.count_documents(doc! {}).await?) },
        with(db, "tally.applied", some.clone()),
        with(db, "tally.shortlisted", some),
        with(db, "tally.next_url_due", before.clone()),
        with(db, "tally.next_metrics_due", before),
    )?;
    Ok(Overview {
        all,
        pending: applied.into_iter().chain(shortlisted).collect(),
        late: url.into_iter().chain(metrics).collect(),
    })
}

async fn with(db: &Db, field: &str, range: Document) -> Result<Vec<CampaignId>, Failure> {
    #[derive(Deserialize)]
    struct Found {
        id: CampaignId,
    }
    let campaigns = db.live.collection::<Found>(Campaign::COLLECTION);
    let found = campaigns.find(doc! { field: range }).projection(doc! { "id": 1 }).await?;
    let found: Vec<Found> = found.try_collect().await?;
    Ok(found.into_iter().map(|found| found.id).collect())
}

/// What of some campaigns is owed within 72 hours, and what was owed before now: `(soon, late)` by campaign.
pub type Owed = HashMap<String, (u64, u64)>;

/// Counts what is owed by one of the two deadlines, for all campaigns of a page at once.
pub async fn owed(db: &Db, ids: &[CampaignId], field: &'static str, now: Timestamp) -> Result<Owed, Failure> {
    if ids.is_empty() {
        return Ok(Owed::new());
    }
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
