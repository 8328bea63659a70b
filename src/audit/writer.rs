//! The one writer: rows that wait at the same moment share one insert.
//!
//! While a write is on its way to a majority's disks, whoever records next waits in a bounded queue; the following write
//! takes all of them. Each gets the result of its own row.

use std::collections::HashMap;
use std::sync::Arc;

use mongodb::Collection;
use mongodb::error::{Error, ErrorKind};
use mongodb::options::{Acknowledgment, WriteConcern};
use tokio::sync::{mpsc, oneshot};

use super::model::Row;
use crate::db::{Db, Stored};
use crate::failure::Failure;

/// How many may wait; more wait for a place.
const WAITING: usize = 1024;
/// How many share one write.
const TOGETHER: usize = 500;

type Result<T> = std::result::Result<T, Arc<anyhow::Error>>;

/// A handle on the writer; it ends when the last handle is gone and the queue is empty.
#[derive(Clone, Debug)]
pub struct Writer {
    queue: mpsc::Sender<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    row: Row,
    answer: oneshot::Sender<Result<()>>,
}

impl Writer {
    /// Starts the writer of this database.
    pub fn start(db: &Db) -> Self {
        let (queue, waiting) = mpsc::channel(WAITING);
        tokio::spawn(write_all(durable(db), waiting));
        Self { queue }
    }

    /// Returns once the row is on a majority's disks.
    pub async fn write(&self, row: Row) -> std::result::Result<(), Failure> {
        let (answer, answered) = oneshot::channel();
        let gone = || Failure::from(anyhow::anyhow!("the audit writer is gone"));
        self.queue.send(Waiting { row, answer }).await.map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?.map_err(Failure::Fault)
    }
}

/// The collection with the promise spelt out, whatever the client's own settings say.
pub(super) fn durable(db: &Db) -> Collection<Row> {
    let promise = WriteConcern::builder().w(Acknowledgment::Majority).journal(true).build();
    let options = mongodb::options::CollectionOptions::builder().write_concern(promise).build();
    db.live.collection_with_options(Row::COLLECTION, options)
}

async fn write_all(rows: Collection<Row>, mut waiting: mpsc::Receiver<Waiting>) {
    let mut batch = Vec::new();
    while waiting.recv_many(&mut batch, TOGETHER).await > 0 {
        let (together, answers): (Vec<_>, Vec<_>) = batch.drain(..).map(|one| (one.row, one.answer)).unzip();
        let written = rows.insert_many(&together).ordered(false).await;
        let mut failed = written.err().map_or_else(Failed::default, Failed::of);
        for (index, answer) in answers.into_iter().enumerate() {
            // Whoever stopped waiting doesn't need the answer; the row is written all the same.
            let _ = answer.send(failed.take(index));
        }
    }
}

/// Which rows of a write failed, and why.
#[derive(Default)]
struct Failed {
    all: Option<Arc<anyhow::Error>>,
    some: HashMap<usize, Arc<anyhow::Error>>,
}

impl Failed {
    fn of(error: Error) -> Self {
        if let ErrorKind::InsertMany(many) = error.kind.as_ref()
            && many.write_concern_error.is_none()
            && let Some(write_errors) = &many.write_errors
        {
            let told = |message: &str| Arc::new(anyhow::anyhow!("recording in the audit log: {message}"));
            let some = write_errors.iter().map(|one| (one.index, told(&one.message))).collect();
            return Self { all: None, some };
        }
        Self {
            all: Some(Arc::new(anyhow::Error::from(error).context("recording in the audit log"))),
            some: HashMap::new(),
        }
    }

    fn take(&mut self, index: usize) -> Result<()> {
        match self.all.clone().or_else(|| self.some.remove(&index)) {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }
}
