//! `/verificar-email`, and the banner of an account whose address isn't proven yet.

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Query};
use axum::response::{IntoResponse, Redirect, Response};
use http::HeaderMap;
use leptos::prelude::*;
use serde::Deserialize;

use super::forms::readable;
use super::next::Next;
use super::registration_pages::with_next;
use super::verification;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::sign_up as words;
use crate::ui::{Banner, Button, ButtonKind, LinkButton, Tone};
use crate::web::flash::{Flash, Notice, Tone as NoticeTone};
use crate::web::forms::{self, wants_page};
use crate::web::render::Page;

/// The query.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    token: String,
}

/// The form of the link's page.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfirmForm {
    token: String,
}

/// The form of the banner.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResendForm {
    #[serde(default)]
    back: String,
}

/// What asks an account to prove its address; nothing when it has.
pub fn banner(ctx: &Ctx) -> Option<impl IntoView + use<>> {
    let person = ctx.person().ok().filter(|person| !person.is_email_verified)?;
    let sent = words::sent_to(&person.email);
    let back = ctx.uri.path().to_owned();
    Some(view! {
        <Banner tone=Tone::Attention title=words::VERIFY_TITLE testid="verify-banner">
            <p>{sent}</p>
            {resend_form(back, ButtonKind::Quiet)}
        </Banner>
    })
}

fn resend_form(back: String, kind: ButtonKind) -> impl IntoView {
    view! {
        <form method="post" action="/verificar-email/reenviar">
            <input type="hidden" name="back" value=back/>
            <Button kind testid="verify-resend">{words::RESEND}</Button>
        </form>
    }
}

/// `GET /verificar-email`: what the link in the letter opens; without one, where the letter is.
pub async fn confirm_form(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    if asked.token.is_empty() {
        return Ok(waiting(&ctx));
    }
    let is_good = verification::is_good(&ctx, &asked.token).await?;
    let is_guest = ctx.person().is_err();
    Ok(Page::site(&ctx, words::VERIFY_TITLE).show(move || {
        if is_good {
            view! {
                <section class="gate">
                    <h1>{words::VERIFY_TITLE}</h1>
                    <p class="muted">{words::VERIFY_BODY}</p>
                    <form class="form" method="post" action="/verificar-email">
                        <input type="hidden" name="token" value=asked.token/>
                        <Button kind=ButtonKind::Primary testid="verify-submit">{words::VERIFY_ACTION}</Button>
                    </form>
                </section>
            }
            .into_any()
        } else {
            gone(is_guest).into_any()
        }
    }))
}

fn gone(is_guest: bool) -> impl IntoView {
    view! {
        <section class="gate" data-testid="verify-gone">
            <h1>{words::LINK_GONE_TITLE}</h1>
            <p class="muted">{words::LINK_GONE}</p>
            {if is_guest {
                view! {
                    <p class="muted">{words::SIGN_IN_TO_RESEND}</p>
                    <LinkButton href="/login?next=%2Fverificar-email" kind=ButtonKind::Primary>{words::SIGN_IN}</LinkButton>
                }
                    .into_any()
            } else {
                resend_form("/verificar-email".into(), ButtonKind::Primary).into_any()
            }}
        </section>
    }
}

/// Where the letter is, and what can be done meanwhile.
fn waiting(ctx: &Ctx) -> Response {
    let Ok(person) = ctx.person() else { return Redirect::to("/login?next=%2Fverificar-email").into_response() };
    let (email, is_verified) = (person.email.clone(), person.is_email_verified);
    Page::site(ctx, words::VERIFY_TITLE).show(move || {
        let body = if is_verified {
            view! { <p class="muted">{words::VERIFIED_ALREADY}</p> }.into_any()
        } else {
            view! {
                <p class="muted">{words::sent_to(&email)}</p>
                {resend_form("/verificar-email".into(), ButtonKind::Quiet)}
            }
            .into_any()
        };
        view! {
            <section class="gate" data-testid="verify-waiting">
                <h1>{words::VERIFY_TITLE}</h1>
                {body}
                <h2>{words::NEXT_STEP}</h2>
                <LinkButton href="/ugc/creator/onboarding" kind=ButtonKind::Primary testid="become-creator">
                    {words::BECOME_CREATOR}
                </LinkButton>
            </section>
        }
    })
}

/// `POST /verificar-email`.
pub async fn confirm(
    ctx: Ctx,
    headers: HeaderMap,
    form: Result<Form<ConfirmForm>, FormRejection>,
) -> Result<Response, Failure> {
    let token = readable(form)?.token;
    match verification::verify(&ctx, &token).await {
        Ok(next) => {
            let next = next.as_deref().and_then(Next::parse);
            // Whoever opens the letter somewhere else has an account all the same, and signs in.
            let to = match ctx.person() {
                Ok(_) => next.as_ref().map_or("/mi-perfil", Next::as_str).to_owned(),
                Err(_) => with_next("/login", next.as_ref()),
            };
            forms::done(&ctx, &to, words::VERIFIED).await
        }
        // The page of the link says that it isn't good any more.
        Err(Failure::Refused(AppError::Rule(rule))) if rule.status == 410 && wants_page(&headers) => {
            let query = serde_urlencoded::to_string([("token", &token)]).map_err(anyhow::Error::from)?;
            Ok(Redirect::to(&format!("/verificar-email?{query}")).into_response())
        }
        Err(failure) => Err(failure),
    }
}

/// `POST /verificar-email/reenviar`.
pub async fn resend(
    ctx: Ctx,
    headers: HeaderMap,
    form: Result<Form<ResendForm>, FormRejection>,
) -> Result<Response, Failure> {
    let back = Next::parse(&readable(form)?.back);
    let to = back.as_ref().map_or("/mi-perfil", Next::as_str);
    let person = ctx.person()?;
    let text = match verification::resend(&ctx, None).await {
        Ok(()) if person.is_email_verified => words::VERIFIED_ALREADY.to_owned(),
        Ok(()) => words::resent(&person.email),
        Err(Failure::Refused(AppError::TooMany { retry_after_seconds })) if wants_page(&headers) => {
            let text = words::wait(retry_after_seconds.div_ceil(60));
            let notice = Some(Notice { tone: NoticeTone::Error, text });
            return forms::redirect_with(&ctx, to, Flash { notice, ..Flash::default() }).await;
        }
        Err(failure) => return Err(failure),
    };
    forms::done(&ctx, to, text).await
}
