//! Writing about a run: its document, the journal, the lock and what people are told change together or not at all.

use std::sync::Arc;

use bson::{Document, doc};

use crate::backup::Depot;
use crate::backup::model::{BackupId, State, Step};
use crate::backup::record::{ActiveRun, BackupRun, JournalEntry};
use crate::db::{Db, date, with_transaction};
use crate::failure::Failure;
use crate::i18n::backup::run as words;
use crate::notifications::{self, Event};

/// Fails a run that nobody leads any more. `false` when somebody does after all.
pub(super) async fn fail_dead(depot: &Depot, run: &BackupRun, why: &str) -> anyhow::Result<bool> {
    let guard = doc! { "_id": run.id.as_str(), "is_active": true, "heartbeat_at": run.heartbeat_at };
    let sequence = depot.ops.stored::<JournalEntry>().count_documents(doc! { "run": run.id.as_str() }).await?;
    let (set, step) = over(depot, State::Failed, words::WATCH, Some(why), vec![why.to_owned()]);
    let entry = entry(depot, &run.id, i64::try_from(sequence)?, "failed", words::WATCH, doc! { "error": why });
    write(depot, &guard, &Change::of(set).step(&step)?.end(), &entry, &[failed_event(run, why)]).await
}

/// What people are told of a failed run.
pub(super) fn failed_event(run: &BackupRun, why: &str) -> Event {
    Event::BackupFailed { run: run.id.to_string(), error: why.to_owned() }
}

/// A run as it is on record.
pub(super) async fn load(depot: &Depot, id: &BackupId) -> anyhow::Result<BackupRun> {
    let run = depot.ops.stored::<BackupRun>().find_one(doc! { "_id": id.as_str() }).await?;
    run.ok_or_else(|| anyhow::anyhow!(words::unknown_run(id)))
}

/// A state as it is stored.
pub(super) fn name(state: State) -> anyhow::Result<String> {
    let stored = bson::serialize_to_bson(&state)?;
    Ok(stored.as_str().unwrap_or_default().to_owned())
}

/// What ending a run writes.
pub(super) fn over(
    depot: &Depot,
    state: State,
    actor: &str,
    error: Option<&str>,
    said: Vec<String>,
) -> (Document, Step) {
    let now = date(depot.clock.now());
    let step = Step { state, at: now, actor: actor.to_owned(), facts: said };
    let mut set = doc! { "finished_at": now, "heartbeat_at": now, "error": error };
    // A state is a plain word: it always becomes one.
    set.insert("status", name(state).unwrap_or_default());
    (set, step)
}

/// A change of a run: fields, a step, or its end.
pub(super) struct Change {
    update: Document,
    is_end: bool,
}

impl Change {
    /// Fields.
    pub fn of(set: Document) -> Self {
        Self { update: doc! { "$set": set }, is_end: false }
    }

    /// With a step that was reached.
    pub fn step(mut self, step: &Step) -> anyhow::Result<Self> {
        self.update.insert("$push", doc! { "steps": bson::serialize_to_bson(step)? });
        Ok(self)
    }

    /// And nothing more happens to it.
    pub fn end(mut self) -> Self {
        self.update.insert("$unset", doc! { "is_active": "", "control.holder": "" });
        self.is_end = true;
        self
    }
}

/// A line of the journal.
pub(super) fn entry(
    depot: &Depot,
    run: &BackupId,
    sequence: i64,
    step: &str,
    actor: &str,
    facts: Document,
) -> JournalEntry {
    JournalEntry {
        id: format!("{run}/{sequence}"),
        run: run.clone(),
        sequence,
        step: step.to_owned(),
        at: date(depot.clock.now()),
        actor: actor.to_owned(),
        facts,
    }
}

/// One change of the run, its line of the journal, the lock when it ends, and what is told of it: all or nothing. `false`
/// when the guard no longer holds.
pub(super) async fn write(
    depot: &Depot,
    guard: &Document,
    change: &Change,
    entry: &JournalEntry,
    events: &[Event],
) -> anyhow::Result<bool> {
    let now = depot.clock.now();
    let journal = depot.ops.stored::<JournalEntry>();
    let rows = &journal;
    let written = with_transaction::<_, Failure, _>(&depot.db, |session| {
        Box::pin(async move {
            let runs = depot.ops.stored::<BackupRun>();
            let changed = runs.update_one(guard.clone(), change.update.clone()).session(&mut *session).await?;
            if changed.matched_count == 0 {
                return Ok(false);
            }
            rows.insert_one(entry).session(&mut *session).await?;
            if change.is_end {
                let own = doc! { "_id": ActiveRun::NAME, "run": entry.run.as_str() };
                depot.ops.stored::<ActiveRun>().delete_one(own).session(&mut *session).await?;
            }
            notifications::publish_in(session, &depot.db, now, events).await?;
            Ok(true)
        })
    })
    .await
    .map_err(as_error);
    match written {
        Ok(true) => Ok(true),
        Err(error) if !is_duplicate(&error) => Err(error),
        // A commit whose answer was lost is tried again, and meets itself.
        refused => match journal.find_one(doc! { "_id": &entry.id }).await? {
            Some(there) if there == *entry => Ok(true),
            _ => refused,
        },
    }
}

fn is_duplicate(error: &anyhow::Error) -> bool {
    error.chain().filter_map(|cause| cause.downcast_ref::<mongodb::error::Error>()).any(Db::is_duplicate)
}

/// Publishes one event by itself.
pub async fn tell(depot: &Depot, event: Event) -> anyhow::Result<()> {
    notifications::publish(&depot.db, depot.clock.now(), &[event]).await.map_err(as_error)
}

/// A failure of the notification centre as one of ours.
pub(super) fn as_error(failure: Failure) -> anyhow::Error {
    match failure {
        Failure::Refused(refused) => anyhow::anyhow!("refused: {}", refused.code()),
        Failure::Fault(fault) => Arc::try_unwrap(fault).unwrap_or_else(|fault| anyhow::anyhow!("{fault:#}")),
    }
}
