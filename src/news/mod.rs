//! What happens in campaigns, told to whom it concerns: one list of events, each with its notice, its mail and its message.
//!
//! [`tell_in`] is called in the transaction of what happened and loads the names it needs by itself; a missing template or
//! provider never blocks a transaction.
//!
//! # Who reads what where
//!
//! Everything here is a personal notice, also the team's: «who answers this application» is somebody's work and is read,
//! opened and deleted by each for themself, while the system's bell is for incidents of the platform. Everybody who may run
//! campaigns gets the team's notices; its mail goes to the list in the settings, else to the owners.
//!
//! # Keys
//!
//! Every notice and every letter has a key made of its code, what it is about, when that happened, and who gets it. The same
//! event told twice is told once; what happens again (somebody applies a second time) has another moment and is told again.

mod brands;
mod broadcast;
mod creators;
mod deadlines;
mod digests;
mod event;
mod facts;
mod overdue;
mod reminders;
mod team;
mod told;

pub use broadcast::{Broadcast, broadcast_in};
pub use deadlines::{deadline_mails_in, withdraw_deadline_notices_in};
pub use digests::DailyApplications;
pub use event::{DeadlineMove, News, Rejection};
pub use overdue::{Overdue, overdue_in};
pub use reminders::Reminders;

use jiff::Timestamp;
use mongodb::ClientSession;

use self::facts::{Facts, Wanted};
use self::told::Outgoing;
use crate::app::App;
use crate::failure::Failure;

/// Tells news in the transaction of what happened: in-app notices and outbox rows. A few queries, however many news.
pub async fn tell_in(session: &mut ClientSession, app: &App, now: Timestamp, news: &[News]) -> Result<(), Failure> {
    if news.is_empty() {
        return Ok(());
    }
    let facts = Facts::load_in(session, &app.db, now, Wanted::of(news)).await?;
    let mut out = Outgoing::default();
    for one in news {
        creators::tell(&facts, one, &mut out);
        brands::tell(&facts, one, &mut out);
        team::tell(&facts, one, &mut out);
    }
    out.write_in(session, app, now, &facts).await
}

/// A moment as part of a key.
fn moment(at: Timestamp) -> i64 {
    at.as_millisecond()
}

/// A job's end.
pub(crate) fn broken(failure: Failure) -> anyhow::Error {
    match failure {
        Failure::Refused(refusal) => refusal.into(),
        Failure::Fault(fault) => anyhow::anyhow!("{fault:#}"),
    }
}
