//! How what runs by itself is: incidents nobody took, the newest backup, the queue, the outbox. Each fails by itself.

use bson::{DateTime, doc};
use jiff::Timestamp;
use leptos::prelude::*;

use super::service::{DAY, Fact, seen};
use crate::backup::pages::{STALE, newest_complete};
use crate::backup::record::BackupRun;
use crate::ctx::Ctx;
use crate::db::{date, timestamp};
use crate::failure::Failure;
use crate::i18n::jobs::job_or_name;
use crate::i18n::number::integer;
use crate::i18n::{dashboard as words, format};
use crate::jobs::{self, JobRun, RunStatus};
use crate::mail::{self, Channel};
use crate::notifications::{Severity, State, SystemNotice};
use crate::ui::{Fact as FactRow, Status, Tone};
use crate::values::Capability;

/// Incidents are counted up to here; then «más de 9».
const COUNTED: u64 = 10;

/// What the page shows of it; what the person may not see is `None` at the outer level.
pub struct Operations {
    /// Critical incidents nobody took.
    pub waiting: Option<Fact<u64>>,
    /// Background work.
    queue: Option<Fact<Queue>>,
    /// The newest complete backup, if there is one.
    backup: Option<Fact<Option<BackupRun>>>,
    /// Mail that waits.
    outbox: Option<Fact<mail::Backlog>>,
}

struct Queue {
    backlog: jobs::Backlog,
    newest: Option<JobRun>,
}

/// Gathers it.
pub async fn operations(ctx: &Ctx) -> Operations {
    let outbox = async { Ok(mail::backlog(&ctx.app.db, Channel::Email, ctx.now()).await?) };
    let (waiting, backup, queue, outbox) = futures::join!(
        seen(ctx, Capability::SystemNotificationsRead, waiting(ctx)),
        seen(ctx, Capability::BackupsRead, newest_complete(ctx)),
        seen(ctx, Capability::Security, queue(ctx)),
        seen(ctx, Capability::Security, outbox),
    );
    Operations { waiting, backup, queue, outbox }
}

async fn waiting(ctx: &Ctx) -> Result<u64, Failure> {
    let waiting = doc! {
        "is_open": true,
        "severity": Severity::Critical.as_str(),
        "state": { "$in": [State::Open.as_str(), State::Reopened.as_str()] },
    };
    Ok(ctx.app.db.stored::<SystemNotice>().count_documents(waiting).limit(COUNTED).await?)
}

async fn queue(ctx: &Ctx) -> Result<Queue, Failure> {
    let (db, now) = (&ctx.app.db, ctx.now());
    let runs = db.stored::<JobRun>();
    let recent = doc! { "created_at": { "$gte": date(now - DAY), "$lt": DateTime::MAX } };
    let newest = async { runs.find_one(recent).sort(doc! { "created_at": -1 }).await };
    let (backlog, newest) = futures::try_join!(jobs::backlog(db, now), newest)?;
    Ok(Queue { backlog, newest })
}

impl Operations {
    /// The lines of the health strip, each a link to where it can be acted on.
    pub fn facts(&self, now: Timestamp) -> Vec<FactRow> {
        let broken = || (Tone::Bad, words::NOT_READ.to_owned());
        let waiting = self.waiting.as_ref().map(|waiting| match waiting {
            None => broken(),
            Some(0) => (Tone::Good, words::NO_CRITICALS.to_owned()),
            Some(count) => (Tone::Bad, crate::i18n::notices::waiting(*count)),
        });
        let backup = self.backup.as_ref().map(|newest| match newest {
            None => broken(),
            Some(newest) => age(newest.as_ref(), now),
        });
        let queue = self.queue.as_ref().map(|queue| queue.as_ref().map_or_else(broken, |queue| queue.said(now)));
        let outbox = self.outbox.as_ref().map(|outbox| outbox.as_ref().map_or_else(broken, said));
        [
            (words::INCIDENTS, "/admin/notifications?severity=critical", waiting),
            (words::BACKUP, "/admin/backups", backup),
            (words::BACKGROUND, "/admin/jobs", queue),
            (words::OUTBOX, "/admin/emails", outbox),
        ]
        .into_iter()
        .filter_map(|(label, href, fact)| {
            let (tone, text) = fact?;
            Some(FactRow::new(label, view! { <a href=href><Status tone label=text/></a> }))
        })
        .collect()
    }
}

impl Queue {
    fn said(&self, now: Timestamp) -> (Tone, String) {
        let dead = self.backlog.dead;
        let newest = self.newest.as_ref().map(|run| {
            let at = timestamp(run.finished_at.unwrap_or(run.created_at)).unwrap_or(now);
            words::newest_run(&job_or_name(&run.job), &format::relative(at, now))
        });
        let tone = match self.newest.as_ref().map(|run| run.status) {
            _ if dead > 0 => Tone::Bad,
            Some(RunStatus::Retrying) => Tone::Attention,
            _ => Tone::Good,
        };
        (tone, words::queue(&integer(self.backlog.due), dead, newest.as_deref()))
    }
}

/// How old the newest complete backup is; a day and a bit is too old.
fn age(newest: Option<&BackupRun>, now: Timestamp) -> (Tone, String) {
    let Some(taken_at) = newest.and_then(|run| timestamp(run.taken_at?)) else {
        return (Tone::Bad, words::NO_BACKUP.into());
    };
    let tone = if now.duration_since(taken_at) > STALE { Tone::Bad } else { Tone::Good };
    (tone, words::newest_backup(&format::relative(taken_at, now)))
}

fn said(outbox: &mail::Backlog) -> (Tone, String) {
    match &outbox.held {
        Some(reason) => (Tone::Bad, words::outbox_held(reason)),
        None if outbox.is_stalled() => (Tone::Bad, words::outbox_stalled(outbox.due)),
        None if outbox.due > 0 => (Tone::Info, words::outbox_waiting(outbox.due)),
        None => (Tone::Good, words::OUTBOX_EMPTY.into()),
    }
}
