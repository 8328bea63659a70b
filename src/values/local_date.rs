//! Calendar days in America/Asuncion.

use jiff::civil::Date;
use jiff::{Span, Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use crate::i18n::format::time_zone;

/// A calendar day, stored as `YYYY-MM-DD`: it has no time zone of its own and means that day in America/Asuncion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LocalDate(pub Date);

impl LocalDate {
    /// Reads `YYYY-MM-DD`, as date fields send it.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        (text.len() == 10).then(|| text.parse().ok().map(Self)).flatten()
    }

    /// The day an instant falls on.
    pub fn of(at: Timestamp) -> Self {
        Self(at.to_zoned(time_zone()).date())
    }

    /// The last millisecond of the day: 23:59:59.999 local time.
    pub fn end(self) -> Timestamp {
        self.tomorrow().start() - 1.millisecond()
    }

    /// The first instant of the day.
    pub fn start(self) -> Timestamp {
        self.0.to_zoned(time_zone()).map(|zoned| zoned.timestamp()).unwrap_or(Timestamp::MAX)
    }

    /// The next day.
    pub fn tomorrow(self) -> Self {
        self.plus(1.day())
    }

    /// Calendar arithmetic; a day that doesn't exist becomes the month's last.
    pub fn plus(self, span: Span) -> Self {
        Self(self.0.checked_add(span).unwrap_or(Date::MAX))
    }

    /// Calendar days from `earlier` to this one; negative when it is the later one.
    pub fn days_since(self, earlier: Self) -> i32 {
        earlier.0.until((jiff::Unit::Day, self.0)).map(|span| span.get_days()).unwrap_or(0)
    }
}

impl std::fmt::Display for LocalDate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

impl From<LocalDate> for bson::Bson {
    fn from(day: LocalDate) -> Self {
        Self::String(day.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_at_its_last_local_millisecond() {
        let day = LocalDate::parse("2026-02-20").unwrap();
        assert_eq!(day.end().to_string(), "2026-02-21T02:59:59.999Z");
        assert_eq!(day.start().to_string(), "2026-02-20T03:00:00Z");
        assert_eq!(LocalDate::of("2026-02-21T02:59:59.999Z".parse().unwrap()), day);
    }

    #[test]
    fn days_are_counted_on_the_calendar() {
        let day = |text| LocalDate::parse(text).unwrap();
        assert_eq!(day("2026-03-01").days_since(day("2026-02-27")), 2);
        assert_eq!(day("2026-02-27").days_since(day("2026-03-01")), -2);
        assert_eq!(LocalDate::parse("2026-02-30"), None);
        assert_eq!(LocalDate::parse("20/02/2026"), None);
    }
}
