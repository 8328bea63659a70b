//! The rows of `exports`: each change is guarded by the state it starts from.

use bson::oid::ObjectId;
use bson::{DateTime, doc};
use jiff::Timestamp;
use mongodb::options::ReturnDocument;
use serde::{Deserialize, Serialize};

use super::{Dialect, Request, Shape};
use crate::db::indexes::Direction::{Ascending, Descending};
use crate::db::{Db, IndexSpec, Stored, date};

/// How far an export is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Asked for; nobody has begun to download it.
    Queued,
    /// Being downloaded.
    Running,
    /// Sent whole.
    Done,
    /// Ended by something that went wrong; the file is not whole.
    Failed,
    /// Ended by a person, or by a browser that went away.
    Cancelled,
}

impl Status {
    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether nothing more will happen.
    pub fn is_final(self) -> bool {
        !matches!(self, Self::Queued | Self::Running)
    }
}

/// A document of `exports`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ExportRow {
    /// Its public id.
    #[serde(rename = "_id")]
    pub id: ObjectId,
    /// Who asked; nobody else sees it.
    pub user_id: String,
    /// Where from.
    pub database: String,
    /// Where from.
    pub collection: String,
    /// The shape's code.
    pub format: String,
    /// The CSV dialect's code.
    pub separator: String,
    /// The filter as canonical Extended JSON.
    pub filter: String,
    /// Chosen paths, in their order; empty for all.
    pub columns: Vec<String>,
    /// Whether personal values are in it.
    pub include_personal: bool,
    /// Why.
    pub reason: Option<String>,
    /// How far it is.
    pub status: Status,
    /// Documents written.
    pub rows: i64,
    /// Documents there are, once counted by the pass that finds the columns.
    pub total: Option<i64>,
    /// Bytes sent.
    pub bytes: i64,
    /// When it was asked for.
    pub created_at: DateTime,
    /// When the download began.
    pub started_at: Option<DateTime>,
    /// When it ended.
    pub finished_at: Option<DateTime>,
    /// The last sign of life.
    pub updated_at: DateTime,
    /// Why it failed, as a code.
    pub error: Option<String>,
}

impl Stored for ExportRow {
    const COLLECTION: &'static str = "exports";
    const INDEXES: &'static [IndexSpec] =
        &[IndexSpec::new("user_id_created_at", &[("user_id", Ascending), ("created_at", Descending)])];
}

impl ExportRow {
    /// A running export without a sign of life for this long has died with its process.
    const SILENCE_MS: i64 = 60_000;

    /// A new row for a request.
    pub(super) fn new(user_id: &str, request: &Request, now: Timestamp) -> Self {
        let now = date(now);
        Self {
            id: ObjectId::new(),
            user_id: user_id.into(),
            database: request.database.clone(),
            collection: request.collection.clone(),
            format: request.shape.code().into(),
            separator: request.dialect.code().into(),
            filter: request.filter.text(),
            columns: request.columns.clone(),
            include_personal: request.reason.is_some(),
            reason: request.reason.clone(),
            status: Status::Queued,
            rows: 0,
            total: None,
            bytes: 0,
            created_at: now,
            started_at: None,
            finished_at: None,
            updated_at: now,
            error: None,
        }
    }

    /// The file's shape.
    pub fn shape(&self) -> Shape {
        Shape::parse(&self.format).unwrap_or(Shape::JsonLines)
    }

    /// The CSV dialect.
    pub fn dialect(&self) -> Dialect {
        Dialect::parse(&self.separator).unwrap_or(Dialect::Semicolon)
    }

    /// The state a person is told: a running row that has been silent for long is a failed one.
    pub fn seen_at(mut self, now: Timestamp) -> Self {
        let silent = now.as_millisecond() - self.updated_at.timestamp_millis() > Self::SILENCE_MS;
        if self.status == Status::Running && silent {
            self.status = Status::Failed;
            self.error = Some("interrupted".into());
        }
        self
    }
}

pub(super) async fn insert(db: &Db, row: &ExportRow) -> mongodb::error::Result<()> {
    db.stored::<ExportRow>().insert_one(row).await.map(drop)
}

/// A person's own row.
pub(super) async fn find(db: &Db, id: ObjectId, user_id: &str) -> mongodb::error::Result<Option<ExportRow>> {
    db.stored::<ExportRow>().find_one(doc! { "_id": id, "user_id": user_id }).await
}

/// Takes a queued row over; none when it isn't queued (any more).
pub(super) async fn begin(
    db: &Db,
    id: ObjectId,
    user_id: &str,
    now: Timestamp,
) -> mongodb::error::Result<Option<ExportRow>> {
    let now = date(now);
    db.stored::<ExportRow>()
        .find_one_and_update(
            doc! { "_id": id, "user_id": user_id, "status": Status::Queued.as_str() },
            doc! { "$set": { "status": Status::Running.as_str(), "started_at": now, "updated_at": now } },
        )
        .return_document(ReturnDocument::After)
        .await
}

/// How far a running export is; false when it isn't running any more, because somebody cancelled it.
pub(super) async fn progress(
    db: &Db,
    id: ObjectId,
    (rows, bytes): (u64, u64),
    total: Option<u64>,
    now: Timestamp,
) -> mongodb::error::Result<bool> {
    let set =
        doc! { "rows": signed(rows), "bytes": signed(bytes), "total": total.map(signed), "updated_at": date(now) };
    let filter = doc! { "_id": id, "status": Status::Running.as_str() };
    let done = db.stored::<ExportRow>().update_one(filter, doc! { "$set": set }).await?;
    Ok(done.matched_count == 1)
}

/// Ends a running export; false when it had ended already.
pub(super) async fn finish(
    db: &Db,
    id: ObjectId,
    status: Status,
    (rows, bytes): (u64, u64),
    error: Option<&str>,
    now: Timestamp,
) -> mongodb::error::Result<bool> {
    let now = date(now);
    let set = doc! {
        "status": status.as_str(), "rows": signed(rows), "bytes": signed(bytes), "finished_at": now, "updated_at": now,
        "error": error,
    };
    let filter = doc! { "_id": id, "status": Status::Running.as_str() };
    let done = db.stored::<ExportRow>().update_one(filter, doc! { "$set": set }).await?;
    Ok(done.matched_count == 1)
}

/// Takes back a *done* whose outcome could not be recorded.
pub(super) async fn unfinish(db: &Db, id: ObjectId, now: Timestamp) -> mongodb::error::Result<()> {
    let filter = doc! { "_id": id, "status": Status::Done.as_str() };
    let set = doc! { "status": Status::Failed.as_str(), "error": "fault", "updated_at": date(now) };
    db.stored::<ExportRow>().update_one(filter, doc! { "$set": set }).await.map(drop)
}

/// Ends a person's export that hasn't ended; the task that runs it notices at its next sign of life.
pub(super) async fn cancel(db: &Db, id: ObjectId, user_id: &str, now: Timestamp) -> mongodb::error::Result<bool> {
    let now = date(now);
    let filter = doc! {
        "_id": id, "user_id": user_id, "status": { "$in": [Status::Queued.as_str(), Status::Running.as_str()] },
    };
    let set = doc! { "status": Status::Cancelled.as_str(), "finished_at": now, "updated_at": now };
    Ok(db.stored::<ExportRow>().update_one(filter, doc! { "$set": set }).await?.matched_count == 1)
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
