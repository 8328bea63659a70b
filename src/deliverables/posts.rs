//! Which delivery has which post: the same post counts once.
//!
//! A document per post, made and deleted and never changed, so that two deliveries that take one at the same moment meet.
//! Addresses adopted from before have no such document; they are found by the addresses themselves.

use bson::{DateTime, Document, doc};
use futures::TryStreamExt;
use jiff::Timestamp;
use mongodb::ClientSession;
use serde::{Deserialize, Serialize};

use super::model::Deliverable;
use super::urls::{self, CanonicalUrl};
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

/// The deliveries that have a post, under whichever of its addresses.
pub async fn holders(db: &Db, post: &CanonicalUrl) -> Result<Vec<DeliverableId>, Failure> {
    #[derive(Deserialize)]
    struct Found {
        id: DeliverableId,
    }
    let platforms = Platform::ALL.map(|platform| doc! { field(platform): { "$in": post.forms() } });
    let deliverables = db.live.collection::<Found>(Deliverable::COLLECTION);
    let stored = deliverables.find(doc! { "$or": platforms.to_vec() }).projection(doc! { "id": 1 });
    let stored = async { stored.await?.try_collect::<Vec<_>>().await };
    let taken = db.stored::<TakenPost>();
    let (stored, taken) = futures::try_join!(stored, async { taken.find_one(doc! { "_id": post.key() }).await })?;
    Ok(stored.into_iter().map(|found| found.id).chain(taken.map(|taken| taken.deliverable_id)).collect())
}

/// Moves a delivery's posts from what it had to what it has; refuses a post that is another delivery's.
pub async fn exchange_in(
    session: &mut ClientSession,
    db: &Db,
    now: Timestamp,
    before: &Deliverable,
    after: &Deliverable,
) -> Result<(), Failure> {
    let (had, has) = (posts(before), posts(after));
    for post in &has {
        if !had.iter().any(|kept| kept.key == post.key) {
            take_in(session, db, now, &after.id, post).await?;
        }
    }
    let given_up: Vec<_> =
        had.into_iter().map(|post| post.key).filter(|key| !has.iter().any(|kept| kept.key == *key)).collect();
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
    post: &Post,
) -> Result<(), Failure> {
    let posts = db.stored::<TakenPost>();
    let taken = posts.find_one(doc! { "_id": &post.key }).session(&mut *session).await?;
    if taken.as_ref().is_some_and(|taken| taken.deliverable_id == *id) {
        return Ok(());
    }
    let adopted = doc! { field(post.platform): { "$in": &post.forms }, "id": { "$ne": id } };
    let deliverables = db.live.collection::<Document>(Deliverable::COLLECTION);
    let is_adopted = deliverables.find_one(adopted).projection(doc! { "id": 1 }).session(&mut *session).await?;
    if taken.is_some() || is_adopted.is_some() {
        return Err(AppError::rule(409, "url_taken", words::URL_TAKEN).into());
    }
    let post = TakenPost { key: post.key.clone(), deliverable_id: id.clone(), at: date(now) };
    match posts.insert_one(post).session(session).await {
        Err(error) if Db::is_duplicate(&error) => Err(Lost.into()),
        done => Ok(done.map(drop)?),
    }
}

/// A post of a delivery.
struct Post {
    platform: Platform,
    key: String,
    forms: Vec<String>,
}

/// The field of a platform's address.
fn field(platform: Platform) -> String {
    format!("{}_url", platform.as_str())
}

/// A delivery's posts. An adopted address that is no post's stands for itself.
fn posts(of: &Deliverable) -> Vec<Post> {
    let stored = [(Platform::Instagram, &of.instagram_url), (Platform::Tiktok, &of.tiktok_url)];
    stored
        .into_iter()
        .filter_map(|(platform, url)| {
            let url = url.as_ref()?;
            Some(match urls::parse(platform, url) {
                Ok(post) => Post { platform, key: post.key().to_owned(), forms: post.forms() },
                Err(_) => Post { platform, key: format!("url:{url}"), forms: vec![url.clone()] },
            })
        })
        .collect()
}
