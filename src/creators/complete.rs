//! Whether a profile is complete, and how far it is.
//!
//! Two questions with one list of things: *may they apply* asks for the ones without which nobody does; the completion bar
//! weighs those at ten points each, and four that make a profile better at five.

use jiff::Timestamp;

use super::model::Creator;
use crate::values::LocalDate;

/// Years a creator has to have lived.
pub const ADULT: i32 = 18;

/// Something a profile doesn't have yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// Full name.
    Name,
    /// Birth date.
    BirthDate,
    /// Gender, which may be "prefer not to say".
    Gender,
    /// Identity card.
    DocumentId,
    /// City.
    City,
    /// Telephone.
    Phone,
    /// At least one category.
    Categories,
    /// At least one social network.
    Networks,
    /// A few words about themself.
    Bio,
    /// A picture.
    Picture,
    /// A verified social account.
    Verification,
    /// Education, occupation or a portfolio.
    Occupation,
}

impl Missing {
    /// Without these nobody applies.
    pub const REQUIRED: [Self; 8] = [
        Self::Name,
        Self::BirthDate,
        Self::Gender,
        Self::DocumentId,
        Self::City,
        Self::Phone,
        Self::Categories,
        Self::Networks,
    ];
    /// All of them, in the order they are suggested.
    pub const ALL: [Self; 12] = [
        Self::Name,
        Self::BirthDate,
        Self::Gender,
        Self::DocumentId,
        Self::City,
        Self::Phone,
        Self::Categories,
        Self::Networks,
        Self::Picture,
        Self::Bio,
        Self::Occupation,
        Self::Verification,
    ];

    /// What it weighs in the completion bar.
    fn points(self) -> u8 {
        if Self::REQUIRED.contains(&self) { 10 } else { 5 }
    }

    /// Where in the profile it is added: the page and its section.
    pub fn href(self) -> &'static str {
        match self {
            // Without these the profile isn't open yet: the five steps are.
            Self::Name
            | Self::BirthDate
            | Self::Gender
            | Self::DocumentId
            | Self::City
            | Self::Phone
            | Self::Categories
            | Self::Networks => "/ugc/creator/onboarding",
            Self::Verification => "/ugc/creator/profile#redes",
            Self::Bio => "/ugc/creator/profile/basica",
            Self::Occupation => "/ugc/creator/profile/profesional",
            Self::Picture => "/ugc/creator/profile/foto",
        }
    }

    fn is_missing_in(self, creator: &Creator) -> bool {
        let lacks = |text: &Option<String>| text.as_deref().is_none_or(|text| text.trim().is_empty());
        match self {
            Self::Name => creator.name.trim().is_empty(),
            Self::BirthDate => creator.birth_date.is_none(),
            Self::Gender => creator.gender.is_none(),
            Self::DocumentId => lacks(&creator.document_id),
            Self::City => lacks(&creator.city),
            Self::Phone => lacks(&creator.phone),
            Self::Categories => creator.categories.is_empty(),
            Self::Networks => creator.social_networks.is_empty(),
            Self::Bio => lacks(&creator.bio),
            Self::Picture => lacks(&creator.profile_picture),
            Self::Verification => creator.social_accounts.is_empty(),
            Self::Occupation => {
                creator.education_level.is_none() && lacks(&creator.occupation) && lacks(&creator.portfolio_url)
            }
        }
    }
}

/// How far a profile is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Completion {
    /// 0 to 100.
    pub percent: u8,
    /// What is suggested next; none when nothing is missing.
    pub next: Option<Missing>,
}

/// What keeps somebody from applying.
pub fn missing(creator: &Creator) -> Vec<Missing> {
    Missing::REQUIRED.into_iter().filter(|item| item.is_missing_in(creator)).collect()
}

/// How far the profile is, and what comes next.
pub fn completion(creator: &Creator) -> Completion {
    let has = |item: &Missing| !item.is_missing_in(creator);
    Completion {
        percent: Missing::ALL.iter().filter(|item| has(item)).map(|item| item.points()).sum(),
        next: Missing::ALL.into_iter().find(|item| !has(item)),
    }
}

/// Full years on the local day of an instant.
pub fn age(birth: LocalDate, now: Timestamp) -> i32 {
    let today = LocalDate::of(now).0;
    let years = i32::from(today.year()) - i32::from(birth.0.year());
    let had_birthday = (today.month(), today.day()) >= (birth.0.month(), birth.0.day());
    if had_birthday { years } else { years - 1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use bson::doc;

    fn empty() -> Creator {
        bson::deserialize_from_document(doc! {
            "id": "c1", "user_id": "u1", "email": "ana@example.com", "name": "", "level": "rookie", "is_active": true,
            "created_at": bson::DateTime::now(),
        })
        .unwrap()
    }

    #[test]
    fn weights_add_up_to_a_hundred() {
        assert_eq!(Missing::ALL.iter().map(|item| u32::from(item.points())).sum::<u32>(), 100);
        assert_eq!(completion(&empty()), Completion { percent: 0, next: Some(Missing::Name) });
    }

    #[test]
    fn what_is_required_is_suggested_before_what_is_nice() {
        let mut creator = empty();
        creator.name = "Ana Benítez".into();
        creator.bio = Some("Hago recetas.".into());
        assert_eq!(completion(&creator), Completion { percent: 15, next: Some(Missing::BirthDate) });
        assert_eq!(missing(&creator).len(), 7);
        creator.city = Some("  ".into());
        assert!(missing(&creator).contains(&Missing::City), "white space is no city");
    }

    #[test]
    fn eighteen_on_the_local_day() {
        let born = LocalDate::parse("2008-11-22").unwrap();
        // 21 November, 23:30 in Asunción is 22 November in UTC.
        assert_eq!(age(born, "2026-11-22T02:30:00Z".parse().unwrap()), 17);
        assert_eq!(age(born, "2026-11-22T03:00:00Z".parse().unwrap()), ADULT);
        assert_eq!(age(LocalDate::parse("2008-02-29").unwrap(), "2026-02-28T15:00:00Z".parse().unwrap()), 17);
    }
}
