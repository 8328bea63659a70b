//! Rules of deadlines in words.

use crate::campaigns::DeliveryRules;
use crate::i18n::campaigns::pages as words;
use crate::i18n::format;
use crate::values::LocalDate;

/// The address's rule.
pub(super) fn url(rules: &DeliveryRules) -> String {
    kind(rules.url_delivery_fixed_date, rules.url_delivery_days)
}

/// The metrics' rule.
pub(super) fn metrics(rules: &DeliveryRules) -> String {
    kind(rules.metrics_delivery_fixed_date, rules.metrics_delivery_days)
}

/// Whether one is fixed and the other isn't.
pub(super) fn are_mixed(rules: &DeliveryRules) -> bool {
    rules.url_delivery_fixed_date.is_some() != rules.metrics_delivery_fixed_date.is_some()
}

fn kind(fixed: Option<LocalDate>, days: i32) -> String {
    match fixed {
        Some(day) => words::by_date(&format::day(day.0)),
        None => words::by_days(days),
    }
}
