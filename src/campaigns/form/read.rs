//! From what was typed to a valid draft, or everything that is wrong with it.

use super::reader::Reader;
use super::{ASUNCION, DAYS, Draft, FIXED, OTHER, Typed};
use crate::campaigns::contract::{self, LONGEST, MOST};
use crate::campaigns::deadlines::DeliveryRules;
use crate::campaigns::model::{
    Campaign, Canje, CanjeType, ContentFormat, Contract, DeliveryMethod, Requirements, Timeline, Wanted,
};
use crate::error::FieldProblem;
use crate::i18n::campaigns::{PUBLIC_PROFILE, form as words};
use crate::values::{Category, Country, LocalDate, Platform};

/// Longest names.
const NAME: usize = 120;
/// Longest one-line texts.
const LINE: usize = 200;
/// Longest texts.
const TEXT: usize = 6_000;
/// Additional rules, at most.
const RULES: usize = 20;

/// What a form is read for.
#[derive(Clone, Copy, Debug)]
pub enum Purpose<'a> {
    /// A new campaign, on this day.
    New(LocalDate),
    /// A campaign that is there.
    Edit(&'a Campaign),
}

/// Reads a form; every problem at once.
pub fn read(typed: &Typed, purpose: Purpose<'_>) -> Result<Draft, Vec<FieldProblem>> {
    let mut form = Reader::new(typed);
    let brand_name = form.needed("brand_name", NAME, words::NO_BRAND_NAME);
    let name = form.text("name", NAME).unwrap_or_else(|| brand_name.clone());
    let category = form.needed_choice("category", Category::parse);
    let description = form.needed("description", TEXT, words::NO_DESCRIPTION);
    let contract = agreed(&mut form, purpose);
    let requirements = requirements(&mut form);
    let canje = canje(&mut form);
    let timeline = timeline(&mut form, purpose);
    let delivery = delivery(&mut form, purpose);
    let admin_notes = form.text("admin_notes", TEXT);
    let city = match purpose {
        Purpose::Edit(there) if there.requirements.residence == requirements.residence => there.city.clone(),
        _ => requirements.residence.as_deref().map(city),
    };
    match (category, canje, timeline) {
        (Some(category), Some(canje), Some(timeline)) if form.problems.is_empty() => Ok(Draft {
            name,
            brand_name,
            description,
            category,
            city,
            delivery,
            contract,
            requirements,
            canje,
            timeline,
            admin_notes,
        }),
        _ => Err(form.problems),
    }
}

/// Where a campaign is, by the residence it asks for.
fn city(residence: &str) -> String {
    if residence == words::ASUNCION { "Asunción".into() } else { residence.into() }
}

/// A contract that is running is nobody's to type: it changes by renewing it.
fn agreed(form: &mut Reader<'_>, purpose: Purpose<'_>) -> Option<Contract> {
    let there = match purpose {
        Purpose::Edit(campaign) if campaign.published_at.is_some() => return None,
        Purpose::Edit(campaign) => campaign.contract.as_ref(),
        Purpose::New(_) => None,
    };
    let is_left_out = ["monthly_deliverables", "duration_months"].iter().all(|field| form.raw(field).is_empty());
    if is_left_out && there.is_none() && matches!(purpose, Purpose::Edit(_)) {
        return None;
    }
    let monthly = int(form.needed_number("monthly_deliverables", 1..=MOST.into()));
    let months = int(form.needed_number("duration_months", 1..=LONGEST.into()));
    let start = form.needed_day("contract_start")?;
    let new = contract::agree(monthly, months, start);
    // What else a contract says stays as it is.
    Some(match there {
        Some(there) => Contract { renewal_count: there.renewal_count, renewed_at: there.renewed_at, ..new },
        None => new,
    })
}

fn requirements(form: &mut Reader<'_>) -> Requirements {
    let platforms: Vec<_> =
        Platform::ALL.into_iter().filter(|one| form.is_ticked(&format!("platform_{}", one.as_str()))).collect();
    if platforms.is_empty() {
        form.wrong("platform_instagram", words::NO_PLATFORM);
    }
    let residence = match &*form.raw("residence") {
        ASUNCION => Some(words::ASUNCION.to_owned()),
        OTHER => Some(form.needed("residence_other", LINE, words::NO_RESIDENCE)),
        _ => None,
    };
    let seconds = |form: &mut Reader<'_>, field| form.number(field, 1..=3_600).map(int);
    let (shortest, longest) = (seconds(form, "min_duration"), seconds(form, "max_duration"));
    if shortest.zip(longest).is_some_and(|(shortest, longest)| shortest > longest) {
        form.wrong("max_duration", words::DURATIONS_CROSSED);
    }
    Requirements {
        min_followers: form.number("min_followers", 0..=100_000_000).filter(|least| *least > 0),
        min_avg_views: form.number("min_avg_views", 0..=100_000_000).filter(|least| *least > 0),
        min_age: int(form.number("min_age", 18..=99).unwrap_or(18)),
        gender: form.choice("gender", Wanted::parse).unwrap_or(Wanted::All),
        country: form.choice("country", Country::parse),
        residence,
        platforms,
        mandatory_tag: form.text("mandatory_tag", LINE),
        mandatory_mention: form.text("mandatory_mention", LINE),
        mandatory_cta: form.text("mandatory_cta", LINE),
        content_format: form.choice("content_format", ContentFormat::parse),
        min_duration_seconds: shortest,
        max_duration_seconds: longest,
        additional_rules: rules(form),
    }
}

/// One rule a line; a public profile is always one.
fn rules(form: &mut Reader<'_>) -> Vec<String> {
    let typed = form.raw("additional_rules");
    let mut rules: Vec<String> = typed.lines().map(str::trim).filter(|line| !line.is_empty()).map(Into::into).collect();
    if rules.len() > RULES || rules.iter().any(|rule| rule.chars().count() > LINE) {
        form.wrong("additional_rules", words::too_many_rules(RULES, LINE));
    }
    if !rules.iter().any(|rule| rule == PUBLIC_PROFILE) {
        rules.insert(0, PUBLIC_PROFILE.into());
    }
    rules
}

fn canje(form: &mut Reader<'_>) -> Option<Canje> {
    let kind = form.needed_choice("canje_type", CanjeType::parse);
    let description = form.needed("canje_description", TEXT, words::NO_CANJE);
    let value = form.number("canje_value", 0..=10_000_000_000).unwrap_or(0);
    let delivery_method = form.needed_choice("delivery_method", DeliveryMethod::parse);
    let pickup_maps_url = form.text("pickup_maps_url", LINE * 5);
    if pickup_maps_url.as_deref().is_some_and(|url| !is_https(url)) {
        form.wrong("pickup_maps_url", words::NOT_HTTPS);
    }
    let canje = Canje {
        kind: kind?,
        description,
        value,
        delivery_method: delivery_method?,
        pickup_address: form.text("pickup_address", LINE),
        pickup_maps_url,
        pickup_hours: form.text("pickup_hours", LINE),
        brand_contact_name: form.text("contact_name", LINE),
        brand_contact_phone: form.text("contact_phone", 40),
    };
    Some(canje)
}

fn is_https(url: &str) -> bool {
    let rest = url.strip_prefix("https://");
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/') && !rest.contains(char::is_whitespace))
}

fn timeline(form: &mut Reader<'_>, purpose: Purpose<'_>) -> Option<Timeline> {
    let applications = form.needed_day("applications_deadline");
    let start = form.needed_day("publish_start");
    let end = form.needed_day("publish_end");
    if let (Purpose::New(today), Some(start)) = (purpose, start)
        && start < today
    {
        form.wrong("publish_start", words::START_PAST);
    }
    if start.zip(end).is_some_and(|(start, end)| end < start) {
        form.wrong("publish_end", words::END_BEFORE_START);
    }
    if applications.zip(end).is_some_and(|(applications, end)| applications > end) {
        form.wrong("applications_deadline", words::DEADLINE_AFTER_END);
    }
    Some(Timeline { applications_deadline: applications?, publish_start: start?, publish_end: end? })
}

/// The days of a kind whose date is fixed are kept as they were, if they weren't typed.
fn delivery(form: &mut Reader<'_>, purpose: Purpose<'_>) -> DeliveryRules {
    let before = match purpose {
        Purpose::New(_) => DeliveryRules::default(),
        Purpose::Edit(campaign) => campaign.delivery,
    };
    let (url_days, url_date) = kind(form, ["url_mode", "url_days", "url_date"], before.url_delivery_days);
    let (metrics_days, metrics_date) =
        kind(form, ["metrics_mode", "metrics_days", "metrics_date"], before.metrics_delivery_days);
    match (url_date, metrics_date) {
        (None, None) if metrics_days < url_days => form.wrong("metrics_days", words::METRICS_BEFORE_URL),
        (Some(url), Some(metrics)) if metrics < url => form.wrong("metrics_date", words::METRICS_BEFORE_URL),
        _ => {}
    }
    DeliveryRules {
        url_delivery_days: url_days,
        metrics_delivery_days: metrics_days,
        url_delivery_fixed_date: url_date,
        metrics_delivery_fixed_date: metrics_date,
    }
}

fn kind(form: &mut Reader<'_>, [mode, days, date]: [&str; 3], before: i32) -> (i32, Option<LocalDate>) {
    if form.raw(mode) == FIXED {
        let days = form.raw(days).parse().ok().filter(|days| (1..=90).contains(days)).unwrap_or(before);
        return (days, form.needed_day(date));
    }
    if form.raw(mode) != DAYS {
        form.wrong(mode, words::CHOOSE);
    }
    (int(form.needed_number(days, 1..=90)), None)
}

fn int(number: i64) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}
