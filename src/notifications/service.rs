//! What people do to system notices: read, take, resolve, delete. Reading is theirs alone; the rest is on record.

use bson::doc;
use futures::future::BoxFuture;

use super::incidents;
use super::model::{By, SystemNotice};
use super::store;
use crate::audit::{self, Action, Entry, Who};
use crate::ctx::{Ctx, Person};
use crate::db::with_transaction;
use crate::error::AppError;
use crate::failure::Failure;
use crate::values::Capability;

impl By {
    /// The signed-in person.
    pub fn of(person: &Person) -> Self {
        Self { user_id: person.user_id.clone(), name: person.name.clone() }
    }
}

/// Somebody takes an incident: it isn't repeated nor escalated any more. Taking it twice is fine; one that is over can't be
/// taken (`Conflict`).
pub async fn acknowledge(ctx: &Ctx, id: &str) -> Result<(), Failure> {
    let by = By::of(ctx.require(Capability::SystemNotificationsRead)?);
    let now = ctx.now();
    change(ctx, id, Action::NoticeAcknowledged, |notice| {
        if !notice.is_open { Err(AppError::Conflict) } else { Ok(incidents::acknowledge(notice, by.clone(), now)) }
    })
    .await
}

/// An incident is over because somebody says so. It comes back as reopened if it happens again.
pub async fn resolve(ctx: &Ctx, id: &str) -> Result<(), Failure> {
    let by = By::of(ctx.require(Capability::SystemNotificationsRead)?);
    let now = ctx.now();
    change(ctx, id, Action::NoticeResolved, |notice| Ok(incidents::resolve(notice, Some(by.clone()), now))).await
}

/// Changes one incident and records it; a change that changes nothing isn't recorded.
async fn change(
    ctx: &Ctx,
    id: &str,
    action: Action,
    rule: impl Fn(&mut SystemNotice) -> Result<bool, AppError> + Sync,
) -> Result<(), Failure> {
    let (rule, who, db, now) = (&rule, &Who::of(ctx), &ctx.app.db, ctx.now());
    with_transaction(db, |session| -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(async move {
            let mut notice = store::load_in(session, db, id).await?.ok_or(AppError::NotFound)?;
            let before = notice.state;
            if !rule(&mut notice)? {
                return Ok(());
            }
            store::save_in(session, db, &notice, false).await?;
            let details = doc! { "title": &notice.title, "before": before.as_str(), "after": notice.state.as_str() };
            let entry = Entry::new(action).target("system_notification", id).details(details);
            audit::record_in(session, db, now, who.clone(), entry).await?;
            Ok(())
        })
    })
    .await
}

/// This person has read it; for everybody else nothing changes.
pub async fn mark_read(ctx: &Ctx, id: &str) -> Result<(), Failure> {
    let person = ctx.require(Capability::SystemNotificationsRead)?;
    let update = doc! { "$addToSet": { "read_by": &person.user_id } };
    let marked = ctx.app.db.stored::<SystemNotice>().update_one(doc! { "id": id }, update).await?;
    if marked.matched_count == 0 { Err(AppError::NotFound.into()) } else { Ok(()) }
}

/// This person has read all there is; only what they hadn't read is touched. Returns how many.
pub async fn mark_all_read(ctx: &Ctx) -> Result<u64, Failure> {
    let person = ctx.require(Capability::SystemNotificationsRead)?;
    let filter = doc! { "read_by": { "$ne": &person.user_id } };
    let update = doc! { "$addToSet": { "read_by": &person.user_id } };
    Ok(ctx.app.db.stored::<SystemNotice>().update_many(filter, update).await?.modified_count)
}

/// Deletes a notice with its history, on record.
pub async fn delete(ctx: &Ctx, id: &str) -> Result<(), Failure> {
    ctx.require(Capability::SystemNotificationsDelete)?;
    let (who, db, now) = (&Who::of(ctx), &ctx.app.db, ctx.now());
    with_transaction(db, |session| -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(async move {
            let notice = store::load_in(session, db, id).await?.ok_or(AppError::NotFound)?;
            let deleted =
                db.stored::<SystemNotice>().delete_one(doc! { "_id": notice.key }).session(&mut *session).await?;
            if deleted.deleted_count == 0 {
                return Err(AppError::NotFound.into());
            }
            let details = doc! {
                "title": &notice.title, "type": notice.kind.as_str(), "severity": notice.severity.as_str(),
                "state": notice.state.as_str(), "fingerprint": &notice.fingerprint, "occurrences": notice.occurrences,
            };
            let entry = Entry::new(Action::NoticeDeleted).target("system_notification", id).details(details);
            audit::record_in(session, db, now, who.clone(), entry).await?;
            Ok(())
        })
    })
    .await
}
