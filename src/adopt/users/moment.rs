//! Points in time, from the strings the legacy system stored.

use bson::{DateTime, RawBsonRef};
use jiff::{Timestamp, civil, tz::TimeZone};

/// Reads a stored point in time: a date as it is, an ISO-8601 string with its offset, one without an offset as UTC.
/// Finer than the database keeps, so that rows can be put in their true order.
pub fn read(value: RawBsonRef<'_>) -> Option<Timestamp> {
    match value {
        RawBsonRef::DateTime(at) => Timestamp::from_millisecond(at.timestamp_millis()).ok(),
        RawBsonRef::String(text) => parse(text),
        _ => None,
    }
}

/// As stored: to the millisecond, cut and not rounded.
pub fn stored(at: Timestamp) -> DateTime {
    let nanoseconds = at.as_nanosecond().div_euclid(1_000_000);
    DateTime::from_millis(i64::try_from(nanoseconds).expect("milliseconds of any timestamp fit"))
}

fn parse(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    text.parse::<Timestamp>().ok().or_else(|| {
        let naive: civil::DateTime = text.parse().ok()?;
        TimeZone::UTC.to_timestamp(naive).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn milliseconds(text: &str) -> Option<i64> {
        read(RawBsonRef::String(text)).map(|at| stored(at).timestamp_millis())
    }

    #[test]
    fn offsets_count_and_none_means_utc() {
        let same = milliseconds("2026-01-31T12:34:56.123456+00:00");
        assert_eq!(same, Some(1_769_862_896_123));
        assert_eq!(milliseconds("2026-01-31T12:34:56.123456"), same);
        assert_eq!(milliseconds("2026-01-31T12:34:56.123Z"), same);
        assert_eq!(milliseconds("2026-01-31T09:34:56.123456-03:00"), same);
        assert_eq!(milliseconds(" 2026-01-31 12:34:56.123 "), same);
        assert_eq!(milliseconds("2026-01-31"), Some(1_769_817_600_000));
    }

    #[test]
    fn dates_stay_and_the_rest_is_no_date() {
        let at = DateTime::from_millis(5);
        assert_eq!(read(RawBsonRef::DateTime(at)).map(stored), Some(at));
        for text in ["", "ayer", "31/01/2026", "2026-13-01T00:00:00Z", "2026-02-30"] {
            assert_eq!(milliseconds(text), None, "{text}");
        }
        assert_eq!(read(RawBsonRef::Int32(5)), None);
        assert_eq!(read(RawBsonRef::DateTime(DateTime::MAX)), None, "beyond the years a calendar knows");
    }

    #[test]
    fn moments_before_the_epoch_are_cut_the_same_way() {
        assert_eq!(milliseconds("1969-12-31T23:59:59.999999Z"), Some(-1));
    }
}
