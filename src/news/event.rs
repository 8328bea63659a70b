//! Everything campaigns tell anybody.

use jiff::Timestamp;

use crate::campaigns::model::CampaignStatus;
use crate::values::{ApplicationId, CampaignId, CreatorId, DeliverableId};

/// One thing that happened, by ids: names, addresses and texts are looked up when it is told. The codes are the
/// specification's (13.2).
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// E-01, E-02, E-03: a campaign went live for the first time.
    CampaignPublished {
        /// Which.
        campaign: CampaignId,
    },
    /// A campaign changed its state; E-04 when completed, E-05 when cancelled, a notice otherwise.
    CampaignMoved {
        /// Which.
        campaign: CampaignId,
        /// Where it stands now.
        to: CampaignStatus,
        /// Why, when it was cancelled.
        reason: Option<String>,
    },
    /// E-07: the last slot was taken.
    SlotsTaken {
        /// Which.
        campaign: CampaignId,
        /// How many are confirmed.
        confirmed: i32,
        /// Distinguishes filling up again.
        at: Timestamp,
    },
    /// E-08 (one per campaign and load) and E-09 (one for all): the monthly loads of one run of the job.
    SlotsReloaded {
        /// Each campaign with its new slots.
        loads: Vec<(CampaignId, i32)>,
    },
    /// E-10, E-11.
    Applied {
        /// Which application.
        application: ApplicationId,
        /// Distinguishes applying again after withdrawing.
        at: Timestamp,
    },
    /// E-12.
    Shortlisted {
        /// Which application.
        application: ApplicationId,
        /// When.
        at: Timestamp,
    },
    /// E-13.
    Rejected {
        /// Which application.
        application: ApplicationId,
        /// Why, when it is told.
        reason: Option<String>,
        /// Because of what.
        because: Rejection,
        /// When.
        at: Timestamp,
    },
    /// The creator withdrew: staff's notice.
    Withdrawn {
        /// Which application.
        application: ApplicationId,
        /// When.
        at: Timestamp,
    },
    /// E-15, E-16.
    Confirmed {
        /// Which application.
        application: ApplicationId,
        /// Its delivery.
        deliverable: DeliverableId,
        /// When.
        at: Timestamp,
    },
    /// E-14, and a notice to the team.
    CancelledByStaff {
        /// Which application.
        application: ApplicationId,
        /// Why.
        reason: String,
        /// Because all of it was cancelled: that is no news to the team for each of them.
        with_campaign: bool,
        /// When.
        at: Timestamp,
    },
    /// E-17; the creator's own notice.
    CancelledByCreator {
        /// Which application.
        application: ApplicationId,
        /// When.
        at: Timestamp,
    },
    /// The application is open again: the creator's notice.
    Reactivated {
        /// Which application.
        application: ApplicationId,
        /// When.
        at: Timestamp,
    },
    /// E-18 in the bell: one notice per creator whose deadlines moved. The mails are queued by [`super::deadline_mails_in`]
    /// once the change can no longer be undone.
    DeadlinesChanged {
        /// The change; part of the notices' keys, so that undoing finds them.
        change: String,
        /// Which campaign.
        campaign: CampaignId,
        /// Whose, with what moved.
        moved: Vec<DeadlineMove>,
    },
    /// E-20, E-21, E-22: first address.
    UrlRegistered {
        /// Which delivery.
        deliverable: DeliverableId,
        /// When.
        at: Timestamp,
    },
    /// The other platform's address was added: staff's notice.
    UrlAdded {
        /// Which delivery.
        deliverable: DeliverableId,
        /// When.
        at: Timestamp,
    },
    /// E-21 to the brand, a notice to staff: corrected after a change request.
    UrlCorrected {
        /// Which delivery.
        deliverable: DeliverableId,
        /// When.
        at: Timestamp,
    },
    /// Staff corrected the addresses: the creator's notice.
    UrlEdited {
        /// Which delivery.
        deliverable: DeliverableId,
        /// When.
        at: Timestamp,
    },
    /// E-23.
    Approved {
        /// Which delivery.
        deliverable: DeliverableId,
        /// In words.
        note: Option<String>,
        /// When.
        at: Timestamp,
    },
    /// E-24.
    ChangesRequested {
        /// Which delivery.
        deliverable: DeliverableId,
        /// In words.
        note: String,
        /// When.
        at: Timestamp,
    },
    /// E-25, and a notice to the team.
    ContentRejected {
        /// Which delivery.
        deliverable: DeliverableId,
        /// In words.
        note: String,
        /// When.
        at: Timestamp,
    },
    /// E-30.
    Reset {
        /// Which delivery.
        deliverable: DeliverableId,
        /// Whether the addresses have to be registered again; else only the metrics.
        urls: bool,
        /// When.
        at: Timestamp,
    },
    /// Staff closed the delivery: the creator's notice.
    Completed {
        /// Which delivery.
        deliverable: DeliverableId,
        /// When.
        at: Timestamp,
    },
    /// E-50: somebody became a creator.
    CreatorWelcome {
        /// Who.
        creator: CreatorId,
    },
}

/// Why an application is rejected, as its creator is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// The team said no.
    Decided,
    /// The campaign ended before anybody answered.
    Ended,
    /// The campaign was cancelled.
    Cancelled,
}

/// One creator's deadlines before and after a change of the campaign.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct DeadlineMove {
    /// Which application.
    pub application_id: ApplicationId,
    /// Its delivery.
    pub deliverable_id: DeliverableId,
    /// Whose.
    pub creator_id: CreatorId,
    /// For the address, before and after; equal when it stays.
    pub url: (bson::DateTime, bson::DateTime),
    /// For the metrics, before and after.
    pub metrics: (bson::DateTime, bson::DateTime),
}

impl DeadlineMove {
    /// Whether the deadline for the address moves.
    pub fn moves_url(&self) -> bool {
        self.url.0 != self.url.1
    }

    /// Whether the deadline for the metrics moves.
    pub fn moves_metrics(&self) -> bool {
        self.metrics.0 != self.metrics.1
    }

    /// Only the kinds that are wanted; `None` when nothing moves then.
    pub fn only(mut self, url: bool, metrics: bool) -> Option<Self> {
        if !url {
            self.url.1 = self.url.0;
        }
        if !metrics {
            self.metrics.1 = self.metrics.0;
        }
        (self.moves_url() || self.moves_metrics()).then_some(self)
    }
}
