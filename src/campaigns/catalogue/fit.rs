//! Whom a campaign looks for and who somebody is: every requirement that isn't met, in words.
//!
//! What a card says in advance. Whether somebody may apply is decided by `applications`, which asks the same in its order
//! and says the first in the same words.

use jiff::Timestamp;

use crate::campaigns::model::Requirements;
use crate::creators::complete::age;
use crate::creators::model::Creator;
use crate::i18n::applications as words;
use crate::values::Platform;

/// The requirements somebody doesn't meet.
pub(super) fn unmet(creator: &Creator, asked: &Requirements, now: Timestamp) -> Vec<String> {
    let platforms = if asked.platforms.is_empty() { &Platform::ALL[..] } else { &asked.platforms };
    let mut reasons = Vec::new();
    if !platforms.iter().any(|platform| creator.network(*platform).is_some()) {
        reasons.push(words::no_platform(platforms));
    }
    let highest = platforms.iter().max_by_key(|platform| creator.followers(**platform));
    let followers = highest.map_or(0, |platform| creator.followers(*platform));
    if let Some(least) = asked.min_followers.filter(|least| followers < *least) {
        let is_declared = highest.is_none_or(|platform| !creator.is_verified_on(*platform));
        reasons.push(words::too_few_followers(least, followers, is_declared));
    }
    let views = platforms.iter().filter_map(|platform| creator.stats.avg_views.get(platform));
    let views = views.copied().fold(0.0, f64::max);
    if let Some(least) = asked.min_avg_views.filter(|least| views < *least as f64) {
        reasons.push(words::too_few_views(least));
    }
    if creator.birth_date.is_some_and(|born| age(born, now) < asked.min_age) {
        reasons.push(words::too_young(asked.min_age));
    }
    if !asked.gender.includes(creator.gender) {
        reasons.push(words::not_wanted(asked.gender));
    }
    if let Some(country) = asked.country.filter(|country| creator.country != Some(*country)) {
        reasons.push(words::other_country(country));
    }
    reasons
}
