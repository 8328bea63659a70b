//! Points in time on their way into and out of the database, which keeps milliseconds.

use bson::DateTime;
use jiff::Timestamp;

/// A time as stored.
pub fn date(at: Timestamp) -> DateTime {
    DateTime::from_millis(at.as_millisecond())
}

/// A stored time; `None` beyond the years a calendar has.
pub fn timestamp(at: DateTime) -> Option<Timestamp> {
    Timestamp::from_millisecond(at.timestamp_millis()).ok()
}
