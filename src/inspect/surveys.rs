//! Who counts what, when: surveys are taken once, kept, shown with their time, and taken again when they are old or asked for.
//!
//! A page waits [`PATIENCE`] for a first count: a small collection is counted by then. A large one is counted in the
//! background, and the first pages are read along the rungs the count has passed; a query without an upper end would cost
//! some servers as much as the count, and slow down both. The last survey serves until the next one is filed. One survey of
//! a collection and order runs at a time, across all processes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context;
use jiff::Timestamp;
use tokio::sync::watch;

use super::catalog::Described;
use super::ladder::{Ladder, STEP};
use super::sort::Sort;
use super::store::{self, Filing, Finished, SurveyRow};
use super::survey::{self, Progress, Target};
use crate::app::App;
use crate::db;
use crate::failure::Failure;

/// How long a page waits for a first count.
pub const PATIENCE: Duration = Duration::from_millis(300);
/// How long it waits for a count's first rungs: they are the quickest way to a first page.
const RUNGS_PATIENCE: Duration = Duration::from_secs(8);
/// A survey held in memory is compared with the stored one this often.
const RECHECK: Duration = Duration::from_secs(5);
/// Surveys held in memory.
const HELD: usize = 64;
/// A survey is renewed in the background after this many times the time it took, but not before [`YOUNGEST`].
const AGE_FACTOR: i64 = 200;
/// Nothing is counted again sooner by itself.
const YOUNGEST: Duration = Duration::from_secs(2 * 60);
/// The lease is renewed this often while counting.
const BEAT: Duration = Duration::from_secs(2);

/// A finished survey as pages use it.
#[derive(Clone, Debug)]
pub struct Counted {
    /// The figures.
    pub figures: Finished,
    /// The ladder, where the server's order is ours.
    pub ladder: Option<Arc<Ladder>>,
}

/// What is known about a collection's count.
#[derive(Clone, Debug)]
pub enum Count {
    /// It was counted; a newer count may be under way.
    Known(Counted),
    /// It is being counted for the first time.
    Running {
        /// Documents read so far.
        seen: u64,
        /// How far it is, if it runs in this process.
        progress: Option<watch::Receiver<Progress>>,
    },
    /// The last try failed and nothing was counted before.
    Failed,
}

impl Count {
    /// The start of a ladder that is being taken, once it is long enough.
    pub async fn start(&self, is_enough: impl Fn(&Ladder) -> bool) -> Option<Arc<Ladder>> {
        let Self::Running { progress: Some(progress), .. } = self else { return None };
        let mut progress = progress.clone();
        let is_enough = |progress: &Progress| progress.start.as_deref().is_some_and(&is_enough);
        let waited = tokio::time::timeout(RUNGS_PATIENCE, progress.wait_for(is_enough)).await;
        waited.ok()?.ok()?.start.clone()
    }

    /// The finished survey.
    pub fn known(&self) -> Option<&Counted> {
        match self {
            Self::Known(counted) => Some(counted),
            _ => None,
        }
    }
}

/// What to count, and how to know it again.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// The collection.
    pub target: Target,
    /// Its own id, where the server gives one.
    pub uuid: Option<String>,
    /// Names of its indexes, filed with the count.
    pub indexes: Vec<String>,
    /// The order.
    pub sort: Sort,
}

impl Wanted {
    fn id(&self) -> String {
        store::id_of(&self.target, &self.sort)
    }

    /// The figures, unless they are of an earlier collection of this name.
    fn figures(&self, row: Option<SurveyRow>) -> Option<Finished> {
        row?.result.filter(|result| self.uuid.is_none() || result.uuid == self.uuid)
    }
}

/// Surveys held in memory by this process.
#[derive(Default)]
pub struct Surveys {
    held: Mutex<HashMap<String, Held>>,
    running: Mutex<HashMap<String, watch::Receiver<Progress>>>,
    described: Mutex<HashMap<String, (Instant, Arc<Described>)>>,
}

struct Held {
    counted: Counted,
    checked: Instant,
    used: Instant,
}

impl Surveys {
    /// A description not older than a few seconds.
    pub(super) fn described(&self, key: &str) -> Option<Arc<Described>> {
        let described = self.described.lock().unwrap_or_else(PoisonError::into_inner);
        described.get(key).filter(|(at, _)| at.elapsed() < RECHECK).map(|(_, described)| described.clone())
    }

    /// Keeps a description for a few seconds.
    pub(super) fn describe(&self, key: String, found: Arc<Described>) {
        let mut described = self.described.lock().unwrap_or_else(PoisonError::into_inner);
        described.retain(|_, (at, _)| at.elapsed() < RECHECK);
        described.insert(key, (Instant::now(), found));
    }

    /// How far a survey of this process is.
    fn running(&self, id: &str) -> Option<watch::Receiver<Progress>> {
        self.running
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(id)
            .cloned()
            .filter(|progress| progress.has_changed().is_ok())
    }

    /// Keeps what a survey says, as long as it says something.
    fn watch(&self, id: String, progress: watch::Receiver<Progress>) {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.retain(|_, progress| progress.has_changed().is_ok());
        running.insert(id, progress);
    }

    fn held(&self, id: &str) -> Option<(Counted, bool)> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = held.get_mut(id)?;
        entry.used = Instant::now();
        Some((entry.counted.clone(), entry.checked.elapsed() < RECHECK))
    }

    fn hold(&self, id: String, counted: Counted) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.len() >= HELD && !held.contains_key(&id) {
            let oldest = held.iter().min_by_key(|(_, entry)| entry.used).map(|(id, _)| id.clone());
            oldest.and_then(|oldest| held.remove(&oldest));
        }
        held.insert(id, Held { counted, checked: Instant::now(), used: Instant::now() });
    }
}

/// The count of a collection in one order. A missing one is taken now, an old one is renewed in the background.
pub async fn count(app: &Arc<App>, wanted: &Wanted) -> Result<Count, Failure> {
    counted(app, wanted, false).await
}

/// The same for who shows a page: before a first count begins, and takes the server's time, it is scouted for where the
/// first page ends.
pub async fn count_for_page(app: &Arc<App>, wanted: &Wanted) -> Result<Count, Failure> {
    counted(app, wanted, wanted.target.ordered).await
}

async fn counted(app: &Arc<App>, wanted: &Wanted, is_scouted: bool) -> Result<Count, Failure> {
    let id = wanted.id();
    if let Some((counted, true)) = app.surveys.held(&id)
        && (wanted.uuid.is_none() || counted.figures.uuid == wanted.uuid)
    {
        return Ok(Count::Known(counted));
    }
    let row = store::find(&app.db, &id).await?;
    let running = row.as_ref().is_some_and(|row| row.is_running(app.clock.now()));
    if let Some(figures) = wanted.figures(row) {
        if is_old(&figures, app.clock.now()) && !running {
            drop(start(app, wanted, None).await?);
        }
        return Ok(Count::Known(load(app, wanted, figures).await?));
    }
    let mut progress = app.surveys.running(&id);
    if progress.is_none() && !running {
        let scouted = if is_scouted { survey::scout(&app.read_only, &wanted.target, &wanted.sort).await } else { None };
        progress = start(app, wanted, scouted).await?;
    }
    if let Some(progress) = &mut progress {
        // Whether it ends in time or not, what is stored by then is the answer.
        ends_within(progress, PATIENCE).await;
    }
    let row = store::find(&app.db, &id).await?;
    let stored = row.as_ref().and_then(|row| row.running.as_ref()).map(|running| store::unsigned(running.seen));
    let failed = row.as_ref().is_some_and(|row| row.failed_at.is_some()) && stored.is_none();
    let seen = progress.as_ref().map_or(0, |progress| progress.borrow().seen).max(stored.unwrap_or_default());
    Ok(match wanted.figures(row) {
        Some(figures) => Count::Known(load(app, wanted, figures).await?),
        None if failed => Count::Failed,
        None => Count::Running { seen, progress },
    })
}

/// Waits for the end of a survey, which drops what it says its progress through.
async fn ends_within(survey: &mut watch::Receiver<Progress>, patience: Duration) {
    let _ = tokio::time::timeout(patience, survey.wait_for(|_| false)).await;
}

/// Counts again, whatever the age of the last count; waits as long as a page may.
pub async fn renew(app: &Arc<App>, wanted: &Wanted) -> Result<(), Failure> {
    if let Some(mut survey) = start(app, wanted, None).await? {
        ends_within(&mut survey, PATIENCE).await;
    }
    Ok(())
}

async fn load(app: &App, wanted: &Wanted, figures: Finished) -> Result<Counted, Failure> {
    let id = wanted.id();
    if let Some((held, _)) = app.surveys.held(&id)
        && held.figures.generation == figures.generation
    {
        app.surveys.hold(id, held.clone());
        return Ok(held);
    }
    let ladder = store::ladder(&app.db, &id, &wanted.sort, &figures).await?.map(Arc::new);
    let counted = Counted { figures, ladder };
    app.surveys.hold(id, counted.clone());
    Ok(counted)
}

fn is_old(figures: &Finished, now: Timestamp) -> bool {
    let Some(taken) = db::timestamp(figures.taken_at) else { return true };
    let age = now.duration_since(taken).as_millis();
    age > i128::from(figures.duration_ms * AGE_FACTOR).max(YOUNGEST.as_millis() as i128)
}

/// Starts a survey unless one is under way; the receiver hears how far it is and, by being closed, that it has ended, well
/// or badly.
async fn start(
    app: &Arc<App>,
    wanted: &Wanted,
    scouted: Option<Ladder>,
) -> Result<Option<watch::Receiver<Progress>>, Failure> {
    let owner = uuid::Uuid::new_v4().simple().to_string();
    let since = app.clock.now();
    if !store::claim(&app.db, &wanted.target, &wanted.sort, &owner, since).await? {
        return Ok(None);
    }
    let (progress, watched) = watch::channel(Progress { seen: 0, start: scouted.map(Arc::new) });
    app.surveys.watch(wanted.id(), watched.clone());
    let (app, wanted) = (app.clone(), wanted.clone());
    tokio::spawn(async move {
        if let Err(fault) = run(&app, &wanted, &owner, since, &progress).await {
            tracing::error!(
                database = wanted.target.database,
                collection = wanted.target.collection,
                "counting: {fault:#}"
            );
            // A row that can't be told keeps its lease, which ends by itself.
            let _ = store::give_up(&app.db, &wanted.id(), &owner, app.clock.now()).await;
        }
    });
    Ok(Some(watched))
}

async fn run(
    app: &App,
    wanted: &Wanted,
    owner: &str,
    since: Timestamp,
    progress: &watch::Sender<Progress>,
) -> anyhow::Result<()> {
    let id = wanted.id();
    let begun = Instant::now();
    let survey = survey::take(&app.read_only, &wanted.target, &wanted.sort, STEP, progress);
    let mut survey = std::pin::pin!(survey);
    let mut beats = tokio::time::interval(BEAT);
    let survey = loop {
        tokio::select! {
            survey = &mut survey => break survey.context("reading")?,
            _ = beats.tick() => {
                let seen = progress.borrow().seen;
                let mine = store::renew(&app.db, &id, owner, seen, app.clock.now()).await?;
                anyhow::ensure!(mine, "somebody else took the lease");
            }
        }
    };
    let now = since + begun.elapsed();
    let filing = Filing { id: &id, owner, uuid: wanted.uuid.clone(), indexes: wanted.indexes.clone(), since, now };
    store::file(&app.db, filing, &survey).await.context("filing")?;
    Ok(())
}
