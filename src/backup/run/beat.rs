//! The heartbeat: says that a run lives and how far it is, and hears that it has to end.

use std::time::Duration;

use bson::{Document, doc};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::app::Clock;
use crate::backup::model::Progress;
use crate::backup::record::BackupRun;
use crate::db::{Db, date};

/// How often progress is written at most.
const TOLD: Duration = Duration::from_millis(500);
/// The heartbeat is raised each so many of those, even while nothing moves.
const STILL: u32 = 4;

/// Why a run ends before its work is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// A person wants it to end.
    Cancelled,
    /// Somebody else leads it now, or it was failed.
    Lost,
}

/// Beats until it is dropped.
pub(super) struct Beat {
    stop: watch::Receiver<Option<Stop>>,
    task: JoinHandle<()>,
}

impl Beat {
    /// Starts beating for the run that `own` matches for as long as it is ours.
    pub fn start(ops: Db, own: Document, clock: Clock, progress: watch::Receiver<Progress>) -> Self {
        let (says, stop) = watch::channel(None);
        let task = tokio::spawn(beat(ops, own, clock, progress, says));
        Self { stop, task }
    }

    /// Waits until the run has to end. A wish to end it isn't heard while `deaf` is true.
    pub async fn stopped(&self, deaf: &watch::Receiver<bool>) -> Stop {
        let (mut stop, mut deaf) = (self.stop.clone(), deaf.clone());
        loop {
            let now = *stop.borrow_and_update();
            match now {
                Some(Stop::Lost) => return Stop::Lost,
                Some(Stop::Cancelled) if !*deaf.borrow_and_update() => return Stop::Cancelled,
                _ => {}
            }
            tokio::select! {
                changed = stop.changed() => if changed.is_err() { return Stop::Lost },
                // Whoever leads the run holds the other end for as long as this is asked.
                _ = deaf.changed() => {}
            }
        }
    }
}

impl Drop for Beat {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn beat(
    ops: Db,
    own: Document,
    clock: Clock,
    mut progress: watch::Receiver<Progress>,
    says: watch::Sender<Option<Stop>>,
) {
    let runs = ops.stored::<BackupRun>();
    let mut ticks = tokio::time::interval(TOLD);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut still = STILL;
    loop {
        ticks.tick().await;
        let moved = progress.has_changed().unwrap_or(false);
        still += 1;
        if !moved && still < STILL {
            continue;
        }
        still = 0;
        let mut set = doc! { "heartbeat_at": date(clock.now()) };
        if moved {
            match bson::serialize_to_bson(&*progress.borrow_and_update()) {
                Ok(told) => drop(set.insert("progress", told)),
                Err(error) => tracing::error!(%error, "a backup's progress can't be told"),
            }
        }
        match runs.update_one(own.clone(), doc! { "$set": set }).await {
            Ok(written) if written.matched_count == 0 => {
                says.send_replace(Some(Stop::Lost));
                return;
            }
            Ok(_) => {}
            // The work itself notices a database that stays away.
            Err(error) => {
                tracing::warn!(%error, "a backup's heartbeat was not written");
                continue;
            }
        }
        let mut wished = own.clone();
        wished.insert("control.cancelled_by", doc! { "$exists": true });
        if says.borrow().is_none() && matches!(runs.find_one(wished).await, Ok(Some(_))) {
            says.send_replace(Some(Stop::Cancelled));
        }
    }
}
