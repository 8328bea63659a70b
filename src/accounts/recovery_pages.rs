//! `/recuperar` and `/restablecer`.

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Query};
use axum::response::Response;
use http::HeaderMap;
use leptos::prelude::*;
use serde::Deserialize;

use super::forms::{FORM, readable};
use super::recovery;
use super::secret::Sealed;
use crate::ctx::Ctx;
use crate::error::{AppError, FieldProblem};
use crate::failure::Failure;
use crate::i18n::{accounts, sign_up as words};
use crate::ui::{Banner, Button, ButtonKind, Field, FieldType, LinkButton, Tone};
use crate::web::forms::{self, wants_page};
use crate::web::render::Page;

/// The form that asks for a link.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskForm {
    email: String,
}

/// The query of the link.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    token: String,
}

/// The form of the new password.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResetForm {
    token: String,
    password: Sealed,
}

/// `GET /recuperar`.
pub async fn ask_form(ctx: Ctx) -> Response {
    let flash = ctx.flash.clone();
    Page::site(&ctx, words::RECOVER_TITLE).show(move || {
        view! {
            <section class="gate">
                <h1>{words::RECOVER_TITLE}</h1>
                <p class="muted">{words::RECOVER_PURPOSE}</p>
                {flash.problem(FORM).map(|problem| view! { <Banner tone=Tone::Bad title=problem/> })}
                <form class="form" method="post" action="/recuperar">
                    <Field
                        name="email"
                        label=accounts::EMAIL
                        r#type=FieldType::Email
                        required=true
                        autocomplete="username"
                        value=flash.value("email")
                        testid="recover-email"
                    />
                    <Button kind=ButtonKind::Primary testid="recover-submit">{words::RECOVER_ACTION}</Button>
                </form>
                <p class="gate-foot"><a href="/login">{words::BACK_TO_SIGN_IN}</a></p>
            </section>
        }
    })
}

/// `POST /recuperar`: the same answer whoever it is.
pub async fn ask(
    ctx: Ctx,
    headers: HeaderMap,
    form: Result<Form<AskForm>, FormRejection>,
) -> Result<Response, Failure> {
    let email = readable(form)?.email;
    match recovery::ask(&ctx, &email).await {
        Ok(()) => forms::done(&ctx, "/recuperar", words::RECOVER_SENT).await,
        Err(Failure::Refused(AppError::TooMany { retry_after_seconds })) if wants_page(&headers) => {
            let problem = FieldProblem::new(FORM, words::wait(retry_after_seconds.div_ceil(60)));
            let typed = email.chars().take(300).collect();
            forms::refused(&ctx, "/recuperar", vec![problem], [("email", typed)]).await
        }
        Err(failure) => Err(failure),
    }
}

/// `GET /restablecer`.
pub async fn reset_form(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let is_good = recovery::is_good(&ctx, &asked.token).await?;
    let error = ctx.flash.problem("password");
    Ok(Page::site(&ctx, words::RESET_TITLE).show(move || {
        if !is_good {
            return view! {
                <section class="gate" data-testid="reset-gone">
                    <h1>{words::LINK_GONE_TITLE}</h1>
                    <p class="muted">{words::RESET_GONE}</p>
                    <LinkButton href="/recuperar" kind=ButtonKind::Primary>{words::ASK_AGAIN}</LinkButton>
                </section>
            }
            .into_any();
        }
        view! {
            <section class="gate">
                <h1>{words::RESET_TITLE}</h1>
                <p class="muted">{words::RESET_PURPOSE}</p>
                <form class="form" method="post" action="/restablecer">
                    <input type="hidden" name="token" value=asked.token/>
                    <Field
                        name="password"
                        label=words::NEW_PASSWORD
                        r#type=FieldType::Password
                        required=true
                        autocomplete="new-password"
                        hint=words::PASSWORD_HINT
                        error
                        testid="reset-password"
                    />
                    <Button kind=ButtonKind::Primary testid="reset-submit">{words::RESET_ACTION}</Button>
                </form>
            </section>
        }
        .into_any()
    }))
}

/// `POST /restablecer`.
pub async fn reset(
    ctx: Ctx,
    headers: HeaderMap,
    form: Result<Form<ResetForm>, FormRejection>,
) -> Result<Response, Failure> {
    let form = readable(form)?;
    let query = serde_urlencoded::to_string([("token", &form.token)]).map_err(anyhow::Error::from)?;
    let problems = match recovery::reset(&ctx, &form.token, form.password).await {
        Ok(()) => return forms::done(&ctx, "/login", words::RESET_DONE).await,
        Err(Failure::Refused(AppError::Invalid(problems))) if wants_page(&headers) => problems,
        // The page of the link says that it isn't good any more.
        Err(Failure::Refused(AppError::Rule(rule))) if rule.status == 410 && wants_page(&headers) => Vec::new(),
        Err(failure) => return Err(failure),
    };
    forms::refused(&ctx, &format!("/restablecer?{query}"), problems, []).await
}
