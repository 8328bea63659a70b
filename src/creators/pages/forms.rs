//! What the pages of a profile post.

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Multipart, Path};
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderMap, header};
use serde::Deserialize;

use super::sections::{BETWEEN, PROFILE};
use super::steps::path;
use crate::accounts::next::Next;
use crate::creators::fields::fields_of;
use crate::creators::onboarding::{self, LAST, Unfinished, parts};
use crate::creators::profile::{self, Declared, Section};
use crate::creators::typed::Typed;
use crate::ctx::Ctx;
use crate::error::{AppError, FieldProblem};
use crate::failure::Failure;
use crate::i18n::creators as words;
use crate::media::form::PictureForm;
use crate::values::Platform;
use crate::web::forms::{self, wants_page};

type Pairs = Result<Form<Vec<(String, String)>>, FormRejection>;

fn readable<T>(form: Result<Form<T>, FormRejection>) -> Result<T, Failure> {
    form.map(|Form(form)| form).map_err(|_| AppError::Malformed.into())
}

/// A form's fields; one that isn't of the form is refused.
fn known(pairs: Vec<(String, String)>, fields: &[&str]) -> Result<Typed, Failure> {
    if pairs.iter().any(|(field, _)| !fields.contains(&field.as_str())) {
        return Err(AppError::Malformed.into());
    }
    Ok(Typed::of(pairs, fields))
}

/// The form of the first page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BeginForm {
    #[serde(default)]
    next: String,
}

/// `POST /ugc/creator/onboarding`.
pub async fn begin(ctx: Ctx, form: Result<Form<BeginForm>, FormRejection>) -> Result<Response, Failure> {
    let next = Next::parse(&readable(form)?.next);
    let step = onboarding::begin(&ctx, next.as_ref().map(Next::as_str)).await?;
    Ok(Redirect::to(&path(step)).into_response())
}

/// `POST /ugc/creator/onboarding/{step}`, for all but the last.
pub async fn save_step(
    ctx: Ctx,
    Path(step): Path<String>,
    headers: HeaderMap,
    form: Pairs,
) -> Result<Response, Failure> {
    let step: u8 = step.parse().ok().filter(|step| (1..LAST).contains(step)).ok_or(AppError::NotFound)?;
    let mut pairs = readable(form)?;
    let goes_back = pairs.iter().any(|(field, value)| field == "action" && value == "back");
    pairs.retain(|(field, _)| field != "action");
    let typed = known(pairs, &fields_of(parts(step)))?;
    let problems = onboarding::save(&ctx, step, typed).await?;
    if goes_back {
        return Ok(Redirect::to(&path(step - 1)).into_response());
    }
    if problems.is_empty() {
        return Ok(Redirect::to(&path(step + 1)).into_response());
    }
    if !wants_page(&headers) {
        return Err(AppError::Invalid(problems).into());
    }
    forms::refused(&ctx, &path(step), problems, []).await
}

/// `POST /ugc/creator/onboarding/terminar`: a picture, the way back, or the end. A chosen picture is kept whatever becomes of the
/// rest.
pub async fn finish(ctx: Ctx, headers: HeaderMap, form: Multipart) -> Result<Response, Failure> {
    let mut form = PictureForm::read(form, "picture").await?;
    let accepts = (form.has("terms"), form.has("privacy"));
    let ticks = [("terms", accepts.0), ("privacy", accepts.1)];
    let typed: Vec<_> = ticks.into_iter().filter(|(_, is)| *is).map(|(field, _)| (field, "on".to_owned())).collect();
    if let Some(picked) = form.file.take()
        && let Err(failure) = onboarding::keep_picture(&ctx, picked).await
    {
        let problem = picture_problem(failure, &headers)?;
        return forms::refused(&ctx, &path(LAST), vec![problem], typed).await;
    }
    match form.text("action") {
        "back" => return Ok(Redirect::to(&path(LAST - 1)).into_response()),
        "picture" => return forms::refused(&ctx, &path(LAST), Vec::new(), typed).await,
        _ => {}
    }
    match onboarding::finish(&ctx, accepts, form.text("shown")).await {
        Ok(Ok(finished)) => {
            let next = finished.next.as_deref().and_then(Next::parse);
            let to = next.as_ref().map_or("/ugc/creator/dashboard", Next::as_str);
            let mut response = forms::done(&ctx, to, words::READY).await?;
            if let Some(cookie) = finished.cookie {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
            Ok(response)
        }
        Ok(Err(Unfinished::Step(_, problems) | Unfinished::Terms(problems))) if !wants_page(&headers) => {
            Err(AppError::Invalid(problems).into())
        }
        Ok(Err(Unfinished::Terms(problems))) => forms::refused(&ctx, &path(LAST), problems, []).await,
        Ok(Err(Unfinished::Step(step, problems))) => forms::refused(&ctx, &path(step), problems, typed).await,
        // Twice at once, or on two devices: the first page says that the profile is there.
        Err(Failure::Refused(AppError::Rule(rule))) if rule.code == "creator_exists" && wants_page(&headers) => {
            Ok(Redirect::to(&path(0)).into_response())
        }
        Err(failure) => Err(failure),
    }
}

/// A refused picture as a problem of its field, for people; its status for programs.
fn picture_problem(failure: Failure, headers: &HeaderMap) -> Result<FieldProblem, Failure> {
    match &failure {
        Failure::Refused(AppError::Rule(rule)) if wants_page(headers) => {
            let message = if rule.status == 503 { words::PICTURE_FAILED } else { rule.message.as_str() };
            Ok(FieldProblem::new("picture", message))
        }
        _ => Err(failure),
    }
}

/// `POST /ugc/creator/profile/{section}`.
pub async fn save_section(
    ctx: Ctx,
    Path(name): Path<String>,
    headers: HeaderMap,
    form: Pairs,
) -> Result<Response, Failure> {
    let section = Section::parse(&name).ok_or(AppError::NotFound)?;
    let fields = fields_of(section.parts());
    let typed = known(readable(form)?, &fields)?;
    match profile::save(&ctx, section, &typed).await {
        Ok(()) => forms::done(&ctx, PROFILE, words::SAVED).await,
        Err(Failure::Refused(AppError::Invalid(problems))) if wants_page(&headers) => {
            let kept = fields.iter().map(|field| (*field, typed.all(field).join(BETWEEN))).collect::<Vec<_>>();
            forms::refused(&ctx, &format!("{PROFILE}/{}", section.as_str()), problems, kept).await
        }
        Err(failure) => Err(failure),
    }
}

/// `POST /ugc/creator/profile/foto`.
pub async fn set_picture(ctx: Ctx, headers: HeaderMap, form: Multipart) -> Result<Response, Failure> {
    let here = format!("{PROFILE}/foto");
    let form = PictureForm::read(form, "picture").await?;
    let Some(picked) = form.file else {
        let problem = FieldProblem::new("picture", words::CHOOSE_PICTURE);
        return forms::refused(&ctx, &here, vec![problem], []).await;
    };
    match profile::set_picture(&ctx, picked).await {
        Ok(()) => forms::done(&ctx, PROFILE, words::PICTURE_SAVED).await,
        Err(failure) => {
            let problem = picture_problem(failure, &headers)?;
            forms::refused(&ctx, &here, vec![problem], []).await
        }
    }
}

/// `POST /ugc/creator/profile/foto/quitar`.
pub async fn remove_picture(ctx: Ctx) -> Result<Response, Failure> {
    profile::remove_picture(&ctx).await?;
    forms::done(&ctx, PROFILE, words::PICTURE_REMOVED).await
}

/// The form of an account.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkForm {
    #[serde(default)]
    platform: String,
    username: String,
    #[serde(default)]
    followers: String,
}

/// `POST /ugc/creator/profile/redes/nueva`.
pub async fn add_network(
    ctx: Ctx,
    headers: HeaderMap,
    form: Result<Form<NetworkForm>, FormRejection>,
) -> Result<Response, Failure> {
    let form = readable(form)?;
    let platform = Platform::parse(&form.platform).ok_or(AppError::Malformed)?;
    let declared = Declared { platform, username: form.username, followers: form.followers };
    match profile::add_network(&ctx, &declared).await {
        Ok(()) => forms::done(&ctx, PROFILE, words::NETWORK_SAVED).await,
        Err(failure) => refuse_network(&ctx, failure, "nueva", &declared, &headers).await,
    }
}

/// `POST /ugc/creator/profile/redes/{platform}`.
pub async fn change_network(
    ctx: Ctx,
    Path(name): Path<String>,
    headers: HeaderMap,
    form: Result<Form<NetworkForm>, FormRejection>,
) -> Result<Response, Failure> {
    let form = readable(form)?;
    let platform = Platform::parse(&name).ok_or(AppError::NotFound)?;
    let declared = Declared { platform, username: form.username, followers: form.followers };
    match profile::change_network(&ctx, &declared).await {
        Ok(true) => forms::done(&ctx, PROFILE, words::NETWORK_CHANGED).await,
        Ok(false) => forms::done(&ctx, PROFILE, words::NETWORK_SAVED).await,
        Err(failure) => refuse_network(&ctx, failure, platform.as_str(), &declared, &headers).await,
    }
}

async fn refuse_network(
    ctx: &Ctx,
    failure: Failure,
    place: &str,
    declared: &Declared,
    headers: &HeaderMap,
) -> Result<Response, Failure> {
    let problems = match &failure {
        Failure::Refused(AppError::Invalid(problems)) if wants_page(headers) => problems.clone(),
        Failure::Refused(AppError::Rule(rule)) if wants_page(headers) => {
            vec![FieldProblem::new("username", rule.message.clone())]
        }
        _ => return Err(failure),
    };
    let typed = [("username", declared.username.clone()), ("followers", declared.followers.clone())];
    forms::refused(ctx, &format!("{PROFILE}/redes/{place}"), problems, typed).await
}

/// `POST /ugc/creator/profile/redes/{platform}/quitar`.
pub async fn remove_network(ctx: Ctx, Path(name): Path<String>) -> Result<Response, Failure> {
    let platform = Platform::parse(&name).ok_or(AppError::NotFound)?;
    profile::remove_network(&ctx, platform).await?;
    forms::done(&ctx, PROFILE, words::NETWORK_REMOVED).await
}
