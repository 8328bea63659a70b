//! Undoing a change of deadlines while its mails haven't left.

use std::collections::{HashMap, HashSet};

use bson::doc;
use jiff::Timestamp;

use super::deadlines::{self, Write};
use super::{entry, manager, refuse_unless_editable};
use crate::adopt::state::refuse_while_mirroring;
use crate::audit::{Action, Who, record_in};
use crate::campaigns::changes::{ChangeState, DeadlineChange};
use crate::campaigns::model::Campaign;
use crate::campaigns::propagation::{Impact, Participant};
use crate::campaigns::store;
use crate::ctx::Ctx;
use crate::db::{Lost, Transaction, date, with_transaction};
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::campaigns as words;
use crate::news::{self, DeadlineMove, News};
use crate::values::{ApplicationId, CampaignId};

/// What an undo did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Undone {
    /// Creators who have the deadlines of the previous rules again.
    pub restored: usize,
    /// Creators who delivered meanwhile, or whose deadlines somebody changed again.
    pub left: usize,
}

/// Puts back the rules of a campaign and the deadlines of everybody who did nothing meanwhile, and takes the notices out
/// of the bells. Whoever came under the undone rules meanwhile gets the deadlines of the ones that hold again.
pub async fn undo_deadlines(ctx: &Ctx, id: &CampaignId, change: &str) -> Result<Undone, Failure> {
    manager(ctx)?;
    with_transaction(&ctx.app.db, |session| Box::pin(undo(ctx, session, id, change))).await
}

async fn undo(ctx: &Ctx, session: &mut Transaction<'_>, id: &CampaignId, change: &str) -> Result<Undone, Failure> {
    let (db, now) = (&ctx.app.db, ctx.now());
    refuse_while_mirroring(db, &mut *session).await?;
    let changes = db.stored::<DeadlineChange>();
    let this = doc! { "id": change, "campaign_id": id };
    let change = changes.find_one(this).session(&mut *session).await?.ok_or(AppError::NotFound)?;
    if change.state == ChangeState::Undone {
        return Ok(Undone::default());
    }
    if change.state == ChangeState::Told || date(now) >= change.undo_until {
        return Err(AppError::rule(409, "too_late", words::UNDO_TOO_LATE).into());
    }
    let campaign = store::find_in(&mut *session, db, id).await?.ok_or(AppError::NotFound)?;
    refuse_unless_editable(&campaign)?;
    if campaign.delivery != change.after {
        return Err(AppError::rule(409, "changed_again", words::UNDO_CHANGED_AGAIN).into());
    }
    let open = doc! { "id": &change.id, "state": ChangeState::Open };
    let ended = doc! { "$set": { "state": ChangeState::Undone, "ended_at": date(now) } };
    let done = changes.update_one(open, ended).session(&mut *session).await?;
    if done.matched_count == 0 {
        return Err(Lost.into());
    }
    let rules = bson::serialize_to_document(&change.before).map_err(anyhow::Error::from)?;
    let mut set = rules.clone();
    set.insert("updated_at", date(now));
    let done = db
        .stored::<Campaign>()
        .update_one(super::at_revision(id, campaign.rev), doc! { "$set": set, "$inc": { "rev": 1_i64 } })
        .session(&mut *session)
        .await?;
    if done.matched_count == 0 {
        return Err(Lost.into());
    }
    let people = deadlines::participants_in(&mut *session, db, id).await?;
    let own = own(&change, &people);
    let writes: Vec<_> = people.iter().filter_map(|person| back(person, own.get(&person.application.id)?)).collect();
    let later = later(&change, &people, &own, now);
    let new = later.iter().filter(|one| !own.contains_key(&one.application_id)).count();
    let undone = Undone { restored: writes.len() + new, left: own.len().saturating_sub(writes.len()) };
    deadlines::write_in(&mut *session, db, now, id, &writes).await?;
    deadlines::write_in(&mut *session, db, now, id, &deadlines::writes(&people, &later)).await?;
    news::withdraw_deadline_notices_in(&mut *session, db, &change.id).await?;
    tell(ctx, session, &change, later).await?;
    let number = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
    let details = doc! {
        "after": rules,
        "counts": { "restored": number(undone.restored), "left": number(undone.left) },
        "change": &change.id,
    };
    let row = entry(Action::CampaignDeadlinesRestored, id, details);
    record_in(&mut *session, db, now, Who::of(ctx), row).await?;
    Ok(undone)
}

/// What the change moved for whoever is still confirmed as they were then.
fn own<'a>(change: &'a DeadlineChange, people: &[Participant]) -> HashMap<&'a ApplicationId, &'a DeadlineMove> {
    let again: HashSet<_> = people
        .iter()
        .filter(|person| person.application.confirmed_at > Some(change.at))
        .map(|person| &person.application.id)
        .collect();
    let moved = change.moved.iter().filter(|one| !again.contains(&one.application_id));
    moved.map(|one| (&one.application_id, one)).collect()
}

/// Who came under the undone rules after the change, confirmed or with a delivery that was reset: their deadlines follow
/// the rules that hold again. A kind the change itself moved has its own way back, and nobody is late because of an undo.
fn later(
    change: &DeadlineChange,
    people: &[Participant],
    own: &HashMap<&ApplicationId, &DeadlineMove>,
    now: Timestamp,
) -> Vec<DeadlineMove> {
    let moves = |person: &Participant| {
        let impact = Impact::of(&change.after, &change.before, std::slice::from_ref(person), now);
        let one = impact.moved.into_iter().next().filter(|_| impact.past.is_empty())?;
        match own.get(&one.application_id) {
            Some(own) => one.only(!own.moves_url(), !own.moves_metrics()),
            None => Some(one),
        }
    };
    people.iter().filter_map(moves).collect()
}

/// Tells whoever the undo moved without having been told of the change; this can't be undone, so the mail leaves at once.
async fn tell(
    ctx: &Ctx,
    session: &mut Transaction<'_>,
    undone: &DeadlineChange,
    moved: Vec<DeadlineMove>,
) -> Result<(), Failure> {
    if moved.is_empty() {
        return Ok(());
    }
    let (app, now) = (&ctx.app, ctx.now());
    let (change, campaign) = (format!("undone-{}", undone.id), undone.campaign_id.clone());
    news::deadline_mails_in(&mut *session, app, now, &change, &campaign, &moved).await?;
    news::tell_in(&mut *session, app, now, &[News::DeadlinesChanged { change, campaign, moved }]).await
}

/// The way back for one person: each kind that moved, is still owed and has the value the change gave it.
fn back<'a>(person: &'a Participant, one: &DeadlineMove) -> Option<Write<'a>> {
    let delivery = &person.delivery;
    let url = one.moves_url() && delivery.awaits_url() && delivery.url_deadline == Some(one.url.1);
    let metrics = one.moves_metrics() && delivery.awaits_metrics() && delivery.metrics_deadline == Some(one.metrics.1);
    (url || metrics).then(|| Write { person, url: url.then_some(one.url.0), metrics: metrics.then_some(one.metrics.0) })
}
