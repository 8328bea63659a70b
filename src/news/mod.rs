//! What happens in campaigns, told to whom it concerns: one list of events, each with its notice, its mail and its message.
//!
//! [`tell_in`] is called in the transaction of what happened and loads the names it needs by itself; a missing template or
//! provider never blocks a transaction.

mod event;

pub use event::{DeadlineMove, News};

use jiff::Timestamp;
use mongodb::ClientSession;

use crate::app::App;
use crate::db::Db;
use crate::failure::Failure;
use crate::values::CampaignId;

/// Tells news in the transaction of what happened: in-app notices and outbox rows.
pub async fn tell_in(_session: &mut ClientSession, _app: &App, _now: Timestamp, _news: &[News]) -> Result<(), Failure> {
    Ok(())
}

/// Queues E-18 for a change of deadlines that can no longer be undone.
pub async fn deadline_mails_in(
    _session: &mut ClientSession,
    _app: &App,
    _now: Timestamp,
    _change: &str,
    _campaign: &CampaignId,
    _moved: &[DeadlineMove],
) -> Result<(), Failure> {
    Ok(())
}

/// Takes the notices of an undone change of deadlines out of the bells.
pub async fn withdraw_deadline_notices_in(
    _session: &mut ClientSession,
    _db: &Db,
    _change: &str,
) -> Result<(), Failure> {
    Ok(())
}
