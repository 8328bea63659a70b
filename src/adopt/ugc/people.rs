//! Who is who: accounts and creator profiles, as every rule knows them.

use std::collections::{BTreeMap, HashMap, HashSet};

use bson::RawDocument;

use super::super::rule::{Frozen, LookUp};
use super::super::users::fields as accounts;
use super::creators::{self, Social};
use super::keys::{Keys, earliest_first};
use super::row::{Row, text};
use crate::values::{CreatorId, Platform, Role};

/// What this needs to know.
pub const LOOK_UPS: [LookUp; 2] = [
    LookUp::Source { collection: "users", fields: &["user_id", "id", "email", "name", "role", "ugc_role"] },
    LookUp::Rows { collection: "ugc_creators" },
];

/// An account.
#[derive(Debug)]
pub struct Account {
    /// Its name as stored.
    pub name: String,
    /// What it may do.
    pub role: Option<Role>,
}

/// A creator.
#[derive(Debug)]
pub struct Person {
    /// The profile.
    pub id: CreatorId,
    /// The account.
    pub user_id: String,
    /// The profile's name as stored.
    pub stored_name: String,
    /// Accounts on platforms.
    pub social: Social,
}

/// Accounts and profiles.
#[derive(Debug, Default)]
pub struct People {
    accounts: HashMap<String, Account>,
    account_emails: HashSet<String>,
    people: BTreeMap<String, Person>,
    by_email: HashMap<String, Vec<String>>,
    by_account: HashMap<String, String>,
    /// The keys of profiles.
    pub keys: Keys,
}

impl From<&Frozen> for People {
    fn from(frozen: &Frozen) -> Self {
        let rows = frozen.source("ugc_creators");
        let mut people = Self { keys: Keys::of(rows, &creators::CODES), ..Self::default() };
        for row in frozen.source("users") {
            let name = text_as_stored(row, "name");
            if let Some(user_id) = accounts::user_id(row) {
                let account = Account { name, role: accounts::role(row) };
                people.accounts.entry(user_id.to_owned()).or_insert(account);
            }
            people.account_emails.extend(accounts::email(row));
        }
        for raw in earliest_first(rows) {
            people.register(Row::of(raw, frozen.shift(), &creators::CODES));
        }
        people
    }
}

impl People {
    fn register(&mut self, mut row: Row<'_>) {
        let (Some(key), Some(user_id)) = (row.key(), text(row.raw(), "user_id")) else { return };
        if !self.keys.owns(row.raw(), key) {
            return;
        }
        if let Some(first) = self.by_account.get(user_id) {
            self.keys.stands_for(key, &first.clone());
            return;
        }
        self.by_account.insert(user_id.to_owned(), key.to_owned());
        if let Some(email) = accounts::email(row.raw()) {
            self.by_email.entry(email).or_default().push(key.to_owned());
        }
        let social = creators::social(&mut row);
        let stored_name = text_as_stored(row.raw(), "name");
        let person = Person { id: CreatorId::of(key), user_id: user_id.to_owned(), stored_name, social };
        self.people.insert(key.to_owned(), person);
    }

    /// An account.
    pub fn account(&self, user_id: &str) -> Option<&Account> {
        self.accounts.get(user_id)
    }

    /// Whether an account has this address.
    pub fn is_account_email(&self, email: &str) -> bool {
        self.account_emails.contains(email)
    }

    /// The creator a row means.
    pub fn creator(&self, key: &str) -> Option<&Person> {
        self.people.get(self.keys.resolve(key)?)
    }

    /// Whether this profile is the one of its account.
    pub fn is_first_of_account(&self, user_id: &str, key: &str) -> bool {
        self.by_account.get(user_id).is_some_and(|first| first == key)
    }

    /// The creators with an address, in the order of their keys.
    pub fn with_email(&self, email: &str) -> Vec<&Person> {
        let mut keys: Vec<&String> = self.by_email.get(email).into_iter().flatten().collect();
        keys.sort();
        keys.into_iter().filter_map(|key| self.people.get(key)).collect()
    }

    /// Whether another creator who came earlier has this address.
    pub fn is_later_with_email(&self, email: &str, key: &str) -> bool {
        self.by_email.get(email).is_some_and(|all| all.first().is_some_and(|first| first != key))
    }
}

impl Person {
    /// The platform a delivery is shown with: one of these, verified first; else the first verified or declared one.
    pub fn platform_among(&self, asked: &[Platform]) -> Platform {
        let declared = || self.social.networks.iter().map(|network| network.platform);
        let verified = |platform: &Platform| self.social.accounts.contains_key(platform);
        let among = || asked.iter().copied().filter(|platform| declared().any(|own| own == *platform));
        among()
            .find(verified)
            .or_else(|| among().next())
            .or_else(|| declared().find(verified))
            .or_else(|| declared().next())
            .unwrap_or(Platform::Instagram)
    }
}

fn text_as_stored(raw: &RawDocument, field: &str) -> String {
    raw.get_str(field).unwrap_or_default().to_owned()
}
