//! Whether this process can do its work: what `/ready` says and what `/metrics` shows, found out at most every two seconds
//! however many ask.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::Mutex;

use crate::app::App;
use crate::db::IndexFinding;
use crate::jobs;
use crate::mail::{self, Channel};
use crate::serve;

/// How long an answer is good for.
const FRESH: Duration = Duration::from_secs(2);
/// How long the database may take to say that it is there.
const PING: Duration = Duration::from_secs(1);
/// How long everything else may take together.
const REST: Duration = Duration::from_secs(5);
/// How long the indexes are taken to be as they were found.
const INDEXES_FRESH: Duration = Duration::from_secs(300);
/// A job that could have run for this long shows that nobody works.
const QUEUE_STALLED: Duration = Duration::from_secs(5 * 60);

/// What is looked at. The names are public: they stand in the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// The process isn't about to end.
    Running,
    /// The database answers.
    Database,
    /// Every declared index exists.
    Indexes,
    /// Due jobs are run.
    Queue,
    /// Due messages are sent.
    Outbox,
}

impl Check {
    /// As it stands in the answer.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Database => "database",
            Self::Indexes => "indexes",
            Self::Queue => "queue",
            Self::Outbox => "outbox",
        }
    }
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// What isn't as it should be; empty when all is well.
    pub failed: Vec<Check>,
    /// The job queue, as far as it could be counted.
    pub queue: Option<jobs::Backlog>,
    /// The outboxes, as far as they could be counted.
    pub outboxes: Vec<mail::Backlog>,
}

/// The last report.
#[derive(Clone, Default)]
pub struct Readiness(Arc<Mutex<Held>>);

#[derive(Default)]
struct Held {
    report: Option<(Instant, Timestamp, Arc<Report>)>,
    indexes_seen: Option<Instant>,
}

impl Readiness {
    /// What is so now, or was a moment ago. Whoever asks while it is being found out waits for that answer.
    pub async fn look(&self, app: &App) -> Arc<Report> {
        let mut held = self.0.lock().await;
        let now = app.clock.now();
        if let Some((at, clock, report)) = &held.report
            && at.elapsed() < FRESH
            && *clock + FRESH > now
            && !app.stopping.has_begun()
        {
            return report.clone();
        }
        let report = Arc::new(find_out(app, &mut held.indexes_seen).await);
        held.report = Some((Instant::now(), now, report.clone()));
        report
    }
}

async fn find_out(app: &App, indexes_seen: &mut Option<Instant>) -> Report {
    let mut report = Report::default();
    if app.stopping.has_begun() {
        report.failed.push(Check::Running);
    }
    if !matches!(tokio::time::timeout(PING, app.db.ping()).await, Ok(Ok(()))) {
        // Nothing else can be asked.
        report.failed.push(Check::Database);
        return report;
    }
    let rest = async {
        let now = app.clock.now();
        let outboxes = Channel::ALL.map(|channel| mail::backlog(&app.db, channel, now));
        let indexes = async { if is_fresh(*indexes_seen) { true } else { has_indexes(app).await } };
        tokio::join!(indexes, jobs::backlog(&app.db, now), futures::future::join_all(outboxes))
    };
    let Ok((indexes, queue, outboxes)) = tokio::time::timeout(REST, rest).await else {
        report.failed.push(Check::Database);
        return report;
    };
    if indexes {
        indexes_seen.get_or_insert_with(Instant::now);
        if !is_fresh(*indexes_seen) {
            *indexes_seen = Some(Instant::now());
        }
    } else {
        *indexes_seen = None;
        report.failed.push(Check::Indexes);
    }
    report.queue = queue.ok();
    report.outboxes = outboxes.into_iter().filter_map(Result::ok).collect();
    if report.queue.is_none_or(|queue| queue.oldest_due_seconds > QUEUE_STALLED.as_secs()) {
        report.failed.push(Check::Queue);
    }
    // A provider that refuses everything has its own incident, and another watchdog can't help it.
    let is_stalled = |outbox: &mail::Backlog| outbox.held.is_none() && outbox.is_stalled();
    if report.outboxes.len() < Channel::ALL.len() || report.outboxes.iter().any(is_stalled) {
        report.failed.push(Check::Outbox);
    }
    report
}

fn is_fresh(seen: Option<Instant>) -> bool {
    seen.is_some_and(|seen| seen.elapsed() < INDEXES_FRESH)
}

async fn has_indexes(app: &App) -> bool {
    let findings = app.db.check_indexes(&serve::collections()).await;
    findings.is_ok_and(|all| !all.iter().any(|finding| matches!(finding, IndexFinding::Missing { .. })))
}
