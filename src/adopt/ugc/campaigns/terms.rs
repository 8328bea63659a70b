//! What a campaign asks for, gives, and agreed with its brand.

use jiff::ToSpan;

use super::super::super::rule::Noticed;
use super::super::lists::country;
use super::super::row::Row;
use super::offers::platforms;
use crate::campaigns::model::{
    Canje, CanjeType, ContentFormat, Contract, DeliveryMethod, Requirements, Timeline, Wanted,
};
use crate::values::LocalDate;

/// Whom it looks for.
pub fn requirements(row: &mut Row<'_>) -> Requirements {
    let Some(mut part) = row.part("requirements") else { return Requirements::default() };
    let gender = part.text("gender");
    let residence_country = part.text("country");
    let requirements = Requirements {
        min_followers: part.integer("min_followers").filter(|least| *least > 0),
        min_avg_views: part.integer("min_avg_views").filter(|least| *least > 0),
        min_age: part.small("min_age").unwrap_or(18),
        gender: gender.and_then(|gender| Wanted::parse(&gender.to_lowercase())).unwrap_or(Wanted::All),
        country: residence_country.as_deref().and_then(country),
        residence: part.text("residence"),
        platforms: platforms(&mut part),
        mandatory_tag: part.text("mandatory_tag"),
        mandatory_mention: part.text("mandatory_mention"),
        mandatory_cta: part.text("mandatory_cta"),
        content_format: part.text("content_format").and_then(|format| ContentFormat::parse(&format.to_lowercase())),
        min_duration_seconds: part.small("min_duration_seconds"),
        max_duration_seconds: part.small("max_duration_seconds"),
        additional_rules: part.texts("additional_rules"),
    };
    let is_unknown = residence_country.is_some() && requirements.country.is_none();
    row.notice_if(is_unknown, Noticed::refused("campaign.country_unknown"));
    row.absorb(part);
    requirements
}

/// What is given.
pub fn canje(row: &mut Row<'_>) -> Canje {
    let Some(mut part) = row.part("canje") else {
        row.notice(Noticed::kept("campaign.canje_absent"));
        return Canje {
            kind: CanjeType::Product,
            description: String::new(),
            value: 0,
            delivery_method: DeliveryMethod::NotApplicable,
            pickup_address: None,
            pickup_maps_url: None,
            pickup_hours: None,
            brand_contact_name: None,
            brand_contact_phone: None,
        };
    };
    let kind = part.text("type").and_then(|kind| CanjeType::parse(&kind.to_lowercase()));
    let method = part.text("delivery_method").and_then(|method| DeliveryMethod::parse(&method.to_lowercase()));
    let maps = part.text("pickup_maps_url").filter(|address| address.starts_with("https://"));
    let canje = Canje {
        kind: kind.unwrap_or(CanjeType::Product),
        description: part.text("description").unwrap_or_default(),
        value: part.integer("value").unwrap_or(0).max(0),
        delivery_method: method.unwrap_or(DeliveryMethod::NotApplicable),
        pickup_address: part.text("pickup_address"),
        pickup_maps_url: maps,
        pickup_hours: part.text("pickup_hours"),
        brand_contact_name: part.text("brand_contact_name"),
        brand_contact_phone: part.text("brand_contact_phone"),
    };
    row.absorb(part);
    row.notice_if(kind.is_none() || method.is_none(), Noticed::converted("campaign.canje_unknown"));
    canje
}

/// What was agreed with the brand, with the first monthly load that wasn't made yet. The stored end is kept.
pub fn contract(row: &mut Row<'_>, total: i32) -> Option<Contract> {
    let mut part = row.part("contract")?;
    let (start, months) = (part.day("start_date"), part.small("duration_months").unwrap_or(1).max(1));
    let Some(start_date) = start else {
        row.absorb(part);
        row.notice(Noticed::refused("campaign.contract_without_start"));
        return None;
    };
    let monthly = part.small("monthly_deliverables").unwrap_or(0).max(0);
    let loads_done = if monthly == 0 { months } else { (total / monthly).clamp(0, months) };
    let contract = Contract {
        monthly_deliverables: monthly,
        duration_months: months,
        start_date,
        end_date: part.day("end_date").unwrap_or_else(|| anchor(start_date, months)),
        next_reload_date: (loads_done < months).then(|| anchor(start_date, loads_done)),
        loads_done,
        is_active: part.flag("is_active").unwrap_or(true),
        renewed_at: part.moment("renewed_at"),
        renewal_count: part.small("renewal_count").unwrap_or(0),
    };
    row.absorb(part);
    Some(contract)
}

/// So many months after the start, always counted from it: the last day of a shorter month.
fn anchor(start: LocalDate, months: i32) -> LocalDate {
    start.plus(months.months())
}

/// When it happens. What is missing follows from what there is.
pub fn timeline(row: &mut Row<'_>, contract: Option<&Contract>, made: LocalDate) -> Timeline {
    let part = row.part("timeline");
    let mut days = [None; 3];
    if let Some(mut part) = part {
        days = ["applications_deadline", "publish_start", "publish_end"].map(|field| part.day(field));
        row.absorb(part);
    }
    row.notice_if(days.contains(&None), Noticed::converted("campaign.timeline_derived"));
    let [deadline, start, end] = days;
    let last = end.or(contract.map(|contract| contract.end_date)).or(deadline).unwrap_or_else(|| made.plus(30.days()));
    Timeline {
        applications_deadline: deadline.unwrap_or(last),
        publish_start: start.unwrap_or(made),
        publish_end: last,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legacy_defect_43_months_are_counted_from_the_anchor_day() {
        let start = LocalDate::parse("2026-01-31").unwrap();
        let days = [0, 1, 2, 3].map(|months| anchor(start, months).to_string());
        assert_eq!(days, ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]);
    }
}
