//! What people may do with restores on the pages: plan, confirm, watch, look one document up. No key is loaded here.

use bson::{DateTime, doc};
use futures::TryStreamExt as _;

use super::contents::Contents;
use super::extraction::{self, ExtractDocument, Extraction};
use super::planning::{self, By, Typed, Wanted};
use super::records::RestorePlan;
use crate::audit::{self, Action, Entry, Who};
use crate::backup::Depot;
use crate::backup::keys::random;
use crate::backup::model::{BackupId, Person, State};
use crate::backup::record::{BackupRun, RestoreRecord};
use crate::ctx::Ctx;
use crate::db::{date, with_transaction};
use crate::error::{AppError, FieldProblem};
use crate::failure::Failure;
use crate::i18n::backup::restore as words;
use crate::jobs::{self, When};
use crate::values::Capability;

/// Restores on a page.
const PAGE: i64 = 20;
/// Shortest reason for seeing personal values.
const REASON: usize = 10;

fn opened(ctx: &Ctx) -> Result<(Depot, Person), Failure> {
    let person = ctx.require(Capability::BackupsRestore)?;
    let person = Person { user_id: Some(person.user_id.clone()), name: person.name.clone() };
    Ok((Depot::of(&ctx.app)?, person))
}

/// A backup that can be restored: complete, and still in its stores.
pub async fn source(ctx: &Ctx, id: &str) -> Result<BackupRun, Failure> {
    let (depot, _) = opened(ctx)?;
    let id = BackupId::parse(id).ok_or(AppError::NotFound)?;
    let run = depot.ops.stored::<BackupRun>().find_one(doc! { "_id": id.as_str() }).await?;
    let run = run.filter(|run| run.status == State::Complete && run.pruned_at.is_none());
    Ok(run.ok_or(AppError::NotFound)?)
}

/// Makes a plan of what is wanted.
pub async fn plan(ctx: &Ctx, id: &str, wanted: &Wanted) -> Result<RestorePlan, Failure> {
    let (depot, person) = opened(ctx)?;
    let run = source(ctx, id).await?;
    planning::plan(&depot, &Contents::of_run(&run), wanted, person).await
}

/// A plan of the person's own.
pub async fn find_plan(ctx: &Ctx, id: &str, plan: &str) -> Result<RestorePlan, Failure> {
    let (depot, person) = opened(ctx)?;
    let plan = planning::find(&depot, plan, &person).await?;
    if plan.source == id { Ok(plan) } else { Err(AppError::NotFound.into()) }
}

/// Takes the person's word for a plan and puts the restore into the queue.
pub async fn confirm(ctx: &Ctx, id: &str, plan: &str, hash: &str, typed: &Typed) -> Result<RestoreRecord, Failure> {
    let (depot, _) = opened(ctx)?;
    let plan = find_plan(ctx, id, plan).await?;
    planning::confirm(&depot, &plan, hash, typed, Who::of(ctx), By::Job).await
}

/// A restore.
pub async fn load(ctx: &Ctx, database: &str) -> Result<RestoreRecord, Failure> {
    let (depot, _) = opened(ctx)?;
    let record = depot.ops.stored::<RestoreRecord>().find_one(doc! { "_id": database }).await?;
    Ok(record.ok_or(AppError::NotFound)?)
}

/// A page of restores, newest first, those before a moment; and the moment the next page begins before.
pub async fn list(ctx: &Ctx, before: Option<i64>) -> Result<(Vec<RestoreRecord>, Option<i64>), Failure> {
    let (depot, _) = opened(ctx)?;
    let filter = before.map(|at| doc! { "created_at": { "$lt": DateTime::from_millis(at) } }).unwrap_or_default();
    let newest = doc! { "created_at": -1, "_id": -1 };
    let found = depot.ops.stored::<RestoreRecord>().find(filter).sort(newest).limit(PAGE + 1).await?;
    let mut found: Vec<RestoreRecord> = found.try_collect().await?;
    let has_more = found.len() as i64 > PAGE;
    found.truncate(PAGE as usize);
    let next = found.last().filter(|_| has_more).map(|last| last.created_at.timestamp_millis());
    Ok((found, next))
}

/// What one document is asked for by.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Database in the backup.
    pub database: String,
    /// Collection there.
    pub collection: String,
    /// Its `_id`.
    pub document_id: String,
    /// Why personal values are wanted; empty: they aren't.
    pub reason: String,
}

/// Asks for one document of a backup; a job reads it.
pub async fn extract(ctx: &Ctx, id: &str, asked: &Asked) -> Result<Extraction, Failure> {
    let (depot, person) = opened(ctx)?;
    let run = source(ctx, id).await?;
    let mut problems = Vec::new();
    let is_there = run.collections.iter().any(|own| own.database == asked.database && own.name == asked.collection);
    if !is_there {
        problems.push(FieldProblem::new("collection", words::no_such_collection(&asked.collection)));
    }
    if asked.document_id.trim().is_empty() {
        problems.push(FieldProblem::new("document_id", words::ID_MISSING));
    }
    let reason = asked.reason.trim();
    if !reason.is_empty() && reason.chars().count() < REASON {
        problems.push(FieldProblem::new("reason", words::REASON_SHORT));
    }
    if !problems.is_empty() {
        return Err(AppError::Invalid(problems).into());
    }
    let now = depot.clock.now();
    let extraction = &Extraction {
        id: hex::encode(random::<16>()),
        backup: run.id.clone(),
        database: asked.database.clone(),
        collection: asked.collection.clone(),
        document_id: asked.document_id.trim().to_owned(),
        with_personal: !reason.is_empty(),
        state: "queued".into(),
        text: None,
        requested_by: person,
        created_at: date(now),
        expires_at: date(now + extraction::KEPT),
    };
    let (db, who) = (&depot.db, &Who::of(ctx));
    let depot = &depot;
    with_transaction::<_, Failure, _>(db, |session| {
        Box::pin(async move {
            let action = if reason.is_empty() { Action::DataInspected } else { Action::DataRevealed };
            let details = doc! {
                "backup": extraction.backup.as_str(),
                "collection": format!("{}.{}", extraction.database, extraction.collection),
                "document": &extraction.document_id,
                "reason": reason,
            };
            let entry = Entry::new(action).target("backup", extraction.backup.as_str()).details(details);
            audit::record_in(session, db, now, who.clone(), entry).await?;
            depot.ops.stored::<Extraction>().insert_one(extraction).session(&mut *session).await?;
            let job = ExtractDocument { id: extraction.id.clone() };
            Ok(jobs::enqueue_in(session, db, now, &job, &When::default()).await?)
        })
    })
    .await?;
    Ok(extraction.clone())
}

/// The answer to a question of the person's own.
pub async fn extraction(ctx: &Ctx, id: &str) -> Result<Extraction, Failure> {
    let (depot, person) = opened(ctx)?;
    let found = depot.ops.stored::<Extraction>().find_one(doc! { "_id": id }).await?;
    let now = date(depot.clock.now());
    let own = found.filter(|found| found.requested_by.user_id == person.user_id && found.expires_at > now);
    Ok(own.ok_or(AppError::NotFound)?)
}
