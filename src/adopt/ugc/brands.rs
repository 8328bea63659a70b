//! The rule for brands: legacy `ugc_brands` to canonical ones.

use bson::RawDocument;

use super::super::rule::{Adopt, Adopted, Frozen, LookUp, Noticed, Rule};
use super::super::shift::Shift;
use super::super::users::fields::email;
use super::creators::{digits, handle};
use super::keys::{Keys, Repeats, earliest_first};
use super::lists::country;
use super::made::{refused, written};
use super::people::{self, People};
use super::row::{Codes, Row, text};
use crate::brands::Brand;
use crate::db::Declared;
use crate::values::{BrandId, Country, Platform, Role};

/// How these rows are told.
pub const CODES: Codes = Codes { key: "brand_id", date: "brand.date_invalid", unreadable: "brand.value_unreadable" };

/// The rule for brands.
pub struct Brands;

impl Rule for Brands {
    fn name(&self) -> &'static str {
        "brands"
    }

    fn source(&self) -> &'static str {
        "ugc_brands"
    }

    fn target(&self) -> Declared {
        Declared::of::<Brand>()
    }

    fn version(&self) -> i32 {
        1
    }

    fn look_ups(&self) -> &'static [LookUp] {
        const ALL: [LookUp; 3] = [people::LOOK_UPS[0], people::LOOK_UPS[1], LookUp::Rows { collection: "ugc_brands" }];
        &ALL
    }

    fn unique_keys(&self) -> &'static [&'static [&'static str]] {
        &[&["id"], &["user_id"]]
    }

    fn prepare(&self, frozen: &Frozen) -> Box<dyn Adopt> {
        let rows = frozen.source("ugc_brands");
        let (mut companies, mut owners) = (Repeats::default(), Repeats::default());
        for raw in earliest_first(rows) {
            if let Some(name) = text(raw, "company_name") {
                companies.register(raw, name.to_lowercase());
            }
            if let Some(user_id) = text(raw, "user_id") {
                owners.register(raw, user_id.to_owned());
            }
        }
        let (people, keys) = (People::from(frozen), Keys::of(rows, &CODES));
        Box::new(Prepared { people, keys, companies, owners, shift: frozen.shift() })
    }
}

struct Prepared {
    people: People,
    keys: Keys,
    companies: Repeats,
    owners: Repeats,
    shift: Shift,
}

impl Adopt for Prepared {
    fn adopt(&self, raw: &RawDocument) -> Adopted {
        let mut row = Row::of(raw, self.shift, &CODES);
        let Some(key) = row.key() else { return refused(row, "brand.key_absent") };
        if !self.keys.owns(raw, key) {
            return refused(row, "brand.id_duplicate");
        }
        let Some(created_at) = row.made_at(&["created_at", "updated_at"]) else {
            return refused(row, "brand.created_at_absent");
        };
        let user_id = self.owner(&mut row);
        let company_name = row.text("company_name").or_else(|| row.text("name")).unwrap_or_default();
        let is_repeated = self.companies.is_repeated(raw, &company_name.to_lowercase());
        row.notice_if(is_repeated, Noticed::kept("brand.company_duplicate"));
        let (first, last) = (row.text("contact_first_name"), row.text("contact_last_name"));
        let joined = [first.as_deref(), last.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let instagram_handle = instagram(&mut row);
        let brand = Brand {
            id: BrandId::of(key),
            user_id,
            company_id: row.text("company_id"),
            email: email(raw),
            company_name,
            industry: row.text("industry"),
            country: Some(residence(&mut row)),
            city: row.text("city"),
            contact_name: Some(joined).filter(|name| !name.is_empty()).or_else(|| row.text("contact_name")),
            contact_first_name: first,
            contact_last_name: last,
            contact_phone: row.text("contact_phone").or_else(|| row.text("phone")).and_then(|typed| national(&typed)),
            phone_country_code: row.text("phone_country_code"),
            logo_url: address(&mut row, "logo_url"),
            website: address(&mut row, "website"),
            instagram_url: instagram_handle.as_deref().map(|handle| Platform::Instagram.profile_url(handle)),
            instagram_handle,
            description: row.text("description"),
            is_verified: row.flag("is_verified").unwrap_or(false),
            is_active: row.flag("is_active").unwrap_or(true),
            onboarding_completed: row.flag("onboarding_completed").unwrap_or(false),
            created_at,
            updated_at: row.moment("updated_at"),
        };
        written(row, Some(brand))
    }
}

impl Prepared {
    /// The owner's account. One account has one brand: a later brand of the same account keeps no owner.
    fn owner(&self, row: &mut Row<'_>) -> Option<String> {
        let user_id = row.text("user_id")?;
        match self.people.account(&user_id) {
            None => row.notice(Noticed::kept("brand.user_dangling")),
            Some(account) => {
                row.notice_if(account.role != Some(Role::Brand), Noticed::kept("brand.role_mismatch"));
            }
        }
        let is_later = self.owners.is_repeated(row.raw(), &user_id);
        row.notice_if(is_later, Noticed::refused("brand.user_duplicate"));
        (!is_later).then_some(user_id)
    }
}

fn residence(row: &mut Row<'_>) -> Country {
    let typed = row.text("country");
    let known = typed.as_deref().and_then(country);
    row.notice_if(typed.is_some() && known.is_none(), Noticed::converted("brand.country_unknown"));
    known.unwrap_or(Country::Py)
}

fn instagram(row: &mut Row<'_>) -> Option<String> {
    let typed = row.text("instagram_handle")?;
    row.notice_if(typed.starts_with("http"), Noticed::converted("brand.handle_is_url"));
    Some(handle(&typed)).filter(|handle| !handle.is_empty())
}

/// National digits: neither the country code nor a trunk zero.
fn national(typed: &str) -> Option<String> {
    let all = digits(typed);
    let national = all.strip_prefix("595").filter(|rest| rest.len() >= 8).unwrap_or(&all);
    Some(national.trim_start_matches('0').to_owned()).filter(|digits| !digits.is_empty())
}

fn address(row: &mut Row<'_>, field: &str) -> Option<String> {
    let typed = row.text(field)?;
    let is_address = typed.starts_with("https://") || (field == "website" && typed.starts_with("http://"));
    row.notice_if(!is_address, Noticed::refused("brand.address_unusable"));
    is_address.then_some(typed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legacy_defect_58_a_brand_phone_is_national_digits() {
        for typed in ["+595981123456", "0981123456", "+595 0981 123456", "981123456", "595981123456"] {
            assert_eq!(national(typed).as_deref(), Some("981123456"), "{typed}");
        }
        assert_eq!(national("sin teléfono"), None);
    }
}
