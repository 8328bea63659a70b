//! Showing a campaign to creators, and hiding it.

use bson::doc;

use super::{entry, manager, refuse_unless_editable};
use crate::adopt::state::refuse_while_mirroring;
use crate::audit::{Action, Who, record_in};
use crate::campaigns::model::{Campaign, CampaignStatus};
use crate::campaigns::store;
use crate::ctx::Ctx;
use crate::db::{Lost, date, with_transaction};
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::campaigns as words;
use crate::news;
use crate::values::{CampaignId, LocalDate};

/// Shows or hides a campaign; doing so twice does nothing more.
pub async fn set_visible(ctx: &Ctx, id: &CampaignId, is_visible: bool) -> Result<(), Failure> {
    manager(ctx)?;
    let (db, now) = (&ctx.app.db, ctx.now());
    with_transaction(db, |session| {
        Box::pin(async move {
            refuse_while_mirroring(db, &mut *session).await?;
            let campaign = store::find_in(&mut *session, db, id).await?.ok_or(AppError::NotFound)?;
            if campaign.visible_to_creators == is_visible {
                return Ok(());
            }
            refuse_unless_editable(&campaign)?;
            if is_visible && campaign.is_expired(LocalDate::of(now)) {
                return Err(AppError::rule(409, "contract_over", words::contract_over(campaign.status)).into());
            }
            let expected = doc! { "id": id, "status": campaign.status, "visible_to_creators": { "$ne": is_visible } };
            let set = doc! { "$set": { "visible_to_creators": is_visible, "updated_at": date(now) } };
            let done = db.stored::<Campaign>().update_one(expected, set).session(&mut *session).await?;
            if done.matched_count == 0 {
                return Err(Lost.into());
            }
            let details = doc! { "before": !is_visible, "after": is_visible };
            let row = entry(Action::CampaignVisibilityChanged, id, details);
            record_in(&mut *session, db, now, Who::of(ctx), row).await?;
            // It may have been published here while nobody saw it; who has heard of it already isn't told again.
            let was_published = campaign.status_history.iter().any(|step| step.status == CampaignStatus::Live.as_str());
            let today = LocalDate::of(now);
            let is_open = campaign.status == CampaignStatus::Live && today <= campaign.timeline.applications_deadline;
            if is_visible && is_open && was_published {
                news::broadcast_in(&mut *session, db, now, id).await?;
            }
            Ok(())
        })
    })
    .await
}
