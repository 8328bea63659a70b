//! The handle that can only read.
//!
//! [`ReadOnlyDb`] has its own connection, with its own user when `MONGODB_READONLY_URI` is given, so that the server
//! enforces what the program promises. The promise holds without it too: the driver's client is private to this module, and
//! every command passes `guard::admit` in `ReadOnlyDb::dispatch`, the only place that talks to the server. There is no
//! method that writes, and none that hands the client out.
//!
//! Every command carries `maxTimeMS`, goes to a secondary where there is one, and may not spill to disk. Results are raw
//! BSON: what is shown, hashed or exported is byte for byte what is stored.
//!
//! Not covered: the definition of a view is the server's, so reading a view that somebody built on `$function` runs it.

mod error;
mod guard;

use std::{future::Future, time::Duration};

use bson::{Document, RawDocumentBuf, doc};
use futures::{Stream, StreamExt};
use mongodb::{
    Client, Database,
    event::{EventHandler, command::CommandEvent},
    options::{ReadPreference, SelectionCriteria},
    raw_batch_cursor::{RawBatch, RawBatchCursor},
};

pub use error::ReadError;
pub use guard::{COMMANDS, FORBIDDEN_OPERATORS, STAGES};

use super::{ConnectError, ServerFacts, Settings, connect};

const APP_NAME: &str = "canje-inspect";
const USUAL_TIME: Duration = Duration::from_secs(10);
/// How much longer than the server's own limit we wait, for servers that don't watch the clock everywhere.
const GRACE: Duration = Duration::from_secs(5);

/// Reads any database of the connected server and writes none.
#[derive(Clone, Debug)]
pub struct ReadOnlyDb {
    client: Client,
    server: ServerFacts,
}

/// Limits of one read.
#[derive(Clone, Copy, Debug)]
pub struct ReadOptions {
    /// Limit for the command and, together, all further batches of its cursor.
    pub max_time: Duration,
    /// Documents per batch; the server's choice when absent.
    pub batch_size: Option<u32>,
}

impl ReadOptions {
    pub fn within(max_time: Duration) -> Self {
        Self { max_time, batch_size: None }
    }

    pub fn batches_of(mut self, documents: u32) -> Self {
        self.batch_size = Some(documents);
        self
    }
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self::within(USUAL_TIME)
    }
}

impl ReadOnlyDb {
    /// Opens the reading connection and checks the server as [`Db::connect`](super::Db::connect) does.
    pub async fn connect(settings: &Settings) -> Result<Self, ConnectError> {
        Self::open(settings, None).await
    }

    /// Like [`ReadOnlyDb::connect`], with somebody watching every command that is sent.
    pub async fn connect_watched(
        settings: &Settings,
        watcher: EventHandler<CommandEvent>,
    ) -> Result<Self, ConnectError> {
        Self::open(settings, Some(watcher)).await
    }

    async fn open(settings: &Settings, watcher: Option<EventHandler<CommandEvent>>) -> Result<Self, ConnectError> {
        let (uri, variable) = match &settings.read_only_uri {
            Some(own) => (own, "MONGODB_READONLY_URI"),
            None => (&settings.uri, "MONGODB_URI"),
        };
        let mut options = connect::parse(uri, APP_NAME, variable).await?;
        options.selection_criteria = Some(secondary_preferred());
        options.retry_writes = Some(false);
        options.command_event_handler = watcher;
        let (client, server) = connect::open(options, variable).await?;
        Ok(Self { client, server })
    }

    /// What is known about the server this connection leads to.
    pub fn server(&self) -> &ServerFacts {
        &self.server
    }

    /// The names of all databases this user may see, sorted.
    pub async fn list_databases(&self, options: ReadOptions) -> Result<Vec<String>, ReadError> {
        let reply = self.command("admin", doc! { "listDatabases": 1, "nameOnly": true }, options).await?;
        let listed = reply.get_array("databases").map_err(ReadError::malformed)?;
        let names = listed.iter().map(|entry| {
            let entry = entry.as_document().ok_or_else(|| ReadError::malformed("not a document"))?;
            entry.get_str("name").map(str::to_owned).map_err(ReadError::malformed)
        });
        let mut names = names.collect::<Result<Vec<_>, _>>()?;
        names.sort_unstable();
        Ok(names)
    }

    /// Runs a command that answers with one document.
    pub async fn command(&self, db: &str, command: Document, options: ReadOptions) -> Result<Document, ReadError> {
        self.dispatch(db, command, options, |database, admitted| async move {
            database.run_command(admitted).selection_criteria(secondary_preferred()).await
        })
        .await
    }

    /// Runs a command that answers with a cursor and reads it batch by batch: the fast way over a whole collection.
    pub async fn batches(&self, db: &str, command: Document, options: ReadOptions) -> Result<Batches, ReadError> {
        let cursor = self
            .dispatch(db, with_batch_size(command, options.batch_size), options, |database, admitted| async move {
                let mut run = database.run_cursor_command(admitted).selection_criteria(secondary_preferred());
                if let Some(documents) = options.batch_size {
                    run = run.batch_size(documents);
                }
                run.batch().await
            })
            .await?;
        Ok(Batches { cursor, patience: options.max_time + GRACE })
    }

    /// Like [`ReadOnlyDb::batches`], document by document.
    pub async fn cursor(
        &self,
        db: &str,
        command: Document,
        options: ReadOptions,
    ) -> Result<impl Stream<Item = Result<RawDocumentBuf, ReadError>> + Send + Unpin + use<>, ReadError> {
        Ok(self.batches(db, command, options).await?.documents())
    }

    /// The choke point: the only function that sends anything. A read that lost its connection is sent once more, which is
    /// what the driver does for its own reads.
    async fn dispatch<T, F, R>(
        &self,
        db: &str,
        command: Document,
        options: ReadOptions,
        send: F,
    ) -> Result<T, ReadError>
    where
        F: Fn(Database, Document) -> R,
        R: Future<Output = mongodb::error::Result<T>>,
    {
        let mut admitted = guard::admit(command)?;
        admitted.insert("maxTimeMS", i64::try_from(options.max_time.as_millis()).unwrap_or(i64::MAX));
        let once = || async {
            let sent = send(self.client.database(db), admitted.clone());
            match tokio::time::timeout(options.max_time + GRACE, sent).await {
                Ok(answer) => answer.map_err(ReadError::from),
                Err(_) => Err(ReadError::TimedOut),
            }
        };
        match once().await {
            Err(ReadError::Unavailable(lost)) if !error::no_server(&lost) => once().await,
            answer => answer,
        }
    }
}

/// The batches of a cursor. Dropping it ends the cursor on the server.
pub struct Batches {
    cursor: RawBatchCursor,
    patience: Duration,
}

impl Batches {
    /// The next batch; its documents are in [`RawBatch::doc_slices`], without a copy. A batch may be empty.
    pub async fn next(&mut self) -> Result<Option<RawBatch>, ReadError> {
        match tokio::time::timeout(self.patience, self.cursor.next()).await {
            Ok(batch) => Ok(batch.transpose()?),
            Err(_) => Err(ReadError::TimedOut),
        }
    }

    /// All documents, one after the other. Ends after the first error.
    pub fn documents(mut self) -> impl Stream<Item = Result<RawDocumentBuf, ReadError>> + Send + Unpin {
        Box::pin(async_stream::try_stream! {
            while let Some(batch) = self.next().await? {
                for document in batch.doc_slices()? {
                    let document = document.map_err(ReadError::malformed)?;
                    let document = document.as_document().ok_or_else(|| ReadError::malformed("not a document"))?;
                    yield document.to_owned();
                }
            }
        })
    }
}

fn secondary_preferred() -> SelectionCriteria {
    SelectionCriteria::ReadPreference(ReadPreference::SecondaryPreferred { options: None })
}

/// Puts the size of the first batch where the command wants it.
fn with_batch_size(mut command: Document, documents: Option<u32>) -> Document {
    let name = command.keys().next().cloned().unwrap_or_default();
    let size = documents.map(i64::from);
    match name.as_str() {
        "find" => {
            if let Some(size) = size {
                command.insert("batchSize", size);
            }
        }
        "aggregate" | "listCollections" | "listIndexes" => {
            command.insert("cursor", size.map_or_else(Document::new, |size| doc! { "batchSize": size }));
        }
        _ => {}
    }
    command
}
