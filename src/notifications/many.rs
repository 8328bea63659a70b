//! Notices for many people at once, in the words of whoever tells them.

use std::collections::BTreeMap;
use std::time::Duration;

use bson::oid::ObjectId;
use bson::{Document, doc};
use futures::TryStreamExt;
use jiff::Timestamp;
use mongodb::ClientSession;

use super::model::{PersonalNotice, PersonalType};
use crate::db::{Db, Lost, Stored, date};
use crate::failure::Failure;
use crate::settings;

/// Notices in one command.
const TOGETHER: usize = 500;

/// A notice for one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewNotice {
    /// Whose.
    pub user_id: String,
    /// What it is about.
    pub kind: PersonalType,
    /// One line.
    pub title: String,
    /// What happened.
    pub message: String,
    /// A path of ours.
    pub link: Option<String>,
    /// At most one notice has it, ever.
    pub dedupe_key: String,
}

/// Keeps those whose key isn't there yet, in the transaction of what they tell: a few queries, however many they are.
pub async fn tell_all_in(
    session: &mut ClientSession,
    db: &Db,
    now: Timestamp,
    notices: Vec<NewNotice>,
) -> Result<(), Failure> {
    if notices.is_empty() {
        return Ok(());
    }
    let days = settings::load_in(session, db).await?.alert_times.keep_info_days;
    let expires_at = date(now + Duration::from_secs(u64::from(days) * 24 * 60 * 60));
    let mut notices: BTreeMap<_, _> = notices.into_iter().map(|notice| (notice.dedupe_key.clone(), notice)).collect();
    for known in known_in(session, db, notices.keys()).await? {
        notices.remove(&known);
    }
    let rows: Vec<_> = notices
        .into_values()
        .map(|notice| PersonalNotice {
            key: ObjectId::new(),
            id: uuid::Uuid::new_v4().to_string(),
            user_id: notice.user_id,
            kind: notice.kind,
            title: notice.title,
            message: notice.message,
            link: notice.link,
            metadata: doc! {},
            is_read: false,
            read_at: None,
            created_at: date(now),
            dedupe_key: Some(notice.dedupe_key),
            expires_at: Some(expires_at),
        })
        .collect();
    for some in rows.chunks(TOGETHER) {
        match db.stored::<PersonalNotice>().insert_many(some).session(&mut *session).await {
            // Somebody else put one of them there at this moment: next time it is known.
            Err(error) if Db::is_duplicate(&error) => return Err(Lost.into()),
            other => drop(other?),
        }
    }
    Ok(())
}

async fn known_in<'a>(
    session: &mut ClientSession,
    db: &Db,
    keys: impl Iterator<Item = &'a String>,
) -> Result<Vec<String>, Failure> {
    let keys: Vec<_> = keys.collect();
    let rows = db.live.collection::<Document>(PersonalNotice::COLLECTION);
    let mut known = Vec::new();
    for some in keys.chunks(TOGETHER) {
        let found = rows.find(doc! { "dedupe_key": { "$in": some } }).projection(doc! { "dedupe_key": 1, "_id": 0 });
        let mut found = found.session(&mut *session).await?;
        while let Some(row) = found.stream(&mut *session).try_next().await? {
            known.extend(row.get_str("dedupe_key").map(str::to_owned));
        }
    }
    Ok(known)
}

/// Takes every notice back whose key begins with `prefix` and a colon. Returns how many there were.
pub async fn take_back_in(session: &mut ClientSession, db: &Db, prefix: &str) -> Result<u64, Failure> {
    // The colon's successor ends the range.
    let keys = doc! { "dedupe_key": { "$gte": format!("{prefix}:"), "$lt": format!("{prefix};") } };
    Ok(db.stored::<PersonalNotice>().delete_many(keys).session(session).await?.deleted_count)
}
