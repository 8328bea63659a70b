//! What a waiting state says.

use bson::DateTime;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::db::timestamp;
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
        /// A delivery that is delivered or refused, until staff closes it.
        Close = "close",
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
    /// When it is looked at; after an escalation, the next time.
    pub due_at: DateTime,
    /// Until when, as it was said when the wait began; an escalation leaves it. Waits from before it was kept have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promised_at: Option<DateTime>,
    /// How often it was escalated.
    #[serde(default)]
    pub escalations: i32,
}

impl Waiting {
    /// Until when it was said to last. Of a wait from before that was kept, what it is due tells, until it is escalated.
    pub fn promised(&self) -> Option<DateTime> {
        self.promised_at.or((self.escalations == 0).then_some(self.due_at))
    }

    /// Whether it lasts longer than was said.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.escalations > 0 || timestamp(self.due_at).is_some_and(|due| due < now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_promised_before_it_was_kept_is_known_until_the_first_escalation() {
        let at = DateTime::from_millis;
        let mut waiting = Waiting {
            whose: Whose::Staff,
            period: Period::Applied,
            since: at(0),
            due_at: at(1_000),
            promised_at: None,
            escalations: 0,
        };
        assert_eq!(waiting.promised(), Some(at(1_000)));
        (waiting.due_at, waiting.escalations) = (at(9_000), 1);
        assert_eq!(waiting.promised(), None);
        assert!(waiting.is_over(Timestamp::from_millisecond(2_000).unwrap()), "due again, and still over");
        waiting.promised_at = Some(at(1_000));
        assert_eq!(waiting.promised(), Some(at(1_000)));
    }
}
