//! Reads one side, whatever it is, and hands its documents as raw bytes to whoever takes them. Can be done again: the first
//! time to count and hash, the second time to fetch what is to be shown.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context as _, bail, ensure};
use tokio::sync::{mpsc, watch};

use super::live;
use super::side::{BadSide, Source, Stream};
use crate::backup::model::Progress;
use crate::dump::raw::elements;
use crate::dump::{Definition, Kind, Step};
use crate::i18n::backup::diff as words;

/// What takes a side in. Its calls come from one thread that may block; collections may be interleaved.
pub trait Taker: Send + 'static {
    /// A collection begins; a second time when it is read anew, and then what came before doesn't count.
    fn open(&mut self, index: usize, definition: &Definition) -> anyhow::Result<()>;
    /// One document of it.
    fn document(&mut self, index: usize, document: &[u8], offset: u64) -> anyhow::Result<()>;
    /// It was read to its end.
    fn close(&mut self, index: usize) -> anyhow::Result<()>;
}

/// Which collections of a side are read, and how.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// These; `None`: all.
    pub only: Option<BTreeSet<String>>,
    /// Time series of a server that are read as their buckets, because the other side holds buckets.
    pub as_buckets: BTreeSet<String>,
}

impl Wanted {
    /// Whether a collection is read.
    pub fn has(&self, name: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(name))
    }
}

/// Tells how far the reading is, and knows when nobody wants it any more. Both sides share one.
#[derive(Clone)]
pub struct Told {
    progress: watch::Sender<Progress>,
    stopped: Arc<AtomicBool>,
}

/// Ends the reading when it is dropped: whoever waited for the comparison has gone.
pub struct Waiting(Arc<AtomicBool>);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl Told {
    /// Progress goes to `progress`.
    pub fn new(progress: &watch::Sender<Progress>) -> (Self, Waiting) {
        let stopped = Arc::new(AtomicBool::new(false));
        (Self { progress: progress.clone(), stopped: stopped.clone() }, Waiting(stopped))
    }

    /// So many collections will be read on this side.
    pub fn listed(&self, namespaces: usize) {
        self.progress.send_modify(|told| told.namespaces += i32::try_from(namespaces).unwrap_or(i32::MAX));
    }

    /// Documents were read.
    pub fn read(&self, collection: &str, documents: u64, bytes: u64) -> anyhow::Result<()> {
        ensure!(!self.stopped.load(Ordering::Relaxed), "nobody waits for this comparison any more");
        self.progress.send_modify(|told| {
            told.documents += i64::try_from(documents).unwrap_or(i64::MAX);
            told.bytes += i64::try_from(bytes).unwrap_or(i64::MAX);
            if told.current != collection {
                collection.clone_into(&mut told.current);
            }
        });
        Ok(())
    }

    /// A collection is finished.
    pub fn done(&self) {
        self.progress.send_modify(|told| told.done += 1);
    }
}

/// What the live side sends to the thread that hashes.
pub(super) enum Message {
    Open(usize, Box<Definition>),
    /// A batch of the server: an array of documents.
    Batch(usize, Vec<u8>),
    Close(usize),
}

/// Reads a side. Gives back the taker and what is worth knowing about how it was read.
pub async fn read<T: Taker>(
    source: &Source,
    wanted: &Wanted,
    mut taker: T,
    told: &Told,
) -> anyhow::Result<(T, Vec<String>)> {
    match source {
        Source::Stream(stream) => {
            let (stream, wanted, told) = (stream.clone(), wanted.clone(), told.clone());
            let reading = tokio::task::spawn_blocking(move || {
                let notes = through(&stream, &wanted, &mut taker, &told)?;
                anyhow::Ok((taker, notes))
            });
            reading.await.context("reading a dump")?
        }
        Source::Live { database, .. } => {
            let (sender, receiver) = mpsc::channel(1);
            let taking = tokio::task::spawn_blocking(move || take_all(receiver, taker));
            let sent = live::send(database, wanted, &sender, told).await;
            drop(sender);
            // Where the taker failed, the sender only knows that nobody listens: the taker's own words come first.
            let taker = taking.await.context("taking in a database")??;
            Ok((taker, sent?))
        }
    }
}

fn take_all<T: Taker>(mut receiver: mpsc::Receiver<Message>, mut taker: T) -> anyhow::Result<T> {
    while let Some(message) = receiver.blocking_recv() {
        match message {
            Message::Open(index, definition) => taker.open(index, &definition)?,
            Message::Batch(index, batch) => {
                for element in elements(&batch) {
                    let document = element.ok().and_then(|element| element.as_document());
                    taker.document(index, document.context("a batch that is not made of documents")?, 0)?;
                }
            }
            Message::Close(index) => taker.close(index)?,
        }
    }
    Ok(taker)
}

/// Documents between two reports.
const REPORT_EVERY: u64 = 4096;

/// Streams a dump or backup. Everything of it is read to its end, so that damage anywhere is found.
fn through(stream: &Stream, wanted: &Wanted, taker: &mut dyn Taker, told: &Told) -> anyhow::Result<Vec<String>> {
    let mut reader = stream.open()?;
    let definitions = reader.overview().definitions.clone();
    let mut databases: Vec<_> = definitions.iter().map(|definition| definition.database.as_str()).collect();
    databases.sort_unstable();
    databases.dedup();
    databases.retain(|name| !name.is_empty());
    let of_it = |definition: &Definition| definition.database == stream.database && definition.kind != Kind::Oplog;
    let is_there = definitions.iter().any(of_it);
    ensure!(is_there, BadSide(words::not_in_it(&stream.database, &databases)));
    let wants: Vec<_> =
        definitions.iter().map(|definition| of_it(definition) && wanted.has(&definition.collection)).collect();
    told.listed(wants.iter().filter(|wants| **wants).count());
    let mut buffer = Vec::new();
    let (mut documents, mut bytes) = (0, 0);
    loop {
        match reader.step(&mut buffer)? {
            Step::Open { index } if wants[index] => taker.open(index, &definitions[index])?,
            Step::Document { index, offset } => {
                documents += 1;
                bytes += buffer.len() as u64;
                if documents == REPORT_EVERY {
                    told.read(&definitions[index].collection, documents, bytes)?;
                    (documents, bytes) = (0, 0);
                }
                if wants[index] {
                    taker.document(index, &buffer, offset)?;
                }
            }
            Step::Close { index } if wants[index] => {
                taker.close(index)?;
                told.done();
            }
            Step::Open { .. } | Step::Close { .. } => {}
            Step::End => break,
        }
    }
    told.read("", documents, bytes)?;
    let has_oplog = definitions.iter().any(|definition| definition.kind == Kind::Oplog);
    Ok(has_oplog.then(|| words::OPLOG_NOT_APPLIED.to_owned()).into_iter().collect())
}

/// A kind as a server or a dump names it.
pub(super) fn kind(name: &str, said: &str) -> anyhow::Result<Kind> {
    Ok(match said {
        "collection" | "" => Kind::Collection,
        "view" => Kind::View,
        "timeseries" => Kind::TimeSeries,
        other => bail!(words::unknown_kind(name, other)),
    })
}
