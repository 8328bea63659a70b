//! What becomes of each application, decided over all of them: whose it is, and which ones are one.

use std::collections::{BTreeMap, HashMap};

use bson::{Bson, DateTime, RawDocument};

use super::super::super::leaf::id_bytes;
use super::super::super::rule::Frozen;
use super::super::super::users::fields::email;
use super::super::campaigns::Offers;
use super::super::keys::{Keys, earliest_first};
use super::super::people::People;
use super::super::row::{Row, text};
use super::{CODES, status};
use crate::applications::ApplicationStatus;
use crate::values::{ApplicationId, CampaignId, CreatorId};

/// What the other rules have to know of an application.
#[derive(Clone, Debug)]
pub struct Fact {
    /// The application.
    pub id: ApplicationId,
    /// Its row.
    pub row_id: Bson,
    /// To which campaign.
    pub campaign_id: CampaignId,
    /// Whose.
    pub creator_id: CreatorId,
    /// The creator's account.
    pub user_id: String,
    /// Where it stands.
    pub status: ApplicationStatus,
    /// When it was confirmed; also of one that was cancelled since.
    pub confirmed_at: Option<DateTime>,
    /// As promised.
    pub url_deadline: Option<DateTime>,
    /// As promised.
    pub metrics_deadline: Option<DateTime>,
}

/// Why a record of the public form is nobody's application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// A test of the form: its campaign isn't one.
    TestRecord,
    /// It has no address.
    NoEmail,
    /// Nobody has its address.
    NoMatch,
    /// An account has its address, and no profile.
    UserWithoutCreatorProfile,
    /// Several creators have its address.
    Ambiguous,
    /// A creator has its address, and there is no such campaign.
    CampaignUnknown,
}

impl Reason {
    /// The stored name, which is also its finding.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TestRecord => "test_record",
            Self::NoEmail => "no_email",
            Self::NoMatch => "no_match",
            Self::UserWithoutCreatorProfile => "user_without_creator_profile",
            Self::Ambiguous => "ambiguous",
            Self::CampaignUnknown => "campaign_unknown",
        }
    }
}

/// What becomes of a row.
#[derive(Clone, Debug)]
pub enum Fate {
    /// An application of its own.
    Own(Box<Fact>),
    /// Part of the application with this key.
    Folded(String),
    /// Nobody's.
    Lead {
        /// Why.
        reason: Reason,
        /// Who might be meant.
        candidates: Vec<CreatorId>,
    },
    /// Left behind, for this finding.
    Refused(&'static str),
}

/// All applications.
#[derive(Debug, Default)]
pub struct Applications {
    fates: HashMap<Vec<u8>, Fate>,
    rows: BTreeMap<String, Vec<u8>>,
    /// By the key of an application: the `_id`s of the rows that became part of it.
    folded: HashMap<String, Vec<Vec<u8>>>,
    /// The keys of applications.
    pub keys: Keys,
}

impl Applications {
    /// Decides over all rows.
    pub fn of(frozen: &Frozen, people: &People, offers: &Offers) -> Self {
        let rows = frozen.source("ugc_applications");
        let mut all = Self { keys: Keys::of(rows, &CODES), ..Self::default() };
        let mut candidates: Vec<(&RawDocument, Fact)> = Vec::new();
        for raw in earliest_first(rows) {
            let mut row = Row::of(raw, frozen.shift(), &CODES);
            match judge(&mut row, &all.keys, people, offers) {
                Fate::Own(fact) => candidates.push((raw, *fact)),
                fate => drop(all.fates.insert(id_bytes(raw), fate)),
            }
        }
        // Of several for one campaign and creator a signed-in one stays, a confirmed one before others, then the earliest.
        candidates.sort_by_key(|(raw, fact)| (is_public(raw), fact.status != ApplicationStatus::Confirmed));
        let mut taken: HashMap<(CampaignId, CreatorId), String> = HashMap::new();
        for (raw, fact) in candidates {
            let own = fact.id.to_string();
            let fate = match taken.get(&(fact.campaign_id.clone(), fact.creator_id.clone())) {
                Some(first) => {
                    all.folded.entry(first.clone()).or_default().push(id_bytes(raw));
                    Fate::Folded(first.clone())
                }
                None => {
                    taken.insert((fact.campaign_id.clone(), fact.creator_id.clone()), own.clone());
                    Fate::Own(Box::new(fact))
                }
            };
            all.rows.insert(own, id_bytes(raw));
            all.fates.insert(id_bytes(raw), fate);
        }
        all
    }

    /// What becomes of a row.
    pub fn fate(&self, raw: &RawDocument) -> Option<&Fate> {
        self.fates.get(&id_bytes(raw))
    }

    /// The application a row of another collection means.
    pub fn find(&self, key: &str) -> Option<&Fact> {
        match self.fates.get(self.rows.get(self.keys.resolve(key)?)?)? {
            Fate::Own(fact) => Some(fact),
            Fate::Folded(into) => match self.fates.get(self.rows.get(into)?)? {
                Fate::Own(fact) => Some(fact),
                _ => None,
            },
            _ => None,
        }
    }

    /// The `_id`s of the rows that became part of an application.
    pub fn folded_into(&self, key: &str) -> &[Vec<u8>] {
        self.folded.get(key).map_or(&[], Vec::as_slice)
    }

    /// Every application that is one.
    pub fn facts(&self) -> impl Iterator<Item = &Fact> {
        self.rows.values().filter_map(|row| match self.fates.get(row) {
            Some(Fate::Own(fact)) => Some(fact.as_ref()),
            _ => None,
        })
    }
}

/// Whether the row was written by the public form.
pub fn is_public(raw: &RawDocument) -> bool {
    text(raw, "creator_id").is_none()
}

fn judge(row: &mut Row<'_>, keys: &Keys, people: &People, offers: &Offers) -> Fate {
    let Some(key) = row.key() else { return Fate::Refused("app.key_absent") };
    if !keys.owns(row.raw(), key) {
        return Fate::Refused("app.id_duplicate");
    }
    let campaign = row.text("campaign_id").and_then(|key| offers.campaign(&key));
    let person = match text(row.raw(), "creator_id") {
        Some(creator) => match people.creator(creator) {
            Some(person) => person,
            None => return Fate::Refused("app.creator_dangling"),
        },
        None => {
            let email = email(row.raw());
            let found = email.as_deref().map_or_else(Vec::new, |email| people.with_email(email));
            let reason = match (&found[..], campaign, email) {
                ([_], Some(_), _) => None,
                ([_], None, _) => Some(Reason::CampaignUnknown),
                ([_, _, ..], ..) => Some(Reason::Ambiguous),
                ([], None, _) => Some(Reason::TestRecord),
                ([], _, None) => Some(Reason::NoEmail),
                ([], _, Some(email)) if people.is_account_email(&email) => Some(Reason::UserWithoutCreatorProfile),
                ([], ..) => Some(Reason::NoMatch),
            };
            match (reason, found.first().copied()) {
                (None, Some(person)) => person,
                (reason, _) => {
                    let candidates = found.iter().map(|person| person.id.clone()).collect();
                    return Fate::Lead { reason: reason.unwrap_or(Reason::NoMatch), candidates };
                }
            }
        }
    };
    let Some(campaign) = campaign else { return Fate::Refused("app.campaign_dangling") };
    let stored_confirmation = row.moment("confirmed_at");
    let Some(status) = row.text("status").and_then(|stored| status::canonical(&stored, stored_confirmation.is_some()))
    else {
        return Fate::Refused("app.status_unknown");
    };
    let otherwise = if status == ApplicationStatus::Confirmed {
        row.moment("updated_at").or_else(|| row.made_at(&["applied_at", "created_at"]))
    } else {
        None
    };
    Fate::Own(Box::new(Fact {
        id: ApplicationId::of(key),
        row_id: row.row_id(),
        campaign_id: campaign.id.clone(),
        creator_id: person.id.clone(),
        user_id: person.user_id.clone(),
        status,
        confirmed_at: stored_confirmation.or(otherwise),
        url_deadline: row.moment("url_deadline"),
        metrics_deadline: row.moment("metrics_deadline"),
    }))
}
