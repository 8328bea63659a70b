//! What may become of an application: pure, so that every combination of state and step can be tried.

use jiff::Timestamp;

use super::model::{Application, ApplicationStatus, CancelledBy, StatusStep};
use crate::audit::Who;
use crate::campaigns::model::CampaignStatus;
use crate::campaigns::{Deadlines, DeliveryRules};
use crate::creators::model::Level;
use crate::db::date;
use crate::error::AppError;
use crate::i18n::applications as words;
use crate::waits::{Calendar, Period};

/// What is done with an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// The creator applies again after withdrawing.
    Reapply,
    /// Staff takes it to the short list.
    Shortlist,
    /// Staff gives it a slot.
    Confirm,
    /// Staff or the platform says no.
    Reject,
    /// The creator takes it back.
    Withdraw,
    /// Staff or the creator ends the participation.
    Cancel,
    /// Staff opens it again.
    Reactivate,
}

/// What a move means in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It leads to this state.
    Goes(ApplicationStatus),
    /// It was done already: nothing happens, and that is no error.
    InEffect,
    /// Not in this state.
    Refused,
}

impl Move {
    /// Every move.
    pub const ALL: [Self; 7] =
        [Self::Reapply, Self::Shortlist, Self::Confirm, Self::Reject, Self::Withdraw, Self::Cancel, Self::Reactivate];

    /// What it means for an application in this state.
    pub fn from(self, status: ApplicationStatus) -> Verdict {
        use ApplicationStatus::{Applied, Cancelled, Confirmed, Rejected, Shortlisted, Withdrawn};
        use Verdict::{Goes, InEffect, Refused};
        match (self, status) {
            (Self::Reapply, Withdrawn) => Goes(Applied),
            (Self::Reapply, Applied | Shortlisted | Confirmed | Rejected | Cancelled) => Refused,
            (Self::Shortlist, Applied) => Goes(Shortlisted),
            (Self::Shortlist, Shortlisted) => InEffect,
            (Self::Shortlist, Confirmed | Rejected | Withdrawn | Cancelled) => Refused,
            (Self::Confirm, Applied | Shortlisted) => Goes(Confirmed),
            (Self::Confirm, Confirmed) => InEffect,
            (Self::Confirm, Rejected | Withdrawn | Cancelled) => Refused,
            (Self::Reject, Applied | Shortlisted) => Goes(Rejected),
            (Self::Reject, Rejected) => InEffect,
            (Self::Reject, Confirmed | Withdrawn | Cancelled) => Refused,
            (Self::Withdraw, Applied | Shortlisted) => Goes(Withdrawn),
            (Self::Withdraw, Withdrawn) => InEffect,
            (Self::Withdraw, Confirmed | Rejected | Cancelled) => Refused,
            (Self::Cancel, Confirmed) => Goes(Cancelled),
            (Self::Cancel, Cancelled) => InEffect,
            (Self::Cancel, Applied | Shortlisted | Rejected | Withdrawn) => Refused,
            (Self::Reactivate, Rejected | Cancelled) => Goes(Applied),
            (Self::Reactivate, Applied) => InEffect,
            (Self::Reactivate, Shortlisted | Confirmed | Withdrawn) => Refused,
        }
    }

    /// Whether a campaign in this state lets it happen. Ending something is always possible.
    pub fn is_open_in(self, campaign: CampaignStatus) -> bool {
        use CampaignStatus::{Cancelled, Closed, Completed, Draft, InProduction, Live};
        match (self, campaign) {
            (Self::Reapply, Live) => true,
            (Self::Reapply, Draft | Closed | InProduction | Completed | Cancelled) => false,
            (Self::Shortlist, Live | Closed) => true,
            (Self::Shortlist, Draft | InProduction | Completed | Cancelled) => false,
            (Self::Confirm | Self::Reactivate, Live | Closed | InProduction) => true,
            (Self::Confirm | Self::Reactivate, Draft | Completed | Cancelled) => false,
            (Self::Reject | Self::Withdraw | Self::Cancel, _) => true,
        }
    }
}

/// A move with what it needs.
#[derive(Clone, Debug)]
pub enum Step<'a> {
    /// Again, as the creator is now.
    Reapply(Snapshot, Option<&'a str>),
    /// To the short list.
    Shortlist,
    /// Confirmed with these deadlines.
    Confirm(Deadlines),
    /// No, perhaps with a reason, perhaps because the campaign ended.
    Reject(Option<&'a str>, bool),
    /// Taken back.
    Withdraw,
    /// Ended.
    Cancel(CancelledBy, Option<&'a str>),
    /// Open again.
    Reactivate,
}

/// What an application keeps of the creator as they were.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// Full name.
    pub name: String,
    /// The handle on the platform the campaign asks for.
    pub username: Option<String>,
    /// Highest effective followers over the platforms it asks for.
    pub followers: i64,
    /// Average rating; none without ratings.
    pub rating: Option<f64>,
    /// Effective level.
    pub level: Level,
}

/// When, by whom and under which rules something is done.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'a> {
    /// When.
    pub now: Timestamp,
    /// By whom; nobody is the platform.
    pub who: &'a Who,
    /// Business days and periods.
    pub calendar: &'a Calendar,
    /// The campaign's rules for deliveries.
    pub rules: &'a DeliveryRules,
}

impl Moment<'_> {
    /// A step of a history.
    pub fn entry(&self, status: &str, reason: Option<&str>) -> StatusStep {
        StatusStep {
            status: status.into(),
            timestamp: date(self.now),
            by: self.who.user_id.clone().unwrap_or_else(|| "system".into()),
            by_role: self.who.role.clone(),
            reason: reason.map(Into::into),
        }
    }
}

impl Step<'_> {
    /// Which move it is.
    pub fn kind(&self) -> Move {
        match self {
            Self::Reapply(..) => Move::Reapply,
            Self::Shortlist => Move::Shortlist,
            Self::Confirm(_) => Move::Confirm,
            Self::Reject(..) => Move::Reject,
            Self::Withdraw => Move::Withdraw,
            Self::Cancel(..) => Move::Cancel,
            Self::Reactivate => Move::Reactivate,
        }
    }

    fn reason(&self) -> Option<&str> {
        match self {
            Self::Reject(reason, _) | Self::Cancel(_, reason) => *reason,
            Self::Reapply(..) | Self::Shortlist | Self::Confirm(_) | Self::Withdraw | Self::Reactivate => None,
        }
    }
}

impl Application {
    /// Takes a step, or says why not. `false`: it was in effect already.
    pub fn take(&mut self, step: &Step, moment: &Moment) -> Result<bool, AppError> {
        let status = match step.kind().from(self.status) {
            Verdict::Goes(status) => status,
            Verdict::InEffect if self.has_said(step) => return Ok(false),
            Verdict::InEffect | Verdict::Refused => return Err(wrong_state(self.status)),
        };
        let now = date(moment.now);
        match step {
            Step::Reapply(snapshot, message) => {
                self.remember(snapshot);
                self.motivation = message.map(Into::into);
                self.applied_at = now;
                self.withdrawn_at = None;
                self.shortlisted_at = None;
            }
            Step::Shortlist => self.shortlisted_at = Some(now),
            Step::Confirm(due) => {
                self.confirmed_at = Some(now);
                self.confirmed_by = moment.who.user_id.clone();
                self.url_deadline = Some(date(due.url));
                self.metrics_deadline = Some(date(due.metrics));
            }
            Step::Reject(reason, is_automatic) => {
                self.rejected_at = Some(now);
                self.rejection_reason = reason.map(Into::into);
                self.auto_rejected = is_automatic.then_some(true);
            }
            Step::Withdraw => self.withdrawn_at = Some(now),
            Step::Cancel(by, reason) => {
                self.cancelled_at = Some(now);
                self.cancelled_by = Some(*by);
                self.cancellation_reason = reason.map(Into::into);
            }
            Step::Reactivate => self.forget_the_end(),
        }
        self.status = status;
        self.status_history.push(moment.entry(status.as_str(), step.reason()));
        self.updated_at = Some(now);
        self.waiting = match status {
            ApplicationStatus::Applied => Some(moment.calendar.begin(Period::Applied, moment.now)),
            ApplicationStatus::Shortlisted => Some(moment.calendar.begin(Period::Shortlisted, moment.now)),
            ApplicationStatus::Confirmed
            | ApplicationStatus::Rejected
            | ApplicationStatus::Withdrawn
            | ApplicationStatus::Cancelled => None,
        };
        Ok(true)
    }

    /// Whether a step that is in effect loses nothing: it brings no reason, or the one that stands there.
    fn has_said(&self, step: &Step) -> bool {
        let said = match step {
            Step::Reject(..) => &self.rejection_reason,
            _ => &self.cancellation_reason,
        };
        step.reason().is_none() || step.reason() == said.as_deref()
    }

    /// Keeps the creator as they are now.
    pub fn remember(&mut self, snapshot: &Snapshot) {
        self.creator_name = Some(snapshot.name.clone());
        self.creator_username = snapshot.username.clone();
        self.creator_followers = Some(snapshot.followers);
        self.creator_rating = snapshot.rating;
        self.creator_level = Some(snapshot.level);
    }

    /// Open again: the history remembers what was.
    fn forget_the_end(&mut self) {
        self.shortlisted_at = None;
        self.confirmed_at = None;
        self.confirmed_by = None;
        self.url_deadline = None;
        self.metrics_deadline = None;
        self.rejected_at = None;
        self.rejection_reason = None;
        self.auto_rejected = None;
        self.cancelled_at = None;
        self.cancelled_by = None;
        self.cancellation_reason = None;
    }
}

/// The refusal that names the state it stands in.
pub fn wrong_state(status: ApplicationStatus) -> AppError {
    AppError::rule(409, "wrong_state", words::wrong_state(status))
}

/// The refusal because of the campaign's state.
pub fn campaign_closed(status: CampaignStatus) -> AppError {
    AppError::rule(409, "campaign_state", words::campaign_state(status))
}
