//! How much waits for the team.

use bson::{DateTime, Document, doc};
use jiff::Timestamp;

use super::model::{Period, Whose};
use crate::applications::Application;
use crate::db::{Db, Stored, date};
use crate::deliverables::Deliverable;
use crate::failure::Failure;
use crate::i18n::waits::COUNTED;

/// What waits for the team; counting stops at `COUNTED`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Backlog {
    /// Applications without an answer.
    pub applications: u64,
    /// Those that passed their time.
    pub late_applications: u64,
    /// Posts without a review.
    pub reviews: u64,
    /// Those that passed their time.
    pub late_reviews: u64,
    /// Deliveries that are delivered or refused and not closed.
    pub closings: u64,
    /// Those that passed their time.
    pub late_closings: u64,
}

/// Counts what waits now. Only what is alive waits, so the past doesn't make it slower.
pub async fn backlog(db: &Db, now: Timestamp) -> Result<Backlog, Failure> {
    let of = |period: Period| doc! { "waiting.period": period };
    let (applications, late_applications, reviews, late_reviews, closings, late_closings) = futures::try_join!(
        count::<Application>(db, [waits()]),
        count::<Application>(db, [waits(), late(now)]),
        count::<Deliverable>(db, [waits(), of(Period::Review)]),
        count::<Deliverable>(db, [waits(), of(Period::Review), late(now)]),
        count::<Deliverable>(db, [waits(), of(Period::Close)]),
        count::<Deliverable>(db, [waits(), of(Period::Close), late(now)]),
    )?;
    Ok(Backlog { applications, late_applications, reviews, late_reviews, closings, late_closings })
}

fn waits() -> Document {
    doc! { "waiting.due_at": { "$gt": DateTime::MIN, "$lt": DateTime::MAX }, "waiting.whose": Whose::Staff }
}

/// Due already, or due again.
fn late(now: Timestamp) -> Document {
    doc! { "$or": [{ "waiting.due_at": { "$lte": date(now) } }, { "waiting.escalations": { "$gt": 0 } }] }
}

async fn count<C: Stored>(db: &Db, all_of: impl IntoIterator<Item = Document>) -> Result<u64, Failure> {
    let filter = doc! { "$and": all_of.into_iter().collect::<Vec<_>>() };
    Ok(db.live.collection::<Document>(C::COLLECTION).count_documents(filter).limit(COUNTED).await?)
}
