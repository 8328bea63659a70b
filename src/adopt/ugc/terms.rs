//! The rule for acceptances of terms: legacy `terms_acceptances` to canonical ones.
//!
//! Documents had other names; the one as found is kept in `legacy_slug`. No text can be proved for these rows: they have
//! no hash.

use std::collections::HashMap;

use bson::{Bson, RawDocument};

use super::super::rule::{Adopt, Adopted, Frozen, LookUp, Noticed, Outcome, Rule};
use super::super::shift::Shift;
use super::super::users::fields as accounts;
use super::keys::earliest_first;
use super::made::{derived_id, refused, written};
use super::row::{Codes, Row, text, value};
use crate::db::Declared;
use crate::terms::Acceptance;

/// How these rows are told.
const CODES: Codes = Codes { key: "acceptance_id", date: "terms.date_invalid", unreadable: "terms.value_unreadable" };

/// The rule for acceptances.
pub struct Acceptances;

impl Rule for Acceptances {
    fn name(&self) -> &'static str {
        "terms_acceptances"
    }

    fn source(&self) -> &'static str {
        "terms_acceptances"
    }

    fn target(&self) -> Declared {
        Declared::of::<Acceptance>()
    }

    fn version(&self) -> i32 {
        1
    }

    fn look_ups(&self) -> &'static [LookUp] {
        const ALL: [LookUp; 2] = [super::people::LOOK_UPS[0], LookUp::Rows { collection: "terms_acceptances" }];
        &ALL
    }

    fn unique_keys(&self) -> &'static [&'static [&'static str]] {
        &[&["user_id", "terms_slug", "terms_version"]]
    }

    fn prepare(&self, frozen: &Frozen) -> Box<dyn Adopt> {
        let mut firsts = HashMap::new();
        for raw in earliest_first(frozen.source("terms_acceptances")) {
            if let (Some(once), Some(id)) = (once(raw), value(raw, "_id").and_then(|id| Bson::try_from(id).ok())) {
                let at = text(raw, "accepted_at").unwrap_or_default().to_owned();
                let first = firsts.entry(once).or_insert_with(|| (at.clone(), id.clone()));
                if at < first.0 {
                    *first = (at, id);
                }
            }
        }
        let emails = frozen.source("users").iter();
        let emails = emails.filter_map(|row| Some((accounts::user_id(row)?.to_owned(), accounts::email(row))));
        let emails: HashMap<_, _> = emails.collect();
        Box::new(Prepared { shift: frozen.shift(), firsts, emails })
    }
}

struct Prepared {
    shift: Shift,
    firsts: HashMap<[String; 3], (String, Bson)>,
    emails: HashMap<String, Option<String>>,
}

impl Adopt for Prepared {
    fn adopt(&self, raw: &RawDocument) -> Adopted {
        let mut row = Row::of(raw, self.shift, &CODES);
        let Some(typed) = row.text("terms_slug") else { return refused(row, "terms.slug_absent") };
        let Some(accepted_at) = row.made_at(&["accepted_at", "created_at"]) else {
            return refused(row, "terms.date_absent");
        };
        if let Some((_, first)) = once(raw).and_then(|once| self.firsts.get(&once))
            && *first != row.row_id()
        {
            row.notice(Noticed::converted("terms.repeated"));
            let outcome = Outcome::Fold { into: first.clone() };
            return Adopted { id: row.shown(), outcome, findings: row.into_findings() };
        }
        let user_id = row.text("user_id");
        let is_dangling = user_id.as_ref().is_some_and(|user| !self.emails.contains_key(user));
        row.notice_if(is_dangling, Noticed::kept("terms.user_dangling"));
        let email = row.text("user_email").or_else(|| self.emails.get(user_id.as_ref()?)?.clone());
        let slug = canonical(&typed);
        row.notice_if(slug != typed, Noticed::converted("terms.slug_alias"));
        let acceptance = Acceptance {
            id: row.key().map_or_else(|| derived_id(&["terms", &row.shown()]), str::to_owned),
            user_id,
            user_email: email.unwrap_or_default(),
            terms_name: row.text("terms_name"),
            terms_version: row.text("terms_version").unwrap_or_else(|| "1.0".into()),
            body_sha256: None,
            accepted_at,
            ip_address: row.text("ip_address"),
            user_agent: row.text("user_agent").map(|agent| agent.chars().take(500).collect()),
            action: row.text("action").unwrap_or_else(|| "legacy".into()),
            legacy_slug: (slug != typed).then_some(typed),
            terms_slug: slug,
        };
        written(row, Some(acceptance))
    }
}

/// Who accepted what: one acceptance each.
fn once(raw: &RawDocument) -> Option<[String; 3]> {
    let user = text(raw, "user_id")?.to_owned();
    Some([user, canonical(text(raw, "terms_slug")?), text(raw, "terms_version").unwrap_or("1.0").to_owned()])
}

/// The name of a document now.
fn canonical(slug: &str) -> String {
    match slug {
        "terms-ugc-creator" => "ugc-creators".into(),
        "terms-ugc-brand" => "ugc-brands".into(),
        "terms-ecommerce" => "ecommerce".into(),
        other => other.to_owned(),
    }
}
