//! What wasn't taken, counted by source, day and reason. Nothing of such a request is stored.
//!
//! Counts are added up in memory and written by one task at a time, at most once a second, so that strangers can't make the
//! database busy. A killed process loses the counts of its last second.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bson::{DateTime, Document, doc};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::model::{KEPT, Refusal, Source};
use crate::db::indexes::Direction::Ascending;
use crate::db::{Db, IndexSpec, Stored, date};
use crate::i18n::format;

/// Pause between two writes of counts.
const PAUSE: Duration = Duration::from_secs(1);

/// A document of `webhook_counts`: one source's refusals of one day in Asunción.
#[derive(Debug, Serialize, Deserialize)]
pub struct Count {
    /// `sentry:2026-11-22`.
    #[serde(rename = "_id")]
    id: String,
    /// Unsigned or wrongly signed.
    #[serde(default)]
    pub rejected: i64,
    /// The same, beyond the limit of an address.
    #[serde(default)]
    pub limited: i64,
    /// Authentic but not what the service sends.
    #[serde(default)]
    pub malformed: i64,
    /// Larger than taken.
    #[serde(default)]
    pub too_large: i64,
    /// The newest of them.
    pub last_at: DateTime,
    expires_at: DateTime,
}

impl Stored for Count {
    const COLLECTION: &'static str = "webhook_counts";
    const INDEXES: &'static [IndexSpec] =
        &[IndexSpec::new("expires_at", &[("expires_at", Ascending)]).expires_after(Duration::ZERO)];
}

/// Counts of this process.
#[derive(Debug)]
pub struct Tally {
    db: Db,
    pending: Mutex<HashMap<(Source, Refusal), (i64, Timestamp)>>,
    is_writing: AtomicBool,
}

impl Tally {
    /// Counts into this database.
    pub fn new(db: &Db) -> Arc<Self> {
        Arc::new(Self { db: db.clone(), pending: Mutex::default(), is_writing: AtomicBool::new(false) })
    }

    /// Counts one.
    pub fn add(self: &Arc<Self>, now: Timestamp, source: Source, refusal: Refusal) {
        {
            let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
            let (count, last) = pending.entry((source, refusal)).or_insert((0, now));
            *count += 1;
            *last = now;
        }
        if !self.is_writing.swap(true, Ordering::SeqCst) {
            tokio::spawn(self.clone().write_all());
        }
    }

    async fn write_all(self: Arc<Self>) {
        loop {
            if let Err(error) = self.flush().await {
                tracing::warn!("counting refused deliveries: {error}");
            }
            tokio::time::sleep(PAUSE).await;
            self.is_writing.store(false, Ordering::SeqCst);
            let is_empty = self.pending.lock().unwrap_or_else(PoisonError::into_inner).is_empty();
            // Whoever counted meanwhile saw a task at work, unless it took over already.
            if is_empty || self.is_writing.swap(true, Ordering::SeqCst) {
                return;
            }
        }
    }

    /// Writes what is counted so far.
    pub async fn flush(&self) -> mongodb::error::Result<()> {
        let pending = std::mem::take(&mut *self.pending.lock().unwrap_or_else(PoisonError::into_inner));
        for ((source, refusal), (count, last)) in pending {
            let mut change = doc! { "$inc": Document::from_iter([(refusal.as_str().to_owned(), count.into())]) };
            change.insert("$max", doc! { "last_at": date(last) });
            change.insert("$setOnInsert", doc! { "expires_at": date(last + KEPT) });
            let id = doc! { "_id": id(source, day(last)) };
            self.db.stored::<Count>().update_one(id, change).upsert(true).await?;
        }
        Ok(())
    }

    /// One source's refusals of the last `days`, today included.
    pub async fn recent(&self, now: Timestamp, source: Source, days: i32) -> mongodb::error::Result<Refused> {
        use futures::TryStreamExt;
        let today = day(now);
        let ids: Vec<_> = (0..days)
            .filter_map(|back| today.checked_sub(jiff::Span::new().days(back)).ok())
            .map(|day| id(source, day))
            .collect();
        let found: Vec<Count> =
            self.db.stored::<Count>().find(doc! { "_id": { "$in": ids } }).await?.try_collect().await?;
        Ok(found.iter().fold(Refused::default(), |sum, count| Refused {
            strangers: sum.strangers + count.rejected + count.limited,
            malformed: sum.malformed + count.malformed + count.too_large,
            last_at: sum.last_at.max(Some(count.last_at)),
        }))
    }
}

/// Refusals added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Refused {
    /// Not authentic.
    pub strangers: i64,
    /// Authentic, but not readable or too large.
    pub malformed: i64,
    /// The newest.
    pub last_at: Option<DateTime>,
}

fn id(source: Source, day: Date) -> String {
    format!("{}:{day}", source.as_str())
}

fn day(at: Timestamp) -> Date {
    at.to_zoned(format::time_zone()).date()
}
