//! Storing deliveries: those that wait at the same moment share one insert, which is on a majority's disks before any of
//! them is answered. After each insert one job is asked for; a kill in between is made good by the schedule.

use std::collections::HashMap;
use std::sync::Arc;

use mongodb::Collection;
use mongodb::error::{Error, ErrorKind};
use mongodb::options::{Acknowledgment, CollectionOptions, WriteConcern};
use tokio::sync::{mpsc, oneshot};

use super::model::Delivery;
use super::process::Process;
use crate::app::Clock;
use crate::db::{Db, Stored};
use crate::jobs;

/// How many may wait; more wait for a place.
const WAITING: usize = 2048;
/// How many share one insert.
const TOGETHER: usize = 200;
/// What a unique index says.
const DUPLICATE_KEY: i32 = 11000;

/// What became of a delivery that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// It is stored.
    Stored,
    /// It was there already.
    Repeated,
}

type Result<T> = std::result::Result<T, Arc<Error>>;

/// A handle on the writer; it ends when the last handle is gone and the queue is empty.
#[derive(Clone, Debug)]
pub struct Writer(mpsc::Sender<Waiting>);

#[derive(Debug)]
struct Waiting {
    row: Delivery,
    answer: oneshot::Sender<Result<Written>>,
}

impl Writer {
    /// Starts the writer of this database.
    pub fn start(db: &Db, clock: Clock) -> Self {
        let (queue, waiting) = mpsc::channel(WAITING);
        tokio::spawn(write_all(db.clone(), clock, waiting));
        Self(queue)
    }

    /// Returns once the row is on a majority's disks, or was there before.
    pub async fn write(&self, row: Delivery) -> anyhow::Result<Written> {
        let (answer, answered) = oneshot::channel();
        let gone = || anyhow::anyhow!("the writer of deliveries is gone");
        self.0.send(Waiting { row, answer }).await.map_err(|_| gone())?;
        Ok(answered.await.map_err(|_| gone())??)
    }
}

/// The collection with the promise spelt out, whatever the client's own settings say.
fn durable(db: &Db) -> Collection<Delivery> {
    let promise = WriteConcern::builder().w(Acknowledgment::Majority).journal(true).build();
    let options = CollectionOptions::builder().write_concern(promise).build();
    db.live.collection_with_options(Delivery::COLLECTION, options)
}

async fn write_all(db: Db, clock: Clock, mut waiting: mpsc::Receiver<Waiting>) {
    let rows = durable(&db);
    let mut batch = Vec::new();
    while waiting.recv_many(&mut batch, TOGETHER).await > 0 {
        let (together, answers): (Vec<_>, Vec<_>) = batch.drain(..).map(|one| (one.row, one.answer)).unzip();
        let mut outcome = Outcome::of(rows.insert_many(&together).ordered(false).await.err());
        let mut is_any_new = false;
        for (index, answer) in answers.into_iter().enumerate() {
            let written = outcome.take(index);
            is_any_new |= matches!(written, Ok(Written::Stored));
            // Whoever stopped waiting doesn't need the answer; the row is written all the same.
            let _ = answer.send(written);
        }
        if is_any_new && let Err(error) = jobs::enqueue(&db, clock.now(), &Process {}, &Process::soon()).await {
            tracing::warn!("deliveries wait for the schedule, their job could not be asked for: {error}");
        }
    }
}

/// What an insert of many says of each.
#[derive(Default)]
struct Outcome {
    all: Option<Arc<Error>>,
    some: HashMap<usize, Result<Written>>,
}

impl Outcome {
    fn of(error: Option<Error>) -> Self {
        let Some(error) = error else { return Self::default() };
        let shared = Arc::new(error.clone());
        if let ErrorKind::InsertMany(many) = error.kind.as_ref()
            && many.write_concern_error.is_none()
            && let Some(errors) = &many.write_errors
        {
            let told = |code: i32| if code == DUPLICATE_KEY { Ok(Written::Repeated) } else { Err(shared.clone()) };
            return Self { all: None, some: errors.iter().map(|one| (one.index, told(one.code))).collect() };
        }
        Self { all: Some(shared), some: HashMap::new() }
    }

    fn take(&mut self, index: usize) -> Result<Written> {
        match &self.all {
            Some(error) => Err(error.clone()),
            None => self.some.remove(&index).unwrap_or(Ok(Written::Stored)),
        }
    }
}
