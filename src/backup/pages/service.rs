//! What people may do with backups: look, ask for one, stop it, keep it.

use std::collections::BTreeMap;

use bson::doc;

use super::store::{self, From, Page, Wanted};
use crate::app::App;
use crate::audit::{Action, Entry, Who, record, record_in};
use crate::backup::Depot;
use crate::backup::model::{BackupId, Person, Trigger};
use crate::backup::record::{BackupRun, PublicKey};
use crate::backup::run::{self, Unwanted};
use crate::backup::take;
use crate::ctx::Ctx;
use crate::db::with_transaction;
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::backup::pages as words;
use crate::values::Capability;

/// Runs of a page.
const RUNS: usize = 20;
/// Longest reason, in characters.
const REASON: usize = 200;

/// Everything the list shows.
pub(super) struct Overview {
    pub newest: Option<BackupRun>,
    pub active: Option<BackupRun>,
    pub page: Page,
    /// Whether any store is configured.
    pub has_stores: bool,
    /// Whether somebody said that the recovery key is kept; `None` while there is no such key.
    pub recovery_stored: Option<bool>,
}

/// The list.
pub(super) async fn overview(ctx: &Ctx, wanted: Wanted, from: &From) -> Result<Overview, Failure> {
    ctx.require(Capability::BackupsRead)?;
    let ops = ctx.app.db.operations();
    let recovery = async {
        let keys = ctx.app.db.stored::<PublicKey>();
        keys.find_one(doc! { "kind": "recovery", "retired_at": null }).await
    };
    let (newest, active, page, recovery) = futures::try_join!(
        store::newest_complete(&ops),
        store::active(&ops),
        store::page(&ops, wanted, from, RUNS),
        recovery,
    )?;
    let recovery_stored = recovery.map(|key| key.stored_at.is_some());
    Ok(Overview { newest, active, page, has_stores: has_stores(&ctx.app), recovery_stored })
}

fn has_stores(app: &App) -> bool {
    let config = &app.config.backups;
    config.cloudinary.is_some() || config.s3.is_some() || config.folder.is_some()
}

/// The newest complete backup, for the overview of the back office.
pub async fn newest_complete(ctx: &Ctx) -> Result<Option<BackupRun>, Failure> {
    ctx.require(Capability::BackupsRead)?;
    Ok(store::newest_complete(&ctx.app.db.operations()).await?)
}

/// Documents of each collection of a database in the newest complete backup, by name; `None` when there is no such backup,
/// it isn't for this person to see, or the database is one that no backup ever holds.
pub async fn in_newest(ctx: &Ctx, database: &str) -> Result<Option<BTreeMap<String, i64>>, Failure> {
    if !ctx.may(Capability::BackupsRead) || take::excluded_database(&ctx.app.db, database).is_some() {
        return Ok(None);
    }
    let Some(run) = newest_complete(ctx).await? else { return Ok(None) };
    let own = run.collections.into_iter().filter(|namespace| namespace.database == database);
    Ok(Some(own.map(|namespace| (namespace.name, namespace.documents)).collect()))
}

/// One run.
pub(super) async fn load(ctx: &Ctx, id: &str) -> Result<BackupRun, Failure> {
    ctx.require(Capability::BackupsRead)?;
    let id = BackupId::parse(id).ok_or(AppError::NotFound)?;
    Ok(store::find(&ctx.app.db.operations(), &id).await?.ok_or(AppError::NotFound)?)
}

impl std::convert::From<&crate::ctx::Person> for Person {
    fn from(person: &crate::ctx::Person) -> Self {
        Self { user_id: Some(person.user_id.clone()), name: person.name.clone() }
    }
}

/// What became of asking for a backup.
pub(super) enum Asked {
    /// It is in the queue.
    Queued(BackupId),
    /// Another one is under way.
    UnderWay(BackupId),
    /// It can't be done, for this reason.
    Refused(String),
}

/// Asks for a backup of everything, now.
pub(super) async fn ask(ctx: &Ctx, reason: &str) -> Result<Asked, Failure> {
    let person = ctx.require(Capability::BackupsRun)?;
    if reason.chars().count() > REASON {
        return Err(Failure::invalid("reason", words::BAD_REASON));
    }
    let depot = Depot::of(&ctx.app)?;
    let wanted = run::Wanted { trigger: Trigger::Manual, person: person.into(), stores: None, databases: None };
    let run = match run::start(&depot, wanted).await {
        Ok(run) => run,
        Err(Unwanted::UnderWay(id)) => return Ok(Asked::UnderWay(id)),
        Err(Unwanted::NoStore(why)) => return Ok(Asked::Refused(why)),
        Err(Unwanted::Fault(fault)) => return Err(fault.into()),
    };
    let entry = Entry::new(Action::BackupRequested).target("backup", run.id.as_str());
    record(ctx, entry.details(doc! { "reason": reason })).await?;
    Ok(Asked::Queued(run.id))
}

/// Asks a run to stop. Whether it was still under way.
pub(super) async fn cancel(ctx: &Ctx, id: &str) -> Result<bool, Failure> {
    let person = Person::from(ctx.require(Capability::BackupsRun)?);
    let run = load(ctx, id).await?;
    if run.status.is_over() {
        return Ok(false);
    }
    record(ctx, Entry::new(Action::BackupCancelled).target("backup", run.id.as_str())).await?;
    Ok(run::cancel(&Depot::of(&ctx.app)?, &run.id, &person).await?)
}

/// Keeps a complete backup whatever the policy says, or lets it go again.
pub(super) async fn hold(ctx: &Ctx, id: &str, reason: Option<&str>) -> Result<(), Failure> {
    ctx.require(Capability::BackupsDelete)?;
    let reason = match reason.map(str::trim) {
        Some(text) if !(3..=REASON).contains(&text.chars().count()) => {
            return Err(Failure::invalid("reason", words::HOLD_REASON_MISSING));
        }
        reason => reason,
    };
    let id = &BackupId::parse(id).ok_or(AppError::NotFound)?;
    let (db, ops, now, who) = (&ctx.app.db, &ctx.app.db.operations(), ctx.now(), &Who::of(ctx));
    let action = if reason.is_some() { Action::BackupHeld } else { Action::BackupReleased };
    with_transaction::<_, Failure, _>(db, |session| {
        Box::pin(async move {
            if !store::set_hold(session, ops, id, reason).await? {
                return Err(AppError::NotFound.into());
            }
            let entry = Entry::new(action).target("backup", id.as_str()).details(doc! { "reason": reason });
            record_in(session, db, now, who.clone(), entry).await?;
            Ok(())
        })
    })
    .await
}
