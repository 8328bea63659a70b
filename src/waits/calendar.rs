//! Business days in Paraguay.

use std::collections::BTreeSet;

use jiff::civil::Weekday;
use jiff::{Timestamp, ToSpan};

use super::model::{Period, Waiting, Whose};
use crate::db::date;
use crate::i18n::format::time_zone;
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
}

impl Default for Calendar {
    fn default() -> Self {
        Self { holidays: BTreeSet::new(), applied: 3, shortlisted: 5, review: 5, changes: 3 }
    }
}

impl Calendar {
    /// A wait that begins now.
    pub fn begin(&self, period: Period, since: Timestamp) -> Waiting {
        let (whose, days) = match period {
            Period::Applied => (Whose::Staff, self.applied),
            Period::Shortlisted => (Whose::Staff, self.shortlisted),
            Period::Review => (Whose::Staff, self.review),
            Period::Changes => (Whose::Creator, self.changes),
            Period::Deadline => (Whose::Creator, 1),
        };
        Waiting { whose, period, since: date(since), due_at: date(self.after(since, days)), escalations: 0 }
    }

    /// The creator's wait for a delivery's own deadline.
    pub fn until(&self, deadline: Timestamp, since: Timestamp) -> Waiting {
        Waiting {
            whose: Whose::Creator,
            period: Period::Deadline,
            since: date(since),
            due_at: date(deadline),
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
