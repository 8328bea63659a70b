//! Whom a campaign looks for and who somebody is: every requirement that isn't met, in words.
//!
//! What a card says in advance. Whether somebody may apply is decided by `applications`, which asks the same in its order.

use jiff::Timestamp;

use crate::campaigns::model::Requirements;
use crate::creators::complete::age;
use crate::creators::model::Creator;
use crate::i18n::catalogue as words;

/// The requirements somebody doesn't meet.
pub(super) fn unmet(creator: &Creator, asked: &Requirements, now: Timestamp) -> Vec<String> {
    let mut reasons = Vec::new();
    let platforms = &asked.platforms;
    if !platforms.is_empty() && !platforms.iter().any(|platform| creator.network(*platform).is_some()) {
        reasons.push(words::needs_account(platforms));
    }
    if let Some(least) = asked.min_followers.filter(|least| *least > 0) {
        let most = platforms.iter().map(|platform| creator.followers(*platform)).max().unwrap_or(0);
        if most < least {
            reasons.push(words::needs_followers(least, most));
        }
    }
    if let Some(least) = asked.min_avg_views.filter(|least| *least > 0) {
        let views = platforms.iter().filter_map(|platform| creator.stats.avg_views.get(platform));
        if views.copied().fold(0.0, f64::max) < least as f64 {
            reasons.push(words::needs_views(least));
        }
    }
    if creator.birth_date.is_some_and(|born| age(born, now) < asked.min_age) {
        reasons.push(words::needs_age(asked.min_age));
    }
    if !asked.gender.includes(creator.gender) {
        reasons.push(words::needs_gender(asked.gender));
    }
    if let Some(country) = asked.country.filter(|country| creator.country != Some(*country)) {
        reasons.push(words::needs_country(country));
    }
    reasons
}
