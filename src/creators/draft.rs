//! A profile that is being made: everything typed so far, kept step by step, on whatever device it goes on.

use std::time::Duration;

use bson::{DateTime, doc};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::typed::Typed;
use crate::db::indexes::Direction::Ascending;
use crate::db::{Db, IndexSpec, Stored, date};
use crate::failure::Failure;
use crate::media::images::Asset;
use crate::values::CreatorId;

/// How long an abandoned one is kept.
const LIFE: Duration = Duration::from_secs(90 * 24 * 60 * 60);

/// A document of `ugc_creator_drafts`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Draft {
    /// Whose.
    #[serde(rename = "_id")]
    pub user_id: String,
    /// The profile it becomes, or adds to.
    pub creator_id: CreatorId,
    /// Where the person was going, a path of ours.
    #[serde(default)]
    pub next: Option<String>,
    /// As typed, valid or not.
    #[serde(default)]
    pub typed: Typed,
    /// An uploaded picture.
    #[serde(default)]
    pub picture: Option<Asset>,
    /// When it was begun.
    pub created_at: DateTime,
    /// When anything was last kept.
    pub updated_at: DateTime,
}

impl Stored for Draft {
    const COLLECTION: &'static str = "ugc_creator_drafts";
    const INDEXES: &'static [IndexSpec] =
        &[IndexSpec::new("updated_at", &[("updated_at", Ascending)]).expires_after(LIFE)];
}

/// The draft of an account.
pub(super) async fn find(db: &Db, user_id: &str) -> Result<Option<Draft>, Failure> {
    Ok(db.stored::<Draft>().find_one(doc! { "_id": user_id }).await?)
}

/// Begins a draft unless there is one.
pub(super) async fn begin(db: &Db, draft: &Draft) -> Result<(), Failure> {
    match db.stored::<Draft>().insert_one(draft).await {
        Err(error) if !Db::is_duplicate(&error) => Err(error.into()),
        _ => Ok(()),
    }
}

/// Remembers where the person is going.
pub(super) async fn set_next(db: &Db, now: Timestamp, user_id: &str, next: &str) -> Result<(), Failure> {
    let set = doc! { "$set": { "next": next, "updated_at": date(now) } };
    db.stored::<Draft>().update_one(doc! { "_id": user_id }, set).await?;
    Ok(())
}

/// Keeps fields; others stay as they are. False without a draft.
pub(super) async fn keep(
    db: &Db,
    now: Timestamp,
    user_id: &str,
    fields: &[&str],
    typed: &Typed,
) -> Result<bool, Failure> {
    let mut set = doc! { "updated_at": date(now) };
    for field in fields {
        set.insert(format!("typed.{field}"), typed.all(field));
    }
    let kept = db.stored::<Draft>().update_one(doc! { "_id": user_id }, doc! { "$set": set }).await?;
    Ok(kept.matched_count == 1)
}

/// Keeps an uploaded picture.
pub(super) async fn keep_picture(db: &Db, now: Timestamp, user_id: &str, asset: &Asset) -> Result<(), Failure> {
    let asset = bson::serialize_to_document(asset).map_err(anyhow::Error::from)?;
    let set = doc! { "$set": { "picture": asset, "updated_at": date(now) } };
    db.stored::<Draft>().update_one(doc! { "_id": user_id }, set).await?;
    Ok(())
}
