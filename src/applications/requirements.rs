//! Whom a campaign looks for and who somebody is.
//!
//! A card of the catalogue says everything that isn't met; whoever applies all the same hears the first of it.

use jiff::Timestamp;

use crate::campaigns::model::Requirements;
use crate::creators::complete;
use crate::creators::model::Creator;
use crate::i18n::applications as words;
use crate::values::Platform;

/// A requirement somebody doesn't meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmet {
    /// A stable code for programs.
    pub code: &'static str,
    /// In words.
    pub says: String,
}

/// The requirements somebody doesn't meet, in their order. Where they live in detail is a
/// warning for staff and no rule, and what isn't known yet (the date of birth) is asked for by the profile.
pub fn unmet(creator: &Creator, asked: &Requirements, now: Timestamp) -> Vec<Unmet> {
    let platforms = platforms(asked);
    let mut unmet = Vec::new();
    let mut refuse = |code, says| unmet.push(Unmet { code, says });
    if !platforms.iter().any(|platform| creator.network(*platform).is_some()) {
        refuse("platform_missing", words::no_platform(platforms));
    }
    let (followers, on) = highest_followers(creator, asked);
    if let Some(minimum) = asked.min_followers.filter(|minimum| followers < *minimum) {
        let is_declared = on.is_none_or(|platform| !creator.is_verified_on(platform));
        refuse("followers_too_few", words::too_few_followers(minimum, followers, is_declared));
    }
    let views = platforms.iter().filter_map(|platform| creator.stats.avg_views.get(platform));
    let views = views.copied().fold(0.0, f64::max);
    if let Some(minimum) = asked.min_avg_views.filter(|minimum| views < *minimum as f64) {
        refuse("views_too_few", words::too_few_views(minimum));
    }
    if creator.birth_date.is_some_and(|birth| complete::age(birth, now) < asked.min_age) {
        refuse("too_young", words::too_young(asked.min_age));
    }
    if !asked.gender.includes(creator.gender) {
        refuse("gender", words::not_wanted(asked.gender));
    }
    if let Some(country) = asked.country.filter(|country| creator.country != Some(*country)) {
        refuse("country", words::other_country(country));
    }
    unmet
}

/// Any of these will do; a campaign that names none takes all.
fn platforms(asked: &Requirements) -> &[Platform] {
    if asked.platforms.is_empty() { &Platform::ALL } else { &asked.platforms }
}

/// The highest effective followers on a platform that is asked for, and on which.
pub fn highest_followers(creator: &Creator, asked: &Requirements) -> (i64, Option<Platform>) {
    let counted = platforms(asked).iter().map(|platform| (creator.followers(*platform), Some(*platform)));
    counted.max_by_key(|(followers, _)| *followers).unwrap_or((0, None))
}
