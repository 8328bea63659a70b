//! Second pass: reads the dump again and inserts its documents.
//!
//! A thread reads and gathers batches while the previous batch is being inserted. Documents go out as an OP_MSG document
//! sequence, the only path of the driver that changes no byte. Documents with a top-level `Timestamp(0, 0)` go alone, in a
//! command that tells the server to keep it; the verification sees whether it did.

use anyhow::Context as _;
use bson::RawDocumentBuf;
use futures::future::BoxFuture;
use mongodb::error::{Error, ErrorKind};
use tokio::sync::mpsc;

use super::failure::{Cause, Difference};
use super::plan::Plan;
use super::progress::{Event, Progress, Stage};
use super::survey::{Survey, shown_id};
use crate::db::Db;
use crate::dump::raw::{self, Builder, elements, kind};
use crate::dump::{Definition, DumpError, Kind, Place, Problem, Source, Step};
use crate::i18n::import as words;

/// Most bytes gathered before a batch goes out; with the batch under way and the driver's copies this bounds memory.
const BATCH_BYTES: usize = 8 * 1024 * 1024;
/// Most documents of a batch.
const BATCH_DOCUMENTS: usize = 10_000;

enum Message {
    Batch { index: usize, form: Form, documents: Vec<RawDocumentBuf> },
    EmptyTimestamp { index: usize, form: Form, document: RawDocumentBuf },
    Close { index: usize },
}

/// In which form the documents of a namespace are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// As people read and write them; measurements, in a time series.
    #[default]
    Documents,
    /// The blocks a server keeps a time series in.
    Buckets,
}

impl Form {
    fn of(definition: &Definition, document: &[u8]) -> Self {
        let is_inner =
            |name| raw::find(document, name).is_some_and(|element: raw::Element<'_>| element.kind == kind::DOCUMENT);
        match definition.kind {
            Kind::TimeSeries if is_inner("control") && is_inner("data") => Self::Buckets,
            _ => Self::Documents,
        }
    }

    /// The name documents of this form are written and read under.
    pub fn name(self, definition: &Definition) -> String {
        match self {
            Self::Documents => definition.collection.clone(),
            Self::Buckets => format!("system.buckets.{}", definition.collection),
        }
    }
}

/// What went into one namespace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Documents sent, each of them confirmed by the server.
    pub documents: u64,
    /// In which form.
    pub form: Form,
}

/// Told when all documents of a namespace are in, before those of the next one go out.
pub trait Closing: Send + Sync {
    /// The namespace at this place is complete.
    fn closed(&self, index: usize, loaded: Loaded) -> BoxFuture<'_, Result<(), Cause>>;
}

/// Inserts everything the plan says, in the order of the dump, and says what went into each namespace.
pub async fn load(
    db: &Db,
    source: &Source,
    plan: &Plan,
    survey: &Survey,
    progress: &dyn Progress,
    closing: Option<&dyn Closing>,
) -> Result<Vec<Loaded>, Cause> {
    let (sender, mut receiver) = mpsc::channel(1);
    let reading = {
        let source = source.clone();
        let wanted: Vec<bool> = (0..plan.decisions.len()).map(|index| plan.loads().any(|(i, ..)| i == index)).collect();
        tokio::task::spawn_blocking(move || read(&source, &wanted, &sender))
    };
    let targets: Vec<Option<(&Definition, &str)>> = {
        let mut targets = vec![None; plan.decisions.len()];
        for (index, definition, database) in plan.loads() {
            targets[index] = Some((definition, database));
        }
        targets
    };
    let mut loaded = vec![Loaded::default(); targets.len()];
    while let Some(message) = receiver.recv().await {
        let (Message::Batch { index, .. } | Message::EmptyTimestamp { index, .. } | Message::Close { index }) =
            &message;
        let index = *index;
        let Some((definition, database)) = targets[index] else { continue };
        let namespace = format!("{database}.{}", definition.collection);
        match message {
            Message::Batch { documents, form, .. } => {
                let name = form.name(definition);
                let count = documents.len() as u64;
                let collection = db.client.database(database).collection::<RawDocumentBuf>(&name);
                let inserted = collection.insert_many(&documents).ordered(true).bypass_document_validation(true).await;
                let inserted = inserted.map_err(|error| refused(error, &namespace, &documents))?;
                if inserted.inserted_ids.len() as u64 != count {
                    return Err(Cause::Fault(anyhow::anyhow!("{}", words::short_insert(&namespace))));
                }
                loaded[index] = Loaded { documents: loaded[index].documents + count, form };
            }
            Message::EmptyTimestamp { document, form, .. } => {
                let name = form.name(definition);
                insert_keeping_timestamp(db, database, &name, &document)
                    .await
                    .map_err(|error| refused(error, &namespace, std::slice::from_ref(&document)))?;
                loaded[index] = Loaded { documents: loaded[index].documents + 1, form };
            }
            Message::Close { .. } => {
                let bytes = survey.namespaces[index].digest.bytes;
                let documents = loaded[index].documents;
                progress.report(&Event::Done { stage: Stage::Load, namespace: &namespace, documents, bytes });
                if let Some(closing) = closing {
                    closing.closed(index, loaded[index]).await?;
                }
                continue;
            }
        }
        let total = Some(survey.namespaces[index].digest.documents);
        let documents = loaded[index].documents;
        progress.report(&Event::Running { stage: Stage::Load, namespace: &namespace, documents, total });
    }
    reading.await.context("reading the dump")??;
    Ok(loaded)
}

#[derive(Default)]
struct Gathered {
    form: Form,
    documents: Vec<RawDocumentBuf>,
    bytes: usize,
}

/// The reading side. Ends quietly when nobody listens any more.
fn read(source: &Source, wanted: &[bool], sender: &mpsc::Sender<Message>) -> Result<(), DumpError> {
    let mut reader = source.open()?;
    let mut open: std::collections::BTreeMap<usize, Gathered> = std::collections::BTreeMap::new();
    let mut total = 0;
    let mut buffer = Vec::new();
    let definitions = reader.overview().definitions.clone();
    loop {
        let sent = match reader.step(&mut buffer)? {
            Step::Document { index, offset } if wanted.get(index) == Some(&true) => {
                let document = RawDocumentBuf::from_bytes(buffer.clone()).map_err(|_| DumpError {
                    place: Place { offset: Some(offset), ..Place::default() },
                    problem: Problem::Unclosed,
                })?;
                let form = Form::of(&definitions[index], &buffer);
                if has_empty_timestamp(&buffer) {
                    // Order is data in a capped collection: what came before goes out first.
                    let before = open.remove(&index).unwrap_or_default();
                    total -= before.bytes;
                    send(sender, index, before)
                        .and_then(|()| sender.blocking_send(Message::EmptyTimestamp { index, form, document }).ok())
                } else {
                    let gathered = open.entry(index).or_default();
                    gathered.form = form;
                    gathered.bytes += buffer.len();
                    total += buffer.len();
                    gathered.documents.push(document);
                    if total < BATCH_BYTES && gathered.documents.len() < BATCH_DOCUMENTS {
                        continue;
                    }
                    let full =
                        open.iter().max_by_key(|(_, gathered)| gathered.bytes).map_or(index, |(index, _)| *index);
                    let full = if total < BATCH_BYTES { index } else { full };
                    let batch = open.remove(&full).unwrap_or_default();
                    total -= batch.bytes;
                    send(sender, full, batch)
                }
            }
            Step::Close { index } => {
                let batch = open.remove(&index).unwrap_or_default();
                total -= batch.bytes;
                send(sender, index, batch).and_then(|()| sender.blocking_send(Message::Close { index }).ok())
            }
            Step::Open { .. } | Step::Document { .. } => continue,
            Step::End => return Ok(()),
        };
        if sent.is_none() {
            return Ok(());
        }
    }
}

fn send(sender: &mpsc::Sender<Message>, index: usize, batch: Gathered) -> Option<()> {
    if batch.documents.is_empty() {
        return Some(());
    }
    sender.blocking_send(Message::Batch { index, form: batch.form, documents: batch.documents }).ok()
}

fn has_empty_timestamp(document: &[u8]) -> bool {
    elements(document)
        .map_while(Result::ok)
        .any(|element| element.kind == kind::TIMESTAMP && element.value == [0; 8] && element.key != b"_id")
}

/// Inserts one document in a command that keeps empty timestamps. A server too old to know the field gets it the plain way.
async fn insert_keeping_timestamp(db: &Db, database: &str, name: &str, document: &RawDocumentBuf) -> Result<(), Error> {
    let mut documents = Builder::new();
    documents.document("0", document.as_bytes());
    let mut insert = Builder::new();
    insert.string("insert", name).array("documents", &documents.finish());
    insert.boolean("bypassDocumentValidation", true).boolean("bypassEmptyTsReplacement", true);
    let majority = Builder::new().string("w", "majority").boolean("j", true).clone().finish();
    insert.document("writeConcern", &majority);
    let insert = RawDocumentBuf::from_bytes(insert.finish()).map_err(Error::custom)?;
    let database = db.client.database(database);
    let answer = match database.run_raw_command(insert).await {
        // 40415, 9: an unknown field of the command.
        Err(error) if matches!(error.kind.as_ref(), ErrorKind::Command(c) if matches!(c.code, 9 | 40415)) => {
            let collection = database.collection::<RawDocumentBuf>(name);
            return collection.insert_one(document).bypass_document_validation(true).await.map(drop);
        }
        answer => answer?,
    };
    let refused = answer.get_array("writeErrors").ok().and_then(|errors| errors.first()?.as_document());
    // Written and not confirmed by a majority isn't written.
    match refused.or(answer.get_document("writeConcernError").ok()) {
        Some(error) => Err(Error::custom(error.get_str("errmsg").unwrap_or_default().to_owned())),
        None => Ok(()),
    }
}

/// Names the document the server refused.
fn refused(error: Error, namespace: &str, documents: &[RawDocumentBuf]) -> Cause {
    let (place, message) = match error.kind.as_ref() {
        ErrorKind::InsertMany(many) => match many.write_errors.as_ref().and_then(|errors| errors.first()) {
            Some(first) => (Some(first.index), first.message.clone()),
            None => (None, error.to_string()),
        },
        ErrorKind::Custom(said) if documents.len() == 1 => {
            (Some(0), said.downcast_ref::<String>().cloned().unwrap_or_else(|| error.to_string()))
        }
        _ => return Cause::Fault(anyhow::Error::from(error).context(words::inserting(namespace))),
    };
    let id = place.and_then(|place| documents.get(place)).map(|document| shown_id(document.as_bytes()));
    Cause::Different(vec![Difference { namespace: namespace.into(), id, what: words::not_inserted(&message) }])
}
