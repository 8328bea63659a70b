//! Business days in Paraguay.

use std::collections::BTreeSet;

use jiff::civil::Weekday;
use jiff::{Timestamp, ToSpan};

use super::model::{Period, Waiting, Whose};
use crate::db::{date, timestamp};
use crate::i18n::format::time_zone;
use crate::settings::Waits;
use crate::values::LocalDate;

/// Which days count, and how many of them each wait lasts.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// Days that don't count besides weekends.
    pub holidays: BTreeSet<LocalDate>,
    /// Business days until staff answers an application.
    pub applied: u32,
    /// Business days until staff decides about a shortlisted one.
    pub shortlisted: u32,
    /// Business days until staff reviews a post.
    pub review: u32,
    /// Business days until the creator corrects a post.
    pub changes: u32,
    /// Business days until staff closes what is delivered or refused.
    pub close: u32,
    /// Business days until staff is told again of a delivery whose own deadline is over.
    pub overdue: u32,
}

impl Default for Calendar {
    fn default() -> Self {
        Self::of(&Waits::default())
    }
}

impl Calendar {
    /// As the settings have it.
    pub fn of(waits: &Waits) -> Self {
        Self {
            holidays: waits.holidays.iter().copied().collect(),
            applied: waits.applied,
            shortlisted: waits.shortlisted,
            review: waits.review,
            changes: waits.changes,
            close: waits.close,
            overdue: waits.overdue,
        }
    }

    /// How many business days a wait lasts. A delivery's own deadline isn't one of them: what stands here for it is how
    /// long after the deadline staff is told again.
    pub fn days(&self, period: Period) -> u32 {
        match period {
            Period::Applied => self.applied,
            Period::Shortlisted => self.shortlisted,
            Period::Review => self.review,
            Period::Changes => self.changes,
            Period::Close => self.close,
            Period::Deadline => self.overdue,
        }
    }

    /// A wait that begins now.
    pub fn begin(&self, period: Period, since: Timestamp) -> Waiting {
        let whose = match period {
            Period::Applied | Period::Shortlisted | Period::Review | Period::Close => Whose::Staff,
            Period::Changes | Period::Deadline => Whose::Creator,
        };
        let due_at = date(self.after(since, self.days(period)));
        Waiting { whose, period, since: date(since), due_at, promised_at: Some(due_at), escalations: 0 }
    }

    /// When a wait that is over is due again: one period after it was, and never in the past.
    pub fn again(&self, waiting: &Waiting, now: Timestamp) -> Timestamp {
        let days = self.days(waiting.period).max(1);
        let due = timestamp(waiting.due_at).unwrap_or(now);
        let next = self.after(due, days);
        if next > now { next } else { self.after(now, days) }
    }

    /// The creator's wait for a delivery's own deadline.
    pub fn until(&self, deadline: Timestamp, since: Timestamp) -> Waiting {
        let due_at = date(deadline);
        Waiting {
            whose: Whose::Creator,
            period: Period::Deadline,
            since: date(since),
            due_at,
            promised_at: Some(due_at),
            escalations: 0,
        }
    }

    /// So many business days later, at the same local time.
    pub fn after(&self, since: Timestamp, days: u32) -> Timestamp {
        let mut at = since.to_zoned(time_zone());
        let mut left = days;
        while left > 0 {
            at = match at.checked_add(1.day()) {
                Ok(next) => next,
                Err(_) => return Timestamp::MAX,
            };
            if self.is_business_day(LocalDate(at.date())) {
                left -= 1;
            }
        }
        at.timestamp()
    }

    /// Monday to Friday, and no holiday.
    pub fn is_business_day(&self, day: LocalDate) -> bool {
        !matches!(day.0.weekday(), Weekday::Saturday | Weekday::Sunday) && !self.holidays.contains(&day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn weekends_and_holidays_dont_count() {
        let calendar = Calendar::default();
        // Friday 4 December 2026, 15:00 in Asunción; Tuesday the 8th is the Virgin of Caacupé.
        let friday = at("2026-12-04T18:00:00Z");
        assert_eq!(calendar.after(friday, 1), at("2026-12-07T18:00:00Z"));
        assert_eq!(calendar.after(friday, 2), at("2026-12-09T18:00:00Z"));
        let without = Calendar { holidays: BTreeSet::new(), ..calendar };
        assert_eq!(without.after(friday, 2), at("2026-12-08T18:00:00Z"));
    }

    #[test]
    fn a_day_is_a_local_day() {
        // 22:30 on Friday in Asunción is Saturday in London.
        let late = at("2026-11-28T01:30:00Z");
        assert_eq!(Calendar::default().after(late, 1), at("2026-12-01T01:30:00Z"));
    }

    #[test]
    fn each_wait_has_its_owner_and_its_days() {
        let (calendar, now) = (Calendar::default(), at("2026-11-23T12:00:00Z"));
        for (period, whose, due) in [
            (Period::Applied, Whose::Staff, "2026-11-26T12:00:00Z"),
            (Period::Shortlisted, Whose::Staff, "2026-11-30T12:00:00Z"),
            (Period::Review, Whose::Staff, "2026-11-30T12:00:00Z"),
            (Period::Changes, Whose::Creator, "2026-11-26T12:00:00Z"),
            (Period::Close, Whose::Staff, "2026-11-30T12:00:00Z"),
        ] {
            let waiting = calendar.begin(period, now);
            assert_eq!((waiting.whose, waiting.due_at, waiting.escalations), (whose, date(at(due)), 0), "{period:?}");
            assert_eq!(waiting.promised_at, Some(waiting.due_at), "{period:?}");
        }
    }

    #[test]
    fn what_is_over_is_due_one_period_later_and_never_in_the_past() {
        let calendar = Calendar::default();
        let waiting = calendar.begin(Period::Applied, at("2026-11-23T12:00:00Z"));
        assert_eq!(calendar.again(&waiting, at("2026-11-26T12:00:01Z")), at("2026-12-01T12:00:00Z"));
        assert_eq!(calendar.again(&waiting, at("2027-03-01T12:00:00Z")), at("2027-03-04T12:00:00Z"));
    }
}
