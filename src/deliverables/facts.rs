//! What a step writes into a delivery: addresses, punctuality, metrics, resets.

use super::model::{Deliverable, DeliverableStatus};
use super::state::{Addresses, Move};
use crate::applications::state::Moment;
use crate::campaigns::Deadlines;
use crate::db::{date, timestamp};
use crate::error::AppError;
use crate::i18n::deliverables as words;
use crate::values::Platform;

impl Deliverable {
    /// Publishes, adds or corrects; the state it leads to, or nothing when these addresses stand there already.
    pub(super) fn register(
        &mut self,
        kind: Move,
        addresses: &Addresses,
        moment: &Moment,
    ) -> Result<Option<DeliverableStatus>, AppError> {
        let instagram = addresses.instagram.as_ref().map(|url| url.as_str().to_owned());
        let tiktok = addresses.tiktok.as_ref().map(|url| url.as_str().to_owned());
        if instagram.is_none() && tiktok.is_none() {
            return Err(AppError::Invalid(vec![crate::error::FieldProblem::new("instagram_url", words::NO_URL)]));
        }
        let differs = |given: &Option<String>, stored: &Option<String>| given.is_some() && given != stored;
        let is_new = differs(&instagram, &self.instagram_url) || differs(&tiktok, &self.tiktok_url);
        if kind == Move::AddUrl {
            if !is_new {
                return Ok(None);
            }
            let replaces = |given: &Option<String>, stored: &Option<String>| stored.is_some() && differs(given, stored);
            if replaces(&instagram, &self.instagram_url) || replaces(&tiktok, &self.tiktok_url) {
                return Err(AppError::rule(409, "url_registered", words::URL_REGISTERED));
            }
        }
        self.instagram_url = instagram.or_else(|| self.instagram_url.take());
        self.tiktok_url = tiktok.or_else(|| self.tiktok_url.take());
        Ok(Some(match kind {
            Move::Publish => {
                self.platform = match (&self.instagram_url, &self.tiktok_url) {
                    (Some(_), None) => Platform::Instagram,
                    (None, Some(_)) => Platform::Tiktok,
                    _ => self.platform,
                };
                self.publish(moment);
                DeliverableStatus::Published
            }
            Move::Correct => DeliverableStatus::Resubmitted,
            _ => self.status,
        }))
    }

    /// The first address ever decides about punctuality; after a reset that keeps it, nothing is decided again.
    fn publish(&mut self, moment: &Moment) {
        if self.published_at.is_some() {
            return;
        }
        self.published_at = Some(date(moment.now));
        (self.is_on_time, self.delivery_lag_hours) = match self.url_deadline {
            Some(due) => (Some(moment.now.as_millisecond() <= due.timestamp_millis()), Some(lag(moment, due))),
            None => (None, None),
        };
    }

    /// Metrics arrived for the first time; receiving them approves the post.
    pub(super) fn accept_metrics(&mut self, moment: &Moment) -> Result<DeliverableStatus, AppError> {
        if !self.has_url() {
            return Err(AppError::rule(409, "no_url", words::NO_URL));
        }
        let now = date(moment.now);
        let is_late = self.metrics_deadline.is_some_and(|due| moment.now.as_millisecond() > due.timestamp_millis());
        self.metrics_submitted_at = Some(now);
        self.metrics_is_late = Some(is_late);
        self.metrics_lag_hours = self.metrics_deadline.map(|due| lag(moment, due));
        self.approved_at.get_or_insert(now);
        Ok(if is_late { DeliverableStatus::MetricsLate } else { DeliverableStatus::MetricsSubmitted })
    }

    /// From the start: no addresses, no review, no metrics; deadlines by the campaign's present rules.
    pub(super) fn reset_urls(&mut self, keeps_punctuality: bool, moment: &Moment) -> DeliverableStatus {
        self.forget_post();
        if !keeps_punctuality {
            self.forget_punctuality();
        }
        self.forget_metrics();
        self.admin_reset_at = Some(date(moment.now));
        if let Some(due) = self.due(moment) {
            self.url_deadline = Some(date(due.url));
            self.metrics_deadline = Some(date(due.metrics));
        }
        DeliverableStatus::AwaitingPublish
    }

    /// From the metrics: the post and its deadline stay.
    pub(super) fn reset_metrics(&mut self, moment: &Moment) -> DeliverableStatus {
        self.forget_metrics();
        self.admin_reset_at = Some(date(moment.now));
        if let Some(due) = self.due(moment) {
            self.metrics_deadline = Some(date(due.metrics));
        }
        match self.approved_at {
            Some(_) => DeliverableStatus::MetricsPending,
            None => DeliverableStatus::Published,
        }
    }

    /// Confirmed again: as if it were new, with its history.
    pub(super) fn reopen(&mut self, due: Deadlines, moment: &Moment) -> DeliverableStatus {
        self.forget_post();
        self.forget_punctuality();
        self.forget_metrics();
        self.cancelled_at = None;
        self.cancelled_by = None;
        self.status_before_cancel = None;
        self.confirmed_at = Some(date(moment.now));
        self.url_deadline = Some(date(due.url));
        self.metrics_deadline = Some(date(due.metrics));
        DeliverableStatus::AwaitingPublish
    }

    /// Staff writes both addresses as they have to be; `false` when they are so already.
    pub(super) fn edit(&mut self, addresses: &Addresses, moment: &Moment) -> Result<bool, AppError> {
        let instagram = addresses.instagram.as_ref().map(|url| url.as_str().to_owned());
        let tiktok = addresses.tiktok.as_ref().map(|url| url.as_str().to_owned());
        if instagram == self.instagram_url && tiktok == self.tiktok_url {
            return Ok(false);
        }
        if !self.has_url() {
            return Err(AppError::rule(409, "not_published", words::EDIT_BEFORE_PUBLISHING));
        }
        if instagram.is_none() && tiktok.is_none() {
            return Err(AppError::rule(422, "no_url_left", words::NO_URL_LEFT));
        }
        self.instagram_url = instagram;
        self.tiktok_url = tiktok;
        self.admin_edited_urls_at = Some(date(moment.now));
        Ok(true)
    }

    /// The deadlines of its confirmation by the campaign's present rules.
    fn due(&self, moment: &Moment) -> Option<Deadlines> {
        self.confirmed_at.and_then(timestamp).map(|at| moment.rules.deadlines(at))
    }

    fn forget_post(&mut self) {
        self.instagram_url = None;
        self.tiktok_url = None;
        self.review_round = 0;
        self.review_notes.clear();
        self.approved_at = None;
        self.approved_by = None;
    }

    fn forget_punctuality(&mut self) {
        self.published_at = None;
        self.is_on_time = None;
        self.delivery_lag_hours = None;
    }

    fn forget_metrics(&mut self) {
        self.metrics_submitted_at = None;
        self.metrics_is_late = None;
        self.metrics_lag_hours = None;
        self.metrics_verified_at = None;
        self.completed_at = None;
        self.brand_rating = None;
    }
}

/// Hours after a deadline, to one decimal; 0 before it.
fn lag(moment: &Moment, due: bson::DateTime) -> f64 {
    let late = (moment.now.as_millisecond() - due.timestamp_millis()).max(0);
    (late as f64 / 360_000.0).round() / 10.0
}
