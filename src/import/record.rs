//! The record of imports in the live database: collection `imports`, one document per database that an import made.
//!
//! It is written before the first document, in one transaction for all databases of a run, so a database whose import never
//! finished is always known as such. Every later change carries the run and the state it expects in its filter: two runs
//! can't both believe they own a database, and one that was discarded meanwhile finds out.
//!
//! ```text
//! loading → verifying → defining → finished
//!    └──────────┴───────────┴────→ failed        (still unfinished: --discard, or look at it)
//! loading | verifying | defining | failed | discarding → discarding → discarded
//! finished | discarded → loading                 (only when the database isn't there any more)
//! ```

use bson::{Bson, DateTime, doc};
use mongodb::Collection;
use mongodb::error::Error;
use serde::{Deserialize, Serialize};

use super::report::{Imported, Skipped};
use crate::db::{Db, Declared, Stored, with_transaction};

/// Where an import stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Documents are being inserted.
    Loading,
    /// Everything is being read back.
    Verifying,
    /// Indexes, views and expiry are being created and compared.
    Defining,
    /// Verified: the database is what the dump was.
    Finished,
    /// Stopped by a difference or a fault; the database is not to be used.
    Failed,
    /// `--discard` is removing the database.
    Discarding,
    /// `--discard` has removed the database.
    Discarded,
}

impl State {
    /// States in which the database is not the dump, and may be discarded.
    pub const UNFINISHED: [State; 5] = [Self::Loading, Self::Verifying, Self::Defining, Self::Failed, Self::Discarding];

    /// The stored word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Loading => "loading",
            Self::Verifying => "verifying",
            Self::Defining => "defining",
            Self::Finished => "finished",
            Self::Failed => "failed",
            Self::Discarding => "discarding",
            Self::Discarded => "discarded",
        }
    }

    /// Whether the database may be used.
    pub fn is_finished(self) -> bool {
        self == Self::Finished
    }
}

/// One imported database.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Record {
    /// Name of the database.
    #[serde(rename = "_id")]
    pub database: String,
    /// The run that made it: the same for all databases of one dump.
    pub run: String,
    /// Where it stands.
    pub state: State,
    /// Where the data came from.
    pub source: RecordedSource,
    /// The server it was imported to.
    pub host: RecordedHost,
    /// When the record was made, before the first document.
    pub started_at: DateTime,
    /// When it reached the state it is in.
    pub changed_at: DateTime,
    /// When everything was verified.
    pub finished_at: Option<DateTime>,
    /// Why it failed, in the operator's words.
    pub failure: Option<String>,
    /// What was imported; filled in at the end.
    pub collections: Vec<RecordedCollection>,
    /// What was left out of this database.
    pub skipped: Vec<RecordedSkip>,
}

/// The dump.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RecordedSource {
    /// Path, or the name of the built-in dump.
    pub name: String,
    /// `archive` or `directory`.
    pub format: String,
    /// Name of the database in the dump.
    pub database: String,
    /// Version of the server it was taken from.
    pub server_version: Option<String>,
    /// Version of the tool that wrote it.
    pub tool_version: Option<String>,
}

/// The server, as far as it is safe to show.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RecordedHost {
    /// Host without port, user or password.
    pub alias: String,
    /// Its version.
    pub version: String,
}

/// One imported namespace. Sizes are int64: a collection may be larger than an int32.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RecordedCollection {
    pub name: String,
    pub kind: String,
    pub documents: i64,
    pub bytes: i64,
    pub h_set: String,
}

/// One namespace left out.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RecordedSkip {
    pub namespace: String,
    pub reason: String,
}

impl Stored for Record {
    const COLLECTION: &'static str = "imports";
}

/// The collections of this module, with their indexes.
pub const COLLECTIONS: [Declared; 1] = [Declared::of::<Record>()];

impl From<&Imported> for RecordedCollection {
    fn from(imported: &Imported) -> Self {
        Self {
            name: imported.name.clone(),
            kind: imported.kind.into(),
            documents: imported.documents as i64,
            bytes: imported.bytes as i64,
            h_set: imported.h_set.clone(),
        }
    }
}

impl From<&Skipped> for RecordedSkip {
    fn from(skipped: &Skipped) -> Self {
        Self { namespace: skipped.namespace.clone(), reason: skipped.reason.clone() }
    }
}

fn collection(db: &Db) -> Collection<Record> {
    db.stored::<Record>()
}

/// The record of a database, if there is one.
pub async fn find(db: &Db, database: &str) -> Result<Option<Record>, Error> {
    collection(db).find_one(doc! { "_id": database }).await
}

/// Every record whose import never finished.
pub async fn list_unfinished(db: &Db) -> Result<Vec<Record>, Error> {
    use futures::TryStreamExt as _;
    let states: Vec<&str> = State::UNFINISHED.iter().map(|state| state.as_str()).collect();
    collection(db).find(doc! { "state": { "$in": states } }).sort(doc! { "_id": 1 }).await?.try_collect().await
}

/// Writes the records of a run, all or none. `false` when one of the databases has an unfinished import.
pub async fn begin(db: &Db, records: &[Record]) -> Result<bool, Error> {
    let outcome: Result<(), Error> = with_transaction(db, |session| {
        Box::pin(async move {
            for record in records {
                let replaceable = [State::Finished.as_str(), State::Discarded.as_str()];
                collection(db)
                    .replace_one(doc! { "_id": &record.database, "state": { "$in": replaceable } }, record)
                    .upsert(true)
                    .session(&mut *session)
                    .await?;
            }
            Ok(())
        })
    })
    .await;
    match outcome {
        Ok(()) => Ok(true),
        // The filter matched nothing and `_id` was taken: the record is there in another state.
        Err(error) if Db::is_duplicate(&error) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Moves the record of `database` on, if it still belongs to `run` and is in state `from`.
pub async fn advance(db: &Db, database: &str, run: &str, from: State, to: State) -> Result<bool, Error> {
    let filter = doc! { "_id": database, "run": run, "state": from.as_str() };
    let update = doc! { "$set": { "state": to.as_str(), "changed_at": DateTime::now() } };
    Ok(collection(db).update_one(filter, update).await?.matched_count == 1)
}

/// A record that isn't in the state it was left in.
#[derive(Debug, thiserror::Error)]
#[error("the import record of {0} was changed by somebody else")]
struct Moved(String);

/// Marks all databases of a run as verified, with what they hold: all or none, so a run that is killed here is either
/// finished or can be discarded whole. Gives the database whose record was changed by somebody else, if there is one.
pub async fn finish(db: &Db, records: &[Record], run: &str) -> anyhow::Result<Option<String>> {
    let outcome: anyhow::Result<()> = with_transaction(db, |session| {
        Box::pin(async move {
            for record in records {
                let filter = doc! { "_id": &record.database, "run": run, "state": State::Defining.as_str() };
                let now = DateTime::now();
                let update = doc! { "$set": {
                    "state": State::Finished.as_str(),
                    "changed_at": now,
                    "finished_at": now,
                    "collections": bson::serialize_to_bson(&record.collections)?,
                    "skipped": bson::serialize_to_bson(&record.skipped)?,
                }};
                let updated = collection(db).update_one(filter, update).session(&mut *session).await?;
                if updated.matched_count != 1 {
                    return Err(Moved(record.database.clone()).into());
                }
            }
            Ok(())
        })
    })
    .await;
    match outcome {
        Ok(()) => Ok(None),
        Err(error) => error.downcast::<Moved>().map(|moved| Some(moved.0)),
    }
}

/// Notes why a run stopped, unless somebody has discarded the database meanwhile.
pub async fn fail(db: &Db, database: &str, run: &str, why: &str) -> Result<(), Error> {
    let own = [State::Loading.as_str(), State::Verifying.as_str(), State::Defining.as_str()];
    let filter = doc! { "_id": database, "run": run, "state": { "$in": own } };
    let set = doc! { "state": State::Failed.as_str(), "changed_at": DateTime::now(), "failure": why };
    collection(db).update_one(filter, doc! { "$set": set }).await.map(drop)
}

/// Claims an unfinished database for removal. The guard is in the filter: a finished one is never claimed.
pub async fn claim_discard(db: &Db, database: &str) -> Result<bool, Error> {
    let states: Vec<Bson> = State::UNFINISHED.iter().map(|state| state.as_str().into()).collect();
    let filter = doc! { "_id": database, "state": { "$in": states } };
    let update = doc! { "$set": { "state": State::Discarding.as_str(), "changed_at": DateTime::now() } };
    Ok(collection(db).update_one(filter, update).await?.matched_count == 1)
}

/// Notes that a claimed database has been removed.
pub async fn discarded(db: &Db, database: &str) -> Result<(), Error> {
    let filter = doc! { "_id": database, "state": State::Discarding.as_str() };
    let update = doc! { "$set": { "state": State::Discarded.as_str(), "changed_at": DateTime::now() } };
    collection(db).update_one(filter, update).await.map(drop)
}
