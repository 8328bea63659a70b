//! A new application.

use bson::DateTime;

use super::model::{Application, ApplicationStatus};
use super::state::{Moment, Snapshot};
use crate::creators::Creator;
use crate::db::date;
use crate::values::{ApplicationId, CampaignId};
use crate::waits::Period;

impl Application {
    /// A creator's first application to a campaign.
    pub fn begin(
        creator: &Creator,
        campaign: &CampaignId,
        snapshot: &Snapshot,
        message: Option<&str>,
        moment: &Moment,
    ) -> Self {
        let now: DateTime = date(moment.now);
        let mut new = Self {
            id: ApplicationId::new(),
            campaign_id: campaign.clone(),
            creator_id: creator.id.clone(),
            creator_name: None,
            creator_username: None,
            creator_followers: None,
            creator_rating: None,
            creator_level: None,
            motivation: message.map(Into::into),
            proposed_content: None,
            portfolio_links: Vec::new(),
            status: ApplicationStatus::Applied,
            status_history: vec![moment.entry(ApplicationStatus::Applied.as_str(), None)],
            waiting: Some(moment.calendar.begin(Period::Applied, moment.now)),
            applied_at: now,
            updated_at: Some(now),
            shortlisted_at: None,
            confirmed_at: None,
            confirmed_by: None,
            url_deadline: None,
            metrics_deadline: None,
            rejected_at: None,
            rejection_reason: None,
            auto_rejected: None,
            withdrawn_at: None,
            cancelled_at: None,
            cancelled_by: None,
            cancellation_reason: None,
            legacy_snapshots: Vec::new(),
        };
        new.remember(snapshot);
        new
    }
}
