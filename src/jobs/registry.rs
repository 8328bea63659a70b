//! Which jobs there are, and which of them run by themselves.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::Context;
use bson::Bson;
use futures::future::BoxFuture;

use super::model::{Job, Lane};
use super::queue::QueuedJob;
use super::{Run, Timing, When};
use crate::adopt::state;
use crate::i18n::jobs as words;

/// Runs a job from its stored data.
type Start = fn(Bson, Run) -> BoxFuture<'static, anyhow::Result<()>>;

/// What the worker knows of a job type.
#[derive(Clone, Copy)]
pub(super) struct Handler {
    pub attempts: u32,
    pub longest: Duration,
    pub start: Start,
}

/// A job that runs by itself.
#[derive(Clone)]
pub struct Schedule {
    /// The job's name; a job has one schedule.
    pub job: &'static str,
    /// When.
    pub timing: Timing,
    pub(super) queued: fn(jiff::Timestamp) -> mongodb::error::Result<QueuedJob>,
    pub(super) lane: Lane,
    /// Whether it pauses while the live database is a mirror ([`Job::BUSINESS`]).
    pub is_business: bool,
}

/// Every job type by name, and the schedules.
#[derive(Clone, Default)]
pub struct Registry {
    handlers: HashMap<&'static str, Handler>,
    schedules: Vec<Schedule>,
}

impl Registry {
    /// Adds a job type.
    pub fn job<J: Job>(mut self) -> Self {
        let start: Start = |data, run| {
            Box::pin(async move {
                // The sign may be a few seconds old, and a job that runs once has no other occurrence.
                if J::BUSINESS && run.app.mirror.is_up() && state::is_mirroring(&run.app.db).await? {
                    run.result(words::PAUSED);
                    return Ok(());
                }
                let job: J = bson::deserialize_from_bson(data).context("the job's data can't be read")?;
                job.run(run).await
            })
        };
        let handler = Handler { attempts: J::ATTEMPTS.max(1), longest: J::LONGEST, start };
        let earlier = self.handlers.insert(J::NAME, handler);
        assert!(earlier.is_none(), "two jobs are called {}", J::NAME);
        self
    }

    /// Adds a job type that runs by a cron expression, in America/Asuncion. It has no data besides its name.
    ///
    /// # Panics
    /// When the expression is wrong: the list is written in the program.
    pub fn cron<J: Job + Default>(self, expression: &'static str) -> Self {
        let timing = Timing::cron(expression).unwrap_or_else(|error| panic!("{}: {error}", J::NAME));
        self.scheduled::<J>(timing)
    }

    /// Adds a job type that runs every so often, counted from 1970.
    pub fn every<J: Job + Default>(self, period: Duration) -> Self {
        self.scheduled::<J>(Timing::Every(period))
    }

    fn scheduled<J: Job + Default>(mut self, timing: Timing) -> Self {
        let queued = |now| QueuedJob::new(now, &J::default(), &When::default());
        self.schedules.push(Schedule { job: J::NAME, timing, queued, lane: Lane::of::<J>(), is_business: J::BUSINESS });
        self.job::<J>()
    }

    pub(super) fn handler(&self, job: &str) -> Option<Handler> {
        self.handlers.get(job).copied()
    }

    /// The schedules, as listed.
    pub fn schedules(&self) -> &[Schedule] {
        &self.schedules
    }

    /// The schedule of a job.
    pub fn schedule(&self, job: &str) -> Option<&Schedule> {
        self.schedules.iter().find(|schedule| schedule.job == job)
    }

    /// The names of all job types.
    pub fn names(&self) -> Vec<&'static str> {
        let mut names: Vec<_> = self.handlers.keys().copied().collect();
        names.sort_unstable();
        names
    }
}
