//! What a creator's own pages show.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::applications::model::{Application, ApplicationStatus};
use crate::campaigns::model::Assets;
use crate::db::timestamp;
use crate::deliverables::chip::{self, Kind};
use crate::deliverables::model::{Deliverable, DeliverableStatus};
use crate::i18n::waits;
use crate::ui::DeadlineView;
use crate::values::names::names;
use crate::values::{ApplicationId, CampaignId, DeliverableId};
use crate::waits::{Waiting, Whose};

/// Applications that wait for an answer.
pub const WAITING: [ApplicationStatus; 2] = [ApplicationStatus::Applied, ApplicationStatus::Shortlisted];
/// Applications that are over.
pub const OVER: [ApplicationStatus; 3] =
    [ApplicationStatus::Rejected, ApplicationStatus::Withdrawn, ApplicationStatus::Cancelled];
/// Deliveries that still lack something.
pub const PENDING: [DeliverableStatus; 6] = [
    DeliverableStatus::AwaitingPublish,
    DeliverableStatus::ChangesRequested,
    DeliverableStatus::Published,
    DeliverableStatus::Resubmitted,
    DeliverableStatus::Approved,
    DeliverableStatus::MetricsPending,
];
/// Deliveries that lack nothing.
pub const DELIVERED: [DeliverableStatus; 4] = [
    DeliverableStatus::MetricsSubmitted,
    DeliverableStatus::MetricsLate,
    DeliverableStatus::MetricsVerified,
    DeliverableStatus::Completed,
];

names! {
    /// The parts of a creator's work.
    WorkTab {
        /// What they applied to and is going on.
        Applications = "applications",
        /// What they owe or delivered.
        Deliveries = "deliveries",
        /// What is over.
        History = "history",
    }
}

names! {
    /// Which deliveries.
    DeliveryView {
        /// Lacking something.
        Pending = "pending",
        /// Lacking nothing.
        Completed = "completed",
        /// Content refused.
        Rejected = "rejected",
        /// Participation cancelled.
        Cancelled = "cancelled",
    }
}

impl DeliveryView {
    /// The states it holds.
    pub fn states(self) -> &'static [DeliverableStatus] {
        match self {
            Self::Pending => &PENDING,
            Self::Completed => &DELIVERED,
            Self::Rejected => &[DeliverableStatus::Rejected],
            Self::Cancelled => &[DeliverableStatus::Cancelled],
        }
    }
}

names! {
    /// Which applications.
    ApplicationView {
        /// All of them.
        All = "all",
        /// Waiting for an answer.
        Waiting = "waiting",
        /// Confirmed.
        Confirmed = "confirmed",
        /// Over.
        Over = "over",
    }
}

impl ApplicationView {
    /// The states it holds.
    pub fn states(self) -> &'static [ApplicationStatus] {
        match self {
            Self::All => &ApplicationStatus::ALL,
            Self::Waiting => &WAITING,
            Self::Confirmed => &[ApplicationStatus::Confirmed],
            Self::Over => &OVER,
        }
    }
}

/// How a campaign is named in a list.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Named {
    /// As shown.
    pub name: String,
    /// The brand as shown.
    #[serde(default)]
    pub assets: Assets,
}

/// What a delivery needs of its creator now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// An address.
    Address,
    /// A correction.
    Correction,
    /// Nothing they can do on the delivery's page today.
    Nothing,
}

/// A delivery in a list.
#[derive(Clone, Debug)]
pub struct DeliveryRow {
    /// Its id.
    pub id: DeliverableId,
    /// The campaign's name.
    pub campaign: String,
    /// The brand as shown.
    pub brand: String,
    /// Where it stands.
    pub status: DeliverableStatus,
    /// What it needs now.
    pub need: Need,
    /// Until when, if something is owed.
    pub due: Option<Timestamp>,
    /// Its first deadline; none where nothing is accepted any more.
    pub url: Option<DeadlineView>,
    /// Its second deadline.
    pub metrics: Option<DeadlineView>,
    /// Whose turn it is, in words.
    pub waiting: Option<String>,
}

impl DeliveryRow {
    /// A delivery as its creator sees it.
    pub fn of(delivery: &Deliverable, campaign: Named, now: Timestamp) -> Self {
        let chip =
            |kind| (delivery.status != DeliverableStatus::Rejected).then(|| chip::chip(kind, delivery, now)).flatten();
        let need = match delivery.status {
            DeliverableStatus::AwaitingPublish => Need::Address,
            DeliverableStatus::ChangesRequested => Need::Correction,
            _ => Need::Nothing,
        };
        // A correction has a wait of its own; whatever else is owed has its deadline.
        let due = match need {
            Need::Correction => delivery.waiting.as_ref().and_then(Waiting::promised),
            Need::Address | Need::Nothing => delivery.owes_url_by.or(delivery.owes_metrics_by),
        };
        let by_staff = delivery.waiting.as_ref().filter(|waiting| waiting.whose == Whose::Staff);
        let shown = by_staff.or(delivery.waiting.as_ref().filter(|_| need == Need::Correction));
        Self {
            id: delivery.id.clone(),
            campaign: campaign.name,
            brand: campaign.assets.brand_name,
            status: delivery.status,
            need,
            due: due.filter(|_| delivery.is_open()).and_then(timestamp),
            url: chip(Kind::Url),
            metrics: chip(Kind::Metrics),
            waiting: shown.map(|waiting| waits::creator_line(waiting, now)),
        }
    }

    /// What needs its creator first, and of that the earliest.
    pub fn rank(&self) -> (bool, Timestamp) {
        (self.need == Need::Nothing, self.due.unwrap_or(Timestamp::MAX))
    }
}

/// An application in a list.
#[derive(Clone, Debug)]
pub struct ApplicationRow {
    /// Its id.
    pub id: ApplicationId,
    /// To what.
    pub campaign_id: CampaignId,
    /// The campaign's name.
    pub campaign: String,
    /// The brand as shown.
    pub brand: String,
    /// Where it stands.
    pub status: ApplicationStatus,
    /// When they applied.
    pub applied_at: Option<Timestamp>,
    /// Whose turn it is, in words.
    pub waiting: Option<String>,
    /// Why it was rejected or cancelled.
    pub reason: Option<String>,
    /// What came of it.
    pub delivery: Option<DeliveryRow>,
}

impl ApplicationRow {
    /// An application as its creator sees it.
    pub fn of(application: &Application, campaign: Named, delivery: Option<DeliveryRow>, now: Timestamp) -> Self {
        let reason = match application.status {
            ApplicationStatus::Rejected => application.rejection_reason.clone(),
            ApplicationStatus::Cancelled => application.cancellation_reason.clone(),
            _ => None,
        };
        Self {
            id: application.id.clone(),
            campaign_id: application.campaign_id.clone(),
            campaign: campaign.name,
            brand: campaign.assets.brand_name,
            status: application.status,
            applied_at: timestamp(application.applied_at),
            waiting: application
                .waiting
                .as_ref()
                .filter(|_| WAITING.contains(&application.status))
                .map(|waiting| waits::creator_line(waiting, now)),
            reason: reason.filter(|reason| !reason.trim().is_empty()),
            delivery,
        }
    }

    /// Whether it can be withdrawn.
    pub fn may_withdraw(&self) -> bool {
        WAITING.contains(&self.status)
    }

    /// Whether their participation can be cancelled by themself: nothing is published yet.
    pub fn may_cancel(&self) -> bool {
        self.status == ApplicationStatus::Confirmed
            && self.delivery.as_ref().is_some_and(|delivery| delivery.status == DeliverableStatus::AwaitingPublish)
    }
}
