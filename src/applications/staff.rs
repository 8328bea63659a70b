//! Staff's short list, refusals and second chances.

use bson::doc;
use mongodb::ClientSession;

use super::model::Application;
use super::service::step_in;
use super::state::{Move, Step, Verdict, campaign_closed};
use super::store;
use crate::adopt::state::refuse_while_mirroring;
use crate::audit::{self, Action, Entry, Who};
use crate::campaigns;
use crate::ctx::Ctx;
use crate::db::{Db, with_transaction};
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::applications as words;
use crate::news::{self, News, Rejection};
use crate::values::{ApplicationId, Capability, newlines};

/// The longest reason.
const LONGEST_REASON: usize = 1_000;

/// To the short list.
pub async fn shortlist(ctx: &Ctx, id: &ApplicationId) -> Result<(), Failure> {
    let told = News::Shortlisted { application: id.clone(), at: ctx.now() };
    take(ctx, id, &Step::Shortlist, Action::UgcApplicationShortlisted, told).await
}

/// No, with or without a reason.
pub async fn reject(ctx: &Ctx, id: &ApplicationId, reason: Option<String>) -> Result<(), Failure> {
    let reason = cleaned(reason.as_deref())?;
    let (because, at) = (Rejection::Decided, ctx.now());
    let told = News::Rejected { application: id.clone(), reason: reason.clone(), because, at };
    take(ctx, id, &Step::Reject(reason.as_deref(), false), Action::UgcApplicationRejected, told).await
}

/// Open again; the slot isn't taken until it is confirmed again.
pub async fn reactivate(ctx: &Ctx, id: &ApplicationId) -> Result<(), Failure> {
    let told = News::Reactivated { application: id.clone(), at: ctx.now() };
    take(ctx, id, &Step::Reactivate, Action::UgcApplicationReactivated, told).await
}

/// A reason as stored: trimmed, none when empty, not longer than anybody reads.
pub(super) fn cleaned(reason: Option<&str>) -> Result<Option<String>, Failure> {
    match reason.map(|reason| newlines(reason.trim())).filter(|reason| !reason.is_empty()) {
        Some(reason) if reason.chars().count() > LONGEST_REASON => {
            Err(Failure::invalid("reason", words::REASON_TOO_LONG))
        }
        reason => Ok(reason),
    }
}

async fn take(ctx: &Ctx, id: &ApplicationId, step: &Step<'_>, action: Action, told: News) -> Result<(), Failure> {
    ctx.require(Capability::UgcManage)?;
    let (app, now, who, told) = (&ctx.app, ctx.now(), &Who::of(ctx), &told);
    with_transaction(&app.db, |session| {
        Box::pin(async move {
            let db = &app.db;
            refuse_while_mirroring(db, session).await?;
            let before = store::find_in(session, db, id).await?.ok_or(AppError::NotFound)?;
            require_open_campaign(session, db, &before, step.kind()).await?;
            let Some(after) = step_in(session, db, now, who, &before, step).await? else { return Ok(()) };
            audit::record_in(session, db, now, who.clone(), entry(action, &before, &after)).await?;
            news::tell_in(session, app, now, std::slice::from_ref(told)).await
        })
    })
    .await
}

/// Refuses a move that leads somewhere while the campaign's state doesn't let it.
async fn require_open_campaign(
    session: &mut ClientSession,
    db: &Db,
    of: &Application,
    kind: Move,
) -> Result<(), Failure> {
    if !matches!(kind.from(of.status), Verdict::Goes(_)) {
        return Ok(());
    }
    let campaign = campaigns::store::find_in(session, db, &of.campaign_id).await?.ok_or(AppError::NotFound)?;
    if kind.is_open_in(campaign.status) { Ok(()) } else { Err(campaign_closed(campaign.status).into()) }
}

/// What the audit log says of a step.
pub(super) fn entry(action: Action, before: &Application, after: &Application) -> Entry {
    Entry::new(action).target("application", after.id.as_str()).details(doc! {
        "campaign_id": &after.campaign_id,
        "creator_id": &after.creator_id,
        "before": before.status.as_str(),
        "after": after.status.as_str(),
        "reason": after.status_history.last().and_then(|step| step.reason.as_deref()),
    })
}
