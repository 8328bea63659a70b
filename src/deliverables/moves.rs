//! Which move is possible in which state of a delivery.

use super::model::DeliverableStatus;

/// What is done with a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// The first address.
    Publish,
    /// The other platform's address.
    AddUrl,
    /// Corrected addresses after a change request.
    Correct,
    /// The post is fine.
    Approve,
    /// The post needs a correction.
    RequestChanges,
    /// The post is refused.
    RejectContent,
    /// Metrics arrive.
    AcceptMetrics,
    /// Staff checked the metrics.
    VerifyMetrics,
    /// Closed.
    Complete,
    /// The participation ends.
    Cancel,
    /// Addresses have to be registered again.
    ResetUrls,
    /// Metrics have to be uploaded again.
    ResetMetrics,
    /// Staff corrects addresses.
    EditUrls,
    /// The application is confirmed again.
    Reopen,
}

/// What a move means in a state, as far as the state decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may happen.
    Goes,
    /// It was done already: nothing happens, and that is no error.
    InEffect,
    /// Not in this state.
    Refused,
}

impl Move {
    /// Every move.
    pub const ALL: [Self; 14] = [
        Self::Publish,
        Self::AddUrl,
        Self::Correct,
        Self::Approve,
        Self::RequestChanges,
        Self::RejectContent,
        Self::AcceptMetrics,
        Self::VerifyMetrics,
        Self::Complete,
        Self::Cancel,
        Self::ResetUrls,
        Self::ResetMetrics,
        Self::EditUrls,
        Self::Reopen,
    ];

    /// What it means for a delivery in this state.
    pub fn from(self, status: DeliverableStatus) -> Verdict {
        use DeliverableStatus as S;
        use Verdict::{Goes, InEffect, Refused};
        let is_reviewable = matches!(status, S::Published | S::Resubmitted);
        let has_metrics = matches!(status, S::MetricsSubmitted | S::MetricsLate | S::MetricsVerified);
        let goes_if = |may: bool| if may { Goes } else { Refused };
        match self {
            Self::Publish => goes_if(status == S::AwaitingPublish),
            Self::AddUrl => goes_if(is_reviewable || has_metrics || matches!(status, S::Approved | S::MetricsPending)),
            Self::Correct => goes_if(status == S::ChangesRequested),
            Self::Approve if status == S::MetricsPending => InEffect,
            Self::RequestChanges if status == S::ChangesRequested => InEffect,
            Self::RejectContent if status == S::Rejected => InEffect,
            Self::Approve | Self::RequestChanges | Self::RejectContent => goes_if(is_reviewable),
            Self::AcceptMetrics => goes_if(is_reviewable || matches!(status, S::Approved | S::MetricsPending)),
            Self::VerifyMetrics if status == S::MetricsVerified => InEffect,
            Self::VerifyMetrics => goes_if(matches!(status, S::MetricsSubmitted | S::MetricsLate)),
            Self::Complete if status == S::Completed => InEffect,
            Self::Complete => goes_if(has_metrics),
            Self::Cancel if status == S::Cancelled => InEffect,
            Self::Cancel => goes_if(status != S::Completed),
            Self::ResetUrls if status == S::AwaitingPublish => InEffect,
            Self::ResetUrls => goes_if(status != S::Cancelled),
            Self::ResetMetrics if matches!(status, S::Published | S::MetricsPending) => InEffect,
            Self::ResetMetrics => goes_if(has_metrics),
            Self::EditUrls => goes_if(status != S::Cancelled),
            Self::Reopen => goes_if(status == S::Cancelled),
        }
    }
}
