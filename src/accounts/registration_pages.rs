//! `/registro`.

use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Query};
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderMap, header};
use leptos::prelude::*;
use serde::Deserialize;

use super::forms::{FORM, home, readable};
use super::next::Next;
use super::registration::{self, Wanted};
use super::secret::Sealed;
use crate::ctx::Ctx;
use crate::error::{AppError, FieldProblem};
use crate::failure::Failure;
use crate::i18n::{accounts, sign_up as words};
use crate::terms::service as terms;
use crate::ui::{Banner, Button, ButtonKind, Checkbox, Field, FieldType, Tone};
use crate::web::forms::{self, wants_page};
use crate::web::render::Page;

/// The query of `/registro`.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    next: String,
}

/// The form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegistrationForm {
    name: String,
    email: String,
    password: Sealed,
    #[serde(default)]
    phone: String,
    #[serde(default)]
    terms: Option<String>,
    #[serde(default)]
    shown: String,
    #[serde(default)]
    next: String,
}

/// An address of a guest's page, going on to `next`.
pub(super) fn with_next(path: &str, next: Option<&Next>) -> String {
    match next {
        Some(next) => {
            let query = serde_urlencoded::to_string([("next", next.as_str())]).unwrap_or_default();
            format!("{path}?{query}")
        }
        None => path.to_owned(),
    }
}

/// `GET /registro`.
pub async fn form(ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let next = Next::parse(&asked.next);
    if let Some(role) = ctx.role() {
        return Ok(Redirect::to(next.as_ref().map_or_else(|| home(role), Next::as_str)).into_response());
    }
    let shown = terms::in_force(&ctx.app.db, ctx.now(), &terms::FOR_ACCOUNTS).await?;
    let flash = ctx.flash.clone();
    Ok(Page::site(&ctx, words::TITLE).show(move || {
        let documents = shown
            .all
            .iter()
            .map(|one| {
                let (href, name) = (one.document.path.clone(), one.document.name.clone());
                view! { <li><a href=href target="_blank">{name}</a></li> }
            })
            .collect_view();
        let problem = flash.problem(FORM);
        let is_taken = problem.as_deref() == Some(words::EMAIL_TAKEN);
        let login = with_next("/login", next.as_ref());
        let here = login.clone();
        view! {
            <section class="gate">
                <h1>{words::TITLE}</h1>
                <p class="muted">{words::PURPOSE}</p>
                {problem
                    .map(|problem| {
                        view! {
                            <Banner tone=Tone::Bad title=problem testid="register-problem">
                                {is_taken
                                    .then(|| {
                                        view! {
                                            <p>
                                                <a href=here>{words::SIGN_IN}</a>
                                                " · "
                                                <a href="/recuperar">{words::RECOVER}</a>
                                            </p>
                                        }
                                    })}
                            </Banner>
                        }
                    })}
                <form class="form" method="post" action="/registro" data-testid="register-form">
                    {next.map(|next| view! { <input type="hidden" name="next" value=next.as_str().to_owned()/> })}
                    <input type="hidden" name="shown" value=shown.mark/>
                    <Field
                        name="name"
                        label=words::NAME
                        required=true
                        autocomplete="name"
                        maxlength=120
                        value=flash.value("name")
                        error=flash.problem("name")
                        testid="register-name"
                    />
                    <Field
                        name="email"
                        label=accounts::EMAIL
                        r#type=FieldType::Email
                        required=true
                        autocomplete="email"
                        value=flash.value("email")
                        error=flash.problem("email")
                        testid="register-email"
                    />
                    <Field
                        name="password"
                        label=accounts::PASSWORD
                        r#type=FieldType::Password
                        required=true
                        autocomplete="new-password"
                        hint=words::PASSWORD_HINT
                        error=flash.problem("password")
                        testid="register-password"
                    />
                    <Field
                        name="phone"
                        label=words::PHONE
                        r#type=FieldType::Tel
                        autocomplete="tel"
                        hint=words::PHONE_HINT
                        value=flash.value("phone")
                        error=flash.problem("phone")
                        testid="register-phone"
                    />
                    <div>
                        <p class="field-hint">{words::TERMS_READ}</p>
                        <ul class="bullets">{documents}</ul>
                    </div>
                    <Checkbox
                        name="terms"
                        label=words::TERMS
                        required=true
                        checked=flash.value("terms").is_some()
                        error=flash.problem("terms")
                        testid="register-accept-terms-checkbox"
                    />
                    <Button kind=ButtonKind::Primary testid="register-submit">{words::CREATE}</Button>
                </form>
                <p class="gate-foot">{words::HAVE_ONE} " " <a href=login>{words::SIGN_IN}</a></p>
            </section>
        }
    }))
}

/// `POST /registro`.
pub async fn register(
    ctx: Ctx,
    headers: HeaderMap,
    form: Result<Form<RegistrationForm>, FormRejection>,
) -> Result<Response, Failure> {
    let form = readable(form)?;
    let next = Next::parse(&form.next);
    let typed = [("name", &form.name), ("email", &form.email), ("phone", &form.phone)];
    let mut typed: Vec<_> =
        typed.into_iter().map(|(field, value)| (field, value.chars().take(300).collect::<String>())).collect();
    typed.extend(form.terms.as_ref().map(|_| ("terms", "on".to_owned())));
    let wanted = Wanted {
        name: form.name,
        email: form.email,
        password: form.password,
        phone: form.phone,
        accepts: form.terms.is_some(),
        mark: form.shown,
        next: next.as_ref().map(|next| next.as_str().to_owned()),
    };
    let failure = match registration::register(&ctx, wanted).await {
        Ok(made) => {
            let to = next.as_ref().map_or("/verificar-email", Next::as_str);
            let mut response = forms::done(&ctx, to, words::created(&made.email)).await?;
            response.headers_mut().append(header::SET_COOKIE, made.cookie);
            return Ok(response);
        }
        Err(failure) => failure,
    };
    if !wants_page(&headers) {
        return Err(failure);
    }
    if matches!(&failure, Failure::Refused(AppError::Rule(rule)) if rule.code == terms::CHANGED) {
        // The box stood beside another text.
        typed.retain(|(field, _)| *field != "terms");
    }
    let problems = match &failure {
        Failure::Refused(AppError::Invalid(problems)) => problems.clone(),
        Failure::Refused(AppError::Rule(rule)) => vec![FieldProblem::new(FORM, rule.message.clone())],
        Failure::Refused(AppError::TooMany { retry_after_seconds }) => {
            vec![FieldProblem::new(FORM, words::too_many(retry_after_seconds.div_ceil(60)))]
        }
        Failure::Refused(AppError::Unavailable) => vec![FieldProblem::new(FORM, accounts::BUSY)],
        _ => return Err(failure),
    };
    forms::refused(&ctx, &with_next("/registro", next.as_ref()), problems, typed).await
}
