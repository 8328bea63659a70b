//! People's own notices. Somebody else's isn't there.

use bson::oid::ObjectId;
use bson::{DateTime, Document, doc};
use futures::TryStreamExt;

use super::list::{From, Place, UNREAD_SHOWN};
use super::model::PersonalNotice;
use crate::ctx::Ctx;
use crate::db::date;
use crate::error::AppError;
use crate::failure::Failure;

/// Own notices, newest first, and the places of the pages around them.
#[derive(Debug)]
pub struct OwnPage {
    /// The page.
    pub rows: Vec<PersonalNotice>,
    /// All that match.
    pub total: u64,
    /// The page before this one.
    pub newer: Option<Place>,
    /// The page after this one.
    pub older: Option<Place>,
}

fn own(ctx: &Ctx, only_unread: bool) -> Result<Document, Failure> {
    let mut filter = doc! { "user_id": &ctx.person()?.user_id };
    if only_unread {
        filter.insert("is_read", false);
    }
    Ok(filter)
}

/// The newest own notices, for the bell.
pub async fn own_recent(ctx: &Ctx, limit: usize) -> Result<Vec<PersonalNotice>, Failure> {
    read(ctx, own(ctx, false)?, -1, limit).await
}

/// How many own notices are unread; counting stops at `UNREAD_SHOWN`.
pub async fn own_unread_count(ctx: &Ctx) -> Result<usize, Failure> {
    let all = ctx.app.db.stored::<PersonalNotice>();
    let unread = all.count_documents(own(ctx, true)?).limit(UNREAD_SHOWN as u64).await?;
    Ok(usize::try_from(unread).unwrap_or(UNREAD_SHOWN))
}

/// One page of own notices and the count of all that match.
pub async fn own_page(ctx: &Ctx, only_unread: bool, from: From, limit: usize) -> Result<OwnPage, Failure> {
    let filter = own(ctx, only_unread)?;
    let (bound, sort) = match from {
        From::Newest => (doc! {}, -1),
        From::Before(place) => (beyond(place, "$lt"), -1),
        From::After(place) => (beyond(place, "$gt"), 1),
    };
    let counting = async { Ok(ctx.app.db.stored::<PersonalNotice>().count_documents(filter.clone()).await?) };
    let reading = read(ctx, doc! { "$and": [filter.clone(), bound] }, sort, limit + 1);
    let (total, mut rows) = futures::future::try_join(counting, reading).await?;
    let more = rows.len() > limit;
    rows.truncate(limit);
    if sort == 1 {
        rows.reverse();
    }
    let place = |notice: &PersonalNotice| Place::at(notice.created_at, notice.key);
    let (first, last) = (rows.first().map(place), rows.last().map(place));
    let (newer, older) = match from {
        From::Newest => (None, last.filter(|_| more)),
        From::Before(place) => (first.or(Some(place)), last.filter(|_| more)),
        From::After(place) => (first.filter(|_| more), last.or(Some(place))),
    };
    Ok(OwnPage { rows, total, newer, older })
}

fn beyond(place: Place, side: &str) -> Document {
    let (at, key): (DateTime, ObjectId) = place.parts();
    doc! { "$or": [{ "created_at": { side: at } }, { "created_at": at, "_id": { side: key } }] }
}

async fn read(ctx: &Ctx, filter: Document, sort: i32, limit: usize) -> Result<Vec<PersonalNotice>, Failure> {
    let all = ctx.app.db.stored::<PersonalNotice>();
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let found = all.find(filter).sort(doc! { "created_at": sort, "_id": sort }).limit(limit).await?;
    Ok(found.try_collect().await?)
}

/// Marks one as read and returns it, so that whoever clicked can be sent where it leads.
pub async fn mark_own_read(ctx: &Ctx, id: &str) -> Result<PersonalNotice, Failure> {
    let user_id = &ctx.person()?.user_id;
    let all = ctx.app.db.stored::<PersonalNotice>();
    let update = doc! { "$set": { "is_read": true, "read_at": date(ctx.now()) } };
    all.update_one(doc! { "id": id, "user_id": user_id, "is_read": false }, update).await?;
    Ok(all.find_one(doc! { "id": id, "user_id": user_id }).await?.ok_or(AppError::NotFound)?)
}

/// Marks all as read; returns how many weren't.
pub async fn mark_all_own_read(ctx: &Ctx) -> Result<u64, Failure> {
    let update = doc! { "$set": { "is_read": true, "read_at": date(ctx.now()) } };
    Ok(ctx.app.db.stored::<PersonalNotice>().update_many(own(ctx, true)?, update).await?.modified_count)
}

/// Deletes an own notice.
pub async fn delete_own(ctx: &Ctx, id: &str) -> Result<(), Failure> {
    let filter = doc! { "id": id, "user_id": &ctx.person()?.user_id };
    let deleted = ctx.app.db.stored::<PersonalNotice>().delete_one(filter).await?;
    if deleted.deleted_count == 0 { Err(AppError::NotFound.into()) } else { Ok(()) }
}
