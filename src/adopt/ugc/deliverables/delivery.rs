//! The canonical delivery of a row.

use bson::{DateTime, Document};

use super::super::super::rule::Noticed;
use super::super::applications::{Fact, status};
use super::super::campaigns::Offer;
use super::super::people::Person;
use super::super::row::Row;
use super::state;
use crate::applications::{ApplicationStatus, CancelledBy};
use crate::campaigns::Deadlines;
use crate::db::{date, timestamp};
use crate::deliverables::model::{BrandRating, ReviewNote};
use crate::deliverables::{Deliverable, DeliverableStatus, urls};
use crate::reputation::Rating;
use crate::values::{DeliverableId, Platform};
use crate::waits::{Calendar, Waiting};

/// What a delivery is made of besides its row.
pub struct Around<'a> {
    /// Its application.
    pub application: &'a Fact,
    /// Its campaign.
    pub offer: &'a Offer,
    /// Its creator.
    pub person: &'a Person,
    /// Its rating.
    pub rating: Option<&'a Rating>,
    /// Rows that are its past.
    pub past: Vec<Document>,
}

/// The delivery of a row; `None` when its state is unknown or it has no date, which is noticed.
pub fn delivery(row: &mut Row<'_>, key: &str, around: Around<'_>) -> Option<Deliverable> {
    let Around { application, offer, person, rating, past } = around;
    let Some(created_at) = row.made_at(&["created_at", "confirmed_at", "updated_at"]) else {
        row.notice(Noticed::refused("deliverable.created_at_absent"));
        return None;
    };
    let updated_at = row.moment("updated_at");
    let stored_confirmation = row.moment("confirmed_at");
    let confirmed_at = application.confirmed_at.or(stored_confirmation);
    let (url_deadline, metrics_deadline) = deadlines(row, application, offer, confirmed_at);
    let (instagram_url, tiktok_url) = addresses(row);
    let has_url = instagram_url.is_some() || tiktok_url.is_some();
    let submitted = row.moment("submitted_at");
    let published_at = row.moment("published_at").or(submitted.filter(|_| has_url)).or(updated_at.filter(|_| has_url));
    let stored = row.text("status").unwrap_or_default();
    let is_past = state::is_cancelled(&stored);
    let metrics_submitted_at = row.moment("metrics_submitted_at").filter(|_| has_url || is_past);
    let late = metrics_submitted_at.zip(metrics_deadline).map(|(at, until)| at > until);
    let facts = state::Facts {
        has_url,
        has_metrics: metrics_submitted_at.is_some(),
        is_late: late == Some(true),
        is_rated: rating.is_some(),
        is_over: application.status == ApplicationStatus::Cancelled,
    };
    let Some(status) = state::canonical(&stored, facts) else {
        row.notice(Noticed::refused("deliverable.status_unknown"));
        return None;
    };
    row.notice_if(
        application.status == ApplicationStatus::Confirmed && status == DeliverableStatus::Cancelled,
        Noticed::kept("deliverable.cancelled_but_confirmed"),
    );
    let stood_since = updated_at.unwrap_or(created_at);
    let is_over = status == DeliverableStatus::Cancelled;
    let by = row.text("cancelled_by").and_then(|by| CancelledBy::parse(&by));
    let before = row.text("status_before_cancel").and_then(|status| DeliverableStatus::parse(&status));
    let cancelled_at = row.moment("cancelled_at").unwrap_or(stood_since);
    let completed_at = row.moment("completed_at").or_else(|| rating.map(|rating| rating.created_at));
    let mut made = Deliverable {
        id: DeliverableId::of(key),
        application_id: application.id.clone(),
        campaign_id: offer.id.clone(),
        creator_id: person.id.clone(),
        brand_id: offer.brand_id.clone(),
        platform: person.platform_among(&offer.platforms),
        post_url: instagram_url.clone().or_else(|| tiktok_url.clone()),
        instagram_url,
        tiktok_url,
        status,
        status_history: status::history(row, &person.user_id, status.as_str(), stood_since),
        waiting: None,
        confirmed_at,
        url_deadline,
        metrics_deadline,
        owes_url_by: None,
        owes_metrics_by: None,
        published_at,
        is_on_time: published_at.zip(url_deadline).map(|(at, until)| at <= until),
        delivery_lag_hours: published_at.zip(url_deadline).map(|(at, until)| lag_hours(at, until)),
        metrics_window_opens: published_at.filter(|_| has_url),
        metrics_window_closes: metrics_deadline,
        metrics_submitted_at,
        metrics_is_late: late,
        metrics_lag_hours: metrics_submitted_at.zip(metrics_deadline).map(|(at, until)| lag_hours(at, until)),
        review_round: row.small("review_round").unwrap_or(0),
        review_notes: review_notes(row),
        approved_at: row.moment("approved_at"),
        approved_by: row.text("approved_by"),
        metrics_verified_at: row.moment("metrics_verified_at"),
        completed_at: completed_at.filter(|_| status == DeliverableStatus::Completed),
        brand_rating: rating.map(|rating| BrandRating {
            rating: rating.rating,
            comment: rating.comment.clone(),
            rated_at: rating.created_at,
        }),
        cancelled_at: is_over.then_some(cancelled_at),
        cancelled_by: is_over.then_some(by.unwrap_or(CancelledBy::Admin)),
        status_before_cancel: before.filter(|_| is_over),
        admin_edited_urls_at: row.moment("admin_edited_urls_at"),
        admin_reset_at: row.moment("admin_reset_at"),
        legacy_attempts: past,
        created_at,
        updated_at,
    };
    made.derive();
    made.waiting = waiting(&made);
    Some(made)
}

/// What was promised is kept: on the delivery, else on the application, else what the campaign's rules come to.
pub fn deadlines(
    row: &mut Row<'_>,
    application: &Fact,
    offer: &Offer,
    confirmed_at: Option<DateTime>,
) -> (Option<DateTime>, Option<DateTime>) {
    let promised_url = row.moment("url_deadline").or(application.url_deadline);
    let promised_metrics = row.moment("metrics_deadline").or(application.metrics_deadline);
    let computed = computed(offer, confirmed_at);
    (promised_url.or(computed.map(|due| date(due.url))), promised_metrics.or(computed.map(|due| date(due.metrics))))
}

/// The deadlines of the campaign's own rules.
pub fn computed(offer: &Offer, confirmed_at: Option<DateTime>) -> Option<Deadlines> {
    confirmed_at.and_then(timestamp).map(|at| offer.rules.deadlines(at))
}

/// The two addresses in their canonical form; older rows have them joined in one field. One that is no post's is kept as
/// found: it was accepted once.
fn addresses(row: &mut Row<'_>) -> (Option<String>, Option<String>) {
    let (mut instagram, mut tiktok) = (row.text("instagram_url"), row.text("tiktok_url"));
    if instagram.is_none() && tiktok.is_none() {
        let joined = row.text("post_url").unwrap_or_default();
        let part = |host: &str| joined.split('|').map(str::trim).find(|part| part.contains(host)).map(str::to_owned);
        (instagram, tiktok) = (part("instagram.com"), part("tiktok.com"));
    }
    let mut canonical = |on: Platform, stored: Option<String>| {
        let stored = stored?;
        match urls::parse(on, &stored) {
            Ok(address) => Some(address.as_str().to_owned()),
            Err(_) => {
                row.notice(Noticed::kept("deliverable.address_unrecognised"));
                Some(stored)
            }
        }
    };
    (canonical(Platform::Instagram, instagram), canonical(Platform::Tiktok, tiktok))
}

fn review_notes(row: &mut Row<'_>) -> Vec<ReviewNote> {
    let mut notes = Vec::new();
    for mut part in row.parts("review_notes") {
        if let (Some(action), Some(at)) = (part.text("action"), part.moment("timestamp")) {
            notes.push(ReviewNote {
                round: part.small("round").unwrap_or(0),
                action,
                note: part.text("note"),
                by: part.text("by").unwrap_or_else(|| "system".into()),
                by_role: part.text("by_role"),
                timestamp: at,
            });
        }
        row.absorb(part);
    }
    notes
}

/// Hours too late, one decimal; 0 when it wasn't.
fn lag_hours(at: DateTime, until: DateTime) -> f64 {
    let late = (at.timestamp_millis() - until.timestamp_millis()).max(0) as f64;
    (late / 360_000.0).round() / 10.0
}

/// Whose turn it is: a wait that began when the state did, as far as that is known.
fn waiting(of: &Deliverable) -> Option<Waiting> {
    use DeliverableStatus as S;
    let begun = match of.status {
        S::AwaitingPublish => of.confirmed_at,
        S::ChangesRequested | S::Rejected => of.review_notes.last().map(|note| note.timestamp),
        S::Approved | S::MetricsPending => of.approved_at.or(of.published_at),
        S::MetricsSubmitted | S::MetricsLate => of.metrics_submitted_at,
        S::MetricsVerified => of.metrics_verified_at.or(of.metrics_submitted_at),
        _ => of.published_at,
    };
    let since = begun.or(of.updated_at).unwrap_or(of.created_at);
    of.wait(&Calendar::default(), timestamp(since)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lags_have_one_decimal_and_are_never_negative() {
        let at = |minutes: i64| DateTime::from_millis(minutes * 60_000);
        assert_eq!(lag_hours(at(60), at(0)), 1.0);
        assert_eq!(lag_hours(at(65), at(0)), 1.1);
        assert_eq!(lag_hours(at(0), at(0)), 0.0);
        assert_eq!(lag_hours(at(0), at(60)), 0.0);
    }
}
