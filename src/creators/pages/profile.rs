//! `/ugc/creator/profile`: everything a profile holds, each part with its way to change it.

use axum::response::{IntoResponse, Response};
use leptos::prelude::*;

use super::bar::CompletionBar;
use crate::accounts::joining;
use crate::creators::face::{Face, FaceSize};
use crate::creators::profile::Section;
use crate::creators::{Creator, SocialNetwork, complete, service};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::i18n::{creators as words, format, number, values};
use crate::ui::{ButtonKind, Fact, FactList, LinkButton, PageHead, Status, Tone};
use crate::values::Platform;
use crate::web::render::{Page, Section as Place};

/// `GET /ugc/creator/profile`.
pub async fn show(ctx: Ctx) -> Result<Response, Failure> {
    let creator = match service::require_complete(&ctx).await? {
        Ok(creator) => creator,
        Err(detour) => return Ok(detour.into_response()),
    };
    let banner = joining::banner(&ctx);
    Ok(Page::creator(&ctx, Place::CreatorProfile, words::PROFILE).show(move || {
        let completion = complete::completion(&creator);
        let sections = Section::ALL
            .into_iter()
            .map(|section| {
                let id = format!("s-{}", section.as_str());
                let labelled_by = id.clone();
                let facts = facts(section, &creator);
                let title = title(section);
                view! {
                    <section class="section" aria-labelledby=labelled_by>
                        <div class="section-head">
                            <h2 id=id>{title}</h2>
                            <a href=format!("/ugc/creator/profile/{}", section.as_str()) data-testid=format!("edit-{}", section.as_str())>
                                {words::EDIT} <span class="visually-hidden">{words::edit_section(title)}</span>
                            </a>
                        </div>
                        <FactList facts/>
                    </section>
                }
            })
            .collect_view();
        view! {
            <div class="stack" data-testid="creator-profile">
                <PageHead title=words::PROFILE/>
                {banner}
                <div class="portrait-row">
                    <Face url=creator.profile_picture.clone() name=creator.name.clone() size=FaceSize::Page/>
                    <div>
                        <p><strong>{creator.name.clone()}</strong></p>
                        <p>
                            <a href="/ugc/creator/profile/foto" data-testid="edit-foto">{words::CHANGE_PICTURE}</a>
                        </p>
                    </div>
                </div>
                <CompletionBar completion/>
                {sections}
                {networks(&creator)}
            </div>
        }
    }))
}

/// A section's name.
pub(super) fn title(section: Section) -> &'static str {
    match section {
        Section::Basic => words::BASIC,
        Section::Personal => words::PERSONAL,
        Section::Contact => words::CONTACT,
        Section::Professional => words::PROFESSIONAL,
        Section::Categories => words::CATEGORIES_SHORT,
    }
}

fn facts(section: Section, creator: &Creator) -> Vec<Fact> {
    let fact = |label: &'static str, value: Option<String>| {
        Fact::new(label, value.filter(|value| !value.is_empty()).unwrap_or_else(|| words::NOT_GIVEN.to_owned()))
    };
    match section {
        Section::Basic => vec![fact(words::NAME, Some(creator.name.clone())), fact(words::BIO, creator.bio.clone())],
        Section::Personal => vec![
            fact(words::BIRTH_DATE, creator.birth_date.map(|day| format::day(day.0))),
            fact(words::GENDER, creator.gender.map(|one| words::gender(one).to_owned())),
            fact(words::DOCUMENT, creator.document_id.clone()),
        ],
        Section::Contact => {
            let country = creator.country.map(values::country).unwrap_or_default();
            let city = creator.city.clone().unwrap_or_default();
            let place = [city.as_str(), country].into_iter().filter(|one| !one.is_empty()).collect::<Vec<_>>();
            let phone = creator
                .phone
                .as_ref()
                .map(|phone| format!("{} {phone}", creator.phone_country_code.as_deref().unwrap_or_default()));
            let mailings = if creator.notify_new_campaigns { words::MAILINGS_ON } else { words::MAILINGS_OFF };
            vec![
                fact(words::CITY, Some(place.join(", "))),
                fact(words::PHONE, phone),
                fact(words::MAILINGS_SHORT, Some(mailings.to_owned())),
            ]
        }
        Section::Professional => vec![
            fact(words::OCCUPATION, creator.occupation.clone()),
            fact(words::EDUCATION, creator.education_level.map(|one| words::education(one).to_owned())),
            fact(words::LANGUAGES_LABEL, Some(creator.languages.join(", "))),
            fact(words::PORTFOLIO, creator.portfolio_url.clone()),
        ],
        Section::Categories => {
            let all: Vec<_> = creator.categories.iter().map(|one| values::category(*one)).collect();
            vec![fact(words::CATEGORIES_SHORT, Some(all.join(", ")))]
        }
    }
}

fn networks(creator: &Creator) -> impl IntoView + use<> {
    let rows = creator.social_networks.iter().map(|network| row(creator, network)).collect_view();
    let missing = Platform::ALL.into_iter().any(|platform| creator.network(platform).is_none());
    view! {
        <section class="section" aria-labelledby="redes" data-testid="networks">
            <h2 id="redes">{words::NETWORKS}</h2>
            <dl class="facts">{rows}</dl>
            {missing
                .then(|| {
                    view! {
                        <div class="actions">
                            <LinkButton href="/ugc/creator/profile/redes/nueva" kind=ButtonKind::Quiet testid="add-network">
                                {words::ADD_NETWORK}
                            </LinkButton>
                        </div>
                    }
                })}
        </section>
    }
}

fn row(creator: &Creator, network: &SocialNetwork) -> impl IntoView + use<> {
    let platform = network.platform;
    let (url, username) = (network.url.clone(), format!("@{}", network.username));
    let followers = creator.followers(platform);
    let followers = (followers > 0).then(|| format!("{} seguidores", number::integer(followers.unsigned_abs())));
    let status = if creator.is_verified_on(platform) {
        view! { <Status tone=Tone::Good label=words::VERIFIED/> }.into_any()
    } else {
        view! { <Status tone=Tone::Neutral label=words::UNVERIFIED/> }.into_any()
    };
    view! {
        <div data-testid=format!("network-{}", platform.as_str())>
            <dt>{platform.label()}</dt>
            <dd>
                <a href=url rel="noopener" target="_blank">{username}</a>
                " · "
                {followers.map(|followers| view! { {followers} " · " })}
                {status}
                " · "
                <a href=format!("/ugc/creator/profile/redes/{}", platform.as_str()) data-testid=format!("edit-{}", platform.as_str())>
                    {words::CHANGE} <span class="visually-hidden">{platform.label()}</span>
                </a>
            </dd>
        </div>
    }
}
