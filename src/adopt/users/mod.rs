//! The rule for accounts: legacy `users` to canonical `users`.
//!
//! - The password is in `password` or in `password_hash`; only a bcrypt hash is taken over, as `password_hash`.
//! - The e-mail is normalised. Of accounts that are then equal the earliest `created_at` keeps the address (an account made
//!   here keeps its own in any case); the others get `email: null` and the address in `email_conflict`, and nobody signs in
//!   with them until staff resolves it. What hangs on such an account hangs on it as before.
//! - The telephone becomes E.164, or goes as it was written to `legacy_phone` when it can't be told for certain.
//! - The TOTP secret and the recovery codes stay behind: they are in clear there, and the key that would protect them here
//!   is not at hand during adoption. `mfa_enabled` is kept, so that nobody gets past the second step meanwhile.
//! - Fields this rule doesn't know stay behind with a finding: they may hold secrets.

mod document;
pub(super) mod fields;
mod look_ups;
pub(super) mod moment;
mod phone;

use bson::{Document, RawDocument};

use super::rule::{Adopt, Adopted, Frozen, LookUp, Noticed, Outcome, Rule};
use crate::accounts::model::User;
use crate::db::Declared;
use fields::Row;
use look_ups::LookUps;

/// The rule for accounts.
pub struct Users;

impl Rule for Users {
    fn name(&self) -> &'static str {
        "users"
    }

    fn source(&self) -> &'static str {
        "users"
    }

    fn target(&self) -> Declared {
        Declared::of::<User>()
    }

    fn version(&self) -> i32 {
        1
    }

    fn look_ups(&self) -> &'static [LookUp] {
        &[
            LookUp::Source {
                collection: "users",
                fields: &["user_id", "id", "email", "phone", "role", "ugc_role", "created_at"],
            },
            LookUp::Source { collection: "ugc_creators", fields: &["user_id", "phone"] },
            LookUp::Local { fields: &["user_id", "email"] },
        ]
    }

    fn unique_keys(&self) -> &'static [&'static [&'static str]] {
        &[&["user_id"], &["email"]]
    }

    fn prepare(&self, frozen: &Frozen) -> Box<dyn Adopt> {
        Box::new(LookUps::from(frozen))
    }
}

impl Adopt for LookUps {
    fn adopt(&self, row: &RawDocument) -> Adopted {
        let mut row = Row::of(row);
        let outcome = match self.refusal(&row) {
            Some(code) => {
                row.notice(Noticed::refused(code));
                Outcome::Refuse
            }
            None => document::canonical(&mut row, self).map_or(Outcome::Refuse, Outcome::Write),
        };
        Adopted { id: row.id(), outcome, findings: row.into_findings() }
    }
}

impl LookUps {
    /// Why the row can't become an account at all.
    fn refusal(&self, row: &Row<'_>) -> Option<&'static str> {
        if Document::try_from(row.raw()).is_err() {
            return Some("user.document_malformed");
        }
        let Some(user_id) = row.user_id() else { return Some("user.user_id_absent") };
        if row.role().is_none() {
            return Some("user.role_unknown");
        }
        (!self.owns_user_id(row, user_id)).then_some("user.user_id_duplicate")
    }
}

#[cfg(test)]
mod tests;
