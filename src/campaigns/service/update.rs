//! Saving a campaign's form over the revision it was made from.

use bson::{Bson, Document, doc};

use super::cover::{self, Cover};
use super::{at_revision, deadlines, entry, manager, refuse_unless_editable};
use crate::adopt::state::refuse_while_mirroring;
use crate::audit::{Action, Who, record_in};
use crate::brands;
use crate::campaigns::changes::{ChangeState, DeadlineChange, UNDO};
use crate::campaigns::form::Draft;
use crate::campaigns::jobs::DeadlineMails;
use crate::campaigns::model::{Campaign, searched};
use crate::campaigns::propagation::{Changes, Impact};
use crate::campaigns::store;
use crate::ctx::Ctx;
use crate::db::{Lost, Transaction, date, with_transaction};
use crate::error::AppError;
use crate::failure::Failure;
use crate::jobs::{When, enqueue_in};
use crate::news::{self, News};
use crate::values::CampaignId;

/// What a form saves.
#[derive(Clone, Debug)]
pub struct Edit {
    /// The revision it was made from.
    pub rev: i64,
    /// What was typed.
    pub draft: Draft,
    /// A new cover.
    pub cover: Option<Cover>,
    /// The impact on deadlines that whoever saves has seen and wants ([`Impact::digest`]).
    pub consent: Option<String>,
    /// Although some of them would be late at once.
    pub despite_past: bool,
}

/// What came of it.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It is saved.
    Saved(Saved),
    /// Nothing is: deadlines would move, and nobody has agreed to exactly that.
    Unconfirmed(Impact),
}

/// How many deadlines a save moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Saved {
    /// Creators with new deadlines.
    pub moved: usize,
    /// Creators whose deadlines stay.
    pub kept: usize,
}

/// Saves a campaign. Deadlines move in the same transaction, or nothing happens at all.
pub async fn update(ctx: &Ctx, id: &CampaignId, edit: Edit) -> Result<Outcome, Failure> {
    manager(ctx)?;
    let edit = &edit;
    with_transaction(&ctx.app.db, |session| Box::pin(save(ctx, session, id, edit))).await
}

async fn save(ctx: &Ctx, session: &mut Transaction<'_>, id: &CampaignId, edit: &Edit) -> Result<Outcome, Failure> {
    let (db, now) = (&ctx.app.db, ctx.now());
    refuse_while_mirroring(db, &mut *session).await?;
    let campaign = store::find_in(&mut *session, db, id).await?.ok_or(AppError::NotFound)?;
    refuse_unless_editable(&campaign)?;
    let mut set = edit.draft.fields(campaign.published_at.is_none())?;
    let company = brands::store::find_in(&mut *session, db, &campaign.brand_id).await?;
    let company = company.map(|brand| brand.company_name).unwrap_or_default();
    set.insert("search", searched(&edit.draft.name, &edit.draft.brand_name, &company));
    let changed = changed(&campaign, &set)?;
    if changed.is_empty() && edit.cover.is_none() {
        return Ok(Outcome::Saved(Saved::default()));
    }
    if campaign.rev != edit.rev {
        return Err(AppError::Conflict.into());
    }

    let rules = edit.draft.delivery;
    let has_changed = Changes::between(&campaign.delivery, &rules);
    let people = match has_changed.url || has_changed.metrics {
        true => deadlines::participants_in(&mut *session, db, id).await?,
        false => Vec::new(),
    };
    let impact = Impact::of(&campaign.delivery, &rules, &people, now);
    let is_agreed = edit.consent.as_deref() == Some(&*impact.digest()) && (edit.despite_past || impact.past.is_empty());
    if !impact.moved.is_empty() && !is_agreed {
        return Ok(Outcome::Unconfirmed(impact));
    }

    if let Some(cover) = &edit.cover {
        set.extend(cover::put_in(&mut *session, db, now, &campaign, cover).await?);
    }
    set.extend(doc! { "rev": edit.rev + 1, "updated_at": date(now) });
    let update = doc! { "$set": set };
    let done = db.stored::<Campaign>().update_one(at_revision(id, edit.rev), update).session(&mut *session).await?;
    if done.matched_count == 0 {
        return Err(Lost.into());
    }
    let row = entry(Action::CampaignUpdated, id, changed);
    record_in(&mut *session, db, now, Who::of(ctx), row).await?;
    let saved = Saved { moved: impact.moved.len(), kept: impact.kept };
    if saved.moved > 0 {
        let writes = deadlines::writes(&people, &impact.moved);
        deadlines::write_in(&mut *session, db, now, id, &writes).await?;
        keep(ctx, session, &campaign, edit, impact).await?;
    }
    Ok(Outcome::Saved(saved))
}

/// Keeps the change so that it can be undone, tells it in the bells, and has it mailed once it can't.
async fn keep(
    ctx: &Ctx,
    session: &mut Transaction<'_>,
    campaign: &Campaign,
    edit: &Edit,
    impact: Impact,
) -> Result<(), Failure> {
    let (db, now, person) = (&ctx.app.db, ctx.now(), ctx.person()?);
    let number = |count: usize| i32::try_from(count).unwrap_or(i32::MAX);
    let change = DeadlineChange {
        id: uuid::Uuid::new_v4().to_string(),
        campaign_id: campaign.id.clone(),
        at: date(now),
        by: person.user_id.clone(),
        by_name: person.name.clone(),
        undo_until: date(now + UNDO),
        state: ChangeState::Open,
        before: campaign.delivery,
        after: edit.draft.delivery,
        moved: impact.moved,
        kept: number(impact.kept),
        past: number(impact.past.len()),
        ended_at: None,
    };
    db.stored::<DeadlineChange>().insert_one(&change).session(&mut *session).await?;
    let rules = |rules| bson::serialize_to_document(&rules).map_err(anyhow::Error::from);
    let details = doc! {
        "before": rules(change.before)?,
        "after": rules(change.after)?,
        "counts": { "moved": number(change.moved.len()), "kept": change.kept, "past": change.past },
        "change": &change.id,
    };
    let row = entry(Action::CampaignDeadlinesChanged, &campaign.id, details);
    record_in(&mut *session, db, now, Who::of(ctx), row).await?;
    let mails = DeadlineMails { change: change.id.clone() };
    let when = When { not_before: Some(now + UNDO), key: Some(mails.key()) };
    enqueue_in(&mut *session, db, now, &mails, &when).await?;
    let news = News::DeadlinesChanged { change: change.id, campaign: campaign.id.clone(), moved: change.moved };
    news::tell_in(&mut *session, &ctx.app, now, &[news]).await
}

/// The fields in which a save differs from what is stored, before and after.
pub(super) fn changed(campaign: &Campaign, set: &Document) -> Result<Document, Failure> {
    let stored = bson::serialize_to_document(campaign).map_err(anyhow::Error::from)?;
    let (mut before, mut after) = (Document::new(), Document::new());
    for (path, new) in set {
        let old = at(&stored, path).unwrap_or(Bson::Null);
        if old != *new {
            before.insert(path.replace('.', "_"), old);
            after.insert(path.replace('.', "_"), new.clone());
        }
    }
    Ok(if after.is_empty() {
        Document::new()
    } else {
        doc! { "before": before, "after": after }
    })
}

fn at(document: &Document, path: &str) -> Option<Bson> {
    match path.split_once('.') {
        Some((first, rest)) => at(document.get_document(first).ok()?, rest),
        None => document.get(path).cloned(),
    }
}
