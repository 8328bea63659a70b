//! Confirming: one slot, one delivery, two deadlines, all or nothing.

use bson::doc;
use mongodb::ClientSession;

use super::model::{Application, ApplicationStatus};
use super::staff::entry;
use super::state::{Moment, Move, Step, Verdict, campaign_closed, wrong_state};
use super::store;
use crate::adopt::state::refuse_while_mirroring;
use crate::audit::{self, Action, Who};
use crate::campaigns::model::Campaign;
use crate::creators::Creator;
use crate::ctx::Ctx;
use crate::db::{Db, Lost, with_transaction, write_change_in};
use crate::deliverables::state as deliveries;
use crate::deliverables::store::{self as delivery_store, Standing};
use crate::deliverables::{Deliverable, DeliverableStatus};
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::applications as words;
use crate::news::{self, News};
use crate::values::{ApplicationId, Capability, DeliverableId};
use crate::{campaigns, creators, waits};

/// Gives an application one of the campaign's slots and opens its delivery. Once more is no error and changes nothing.
pub async fn confirm(ctx: &Ctx, id: &ApplicationId) -> Result<DeliverableId, Failure> {
    ctx.require(Capability::UgcManage)?;
    let (app, now, who) = (&ctx.app, ctx.now(), &Who::of(ctx));
    with_transaction(&app.db, |session| {
        Box::pin(async move {
            let db = &app.db;
            refuse_while_mirroring(db, session).await?;
            let before = store::find_in(session, db, id).await?.ok_or(AppError::NotFound)?;
            let existing = delivery_store::of_application_in(session, db, id).await?;
            if before.status == ApplicationStatus::Confirmed
                && let Some(existing) = existing
            {
                return Ok(existing.id);
            }
            let campaign = campaigns::store::find_in(session, db, &before.campaign_id).await?;
            let campaign = campaign.ok_or(AppError::NotFound)?;
            let creator = creators::store::find_in(session, db, &before.creator_id).await?;
            let creator = creator.ok_or(AppError::NotFound)?;
            let calendar = &waits::calendar_in(session, db).await?;
            let moment = Moment { now, who, calendar, rules: &campaign.delivery };
            let confirmed = plan(&campaign, &before, existing.as_ref(), &creator, &moment)?;
            fill_in(session, db, &campaign).await?;
            write_change_in(session, db, &before, &confirmed.application).await?;
            match &existing {
                Some(cancelled) => delivery_store::save_in(session, db, now, cancelled, &confirmed.deliverable).await?,
                None => insert_in(session, db, &confirmed.deliverable).await?,
            }
            let stood = Standing { application: Some(before.status), deliverable: existing.as_ref() };
            let stands =
                Standing { application: Some(confirmed.application.status), deliverable: Some(&confirmed.deliverable) };
            delivery_store::settle_in(session, db, now, &confirmed.deliverable, stood.change_to(&stands)).await?;
            let row = entry(Action::UgcApplicationConfirmed, &before, &confirmed.application);
            audit::record_in(session, db, now, who.clone(), row).await?;
            let deliverable = confirmed.deliverable.id;
            let mut told = vec![News::Confirmed { application: id.clone(), deliverable: deliverable.clone(), at: now }];
            if campaign.available_slots() == 1 {
                let (campaign, confirmed) = (campaign.id.clone(), campaign.slots_filled + 1);
                told.push(News::SlotsTaken { campaign, confirmed, at: now });
            }
            news::tell_in(session, app, now, &told).await?;
            Ok(deliverable)
        })
    })
    .await
}

/// What a confirmation makes.
#[derive(Clone, Debug)]
pub struct Confirmed {
    /// The application, confirmed.
    pub application: Application,
    /// Its delivery: new, or the cancelled one open again.
    pub deliverable: Deliverable,
}

/// What confirming would make, or why it can't be: pure.
pub fn plan(
    campaign: &Campaign,
    application: &Application,
    existing: Option<&Deliverable>,
    creator: &Creator,
    moment: &Moment,
) -> Result<Confirmed, AppError> {
    if !matches!(Move::Confirm.from(application.status), Verdict::Goes(_)) {
        return Err(wrong_state(application.status));
    }
    if !Move::Confirm.is_open_in(campaign.status) {
        return Err(campaign_closed(campaign.status));
    }
    if !creator.is_active {
        return Err(AppError::rule(409, "creator_inactive", words::CREATOR_INACTIVE));
    }
    if campaign.available_slots() == 0 {
        return Err(AppError::rule(409, "no_slots", words::NO_SLOTS));
    }
    let due = campaign.delivery.deadlines(moment.now);
    if due.url <= moment.now {
        return Err(AppError::rule(422, "deadline_past", words::DEADLINE_PAST));
    }
    let mut application = application.clone();
    application.take(&Step::Confirm(due), moment)?;
    let deliverable = match existing {
        None => Deliverable::open(campaign, &application, creator, moment),
        Some(old) if old.status == DeliverableStatus::Cancelled => {
            let mut reopened = old.clone();
            reopened.take(&deliveries::Step::Reopen(due), moment)?;
            reopened.brand_id = campaign.brand_id.clone();
            reopened.platform = campaign.platform_for(creator);
            reopened
        }
        Some(open) => return Err(deliveries::wrong_state(open.status)),
    };
    Ok(Confirmed { application, deliverable })
}

/// Takes one slot, provided that there are as many as were read.
async fn fill_in(session: &mut ClientSession, db: &Db, campaign: &Campaign) -> Result<(), Failure> {
    let expected = doc! {
        "id": &campaign.id,
        "status": campaign.status.as_str(),
        "slots_filled": campaign.slots_filled,
        "total_slots_loaded": { "$gt": campaign.slots_filled },
    };
    let filled = doc! { "$inc": { "slots_filled": 1 } };
    let done = db.stored::<Campaign>().update_one(expected, filled).session(session).await?;
    if done.matched_count == 1 { Ok(()) } else { Err(Lost.into()) }
}

/// Two at once: the second one finds the first.
async fn insert_in(session: &mut ClientSession, db: &Db, new: &Deliverable) -> Result<(), Failure> {
    match db.stored::<Deliverable>().insert_one(new).session(session).await {
        Err(error) if Db::is_duplicate(&error) => Err(Lost.into()),
        done => Ok(done.map(drop)?),
    }
}
