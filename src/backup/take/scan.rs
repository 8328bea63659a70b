//! Reads a namespace's documents as the server sends them into the spool, hashing them on their way.
//!
//! A batch is worked on by another thread while the next one is on its way; no more than two wait, so memory doesn't grow
//! with what is read.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use bson::{RawDocumentBuf, doc};
use futures::{Stream, StreamExt as _};
use mongodb::ClientSession;
use mongodb::error::Error;
use mongodb::options::ReadConcern;
use mongodb::raw_batch_cursor::RawBatch;
use tokio::sync::mpsc;

use super::list::Listed;
use super::report::Reporter;
use super::spool;
use super::sums::{Summing, Sums, id_bytes};
use super::trouble::Trouble;
use crate::db::Db;
use crate::dump::limits;
use crate::dump::raw::elements;

/// What was read of one namespace.
#[derive(Debug)]
pub struct Read {
    /// Which.
    pub listed: Listed,
    /// Its documents, unless it is a view.
    pub file: Option<PathBuf>,
    /// Those that count: a document read again later takes the place of its first reading.
    pub latest: Latest,
    /// What they add up to.
    pub sums: Sums,
    /// Documents too long for the format, as shown `_id` and length.
    pub too_long: Vec<(String, usize)>,
}

/// The generation in which each document that was read again stands. Empty when none was.
pub type Latest = std::collections::HashMap<super::watch::KeyDigest, u32>;

/// At which moment a cursor reads.
pub enum Moment<'s> {
    /// Inside this session's transaction, or at its snapshot.
    Session(&'s mut ClientSession),
    /// Whatever a majority has by the time it is read.
    Majority,
}

/// Reads one namespace to its end.
pub async fn read(
    db: &Db,
    listed: &Listed,
    moment: Moment<'_>,
    file: &Path,
    reporter: &Reporter,
) -> Result<Read, Trouble> {
    if !listed.has_documents() {
        let sums = Summing::new(false).finish()?;
        return Ok(Read { listed: listed.clone(), file: None, latest: Latest::new(), sums, too_long: Vec::new() });
    }
    let database = db.client.database(&listed.definition.database);
    let collection = database.collection::<RawDocumentBuf>(&listed.source);
    let sink = Sink::create(file, listed.has_ids())?;
    let namespace = listed.namespace();
    reporter.begin(&namespace);
    let running = |documents, bytes| reporter.running(&namespace, documents, bytes);
    // Natural order is that of a capped collection, and the cheapest of any other.
    let find = collection.find(doc! {}).no_cursor_timeout(false);
    let sink = match moment {
        Moment::Session(session) => {
            let mut cursor = find.session(&mut *session).batch().await?;
            pump(cursor.stream(session), sink, running).await?
        }
        Moment::Majority => pump(find.read_concern(ReadConcern::majority()).batch().await?, sink, running).await?,
    };
    let file = file.to_owned();
    let (sums, too_long) = blocking(move || sink.finish()).await?;
    reporter.finished(&namespace);
    Ok(Read { listed: listed.clone(), file: Some(file), latest: Latest::new(), sums, too_long })
}

/// The sums of a namespace at a moment, without keeping its documents.
pub async fn sums_of(db: &Db, listed: &Listed, moment: Moment<'_>) -> Result<Sums, Trouble> {
    let database = db.client.database(&listed.definition.database);
    let collection = database.collection::<RawDocumentBuf>(&listed.source);
    let find = collection.find(doc! {});
    let sink = Sink { spool: None, sums: Summing::new(false), too_long: Vec::new() };
    let sink = match moment {
        Moment::Session(session) => {
            let mut cursor = find.session(&mut *session).batch().await?;
            pump(cursor.stream(session), sink, |_, _| {}).await?
        }
        Moment::Majority => pump(find.read_concern(ReadConcern::majority()).batch().await?, sink, |_, _| {}).await?,
    };
    Ok(blocking(move || sink.finish()).await?.0)
}

/// Moves every batch of a cursor to the sink, on another thread. Ends with an error unless the cursor was exhausted.
async fn pump(
    mut batches: impl Stream<Item = Result<RawBatch, Error>> + Unpin,
    mut sink: Sink,
    mut running: impl FnMut(u64, u64),
) -> Result<Sink, Trouble> {
    let (sender, mut receiver) = mpsc::channel::<RawBatch>(1);
    let working = tokio::task::spawn_blocking(move || -> anyhow::Result<Sink> {
        while let Some(batch) = receiver.blocking_recv() {
            for document in documents(&batch)? {
                sink.push(document?)?;
            }
        }
        Ok(sink)
    });
    while let Some(batch) = batches.next().await {
        let batch = batch?;
        let (count, bytes) = documents(&batch)?
            .map_while(Result::ok)
            .fold((0, 0), |(count, bytes), document| (count + 1, bytes + document.len() as u64));
        if sender.send(batch).await.is_err() {
            // The other side ended early: its error says why.
            break;
        }
        running(count, bytes);
    }
    drop(sender);
    Ok(working.await.context("the spool's thread")??)
}

/// The documents of a batch as the server sent them.
pub fn documents(batch: &RawBatch) -> Result<impl Iterator<Item = anyhow::Result<&[u8]>>, Error> {
    let array = batch.doc_slices()?.as_bytes();
    Ok(elements(array).map(|element| {
        let document = element.ok().and_then(|element| element.as_document());
        document.context("a batch that is not made of documents")
    }))
}

/// Takes documents in.
struct Sink {
    spool: Option<spool::Writer>,
    sums: Summing,
    too_long: Vec<(String, usize)>,
}

impl Sink {
    fn create(file: &Path, has_ids: bool) -> std::io::Result<Self> {
        Ok(Self { spool: Some(spool::Writer::create(file)?), sums: Summing::new(has_ids), too_long: Vec::new() })
    }

    fn push(&mut self, document: &[u8]) -> anyhow::Result<()> {
        if document.len() > limits::DOCUMENT_BYTES {
            self.too_long.push((hex::encode(id_bytes(document).unwrap_or_default()), document.len()));
            return Ok(());
        }
        if let Some(spool) = &mut self.spool {
            spool.push(document)?;
        }
        Ok(self.sums.push(document)?)
    }

    fn finish(self) -> anyhow::Result<(Sums, Vec<(String, usize)>)> {
        if let Some(spool) = self.spool {
            spool.finish()?;
        }
        Ok((self.sums.finish()?, self.too_long))
    }
}

/// Work on files and hashes, away from the runtime's threads.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
) -> anyhow::Result<T> {
    tokio::task::spawn_blocking(work).await.context("the spool's thread")?
}
