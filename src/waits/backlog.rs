//! How much waits for the team.

use bson::{DateTime, Document, doc};
use jiff::Timestamp;

use super::model::Whose;
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
}

/// Counts what waits now. Only what is alive waits, so the past doesn't make it slower.
pub async fn backlog(db: &Db, now: Timestamp) -> Result<Backlog, Failure> {
    let (applications, late_applications, reviews, late_reviews) = futures::try_join!(
        count::<Application>(db, waits()),
        count::<Application>(db, late(now)),
        count::<Deliverable>(db, waits()),
        count::<Deliverable>(db, late(now)),
    )?;
    Ok(Backlog { applications, late_applications, reviews, late_reviews })
}

fn waits() -> Document {
    doc! { "waiting.due_at": { "$gt": DateTime::MIN, "$lt": DateTime::MAX }, "waiting.whose": Whose::Staff }
}

/// Due already, or due again.
fn late(now: Timestamp) -> Document {
    let over = doc! { "$or": [{ "waiting.due_at": { "$lte": date(now) } }, { "waiting.escalations": { "$gt": 0 } }] };
    doc! { "$and": [waits(), over] }
}

async fn count<C: Stored>(db: &Db, filter: Document) -> Result<u64, Failure> {
    Ok(db.live.collection::<Document>(C::COLLECTION).count_documents(filter).limit(COUNTED).await?)
}
