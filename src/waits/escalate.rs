//! When a wait is over: it is said, and due again one period later. No state changes.

use std::time::Duration;

use bson::{Document, doc};
use futures::TryStreamExt;
use jiff::Timestamp;
use mongodb::ClientSession;
use serde::{Deserialize, Serialize};

use super::calendar::Calendar;
use super::model::{Period, Waiting};
use crate::adopt::state;
use crate::app::App;
use crate::applications::Application;
use crate::db::{Db, Stored, date, with_transaction};
use crate::deliverables::Deliverable;
use crate::failure::Failure;
use crate::jobs::{Job, Run};
use crate::news::{self, Overdue};
use crate::values::DeliverableId;

/// Waits escalated in one transaction.
const TOGETHER: i64 = 200;

/// Looks for waits that are over, every quarter of an hour.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Escalate {}

impl Job for Escalate {
    const NAME: &'static str = "waits.escalate";
    const BUSINESS: bool = true;
    const LONGEST: Duration = Duration::from_secs(5 * 60);

    async fn run(self, run: Run) -> anyhow::Result<()> {
        // What an attempt before this one told stays told.
        let attempt = format!("{}.{}", run.id, run.attempt);
        let mut overdue = Overdue::default();
        let mut step = 0;
        loop {
            run.still_mine().await?;
            let so_far = escalate(&run.app, &attempt, step, &overdue).await.map_err(news::broken)?;
            if so_far == overdue {
                break;
            }
            (overdue, step) = (so_far, step + 1);
        }
        let all = overdue.applications + overdue.reviews + overdue.closings + overdue.deliveries + overdue.corrections;
        if all > 0 {
            run.result(all.to_string());
        }
        Ok(())
    }
}

/// What is read of a document that waits.
#[derive(Deserialize)]
struct Late {
    id: String,
    waiting: Waiting,
}

/// Makes some of what is over due again; returns what the run found with it.
async fn escalate(app: &App, attempt: &str, step: u32, before: &Overdue) -> Result<Overdue, Failure> {
    let now = app.clock.now();
    with_transaction(&app.db, |session| {
        Box::pin(async move {
            state::refuse_while_mirroring(&app.db, session).await?;
            let calendar = super::calendar_in(session, &app.db).await?;
            let applications = pass_in::<Application>(session, &app.db, now, &calendar).await?;
            let deliveries = pass_in::<Deliverable>(session, &app.db, now, &calendar).await?;
            let of = |period: Period| deliveries.iter().filter(move |late| late.waiting.period == period);
            let overdue = Overdue {
                applications: before.applications + applications.len() as u64,
                reviews: before.reviews + of(Period::Review).count() as u64,
                closings: before.closings + of(Period::Close).count() as u64,
                deliveries: before.deliveries + of(Period::Deadline).count() as u64,
                corrections: before.corrections + of(Period::Changes).count() as u64,
            };
            let corrections: Vec<_> = of(Period::Changes).map(|late| DeliverableId::of(&late.id)).collect();
            if overdue != *before {
                news::overdue_in(session, app, now, (attempt, step), &overdue, &corrections).await?;
            }
            Ok(overdue)
        })
    })
    .await
}

/// Makes the waits of a collection that are over due again, and returns them as they were.
async fn pass_in<C: Stored>(
    session: &mut ClientSession,
    db: &Db,
    now: Timestamp,
    calendar: &Calendar,
) -> Result<Vec<Late>, Failure> {
    let all = db.live.collection::<Late>(C::COLLECTION);
    let over = doc! { "waiting.due_at": { "$gt": bson::DateTime::MIN, "$lte": date(now) } };
    let found = all.find(over).projection(doc! { "_id": 0, "id": 1, "waiting": 1 }).limit(TOGETHER);
    let mut found = found.session(&mut *session).await?;
    let found: Vec<Late> = found.stream(&mut *session).try_collect().await?;
    let documents = db.live.collection::<Document>(C::COLLECTION);
    let mut passed = Vec::new();
    for late in found {
        let guard = doc! { "id": &late.id, "waiting.due_at": late.waiting.due_at };
        let update = doc! {
            "$set": { "waiting.due_at": date(calendar.again(&late.waiting, now)) },
            "$inc": { "waiting.escalations": 1 },
        };
        // Whoever answered a moment ago was in time.
        if documents.update_one(guard, update).session(&mut *session).await?.matched_count == 1 {
            passed.push(late);
        }
    }
    Ok(passed)
}
