//! The account as stored, and what surrounds it.
//!
//! [`User`] is the canonical document of the collection `users`; adoption writes it, `canje users create` writes it, and
//! while the live database mirrors the legacy one nobody else does. What signing in adds (a better hash of the same
//! password, the last sign-in) is a [`SignIn`] in its own collection, so that an adopted document stays as adopted.

use bson::{DateTime, doc};
use serde::{Deserialize, Serialize};

use super::secret::Sealed;
use crate::db::indexes::Direction::Ascending;
use crate::db::{IndexSpec, Stored};
use crate::values::Role;

/// Longest address accepted when an account is made (RFC 5321).
const EMAIL_CHARACTERS: usize = 254;

/// An e-mail address as accounts are found by it: white space at both ends gone, lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Email(String);

impl Email {
    /// Normalises what somebody typed, whether or not it is an address: refusals must not differ between the two.
    pub fn normalise(typed: &str) -> Self {
        Self(typed.trim_matches(is_invisible).to_lowercase())
    }

    /// Normalises an address and checks that mail could reach it.
    pub fn parse(typed: &str) -> Option<Self> {
        let email = Self::normalise(typed);
        email.is_address().then_some(email)
    }

    /// Whether mail could reach it: one `@`, something on both sides, a dot in the domain, no spaces or controls.
    pub fn is_address(&self) -> bool {
        let Some((local, domain)) = self.0.split_once('@') else { return false };
        self.0.chars().count() <= EMAIL_CHARACTERS
            && !local.is_empty()
            && !domain.contains('@')
            && domain.split('.').count() > 1
            && domain.split('.').all(|label| !label.is_empty())
            && !self.0.chars().any(|c| c.is_control() || is_invisible(c))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Email {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// White space as Unicode and as older programs see it, and the marks nobody sees when pasting.
fn is_invisible(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}' | '\u{200b}' | '\u{2060}' | '\u{feff}')
}

/// Whether an account may be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UserStatus {
    /// In use.
    #[default]
    Active,
    /// Kept out by staff.
    Suspended,
    /// Anonymised.
    Deleted,
}

/// A document of `users`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct User {
    /// `user_` and 12 hexadecimal digits.
    pub user_id: String,
    /// Normalised and unique; null while another account holds the same address.
    pub email: Option<String>,
    /// The address an older account holds already; no sign-in until staff resolves it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email_conflict: Option<String>,
    /// When the person proved that the address is theirs.
    #[serde(default)]
    pub email_verified_at: Option<DateTime>,
    /// 1 to 120 characters.
    pub name: String,
    /// E.164.
    #[serde(default)]
    pub phone: Option<String>,
    /// Free text.
    #[serde(default)]
    pub city: Option<String>,
    /// Free text.
    #[serde(default)]
    pub company: Option<String>,
    /// Registered name.
    #[serde(default)]
    pub razon_social: Option<String>,
    /// Tax number or identity card.
    #[serde(default)]
    pub ruc: Option<String>,
    /// bcrypt of the legacy system, or Argon2id; none for those who only use Google.
    #[serde(default)]
    pub password_hash: Option<Sealed>,
    /// Google's subject.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub google_sub: Option<String>,
    /// An https address.
    #[serde(default)]
    pub picture: Option<String>,
    /// The stored role.
    pub role: Role,
    /// What invoices need.
    #[serde(default)]
    pub billing_info: BillingInfo,
    /// At most 20, exactly one of them the default when there are any.
    #[serde(default)]
    pub shipping_addresses: Vec<ShippingAddress>,
    /// Whether a second step is asked.
    #[serde(default)]
    pub mfa_enabled: bool,
    /// Since when.
    #[serde(default)]
    pub mfa_enabled_at: Option<DateTime>,
    /// The TOTP secret, encrypted.
    #[serde(default)]
    pub mfa_secret: Option<Sealed>,
    /// Hashes of the unused recovery codes.
    #[serde(default)]
    pub mfa_recovery_codes: Vec<Sealed>,
    /// Whether the account may be used.
    #[serde(default)]
    pub status: UserStatus,
    /// When the account was made.
    pub created_at: DateTime,
    /// When it was last changed.
    #[serde(default)]
    pub updated_at: Option<DateTime>,
}

/// What invoices need.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BillingInfo {
    /// Registered name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub razon_social: Option<String>,
    /// Tax number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ruc: Option<String>,
    /// Fiscal address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direccion_fiscal: Option<String>,
    /// Telephone for invoices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub telefono_factura: Option<String>,
}

/// Where things are sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShippingAddress {
    /// UUID.
    pub id: String,
    /// The person's own name for it.
    pub alias: String,
    /// Street and number.
    pub direccion: String,
    /// City.
    pub ciudad: String,
    /// How to find it.
    #[serde(default)]
    pub referencia: Option<String>,
    /// Offered first.
    pub is_default: bool,
    /// When it was added.
    pub created_at: DateTime,
}

impl Stored for User {
    const COLLECTION: &'static str = "users";
    const INDEXES: &'static [IndexSpec] = &[
        IndexSpec::new("user_id", &[("user_id", Ascending)]).unique(),
        IndexSpec::new("email", &[("email", Ascending)])
            .unique()
            .only_where(|| doc! { "email": { "$type": "string" } }),
        IndexSpec::new("google_sub", &[("google_sub", Ascending)])
            .unique()
            .only_where(|| doc! { "google_sub": { "$type": "string" } }),
        IndexSpec::new("role", &[("role", Ascending), ("created_at", Ascending)]),
    ];
}

/// A document of `sign_ins`: what signing in adds to an account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SignIn {
    /// The account.
    #[serde(rename = "_id")]
    pub user_id: String,
    /// Argon2id of the same password that [`User::password_hash`] stands for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_hash: Option<Sealed>,
    /// Digest of the stored hash that was replaced. When the account's own hash is another one by now (the password was
    /// changed in the legacy system, and adopted again), the better hash is of an old password and doesn't count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rehash_of: Option<String>,
    /// The newest completed sign-in.
    #[serde(default)]
    pub last_login_at: Option<DateTime>,
    /// When a change of rank last counted on this account; two changes at the same moment meet here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank_held_at: Option<DateTime>,
    /// Whose change it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank_held_by: Option<String>,
}

impl Stored for SignIn {
    const COLLECTION: &'static str = "sign_ins";
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn addresses_are_found_however_they_are_typed() {
        for typed in
            ["ana@example.com", " Ana@Example.COM ", "\u{a0}ANA@example.com\u{2003}", "\u{feff}ana@example.com\r\n"]
        {
            assert_eq!(Email::normalise(typed).as_str(), "ana@example.com", "{typed:?}");
            assert!(Email::parse(typed).is_some());
        }
        assert_eq!(Email::normalise("ÑANDUTÍ@example.com").as_str(), "ñandutí@example.com");
    }

    #[test]
    fn what_mail_cant_reach_is_no_address() {
        for typed in
            ["", "ana", "@example.com", "ana@", "ana@example", "a na@example.com", "a@b@c.d", "ana@.com", "a@b.\u{0}c"]
        {
            assert!(Email::parse(typed).is_none(), "{typed:?}");
        }
        assert!(Email::parse(&format!("{}@example.com", "a".repeat(243))).is_none());
    }

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing(typed in any::<String>()) {
            let once = Email::normalise(&typed);
            prop_assert_eq!(Email::normalise(once.as_str()), once);
        }
    }

    #[test]
    fn a_user_has_no_readable_form_with_a_secret_in_it() {
        let user: User = bson::deserialize_from_document(doc! {
            "user_id": "user_0123456789ab", "email": "ana@example.com", "name": "Ana", "role": "creator",
            "password_hash": "$2b$12$x", "created_at": DateTime::now(),
        })
        .unwrap();
        assert_eq!(user.status, UserStatus::Active);
        assert!(serde_json::to_string(&user).is_err());
    }
}
