//! What may become of a delivery: pure, so that every combination of state and step can be tried.

use super::model::{Deliverable, DeliverableStatus, ReviewNote};
use super::urls::CanonicalUrl;
use crate::applications::model::{Application, CancelledBy};
use crate::applications::state::Moment;
use crate::campaigns::Deadlines;
use crate::campaigns::model::Campaign;
use crate::creators::model::Creator;
use crate::db::{date, timestamp};
use crate::error::AppError;
use crate::i18n::deliverables as words;
use crate::values::DeliverableId;
use crate::waits::{Calendar, Period, Waiting};

pub use super::moves::{Move, Verdict};

/// Addresses by platform, parsed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Addresses {
    /// Instagram's.
    pub instagram: Option<CanonicalUrl>,
    /// TikTok's.
    pub tiktok: Option<CanonicalUrl>,
}

/// A move with what it needs.
#[derive(Clone, Debug)]
pub enum Step<'a> {
    /// The creator's addresses: published, added or corrected, as the state asks.
    Register(&'a Addresses),
    /// Fine, perhaps with a note.
    Approve(Option<&'a str>),
    /// What has to change.
    RequestChanges(&'a str),
    /// Why it is refused.
    RejectContent(&'a str),
    /// The first accepted metrics.
    AcceptMetrics,
    /// Metrics checked.
    VerifyMetrics,
    /// Closed.
    Complete,
    /// Ended by this side.
    Cancel(CancelledBy),
    /// From the start; `true` keeps what was found about punctuality.
    ResetUrls(bool),
    /// From the metrics.
    ResetMetrics,
    /// Corrected by staff: both fields as they have to be.
    EditUrls(&'a Addresses),
    /// Confirmed again, with these deadlines.
    Reopen(Deadlines),
}

/// What a step did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It was in effect already.
    Nothing,
    /// This.
    Done(Move),
}

impl Deliverable {
    /// The delivery of an application that is confirmed for the first time.
    pub fn open(campaign: &Campaign, application: &Application, creator: &Creator, moment: &Moment) -> Self {
        let mut opened = Self {
            id: DeliverableId::new(),
            application_id: application.id.clone(),
            campaign_id: campaign.id.clone(),
            creator_id: application.creator_id.clone(),
            brand_id: campaign.brand_id.clone(),
            platform: campaign.platform_for(creator),
            instagram_url: None,
            tiktok_url: None,
            post_url: None,
            status: DeliverableStatus::AwaitingPublish,
            status_history: vec![moment.entry(DeliverableStatus::AwaitingPublish.as_str(), None)],
            waiting: None,
            confirmed_at: application.confirmed_at,
            url_deadline: application.url_deadline,
            metrics_deadline: application.metrics_deadline,
            owes_url_by: None,
            owes_metrics_by: None,
            published_at: None,
            is_on_time: None,
            delivery_lag_hours: None,
            metrics_window_opens: None,
            metrics_window_closes: None,
            metrics_submitted_at: None,
            metrics_is_late: None,
            metrics_lag_hours: None,
            review_round: 0,
            review_notes: Vec::new(),
            approved_at: None,
            approved_by: None,
            metrics_verified_at: None,
            completed_at: None,
            brand_rating: None,
            cancelled_at: None,
            cancelled_by: None,
            status_before_cancel: None,
            admin_edited_urls_at: None,
            admin_reset_at: None,
            legacy_attempts: Vec::new(),
            created_at: date(moment.now),
            updated_at: Some(date(moment.now)),
        };
        opened.derive();
        opened.waiting = opened.wait(moment.calendar, moment.now);
        opened
    }

    /// Takes a step, or says why not.
    pub fn take(&mut self, step: &Step, moment: &Moment) -> Result<Effect, AppError> {
        let kind = self.kind(step)?;
        match kind.from(self.status) {
            Verdict::Goes => {}
            Verdict::InEffect if self.has_said(step) => return Ok(Effect::Nothing),
            Verdict::InEffect | Verdict::Refused => return Err(wrong_state(self.status)),
        }
        let before = self.status;
        let status = match step {
            Step::Register(addresses) => match self.register(kind, addresses, moment)? {
                Some(status) => status,
                None => return Ok(Effect::Nothing),
            },
            Step::Approve(note) => {
                self.note(moment, "approve", *note);
                self.approved_at = Some(date(moment.now));
                self.approved_by = moment.who.user_id.clone();
                DeliverableStatus::MetricsPending
            }
            Step::RequestChanges(note) => {
                if self.review_round > 0 {
                    return Err(AppError::rule(409, "changes_asked_once", words::CHANGES_ASKED_ONCE));
                }
                self.note(moment, "changes", Some(note));
                DeliverableStatus::ChangesRequested
            }
            Step::RejectContent(note) => {
                self.note(moment, "reject", Some(note));
                DeliverableStatus::Rejected
            }
            Step::AcceptMetrics => self.accept_metrics(moment)?,
            Step::VerifyMetrics => {
                self.metrics_verified_at = Some(date(moment.now));
                DeliverableStatus::MetricsVerified
            }
            Step::Complete => {
                if !self.is_delivered() {
                    return Err(AppError::rule(409, "not_delivered", words::NOT_DELIVERED));
                }
                self.completed_at = Some(date(moment.now));
                DeliverableStatus::Completed
            }
            Step::Cancel(by) => {
                self.may_cancel(*by)?;
                self.status_before_cancel = Some(self.status);
                self.cancelled_at = Some(date(moment.now));
                self.cancelled_by = Some(*by);
                DeliverableStatus::Cancelled
            }
            Step::ResetUrls(keeps_punctuality) => self.reset_urls(*keeps_punctuality, moment),
            Step::ResetMetrics => self.reset_metrics(moment),
            Step::EditUrls(addresses) => {
                if !self.edit(addresses, moment)? {
                    return Ok(Effect::Nothing);
                }
                self.status
            }
            Step::Reopen(due) => self.reopen(*due, moment),
        };
        self.status = status;
        if kind != Move::EditUrls {
            let reason = match step {
                Step::RequestChanges(note) | Step::RejectContent(note) => Some(*note),
                _ => None,
            };
            self.status_history.push(moment.entry(status.as_str(), reason));
        }
        self.updated_at = Some(date(moment.now));
        self.derive();
        if status != before || kind == Move::ResetUrls {
            self.waiting = self.wait(moment.calendar, moment.now);
        }
        Ok(Effect::Done(kind))
    }

    /// Whose turn it is in the present state, as a wait that began at `since`; none when it waits for nobody.
    pub fn wait(&self, calendar: &Calendar, since: jiff::Timestamp) -> Option<Waiting> {
        let until = |due: Option<bson::DateTime>| due.and_then(timestamp).map(|due| calendar.until(due, since));
        match self.status {
            DeliverableStatus::AwaitingPublish => until(self.url_deadline),
            DeliverableStatus::Approved | DeliverableStatus::MetricsPending => until(self.metrics_deadline),
            DeliverableStatus::Published | DeliverableStatus::Resubmitted => {
                Some(calendar.begin(Period::Review, since))
            }
            DeliverableStatus::ChangesRequested => Some(calendar.begin(Period::Changes, since)),
            // A refused one keeps its slot until staff cancels or resets it.
            DeliverableStatus::MetricsSubmitted
            | DeliverableStatus::MetricsLate
            | DeliverableStatus::MetricsVerified
            | DeliverableStatus::Rejected => Some(calendar.begin(Period::Close, since)),
            DeliverableStatus::Completed | DeliverableStatus::Cancelled => None,
        }
    }

    /// Writes what follows from the rest: the first address, what is owed, the window for metrics.
    pub fn derive(&mut self) {
        self.post_url = self.instagram_url.clone().or_else(|| self.tiktok_url.clone());
        self.metrics_window_opens = self.published_at;
        self.metrics_window_closes = self.metrics_deadline;
        (self.owes_url_by, self.owes_metrics_by) = self.owed();
    }

    /// Whether this side may end the participation now.
    pub fn may_cancel(&self, by: CancelledBy) -> Result<(), AppError> {
        if by == CancelledBy::Creator && self.has_url() {
            return Err(AppError::rule(409, "already_published", words::CANCEL_AFTER_PUBLISHING));
        }
        if self.is_delivered() && self.status != DeliverableStatus::Rejected {
            return Err(AppError::rule(409, "already_delivered", words::CANCEL_AFTER_DELIVERING));
        }
        Ok(())
    }

    /// Which move a step is in the present state.
    fn kind(&self, step: &Step) -> Result<Move, AppError> {
        Ok(match step {
            Step::Register(_) => match self.status {
                DeliverableStatus::AwaitingPublish => Move::Publish,
                DeliverableStatus::ChangesRequested => Move::Correct,
                DeliverableStatus::Completed | DeliverableStatus::Rejected | DeliverableStatus::Cancelled => {
                    return Err(wrong_state(self.status));
                }
                _ => Move::AddUrl,
            },
            Step::Approve(_) => Move::Approve,
            Step::RequestChanges(_) => Move::RequestChanges,
            Step::RejectContent(_) => Move::RejectContent,
            Step::AcceptMetrics => Move::AcceptMetrics,
            Step::VerifyMetrics => Move::VerifyMetrics,
            Step::Complete => Move::Complete,
            Step::Cancel(_) => Move::Cancel,
            Step::ResetUrls(_) => Move::ResetUrls,
            Step::ResetMetrics => Move::ResetMetrics,
            Step::EditUrls(_) => Move::EditUrls,
            Step::Reopen(_) => Move::Reopen,
        })
    }

    /// Whether a step that is in effect loses nothing: it brings no note, or the one that stands there.
    fn has_said(&self, step: &Step) -> bool {
        let note = match step {
            Step::Approve(note) => *note,
            Step::RequestChanges(note) | Step::RejectContent(note) => Some(*note),
            _ => None,
        };
        let said = self.review_notes.last().and_then(|review| review.note.as_deref());
        note.is_none() || note == said
    }

    fn note(&mut self, moment: &Moment, action: &str, note: Option<&str>) {
        self.review_round += 1;
        let entry = moment.entry("", None);
        self.review_notes.push(ReviewNote {
            round: self.review_round,
            action: action.into(),
            note: note.map(Into::into),
            by: entry.by,
            by_role: entry.by_role,
            timestamp: entry.timestamp,
        });
    }
}

/// The refusal that names the state it stands in.
pub fn wrong_state(status: DeliverableStatus) -> AppError {
    AppError::rule(409, "wrong_state", words::wrong_state(status))
}
