//! The change stream between two listings: changes of definitions break the fence, changes of documents are remembered.
//!
//! The stream is opened at the time of a write of our own, before anything is listed, and read until it shows another one:
//! what lies between is complete, whatever the server says about times.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use bson::{Document, RawDocumentBuf, doc};
use mongodb::change_stream::ChangeStream;
use sha2::{Digest as _, Sha256};
use tokio::sync::watch as channel;
use tokio::task::JoinHandle;

use super::list::{Listing, excluded_database};
use super::trouble::Trouble;
use crate::db::Db;
use crate::dump::raw::{self, elements};
use crate::i18n::backup::take as words;

/// Where our own writes go: a collection of the operations database, emptied afterwards.
const MARKS: &str = "backup_marks";
/// How long the server holds an answer back when there is nothing to tell.
const AWAIT: Duration = Duration::from_millis(200);

/// An `_id` as type byte and value.
pub type Key = (u8, Vec<u8>);
/// SHA-256 of a key.
pub type KeyDigest = [u8; 32];

/// What tells two `_id`s apart.
pub fn key_digest(kind: u8, value: &[u8]) -> KeyDigest {
    let mut hasher = Sha256::new();
    hasher.update([kind]);
    hasher.update(value);
    hasher.finalize().into()
}

/// What the stream has shown so far.
#[derive(Debug, Default)]
pub struct Seen {
    /// The first change of a definition: namespace and kind of event.
    pub definition: Option<(String, String)>,
    /// Changes of documents in included namespaces.
    pub changes: u64,
    /// Documents changed and not read again yet, for each included namespace.
    pub pending: Vec<HashMap<KeyDigest, Key>>,
    /// How many those are.
    pub held: usize,
    /// There are more than may be held; the rest was not kept.
    pub is_full: bool,
    /// The newest of our own writes.
    mark: Option<String>,
    /// The stream ended.
    broken: Option<String>,
}

/// An open stream nobody reads yet.
pub struct Opened {
    stream: ChangeStream<RawDocumentBuf>,
    run: String,
    takes_all: bool,
}

/// A stream being read. Ends when it is dropped.
pub struct Watch {
    seen: Arc<Mutex<Seen>>,
    news: channel::Receiver<u64>,
    task: JoinHandle<()>,
    run: String,
    marks: u32,
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Opens the stream at the time of a write of our own.
pub async fn open(db: &Db, wanted: Option<&[String]>) -> Result<Opened, mongodb::error::Error> {
    let run = uuid::Uuid::new_v4().simple().to_string();
    let mut session = db.client.start_session().await?;
    marks(db).insert_one(doc! { "_id": format!("{run}/0") }).session(&mut session).await?;
    let since = session.operation_time();
    let mut pipeline = Vec::new();
    if let Some(wanted) = wanted {
        let ours = doc! { "ns.db": &db.ops, "ns.coll": MARKS };
        let any = vec![doc! { "ns.db": { "$in": wanted } }, doc! { "to.db": { "$in": wanted } }, ours];
        pipeline.push(doc! { "$match": { "$or": any } });
    }
    // Without the documents themselves: two of 16 MiB don't fit into one event.
    pipeline.push(doc! { "$project": { "operationType": 1, "ns": 1, "to": 1, "documentKey": 1, "clusterTime": 1 } });
    let mut watch = db.client.watch().pipeline(pipeline).show_expanded_events(true).max_await_time(AWAIT);
    if let Some(since) = since {
        watch = watch.start_at_operation_time(since);
    }
    let stream = watch.await?.with_type::<RawDocumentBuf>();
    Ok(Opened { stream, run, takes_all: wanted.is_none() })
}

fn marks(db: &Db) -> mongodb::Collection<Document> {
    db.operations().live.collection(MARKS)
}

impl Opened {
    /// Gives it up and removes our own write.
    pub async fn clean(self, db: &Db) {
        clean(db, &self.run).await;
    }

    /// Reads it from now on. `keeps` is how many changed documents are remembered, none if that isn't wanted.
    pub fn follow(self, db: &Db, listing: &Listing, keeps: Option<usize>) -> Watch {
        let places = listing.included.iter().enumerate();
        let places: HashMap<_, _> = places
            .map(|(place, listed)| ((listed.definition.database.clone(), listed.definition.collection.clone()), place))
            .collect();
        let pending = listing.included.iter().map(|_| HashMap::new()).collect();
        let seen = Arc::new(Mutex::new(Seen { pending, ..Seen::default() }));
        let (sender, news) = channel::channel(0);
        let (databases, takes_all) = (listing.databases.clone(), self.takes_all);
        let reader = Reading { db: db.clone(), databases, takes_all, places, keeps, run: self.run.clone() };
        let task = tokio::spawn(reader.run(self.stream, seen.clone(), sender));
        Watch { seen, news, task, run: self.run, marks: 0 }
    }
}

impl Watch {
    /// Everything up to now has been seen when this returns.
    pub async fn drain(&mut self, db: &Db, patience: Duration) -> Result<(), Trouble> {
        self.marks += 1;
        let mark = format!("{}/{}", self.run, self.marks);
        marks(db).insert_one(doc! { "_id": &mark }).await?;
        let seen = self.seen.clone();
        let arrived = self.news.wait_for(|_| {
            let seen = lock(&seen);
            seen.broken.is_some() || seen.mark.as_deref() == Some(mark.as_str())
        });
        match tokio::time::timeout(patience, arrived).await {
            Ok(Ok(_)) => {}
            Ok(Err(_)) => return Err(Trouble::Fault(anyhow::anyhow!(words::STREAM_ENDED))),
            Err(_) => return Err(Trouble::Fault(anyhow::anyhow!(words::STREAM_SILENT))),
        }
        match &lock(&self.seen).broken {
            Some(broken) => Err(Trouble::Fault(anyhow::anyhow!(words::stream_broken(broken)))),
            None => Ok(()),
        }
    }

    /// What was seen so far.
    pub fn seen(&self) -> MutexGuard<'_, Seen> {
        lock(&self.seen)
    }

    /// The documents changed and not read again, which are from now on somebody else's; `None` if they were too many.
    pub fn take_pending(&mut self) -> Option<Vec<HashMap<KeyDigest, Key>>> {
        let mut seen = self.seen();
        let pending = seen.pending.iter_mut().map(std::mem::take).collect();
        seen.held = 0;
        (!seen.is_full).then_some(pending)
    }

    /// Gives them back: they are still to be read.
    pub fn put_back(&mut self, pending: Vec<HashMap<KeyDigest, Key>>) {
        let mut seen = self.seen();
        for (place, keys) in pending.into_iter().enumerate() {
            seen.pending[place].extend(keys);
        }
        seen.held = seen.pending.iter().map(HashMap::len).sum();
    }

    /// Ends it and removes our own writes.
    pub async fn clean(self, db: &Db) {
        clean(db, &self.run).await;
    }
}

/// Removes the writes of one run. `0` follows `/` among the characters. What stays behind if this fails is a few bytes
/// outside of every backup.
async fn clean(db: &Db, run: &str) {
    let own = doc! { "$gte": format!("{run}/"), "$lt": format!("{run}0") };
    let _ = marks(db).delete_many(doc! { "_id": own }).await;
}

fn lock(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// The reading side.
struct Reading {
    db: Db,
    databases: Vec<String>,
    takes_all: bool,
    places: HashMap<(String, String), usize>,
    keeps: Option<usize>,
    run: String,
}

impl Reading {
    async fn run(self, mut stream: ChangeStream<RawDocumentBuf>, seen: Arc<Mutex<Seen>>, news: channel::Sender<u64>) {
        loop {
            let event = match futures::StreamExt::next(&mut stream).await {
                Some(Ok(event)) => event,
                Some(Err(error)) => {
                    lock(&seen).broken = Some(error.to_string());
                    news.send_modify(|count| *count += 1);
                    return;
                }
                None => {
                    lock(&seen).broken = Some(words::STREAM_ENDED.into());
                    news.send_modify(|count| *count += 1);
                    return;
                }
            };
            if self.take_in(event.as_bytes(), &mut lock(&seen)) {
                news.send_modify(|count| *count += 1);
            }
        }
    }

    /// Gives whether it was a write of our own.
    fn take_in(&self, event: &[u8], seen: &mut Seen) -> bool {
        let mut kind = "";
        let (mut from, mut to, mut key) = (None, None, None);
        for element in elements(event).map_while(Result::ok) {
            match element.key {
                b"operationType" => kind = element.as_str().unwrap_or(""),
                b"ns" => from = element.as_document().map(namespace),
                b"to" => to = element.as_document().map(namespace),
                b"documentKey" => key = element.as_document().and_then(|key| raw::find(key, "_id")),
                _ => {}
            }
        }
        let (database, collection) = from.clone().unwrap_or_default();
        if database == self.db.ops {
            let mark = key.and_then(|key| key.as_str().map(str::to_owned));
            let is_ours = mark.as_ref().is_some_and(|mark| mark.starts_with(&self.run));
            if is_ours && kind == "insert" {
                seen.mark = mark;
            }
            return is_ours;
        }
        match kind {
            "insert" | "update" | "replace" | "delete" => {
                let Some(place) = self.places.get(&(database, collection)) else { return false };
                seen.changes += 1;
                if let (Some(keeps), Some(key)) = (self.keeps, key)
                    && !seen.is_full
                {
                    let pending = &mut seen.pending[*place];
                    let is_new =
                        pending.insert(key_digest(key.kind, key.value), (key.kind, key.value.to_vec())).is_none();
                    seen.held += usize::from(is_new);
                    seen.is_full = seen.held > keeps;
                }
            }
            // Everything else changes definitions, or is unknown, which is worse.
            _ => {
                let touches = |name: &Option<(String, String)>| {
                    name.as_ref().is_some_and(|(database, _)| self.concerns(database))
                };
                if (touches(&from) || touches(&to) || from.is_none()) && seen.definition.is_none() {
                    let name = if collection.is_empty() { database } else { format!("{database}.{collection}") };
                    seen.definition = Some((name, kind.to_owned()));
                }
            }
        }
        false
    }

    /// Whether a database is part of the backup, or would be if it came to exist.
    fn concerns(&self, database: &str) -> bool {
        self.databases.iter().any(|known| known == database)
            || (self.takes_all && excluded_database(&self.db, database).is_none())
    }
}

fn namespace(of: &[u8]) -> (String, String) {
    let text = |name| raw::find(of, name).and_then(|e| e.as_str().map(str::to_owned)).unwrap_or_default();
    (text("db"), text("coll"))
}
