//! Who may apply to what: every rule in its order, the first one that says no answers.

use jiff::Timestamp;

use super::model::{Application, ApplicationStatus};
use super::state::Snapshot;
use crate::campaigns::model::{Campaign, CampaignStatus};
use crate::creators::complete;
use crate::creators::model::Creator;
use crate::error::AppError;
use crate::i18n::applications as words;
use crate::values::{LocalDate, Platform};

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
    requirements(creator, campaign, now)
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

/// What the campaign asks of its creators. Where they live in detail is a warning for staff and no rule.
pub fn requirements(creator: &Creator, campaign: &Campaign, now: Timestamp) -> Result<(), AppError> {
    let asked = &campaign.requirements;
    let platforms = platforms(campaign);
    if !platforms.iter().any(|platform| creator.network(*platform).is_some()) {
        return Err(refusal(422, "platform_missing", words::no_platform(&platforms)));
    }
    let (followers, on) = highest_followers(creator, &platforms);
    if let Some(minimum) = asked.min_followers.filter(|minimum| followers < *minimum) {
        let is_declared = on.is_none_or(|platform| !creator.is_verified_on(platform));
        return Err(refusal(422, "followers_too_few", words::too_few_followers(minimum, followers, is_declared)));
    }
    let views = platforms.iter().filter_map(|platform| creator.stats.avg_views.get(platform));
    let views = views.copied().fold(0.0, f64::max);
    if let Some(minimum) = asked.min_avg_views.filter(|minimum| views < *minimum as f64) {
        return Err(refusal(422, "views_too_few", words::too_few_views(minimum)));
    }
    if creator.birth_date.is_none_or(|birth| complete::age(birth, now) < asked.min_age) {
        return Err(refusal(422, "too_young", words::too_young(asked.min_age)));
    }
    if !asked.gender.includes(creator.gender) {
        return Err(refusal(422, "gender", words::not_wanted(asked.gender)));
    }
    if let Some(country) = asked.country.filter(|country| creator.country != Some(*country)) {
        return Err(refusal(422, "country", words::other_country(country)));
    }
    Ok(())
}

/// What an application keeps of the creator.
pub fn snapshot(creator: &Creator, campaign: &Campaign) -> Snapshot {
    let username = creator.network(campaign.platform_for(creator)).map(|network| network.username.clone());
    Snapshot {
        name: creator.name.clone(),
        username,
        followers: highest_followers(creator, &platforms(campaign)).0,
        rating: Some(creator.stats.avg_rating).filter(|_| creator.stats.total_ratings > 0),
        level: creator.effective_level(),
    }
}

/// Any of these will do; a campaign that names none takes all.
fn platforms(campaign: &Campaign) -> Vec<Platform> {
    let asked = &campaign.requirements.platforms;
    if asked.is_empty() { Platform::ALL.to_vec() } else { asked.clone() }
}

/// The highest effective followers, and on which platform.
fn highest_followers(creator: &Creator, platforms: &[Platform]) -> (i64, Option<Platform>) {
    let counted = platforms.iter().map(|platform| (creator.followers(*platform), Some(*platform)));
    counted.max_by_key(|(followers, _)| *followers).unwrap_or((0, None))
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
