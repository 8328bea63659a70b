//! What a form shows: a stored campaign, or a fresh start.

use super::{ASUNCION, DAYS, FIXED, OTHER, Typed};
use crate::campaigns::model::{Campaign, CanjeType, DeliveryMethod, Wanted};
use crate::i18n::campaigns::{PUBLIC_PROFILE, form as words};
use crate::values::{CampaignId, Country, LocalDate, Platform};

/// A form nobody has typed in.
pub fn fresh(id: &CampaignId, today: LocalDate) -> Typed {
    let rules = crate::campaigns::DeliveryRules::default();
    let mut shown = Typed::new();
    let mut put = |field: &str, value: String| drop(shown.insert(field.into(), value));
    put("id", id.to_string());
    put("contract_start", today.to_string());
    put("duration_months", "1".into());
    put("min_age", "18".into());
    put("gender", Wanted::All.as_str().into());
    put("country", Country::Py.as_str().into());
    put("canje_type", CanjeType::Product.as_str().into());
    put("delivery_method", DeliveryMethod::Pickup.as_str().into());
    put("url_mode", DAYS.into());
    put("url_days", rules.url_delivery_days.to_string());
    put("metrics_mode", DAYS.into());
    put("metrics_days", rules.metrics_delivery_days.to_string());
    for platform in Platform::ALL {
        put(&format!("platform_{}", platform.as_str()), "on".into());
    }
    shown
}

/// A stored campaign as its form shows it.
pub fn shown(campaign: &Campaign) -> Typed {
    let mut shown = Typed::new();
    let mut put = |field: &str, value: String| drop(shown.insert(field.into(), value));
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let day = |value: Option<LocalDate>| value.map(|day| day.to_string()).unwrap_or_default();
    put("id", campaign.id.to_string());
    put("rev", campaign.rev.to_string());
    put("brand_name", campaign.assets.brand_name.clone());
    put("name", campaign.name.clone());
    put("category", campaign.category.as_str().into());
    put("description", campaign.description.clone());
    put("admin_notes", text(&campaign.admin_notes));
    if let Some(contract) = &campaign.contract {
        put("monthly_deliverables", contract.monthly_deliverables.to_string());
        put("duration_months", contract.duration_months.to_string());
        put("contract_start", contract.start_date.to_string());
    }

    let wanted = &campaign.requirements;
    let number = |value: Option<i64>| value.map(|number| number.to_string()).unwrap_or_default();
    put("min_followers", number(wanted.min_followers));
    put("min_avg_views", number(wanted.min_avg_views));
    put("min_age", wanted.min_age.to_string());
    put("gender", wanted.gender.as_str().into());
    put("country", wanted.country.map(Country::as_str).unwrap_or_default().into());
    let residence = match wanted.residence.as_deref() {
        None => "",
        Some(residence) if residence == words::ASUNCION => ASUNCION,
        Some(_) => OTHER,
    };
    put("residence", residence.into());
    if residence == OTHER {
        put("residence_other", text(&wanted.residence));
    }
    for platform in &wanted.platforms {
        put(&format!("platform_{}", platform.as_str()), "on".into());
    }
    put("content_format", wanted.content_format.map(|format| format.as_str()).unwrap_or_default().into());
    put("min_duration", number(wanted.min_duration_seconds.map(Into::into)));
    put("max_duration", number(wanted.max_duration_seconds.map(Into::into)));
    put("mandatory_tag", text(&wanted.mandatory_tag));
    put("mandatory_mention", text(&wanted.mandatory_mention));
    put("mandatory_cta", text(&wanted.mandatory_cta));
    let rules: Vec<_> = wanted.additional_rules.iter().filter(|rule| *rule != PUBLIC_PROFILE).cloned().collect();
    put("additional_rules", rules.join("\n"));

    let canje = &campaign.canje;
    put("canje_type", canje.kind.as_str().into());
    put("canje_value", if canje.value == 0 { String::new() } else { canje.value.to_string() });
    put("canje_description", canje.description.clone());
    put("delivery_method", canje.delivery_method.as_str().into());
    put("pickup_address", text(&canje.pickup_address));
    put("pickup_maps_url", text(&canje.pickup_maps_url));
    put("pickup_hours", text(&canje.pickup_hours));
    put("contact_name", text(&canje.brand_contact_name));
    put("contact_phone", text(&canje.brand_contact_phone));

    put("applications_deadline", campaign.timeline.applications_deadline.to_string());
    put("publish_start", campaign.timeline.publish_start.to_string());
    put("publish_end", campaign.timeline.publish_end.to_string());

    let rules = &campaign.delivery;
    let mode = |fixed: Option<LocalDate>| if fixed.is_some() { FIXED } else { DAYS };
    put("url_mode", mode(rules.url_delivery_fixed_date).into());
    put("url_days", rules.url_delivery_days.to_string());
    put("url_date", day(rules.url_delivery_fixed_date));
    put("metrics_mode", mode(rules.metrics_delivery_fixed_date).into());
    put("metrics_days", rules.metrics_delivery_days.to_string());
    put("metrics_date", day(rules.metrics_delivery_fixed_date));
    shown
}
