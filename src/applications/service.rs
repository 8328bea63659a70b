//! What creators and staff do with applications.

use mongodb::ClientSession;

use super::checks;
use super::model::{Application, ApplicationStatus};
use super::state::{Moment, Step};
use super::store;
use crate::accounts::limits;
use crate::adopt::state::refuse_while_mirroring;
use crate::audit::Who;
use crate::brands;
use crate::campaigns::model::Campaign;
use crate::campaigns::tally::{self, Change};
use crate::creators::Creator;
use crate::ctx::{Actor, Ctx};
use crate::db::{Db, Lost, with_transaction, write_change_in};
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::applications as words;
use crate::news::{self, News};
use crate::values::{ApplicationId, CampaignId, newlines};
use crate::{campaigns, creators, waits};

pub use super::bulk::{cancel_confirmed_in, reject_pending_in};
pub use super::cancel::{cancel, cancel_own};
pub use super::confirm::confirm;
pub use super::staff::{reactivate, reject, shortlist};

/// Applications of one creator within an hour.
const ATTEMPTS: i32 = 20;
const WINDOW: std::time::Duration = std::time::Duration::from_secs(60 * 60);

/// Whether whoever asks may apply, in the order and the words of the refusals; for what a page offers. The campaign is one
/// they may see.
pub fn may_apply(
    ctx: &Ctx,
    creator: Option<&Creator>,
    campaign: &Campaign,
    existing: Option<&Application>,
) -> Result<(), Failure> {
    if matches!(ctx.actor, Actor::Guest) {
        return Err(AppError::rule(401, "sign_in", words::SIGN_IN).into());
    }
    Ok(checks::check(creator, campaign, existing, ctx.now())?)
}

/// A creator applies, or applies again after withdrawing.
pub async fn apply(
    ctx: &Ctx,
    creator: &Creator,
    campaign: &CampaignId,
    message: Option<String>,
) -> Result<ApplicationId, Failure> {
    let (app, now, who) = (&ctx.app, ctx.now(), &Who::of(ctx));
    let message = message.map(|message| newlines(message.trim())).filter(|message| !message.is_empty());
    let message = message.as_deref();
    admit(ctx, creator, campaign, message).await?;
    with_transaction(&app.db, |session| {
        Box::pin(async move {
            let db = &app.db;
            refuse_while_mirroring(db, session).await?;
            let creator = creators::store::find_in(session, db, &creator.id).await?;
            let campaign = campaigns::store::find_in(session, db, campaign).await?.ok_or_else(checks::no_campaign)?;
            let existing = match &creator {
                Some(creator) => store::of_pair_in(session, db, &campaign.id, &creator.id).await?,
                None => None,
            };
            checks::check(creator.as_ref(), &campaign, existing.as_ref(), now)?;
            let creator = creator.ok_or(AppError::NotFound)?;
            let calendar = &waits::calendar_in(session, db).await?;
            let moment = Moment { now, who, calendar, rules: &campaign.delivery };
            let snapshot = checks::snapshot(&creator, &campaign);
            let from = existing.as_ref().map(|existing| existing.status);
            let application = match existing {
                Some(before) => {
                    let mut after = before.clone();
                    after.take(&Step::Reapply(snapshot, message), &moment)?;
                    write_change_in(session, db, &before, &after).await?;
                    after.id
                }
                None => {
                    let new = Application::begin(&creator, &campaign.id, &snapshot, message, &moment);
                    insert_in(session, db, &new).await?;
                    new.id
                }
            };
            let change = Change { from, to: Some(ApplicationStatus::Applied), ..Change::default() };
            tally::record_in(session, db, &campaign.id, change).await?;
            news::tell_in(session, app, now, &[News::Applied { application: application.clone(), at: now }]).await?;
            Ok(application)
        })
    })
    .await
}

/// Everything that can be said before writing, then the count of attempts.
async fn admit(ctx: &Ctx, creator: &Creator, campaign: &CampaignId, message: Option<&str>) -> Result<(), Failure> {
    let db = &ctx.app.db;
    let campaign = campaigns::store::find(db, campaign).await?.ok_or_else(checks::no_campaign)?;
    let brand = brands::store::find(db, &campaign.brand_id).await?;
    if !brand.is_some_and(|brand| brand.is_active) {
        return Err(checks::no_campaign().into());
    }
    let existing = store::of_pair(db, &campaign.id, &creator.id).await?;
    checks::check(Some(creator), &campaign, existing.as_ref(), ctx.now())?;
    if message.is_some_and(|message| message.chars().count() > checks::LONGEST_MESSAGE) {
        return Err(Failure::invalid("message", words::MESSAGE_TOO_LONG));
    }
    let key = format!("applies:{}", creator.id);
    limits::allow(db, ctx.now(), &key, ATTEMPTS, WINDOW).await
}

/// Two at once: the second one finds the first and is refused by it.
async fn insert_in(session: &mut ClientSession, db: &Db, new: &Application) -> Result<(), Failure> {
    match db.stored::<Application>().insert_one(new).session(session).await {
        Err(error) if Db::is_duplicate(&error) => Err(Lost.into()),
        done => Ok(done.map(drop)?),
    }
}

/// A creator takes an application back.
pub async fn withdraw(ctx: &Ctx, creator: &Creator, id: &ApplicationId) -> Result<(), Failure> {
    let (app, now, who) = (&ctx.app, ctx.now(), &Who::of(ctx));
    with_transaction(&app.db, |session| {
        Box::pin(async move {
            let db = &app.db;
            refuse_while_mirroring(db, session).await?;
            let found = store::find_in(session, db, id).await?;
            let before = found.filter(|found| found.creator_id == creator.id).ok_or(AppError::NotFound)?;
            if step_in(session, db, now, who, &before, &Step::Withdraw).await?.is_some() {
                let told = News::Withdrawn { application: id.clone(), at: now };
                news::tell_in(session, app, now, &[told]).await?;
            }
            Ok(())
        })
    })
    .await
}

/// One step that touches no delivery: written with the campaign's counts. `None`: it was in effect already.
pub(super) async fn step_in(
    session: &mut ClientSession,
    db: &Db,
    now: jiff::Timestamp,
    who: &Who,
    before: &Application,
    step: &Step<'_>,
) -> Result<Option<Application>, Failure> {
    let calendar = &waits::calendar_in(session, db).await?;
    let mut after = before.clone();
    if !after.take(step, &Moment { now, who, calendar, rules: &campaigns::DeliveryRules::default() })? {
        return Ok(None);
    }
    write_change_in(session, db, before, &after).await?;
    let change = Change { from: Some(before.status), to: Some(after.status), ..Change::default() };
    tally::record_in(session, db, &after.campaign_id, change).await?;
    Ok(Some(after))
}
