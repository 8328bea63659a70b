//! A hundred thousand random walks of the machines alone.

use canje::applications::confirm::plan;
use canje::applications::invariants::{Asked, compare};
use canje::applications::model::{Application, ApplicationStatus as A, CancelledBy};
use canje::applications::state::{Moment, Move, Step as Ask, Verdict};
use canje::applications::{checks, state};
use canje::audit::Who;
use canje::campaigns::model::{Campaign, CampaignStatus, Tally};
use canje::creators::Creator;
use canje::deliverables::Deliverable;
use canje::deliverables::state::{Addresses, Effect, Move as DeliveryMove, Step, Verdict as DeliveryVerdict};
use canje::deliverables::store::Standing;
use canje::deliverables::{DeliverableStatus as D, urls};
use canje::error::AppError;
use canje::values::{BrandId, Platform};
use canje::waits::Calendar;
use jiff::{Timestamp, ToSpan};

use super::{Dice, Try};
use crate::applications::world;
use crate::support::NOW;

const WALKS: u64 = 100_000;
const STEPS: usize = 12;

/// One creator's part in the campaign.
struct Part {
    creator: Creator,
    application: Option<Application>,
    deliverable: Option<Deliverable>,
}

struct Walk<'a> {
    now: Timestamp,
    who: &'a Who,
    calendar: &'a Calendar,
    campaign: Campaign,
    parts: Vec<Part>,
    posts: usize,
}

impl Walk<'_> {
    fn stands(part: &Part) -> Standing<'_> {
        Standing {
            application: part.application.as_ref().map(|one| one.status),
            deliverable: part.deliverable.as_ref(),
        }
    }

    /// Tries something; what is refused changes nothing.
    fn attempt(&mut self, of: usize, what: Try) -> Result<(), AppError> {
        let rules = self.campaign.delivery;
        let moment = Moment { now: self.now, who: self.who, calendar: self.calendar, rules: &rules };
        let part = &self.parts[of];
        let (mut application, mut deliverable) = (part.application.clone(), part.deliverable.clone());
        let mut slots = self.campaign.slots_filled;
        match what {
            Try::Wait => {
                self.now += 200.hours();
                return Ok(());
            }
            Try::Apply => {
                checks::check(Some(&part.creator), &self.campaign, application.as_ref(), self.now)?;
                let snapshot = checks::snapshot(&part.creator, &self.campaign);
                match &mut application {
                    Some(existing) => drop(existing.take(&Ask::Reapply(snapshot, None), &moment)?),
                    None => {
                        let new = Application::begin(&part.creator, &self.campaign.id, &snapshot, None, &moment);
                        application = Some(new);
                    }
                }
            }
            Try::Confirm => {
                let Some(asked) = &application else { return Ok(()) };
                let made = plan(&self.campaign, asked, deliverable.as_ref(), &part.creator, &moment)?;
                application = Some(made.application);
                deliverable = Some(made.deliverable);
                slots += 1;
            }
            Try::Cancel | Try::CancelOwn => {
                let by = if matches!(what, Try::Cancel) { CancelledBy::Admin } else { CancelledBy::Creator };
                let Some(asked) = &mut application else { return Ok(()) };
                if !asked.take(&Ask::Cancel(by, Some("motivo")), &moment)? {
                    return Ok(());
                }
                if let Some(delivery) = &mut deliverable {
                    delivery.take(&Step::Cancel(by), &moment)?;
                }
                slots -= 1;
            }
            Try::Withdraw | Try::Shortlist | Try::Reject | Try::Reactivate => {
                let Some(asked) = &mut application else { return Ok(()) };
                asked.take(
                    &match what {
                        Try::Withdraw => Ask::Withdraw,
                        Try::Shortlist => Ask::Shortlist,
                        Try::Reject => Ask::Reject(None, false),
                        _ => Ask::Reactivate,
                    },
                    &moment,
                )?;
            }
            _ => {
                let confirmed = application.as_ref().is_some_and(|one| one.status == A::Confirmed);
                let Some(delivery) = &mut deliverable else { return Ok(()) };
                let before = delivery.clone();
                let done = deliver(what, delivery, &moment, &mut self.posts)?;
                assert!(confirmed || done == Effect::Nothing || delivery.status == D::Cancelled, "{what:?} {before:?}");
                assert_frozen(what, &before, delivery);
                if let Some(asked) = application.as_mut().filter(|_| confirmed) {
                    asked.url_deadline = delivery.url_deadline;
                    asked.metrics_deadline = delivery.metrics_deadline;
                }
            }
        }
        let after = Part { creator: part.creator.clone(), application, deliverable };
        let change = Self::stands(part).change_to(&Self::stands(&after));
        self.campaign.slots_filled = slots;
        self.parts[of] = after;
        count(&mut self.campaign.tally, &change);
        if change.dues {
            let owed = || self.parts.iter().filter_map(|one| one.deliverable.as_ref()).map(Deliverable::owed);
            self.campaign.tally.next_url_due = owed().filter_map(|owed| owed.0).min();
            self.campaign.tally.next_metrics_due = owed().filter_map(|owed| owed.1).min();
        }
        Ok(())
    }

    fn assert_sound(&self, seed: u64, what: Try) {
        let asked: Vec<_> = self.parts.iter().filter_map(|one| one.application.as_ref().map(Asked::from)).collect();
        let deliveries: Vec<_> = self.parts.iter().filter_map(|one| one.deliverable.clone()).collect();
        let found = compare(&self.campaign, &asked, &deliveries);
        assert!(found.is_empty(), "walk {seed}, after {what:?}: {found:#?}");
        for one in self.parts.iter().filter_map(|one| one.application.as_ref()) {
            assert_eq!(one.status_history.last().unwrap().status, one.status.as_str());
        }
        for one in &deliveries {
            assert_eq!(one.status_history.last().unwrap().status, one.status.as_str());
        }
    }
}

fn deliver(what: Try, delivery: &mut Deliverable, moment: &Moment, posts: &mut usize) -> Result<Effect, AppError> {
    *posts += 1;
    let instagram = urls::parse(Platform::Instagram, &format!("instagram.com/p/{posts}")).ok();
    let tiktok = urls::parse(Platform::Tiktok, &format!("tiktok.com/@a/video/{posts}")).ok();
    let addresses = match what {
        Try::AddTiktok => Addresses { instagram: None, tiktok },
        Try::Edit if posts.is_multiple_of(2) => Addresses { instagram, tiktok },
        _ => Addresses { instagram, tiktok: None },
    };
    let step = match what {
        Try::Register | Try::AddTiktok => Step::Register(&addresses),
        Try::Approve => Step::Approve(None),
        Try::RequestChanges => Step::RequestChanges("Falta la mención"),
        Try::RejectContent => Step::RejectContent("Otra marca"),
        Try::AcceptMetrics => Step::AcceptMetrics,
        Try::Complete => Step::Complete,
        Try::ResetKeeping => Step::ResetUrls(true),
        Try::ResetAll => Step::ResetUrls(false),
        Try::ResetMetrics => Step::ResetMetrics,
        _ => Step::EditUrls(&addresses),
    };
    delivery.take(&step, moment)
}

/// What was once found about punctuality stays, whatever happens, unless staff wants it forgotten.
fn assert_frozen(what: Try, before: &Deliverable, after: &Deliverable) {
    if before.published_at.is_some() && !matches!(what, Try::ResetAll) {
        assert_eq!(before.published_at, after.published_at, "{what:?}");
        assert_eq!((before.is_on_time, before.delivery_lag_hours), (after.is_on_time, after.delivery_lag_hours));
    }
    let forgets_metrics = matches!(what, Try::ResetAll | Try::ResetKeeping | Try::ResetMetrics);
    if before.has_metrics() && !forgets_metrics {
        assert_eq!(before.metrics_submitted_at, after.metrics_submitted_at, "{what:?}");
        assert_eq!(
            (before.metrics_is_late, before.metrics_lag_hours),
            (after.metrics_is_late, after.metrics_lag_hours)
        );
    }
    assert!(after.review_notes.iter().filter(|note| note.action == "changes").count() <= 1);
}

fn count(tally: &mut Tally, change: &canje::campaigns::tally::Change) {
    let mut add = |status: A, by: i32| {
        let counter = match status {
            A::Applied => &mut tally.applied,
            A::Shortlisted => &mut tally.shortlisted,
            A::Confirmed => &mut tally.confirmed,
            A::Rejected => &mut tally.rejected,
            A::Withdrawn => &mut tally.withdrawn,
            A::Cancelled => &mut tally.cancelled,
        };
        *counter += by;
    };
    if let Some(from) = change.from {
        add(from, -1);
    }
    if let Some(to) = change.to {
        add(to, 1);
    }
    tally.with_url += change.with_url;
    tally.with_metrics += change.with_metrics;
}

#[test]
fn a_hundred_thousand_walks_keep_every_invariant() {
    let now: Timestamp = NOW.parse().unwrap();
    let (who, calendar) = (
        &Who::default(),
        &Calendar { applied: 0, shortlisted: 0, review: 0, changes: 0, close: 0, ..Calendar::default() },
    );
    let fresh = world::campaign(now, &BrandId::new(), 2);
    let creators: Vec<_> = (0..3).map(|_| world::creator(now)).collect();
    let (mut done, mut reached) = (0_u64, std::collections::BTreeSet::new());
    for seed in 0..WALKS {
        let mut dice = Dice::new(seed + 1);
        let part = |creator: &Creator| Part { creator: creator.clone(), application: None, deliverable: None };
        let parts = creators.iter().map(part).collect();
        let mut walk = Walk { now, who, calendar, campaign: fresh.clone(), parts, posts: 0 };
        for _ in 0..STEPS + dice.roll(STEPS) {
            let what = Try::ALL[dice.roll(Try::ALL.len())];
            if walk.attempt(dice.roll(3), what).is_ok() {
                done += 1;
                walk.assert_sound(seed, what);
            }
        }
        reached.extend(walk.parts.iter().filter_map(|one| one.deliverable.as_ref()).map(|one| one.status));
    }
    assert!(done > WALKS, "{done} steps were taken");
    // `approved` is of old data, `metrics_verified` of a page of its own: no walk leads there.
    assert!(reached.len() >= D::ALL.len() - 2, "{reached:?}");
}

#[test]
fn legacy_defect_10_every_pair_of_state_and_step_has_one_answer() {
    let pairs = Move::ALL.into_iter().flat_map(|step| A::ALL.into_iter().map(move |from| (step, from)));
    let (mut goes, mut done) = (Vec::new(), Vec::new());
    for (step, from) in pairs {
        match step.from(from) {
            Verdict::Goes(to) => goes.push((step, from, to)),
            Verdict::InEffect => done.push((step, from)),
            Verdict::Refused => {}
        }
    }
    let table = [
        (Move::Reapply, A::Withdrawn, A::Applied),
        (Move::Shortlist, A::Applied, A::Shortlisted),
        (Move::Confirm, A::Applied, A::Confirmed),
        (Move::Confirm, A::Shortlisted, A::Confirmed),
        (Move::Reject, A::Applied, A::Rejected),
        (Move::Reject, A::Shortlisted, A::Rejected),
        (Move::Withdraw, A::Applied, A::Withdrawn),
        (Move::Withdraw, A::Shortlisted, A::Withdrawn),
        (Move::Cancel, A::Confirmed, A::Cancelled),
        (Move::Reactivate, A::Rejected, A::Applied),
        (Move::Reactivate, A::Cancelled, A::Applied),
    ];
    assert_eq!(goes, table);
    let already = [
        (Move::Shortlist, A::Shortlisted),
        (Move::Confirm, A::Confirmed),
        (Move::Reject, A::Rejected),
        (Move::Withdraw, A::Withdrawn),
        (Move::Cancel, A::Cancelled),
        (Move::Reactivate, A::Applied),
    ];
    assert_eq!(done, already);
    assert!(CampaignStatus::ALL.into_iter().all(|campaign| Move::Withdraw.is_open_in(campaign)));
    assert!(!Move::Confirm.is_open_in(CampaignStatus::Completed));
    assert_eq!(state::wrong_state(A::Rejected).status(), 409);
}

#[test]
fn a_cancelled_delivery_only_opens_again_and_a_completed_one_is_only_reset_or_corrected() {
    for step in DeliveryMove::ALL {
        let of_cancelled = step.from(D::Cancelled);
        assert_eq!(of_cancelled == DeliveryVerdict::Goes, step == DeliveryMove::Reopen, "{step:?}");
        let is_possible = matches!(step, DeliveryMove::ResetUrls | DeliveryMove::EditUrls);
        assert_eq!(step.from(D::Completed) == DeliveryVerdict::Goes, is_possible, "{step:?}");
    }
}
