//! The fields of a profile's forms, the same in the onboarding and in the profile.

use std::collections::BTreeMap;

use leptos::prelude::*;

use crate::creators::fields::{BIO, OTHER_CITY, Part};
use crate::creators::typed::Typed;
use crate::creators::{Education, Gender};
use crate::error::FieldProblem;
use crate::i18n::{creators as words, media, values};
use crate::ui::{Banner, Checkbox, Choice, DateField, Field, FieldType, Select, TextArea, Tone};
use crate::values::{Category, Country, cities};

/// What a form shows: what was typed, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub(super) struct Shown {
    pub typed: Typed,
    problems: BTreeMap<String, String>,
}

impl Shown {
    pub fn new(typed: Typed, problems: &[FieldProblem]) -> Self {
        let problems = problems.iter().map(|one| (one.field.clone(), one.message.clone())).collect();
        Self { typed, problems }
    }

    pub fn value(&self, field: &str) -> Option<String> {
        self.typed.value(field).filter(|value| !value.is_empty())
    }

    pub fn problem(&self, field: &str) -> Option<String> {
        self.problems.get(field).cloned()
    }
}

/// Everything that is wrong, as links to the fields.
pub(super) fn problem_list(problems: &[FieldProblem]) -> Option<impl IntoView + use<>> {
    let items = problems
        .iter()
        .map(|one| {
            let (href, message) = (format!("#f-{}", one.field), one.message.clone());
            view! { <li><a href=href>{message}</a></li> }
        })
        .collect_view();
    (!problems.is_empty()).then(|| {
        view! {
            <Banner tone=Tone::Bad title=words::PROBLEMS testid="problems">
                <ul>{items}</ul>
            </Banner>
        }
    })
}

/// The inputs of these parts.
pub(super) fn inputs(parts: &[Part], shown: &Shown) -> Vec<AnyView> {
    parts
        .iter()
        .map(|part| match part {
            Part::Name => name(shown).into_any(),
            Part::Personal => personal(shown).into_any(),
            Part::Contact => contact(shown).into_any(),
            Part::Categories => categories(shown).into_any(),
            Part::Bio => bio(shown).into_any(),
            Part::Professional => professional(shown).into_any(),
            Part::Handles => handles(shown).into_any(),
            Part::Mailings => mailings(shown).into_any(),
        })
        .collect()
}

fn name(shown: &Shown) -> impl IntoView + use<> {
    view! {
        <Field
            name="name"
            label=words::NAME
            required=true
            autocomplete="name"
            maxlength=120
            value=shown.value("name")
            error=shown.problem("name")
            testid="creator-name"
        />
    }
}

fn personal(shown: &Shown) -> impl IntoView + use<> {
    let genders = std::iter::once(Choice::new("", words::CHOOSE))
        .chain(Gender::ALL.into_iter().map(|one| Choice::new(one.as_str(), words::gender(one))))
        .collect();
    view! {
        <DateField
            name="birth_date"
            label=words::BIRTH_DATE
            required=true
            value=shown.value("birth_date")
            error=shown.problem("birth_date")
            testid="creator-birth-date"
        />
        <Select
            name="gender"
            label=words::GENDER
            choices=genders
            required=true
            value=shown.value("gender")
            error=shown.problem("gender")
            testid="creator-gender"
        />
        <Field
            name="document_id"
            label=words::DOCUMENT
            required=true
            inputmode="numeric"
            maxlength=15
            hint=words::DOCUMENT_HINT
            value=shown.value("document_id")
            error=shown.problem("document_id")
            testid="creator-document"
        />
    }
}

fn contact(shown: &Shown) -> impl IntoView + use<> {
    let country = Country::parse(shown.typed.text("country")).unwrap_or(Country::Py);
    let countries = Country::ALL.into_iter().map(|one| Choice::new(one.as_str(), values::country(one))).collect();
    let listed = std::iter::once(Choice::new("", words::CHOOSE))
        .chain(cities(country).iter().map(|city| Choice::new(*city, *city)))
        .chain(std::iter::once(Choice::new(OTHER_CITY, words::OTHER_CITY)))
        .collect();
    let codes = Country::ALL
        .into_iter()
        .map(|one| Choice::new(one.phone_code(), format!("{} {}", one.phone_code(), values::country(one))))
        .collect();
    view! {
        <Select
            name="country"
            label=words::COUNTRY
            choices=countries
            required=true
            value=Some(country.as_str().to_owned())
            error=shown.problem("country")
            testid="creator-country"
        />
        <Select
            name="city"
            label=words::CITY
            choices=listed
            required=true
            value=shown.value("city")
            error=shown.problem("city")
            testid="creator-city"
        />
        <Field
            name="city_other"
            label=words::CITY_OTHER
            maxlength=120
            value=shown.value("city_other")
            error=shown.problem("city_other")
            testid="creator-city-other"
        />
        <Select
            name="phone_country_code"
            label=words::PHONE_CODE
            choices=codes
            required=true
            value=shown.value("phone_country_code").or(Some(country.phone_code().to_owned()))
            error=shown.problem("phone_country_code")
            testid="creator-phone-code"
        />
        <Field
            name="phone"
            label=words::PHONE
            r#type=FieldType::Tel
            required=true
            autocomplete="tel-national"
            hint=words::PHONE_HINT
            value=shown.value("phone")
            error=shown.problem("phone")
            testid="phone-input"
        />
    }
}

/// Several choices of a list.
fn choices(
    field: &'static str,
    label: &'static str,
    of: Vec<(String, String)>,
    shown: &Shown,
    optional: bool,
) -> impl IntoView + use<> {
    let chosen = shown.typed.all(field).to_vec();
    let boxes = of
        .into_iter()
        .map(|(value, label)| {
            let checked = chosen.contains(&value);
            let id = format!("f-{field}-{value}");
            let testid = format!("{field}-{value}");
            view! { <Checkbox name=field label value checked id testid/> }
        })
        .collect_view();
    let problem = shown.problem(field);
    let problem_id = problem.is_some().then(|| format!("f-{field}-error"));
    let described_by = problem_id.clone();
    view! {
        <fieldset class="field" id=format!("f-{field}") tabindex="-1" aria-describedby=described_by>
            <legend>
                {label} {optional.then(|| view! { <span class="field-optional">{crate::i18n::ui::OPTIONAL}</span> })}
            </legend>
            {problem.map(|problem| view! { <p class="field-error" id=problem_id>{problem}</p> })}
            <div class="choices">{boxes}</div>
        </fieldset>
    }
}

fn categories(shown: &Shown) -> impl IntoView + use<> {
    let all =
        Category::ALL.into_iter().map(|one| (one.as_str().to_owned(), values::category(one).to_owned())).collect();
    choices("categories", words::CATEGORIES, all, shown, false)
}

fn bio(shown: &Shown) -> impl IntoView + use<> {
    view! {
        <TextArea
            name="bio"
            label=words::BIO
            rows=3
            maxlength=BIO as u32
            hint=words::BIO_HINT
            value=shown.value("bio")
            error=shown.problem("bio")
            testid="creator-bio"
        />
    }
}

fn professional(shown: &Shown) -> impl IntoView + use<> {
    let education = std::iter::once(Choice::new("", words::PREFER_NO_ANSWER))
        .chain(Education::ALL.into_iter().map(|one| Choice::new(one.as_str(), words::education(one))))
        .collect();
    let languages = words::LANGUAGES.iter().map(|one| ((*one).to_owned(), (*one).to_owned())).collect();
    view! {
        <Select
            name="education_level"
            label=words::EDUCATION
            choices=education
            value=shown.value("education_level")
            testid="creator-education"
        />
        <Field
            name="occupation"
            label=words::OCCUPATION
            maxlength=120
            value=shown.value("occupation")
            error=shown.problem("occupation")
            testid="creator-occupation"
        />
        {choices("languages", words::LANGUAGES_LABEL, languages, shown, true)}
        <Field
            name="portfolio_url"
            label=words::PORTFOLIO
            r#type=FieldType::Url
            maxlength=300
            hint=words::PORTFOLIO_HINT
            value=shown.value("portfolio_url")
            error=shown.problem("portfolio_url")
            testid="creator-portfolio"
        />
    }
}

fn handles(shown: &Shown) -> impl IntoView + use<> {
    let field = |name: &'static str, label: &'static str, testid: &'static str| {
        view! {
            <Field
                name=name
                label=label
                maxlength=200
                hint=words::HANDLE_HINT
                value=shown.value(name)
                error=shown.problem(name)
                testid=testid
            />
        }
    };
    view! {
        {field("instagram_username", words::INSTAGRAM, "creator-instagram")}
        {field("tiktok_username", words::TIKTOK, "creator-tiktok")}
    }
}

fn mailings(shown: &Shown) -> impl IntoView + use<> {
    let checked = shown.value("notify_new_campaigns").is_some();
    view! { <Checkbox name="notify_new_campaigns" label=words::MAILINGS checked testid="creator-mailings"/> }
}

/// Choosing a picture.
pub(super) fn file_field(shown: &Shown, label: &'static str) -> impl IntoView + use<> {
    let problem = shown.problem("picture");
    let described = if problem.is_some() { "f-picture-error f-picture-hint" } else { "f-picture-hint" };
    view! {
        <div class="field">
            <label for="f-picture">{label} " " <span class="field-optional">{crate::i18n::ui::OPTIONAL}</span></label>
            <input
                class="input"
                id="f-picture"
                type="file"
                name="picture"
                accept="image/jpeg,image/png,image/webp"
                aria-describedby=described
                aria-invalid=problem.is_some().then_some("true")
                data-testid="creator-picture"
            />
            {problem.map(|problem| view! { <p class="field-error" id="f-picture-error">{problem}</p> })}
            <p class="field-hint" id="f-picture-hint">{media::HINT}</p>
        </div>
    }
}
