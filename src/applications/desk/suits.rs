//! What of a campaign's requirements somebody doesn't meet, as a warning for staff: they decide, nothing blocks.

use jiff::Timestamp;

use crate::campaigns::model::Requirements;
use crate::creators::complete::age;
use crate::creators::model::Creator;
use crate::values::{Country, Platform, fold};

/// A requirement that isn't met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Warning {
    /// No account on any platform asked for.
    Platform,
    /// Fewer followers; how many there are.
    Followers(i64),
    /// Fewer views on average.
    Views,
    /// Younger; their age.
    Age(i32),
    /// Not who is looked for.
    Gender,
    /// Another country.
    Country(Country),
    /// Another city than the campaign's residence.
    Residence,
}

/// What «Asunción y Gran Asunción» means.
const GREATER_ASUNCION: [&str; 15] = [
    "asuncion",
    "aregua",
    "capiata",
    "fernando de la mora",
    "itaugua",
    "julian augusto saldivar",
    "lambare",
    "limpio",
    "luque",
    "mariano roque alonso",
    "nemby",
    "san antonio",
    "san lorenzo",
    "villa elisa",
    "ypane",
];

/// Everything that isn't met, in the order of the checks.
pub fn warnings(wanted: &Requirements, creator: &Creator, now: Timestamp) -> Vec<Warning> {
    let mut found = Vec::new();
    let has_platform = wanted.platforms.iter().any(|platform| creator.network(*platform).is_some());
    if !wanted.platforms.is_empty() && !has_platform {
        found.push(Warning::Platform);
    }
    let platforms: &[Platform] = if wanted.platforms.is_empty() { &Platform::ALL } else { &wanted.platforms };
    let followers = platforms.iter().map(|platform| creator.followers(*platform)).max().unwrap_or(0);
    if wanted.min_followers.is_some_and(|least| followers < least) {
        found.push(Warning::Followers(followers));
    }
    let views = platforms.iter().filter_map(|platform| creator.stats.avg_views.get(platform));
    let views = views.copied().fold(0.0, f64::max);
    if wanted.min_avg_views.is_some_and(|least| views < least as f64) {
        found.push(Warning::Views);
    }
    let years = creator.birth_date.map(|birth| age(birth, now));
    if let Some(years) = years.filter(|years| *years < wanted.min_age) {
        found.push(Warning::Age(years));
    }
    if !wanted.gender.includes(creator.gender) {
        found.push(Warning::Gender);
    }
    if let (Some(country), Some(theirs)) = (wanted.country, creator.country)
        && country != theirs
    {
        found.push(Warning::Country(theirs));
    }
    if let Some(residence) = &wanted.residence
        && !lives_in(residence, creator.city.as_deref())
    {
        found.push(Warning::Residence);
    }
    found
}

fn lives_in(residence: &str, city: Option<&str>) -> bool {
    let residence = fold(residence);
    let Some(city) = city.map(fold) else { return residence.is_empty() };
    let is_greater = residence.contains("gran asuncion");
    residence.is_empty()
        || residence.contains("todo el pais")
        || residence.contains(&city)
        || is_greater && GREATER_ASUNCION.contains(&city.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaigns::model::Wanted;
    use bson::doc;

    #[test]
    fn everything_not_met_is_named_and_nothing_else() {
        let now: Timestamp = "2026-11-23T12:00:00Z".parse().unwrap();
        let creator: Creator = bson::deserialize_from_document(doc! {
            "id": "c", "user_id": "u", "email": "ana@example.com", "name": "Ana", "level": "rookie", "is_active": true,
            "created_at": bson::DateTime::MIN, "birth_date": "2005-01-01", "gender": "female", "country": "PY",
            "city": "Luque", "social_networks": [
                { "platform": "instagram", "username": "ana", "url": "https://www.instagram.com/ana", "followers": 900_i64 },
            ],
        })
        .unwrap();
        let mut wanted = Requirements::default();
        assert_eq!(warnings(&wanted, &creator, now), []);
        wanted.residence = Some("Asunción y Gran Asunción".into());
        assert_eq!(warnings(&wanted, &creator, now), []);
        wanted = Requirements {
            min_followers: Some(1_000),
            min_avg_views: Some(10),
            min_age: 25,
            gender: Wanted::Male,
            country: Some(Country::Ar),
            residence: Some("Encarnación".into()),
            platforms: vec![Platform::Tiktok],
            ..Requirements::default()
        };
        assert_eq!(
            warnings(&wanted, &creator, now),
            [
                Warning::Platform,
                Warning::Followers(0),
                Warning::Views,
                Warning::Age(21),
                Warning::Gender,
                Warning::Country(Country::Py),
                Warning::Residence,
            ]
        );
    }
}
