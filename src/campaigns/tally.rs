//! The counts on a campaign, changed in the transaction of what they count.
//!
//! Lists show hundreds of campaigns with all their counters; counting applications for each of them would grow with the
//! past. What depends on the clock (how many are late) isn't counted here: open deliveries are few and asked directly.

use bson::{Document, doc};
use futures::TryStreamExt;
use mongodb::ClientSession;

use super::model::Campaign;
use crate::applications::model::ApplicationStatus;
use crate::db::{Db, Lost};
use crate::deliverables::model::Deliverable;
use crate::failure::Failure;
use crate::values::CampaignId;

/// What one transaction changes in a campaign's counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// An application leaves this state; `None` when it is new.
    pub from: Option<ApplicationStatus>,
    /// And enters this one.
    pub to: Option<ApplicationStatus>,
    /// Confirmed deliveries with an address, more or fewer.
    pub with_url: i32,
    /// Confirmed deliveries with metrics, more or fewer.
    pub with_metrics: i32,
    /// Whether what is owed, or until when, changed: the earliest deadlines are then looked up again.
    pub dues: bool,
}

impl Change {
    fn increments(&self) -> Document {
        let mut increments = Document::new();
        let mut add = |field: &str, by: i32| {
            if by != 0 {
                let field = format!("tally.{field}");
                let before = increments.get_i32(&field).unwrap_or(0);
                increments.insert(field, before + by);
            }
        };
        if let Some(from) = self.from {
            add(from.as_str(), -1);
        }
        if let Some(to) = self.to {
            add(to.as_str(), 1);
        }
        add("with_url", self.with_url);
        add("with_metrics", self.with_metrics);
        increments.into_iter().filter(|(_, by)| by.as_i32() != Some(0)).collect()
    }
}

/// Records a change in the counts. Called after the writes on the deliveries it speaks of, in their transaction.
pub async fn record_in(session: &mut ClientSession, db: &Db, id: &CampaignId, change: Change) -> Result<(), Failure> {
    let mut update = Document::new();
    let increments = change.increments();
    if !increments.is_empty() {
        update.insert("$inc", increments);
    }
    if change.dues {
        let url = earliest(session, db, id, "owes_url_by").await?;
        let metrics = earliest(session, db, id, "owes_metrics_by").await?;
        update.insert("$set", doc! { "tally.next_url_due": url, "tally.next_metrics_due": metrics });
    }
    if update.is_empty() {
        return Ok(());
    }
    let done = db.stored::<Campaign>().update_one(doc! { "id": id }, update).session(session).await?;
    if done.matched_count == 1 { Ok(()) } else { Err(Lost.into()) }
}

/// Records that several applications went from one state to another, neither of them `confirmed`.
pub async fn move_in(
    session: &mut ClientSession,
    db: &Db,
    id: &CampaignId,
    from: ApplicationStatus,
    to: ApplicationStatus,
    count: i32,
) -> Result<(), Failure> {
    let increments = doc! { format!("tally.{}", from.as_str()): -count, format!("tally.{}", to.as_str()): count };
    let all = db.stored::<Campaign>();
    let done = all.update_one(doc! { "id": id }, doc! { "$inc": increments }).session(session).await?;
    if done.matched_count == 1 { Ok(()) } else { Err(Lost.into()) }
}

async fn earliest(
    session: &mut ClientSession,
    db: &Db,
    id: &CampaignId,
    field: &str,
) -> Result<Option<bson::DateTime>, Failure> {
    let owed = doc! { "campaign_id": id, field: { "$gt": bson::DateTime::MIN } };
    let mut cursor = db
        .live
        .collection::<Document>(<Deliverable as crate::db::Stored>::COLLECTION)
        .find(owed)
        .projection(doc! { field: 1, "_id": 0 })
        .sort(doc! { "campaign_id": 1, field: 1 })
        .limit(1)
        .session(&mut *session)
        .await?;
    let first = cursor.stream(session).try_next().await?;
    Ok(first.and_then(|found| found.get_datetime(field).ok().copied()))
}
