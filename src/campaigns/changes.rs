//! Changes of deadlines, kept so that they can be undone and told.

use bson::DateTime;
use serde::{Deserialize, Serialize};

use super::deadlines::DeliveryRules;
use crate::db::indexes::Direction::{Ascending, Descending};
use crate::db::{IndexSpec, Stored};
use crate::news::DeadlineMove;
use crate::values::CampaignId;
use crate::values::names::names;

/// How long a change can be undone; its mails leave afterwards.
pub const UNDO: jiff::SignedDuration = jiff::SignedDuration::from_mins(10);

names! {
    /// What became of a change.
    ChangeState {
        /// It can be undone; nobody has been mailed.
        Open = "open",
        /// It was undone.
        Undone = "undone",
        /// Its mails are in the outbox.
        Told = "told",
    }
}

/// A document of `ugc_deadline_changes`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DeadlineChange {
    /// Part of the notices' keys.
    pub id: String,
    /// Of which campaign.
    pub campaign_id: CampaignId,
    /// When.
    pub at: DateTime,
    /// The account.
    pub by: String,
    /// As shown then.
    pub by_name: String,
    /// Until when it can be undone.
    pub undo_until: DateTime,
    /// What became of it.
    pub state: ChangeState,
    /// The rules it replaced.
    pub before: DeliveryRules,
    /// The rules it brought.
    pub after: DeliveryRules,
    /// Whose deadlines moved, from where to where.
    pub moved: Vec<DeadlineMove>,
    /// How many people it didn't touch.
    pub kept: i32,
    /// How many were late at once.
    pub past: i32,
    /// When it was undone or told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<DateTime>,
}

impl Stored for DeadlineChange {
    const COLLECTION: &'static str = "ugc_deadline_changes";
    const INDEXES: &'static [IndexSpec] = &[
        IndexSpec::new("id", &[("id", Ascending)]).unique(),
        IndexSpec::new("of_campaign", &[("campaign_id", Ascending), ("at", Descending)]),
    ];
}
