//! Waits that are over: one notice for the team, and one for each creator whose turn it is.

use jiff::Timestamp;
use mongodb::ClientSession;

use super::creators::delivery_path;
use super::facts::{Facts, Wanted};
use super::team;
use super::told::{Outgoing, Told, Ways};
use crate::app::App;
use crate::failure::Failure;
use crate::i18n::news as shared;
use crate::i18n::waits as words;
use crate::notifications::{self, PersonalType as Kind};
use crate::values::{DeliverableId, LocalDate};

/// What passed its time in one run, so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overdue {
    /// Applications the team didn't answer.
    pub applications: u64,
    /// Posts the team didn't review.
    pub reviews: u64,
    /// Deliveries the team didn't close.
    pub closings: u64,
    /// Deliveries whose own deadline is over. Their creators get the daily reminders.
    pub deliveries: u64,
    /// Deliveries whose creator was asked for a correction.
    pub corrections: u64,
}

/// Tells of waits that are over, in the transaction that makes them due again. A run that takes several transactions still
/// leaves one notice: each takes back what the one before it said. `attempt` is one attempt of a
/// run and `step` counts its transactions; `corrections` are this one's.
pub async fn overdue_in(
    session: &mut ClientSession,
    app: &App,
    now: Timestamp,
    (attempt, step): (&str, u32),
    overdue: &Overdue,
    corrections: &[DeliverableId],
) -> Result<(), Failure> {
    let wanted = Wanted::default().deliverables(corrections).team();
    let facts = Facts::load_in(session, &app.db, now, wanted).await?;
    let mut out = Outgoing::default();
    let creators = overdue.deliveries + overdue.corrections;
    let (path, label) = match overdue.applications {
        0 => (team::DELIVERIES, shared::OPEN_DELIVERIES),
        _ => (team::MANAGER, shared::OPEN_CAMPAIGNS),
    };
    let key = |step: u32| format!("waits:{attempt}:{step}");
    if let Some(before) = step.checked_sub(1) {
        notifications::take_back_in(&mut *session, &app.db, &key(before)).await?;
    }
    let told = Told::plain(Kind::DeadlineReminder, "")
        .keyed(key(step))
        .saying(words::ESCALATED, words::escalated(overdue.applications, overdue.reviews, overdue.closings, creators))
        .to(path, label);
    out.team(&facts, &told, Ways::Notice);
    for part in corrections.iter().filter_map(|id| facts.delivery(id)) {
        let Some(delivery) = part.delivery else { continue };
        let told = Told::plain(Kind::DeadlineReminder, format!("turn:{}:{}", delivery.id, LocalDate::of(now)))
            .saying(words::your_turn(&part.campaign().name), words::YOUR_TURN)
            .to(delivery_path(delivery), shared::SEE_DELIVERY);
        out.creator(&facts, part.creator, &told, Ways::Notice);
    }
    out.write_in(session, app, now, &facts).await
}
