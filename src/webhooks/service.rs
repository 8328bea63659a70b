//! What people see of the deliveries and do with them: look, process one again, try the loop.

use bson::doc;
use futures::future::{BoxFuture, try_join_all};
use jiff::Timestamp;

use super::model::{Delivery, Source, Status};
use super::probe;
use super::process::Process;
use super::store::{self, Filter, From, Page};
use super::tally::Refused;
use crate::audit::{self, Action, Entry, Who};
use crate::ctx::Ctx;
use crate::db::{Db, with_transaction};
use crate::error::AppError;
use crate::failure::Failure;
use crate::jobs;
use crate::values::Capability;

/// Days of refusals that are added up.
pub const DAYS: i32 = 7;

/// How a service is connected.
#[derive(Debug)]
pub struct Connection {
    /// Which service.
    pub source: Source,
    /// Whether a secret is configured.
    pub is_configured: bool,
    /// Whether the previous secret is good too.
    pub is_rotating: bool,
    /// When it last delivered.
    pub last: Option<Delivery>,
    /// What wasn't taken in the last [`DAYS`] days.
    pub refused: Refused,
}

/// The list's page.
#[derive(Debug)]
pub struct Listing {
    /// The services.
    pub connections: Vec<Connection>,
    /// Deliveries that failed.
    pub failed: u64,
    /// The rows.
    pub page: Page,
}

/// The list.
pub async fn list(ctx: &Ctx, filter: Filter, from: From, limit: usize) -> Result<Listing, Failure> {
    ctx.require(Capability::SystemNotificationsRead)?;
    let db = &ctx.app.db;
    let (connections, failed, page) = futures::try_join!(
        connections(ctx),
        store::count(db, Status::Failed),
        store::page(db, ctx.now(), filter, from, limit)
    )?;
    Ok(Listing { connections, failed, page })
}

/// How each service is connected.
pub async fn connections(ctx: &Ctx) -> Result<Vec<Connection>, Failure> {
    ctx.require(Capability::SystemNotificationsRead)?;
    ctx.app.webhooks.tally.flush().await?;
    try_join_all(Source::ALL.map(|source| connection(ctx, source))).await
}

async fn connection(ctx: &Ctx, source: Source) -> Result<Connection, Failure> {
    let secrets = source.secrets(&ctx.app.config.integrations);
    Ok(Connection {
        source,
        is_configured: secrets.is_configured(),
        is_rotating: secrets.previous.is_some(),
        last: store::newest(&ctx.app.db, ctx.now(), source).await?,
        refused: ctx.app.webhooks.tally.recent(ctx.now(), source, DAYS).await?,
    })
}

/// One delivery.
pub async fn find(ctx: &Ctx, id: &str) -> Result<Delivery, Failure> {
    ctx.require(Capability::SystemNotificationsRead)?;
    Ok(store::find(&ctx.app.db, id).await?.ok_or(AppError::NotFound)?)
}

/// Processes a settled delivery again: its notice or mark is made once more. One that still waits is a conflict.
pub async fn replay(ctx: &Ctx, id: &str) -> Result<(), Failure> {
    ctx.require(Capability::Security)?;
    replay_as(&ctx.app.db, ctx.now(), Who::of(ctx), id).await
}

/// The same for whoever runs a command on the server.
pub async fn replay_as(db: &Db, now: Timestamp, who: Who, id: &str) -> Result<(), Failure> {
    let before = store::find(db, id).await?.ok_or(AppError::NotFound)?;
    let (who, before) = (&who, &before);
    with_transaction(db, |session| -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(async move {
            if !store::reopen_in(session, db, now, id).await? {
                return Err(AppError::Conflict.into());
            }
            let details = doc! { "source": before.source.as_str(), "before": before.status.as_str() };
            let entry = Entry::new(Action::WebhookReplayed).target("webhook_event", id).details(details);
            audit::record_in(session, db, now, who.clone(), entry).await?;
            jobs::enqueue_in(session, db, now, &Process {}, &Process::soon()).await?;
            Ok(())
        })
    })
    .await
}

/// Sends ourselves a signed delivery through our public address, as the service would.
pub async fn probe(ctx: &Ctx, source: Source) -> Result<probe::Outcome, Failure> {
    ctx.require(Capability::Security)?;
    let entry = Entry::new(Action::WebhookTested).target("webhook", source.as_str());
    audit::record(ctx, entry).await?;
    Ok(probe::send(&ctx.app.config, source, ctx.now()).await)
}
