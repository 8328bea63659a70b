//! The ways to record: in a request, in a transaction (one or many), from a command.

use jiff::Timestamp;
use mongodb::ClientSession;

use super::model::{Entry, Row, Who};
use super::writer::durable;
use crate::ctx::Ctx;
use crate::db::{Db, Stored};
use crate::failure::Failure;

/// Records what the request's actor does. When this fails, the action must not go on: pass the failure up.
pub async fn record(ctx: &Ctx, entry: Entry) -> Result<(), Failure> {
    ctx.app.audit.write(Row::new(ctx.now(), Who::of(ctx), entry)).await
}

/// Records an action in the transaction of what it changes: both happen or neither.
pub async fn record_in(
    session: &mut ClientSession,
    db: &Db,
    now: Timestamp,
    who: Who,
    entry: Entry,
) -> mongodb::error::Result<()> {
    // A transaction has its own write concern, the client's: a majority's journals.
    db.live.collection::<Row>(Row::COLLECTION).insert_one(Row::new(now, who, entry)).session(session).await.map(drop)
}

/// Records many actions at once in the transaction of what they change.
pub async fn record_all_in(
    session: &mut ClientSession,
    db: &Db,
    now: Timestamp,
    who: &Who,
    entries: Vec<Entry>,
) -> mongodb::error::Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    let rows = entries.into_iter().map(|entry| Row::new(now, who.clone(), entry));
    db.live.collection::<Row>(Row::COLLECTION).insert_many(rows).session(session).await.map(drop)
}

/// Records without a request: a command, a job.
pub async fn record_as(db: &Db, now: Timestamp, who: Who, entry: Entry) -> Result<(), Failure> {
    durable(db).insert_one(Row::new(now, who, entry)).await?;
    Ok(())
}
