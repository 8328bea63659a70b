//! Ending a participation: the slot is free again, the delivery is kept as it was.

use bson::doc;
use jiff::Timestamp;
use mongodb::ClientSession;

use super::model::{Application, CancelledBy};
use super::staff::{cleaned, entry};
use super::state::{Moment, Step};
use super::store;
use crate::adopt::state::refuse_while_mirroring;
use crate::audit::{self, Action, Who};
use crate::campaigns;
use crate::campaigns::model::Campaign;
use crate::campaigns::tally;
use crate::creators::{Creator, stats};
use crate::ctx::Ctx;
use crate::db::{Db, with_transaction, write_change_in};
use crate::deliverables::Deliverable;
use crate::deliverables::state as deliveries;
use crate::deliverables::store::{self as delivery_store, Standing};
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::applications as words;
use crate::news::{self, News};
use crate::values::{ApplicationId, CampaignId, Capability};
use crate::waits::{self, Calendar};

/// Staff ends a participation.
pub async fn cancel(ctx: &Ctx, id: &ApplicationId, reason: String) -> Result<(), Failure> {
    ctx.require(Capability::UgcManage)?;
    let reason = cleaned(Some(&reason))?.ok_or_else(|| Failure::invalid("reason", words::REASON_MISSING))?;
    end(ctx, None, id, CancelledBy::Admin, Some(&reason)).await
}

/// A creator ends their own, as long as nothing was published.
pub async fn cancel_own(ctx: &Ctx, creator: &Creator, id: &ApplicationId) -> Result<(), Failure> {
    end(ctx, Some(creator), id, CancelledBy::Creator, None).await
}

async fn end(
    ctx: &Ctx,
    owner: Option<&Creator>,
    id: &ApplicationId,
    by: CancelledBy,
    reason: Option<&str>,
) -> Result<(), Failure> {
    let (app, now, who) = (&ctx.app, ctx.now(), &Who::of(ctx));
    with_transaction(&app.db, |session| {
        Box::pin(async move {
            let db = &app.db;
            refuse_while_mirroring(db, session).await?;
            let found = store::find_in(session, db, id).await?;
            let is_theirs = |one: &Application| owner.is_none_or(|owner| owner.id == one.creator_id);
            let before = found.filter(is_theirs).ok_or(AppError::NotFound)?;
            let calendar = &waits::calendar_in(session, db).await?;
            let delivery = delivery_store::of_application_in(session, db, id).await?;
            let ending = Ending { now, who, calendar, by, reason };
            let Some(after) = end_in(session, db, &ending, &before, delivery.as_ref()).await? else { return Ok(()) };
            let told = match (by, reason) {
                (CancelledBy::Creator, _) | (_, None) => News::CancelledByCreator { application: id.clone(), at: now },
                (_, Some(reason)) => {
                    audit::record_in(
                        session,
                        db,
                        now,
                        who.clone(),
                        entry(Action::UgcApplicationCancelled, &before, &after),
                    )
                    .await?;
                    News::CancelledByStaff {
                        application: id.clone(),
                        reason: reason.into(),
                        with_campaign: false,
                        at: now,
                    }
                }
            };
            news::tell_in(session, app, now, &[told]).await
        })
    })
    .await
}

/// Who ends something, when and why.
pub(super) struct Ending<'a> {
    pub now: Timestamp,
    pub who: &'a Who,
    pub calendar: &'a Calendar,
    pub by: CancelledBy,
    pub reason: Option<&'a str>,
}

/// Ends one participation: application, delivery, slot, counts and figures. `None`: it was ended already.
pub(super) async fn end_in(
    session: &mut ClientSession,
    db: &Db,
    ending: &Ending<'_>,
    before: &Application,
    delivery: Option<&Deliverable>,
) -> Result<Option<Application>, Failure> {
    let rules = &campaigns::DeliveryRules::default();
    let moment = Moment { now: ending.now, who: ending.who, calendar: ending.calendar, rules };
    let mut after = before.clone();
    if !after.take(&Step::Cancel(ending.by, ending.reason), &moment)? {
        return Ok(None);
    }
    let mut ended = delivery.cloned();
    if let Some(ended) = &mut ended {
        ended.take(&deliveries::Step::Cancel(ending.by), &moment)?;
    }
    free_in(session, db, &before.campaign_id).await?;
    write_change_in(session, db, before, &after).await?;
    if let (Some(delivery), Some(ended)) = (delivery, &ended) {
        delivery_store::save_in(session, db, ending.now, delivery, ended).await?;
    }
    let stood = Standing { application: Some(before.status), deliverable: delivery };
    let stands = Standing { application: Some(after.status), deliverable: ended.as_ref() };
    tally::record_in(session, db, &after.campaign_id, stood.change_to(&stands)).await?;
    stats::recompute_in(session, db, ending.now, &after.creator_id).await?;
    Ok(Some(after))
}

/// Gives a slot back.
async fn free_in(session: &mut ClientSession, db: &Db, campaign: &CampaignId) -> Result<(), Failure> {
    let expected = doc! { "id": campaign, "slots_filled": { "$gt": 0 } };
    let freed = doc! { "$inc": { "slots_filled": -1 } };
    let done = db.stored::<Campaign>().update_one(expected, freed).session(session).await?;
    if done.matched_count == 1 {
        return Ok(());
    }
    Err(anyhow::anyhow!("the campaign {campaign} has a confirmed application and no slot that is taken").into())
}
