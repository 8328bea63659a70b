//! Adding slots, and taking free ones back.

use bson::doc;

use super::{entry, manager, refuse_unless_editable};
use crate::adopt::state::refuse_while_mirroring;
use crate::audit::{Action, Who, record_in};
use crate::campaigns::model::{Campaign, SlotKind, SlotLoad};
use crate::campaigns::store;
use crate::ctx::Ctx;
use crate::db::{Lost, date, with_transaction};
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::campaigns as words;
use crate::values::{CampaignId, Capability};

/// The most that is added or taken back at once.
pub const MOST: i32 = 500;

/// How many slots, and why.
#[derive(Clone, Debug, Default)]
pub struct Slots {
    /// 1 to 500.
    pub qty: i32,
    /// In words.
    pub note: Option<String>,
    /// The total whoever asks has seen; asking twice from one page is refused the second time.
    pub seen_total: Option<i32>,
}

/// Adds slots and says how many there are then.
pub async fn add_slots(ctx: &Ctx, id: &CampaignId, slots: Slots) -> Result<i32, Failure> {
    manager(ctx)?;
    change(ctx, id, slots, SlotKind::Manual).await
}

/// Takes free slots back, down to those that are taken, and says how many there are then.
pub async fn reduce_slots(ctx: &Ctx, id: &CampaignId, slots: Slots) -> Result<i32, Failure> {
    ctx.require(Capability::UgcAdmin)?;
    change(ctx, id, slots, SlotKind::Adjust).await
}

async fn change(ctx: &Ctx, id: &CampaignId, slots: Slots, kind: SlotKind) -> Result<i32, Failure> {
    if !(1..=MOST).contains(&slots.qty) {
        return Err(Failure::invalid("qty", words::form::between(1, MOST.into())));
    }
    let person = ctx.person()?;
    let (db, now, slots) = (&ctx.app.db, ctx.now(), &slots);
    with_transaction(db, |session| {
        Box::pin(async move {
            refuse_while_mirroring(db, &mut *session).await?;
            let campaign = store::find_in(&mut *session, db, id).await?.ok_or(AppError::NotFound)?;
            refuse_unless_editable(&campaign)?;
            let before = campaign.total_slots_loaded;
            if slots.seen_total.is_some_and(|seen| seen != before) {
                return Err(AppError::rule(409, "slots_changed", words::slots_changed(before)).into());
            }
            let qty = if kind == SlotKind::Adjust { -slots.qty } else { slots.qty };
            let after = before + qty;
            if after < campaign.slots_filled {
                return Err(AppError::rule(422, "slots_taken", words::slots_below(campaign.available_slots())).into());
            }
            let load = SlotLoad {
                at: date(now),
                by: person.user_id.clone(),
                kind,
                qty,
                total_after: after,
                note: slots.note.clone(),
            };
            let load = bson::serialize_to_document(&load).map_err(anyhow::Error::from)?;
            // Who is confirmed meanwhile takes a slot and fails this guard or ours fails theirs.
            let expected = doc! {
                "id": id, "status": campaign.status, "total_slots_loaded": before, "slots_filled": { "$lte": after },
            };
            let update = doc! {
                "$set": { "total_slots_loaded": after, "updated_at": date(now) },
                "$push": { "slot_history": load },
            };
            let done = db.stored::<Campaign>().update_one(expected, update).session(&mut *session).await?;
            if done.matched_count == 0 {
                return Err(Lost.into());
            }
            let details = doc! { "before": before, "after": after, "reason": slots.note.clone() };
            let row = entry(Action::CampaignSlotsChanged, id, details);
            record_in(&mut *session, db, now, Who::of(ctx), row).await?;
            Ok(after)
        })
    })
    .await
}
