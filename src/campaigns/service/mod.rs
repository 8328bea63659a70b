//! What staff does with campaigns. Each is one transaction with its audit row, its news and its jobs.

pub mod cover;
mod create;
mod deadlines;
mod slots;
mod status;
mod undo;
mod update;
mod views;
mod visible;

pub use cover::Cover;
pub use create::{New, create};
pub use slots::{Slots, add_slots, reduce_slots};
pub use status::{Ask, change_status};
pub use undo::{Undone, undo_deadlines};
pub use update::{Edit, Outcome, Saved, update};
pub use views::{Detail, active_brands, detail, editable, names, open_deliveries};
pub use visible::set_visible;

use bson::{Document, doc};
use jiff::Timestamp;

use super::model::{Campaign, CampaignStatus};
use crate::applications::model::StatusStep;
use crate::audit::{Action, Entry};
use crate::ctx::{Ctx, Person};
use crate::db::date;
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::campaigns as words;
use crate::values::{CampaignId, Capability};

/// Whoever manages campaigns, or a refusal.
fn manager(ctx: &Ctx) -> Result<&Person, Failure> {
    ctx.require(Capability::UgcManage)
}

/// An audit row about a campaign.
fn entry(action: Action, id: &CampaignId, details: Document) -> Entry {
    Entry::new(action).target("campaign", id.as_str()).details(details)
}

/// A step of a campaign's history.
fn step(to: CampaignStatus, now: Timestamp, person: &Person, reason: Option<&str>) -> Result<Document, Failure> {
    let step = StatusStep {
        status: to.as_str().into(),
        timestamp: date(now),
        by: person.user_id.clone(),
        by_role: Some(person.role.as_str().into()),
        reason: reason.map(Into::into),
    };
    Ok(bson::serialize_to_document(&step).map_err(anyhow::Error::from)?)
}

/// Refuses what a campaign's state doesn't allow any more.
fn refuse_unless_editable(campaign: &Campaign) -> Result<(), Failure> {
    if campaign.status.is_editable() { Ok(()) } else { Err(over(campaign.status)) }
}

fn over(status: CampaignStatus) -> Failure {
    AppError::rule(409, "campaign_over", words::over(status)).into()
}

/// Matches a campaign at a revision; one that was never saved here has none.
fn at_revision(id: &CampaignId, rev: i64) -> Document {
    match rev {
        0 => doc! { "id": id, "rev": { "$in": [0_i64, null] } },
        rev => doc! { "id": id, "rev": rev },
    }
}
