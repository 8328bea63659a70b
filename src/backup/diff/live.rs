//! A database of the connected server as a side.
//!
//! Small collections are read in a snapshot transaction of their own, so that each is what it was at one moment; large
//! ones by a plain cursor, because a transaction ends after a minute, and so is one whose transaction the server ended. Either way two collections are not of the same
//! moment, and the report says so: who wants one moment compares with a backup.

use anyhow::Context as _;
use bson::{RawDocumentBuf, doc};
use futures::{Stream, StreamExt as _};
use mongodb::options::ReadConcern;
use mongodb::raw_batch_cursor::RawBatch;
use mongodb::{Collection, Database};
use tokio::sync::mpsc;

use super::read::{Message, Told, Wanted, kind};
use crate::dump::raw::elements;
use crate::dump::{Definition, Kind};
use crate::i18n::backup::diff as words;
use crate::import::catalogue;

/// Most documents of a collection that is read in a transaction.
const IN_TRANSACTION: u64 = 50_000;
/// What the server keeps for itself: definitions and layout that are compared as what they describe.
const LAYOUT: [&str; 2] = ["system.views", "system.profile"];

/// Sends everything wanted of a database; says how it was read.
pub(super) async fn send(
    database: &Database,
    wanted: &Wanted,
    sender: &mpsc::Sender<Message>,
    told: &Told,
) -> anyhow::Result<Vec<String>> {
    let mut listed = catalogue::namespaces(database).await?;
    listed.retain(|listed| {
        let is_layout = listed.name.starts_with("system.buckets.") || LAYOUT.contains(&listed.name.as_str());
        !is_layout && wanted.has(&listed.name)
    });
    listed.sort_by(|a, b| a.name.cmp(&b.name));
    told.listed(listed.len());
    let (mut in_transaction, mut by_cursor) = (0, 0);
    for (index, listed) in listed.into_iter().enumerate() {
        let kind = kind(&listed.name, &listed.kind)?;
        let indexes = match kind {
            Kind::View => None,
            _ => Some(catalogue::indexes(database, &listed.name).await?),
        };
        let definition = Definition {
            database: database.name().to_owned(),
            collection: listed.name,
            kind,
            metadata: String::new(),
            options: listed.options,
            indexes,
            uuid: None,
            unknown: Vec::new(),
        };
        let is_ordinary = kind == Kind::Collection && !definition.is_capped();
        let as_buckets = wanted.as_buckets.contains(&definition.collection);
        let data = if as_buckets {
            format!("system.buckets.{}", definition.collection)
        } else {
            definition.collection.clone()
        };
        let name = definition.collection.clone();
        let mut sending = Sending { index, name: &name, sender, told };
        let open = || Message::Open(index, Box::new(definition.clone()));
        sending.send(open()).await?;
        if kind != Kind::View {
            let collection = database.collection::<RawDocumentBuf>(&data);
            let is_small = is_ordinary && collection.estimated_document_count().await? <= IN_TRANSACTION;
            if is_small && sending.transaction(&collection).await? {
                in_transaction += 1;
            } else {
                if is_small {
                    // What came before the transaction ended is forgotten: the collection begins anew.
                    sending.send(open()).await?;
                }
                sending.batches(collection.find(doc! {}).batch().await?).await?;
                by_cursor += 1;
            }
        }
        sending.send(Message::Close(index)).await?;
        told.done();
    }
    Ok(vec![words::read_live(in_transaction, by_cursor)])
}

struct Sending<'a> {
    index: usize,
    name: &'a str,
    sender: &'a mpsc::Sender<Message>,
    told: &'a Told,
}

impl Sending<'_> {
    async fn send(&mut self, message: Message) -> anyhow::Result<()> {
        self.sender.send(message).await.ok().context("nobody takes this side in any more")
    }

    /// One snapshot for the whole collection; `false` when the server wouldn't.
    async fn transaction(&mut self, collection: &Collection<RawDocumentBuf>) -> anyhow::Result<bool> {
        let sent = async {
            let mut session = collection.client().start_session().await?;
            session.start_transaction().read_concern(ReadConcern::snapshot()).await?;
            let mut cursor = collection.find(doc! {}).session(&mut session).batch().await?;
            self.batches(cursor.stream(&mut session)).await?;
            // Nothing was written: what ends it is only freed.
            anyhow::Ok(session.abort_transaction().await?)
        };
        match sent.await {
            Ok(()) => Ok(true),
            Err(error) if error.is::<mongodb::error::Error>() => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn batches(&mut self, batches: impl Stream<Item = mongodb::error::Result<RawBatch>>) -> anyhow::Result<()> {
        let mut batches = std::pin::pin!(batches);
        while let Some(batch) = batches.next().await {
            // Copied, so that the server's whole reply isn't held while the next one is on its way.
            let bytes = batch?.doc_slices()?.as_bytes().to_vec();
            self.told.read(self.name, elements(&bytes).count() as u64, bytes.len() as u64)?;
            self.send(Message::Batch(self.index, bytes)).await?;
        }
        Ok(())
    }
}
