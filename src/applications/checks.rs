//! Who may apply to what: every rule in its order, the first one that says no answers.

use jiff::Timestamp;

use super::model::{Application, ApplicationStatus};
use super::requirements;
use super::state::Snapshot;
use crate::campaigns::model::{Campaign, CampaignStatus};
use crate::creators::complete;
use crate::creators::model::Creator;
use crate::error::AppError;
use crate::i18n::applications as words;
use crate::values::LocalDate;

/// The longest message.
pub const LONGEST_MESSAGE: usize = 1_000;

/// Whether this creator may apply to this campaign now; `existing` is their application to it.
pub fn check(
    creator: Option<&Creator>,
    campaign: &Campaign,
    existing: Option<&Application>,
    now: Timestamp,
) -> Result<(), AppError> {
    let creator = profile(creator)?;
    place(campaign, existing, now)?;
    match requirements::unmet(creator, &campaign.requirements, now).into_iter().next() {
        Some(unmet) => Err(refusal(422, unmet.code, unmet.says)),
        None => Ok(()),
    }
}

/// The profile: there, active, complete.
fn profile(creator: Option<&Creator>) -> Result<&Creator, AppError> {
    let creator = creator.ok_or_else(|| refusal(403, "no_profile", words::NO_PROFILE))?;
    if !creator.is_active {
        return Err(refusal(403, "creator_inactive", words::INACTIVE));
    }
    let missing = complete::missing(creator);
    if !missing.is_empty() {
        return Err(refusal(422, "profile_incomplete", words::incomplete(&missing)));
    }
    Ok(creator)
}

/// The campaign: open, in time, not asked before, with a place left.
fn place(campaign: &Campaign, existing: Option<&Application>, now: Timestamp) -> Result<(), AppError> {
    let today = LocalDate::of(now);
    if !campaign.is_public() {
        return Err(no_campaign());
    }
    if campaign.status != CampaignStatus::Live || !campaign.is_contract_in_force(today) {
        return Err(refusal(409, "campaign_not_open", words::NOT_OPEN));
    }
    let last_day = campaign.timeline.applications_deadline;
    if today > last_day {
        return Err(refusal(409, "applications_over", words::too_late(last_day)));
    }
    if existing.is_some_and(|existing| existing.status != ApplicationStatus::Withdrawn) {
        return Err(applied_already());
    }
    if campaign.available_slots() == 0 {
        return Err(refusal(409, "campaign_full", words::FULL));
    }
    Ok(())
}

/// What an application keeps of the creator.
pub fn snapshot(creator: &Creator, campaign: &Campaign) -> Snapshot {
    let username = creator.network(campaign.platform_for(creator)).map(|network| network.username.clone());
    Snapshot {
        name: creator.name.clone(),
        username,
        followers: requirements::highest_followers(creator, &campaign.requirements).0,
        rating: Some(creator.stats.avg_rating).filter(|_| creator.stats.total_ratings > 0),
        level: creator.effective_level(),
    }
}

/// The answer for a campaign that isn't there, or isn't to be seen.
pub fn no_campaign() -> AppError {
    refusal(404, "no_campaign", words::NO_CAMPAIGN)
}

/// The answer to a second application.
pub fn applied_already() -> AppError {
    refusal(409, "applied_already", words::APPLIED_ALREADY)
}

fn refusal(status: u16, code: &str, message: impl Into<String>) -> AppError {
    AppError::rule(status, code, message)
}
