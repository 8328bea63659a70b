//! The rules of exports: who may, what is recorded, and in which order.

use axum::body::Body;
use bson::oid::ObjectId;

use super::run;
use super::store::{self, ExportRow, Status};
use super::{Limits, Request, Stop};
use crate::audit;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::failure::Failure;
use crate::inspect::{failure, places};
use crate::values::Capability;

/// Refuses a collection that isn't there.
pub async fn require_collection(ctx: &Ctx, database: &str, collection: &str) -> Result<(), Failure> {
    ctx.require(Capability::ExportsRaw)?;
    match places::find_collection(ctx, database, collection).await {
        Ok(Some(_)) => Ok(()),
        Ok(None) => Err(AppError::NotFound.into()),
        Err(error) => Err(failure::read(error)),
    }
}

/// Puts an export in the queue.
pub async fn ask(ctx: &Ctx, request: &Request) -> Result<ExportRow, Failure> {
    let person = ctx.require(Capability::ExportsRaw)?;
    let row = ExportRow::new(&person.user_id, request, ctx.now());
    store::insert(&ctx.app.db, &row).await?;
    Ok(row)
}

/// A person's own export, as it stands.
pub async fn load(ctx: &Ctx, id: &str) -> Result<ExportRow, Failure> {
    let person = ctx.require(Capability::ExportsRaw)?;
    let id = ObjectId::parse_str(id).map_err(|_| AppError::NotFound)?;
    let row = store::find(&ctx.app.db, id, &person.user_id).await?.ok_or(AppError::NotFound)?;
    Ok(row.seen_at(ctx.now()))
}

/// Begins a queued export: recorded, then streamed. An export begins once.
pub async fn begin(ctx: &Ctx, id: &str, limits: Limits) -> Result<(ExportRow, Body), Failure> {
    let person = ctx.require(Capability::ExportsRaw)?;
    let queued = load(ctx, id).await?;
    let row = store::begin(&ctx.app.db, queued.id, &person.user_id, ctx.now()).await?.ok_or(AppError::Conflict)?;
    if let Err(failure) = audit::record(ctx, run::beginning(&row)).await {
        let fault = Stop::Fault(anyhow::anyhow!("the beginning is not on record"));
        store::finish(&ctx.app.db, row.id, Status::Failed, (0, 0), Some(fault.code()), ctx.now()).await?;
        return Err(failure);
    }
    let body = run::stream(ctx.clone(), row.clone(), limits);
    Ok((row, body))
}

/// Cancels a person's own export, if it hasn't ended.
pub async fn cancel(ctx: &Ctx, id: &str) -> Result<ExportRow, Failure> {
    let person = ctx.require(Capability::ExportsRaw)?;
    let row = load(ctx, id).await?;
    store::cancel(&ctx.app.db, row.id, &person.user_id, ctx.now()).await?;
    Ok(row)
}
