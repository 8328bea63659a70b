//! Incidents in the database, as transactions read and write them.

use std::time::Duration;

use bson::{DateTime, Document, doc};
use futures::TryStreamExt;
use jiff::Timestamp;
use mongodb::ClientSession;
use serde::{Deserialize, Serialize};

use super::model::{Silence, Source, SystemNotice};
use super::signal::DOWN_PREFIX;
use crate::db::indexes::Direction::Ascending;
use crate::db::{Db, IndexSpec, Lost, Stored, date};
use crate::failure::Failure;

/// The latest news of an incident by its source's clock, so that what arrives late doesn't undo what came after it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Latest {
    #[serde(rename = "_id")]
    fingerprint: String,
    /// Unix seconds.
    at: i64,
    /// Whether the latest news was that it is over.
    is_over: bool,
    expires_at: DateTime,
}

impl Stored for Latest {
    const COLLECTION: &'static str = "notification_latest";
    const INDEXES: &'static [IndexSpec] =
        &[IndexSpec::new("expires_at", &[("expires_at", Ascending)]).expires_after(Duration::ZERO)];
}

/// How long late news can be told from new news.
const MEMORY: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// Keeps news as the latest of its incident. `false`: newer news came before, or the end came at the same second.
pub(super) async fn advance_in(
    session: &mut ClientSession,
    db: &Db,
    now: Timestamp,
    fingerprint: &str,
    at: i64,
    is_over: bool,
) -> Result<bool, Failure> {
    let all = db.stored::<Latest>();
    let known = all.find_one(doc! { "_id": fingerprint }).session(&mut *session).await?;
    let latest = Latest { fingerprint: fingerprint.into(), at, is_over, expires_at: date(now + MEMORY) };
    let Some(known) = known else {
        return match all.insert_one(latest).session(&mut *session).await {
            Err(error) if Db::is_duplicate(&error) => Err(Lost.into()),
            other => Ok(other.map(|_| true)?),
        };
    };
    if at < known.at || (at == known.at && known.is_over && !is_over) {
        return Ok(false);
    }
    if at == known.at && is_over == known.is_over {
        return Ok(true);
    }
    let guard = doc! { "_id": fingerprint, "at": known.at, "is_over": known.is_over };
    match all.replace_one(guard, latest).session(&mut *session).await?.matched_count {
        0 => Err(Lost.into()),
        _ => Ok(true),
    }
}

/// The open incident of each fingerprint, or the last one if it ended since.
pub(super) async fn find_in(
    session: &mut ClientSession,
    db: &Db,
    fingerprints: &[&str],
    ended_since: Timestamp,
) -> Result<Vec<SystemNotice>, Failure> {
    let filter = doc! {
        "fingerprint": { "$in": fingerprints },
        "$or": [{ "is_open": true }, { "resolved_at": { "$gte": date(ended_since) } }],
    };
    let mut found = db.stored::<SystemNotice>().find(filter).session(&mut *session).await?;
    let mut found: Vec<SystemNotice> = found.stream(&mut *session).try_collect().await?;
    // The open one first, then the one that ended last.
    found.sort_by_key(|notice| std::cmp::Reverse((notice.is_open, notice.resolved_at)));
    let mut seen = std::collections::HashSet::new();
    found.retain(|notice| seen.insert(notice.fingerprint.clone()));
    Ok(found)
}

/// One incident by its id.
pub(super) async fn load_in(
    session: &mut ClientSession,
    db: &Db,
    id: &str,
) -> mongodb::error::Result<Option<SystemNotice>> {
    db.stored::<SystemNotice>().find_one(doc! { "id": id }).session(session).await
}

/// Open incidents that have a time to be mailed or escalated, and those that explain others.
pub(super) async fn pending_in(session: &mut ClientSession, db: &Db, limit: i64) -> Result<Vec<SystemNotice>, Failure> {
    let filter = doc! { "notify_at": { "$gt": DateTime::from_millis(0), "$lt": DateTime::MAX }, "is_open": true };
    let mut found = db
        .stored::<SystemNotice>()
        .find(filter)
        .sort(doc! { "notify_at": 1 })
        .limit(limit)
        .session(&mut *session)
        .await?;
    Ok(found.stream(&mut *session).try_collect().await?)
}

/// The open incidents of monitors that are down.
pub(super) async fn down_in(session: &mut ClientSession, db: &Db) -> Result<Vec<SystemNotice>, Failure> {
    // The prefix as a range: its end is the character after its last one.
    let end = format!("{};", DOWN_PREFIX.trim_end_matches(':'));
    let filter = doc! { "fingerprint": { "$gte": DOWN_PREFIX, "$lt": end }, "is_open": true };
    let mut found = db.stored::<SystemNotice>().find(filter).session(&mut *session).await?;
    Ok(found.stream(&mut *session).try_collect().await?)
}

/// Open incidents of Sentry that an outage explains, or, when something is down, may explain.
pub(super) async fn explained_in(
    session: &mut ClientSession,
    db: &Db,
    is_something_down: bool,
) -> Result<Vec<SystemNotice>, Failure> {
    let mut filter = doc! { "is_open": true, "source": Source::Sentry.as_str() };
    if !is_something_down {
        filter.insert("inhibited_by", doc! { "$type": "string" });
    }
    let mut found = db.stored::<SystemNotice>().find(filter).session(&mut *session).await?;
    Ok(found.stream(&mut *session).try_collect().await?)
}

/// The silences that hold something back now.
pub(super) async fn silences_in(session: &mut ClientSession, db: &Db, now: Timestamp) -> Result<Vec<Silence>, Failure> {
    let filter = doc! { "ends_at": { "$gt": date(now), "$lt": DateTime::MAX } };
    let mut found = db.stored::<Silence>().find(filter).session(&mut *session).await?;
    Ok(found.stream(&mut *session).try_collect().await?)
}

/// Keeps a new incident; [`Lost`] when another of its fingerprint was opened first.
pub(super) async fn insert_in(session: &mut ClientSession, db: &Db, notice: &SystemNotice) -> Result<(), Failure> {
    match db.stored::<SystemNotice>().insert_one(notice).session(session).await {
        Err(error) if Db::is_duplicate(&error) => Err(Lost.into()),
        other => Ok(other.map(drop)?),
    }
}

/// Keeps a changed incident; [`Lost`] when somebody else changed it first. Who has read it is written only when nobody has
/// any more: readers mark themselves without waiting for anybody.
pub(super) async fn save_in(
    session: &mut ClientSession,
    db: &Db,
    notice: &SystemNotice,
    is_unread: bool,
) -> Result<(), Failure> {
    let mut set: Document = bson::serialize_to_document(notice).map_err(anyhow::Error::from)?;
    for kept in ["_id", "id", "fingerprint", "created_at", "rev"] {
        set.remove(kept);
    }
    if !is_unread {
        set.remove("read_by");
    }
    let filter = doc! { "_id": notice.key, "rev": notice.rev };
    let update = doc! { "$set": set, "$inc": { "rev": 1_i64 } };
    match db.stored::<SystemNotice>().update_one(filter, update).session(session).await {
        Ok(done) if done.matched_count == 1 => Ok(()),
        Ok(_) => Err(Lost.into()),
        Err(error) if Db::is_duplicate(&error) => Err(Lost.into()),
        Err(error) => Err(error.into()),
    }
}
