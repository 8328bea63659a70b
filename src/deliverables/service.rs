//! What creators and staff do with deliveries.

use bson::{Document, doc};
use jiff::Timestamp;

use super::model::Deliverable;
use super::state::{Addresses, Effect, Move, Step};
use super::store::{self, Standing};
use super::urls;
use crate::adopt::state::refuse_while_mirroring;
use crate::applications::model::{Application, ApplicationStatus};
use crate::applications::state::Moment;
use crate::audit::{self, Action, Entry, Who};
use crate::ctx::Ctx;
use crate::db::with_transaction;
use crate::error::{AppError, FieldProblem};
use crate::failure::Failure;
use crate::i18n::deliverables as words;
use crate::news::{self, News};
use crate::values::{Capability, DeliverableId, Platform, newlines};
use crate::{campaigns, creators::Creator, waits};

/// The longest note.
const LONGEST_NOTE: usize = 1_000;

/// Addresses as they were typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Urls {
    /// Instagram's field.
    pub instagram: Option<String>,
    /// TikTok's field.
    pub tiktok: Option<String>,
}

impl Urls {
    /// The addresses, or what is wrong with each field (`instagram_url`, `tiktok_url`).
    pub fn read(&self) -> Result<Addresses, AppError> {
        let mut problems = Vec::new();
        let mut read = |platform: Platform, field: &str, typed: &Option<String>| {
            let typed = typed.as_deref().map(str::trim).filter(|typed| !typed.is_empty())?;
            urls::parse(platform, typed)
                .map_err(|problem| problems.push(FieldProblem::new(field, words::url_problem(platform, problem))))
                .ok()
        };
        let addresses = Addresses {
            instagram: read(Platform::Instagram, "instagram_url", &self.instagram),
            tiktok: read(Platform::Tiktok, "tiktok_url", &self.tiktok),
        };
        if problems.is_empty() { Ok(addresses) } else { Err(AppError::Invalid(problems)) }
    }
}

/// The creator's addresses: the first ones, the other platform's, or corrected ones, as the delivery's state asks.
pub async fn register_urls(ctx: &Ctx, creator: &Creator, id: &DeliverableId, typed: Urls) -> Result<(), Failure> {
    let addresses = typed.read()?;
    take(ctx, id, Some(creator), &Step::Register(&addresses), None).await
}

/// The post is fine.
pub async fn approve(ctx: &Ctx, id: &DeliverableId, note: Option<String>) -> Result<(), Failure> {
    let note = cleaned(note.as_deref())?;
    take_as_staff(ctx, id, &Step::Approve(note.as_deref()), Action::UgcDeliverableApproved).await
}

/// The post needs a correction; once per delivery.
pub async fn request_changes(ctx: &Ctx, id: &DeliverableId, note: String) -> Result<(), Failure> {
    let note = cleaned(Some(&note))?.ok_or_else(|| Failure::invalid("note", words::NOTE_MISSING))?;
    take_as_staff(ctx, id, &Step::RequestChanges(&note), Action::UgcDeliverableChangesRequested).await
}

/// The post is refused.
pub async fn reject(ctx: &Ctx, id: &DeliverableId, note: String) -> Result<(), Failure> {
    let note = cleaned(Some(&note))?.ok_or_else(|| Failure::invalid("note", words::REJECTION_MISSING))?;
    take_as_staff(ctx, id, &Step::RejectContent(&note), Action::UgcDeliverableRejected).await
}

/// Everything has to be registered again; the creator's punctuality stays when asked for.
pub async fn reset_urls(ctx: &Ctx, id: &DeliverableId, keep_punctuality: bool) -> Result<(), Failure> {
    take_as_staff(ctx, id, &Step::ResetUrls(keep_punctuality), Action::UgcDeliverableUrlsReset).await
}

/// Metrics have to be uploaded again.
pub async fn reset_metrics(ctx: &Ctx, id: &DeliverableId) -> Result<(), Failure> {
    take_as_staff(ctx, id, &Step::ResetMetrics, Action::UgcDeliverableMetricsReset).await
}

/// Both addresses as they have to be; an empty field takes one away.
pub async fn edit_urls(ctx: &Ctx, id: &DeliverableId, typed: Urls) -> Result<(), Failure> {
    let addresses = typed.read()?;
    take_as_staff(ctx, id, &Step::EditUrls(&addresses), Action::UgcDeliverableUrlsEdited).await
}

/// Closed.
pub async fn complete(ctx: &Ctx, id: &DeliverableId) -> Result<(), Failure> {
    take_as_staff(ctx, id, &Step::Complete, Action::UgcDeliverableCompleted).await
}

/// A note as stored: trimmed, none when empty, not longer than anybody reads.
fn cleaned(note: Option<&str>) -> Result<Option<String>, Failure> {
    let note = note.map(|note| newlines(note.trim())).filter(|note| !note.is_empty());
    match note {
        Some(note) if note.chars().count() > LONGEST_NOTE => Err(Failure::invalid("note", words::NOTE_TOO_LONG)),
        note => Ok(note),
    }
}

async fn take_as_staff(ctx: &Ctx, id: &DeliverableId, step: &Step<'_>, action: Action) -> Result<(), Failure> {
    ctx.require(Capability::UgcManage)?;
    take(ctx, id, None, step, Some(action)).await
}

/// One step with everything that follows from it, in one transaction. An owner sees only what is theirs.
async fn take(
    ctx: &Ctx,
    id: &DeliverableId,
    owner: Option<&Creator>,
    step: &Step<'_>,
    action: Option<Action>,
) -> Result<(), Failure> {
    let (app, now, who) = (&ctx.app, ctx.now(), &Who::of(ctx));
    with_transaction(&app.db, |session| {
        Box::pin(async move {
            let db = &app.db;
            refuse_while_mirroring(db, session).await?;
            let found = store::find_in(session, db, id).await?;
            let is_theirs = |one: &Deliverable| owner.is_none_or(|owner| owner.id == one.creator_id);
            let before = found.filter(is_theirs).ok_or(AppError::NotFound)?;
            let campaign = campaigns::store::find_in(session, db, &before.campaign_id).await?;
            let campaign = campaign.ok_or(AppError::NotFound)?;
            let calendar = &waits::calendar_in(session, db).await?;
            let mut after = before.clone();
            let effect = after.take(step, &Moment { now, who, calendar, rules: &campaign.delivery })?;
            let Effect::Done(kind) = effect else { return Ok(()) };
            let applications = db.stored::<Application>();
            let application =
                applications.find_one(doc! { "id": &before.application_id }).session(&mut *session).await?;
            let status = application.map(|application| application.status);
            if owner.is_some() && status != Some(ApplicationStatus::Confirmed) {
                return Err(AppError::rule(409, "not_confirmed", words::NOT_CONFIRMED).into());
            }
            store::save_in(session, db, now, &before, &after).await?;
            let stands = |deliverable| Standing { application: status, deliverable: Some(deliverable) };
            let change = stands(&before).change_to(&stands(&after));
            store::settle_in(session, db, now, &after, change).await?;
            if let Some(action) = action {
                let entry =
                    Entry::new(action).target("deliverable", id.as_str()).details(details(&before, &after, step));
                audit::record_in(session, db, now, who.clone(), entry).await?;
            }
            if let Some(told) = told(kind, &after, step, now) {
                news::tell_in(session, app, now, &[told]).await?;
            }
            Ok(())
        })
    })
    .await
}

/// What the audit log says.
fn details(before: &Deliverable, after: &Deliverable, step: &Step) -> Document {
    let side = |one: &Deliverable| {
        doc! {
            "status": one.status.as_str(),
            "instagram_url": one.instagram_url.as_deref(),
            "tiktok_url": one.tiktok_url.as_deref(),
        }
    };
    let mut details = doc! {
        "campaign_id": &after.campaign_id,
        "creator_id": &after.creator_id,
        "before": side(before),
        "after": side(after),
    };
    match step {
        Step::RequestChanges(note) | Step::RejectContent(note) | Step::Approve(Some(note)) => {
            details.insert("reason", *note);
        }
        Step::ResetUrls(keeps) => {
            details.insert("keeps_punctuality", *keeps);
        }
        _ => {}
    }
    details
}

/// What is told of a step.
fn told(kind: Move, of: &Deliverable, step: &Step, at: Timestamp) -> Option<News> {
    let deliverable = of.id.clone();
    let note = match step {
        Step::RequestChanges(note) | Step::RejectContent(note) | Step::Approve(Some(note)) => (*note).to_owned(),
        _ => String::new(),
    };
    Some(match kind {
        Move::Publish => News::UrlRegistered { deliverable, at },
        Move::AddUrl => News::UrlAdded { deliverable, at },
        Move::Correct => News::UrlCorrected { deliverable, at },
        Move::Approve => News::Approved { deliverable, note: Some(note).filter(|note| !note.is_empty()), at },
        Move::RequestChanges => News::ChangesRequested { deliverable, note, at },
        Move::RejectContent => News::ContentRejected { deliverable, note, at },
        Move::ResetUrls => News::Reset { deliverable, urls: true, at },
        Move::ResetMetrics => News::Reset { deliverable, urls: false, at },
        Move::EditUrls => News::UrlEdited { deliverable, at },
        Move::Complete => News::Completed { deliverable, at },
        Move::AcceptMetrics | Move::VerifyMetrics | Move::Cancel | Move::Reopen => return None,
    })
}
