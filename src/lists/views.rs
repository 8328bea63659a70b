//! Saving, renaming and forgetting views. A view is its owner's alone: anybody else's isn't there.

use bson::{Document, doc};
use futures::TryStreamExt;

use super::model::{ListName, SavedView};
use crate::ctx::Ctx;
use crate::db::date;
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::lists as words;
use crate::values::Capability;

/// Views of one list that a person keeps.
const MOST: u64 = 20;
/// Longest name, in characters.
const LONGEST_NAME: usize = 40;
/// Longest state of a list.
const LONGEST_QUERY: usize = 1_500;

/// The views of whoever asks, oldest first.
pub async fn of(ctx: &Ctx, list: ListName) -> Result<Vec<SavedView>, Failure> {
    let person = ctx.person()?;
    let filter = doc! { "user_id": &person.user_id, "list": list };
    let views = ctx.app.db.stored::<SavedView>();
    Ok(views.find(filter).sort(doc! { "created_at": 1 }).limit(MOST as i64).await?.try_collect().await?)
}

/// Saves a state of a list under a name; a name that is taken is given the new state.
pub async fn save(ctx: &Ctx, list: ListName, name: &str, query: &str) -> Result<(), Failure> {
    let person = ctx.require(Capability::UgcManage)?;
    let name = named(name)?;
    if query.len() > LONGEST_QUERY || serde_urlencoded::from_str::<Vec<(String, String)>>(query).is_err() {
        return Err(AppError::Malformed.into());
    }
    let views = ctx.app.db.stored::<SavedView>();
    let own = doc! { "user_id": &person.user_id, "list": list };
    let mut same = own.clone();
    same.insert("name", &name);
    let changed = views.update_one(same, doc! { "$set": { "query": query } }).await?;
    if changed.matched_count > 0 {
        return Ok(());
    }
    if views.count_documents(own).await? >= MOST {
        return Err(Failure::invalid("name", words::too_many_views(MOST)));
    }
    let view = SavedView {
        id: uuid::Uuid::new_v4().to_string(),
        user_id: person.user_id.clone(),
        list,
        name,
        query: query.to_owned(),
        created_at: date(ctx.now()),
    };
    views.insert_one(view).await?;
    Ok(())
}

/// Gives a view another name.
pub async fn rename(ctx: &Ctx, id: &str, name: &str) -> Result<(), Failure> {
    let own = own(ctx, id)?;
    let name = named(name)?;
    let views = ctx.app.db.stored::<SavedView>();
    let done = views.update_one(own, doc! { "$set": { "name": name } }).await?;
    if done.matched_count == 1 { Ok(()) } else { Err(AppError::NotFound.into()) }
}

/// Forgets a view.
pub async fn delete(ctx: &Ctx, id: &str) -> Result<(), Failure> {
    let done = ctx.app.db.stored::<SavedView>().delete_one(own(ctx, id)?).await?;
    if done.deleted_count == 1 { Ok(()) } else { Err(AppError::NotFound.into()) }
}

fn own(ctx: &Ctx, id: &str) -> Result<Document, Failure> {
    let person = ctx.require(Capability::UgcManage)?;
    Ok(doc! { "id": id, "user_id": &person.user_id })
}

fn named(name: &str) -> Result<String, Failure> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    match name.chars().count() {
        0 => Err(Failure::invalid("name", words::NAME_MISSING)),
        1..=LONGEST_NAME => Ok(name),
        _ => Err(Failure::invalid("name", words::name_too_long(LONGEST_NAME))),
    }
}
