//! The proof: every document is read back from the server and compared with what the dump held.
//!
//! Batches arrive raw and are hashed on another thread while the next one is on its way. When `H_set` differs, both sides
//! are read once more to name the documents: by their leaves, so in bounded memory.

use anyhow::Context as _;
use bson::{RawArray, RawDocumentBuf, doc};
use futures::StreamExt as _;
use mongodb::Collection;
use mongodb::error::Error;
use tokio::sync::mpsc;

use super::failure::{Cause, Difference};
use super::load::Form;
use super::progress::{Event, Progress, Stage};
use super::survey::{Surveyed, shown_id};
use crate::db::Db;
use crate::dump::hash::{Digest, Leaf, LeafDifference, LeafSet, StreamHash, difference, leaf};
use crate::dump::raw::elements;
use crate::dump::{Definition, Source, Step};
use crate::i18n::import as words;

/// Documents named per collection and side.
const NAMED: usize = 5;

/// What a collection is compared with.
pub struct Expected<'a> {
    /// Place in the dump.
    pub index: usize,
    /// Its definition.
    pub definition: &'a Definition,
    /// Name of the database on the server.
    pub database: &'a str,
    /// In which form its documents were written.
    pub form: Form,
    /// What the dump held.
    pub surveyed: &'a Surveyed,
}

/// What a collection holds on the server.
#[derive(Clone, Debug)]
pub struct Verified {
    /// Documents, bytes and `H_set` as read back.
    pub digest: Digest,
    /// Empty when that is exactly what the dump held.
    pub differences: Vec<Difference>,
}

/// Reads one collection back and compares.
pub async fn verify(
    db: &Db,
    source: &Source,
    expected: Expected<'_>,
    progress: &dyn Progress,
) -> Result<Verified, Cause> {
    let Expected { index, definition, database, form, surveyed } = expected;
    let namespace = format!("{database}.{}", definition.collection);
    let collection = db.client.database(database).collection::<RawDocumentBuf>(&form.name(definition));
    let total = surveyed.digest.documents;
    let found = read_back(&collection, surveyed.order.is_some(), |documents| {
        let total = Some(total);
        progress.report(&Event::Running { stage: Stage::Verify, namespace: &namespace, documents, total });
    })
    .await?;
    let order = found.order;
    let digest = blocking(move || Ok(found.set.finish()?)).await?;
    if digest == surveyed.digest {
        if order != surveyed.order {
            let differences = vec![Difference { namespace, id: None, what: words::ORDER.into() }];
            return Ok(Verified { digest, differences });
        }
        let (documents, bytes) = (digest.documents, digest.bytes);
        progress.report(&Event::Done { stage: Stage::Verify, namespace: &namespace, documents, bytes });
        return Ok(Verified { digest, differences: Vec::new() });
    }
    let what = words::digest_differs(&surveyed.digest, &digest);
    let mut differences = vec![Difference { namespace: namespace.clone(), id: None, what }];
    differences.extend(name_documents(&collection, source, index, &namespace).await?);
    Ok(Verified { digest, differences })
}

struct Found {
    set: LeafSet,
    order: Option<[u8; 32]>,
}

/// Streams a collection in natural order through the hasher.
async fn read_back(
    collection: &Collection<RawDocumentBuf>,
    ordered: bool,
    running: impl Fn(u64),
) -> Result<Found, Cause> {
    let mut cursor = collection.find(doc! {}).batch().await?;
    let first = cursor.next().await.transpose()?;
    let mut read = 0;
    let (sender, mut receiver) = mpsc::channel(1);
    // The driver doesn't name its batch type; the first batch tells the channel what it carries.
    if let Some(first) = first {
        read += documents(first.doc_slices()?)?.len() as u64;
        let _ = sender.try_send(first);
    }
    let hashing = tokio::task::spawn_blocking(move || -> anyhow::Result<Found> {
        let mut set = LeafSet::default();
        let mut order = ordered.then(StreamHash::default);
        while let Some(batch) = receiver.blocking_recv() {
            for document in documents(batch.doc_slices()?)? {
                set.push(document)?;
                if let Some(order) = &mut order {
                    order.push(document);
                }
            }
        }
        Ok(Found { set, order: order.map(StreamHash::finish) })
    });
    while let Some(batch) = cursor.next().await.transpose()? {
        read += documents(batch.doc_slices()?)?.len() as u64;
        if sender.send(batch).await.is_err() {
            break;
        }
        running(read);
    }
    drop(sender);
    Ok(hashing.await.context("hashing")??)
}

/// The documents of a batch as the server sent them.
pub(crate) fn documents(batch: &RawArray) -> Result<Vec<&[u8]>, Error> {
    let mut found = Vec::new();
    for element in elements(batch.as_bytes()) {
        let element = element.ok().and_then(|element| element.as_document());
        found.push(element.ok_or_else(|| Error::custom("a batch that is not made of documents"))?);
    }
    Ok(found)
}

/// Finds the documents that are on one side only.
async fn name_documents(
    collection: &Collection<RawDocumentBuf>,
    source: &Source,
    index: usize,
    namespace: &str,
) -> Result<Vec<Difference>, Cause> {
    let found = read_back(collection, false, |_| {}).await?;
    let from = source.clone();
    let LeafDifference { left, right } = blocking(move || {
        let mut expected = LeafSet::default();
        each_document(&from, index, |document| Ok(expected.push(document)?))?;
        Ok(difference(expected.sorted()?, found.set.sorted()?, NAMED)?)
    })
    .await?;
    let from = source.clone();
    let mut missing = blocking(move || {
        let mut missing = Vec::new();
        each_document(&from, index, |document| {
            note(&left, document, &mut missing);
            Ok(())
        })?;
        Ok(missing)
    })
    .await?;
    let mut added = Vec::new();
    let mut cursor = collection.find(doc! {}).batch().await?;
    while let Some(batch) = cursor.next().await {
        for document in documents(batch?.doc_slices()?)? {
            note(&right, document, &mut added);
        }
    }
    let changed: Vec<String> = missing.iter().filter(|id| added.contains(id)).cloned().collect();
    missing.retain(|id| !changed.contains(id));
    added.retain(|id| !changed.contains(id));
    let say = |ids: Vec<String>, what: &str| -> Vec<Difference> {
        let said = |id| Difference { namespace: namespace.into(), id: Some(id), what: what.into() };
        ids.into_iter().map(said).collect()
    };
    Ok([
        say(changed, words::DOCUMENT_CHANGED),
        say(missing, words::DOCUMENT_MISSING),
        say(added, words::DOCUMENT_ADDED),
    ]
    .concat())
}

fn note(leaves: &[Leaf], document: &[u8], ids: &mut Vec<String>) {
    if leaves.contains(&leaf(document)) && ids.len() < NAMED {
        ids.push(shown_id(document));
    }
}

fn each_document(
    source: &Source,
    wanted: usize,
    mut take: impl FnMut(&[u8]) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut reader = source.open()?;
    let mut buffer = Vec::new();
    loop {
        match reader.step(&mut buffer)? {
            Step::Document { index, .. } if index == wanted => take(&buffer)?,
            Step::Close { index } if index == wanted => return Ok(()),
            Step::End => return Ok(()),
            _ => {}
        }
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> anyhow::Result<T> + Send + 'static) -> Result<T, Cause> {
    Ok(tokio::task::spawn_blocking(work).await.context("comparing")??)
}
