//! The fields of a campaign's form, section by section.

use leptos::prelude::*;

use crate::campaigns::form::{ASUNCION, COVER, DAYS, FIXED, OTHER, Typed};
use crate::campaigns::model::{CanjeType, ContentFormat, DeliveryMethod, Wanted};
use crate::i18n::campaigns as names;
use crate::i18n::campaigns::form as words;
use crate::i18n::values;
use crate::media::{Width, presented};
use crate::ui::{Checkbox, Choice, DateField, Field, FieldType, Select, TextArea};
use crate::values::{Category, Country, Platform};
use crate::web::flash::Flash;

const FOLLOWERS: [i64; 8] = [0, 1_000, 3_000, 5_000, 10_000, 20_000, 50_000, 100_000];
const AGES: [i32; 5] = [18, 25, 30, 40, 50];

/// What the form shows: typed or stored values, and what is wrong with them.
pub(super) struct Shown<'a> {
    pub typed: &'a Typed,
    pub flash: &'a Flash,
}

impl Shown<'_> {
    pub fn value(&self, name: &str) -> String {
        self.typed.get(name).cloned().unwrap_or_default()
    }

    fn problem(&self, name: &str) -> Option<String> {
        self.flash.problem(name)
    }

    fn line(&self, name: &'static str, label: &'static str, required: bool) -> AnyView {
        view! {
            <Field name label required value=self.value(name) error=self.problem(name) autocomplete="off" testid=id(name)/>
        }
        .into_any()
    }

    fn hinted(&self, name: &'static str, label: &'static str, hint: &'static str, required: bool) -> AnyView {
        view! {
            <Field name label hint required value=self.value(name) error=self.problem(name) autocomplete="off" testid=id(name)/>
        }
        .into_any()
    }

    fn number(&self, name: &'static str, label: &'static str, required: bool) -> AnyView {
        view! {
            <Field name label required value=self.value(name) error=self.problem(name) inputmode="numeric" autocomplete="off" testid=id(name)/>
        }
        .into_any()
    }

    fn day(&self, name: &'static str, label: &'static str, required: bool) -> AnyView {
        view! { <DateField name label required value=self.value(name) error=self.problem(name) testid=id(name)/> }
            .into_any()
    }

    fn area(
        &self,
        name: &'static str,
        label: &'static str,
        hint: Option<&'static str>,
        required: bool,
        rows: u32,
    ) -> AnyView {
        view! {
            <TextArea name label hint required rows value=self.value(name) error=self.problem(name) testid=id(name)/>
        }
        .into_any()
    }

    fn select(&self, name: &'static str, label: &'static str, choices: Vec<Choice>) -> AnyView {
        view! { <Select name label choices value=self.value(name) error=self.problem(name) testid=id(name)/> }
            .into_any()
    }
}

fn id(name: &str) -> String {
    format!("campaign-{name}")
}

fn choices<T: Copy>(all: &[T], stored: fn(T) -> &'static str, said: fn(T) -> &'static str) -> Vec<Choice> {
    all.iter().map(|one| Choice::new(stored(*one), said(*one))).collect()
}

fn any() -> Choice {
    Choice::new("", words::OPTIONAL)
}

/// A section of the form.
fn section(legend: &'static str, hint: Option<&'static str>, body: impl IntoAny) -> AnyView {
    view! {
        <fieldset>
            <legend>{legend}</legend>
            {hint.map(|hint| view! { <p class="muted">{hint}</p> })}
            <div class="settings-fields">{body.into_any()}</div>
        </fieldset>
    }
    .into_any()
}

/// The company, as a choice or as a fact, and the brand shown.
pub(super) fn brand(shown: &Shown<'_>, company: AnyView) -> AnyView {
    let categories = std::iter::once(Choice::new("", words::CHOOSE))
        .chain(choices(&Category::ALL, Category::as_str, values::category))
        .collect();
    section(
        words::BRAND,
        None,
        view! {
            {company}
            {shown.hinted("brand_name", words::BRAND_NAME, words::BRAND_NAME_HINT, true)}
            {shown.hinted("name", words::NAME, words::NAME_HINT, false)}
            {shown.select("category", words::CATEGORY, categories)}
        },
    )
}

/// The description with its tools.
pub(super) fn description(shown: &Shown<'_>) -> AnyView {
    let tool = |mark: &'static str, label: &'static str| {
        view! { <button class="button" data-kind="quiet" type="button" data-mark=mark>{label}</button> }
    };
    view! {
        <fieldset>
            <legend>{words::DESCRIPTION}</legend>
            <div class="actions needs-script" role="group" aria-label=words::TOOLS data-marks="f-description">
                {tool("• ", words::TOOL_BULLET)}
                {tool("📌 ", words::TOOL_SUBTITLE)}
                {tool("---", words::TOOL_RULE)}
            </div>
            {shown.area("description", words::DESCRIPTION_FIELD, Some(words::DESCRIPTION_HINT), true, 10)}
        </fieldset>
    }
    .into_any()
}

/// The cover: what there is, and a file.
pub(super) fn cover(shown: &Shown<'_>, now: Option<String>) -> AnyView {
    let problem = shown.problem(COVER);
    let carried = shown.value("cover_asset");
    let is_ready = !carried.is_empty();
    let picture = now.and_then(|url| presented(&url, Width::Medium)).map(|src| {
        view! { <img class="campaign-cover" src=src alt=words::COVER_NOW width="320" height="240" loading="lazy"/> }
    });
    view! {
        <fieldset>
            <legend>{words::COVER}</legend>
            {picture}
            {is_ready.then(|| view! {
                <p class="status" data-status="good">{words::COVER_READY}</p>
                <input type="hidden" name="cover_asset" value=carried/>
            })}
            <div class="field">
                <label for="f-cover">{words::COVER_FILE}</label>
                <input class="input" id="f-cover" type="file" name=COVER accept="image/jpeg,image/png,image/webp"
                    aria-describedby="f-cover-hint" aria-invalid=problem.is_some().then_some("true") data-testid="campaign-cover"/>
                {problem.map(|why| view! { <p class="field-error">{why}</p> })}
                <p class="field-hint" id="f-cover-hint">{words::COVER_HINT}</p>
            </div>
        </fieldset>
    }
    .into_any()
}

/// What is agreed with the brand, while it can be typed.
pub(super) fn contract(shown: &Shown<'_>) -> AnyView {
    section(
        words::CONTRACT,
        Some(words::CONTRACT_HINT),
        view! {
            {shown.number("monthly_deliverables", words::MONTHLY, true)}
            {shown.number("duration_months", words::MONTHS, true)}
            {shown.day("contract_start", words::START, true)}
        },
    )
}

/// Whom it looks for.
pub(super) fn requirements(shown: &Shown<'_>) -> AnyView {
    let with = |mut all: Vec<i64>, name: &str| {
        // What an older campaign asks for stays choosable.
        all.extend(shown.value(name).parse::<i64>().ok().filter(|stored| !all.contains(stored)));
        all.sort_unstable();
        all
    };
    let followers = with(FOLLOWERS.to_vec(), "min_followers").into_iter().map(|least| {
        let value = if least == 0 { String::new() } else { least.to_string() };
        Choice::new(value, words::followers(least))
    });
    let ages = with(AGES.map(i64::from).to_vec(), "min_age").into_iter();
    let ages = ages.map(|least| Choice::new(least.to_string(), words::years(least)));
    let countries = std::iter::once(any()).chain(choices(&Country::ALL, Country::as_str, values::country)).collect();
    let residences = vec![any(), Choice::new(ASUNCION, words::ASUNCION), Choice::new(OTHER, words::RESIDENCE_ANOTHER)];
    let formats =
        std::iter::once(any()).chain(choices(&ContentFormat::ALL, ContentFormat::as_str, names::content_format));
    let platforms = Platform::ALL.map(|platform| {
        let name = format!("platform_{}", platform.as_str());
        let (checked, testid) = (!shown.value(&name).is_empty(), id(&name));
        view! { <Checkbox name label=platform.label() checked testid/> }
    });
    let problem = shown.problem("platform_instagram");
    section(
        words::REQUIREMENTS,
        None,
        view! {
            <div class="field" role="group" aria-label=words::PLATFORMS>
                <p>{words::PLATFORMS}</p>
                {platforms.collect_view()}
                {problem.map(|why| view! { <p class="field-error">{why}</p> })}
            </div>
            {shown.select("min_followers", words::MIN_FOLLOWERS, followers.collect())}
            {shown.number("min_avg_views", words::MIN_VIEWS, false)}
            {shown.select("min_age", words::MIN_AGE, ages.collect())}
            {shown.select("gender", words::GENDER, choices(&Wanted::ALL, Wanted::as_str, names::wanted))}
            {shown.select("country", words::COUNTRY, countries)}
            {shown.select("residence", words::RESIDENCE, residences)}
            {shown.line("residence_other", words::RESIDENCE_OTHER, false)}
            {shown.select("content_format", words::FORMAT, formats.collect())}
            {shown.number("min_duration", words::MIN_DURATION, false)}
            {shown.number("max_duration", words::MAX_DURATION, false)}
            {shown.line("mandatory_tag", words::TAG, false)}
            {shown.line("mandatory_mention", words::MENTION, false)}
            {shown.line("mandatory_cta", words::CTA, false)}
            {shown.area("additional_rules", words::RULES, Some(words::RULES_HINT), false, 3)}
        },
    )
}

/// What is given, and how it is handed over.
pub(super) fn canje(shown: &Shown<'_>) -> AnyView {
    let what = section(
        words::CANJE,
        None,
        view! {
            {shown.select("canje_type", words::CANJE_TYPE, choices(&CanjeType::ALL, CanjeType::as_str, names::canje_type))}
            {shown.number("canje_value", words::CANJE_VALUE, false)}
            {shown.area("canje_description", words::CANJE_DESCRIPTION, None, true, 3)}
        },
    );
    let methods = choices(&DeliveryMethod::ALL, DeliveryMethod::as_str, names::delivery_method);
    let maps = view! {
        <Field name="pickup_maps_url" label=words::MAPS r#type=FieldType::Url required=false value=shown.value("pickup_maps_url")
            error=shown.problem("pickup_maps_url") placeholder="https://" autocomplete="off" testid=id("pickup_maps_url")/>
    };
    let how = section(
        words::HANDOVER,
        Some(words::HANDOVER_HINT),
        view! {
            {shown.select("delivery_method", words::METHOD, methods)}
            {shown.line("pickup_address", words::ADDRESS, false)}
            {maps}
            {shown.line("pickup_hours", words::HOURS, false)}
            {shown.line("contact_name", words::CONTACT_NAME, false)}
            {shown.line("contact_phone", words::CONTACT_PHONE, false)}
        },
    );
    view! { {what} {how} }.into_any()
}

/// When it happens.
pub(super) fn dates(shown: &Shown<'_>) -> AnyView {
    section(
        words::DATES,
        None,
        view! {
            {shown.day("applications_deadline", words::APPLICATIONS_DEADLINE, true)}
            {shown.day("publish_start", words::PUBLISH_START, true)}
            {shown.day("publish_end", words::PUBLISH_END, true)}
        },
    )
}

/// Until when deliveries are due: days or one date, for each kind.
pub(super) fn deadlines(shown: &Shown<'_>, is_live: bool) -> AnyView {
    let kind = |legend: &'static str, [mode, days, date]: [&'static str; 3]| {
        let modes = vec![Choice::new(DAYS, words::MODE_DAYS), Choice::new(FIXED, words::MODE_FIXED)];
        view! {
            <div class="stack" role="group" aria-label=legend data-mode="">
                <h3>{legend}</h3>
                {shown.select(mode, words::MODE, modes)}
                <div data-when=DAYS>{shown.number(days, words::DAYS, false)}</div>
                <div data-when=FIXED>{shown.day(date, words::DATE, false)}</div>
            </div>
        }
    };
    section(
        words::DEADLINES,
        Some(if is_live { words::DEADLINES_LIVE } else { words::DEADLINES_HINT }),
        view! {
            {kind(words::URL_KIND, ["url_mode", "url_days", "url_date"])}
            {kind(words::METRICS_KIND, ["metrics_mode", "metrics_days", "metrics_date"])}
        },
    )
}

/// What only staff reads.
pub(super) fn notes(shown: &Shown<'_>) -> AnyView {
    view! {
        <fieldset>
            <legend>{words::NOTES}</legend>
            {shown.area("admin_notes", words::NOTES_FIELD, Some(words::NOTES_HINT), false, 4)}
        </fieldset>
    }
    .into_any()
}
