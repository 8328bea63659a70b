//! Gathers the page's facts, independent ones together, each failing by itself.

use std::time::{Duration, Instant};

use bson::doc;
use std::future::IntoFuture;

use futures::TryStreamExt;
use jiff::Timestamp;

use super::operations::{Operations, operations};
use crate::accounts::model::User;
use crate::adopt::state::{self, MirrorState};
use crate::adopt::{RunRecord, RunState};
use crate::audit;
use crate::ctx::Ctx;
use crate::db::{Stored, date, timestamp};
use crate::failure::Failure;
use crate::import::record;
use crate::values::Capability;
use crate::waits::{self, Backlog};

/// A fact, or nothing when it couldn't be read; the cause is in the log.
pub type Fact<T> = Option<T>;

/// Lines of recent activity; a line stands for everything somebody did of one kind without anything in between.
const RECENT: usize = 8;
/// Rows looked at for them.
const RECENT_ROWS: usize = 100;
pub(super) const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Everything the page shows. What the person may not see is `None` at the outer level.
pub struct Overview {
    /// Accounts, for who may see them.
    pub accounts: Option<Fact<Accounts>>,
    /// Imported databases, for who may inspect.
    pub imports: Option<Fact<Imports>>,
    /// Audit rows of the last 24 hours, and the newest ones, for who may read them.
    pub activity: Option<Fact<Activity>>,
    /// What waits for the team in campaigns, for who runs them.
    pub waiting: Option<Fact<Backlog>>,
    /// How the system is.
    pub health: Health,
    /// How what runs by itself is.
    pub operations: Operations,
}

/// Figures of the accounts.
pub struct Accounts {
    /// All of them.
    pub total: u64,
    /// Those that can't sign in because another account holds their address.
    pub conflicts: u64,
}

/// Figures of the imports on record.
pub struct Imports {
    /// Verified databases.
    pub databases: u64,
    /// Documents in them.
    pub documents: u64,
    /// When the newest one was verified.
    pub newest: Option<Timestamp>,
    /// Names of half-made databases.
    pub unfinished: Vec<String>,
}

/// What people did.
pub struct Activity {
    /// Rows of the last 24 hours.
    pub today: u64,
    /// Refused sign-ins among them.
    pub refused: u64,
    /// The newest deeds.
    pub recent: Vec<Deed>,
}

/// What somebody did, once or several times in a row.
pub struct Deed {
    /// The newest of its rows.
    pub row: audit::Row,
    /// How many rows it stands for.
    pub times: u64,
}

/// How the system is.
pub struct Health {
    /// How long the database took to answer a ping, in milliseconds.
    pub ping_ms: Fact<f64>,
    /// Where the database is; never the connection string.
    pub host: String,
    /// The server's version.
    pub version: String,
    /// Whose data the live database holds.
    pub mirror: Fact<Option<MirrorState>>,
    /// The newest adoption.
    pub adoption: Fact<Option<Adopted>>,
}

/// The newest run of an adoption.
pub struct Adopted {
    /// How it ended.
    pub state: RunState,
    /// When it began.
    pub at: Timestamp,
    /// Findings of all rules.
    pub findings: u64,
}

/// The overview, for any role of the back office.
pub async fn overview(ctx: &Ctx) -> Result<Overview, Failure> {
    ctx.person()?;
    let waiting = waits::backlog(&ctx.app.db, ctx.now());
    let (accounts, imports, activity, waiting, health, operations) = futures::join!(
        seen(ctx, Capability::UsersRead, accounts(ctx)),
        seen(ctx, Capability::DataInspect, imports(ctx)),
        seen(ctx, Capability::AuditRead, activity(ctx)),
        seen(ctx, Capability::UgcManage, waiting),
        health(ctx),
        operations(ctx),
    );
    Ok(Overview { accounts, imports, activity, waiting, health, operations })
}

/// The fact, if the person may see it.
pub(super) async fn seen<T>(
    ctx: &Ctx,
    capability: Capability,
    fact: impl Future<Output = Result<T, Failure>>,
) -> Option<Fact<T>> {
    if ctx.may(capability) { Some(or_logged(fact.await)) } else { None }
}

fn or_logged<T>(fact: Result<T, Failure>) -> Fact<T> {
    fact.inspect_err(|failure| tracing::error!("a figure of the overview can't be read: {failure:?}")).ok()
}

async fn accounts(ctx: &Ctx) -> Result<Accounts, Failure> {
    let users = ctx.app.db.stored::<User>();
    let (total, conflicts) = futures::try_join!(
        users.count_documents(doc! {}).into_future(),
        users.count_documents(doc! { "email_conflict": { "$type": "string" } }).into_future(),
    )?;
    Ok(Accounts { total, conflicts })
}

async fn imports(ctx: &Ctx) -> Result<Imports, Failure> {
    let all: Vec<record::Record> = ctx.app.db.stored().find(doc! {}).await?.try_collect().await?;
    let (finished, rest): (Vec<_>, Vec<_>) = all.into_iter().partition(|record| record.state.is_finished());
    Ok(Imports {
        databases: finished.len() as u64,
        documents: finished.iter().flat_map(|record| &record.collections).map(|held| held.documents as u64).sum(),
        newest: finished.iter().filter_map(|record| timestamp(record.finished_at?)).max(),
        unfinished: rest
            .into_iter()
            .filter(|record| record.state != record::State::Discarded)
            .map(|record| record.database)
            .collect(),
    })
}

async fn activity(ctx: &Ctx) -> Result<Activity, Failure> {
    let rows = ctx.app.db.stored::<audit::Row>();
    let since = date(ctx.now() - DAY);
    let today = rows.count_documents(doc! { "timestamp": { "$gte": since } });
    let refused = rows.count_documents(doc! { "action": "login_failed", "timestamp": { "$gte": since } });
    let (today, refused, recent) =
        futures::join!(today.into_future(), refused.into_future(), audit::recent(ctx, RECENT_ROWS));
    Ok(Activity { today: today?, refused: refused?, recent: deeds(recent?) })
}

/// Rows in a row of the same kind by the same person, as one.
fn deeds(rows: Vec<audit::Row>) -> Vec<Deed> {
    let mut deeds: Vec<Deed> = Vec::new();
    for row in rows {
        let is_full = deeds.len() == RECENT;
        match deeds.last_mut() {
            Some(deed) if deed.row.action == row.action && deed.row.user_email == row.user_email => deed.times += 1,
            _ if is_full => break,
            _ => deeds.push(Deed { row, times: 1 }),
        }
    }
    deeds
}

async fn health(ctx: &Ctx) -> Health {
    let db = &ctx.app.db;
    let started = Instant::now();
    let ping = db.ping().await.map(|()| started.elapsed().as_secs_f64() * 1e3).map_err(Failure::from);
    let mirror = async { Ok(state::find(db).await?.map(|mirror| mirror.state)) };
    let (mirror, adoption) = futures::join!(mirror, adoption(ctx));
    Health {
        ping_ms: or_logged(ping),
        host: db.server.host_alias.clone(),
        version: db.server.version.clone(),
        mirror: or_logged(mirror),
        adoption: or_logged(adoption),
    }
}

async fn adoption(ctx: &Ctx) -> Result<Option<Adopted>, Failure> {
    let runs = ctx.app.db.live.collection::<RunRecord>(RunRecord::COLLECTION);
    let newest = runs.find_one(doc! {}).sort(doc! { "started_at": -1 }).await?;
    Ok(newest.and_then(|run| {
        let rules = run.report.iter().flat_map(|report| &report.rules);
        Some(Adopted {
            state: run.state,
            at: timestamp(run.started_at)?,
            findings: rules.flat_map(|rule| rule.counts.values()).flat_map(|counts| counts.values()).sum(),
        })
    }))
}
