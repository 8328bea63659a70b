//! Whether the server keeps what it promises: a snapshot outside of a transaction that goes on showing the past.
//!
//! In a scratch collection of the operations database: a first version is written and read in a snapshot; it is changed and
//! a second document added from elsewhere; the snapshot must still show the first version and nothing else.

use bson::{Document, doc};
use futures::TryStreamExt as _;
use mongodb::options::SessionOptions;
use mongodb::{ClientSession, Collection};

use super::trouble::{Trouble, code};
use crate::db::Db;
use crate::i18n::backup::take as words;

/// The scratch collection.
const PROBES: &str = "backup_probes";

/// What came of it.
#[derive(Clone, Debug)]
pub struct Probe {
    /// Whether the snapshot showed exactly the past.
    pub is_honoured: bool,
    /// What was asked and answered.
    pub transcript: Vec<String>,
}

/// Puts the server to the proof.
pub async fn ask(db: &Db) -> Result<Probe, Trouble> {
    let probes: Collection<Document> = db.operations().live.collection(PROBES);
    let run = uuid::Uuid::new_v4().simple().to_string();
    let probe = probe(db, &probes, &run).await;
    // What stays behind is two small documents outside of every backup.
    let _ = probes.delete_many(doc! { "run": &run }).await;
    probe
}

async fn probe(db: &Db, probes: &Collection<Document>, run: &str) -> Result<Probe, Trouble> {
    probes.insert_one(doc! { "_id": format!("{run}/1"), "run": run, "version": 1 }).await?;
    let options = SessionOptions::builder().snapshot(true).build();
    let mut session = db.client.start_session().with_options(options).await?;
    let first = match seen(probes, run, &mut session).await {
        Ok(first) => first,
        // A server that refuses is as good as one that doesn't keep it, and more honest.
        Err(error) if code(&error).is_some() => {
            return Ok(Probe { is_honoured: false, transcript: vec![words::probe_refused(&error.to_string())] });
        }
        Err(error) => return Err(error.into()),
    };
    probes.update_one(doc! { "_id": format!("{run}/1") }, doc! { "$set": { "version": 2 } }).await?;
    probes.insert_one(doc! { "_id": format!("{run}/2"), "run": run, "version": 1 }).await?;
    let second = seen(probes, run, &mut session).await?;
    let is_honoured = first == [1] && second == [1];
    Ok(Probe { is_honoured, transcript: vec![words::probed(&first, &second)] })
}

/// The versions the session sees, by `_id`.
async fn seen(
    probes: &Collection<Document>,
    run: &str,
    session: &mut ClientSession,
) -> Result<Vec<i32>, mongodb::error::Error> {
    let mut cursor = probes.find(doc! { "run": run }).sort(doc! { "_id": 1 }).session(&mut *session).await?;
    let found: Vec<Document> = cursor.stream(session).try_collect().await?;
    Ok(found.iter().map(|document| document.get_i32("version").unwrap_or(0)).collect())
}

/// The first read of a snapshot session, which fixes its time.
pub async fn first_read(db: &Db, session: &mut ClientSession) -> Result<(), mongodb::error::Error> {
    let probes: Collection<Document> = db.operations().live.collection(PROBES);
    probes.find_one(doc! { "_id": "first" }).session(session).await.map(drop)
}
