//! When a delivery is due: one pure function for confirming, editing, resetting and showing.

use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use crate::i18n::format::time_zone;
use crate::values::LocalDate;

/// Days for the address when a campaign says nothing.
pub const DEFAULT_URL_DAYS: i32 = 7;
/// Days for the metrics when a campaign says nothing.
pub const DEFAULT_METRICS_DAYS: i32 = 14;

/// A campaign's rules for deliveries. Both kinds count from the confirmation; a fixed date wins over the days of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryRules {
    /// Calendar days for the address, 1 to 90.
    #[serde(default = "url_days")]
    pub url_delivery_days: i32,
    /// Calendar days for the metrics, 1 to 90 and not before the address.
    #[serde(default = "metrics_days")]
    pub metrics_delivery_days: i32,
    /// The last day for the address, for everybody.
    #[serde(default)]
    pub url_delivery_fixed_date: Option<LocalDate>,
    /// The last day for the metrics, for everybody.
    #[serde(default)]
    pub metrics_delivery_fixed_date: Option<LocalDate>,
}

fn url_days() -> i32 {
    DEFAULT_URL_DAYS
}

fn metrics_days() -> i32 {
    DEFAULT_METRICS_DAYS
}

impl Default for DeliveryRules {
    fn default() -> Self {
        Self {
            url_delivery_days: DEFAULT_URL_DAYS,
            metrics_delivery_days: DEFAULT_METRICS_DAYS,
            url_delivery_fixed_date: None,
            metrics_delivery_fixed_date: None,
        }
    }
}

/// The two instants until which a delivery is on time; the instant itself is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// For the address.
    pub url: Timestamp,
    /// For the metrics.
    pub metrics: Timestamp,
}

impl DeliveryRules {
    /// The deadlines of somebody confirmed at an instant: the end of the fixed local day, or so many calendar days later at
    /// the same local time.
    pub fn deadlines(&self, confirmed_at: Timestamp) -> Deadlines {
        let due = |fixed: Option<LocalDate>, days: i32| match fixed {
            Some(day) => day.end(),
            None => confirmed_at
                .to_zoned(time_zone())
                .checked_add(days.days())
                .map(|zoned| zoned.timestamp())
                .unwrap_or(Timestamp::MAX),
        };
        Deadlines {
            url: due(self.url_delivery_fixed_date, self.url_delivery_days),
            metrics: due(self.metrics_delivery_fixed_date, self.metrics_delivery_days),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn worked_example_1_days_count_from_the_confirmation() {
        let due = DeliveryRules::default().deadlines(at("2026-02-10T18:30:00Z"));
        assert_eq!(due, Deadlines { url: at("2026-02-17T18:30:00Z"), metrics: at("2026-02-24T18:30:00Z") });
    }

    #[test]
    fn worked_example_2_a_fixed_date_is_the_end_of_that_local_day() {
        let rules =
            DeliveryRules { url_delivery_fixed_date: LocalDate::parse("2026-02-20"), ..DeliveryRules::default() };
        let due = rules.deadlines(at("2026-02-10T18:30:00Z"));
        assert_eq!(due, Deadlines { url: at("2026-02-21T02:59:59.999Z"), metrics: at("2026-02-24T18:30:00Z") });
    }
}
