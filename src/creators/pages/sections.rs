//! The forms behind the profile: one section, the picture, one account.

use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use leptos::prelude::*;

use super::inputs::{Shown, file_field, inputs, problem_list};
use super::profile::title;
use crate::creators::face::{Face, FaceSize};
use crate::creators::fields::typed_of;
use crate::creators::profile::Section;
use crate::creators::typed::Typed;
use crate::creators::{Creator, service};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::creators as words;
use crate::ui::{Button, ButtonKind, Choice, Crumb, Field, LinkButton, PageHead, Select};
use crate::values::Platform;
use crate::web::flash::Flash;
use crate::web::render::{Page, Section as Place};

/// The profile's address.
pub(super) const PROFILE: &str = "/ugc/creator/profile";
/// What separates the values of a list in a flash.
pub(super) const BETWEEN: &str = "\n";
/// The fields with several values; the others may have several lines.
const LISTS: [&str; 2] = ["categories", "languages"];

fn crumbs(here: &'static str) -> Vec<Crumb> {
    vec![Crumb::link(words::PROFILE, PROFILE), Crumb::here(here)]
}

/// What a refused form had, or the profile as it is.
fn shown(flash: &Flash, creator: &Creator) -> Shown {
    if flash.values.is_empty() {
        return Shown::new(typed_of(creator), &flash.problems);
    }
    let mut typed = Typed::default();
    for (field, value) in &flash.values {
        if LISTS.contains(&field.as_str()) {
            typed.put_all(field, value.split(BETWEEN).map(str::to_owned));
        } else {
            typed.put(field, value.clone());
        }
    }
    Shown::new(typed, &flash.problems)
}

/// `GET /ugc/creator/profile/{section}`.
pub async fn section(ctx: Ctx, Path(name): Path<String>) -> Result<Response, Failure> {
    let section = Section::parse(&name).ok_or(AppError::NotFound)?;
    let creator = match service::require_complete(&ctx).await? {
        Ok(creator) => creator,
        Err(detour) => return Ok(detour.into_response()),
    };
    let flash = ctx.flash.clone();
    let title = title(section);
    let is_private = matches!(section, Section::Personal | Section::Contact);
    Ok(Page::creator(&ctx, Place::CreatorProfile, title).crumbs(crumbs(title)).show(move || {
        let shown = shown(&flash, &creator);
        view! {
            <PageHead title=title/>
            {is_private.then(|| view! { <p class="muted">{words::PRIVATE}</p> })}
            {problem_list(&flash.problems)}
            <form class="form" method="post" action=format!("{PROFILE}/{}", section.as_str()) novalidate data-testid="section-form">
                {inputs(section.parts(), &shown)}
                {save_or_cancel()}
            </form>
        }
    }))
}

fn save_or_cancel() -> impl IntoView {
    view! {
        <div class="actions">
            <Button kind=ButtonKind::Primary testid="save">{words::SAVE}</Button>
            <LinkButton href=PROFILE>{words::CANCEL}</LinkButton>
        </div>
    }
}

/// `GET /ugc/creator/profile/foto`.
pub async fn photo(ctx: Ctx) -> Result<Response, Failure> {
    let creator = match service::require_complete(&ctx).await? {
        Ok(creator) => creator,
        Err(detour) => return Ok(detour.into_response()),
    };
    let flash = ctx.flash.clone();
    Ok(Page::creator(&ctx, Place::CreatorProfile, words::PICTURE).crumbs(crumbs(words::PICTURE)).show(move || {
        let shown = Shown::new(Typed::default(), &flash.problems);
        let has_picture = creator.profile_picture.is_some();
        view! {
            <PageHead title=words::PICTURE/>
            <Face url=creator.profile_picture.clone() name=creator.name.clone() size=FaceSize::Page/>
            <form class="form" method="post" action="/ugc/creator/profile/foto" enctype="multipart/form-data" data-testid="photo-form">
                {file_field(&shown, words::CHOOSE_PICTURE)}
                {save_or_cancel()}
            </form>
            {has_picture
                .then(|| {
                    view! {
                        <form method="post" action="/ugc/creator/profile/foto/quitar">
                            <Button kind=ButtonKind::Plain testid="remove-picture">{words::REMOVE_PICTURE}</Button>
                        </form>
                    }
                })}
        }
    }))
}

/// `GET /ugc/creator/profile/redes/nueva`.
pub async fn new_network(ctx: Ctx) -> Result<Response, Failure> {
    network_page(ctx, None).await
}

/// `GET /ugc/creator/profile/redes/{platform}`.
pub async fn network(ctx: Ctx, Path(name): Path<String>) -> Result<Response, Failure> {
    let platform = Platform::parse(&name).ok_or(AppError::NotFound)?;
    network_page(ctx, Some(platform)).await
}

/// An account to change, or to add.
async fn network_page(ctx: Ctx, platform: Option<Platform>) -> Result<Response, Failure> {
    let creator = match service::require_complete(&ctx).await? {
        Ok(creator) => creator,
        Err(detour) => return Ok(detour.into_response()),
    };
    let there = platform.and_then(|platform| creator.network(platform)).cloned();
    if platform.is_some() && there.is_none() {
        return Err(AppError::NotFound.into());
    }
    let is_verified = platform.is_some_and(|platform| creator.is_verified_on(platform));
    let flash = ctx.flash.clone();
    let free: Vec<Choice> = Platform::ALL
        .into_iter()
        .filter(|platform| creator.network(*platform).is_none())
        .map(|platform| Choice::new(platform.as_str(), platform.label()))
        .collect();
    let title = platform.map_or_else(|| words::ADD_NETWORK.to_owned(), words::change_network);
    let crumbs = vec![Crumb::link(words::PROFILE, PROFILE), Crumb::here(title.clone())];
    Ok(Page::creator(&ctx, Place::CreatorProfile, title.clone()).crumbs(crumbs).show(move || {
        let username = flash.value("username").or_else(|| there.as_ref().map(|one| one.username.clone()));
        let declared = there.as_ref().and_then(|one| one.followers).map(|followers| followers.to_string());
        let followers = flash.value("followers").or(declared);
        let remove = platform.filter(|_| creator.social_networks.len() > 1).map(|platform| {
            view! {
                <form method="post" action=format!("{PROFILE}/redes/{}/quitar", platform.as_str())>
                    <Button kind=ButtonKind::Plain testid="remove-network">{words::remove_network(platform)}</Button>
                </form>
            }
        });
        let action = format!("{PROFILE}/redes/{}", platform.map_or("nueva", Platform::as_str));
        view! {
            <PageHead title/>
            {problem_list(&flash.problems)}
            <form class="form" method="post" action=action novalidate data-testid="network-form">
                {platform
                    .is_none()
                    .then(|| {
                        view! {
                            <Select
                                name="platform"
                                label=words::NETWORK
                                choices=free
                                error=flash.problem("platform")
                                testid="network-platform"
                            />
                        }
                    })}
                <Field
                    name="username"
                    label=words::USERNAME
                    required=true
                    maxlength=200
                    hint=words::HANDLE_HINT
                    value=username
                    error=flash.problem("username")
                    testid="network-username"
                />
                {(!is_verified)
                    .then(|| {
                        view! {
                            <Field
                                name="followers"
                                label=words::FOLLOWERS
                                inputmode="numeric"
                                maxlength=15
                                hint=words::FOLLOWERS_HINT
                                value=followers
                                error=flash.problem("followers")
                                testid="network-followers"
                            />
                        }
                    })}
                {save_or_cancel()}
            </form>
            {remove}
        }
    }))
}
