//! Changing a campaign's state, with everything that follows from it.

use bson::{Document, doc};
use jiff::Timestamp;

use super::{entry, manager, step};
use crate::adopt::state::refuse_while_mirroring;
use crate::applications;
use crate::audit::{Action, Who, record_in};
use crate::brands;
use crate::campaigns::contract;
use crate::campaigns::model::{Campaign, CampaignStatus, SlotKind, SlotLoad};
use crate::campaigns::state::Move;
use crate::campaigns::store;
use crate::ctx::{Ctx, Person};
use crate::db::{Db, Lost, Transaction, date, with_transaction};
use crate::deliverables::model::{Deliverable, DeliverableStatus};
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::campaigns as words;
use crate::news::{self, News, Rejection};
use crate::values::{CampaignId, LocalDate};

/// Longest reason, in characters.
pub const REASON: usize = 500;
/// Pending applications rejected at once.
const AT_ONCE: u32 = 500;

/// Where a campaign should go, and what whoever asks has decided about the rest.
#[derive(Clone, Debug)]
pub struct Ask {
    /// Where to.
    pub to: CampaignStatus,
    /// Why; needed to cancel, and to complete although something is missing.
    pub reason: Option<String>,
    /// When completing: reject what still waits for an answer.
    pub reject_rest: bool,
    /// When completing: although deliveries are missing.
    pub despite_open: bool,
}

impl Ask {
    /// A change without further decisions.
    pub fn to(to: CampaignStatus) -> Self {
        Self { to, reason: None, reject_rest: false, despite_open: false }
    }

    fn reason(&self) -> Option<&str> {
        self.reason.as_deref().map(str::trim).filter(|reason| !reason.is_empty())
    }
}

/// Changes the state. Asking for the one it is in does nothing.
pub async fn change_status(ctx: &Ctx, id: &CampaignId, ask: Ask) -> Result<(), Failure> {
    manager(ctx)?;
    if ask.reason().is_some_and(|reason| reason.chars().count() > REASON) {
        return Err(Failure::invalid("reason", words::form::too_long(REASON)));
    }
    let ask = &ask;
    with_transaction(&ctx.app.db, |session| Box::pin(change(ctx, session, id, ask))).await
}

/// The change itself, in a transaction.
pub(super) async fn change(
    ctx: &Ctx,
    session: &mut Transaction<'_>,
    id: &CampaignId,
    ask: &Ask,
) -> Result<(), Failure> {
    let (db, now, person) = (&ctx.app.db, ctx.now(), ctx.person()?);
    refuse_while_mirroring(db, &mut *session).await?;
    let campaign = store::find_in(&mut *session, db, id).await?.ok_or(AppError::NotFound)?;
    if campaign.status == ask.to {
        return Ok(());
    }
    let way = Move::between(campaign.status, ask.to)
        .ok_or_else(|| AppError::rule(409, "wrong_state", words::wrong_state(campaign.status, ask.to)))?;
    if !way.is_open_to(person.role) {
        return Err(AppError::Forbidden.into());
    }
    let mut counts = Document::new();
    let mut update = match way {
        Move::Publish => publish(session, db, now, person, &campaign).await?,
        Move::Close => doc! { "$set": { "closed_at": date(now) } },
        Move::Reopen => reopen(&campaign, now)?,
        Move::Produce if campaign.slots_filled == 0 => {
            return Err(AppError::rule(422, "nobody_confirmed", words::NOBODY_CONFIRMED).into());
        }
        Move::Produce => Document::new(),
        Move::Complete => complete(ctx, session, &campaign, ask, &mut counts).await?,
        Move::Cancel => cancel(ctx, session, &campaign, ask, &mut counts).await?,
    };
    let reason = ask.reason();
    let mut set = update.remove("$set").and_then(|set| set.as_document().cloned()).unwrap_or_default();
    set.extend(doc! { "status": ask.to, "updated_at": date(now) });
    let mut push = update.remove("$push").and_then(|push| push.as_document().cloned()).unwrap_or_default();
    push.insert("status_history", step(ask.to, now, person, reason)?);
    update.extend(doc! { "$set": set, "$push": push });
    let expected = doc! { "id": id, "status": campaign.status, "total_slots_loaded": campaign.total_slots_loaded };
    let done = db.stored::<Campaign>().update_one(expected, update).session(&mut *session).await?;
    if done.matched_count == 0 {
        return Err(Lost.into());
    }
    let mut details = doc! { "before": campaign.status, "after": ask.to, "reason": reason };
    if !counts.is_empty() {
        details.insert("counts", counts);
    }
    record_in(&mut *session, db, now, Who::of(ctx), entry(Action::CampaignStatusChanged, id, details)).await?;
    let told = match way {
        Move::Publish if campaign.published_at.is_none() => vec![News::CampaignPublished { campaign: id.clone() }],
        Move::Publish | Move::Reopen => Vec::new(),
        Move::Close | Move::Produce | Move::Complete | Move::Cancel => {
            vec![News::CampaignMoved { campaign: id.clone(), to: ask.to, reason: reason.map(Into::into) }]
        }
    };
    news::tell_in(&mut *session, &ctx.app, now, &told).await
}

/// The first load of slots, and those that are due already.
async fn publish(
    session: &mut Transaction<'_>,
    db: &Db,
    now: Timestamp,
    person: &Person,
    campaign: &Campaign,
) -> Result<Document, Failure> {
    let refusal = |code, message: String| Failure::from(AppError::rule(422, code, message));
    let brand = brands::store::find_in(&mut *session, db, &campaign.brand_id).await?;
    if !brand.is_some_and(|brand| brand.is_active) {
        return Err(refusal("brand_inactive", words::BRAND_INACTIVE.into()));
    }
    let is_blank = |text: &str| text.trim().is_empty();
    if [&campaign.description, &campaign.canje.description, &campaign.assets.brand_name]
        .iter()
        .any(|text| is_blank(text))
    {
        return Err(refusal("incomplete", words::INCOMPLETE.into()));
    }
    let today = LocalDate::of(now);
    refuse_unless_open_to_apply(campaign, today)?;
    let mut set = Document::new();
    let mut history = Vec::new();
    let mut total = campaign.total_slots_loaded;
    if let Some(agreed) = &campaign.contract {
        if today >= agreed.end_date {
            return Err(refusal("contract_over", words::contract_over(campaign.status).into()));
        }
        let loads = contract::at_publication(agreed, today);
        for nth in 0..loads {
            total += agreed.monthly_deliverables;
            let load = SlotLoad {
                at: date(now),
                by: person.user_id.clone(),
                kind: if nth == 0 && agreed.loads_done == 0 { SlotKind::Initial } else { SlotKind::Reload },
                qty: agreed.monthly_deliverables,
                total_after: total,
                note: None,
            };
            history.push(bson::serialize_to_document(&load).map_err(anyhow::Error::from)?);
        }
        let after = contract::loaded(agreed, loads);
        set.extend(doc! {
            "contract.loads_done": after.loads_done,
            "contract.next_reload_date": after.next_reload_date,
            "contract.is_active": true,
        });
    }
    if total <= 0 {
        return Err(refusal("no_slots", words::NO_SLOTS.into()));
    }
    set.insert("total_slots_loaded", total);
    if campaign.published_at.is_none() {
        set.insert("published_at", date(now));
    }
    let push = if history.is_empty() {
        doc! {}
    } else {
        doc! { "slot_history": { "$each": history } }
    };
    Ok(doc! { "$set": set, "$push": push })
}

fn reopen(campaign: &Campaign, now: Timestamp) -> Result<Document, Failure> {
    if !campaign.is_contract_in_force(LocalDate::of(now)) {
        return Err(AppError::rule(422, "contract_over", words::contract_over(campaign.status)).into());
    }
    refuse_unless_open_to_apply(campaign, LocalDate::of(now))?;
    Ok(doc! { "$unset": { "closed_at": "" } })
}

/// Nobody is told of a campaign nobody can apply to.
fn refuse_unless_open_to_apply(campaign: &Campaign, today: LocalDate) -> Result<(), Failure> {
    if today <= campaign.timeline.applications_deadline {
        return Ok(());
    }
    Err(AppError::rule(422, "applications_over", words::APPLICATIONS_OVER).into())
}

async fn complete(
    ctx: &Ctx,
    session: &mut Transaction<'_>,
    campaign: &Campaign,
    ask: &Ask,
    counts: &mut Document,
) -> Result<Document, Failure> {
    let (db, now) = (&ctx.app.db, ctx.now());
    let mut rejected = 0;
    if campaign.tally.pending() > 0 {
        if !ask.reject_rest {
            let message = words::still_pending(campaign.tally.pending());
            return Err(AppError::rule(422, "still_pending", message).into());
        }
        rejected = reject_rest(ctx, session, &campaign.id, words::REJECTED_AT_END, Rejection::Decided).await?;
    }
    let open = open_in(session, db, &campaign.id).await?;
    if open > 0 && !ask.despite_open {
        return Err(AppError::rule(422, "still_open", words::still_open(open)).into());
    }
    if open > 0 && ask.reason().is_none() {
        return Err(Failure::invalid("reason", words::REASON_MISSING));
    }
    counts.extend(doc! { "rejected": count(rejected), "open": count(open) });
    let mut set = doc! { "completed_at": date(now), "visible_to_creators": false };
    end_contract(campaign, &mut set);
    Ok(doc! { "$set": set })
}

async fn cancel(
    ctx: &Ctx,
    session: &mut Transaction<'_>,
    campaign: &Campaign,
    ask: &Ask,
    counts: &mut Document,
) -> Result<Document, Failure> {
    let Some(reason) = ask.reason() else {
        return Err(Failure::invalid("reason", words::REASON_MISSING));
    };
    let (app, now, who) = (&ctx.app, ctx.now(), &Who::of(ctx));
    let rejected = reject_rest(ctx, session, &campaign.id, reason, Rejection::Cancelled).await?;
    let cancelled =
        applications::service::cancel_confirmed_in(&mut *session, app, now, who, &campaign.id, reason).await?;
    counts.extend(doc! { "rejected": count(rejected), "cancelled": count(cancelled) });
    let mut set = doc! { "cancelled_at": date(ctx.now()), "cancel_reason": reason, "visible_to_creators": false };
    end_contract(campaign, &mut set);
    Ok(doc! { "$set": set })
}

fn end_contract(campaign: &Campaign, set: &mut Document) {
    if campaign.contract.is_some() {
        set.insert("contract.is_active", false);
    }
}

fn count(of: u64) -> i64 {
    i64::try_from(of).unwrap_or(i64::MAX)
}

/// Rejects everything that still waits for an answer. How many there were.
async fn reject_rest(
    ctx: &Ctx,
    session: &mut Transaction<'_>,
    id: &CampaignId,
    reason: &str,
    because: Rejection,
) -> Result<u64, Failure> {
    let (app, now, who) = (&ctx.app, ctx.now(), &Who::of(ctx));
    let mut total = 0;
    loop {
        let some = applications::service::reject_pending_in(&mut *session, app, now, who, id, reason, because, AT_ONCE);
        let rejected = some.await?;
        total += rejected;
        if rejected < u64::from(AT_ONCE) {
            return Ok(total);
        }
    }
}

/// Open deliveries of a campaign that lack their address or their metrics.
pub(super) fn open_filter(id: &CampaignId) -> Document {
    let open = DeliverableStatus::ALL.into_iter().filter(|status| status.is_open()).map(bson::Bson::from);
    doc! {
        "campaign_id": id,
        "status": { "$in": open.collect::<Vec<_>>() },
        "$or": [
            { "instagram_url": null, "tiktok_url": null },
            { "metrics_submitted_at": null },
        ],
    }
}

async fn open_in(session: &mut Transaction<'_>, db: &Db, id: &CampaignId) -> Result<u64, Failure> {
    Ok(db.stored::<Deliverable>().count_documents(open_filter(id)).session(&mut *session).await?)
}
