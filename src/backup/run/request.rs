//! Asking for a run, and asking one to end.

use std::collections::BTreeSet;

use bson::doc;

use super::silent;
use crate::backup::Depot;
use crate::backup::jobs::TakeBackup;
use crate::backup::model::{BackupId, Person, Trigger};
use crate::backup::record::{ActiveRun, BackupRun};
use crate::db::{Db, date, with_transaction};
use crate::i18n::backup::run as words;
use crate::jobs;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Why.
    pub trigger: Trigger,
    /// By whom.
    pub person: Person,
    /// Stores by name, or folders by path; `None`: what the trigger asks for by default.
    pub stores: Option<Vec<String>>,
    /// Databases; `None`: all that can be seen.
    pub databases: Option<Vec<String>>,
}

/// Why a run can't be asked for.
#[derive(Debug, thiserror::Error)]
pub enum Unwanted {
    /// Another one is under way.
    #[error("{}", words::under_way(.0))]
    UnderWay(BackupId),
    /// No store is configured, or there is none of that name.
    #[error("{0}")]
    NoStore(String),
    /// Something broke.
    #[error(transparent)]
    Fault(#[from] anyhow::Error),
}

/// Puts a run on record as queued; whoever asks does it too, with [`execute`](super::execute). At most one is under way; one
/// without a heartbeat for five minutes that nobody will resume is failed first.
pub async fn request(depot: &Depot, wanted: Wanted) -> Result<BackupRun, Unwanted> {
    put(depot, wanted, &By::Caller).await
}

/// The same for a job: however often the job runs, there is one run of it. An earlier one is given back as it is.
pub async fn request_for(depot: &Depot, wanted: Wanted, job_run: &str) -> Result<BackupRun, Unwanted> {
    let runs = depot.ops.stored::<BackupRun>();
    let own = runs.find_one(doc! { "control.job_run": job_run }).await.map_err(anyhow::Error::from)?;
    match own {
        Some(run) => Ok(run),
        None => put(depot, wanted, &By::Job(job_run)).await,
    }
}

/// Puts a run on record and its job into the queue, both or neither: what the button does.
pub async fn start(depot: &Depot, wanted: Wanted) -> Result<BackupRun, Unwanted> {
    put(depot, wanted, &By::Queue).await
}

/// Who does it.
enum By<'a> {
    Caller,
    Job(&'a str),
    Queue,
}

async fn put(depot: &Depot, wanted: Wanted, by: &By<'_>) -> Result<BackupRun, Unwanted> {
    let stores = stores(depot, &wanted)?;
    let now = depot.clock.now();
    let mut run = BackupRun::queued(wanted.trigger, wanted.person, stores, wanted.databases, date(now));
    if let By::Job(job_run) = by {
        run.control.job_run = Some((*job_run).to_owned());
    }
    let inserted = insert(depot, &run, by).await;
    let Err(error) = inserted else { return Ok(run) };
    if !Db::is_duplicate(&error) {
        return Err(Unwanted::Fault(error.into()));
    }
    // One is under way; perhaps only on paper.
    silent::fail_silent(depot).await?;
    release(depot).await?;
    match insert(depot, &run, by).await {
        Ok(()) => Ok(run),
        Err(error) if Db::is_duplicate(&error) => Err(Unwanted::UnderWay(active(depot).await?.unwrap_or(run.id))),
        Err(error) => Err(Unwanted::Fault(error.into())),
    }
}

/// The run and the lock, and the job where there is one: all or nothing.
async fn insert(depot: &Depot, run: &BackupRun, by: &By<'_>) -> mongodb::error::Result<()> {
    let now = depot.clock.now();
    let lock = ActiveRun { name: ActiveRun::NAME.into(), run: run.id.clone(), since: run.created_at };
    let job = matches!(by, By::Queue).then(|| (TakeBackup { id: run.id.clone() }, TakeBackup::when(&run.id)));
    let (lock, job) = (&lock, &job);
    with_transaction(&depot.db, |session| {
        Box::pin(async move {
            depot.ops.stored::<ActiveRun>().insert_one(lock).session(&mut *session).await?;
            depot.ops.stored::<BackupRun>().insert_one(run).session(&mut *session).await?;
            match job {
                Some((job, when)) => jobs::enqueue_in(session, &depot.db, now, job, when).await,
                None => Ok(()),
            }
        })
    })
    .await
}

/// Removes a lock whose run is over: somebody changed the record by hand.
async fn release(depot: &Depot) -> anyhow::Result<()> {
    let locks = depot.ops.stored::<ActiveRun>();
    let Some(lock) = locks.find_one(doc! { "_id": ActiveRun::NAME }).await? else { return Ok(()) };
    let living = doc! { "_id": lock.run.as_str(), "is_active": true };
    if depot.ops.stored::<BackupRun>().find_one(living).await?.is_none() {
        locks.delete_one(doc! { "_id": ActiveRun::NAME, "run": lock.run.as_str() }).await?;
    }
    Ok(())
}

/// The run that is under way.
async fn active(depot: &Depot) -> anyhow::Result<Option<BackupId>> {
    let active = depot.ops.stored::<BackupRun>().find_one(doc! { "is_active": true }).await?;
    Ok(active.map(|run| run.id))
}

/// The stores a run goes to: those named, else the daily one for a schedule and all configured ones for everything else.
fn stores(depot: &Depot, wanted: &Wanted) -> Result<Vec<String>, Unwanted> {
    let configured = depot.stores.iter().map(|store| store.name().to_owned());
    let names: Vec<String> = match (&wanted.stores, wanted.trigger) {
        (Some(named), _) => named.clone(),
        (None, Trigger::Schedule) => configured.take(1).collect(),
        (None, Trigger::Manual | Trigger::PreMigration) => configured.collect(),
    };
    if names.is_empty() {
        return Err(Unwanted::NoStore(words::NO_STORE.into()));
    }
    let mut seen = BTreeSet::new();
    let names: Vec<String> = names.into_iter().filter(|name| seen.insert(name.clone())).collect();
    match names.iter().find(|name| depot.store(name).is_none()) {
        Some(unknown) => {
            let known: Vec<_> = depot.stores.iter().map(|store| store.name()).collect();
            Err(Unwanted::NoStore(words::unknown_store(unknown, &known)))
        }
        None => Ok(names),
    }
}

/// Asks a run to end; whoever does it stops before its next step. `false` when it is over already.
pub async fn cancel(depot: &Depot, id: &BackupId, person: &Person) -> anyhow::Result<bool> {
    let active = doc! { "_id": id.as_str(), "is_active": true };
    let wish = doc! { "$set": { "control.cancelled_by": bson::serialize_to_bson(person)? } };
    Ok(depot.ops.stored::<BackupRun>().update_one(active, wish).await?.matched_count == 1)
}
