//! What is kept of a comparison: its record in `diffs`, the documents that differ in `diff_documents`, both in the
//! operations database. Every write of an attempt carries the attempt in its filter.

use bson::{DateTime, doc};
use futures::TryStreamExt as _;
use jiff::Timestamp;
use mongodb::Cursor;
use serde::{Deserialize, Serialize};

use super::{Kind, Report, Shown};
use crate::backup::model::Progress;
use crate::backup::record::DiffRecord;
use crate::db::indexes::Direction::Ascending;
use crate::db::{Db, IndexSpec, Stored, date};
use crate::i18n::backup::diff as words;

/// How long differing documents are kept.
pub const KEPT_DAYS: i64 = 30;

/// A differing document, in `diff_documents` of the operations database. Holds only what the masks let through.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Document {
    /// `<comparison>/<number>`.
    #[serde(rename = "_id")]
    pub id: String,
    /// The comparison.
    pub diff: String,
    /// The attempt that found it.
    pub attempt: String,
    /// Its place among all of the comparison, from 1.
    pub number: i64,
    /// What is shown.
    pub shown: Shown,
    /// The server removes it then.
    pub expires_at: DateTime,
}

impl Stored for Document {
    const COLLECTION: &'static str = "diff_documents";
    const INDEXES: &'static [IndexSpec] = &[
        IndexSpec::new(
            "by_kind",
            &[("diff", Ascending), ("shown.collection", Ascending), ("shown.kind", Ascending), ("number", Ascending)],
        ),
        IndexSpec::new("in_order", &[("diff", Ascending), ("number", Ascending)]),
        IndexSpec::new("expiry", &[("expires_at", Ascending)]).expires_after(std::time::Duration::ZERO),
    ];
}

/// One attempt at a comparison; what it writes, another attempt can't mistake for its own.
#[derive(Clone)]
pub struct Attempt {
    ops: Db,
    diff: String,
    token: String,
}

impl Attempt {
    /// Takes the comparison over; `None` when it is over or isn't there. One that was interrupted goes on: its worker may
    /// only have been stopped. What an earlier attempt found goes.
    pub async fn begin(ops: &Db, diff: &str) -> anyhow::Result<Option<(Self, DiffRecord)>> {
        let token = hex::encode(crate::backup::keys::random::<16>());
        let open = doc! { "state": { "$in": ["queued", "running"] } };
        let waits = doc! { "_id": diff, "$or": [open, { "state": "failed", "error": words::INTERRUPTED }] };
        let own = doc! {
            "$set": { "state": "running", "attempt": &token }, "$unset": { "error": "", "finished_at": "" },
        };
        if ops.stored::<DiffRecord>().update_one(waits, own).await?.matched_count == 0 {
            return Ok(None);
        }
        ops.stored::<Document>().delete_many(doc! { "diff": diff }).await?;
        let record = ops.stored::<DiffRecord>().find_one(doc! { "_id": diff, "attempt": &token }).await?;
        Ok(record.map(|record| (Self { ops: ops.clone(), diff: diff.to_owned(), token }, record)))
    }

    fn own(&self) -> bson::Document {
        doc! { "_id": &self.diff, "attempt": &self.token, "state": "running" }
    }

    async fn write(&self, set: bson::Document) -> anyhow::Result<()> {
        let written = self.ops.stored::<DiffRecord>().update_one(self.own(), doc! { "$set": set }).await?;
        anyhow::ensure!(written.matched_count == 1, "the comparison is another attempt's");
        Ok(())
    }

    /// How far it is.
    pub async fn progress(&self, progress: &Progress) -> anyhow::Result<()> {
        self.write(doc! { "progress": bson::serialize_to_bson(progress)? }).await
    }

    /// Keeps differing documents, numbered from `first`.
    pub async fn keep(&self, first: i64, shown: Vec<Shown>, now: Timestamp) -> anyhow::Result<()> {
        let expires_at = DateTime::from_millis(date(now).timestamp_millis() + KEPT_DAYS * 86_400_000);
        let documents = shown.into_iter().zip(first..).map(|(shown, number)| Document {
            id: format!("{}/{number}", self.diff),
            diff: self.diff.clone(),
            attempt: self.token.clone(),
            number,
            shown,
            expires_at,
        });
        self.ops.stored::<Document>().insert_many(documents).await?;
        Ok(())
    }

    /// It is done.
    pub async fn done(&self, report: &Report, now: Timestamp) -> anyhow::Result<()> {
        let report = bson::serialize_to_bson(report)?;
        self.write(doc! { "state": "done", "report": report, "finished_at": date(now) }).await
    }

    /// It couldn't be done.
    pub async fn failed(&self, error: &str, now: Timestamp) -> anyhow::Result<()> {
        self.write(doc! { "state": "failed", "error": error, "finished_at": date(now) }).await
    }
}

/// A comparison by its name.
pub async fn find(ops: &Db, diff: &str) -> mongodb::error::Result<Option<DiffRecord>> {
    ops.stored::<DiffRecord>().find_one(doc! { "_id": diff }).await
}

/// The newest comparisons, after the one given.
pub async fn newest(ops: &Db, before: Option<&DiffRecord>, most: usize) -> mongodb::error::Result<Vec<DiffRecord>> {
    let filter = match before {
        Some(DiffRecord { created_at, id, .. }) => {
            doc! { "$or": [{ "created_at": { "$lt": created_at } }, { "created_at": created_at, "_id": { "$lt": id } }] }
        }
        None => doc! {},
    };
    // Reports may be large, and the list shows their outcome only.
    let fields = doc! { "report.collections": 0, "report.notes": 0 };
    let order = doc! { "created_at": -1, "_id": -1 };
    let limit = i64::try_from(most).unwrap_or(i64::MAX);
    ops.stored::<DiffRecord>().find(filter).projection(fields).sort(order).limit(limit).await?.try_collect().await
}

/// Differing documents of one collection and kind, after a number.
pub async fn page(
    ops: &Db,
    diff: &str,
    collection: &str,
    kind: Kind,
    after: i64,
    most: usize,
) -> mongodb::error::Result<Vec<Document>> {
    let filter = doc! {
        "diff": diff, "shown.collection": collection, "shown.kind": kind.as_str(), "number": { "$gt": after },
    };
    let limit = i64::try_from(most).unwrap_or(i64::MAX);
    ops.stored::<Document>().find(filter).sort(doc! { "number": 1 }).limit(limit).await?.try_collect().await
}

/// All differing documents of a comparison, in order.
pub async fn all(ops: &Db, diff: &str) -> mongodb::error::Result<Cursor<Document>> {
    ops.stored::<Document>().find(doc! { "diff": diff }).sort(doc! { "number": 1 }).await
}

/// How many there are.
pub async fn count(ops: &Db, diff: &str) -> mongodb::error::Result<u64> {
    ops.stored::<Document>().count_documents(doc! { "diff": diff }).await
}
