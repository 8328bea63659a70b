//! Which delivery has which post: the same post counts once.
//!
//! A document per post, made and deleted and never changed, so that two deliveries that take one at the same moment meet.
//! Addresses adopted from before have no such document; they are found by the addresses themselves.

use bson::{DateTime, Document, doc};
use jiff::Timestamp;
use mongodb::ClientSession;
use serde::{Deserialize, Serialize};

use super::model::Deliverable;
use super::urls;
use crate::db::{Db, Lost, Stored, date};
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::deliverables as words;
use crate::values::{DeliverableId, Platform};

/// A document of `ugc_post_urls`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TakenPost {
    /// The post, whatever its address.
    #[serde(rename = "_id")]
    pub key: String,
    /// Whose it is.
    pub deliverable_id: DeliverableId,
    /// Since when.
    pub at: DateTime,
}

impl Stored for TakenPost {
    const COLLECTION: &'static str = "ugc_post_urls";
}

/// Moves a delivery's posts from what it had to what it has; refuses a post that is another delivery's.
pub async fn exchange_in(
    session: &mut ClientSession,
    db: &Db,
    now: Timestamp,
    before: &Deliverable,
    after: &Deliverable,
) -> Result<(), Failure> {
    let (had, has) = (keys(before), keys(after));
    for (platform, url, key) in &has {
        if !had.iter().any(|(_, _, kept)| kept == key) {
            take_in(session, db, now, &after.id, *platform, url, key).await?;
        }
    }
    let given_up: Vec<_> =
        had.into_iter().map(|(_, _, key)| key).filter(|key| !has.iter().any(|(_, _, kept)| kept == key)).collect();
    if !given_up.is_empty() {
        let ours = doc! { "_id": { "$in": given_up }, "deliverable_id": &after.id };
        db.stored::<TakenPost>().delete_many(ours).session(session).await?;
    }
    Ok(())
}

async fn take_in(
    session: &mut ClientSession,
    db: &Db,
    now: Timestamp,
    id: &DeliverableId,
    platform: Platform,
    url: &str,
    key: &str,
) -> Result<(), Failure> {
    let posts = db.stored::<TakenPost>();
    let taken = posts.find_one(doc! { "_id": key }).session(&mut *session).await?;
    if taken.as_ref().is_some_and(|taken| taken.deliverable_id == *id) {
        return Ok(());
    }
    let field = format!("{}_url", platform.as_str());
    let adopted = doc! { field.as_str(): url, "id": { "$ne": id } };
    let deliverables = db.live.collection::<Document>(Deliverable::COLLECTION);
    let is_adopted = deliverables.find_one(adopted).projection(doc! { "id": 1 }).session(&mut *session).await?;
    if taken.is_some() || is_adopted.is_some() {
        return Err(AppError::rule(409, "url_taken", words::URL_TAKEN).into());
    }
    let post = TakenPost { key: key.to_owned(), deliverable_id: id.clone(), at: date(now) };
    match posts.insert_one(post).session(session).await {
        Err(error) if Db::is_duplicate(&error) => Err(Lost.into()),
        done => Ok(done.map(drop)?),
    }
}

/// A delivery's posts: platform, address, key. An adopted address that is no post's stands for itself.
fn keys(of: &Deliverable) -> Vec<(Platform, String, String)> {
    let stored = [(Platform::Instagram, &of.instagram_url), (Platform::Tiktok, &of.tiktok_url)];
    stored
        .into_iter()
        .filter_map(|(platform, url)| {
            let url = url.as_ref()?;
            let key = urls::parse(platform, url).map_or_else(|_| format!("url:{url}"), |post| post.key().to_owned());
            Some((platform, url.clone(), key))
        })
        .collect()
}
