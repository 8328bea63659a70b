//! What people post: sign in, sign out, close sessions.
//!
//! A person's form answers with a redirect, its refusals wait in the flash. A program that doesn't ask for a page gets the
//! status and the sentence as JSON.

use axum::extract::Form;
use axum::extract::rejection::FormRejection;
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderMap, StatusCode, header};
use serde::Deserialize;

use super::next::Next;
use super::secret::Sealed;
use super::service::{self, Credentials, Refusal, SignedIn};
use super::sessions;
use crate::ctx::Ctx;
use crate::error::{AppError, FieldProblem};
use crate::failure::Failure;
use crate::i18n::accounts as words;
use crate::values::Role;
use crate::web::forms::{self, wants_page};

/// The field that a refusal of the whole form is filed under.
pub(super) const FORM: &str = "form";

/// The sign-in form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoginForm {
    email: String,
    password: Sealed,
    #[serde(default)]
    next: String,
}

/// The form of one session.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SessionForm {
    session_id: String,
}

/// `POST /login`.
pub async fn sign_in(
    ctx: Ctx,
    headers: HeaderMap,
    form: Result<Form<LoginForm>, FormRejection>,
) -> Result<Response, Failure> {
    let form = readable(form)?;
    let next = Next::parse(&form.next);
    let credentials = Credentials { email: form.email.clone(), password: form.password };
    let refusal = match service::sign_in(&ctx, credentials).await {
        Ok(SignedIn::Yes { cookie, role }) => {
            let to = next.as_ref().map_or_else(|| home(role), Next::as_str);
            return Ok(([(header::SET_COOKIE, cookie)], Redirect::to(to)).into_response());
        }
        Ok(SignedIn::No(refusal)) => refusal,
        Err(Failure::Refused(AppError::Unavailable)) if wants_page(&headers) => {
            return back(&ctx, words::BUSY.into(), &form.email, next.as_ref()).await;
        }
        Err(failure) => return Err(failure),
    };
    if wants_page(&headers) {
        return back(&ctx, sentence(refusal), &form.email, next.as_ref()).await;
    }
    Ok(answer(refusal))
}

/// `POST /logout`.
pub async fn sign_out(ctx: Ctx) -> Result<Response, Failure> {
    service::sign_out(&ctx).await?;
    let mut response = forms::done(&ctx, "/login", words::SIGNED_OUT).await?;
    response.headers_mut().append(header::SET_COOKIE, sessions::forget());
    Ok(response)
}

/// `POST /mi-perfil/sesiones/cerrar`.
pub async fn close_session(ctx: Ctx, form: Result<Form<SessionForm>, FormRejection>) -> Result<Response, Failure> {
    service::close_session(&ctx, &readable(form)?.session_id).await?;
    forms::done(&ctx, "/mi-perfil", words::SESSION_CLOSED).await
}

/// `POST /mi-perfil/sesiones/cerrar-todas`.
pub async fn close_all_sessions(ctx: Ctx) -> Result<Response, Failure> {
    let closed = service::close_all_sessions(&ctx).await?;
    let mut response = forms::done(&ctx, "/login", words::sessions_closed(closed)).await?;
    response.headers_mut().append(header::SET_COOKIE, sessions::forget());
    Ok(response)
}

/// `POST /mi-perfil/sesiones/renovar`: being asked at all has renewed the session; without script the way goes back.
pub async fn renew_session(ctx: Ctx, headers: HeaderMap) -> Result<Response, Failure> {
    service::renew_session(&ctx).await?;
    if wants_page(&headers) {
        return Ok(Redirect::to("/mi-perfil").into_response());
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Where somebody goes who came from nowhere in particular.
pub(super) fn home(role: Role) -> &'static str {
    match role {
        Role::Creator => "/ugc/creator/dashboard",
        _ if role.may_anything() => "/admin",
        _ => "/mi-perfil",
    }
}

async fn back(ctx: &Ctx, sentence: String, email: &str, next: Option<&Next>) -> Result<Response, Failure> {
    let to = match next {
        Some(next) => {
            let query = serde_urlencoded::to_string([("next", next.as_str())]).map_err(anyhow::Error::from)?;
            format!("/login?{query}")
        }
        None => "/login".into(),
    };
    let typed: String = email.chars().take(300).collect();
    forms::refused(ctx, &to, vec![FieldProblem::new(FORM, sentence)], [("email", typed)]).await
}

fn sentence(refusal: Refusal) -> String {
    match refusal {
        Refusal::InvalidCredentials => words::INVALID_CREDENTIALS.into(),
        Refusal::Locked { minutes } => words::locked(minutes),
        Refusal::RateLimited { seconds } => words::rate_limited(seconds),
        Refusal::MfaRequired => words::MFA_REQUIRED.into(),
        Refusal::Suspended => words::SUSPENDED.into(),
    }
}

/// The refusal for a program.
fn answer(refusal: Refusal) -> Response {
    let (status, code) = match refusal {
        Refusal::InvalidCredentials => (StatusCode::UNAUTHORIZED, "invalid_credentials"),
        Refusal::Locked { .. } => (StatusCode::LOCKED, "locked"),
        Refusal::RateLimited { .. } => (StatusCode::TOO_MANY_REQUESTS, "too_many"),
        Refusal::MfaRequired => (StatusCode::FORBIDDEN, "mfa_required"),
        Refusal::Suspended => (StatusCode::FORBIDDEN, "suspended"),
    };
    let mut error = serde_json::json!({ "code": code, "message": sentence(refusal) });
    if let Refusal::Locked { minutes } = refusal {
        error["minutes"] = minutes.into();
    }
    let mut response = (status, axum::Json(serde_json::json!({ "error": error }))).into_response();
    if let Refusal::RateLimited { seconds } = refusal {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

pub(super) fn readable<T>(form: Result<Form<T>, FormRejection>) -> Result<T, Failure> {
    match form {
        Ok(Form(form)) => Ok(form),
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(AppError::TooLarge.into()),
        Err(_) => Err(Failure::invalid(FORM, words::FORM_UNREADABLE)),
    }
}
