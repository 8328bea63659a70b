//! Runs a comparison that was asked for on the page. A job, because opening a backup takes the operations identity, which
//! no request may load.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::{mpsc, watch};
use tokio::time::MissedTickBehavior;

use super::side::BadSide;
use super::store::Attempt;
use super::{Limits, Report, Shown, Side, Source, Which, compare, show};
use crate::backup::Depot;
use crate::backup::model::Progress;
use crate::backup::record::DiffRecord;
use crate::dump::{DumpError, Problem};
use crate::i18n::backup::diff as words;
use crate::jobs::{Job, Run};

/// How often progress is written.
const TOLD: Duration = Duration::from_millis(500);
/// Differing documents written together.
const TOGETHER: usize = 20;

/// Compares what a record says.
#[derive(Serialize, Deserialize)]
pub struct RunDiff {
    /// The record.
    pub diff: String,
}

impl Job for RunDiff {
    const NAME: &'static str = "diffs.run";
    const ATTEMPTS: u32 = 3;
    const LONGEST: Duration = Duration::from_secs(6 * 3600);

    async fn run(self, run: Run) -> anyhow::Result<()> {
        let depot = Depot::of(&run.app)?;
        let Some((attempt, record)) = Attempt::begin(&depot.ops, &self.diff).await? else { return Ok(()) };
        let (progress, mut watched) = watch::channel(Progress::default());
        let work = work(&depot, &attempt, &record, &progress);
        tokio::pin!(work);
        let mut tick = tokio::time::interval(TOLD);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let ended = loop {
            tokio::select! {
                ended = &mut work => break ended,
                () = run.ended() => {
                    // Whoever takes over has made the record its own; then this is not written.
                    let _ = attempt.failed(words::INTERRUPTED, depot.clock.now()).await;
                    return run.still_mine().await;
                }
                _ = tick.tick() => {
                    if watched.has_changed().unwrap_or(false) {
                        let now = watched.borrow_and_update().clone();
                        attempt.progress(&now).await?;
                    }
                }
            }
        };
        match ended {
            Ok(report) => {
                attempt.done(&report, depot.clock.now()).await?;
                run.result(words::sentence(&report));
            }
            Err(error) => {
                tracing::warn!(diff = %self.diff, "a comparison failed: {error:#}");
                attempt.failed(&told(&error), depot.clock.now()).await?;
            }
        }
        Ok(())
    }
}

async fn work(
    depot: &Depot,
    attempt: &Attempt,
    record: &DiffRecord,
    progress: &watch::Sender<Progress>,
) -> anyhow::Result<Report> {
    let sides = [Side::parse(&record.left)?, Side::parse(&record.right)?];
    let sources = [Source::find(depot, &sides[0]).await?, Source::find(depot, &sides[1]).await?];
    let sources = [&sources[0], &sources[1]];
    let comparison = compare(sources, &[], Limits::SHOWN, progress).await?;
    let report = comparison.report.clone();
    progress.send_modify(|told| words::FETCHING.clone_into(&mut told.current));
    let (sender, receiver) = mpsc::channel(TOGETHER);
    futures::try_join!(show(sources, comparison, progress, sender), keep(depot, attempt, receiver))?;
    Ok(report)
}

async fn keep(depot: &Depot, attempt: &Attempt, mut shown: mpsc::Receiver<Shown>) -> anyhow::Result<()> {
    let (mut first, mut together) = (1, Vec::new());
    while shown.recv_many(&mut together, TOGETHER).await > 0 {
        let next = first + i64::try_from(together.len())?;
        attempt.keep(first, std::mem::take(&mut together), depot.clock.now()).await?;
        first = next;
    }
    Ok(())
}

/// What people are told: our own sentences, never those of the driver, a store or the disk.
fn told(error: &anyhow::Error) -> String {
    let is_ours = |cause: &(dyn std::error::Error + 'static)| match cause.downcast_ref::<DumpError>() {
        Some(error) => !matches!(error.problem, Problem::Unreadable { .. }),
        None => cause.is::<BadSide>(),
    };
    if error.chain().any(is_ours) {
        return error.chain().map(ToString::to_string).collect::<Vec<_>>().join(": ");
    }
    let which = [Which::Left, Which::Right].into_iter().find(|which| error.to_string() == words::reading(*which));
    which.map_or_else(|| words::FAILED.to_owned(), words::failed_on)
}
