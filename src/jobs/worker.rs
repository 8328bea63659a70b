//! The worker: claims what is due, runs it, puts on record how it ended, and keeps its lock alive.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures::FutureExt;
use tokio::sync::{Notify, Semaphore, mpsc, watch};
use tokio::task::JoinSet;

use super::claim::{self, BATCH, Candidates};
use super::hooks;
use super::lease;
use super::model::Lane;
use super::queue::QueuedJob;
use super::registry::Registry;
use super::run::{End, Hold, NotMine, Run};
use super::schedule::Ticker;
use super::settle::{self, Ended, Outcome};
use crate::app::App;
use crate::monitoring::scrub;

/// How fast a worker goes.
#[derive(Clone, Debug)]
pub struct Pace {
    /// How long a worker's beat may stand still before others take over its jobs.
    pub lease: Duration,
    /// How often it beats, looks at the others and for cancelled jobs.
    pub beat: Duration,
    /// How often it looks for jobs while there are none.
    pub poll: Duration,
    /// How often it looks whether a schedule's time has come.
    pub tick: Duration,
    /// Short jobs that run at the same time.
    pub short: usize,
    /// Long jobs that run at the same time.
    pub long: usize,
    /// How long running jobs may take after the process was asked to stop.
    pub drain: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            lease: Duration::from_secs(10),
            beat: Duration::from_secs(2),
            poll: Duration::from_millis(150),
            tick: Duration::from_millis(500),
            short: 32,
            long: 4,
            drain: Duration::from_secs(4),
        }
    }
}

impl Pace {
    fn slots(&self, lane: Lane) -> usize {
        match lane {
            Lane::Short => self.short,
            Lane::Long => self.long,
        }
    }
}

/// What was worked off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Worked {
    /// Done.
    pub done: u64,
    /// Failed and put back.
    pub retried: u64,
    /// Made dead letters.
    pub dead: u64,
    /// Ended by a person.
    pub cancelled: u64,
}

impl std::ops::AddAssign for Worked {
    fn add_assign(&mut self, other: Self) {
        self.done += other.done;
        self.retried += other.retried;
        self.dead += other.dead;
        self.cancelled += other.cancelled;
    }
}

/// Runs jobs until the application stops.
#[derive(Clone)]
pub struct Worker {
    app: Arc<App>,
    registry: Arc<Registry>,
    pace: Pace,
}

impl Worker {
    /// A worker for the application's jobs.
    pub fn new(app: Arc<App>, pace: Pace) -> Self {
        let registry = app.jobs.clone();
        Self { app, registry, pace }
    }

    /// The same with other job types.
    pub fn with_registry(mut self, registry: Registry) -> Self {
        self.registry = Arc::new(registry);
        self
    }

    /// Works until the end of the process is announced. A worker that lost its lock begins again under another name.
    pub async fn run(self) {
        let mut trouble = Trouble::default();
        while !self.app.stopping.has_begun() {
            let id = lease::new_worker();
            match lease::join(&self.app.db, self.app.clock.now(), &id).await {
                Ok(()) => {
                    trouble.over("the worker's lock");
                    Life::begin(&self, id).live().await;
                }
                Err(error) => {
                    trouble.again("the worker's lock", &error.into());
                    self.pause(self.pace.beat).await;
                }
            }
        }
    }

    async fn pause(&self, length: Duration) {
        tokio::select! {
            () = tokio::time::sleep(length) => {}
            () = self.app.stopping.begun() => {}
        }
    }
}

/// Works off everything that is due and whatever becomes due by that, then returns: for tests and commands.
pub async fn work_off(app: &Arc<App>, registry: &Registry) -> anyhow::Result<Worked> {
    let worker = lease::new_worker();
    let mut worked = Worked::default();
    let (_keep, ended) = watch::channel(None);
    loop {
        let mut any = false;
        for lane in Lane::ALL {
            // Candidates of an earlier round would hide what came in since.
            let claimed =
                claim::claim(&app.db, app.clock.now(), &worker, &mut Candidates::default(), lane, BATCH).await?;
            settle::begun(app, &claimed).await?;
            any |= !claimed.is_empty();
            let attempts = claimed.into_iter().map(|job| {
                let run = run_of(app, &worker, &job, ended.clone());
                attempt(registry, job, run)
            });
            let ended = futures::future::join_all(attempts).await;
            worked += settle::settle(app, registry, &ended).await?;
        }
        if !any {
            return Ok(worked);
        }
    }
}

fn run_of(app: &Arc<App>, worker: &str, job: &QueuedJob, ended: watch::Receiver<Option<End>>) -> Run {
    Run {
        app: app.clone(),
        id: job.run_id.clone(),
        attempt: job.failures + job.interruptions + 1,
        hold: Arc::new(Hold {
            queue_id: job.id.clone(),
            job: job.job.clone(),
            token: job.token.clone().unwrap_or_default(),
            instance: worker.into(),
            recorded: AtomicBool::new(job.recorded),
            ended,
            result: Mutex::new(None),
            told: Mutex::new(None),
        }),
    }
}

/// Makes one attempt. A panic, an error, an unknown name and data that can't be read are all failed attempts.
async fn attempt(registry: &Registry, job: QueuedJob, run: Run) -> Ended {
    let schedule = job.schedule.as_deref().and_then(|name| registry.schedule(name));
    let check_in = schedule.and_then(hooks::scheduled);
    let outcome = match registry.handler(&job.job) {
        None => Outcome::Failed(format!("no job is called {}", job.job)),
        Some(handler) => {
            let work = AssertUnwindSafe((handler.start)(job.data.clone(), run.clone())).catch_unwind();
            let bounded = tokio::time::timeout(handler.longest, work);
            tokio::select! {
                biased;
                () = run.ended() => Outcome::Released,
                ended = bounded => match ended {
                    Err(_) => Outcome::Failed(format!("it took longer than {} s", handler.longest.as_secs())),
                    Ok(Err(panic)) => Outcome::Failed(format!("panic: {}", panic_text(&*panic))),
                    Ok(Ok(Err(error))) if error.is::<NotMine>() => Outcome::Released,
                    Ok(Ok(Err(error))) => Outcome::Failed(format!("{error:#}")),
                    Ok(Ok(Ok(()))) => Outcome::Done,
                },
            }
        }
    };
    let outcome = match (outcome, *run.hold.ended.borrow()) {
        (Outcome::Released, Some(End::Cancelled)) => Outcome::Cancelled,
        (outcome, _) => outcome,
    };
    // What is stored, logged and told of a failure holds no personal data.
    let outcome = match outcome {
        Outcome::Failed(error) => Outcome::Failed(scrub::text(&error)),
        other => other,
    };
    if let Outcome::Failed(error) = &outcome {
        hooks::attempt_failed(&job.job, &job.run_id, run.attempt, error);
    }
    if let (Some(check_in), Outcome::Done | Outcome::Failed(_)) = (check_in, &outcome) {
        check_in.ended(matches!(outcome, Outcome::Done));
    }
    Ended { job, run, outcome }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("without words")
}

/// A claim of a job, among the attempts of this process.
fn key(job: &QueuedJob) -> (String, String) {
    (job.id.clone(), job.token.clone().unwrap_or_default())
}

/// A job and the token of the batch it was claimed with.
type Attempt = (String, String);

/// A worker between two names: from taking its lock to losing it or stopping.
struct Life {
    worker: Worker,
    id: String,
    /// Ends every attempt when the lock is lost or the process stops.
    end: watch::Sender<Option<End>>,
    /// Ends single attempts.
    running: Mutex<HashMap<Attempt, watch::Sender<Option<End>>>>,
    /// Jobs claimed and not on record yet, by lane.
    held: [AtomicUsize; 2],
    settled: [Notify; 2],
    /// Microseconds of an attempt, as they usually are.
    usual_us: AtomicU64,
}

impl Life {
    fn begin(worker: &Worker, id: String) -> Arc<Self> {
        Arc::new(Self {
            worker: worker.clone(),
            id,
            end: watch::Sender::new(None),
            running: Mutex::default(),
            held: Default::default(),
            settled: Default::default(),
            usual_us: AtomicU64::new(0),
        })
    }

    /// Until the lock is lost or the process stops.
    async fn live(self: Arc<Self>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        let settling = tokio::spawn(self.clone().settle(receiver));
        let mut lanes = JoinSet::new();
        for lane in Lane::ALL {
            lanes.spawn(self.clone().work(lane, sender.clone()));
        }
        drop(sender);
        tokio::select! {
            () = self.beat() => {}
            () = self.schedule() => {}
            () = self.worker.app.stopping.begun() => {}
        }
        self.wind_up(lanes, settling).await;
    }

    /// Lets running attempts end when there is time, ends them when there is none, and gives the lock back.
    async fn wind_up(&self, mut lanes: JoinSet<()>, settling: tokio::task::JoinHandle<()>) {
        let is_lost = !self.worker.app.stopping.has_begun();
        if is_lost {
            self.end_all(End::Lost);
        }
        let drained = async { while lanes.join_next().await.is_some() {} };
        let mut drained = std::pin::pin!(drained);
        if tokio::time::timeout(self.worker.pace.drain, &mut drained).await.is_err() {
            self.end_all(End::Lost);
            // Attempts end at their next await now; one that never awaits is left behind, and its writes are guarded.
            let _ = tokio::time::timeout(self.worker.pace.drain, drained).await;
        }
        let abort = settling.abort_handle();
        if tokio::time::timeout(self.worker.pace.drain, settling).await.is_err() {
            abort.abort();
        }
        if !is_lost && let Err(error) = lease::leave(&self.worker.app.db, &self.id).await {
            tracing::warn!("the worker's lock stays until it is found dead: {error:#}");
        }
    }

    fn end_all(&self, why: End) {
        self.end.send_replace(Some(why));
        for sender in self.running.lock().unwrap_or_else(PoisonError::into_inner).values() {
            sender.send_replace(Some(why));
        }
    }

    /// Keeps the lock; returns when it is lost.
    async fn beat(&self) {
        let (app, pace) = (&self.worker.app, &self.worker.pace);
        let mut ticks = tokio::time::interval(pace.beat);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut watch = lease::Watch::default();
        let mut trouble = Trouble::default();
        // Counted from before the write: others count from when they see it, which is later.
        let mut alive_at = Instant::now();
        loop {
            let give_up = pace.lease.mul_f64(2.0 / 3.0);
            let asked_at = Instant::now();
            let beat = async {
                ticks.tick().await;
                lease::beat(&app.db, app.clock.now(), &self.id).await
            };
            match tokio::time::timeout(give_up.saturating_sub(alive_at.elapsed()), beat).await {
                Ok(Ok(true)) => alive_at = asked_at,
                Ok(Ok(false)) => {
                    tracing::error!(worker = %self.id, "this worker was thought dead and its jobs taken over");
                    return;
                }
                Ok(Err(error)) => trouble.again("the worker's beat", &error.into()),
                Err(_) => {
                    tracing::error!(worker = %self.id, "the worker's lock couldn't be kept: its jobs are dropped");
                    return;
                }
            }
            let looked = async {
                for job in lease::cancelled(&app.db, &self.id).await? {
                    if let Some(one) = self.running.lock().unwrap_or_else(PoisonError::into_inner).get(&key(&job)) {
                        one.send_replace(Some(End::Cancelled));
                    }
                }
                settle::too_late(app).await?;
                watch.look(app, &self.id, pace.lease).await
            };
            match tokio::time::timeout(pace.beat, looked).await {
                Ok(Ok(_)) => trouble.over("the worker's beat"),
                Ok(Err(error)) => trouble.again("the worker's beat", &error),
                Err(_) => trouble.again("the worker's beat", &anyhow::anyhow!("the database is slow")),
            }
        }
    }

    /// Enqueues what schedules want.
    async fn schedule(&self) {
        let app = &self.worker.app;
        let mut ticker = Ticker::default();
        let mut trouble = Trouble::default();
        let mut ticks = tokio::time::interval(self.worker.pace.tick);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            match ticker.tick(&app.db, app.clock.now(), &self.worker.registry, app.mirror.is_up()).await {
                Ok(_) => trouble.over("schedules"),
                Err(error) => trouble.again("schedules", &error.into()),
            }
        }
    }

    fn has_ended(&self) -> bool {
        self.end.borrow().is_some() || self.worker.app.stopping.has_begun()
    }

    /// Claims and runs the jobs of a lane.
    async fn work(self: Arc<Self>, lane: Lane, ended: mpsc::UnboundedSender<Ended>) {
        let slots = self.worker.pace.slots(lane);
        let places = Arc::new(Semaphore::new(slots));
        let mut candidates = Candidates::default();
        let mut attempts = JoinSet::new();
        let mut trouble = Trouble::default();
        let mut end = self.end.subscribe();
        while !self.has_ended() {
            while attempts.try_join_next().is_some() {}
            let window = self.window(lane, slots);
            let wanted = window.saturating_sub(self.held(lane).load(Ordering::SeqCst));
            // A batch costs the same for one job as for two hundred: quick jobs are worth waiting for half a window.
            let worth = if window > slots { window.div_ceil(2) } else { 1 };
            if wanted < worth {
                tokio::select! {
                    () = self.settled[lane as usize].notified() => continue,
                    _ = end.changed() => continue,
                    () = tokio::time::sleep(self.worker.pace.poll) => {}
                }
                if wanted == 0 {
                    continue;
                }
            }
            match self.claim(lane, &mut candidates, wanted).await {
                Ok(claimed) if claimed.is_empty() => self.worker.pause(self.worker.pace.poll).await,
                Ok(claimed) => {
                    trouble.over("claiming jobs");
                    for job in claimed {
                        self.held(lane).fetch_add(1, Ordering::SeqCst);
                        attempts.spawn(self.clone().one(job, places.clone(), ended.clone()));
                    }
                }
                Err(error) => {
                    trouble.again("claiming jobs", &error.into());
                    self.worker.pause(self.worker.pace.poll * 4).await;
                }
            }
        }
        while attempts.join_next().await.is_some() {}
    }

    async fn claim(
        &self,
        lane: Lane,
        candidates: &mut Candidates,
        wanted: usize,
    ) -> mongodb::error::Result<Vec<QueuedJob>> {
        let app = &self.worker.app;
        let claimed = claim::claim(&app.db, app.clock.now(), &self.id, candidates, lane, wanted).await?;
        settle::begun(app, &claimed).await?;
        Ok(claimed)
    }

    fn held(&self, lane: Lane) -> &AtomicUsize {
        &self.held[lane as usize]
    }

    /// How many jobs are worth holding: as many as run at once, or as begin within half a second when they are quick.
    fn window(&self, lane: Lane, slots: usize) -> usize {
        const HALF_A_SECOND_US: u64 = 500_000;
        let usual = self.usual_us.load(Ordering::Relaxed).max(1);
        match lane {
            Lane::Long => slots,
            Lane::Short => {
                let soon = slots as u64 * (HALF_A_SECOND_US / usual);
                usize::try_from(soon).unwrap_or(usize::MAX).clamp(slots, 2 * BATCH)
            }
        }
    }

    /// Waits for a place, makes an attempt, hands its end on.
    async fn one(self: Arc<Self>, job: QueuedJob, places: Arc<Semaphore>, ended: mpsc::UnboundedSender<Ended>) {
        let run = {
            let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
            // Looked at under the lock, so that whoever ends all attempts finds this one here or has told it before.
            let end = watch::Sender::new(*self.end.borrow());
            let run = run_of(&self.worker.app, &self.id, &job, end.subscribe());
            running.insert(key(&job), end);
            run
        };
        let place = tokio::select! {
            biased;
            () = run.ended() => None,
            place = places.acquire_owned() => place.ok(),
        };
        let done = match place {
            Some(_place) if !self.worker.app.stopping.has_begun() => {
                let begun = Instant::now();
                let done = attempt(&self.worker.registry, job, run).await;
                self.learn(begun.elapsed());
                done
            }
            _ => Ended { job, run, outcome: Outcome::Released },
        };
        // The receiver outlives every attempt unless it was aborted, and then nobody needs the answer.
        let _ = ended.send(done);
    }

    fn learn(&self, took: Duration) {
        let took = u64::try_from(took.as_micros()).unwrap_or(u64::MAX).min(3_600_000_000);
        let before = self.usual_us.load(Ordering::Relaxed);
        self.usual_us.store((before * 7 + took) / 8, Ordering::Relaxed);
    }

    /// Puts ends on record as they come in, together; keeps trying while the lock is held.
    async fn settle(self: Arc<Self>, mut ended: mpsc::UnboundedReceiver<Ended>) {
        let mut trouble = Trouble::default();
        let mut batch = Vec::new();
        while ended.recv_many(&mut batch, BATCH).await > 0 {
            loop {
                match settle::settle(&self.worker.app, &self.worker.registry, &batch).await {
                    Ok(_) => {
                        trouble.over("recording ends of jobs");
                        break;
                    }
                    Err(error) => {
                        trouble.again("recording ends of jobs", &error);
                        if *self.end.borrow() == Some(End::Lost) {
                            return;
                        }
                        tokio::time::sleep(self.worker.pace.poll).await;
                    }
                }
            }
            let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
            for one in batch.drain(..) {
                running.remove(&key(&one.job));
                self.held(one.job.lane).fetch_sub(1, Ordering::SeqCst);
            }
            drop(running);
            for settled in &self.settled {
                settled.notify_one();
            }
        }
    }
}

/// Says a lasting trouble once, and when it is over.
#[derive(Default)]
struct Trouble {
    since: Option<Instant>,
}

impl Trouble {
    fn again(&mut self, what: &str, error: &anyhow::Error) {
        if self.since.is_none() {
            tracing::error!("{what}: {error:#}");
            self.since = Some(Instant::now());
        }
    }

    fn over(&mut self, what: &str) {
        if let Some(since) = self.since.take() {
            tracing::info!(seconds = since.elapsed().as_secs(), "{what}: well again");
        }
    }
}
