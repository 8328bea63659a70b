//! Moving business dates, for a demonstration whose dump would otherwise be long over.

use bson::DateTime;
use jiff::ToSpan;

use crate::values::LocalDate;

/// Milliseconds of a day.
const DAY: i64 = 24 * 60 * 60 * 1000;

/// By how many whole days business dates move; none outside demonstrations. Dates of birth stay.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shift(i32);

impl Shift {
    /// So many days, into the future if positive.
    pub const fn days(days: i32) -> Self {
        Self(days)
    }

    /// A point in time, moved.
    pub fn moment(self, at: DateTime) -> DateTime {
        DateTime::from_millis(at.timestamp_millis().saturating_add(i64::from(self.0) * DAY))
    }

    /// A calendar day, moved.
    pub fn day(self, day: LocalDate) -> LocalDate {
        day.plus(self.0.days())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_moments_move_alike() {
        let shift = Shift::days(293);
        let day = LocalDate::parse("2026-02-01").unwrap();
        assert_eq!(shift.day(day).to_string(), "2026-11-21");
        let moved = shift.moment(crate::db::date(day.start()));
        assert_eq!(crate::db::timestamp(moved), Some(shift.day(day).start()));
        assert_eq!(Shift::default().moment(DateTime::MAX), DateTime::MAX);
    }
}
