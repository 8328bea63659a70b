//! Where a delivery stands, from what is there rather than from what a row says.

use crate::deliverables::DeliverableStatus;

/// What is known of a delivery besides its stored state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// An address is registered.
    pub has_url: bool,
    /// Metrics were accepted.
    pub has_metrics: bool,
    /// They came after their deadline.
    pub is_late: bool,
    /// A brand rated it.
    pub is_rated: bool,
    /// Its application was cancelled.
    pub is_over: bool,
}

/// Whether a stored state means that the participation ended.
pub fn is_cancelled(stored: &str) -> bool {
    matches!(stored, "cancelled" | "withdrawn" | "cancelled_by_admin" | "cancelled_by_creator")
}

/// The state of a stored name and the facts; `None` for a name nobody knows.
pub fn canonical(stored: &str, facts: Facts) -> Option<DeliverableStatus> {
    use DeliverableStatus as S;
    if is_cancelled(stored) {
        return Some(S::Cancelled);
    }
    let said = match stored {
        "submitted" | "under_review" | "url_submitted" | "pending_review" => S::Published,
        known => S::parse(known)?,
    };
    Some(match said {
        S::Cancelled | S::Rejected => said,
        _ if facts.is_over => S::Cancelled,
        _ if !facts.has_url => S::AwaitingPublish,
        _ if facts.has_metrics && (facts.is_rated || said == S::Completed) => S::Completed,
        S::MetricsVerified if facts.has_metrics => said,
        _ if facts.has_metrics && facts.is_late => S::MetricsLate,
        _ if facts.has_metrics => S::MetricsSubmitted,
        S::Resubmitted | S::ChangesRequested | S::Approved | S::MetricsPending => said,
        _ => S::Published,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_decide() {
        use DeliverableStatus as S;
        let none = Facts::default();
        let url = Facts { has_url: true, ..none };
        let metrics = Facts { has_metrics: true, ..url };
        for (stored, facts, expected) in [
            ("awaiting_publish", none, Some(S::AwaitingPublish)),
            ("awaiting_publish", url, Some(S::Published)),
            ("published", none, Some(S::AwaitingPublish)),
            ("url_submitted", url, Some(S::Published)),
            ("changes_requested", url, Some(S::ChangesRequested)),
            ("metrics_submitted", url, Some(S::Published)),
            ("metrics_submitted", metrics, Some(S::MetricsSubmitted)),
            ("published", metrics, Some(S::MetricsSubmitted)),
            ("metrics_submitted", Facts { is_late: true, ..metrics }, Some(S::MetricsLate)),
            ("metrics_verified", metrics, Some(S::MetricsVerified)),
            ("metrics_submitted", Facts { is_rated: true, ..metrics }, Some(S::Completed)),
            ("completed", url, Some(S::Published)),
            ("withdrawn", metrics, Some(S::Cancelled)),
            ("awaiting_publish", Facts { is_over: true, ..none }, Some(S::Cancelled)),
            ("rejected", metrics, Some(S::Rejected)),
            ("lost", none, None),
        ] {
            assert_eq!(canonical(stored, facts), expected, "{stored} {facts:?}");
        }
    }
}
