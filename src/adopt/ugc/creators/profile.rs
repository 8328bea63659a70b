//! The canonical profile of a row.

use super::super::super::rule::Noticed;
use super::super::super::users::fields::email;
use super::super::lists::{category, country, education, gender};
use super::super::pictures::Picture;
use super::super::row::Row;
use super::super::world::World;
use super::Others;
use super::social::{folded, social};
use crate::creators::{Creator, levels, stats};
use crate::values::{Category, Country, CreatorId};

/// The profile of a row; `None` when it has no date at all, which is noticed.
pub fn profile(row: &mut Row<'_>, key: &str, user_id: &str, world: &World, others: &Others) -> Option<Creator> {
    let updated_at = row.moment("updated_at");
    let Some(created_at) = row.made_at(&["created_at", "updated_at"]) else {
        row.notice(Noticed::refused("creator.created_at_absent"));
        return None;
    };
    notice_copies(row, world, key);
    let social = social(row);
    for network in row.parts("social_networks") {
        let (on, typed) = (network.stored("platform").unwrap_or_default(), network.stored("username"));
        let said = format!("{on} {}", folded(typed.unwrap_or_default()));
        if others.handles.is_repeated(row.raw(), &said) {
            row.notice_part(Noticed::kept("social.handle_shared"));
        }
    }
    let id = CreatorId::of(key);
    let stats = stats::compute(world.facts_of(&id));
    let (phone_country_code, phone) = phone(row, others);
    let document_id = document(row, others);
    let mut creator = Creator {
        id,
        user_id: user_id.to_owned(),
        email: email(row.raw()).unwrap_or_default(),
        name: name(row, user_id, world),
        birth_date: row.unmoved_day("birth_date"),
        gender: listed(row, "gender", "creator.gender_unknown", gender),
        document_digits: document_id.as_deref().map(digits).filter(|digits| !digits.is_empty()),
        document_id,
        country: Some(residence(row)),
        city: row.text("city"),
        phone_full: phone.as_ref().map(|phone| format!("{}{phone}", phone_country_code.as_deref().unwrap_or("+595"))),
        phone_country_code,
        phone,
        categories: categories(row),
        bio: row.text("bio"),
        occupation: row.text("occupation"),
        portfolio_url: portfolio(row),
        education_level: listed(row, "education_level", "creator.education_unknown", education),
        languages: row.texts("languages"),
        profile_picture: picture(row, others),
        picture_asset: None,
        social_networks: social.networks,
        social_accounts: social.accounts,
        level: levels::level_of(&stats),
        level_progress: levels::progress(&stats),
        stats,
        level_override: None,
        is_verified: row.flag("is_verified").unwrap_or(false),
        is_active: row.flag("is_active").unwrap_or(true),
        onboarding_completed: row.flag("onboarding_completed").unwrap_or(false),
        notify_new_campaigns: row.flag("notify_new_campaigns").unwrap_or(true),
        terms_accepted: row.flag("terms_accepted").unwrap_or(false),
        terms_accepted_at: row.moment("terms_accepted_at"),
        terms_version: row.text("terms_version"),
        search: String::new(),
        created_at,
        updated_at,
        profile_updated_at: row.moment("profile_updated_at"),
    };
    creator.search = creator.search_text();
    Some(creator)
}

/// What a row holds twice, thrice or in the wrong type; only one of each is adopted.
fn notice_copies(row: &mut Row<'_>, world: &World, key: &str) {
    let accounts = row.value("social_accounts").map(|value| value.as_document().is_some_and(|map| map.is_empty()));
    let lists = row.value("social_networks").and_then(|value| value.as_array()).is_some_and(|list| !list.is_empty());
    let stored = row.value("stats").and_then(|value| value.as_document());
    let rate = stored.and_then(|stats| stats.get("delivery_on_time_rate").ok().flatten());
    let total = stored.and_then(|stats| stats.get("total_campaigns").ok().flatten());
    let is_stale = total.is_some_and(|total| total.as_i32() == Some(0)) && world.is_confirmed_anywhere(key);
    let is_double = rate.is_some_and(|rate| rate.as_f64().is_some());
    for (is_so, code) in [
        (!row.has("birth_date"), "creator.onboarding_fields_absent"),
        (accounts.is_none(), "creator.social_accounts_absent"),
        (accounts == Some(true), "creator.social_accounts_empty"),
        (accounts == Some(false) && lists, "creator.social_in_both"),
        (row.has("instagram_handle") || row.has("tiktok_handle"), "creator.flat_handle"),
        (row.has("total_views"), "creator.totals_duplicated"),
        (is_double, "creator.rate_mixed_type"),
        (is_stale, "creator.total_campaigns_stale"),
    ] {
        let absent = matches!(code, "creator.onboarding_fields_absent" | "creator.social_accounts_absent");
        let noticed = if absent { Noticed::kept(code) } else { Noticed::converted(code) };
        row.notice_if(is_so, noticed);
    }
}

fn name(row: &mut Row<'_>, user_id: &str, world: &World) -> String {
    let stored = row.stored("name").unwrap_or_default();
    let account = world.people.account(user_id);
    row.notice_if(account.is_none(), Noticed::kept("creator.user_dangling"));
    row.notice_if(
        account.is_some_and(|account| account.name != stored),
        Noticed::kept("creator.name_differs_from_user"),
    );
    let of_account = || account.map(|account| account.name.trim().to_owned());
    row.text("name").or_else(of_account).unwrap_or_default()
}

/// The country; rows older than the five steps have none.
fn residence(row: &mut Row<'_>) -> Country {
    let Some(typed) = row.text("country") else { return Country::Py };
    country(&typed).unwrap_or_else(|| {
        row.notice(Noticed::converted("creator.country_unknown"));
        Country::Py
    })
}

fn categories(row: &mut Row<'_>) -> Vec<Category> {
    let mut found = Vec::new();
    for typed in row.texts("categories") {
        let one = category(&typed).unwrap_or_else(|| {
            row.notice(Noticed::converted("creator.category_unknown"));
            Category::Other
        });
        if !found.contains(&one) {
            found.push(one);
        }
    }
    found
}

fn listed<T>(
    row: &mut Row<'_>,
    field: &str,
    unknown: &'static str,
    parse: impl FnOnce(&str) -> Option<T>,
) -> Option<T> {
    let typed = row.text(field)?;
    let found = parse(&typed);
    row.notice_if(found.is_none(), Noticed::refused(unknown));
    found
}

/// Country code and national digits. A trunk zero goes; what was typed wrong otherwise stays for its owner to correct.
fn phone(row: &mut Row<'_>, others: &Others) -> (Option<String>, Option<String>) {
    let full = row.stored("phone_full").unwrap_or_default();
    row.notice_if(full.starts_with("+5950"), Noticed::converted("creator.phone_full_malformed"));
    let is_repeated = !full.is_empty() && others.phones.is_repeated(row.raw(), full);
    row.notice_if(is_repeated, Noticed::kept("creator.phone_duplicate"));
    let code = row.text("phone_country_code");
    let Some(typed) = row.text("phone") else { return (code, None) };
    let national = digits(&typed);
    let national = match code.as_deref() {
        None | Some("+595") => national.trim_start_matches('0').to_owned(),
        Some(_) => national,
    };
    (code.or_else(|| Some("+595".into())), Some(national).filter(|digits| !digits.is_empty()))
}

fn document(row: &mut Row<'_>, others: &Others) -> Option<String> {
    let typed = row.text("document_id")?;
    row.notice_if(typed.contains('.'), Noticed::kept("creator.document_formatted"));
    let is_repeated = others.documents.is_repeated(row.raw(), &digits(&typed));
    row.notice_if(is_repeated, Noticed::kept("creator.document_duplicate"));
    Some(typed)
}

/// The digits of something typed.
pub fn digits(typed: &str) -> String {
    typed.chars().filter(char::is_ascii_digit).collect()
}

fn portfolio(row: &mut Row<'_>) -> Option<String> {
    let typed = row.text("portfolio_url")?;
    let is_address = typed.starts_with("http://") || typed.starts_with("https://");
    row.notice_if(!is_address, Noticed::refused("creator.portfolio_not_url"));
    is_address.then_some(typed)
}

fn picture(row: &mut Row<'_>, others: &Others) -> Option<String> {
    let stored = row.text("profile_picture").or_else(|| row.text("profile_image"))?;
    let code = match others.pictures.judge(&stored)? {
        Picture::Https(address) => return Some(address),
        Picture::Inline => "creator.picture_data_uri",
        Picture::Stored => "creator.picture_to_migrate",
        Picture::Dangling => "creator.picture_dangling",
    };
    row.notice(Noticed::refused(code));
    None
}
