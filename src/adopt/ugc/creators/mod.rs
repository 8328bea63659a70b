//! The rule for creator profiles: legacy `ugc_creators` to canonical ones.
//!
//! - Accounts on platforms stand in three places; a verified one wins over a declared one ([`social`]).
//! - Figures and level are computed from the adopted facts, never copied.
//! - A picture that isn't an https address stays behind with a finding; the source keeps it for the media migration.
//! - A second profile of one account is refused; what refers to it is understood as referring to the first.

mod profile;
mod social;

use bson::RawDocument;

use super::super::rule::{Adopt, Adopted, Frozen, LookUp, Noticed, Rule};
use super::super::users::fields::email;
use super::keys::{Repeats, earliest_first};
use super::made::{refused, written};
use super::pictures::Pictures;
use super::row::{Codes, Row, text};
use super::world::World;
use crate::creators::Creator;
use crate::db::Declared;
pub use profile::digits;
pub use social::{Social, folded, handle, social};

/// How these rows are told.
pub const CODES: Codes =
    Codes { key: "creator_id", date: "creator.date_invalid", unreadable: "creator.value_unreadable" };

/// The rule for creator profiles.
pub struct Creators;

impl Rule for Creators {
    fn name(&self) -> &'static str {
        "creators"
    }

    fn source(&self) -> &'static str {
        "ugc_creators"
    }

    fn target(&self) -> Declared {
        Declared::of::<Creator>()
    }

    fn version(&self) -> i32 {
        1
    }

    fn look_ups(&self) -> &'static [LookUp] {
        const ALL: [LookUp; 10] = super::world::and(LookUp::Source { collection: "images.files", fields: &["_id"] });
        &ALL
    }

    fn unique_keys(&self) -> &'static [&'static [&'static str]] {
        &[&["id"], &["user_id"]]
    }

    fn prepare(&self, frozen: &Frozen) -> Box<dyn Adopt> {
        Box::new(Prepared { world: World::from(frozen), others: Others::from(frozen) })
    }
}

/// What only this rule asks about other rows.
struct Others {
    pictures: Pictures,
    documents: Repeats,
    phones: Repeats,
    handles: Repeats,
}

impl From<&Frozen> for Others {
    fn from(frozen: &Frozen) -> Self {
        let mut others = Self {
            pictures: Pictures::from(frozen.source("images.files")),
            documents: Repeats::default(),
            phones: Repeats::default(),
            handles: Repeats::default(),
        };
        for raw in earliest_first(frozen.source("ugc_creators")) {
            if let Some(document) = text(raw, "document_id") {
                others.documents.register(raw, digits(document));
            }
            if let Some(phone) = text(raw, "phone_full") {
                others.phones.register(raw, phone.to_owned());
            }
            for network in Row::of(raw, frozen.shift(), &CODES).parts("social_networks") {
                let (on, typed) = (network.stored("platform").unwrap_or_default(), network.stored("username"));
                others.handles.register(raw, format!("{on} {}", folded(typed.unwrap_or_default())));
            }
        }
        others
    }
}

struct Prepared {
    world: World,
    others: Others,
}

impl Adopt for Prepared {
    fn adopt(&self, raw: &RawDocument) -> Adopted {
        let mut row = Row::of(raw, self.world.shift, &CODES);
        let (Some(key), Some(user_id)) = (row.key(), text(raw, "user_id")) else {
            return refused(row, "creator.key_absent");
        };
        if !self.world.people.keys.owns(raw, key) {
            return refused(row, "creator.id_duplicate");
        }
        if !self.world.people.is_first_of_account(user_id, key) {
            return refused(row, "creator.user_duplicate");
        }
        let is_later = email(raw).is_some_and(|email| self.world.people.is_later_with_email(&email, key));
        row.notice_if(is_later, Noticed::kept("creator.email_duplicate"));
        let profile = profile::profile(&mut row, key, user_id, &self.world, &self.others);
        written(row, profile)
    }
}
