//! One step of the onboarding.

use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use leptos::prelude::*;

use super::inputs::{Shown, file_field, inputs, problem_list};
use crate::creators::draft::Draft;
use crate::creators::face::{Face, FaceSize};
use crate::creators::fields::{OTHER_CITY, handle};
use crate::creators::onboarding::{self, LAST, parts};
use crate::creators::typed::Typed;
use crate::creators::{Education, Gender};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::{creators as words, format, values};
use crate::terms::service::{self as terms, Shown as Terms};
use crate::ui::{Button, ButtonKind, Checkbox, Fact, FactList, Progress};
use crate::values::{Category, Country, LocalDate, Platform};
use crate::web::render::Page;

/// The address of a step.
pub(super) fn path(step: u8) -> String {
    match step {
        0 => "/ugc/creator/onboarding".to_owned(),
        step => format!("/ugc/creator/onboarding/{step}"),
    }
}

/// `GET /ugc/creator/onboarding/{step}`.
pub async fn step(ctx: Ctx, Path(step): Path<String>) -> Result<Response, Failure> {
    let step: u8 = step.parse().ok().filter(|step| (1..=LAST).contains(step)).ok_or(AppError::NotFound)?;
    let draft = match onboarding::open(&ctx, step).await? {
        Ok(draft) => draft,
        Err(first) => return Ok(Redirect::to(&path(first)).into_response()),
    };
    let terms = match step {
        LAST => Some(terms::in_force(&ctx.app.db, ctx.now(), &terms::FOR_CREATORS).await?),
        _ => None,
    };
    let flash = ctx.flash.clone();
    let title = format!("{} · {}", words::step(step), words::ONBOARDING);
    Ok(Page::site(&ctx, title).show(move || {
        let label = words::step_of(step, LAST);
        let problems = problem_list(&flash.problems);
        let mut shown = Shown::new(draft.typed.clone(), &flash.problems);
        let body = match terms {
            Some(terms) => {
                for field in ["terms", "privacy"] {
                    shown.typed.put(field, flash.value(field).unwrap_or_default());
                }
                last(&draft, &shown, terms).into_any()
            }
            None => view! {
                <form class="form" method="post" action=path(step) novalidate data-testid="step-form">
                    {inputs(parts(step), &shown)}
                    {buttons(step, words::CONTINUE)}
                </form>
            }
            .into_any(),
        };
        view! {
            <section class="gate" data-testid=format!("step-{step}")>
                <Progress label of=(step.into(), LAST.into())/>
                <h1>{words::step(step)}</h1>
                {problems}
                {body}
            </section>
        }
    }))
}

/// Onwards, and back without losing anything. The first is also what the return key presses.
fn buttons(step: u8, onwards: &'static str) -> impl IntoView {
    view! {
        <Button kind=ButtonKind::Primary testid="step-continue">{onwards}</Button>
        {(step > 1)
            .then(|| {
                view! {
                    <Button name="action" value="back" testid="step-back">
                        {words::BACK}
                    </Button>
                }
            })}
    }
}

fn last(draft: &Draft, shown: &Shown, terms: Terms) -> impl IntoView + use<> {
    let url = draft.picture.as_ref().map(|asset| asset.url.clone());
    let about = if url.is_some() { words::PICTURE_KEPT } else { words::PICTURE_NONE };
    let documents = terms
        .all
        .iter()
        .map(|one| {
            let (href, name) = (one.document.path.clone(), one.document.name.clone());
            view! { <li><a href=href target="_blank">{name}</a></li> }
        })
        .collect_view();
    view! {
        <form class="form" method="post" action="/ugc/creator/onboarding/terminar" enctype="multipart/form-data" novalidate data-testid="step-form">
            <input type="hidden" name="shown" value=terms.mark/>
            <div class="portrait-row">
                <Face url name=draft.typed.text("name").to_owned() size=FaceSize::Page/>
                <p class="muted">{about}</p>
            </div>
            {file_field(shown, words::PICTURE)}
            <Button name="action" value="picture" testid="upload-picture">{words::UPLOAD}</Button>
            <h2>{words::SUMMARY}</h2>
            {summary(&draft.typed)}
            <div>
                <p class="field-hint">{words::READ_BEFORE}</p>
                <ul class="bullets">{documents}</ul>
            </div>
            <Checkbox
                name="terms"
                label=words::ACCEPT_TERMS
                required=true
                checked=shown.value("terms").is_some()
                error=shown.problem("terms")
                testid="accept-terms"
            />
            <Checkbox
                name="privacy"
                label=words::ACCEPT_PRIVACY
                required=true
                checked=shown.value("privacy").is_some()
                error=shown.problem("privacy")
                testid="accept-privacy"
            />
            <Button kind=ButtonKind::Primary name="action" value="finish" testid="step-continue">{words::FINISH}</Button>
            <Button name="action" value="back" testid="step-back">{words::BACK}</Button>
        </form>
    }
}

/// What was typed, in words, each group with the way back to it.
fn summary(typed: &Typed) -> impl IntoView + use<> {
    let text = |field: &str| typed.text(field).to_owned();
    let country = Country::parse(typed.text("country")).map_or("", values::country);
    let city = if typed.text("city") == OTHER_CITY { text("city_other") } else { text("city") };
    let born = LocalDate::parse(typed.text("birth_date")).map(|day| format::day(day.0)).unwrap_or_default();
    let gender = Gender::parse(typed.text("gender")).map_or("", words::gender);
    let education = Education::parse(typed.text("education_level")).map(words::education);
    let categories: Vec<_> =
        typed.all("categories").iter().filter_map(|slug| Category::parse(slug)).map(values::category).collect();
    let handles: Vec<_> = [(Platform::Instagram, "instagram_username"), (Platform::Tiktok, "tiktok_username")]
        .into_iter()
        .filter_map(|(platform, field)| handle(platform, typed.text(field)))
        .map(|handle| format!("@{handle}"))
        .collect();
    let groups = [
        (1, vec![text("name"), born, gender.to_owned(), text("document_id")]),
        (2, vec![city, country.to_owned(), format!("{} {}", text("phone_country_code"), text("phone"))]),
        (3, vec![categories.join(", "), text("occupation"), education.unwrap_or_default().to_owned()]),
        (4, handles),
    ];
    let facts = groups
        .into_iter()
        .map(|(step, said)| {
            let said: Vec<_> = said.into_iter().filter(|one| !one.trim().is_empty()).collect();
            let change = view! {
                {said.join(" · ")} " "
                <a href=path(step)>
                    {words::CHANGE} <span class="visually-hidden">{words::edit_section(words::step(step))}</span>
                </a>
            };
            Fact::new(words::step(step), change)
        })
        .collect();
    view! { <FactList facts/> }
}
