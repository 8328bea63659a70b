//! What a waiting state says.

use bson::DateTime;
use serde::{Deserialize, Serialize};

use crate::values::names::names;

names! {
    /// Whose turn it is.
    Whose {
        /// The team's.
        Staff = "staff",
        /// The creator's.
        Creator = "creator",
    }
}

names! {
    /// Which period a wait lasts; its business days are settings.
    Period {
        /// An application that nobody answered.
        Applied = "applied",
        /// A shortlisted application.
        Shortlisted = "shortlisted",
        /// A published post that waits for its review.
        Review = "review",
        /// Changes the creator was asked for.
        Changes = "changes",
        /// Until a delivery's own deadline, whatever the calendar.
        Deadline = "deadline",
    }
}

/// Whose turn it is, and until when. Stored in the document that waits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Waiting {
    /// Whose turn it is.
    pub whose: Whose,
    /// How long such a wait lasts.
    pub period: Period,
    /// Since when.
    pub since: DateTime,
    /// Until when; after an escalation, the next time.
    pub due_at: DateTime,
    /// How often it was escalated.
    #[serde(default)]
    pub escalations: i32,
}
