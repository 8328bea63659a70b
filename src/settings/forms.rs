//! What the settings' page posts.

use std::collections::BTreeMap;

use axum::extract::Form;
use axum::extract::rejection::FormRejection;
use axum::response::Response;
use serde::Deserialize;

use super::fields::names;
use super::service::{self, PHONE, TestChannel};
use crate::ctx::Ctx;
use crate::error::{AppError, FieldProblem};
use crate::failure::Failure;
use crate::i18n::settings as words;
use crate::web::forms::{done, refused};

/// The page.
pub const PATH: &str = "/admin/settings";
/// The field that a refusal of the whole form is filed under.
pub(super) const FORM: &str = "form";
/// The field of the revision the form was drawn from.
pub(super) const REV: &str = "rev";

/// A channel to try.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestForm {
    channel: String,
    #[serde(default)]
    phone: String,
}

/// `POST /admin/settings/avisos`.
pub async fn save(ctx: Ctx, form: Result<Form<BTreeMap<String, String>>, FormRejection>) -> Result<Response, Failure> {
    let Ok(Form(typed)) = form else { return Err(AppError::Malformed.into()) };
    let known = |name: &str| names().any(|field| field == name) || name == REV;
    let rev = typed.get(REV).and_then(|rev| rev.parse().ok());
    let (Some(rev), true) = (rev, typed.keys().all(|name| known(name))) else {
        return Err(AppError::Malformed.into());
    };
    let problems = match service::save(&ctx, rev, &typed).await {
        Ok(0) => return done(&ctx, PATH, words::NOTHING_CHANGED).await,
        Ok(_) => return done(&ctx, PATH, words::SAVED).await,
        Err(Failure::Refused(AppError::Invalid(problems))) => problems,
        Err(Failure::Refused(AppError::Conflict)) => vec![FieldProblem::new(FORM, words::CONFLICT)],
        Err(failure) => return Err(failure),
    };
    let kept = names().filter_map(|name| Some((name, typed.get(name)?.clone())));
    refused(&ctx, PATH, problems, kept).await
}

/// `POST /admin/settings/probar`.
pub async fn test(ctx: Ctx, form: Result<Form<TestForm>, FormRejection>) -> Result<Response, Failure> {
    let Ok(Form(form)) = form else { return Err(AppError::Malformed.into()) };
    let channel = TestChannel::parse(&form.channel).ok_or_else(|| Failure::invalid(FORM, words::UNKNOWN_CHANNEL))?;
    let sent = match service::test(&ctx, channel, &form.phone).await {
        Err(Failure::Refused(AppError::Invalid(problems))) => {
            return refused(&ctx, PATH, problems, [(PHONE, form.phone)]).await;
        }
        sent => sent?,
    };
    let said = match channel {
        TestChannel::InApp => words::TESTED_IN_APP.to_owned(),
        TestChannel::Email => words::tested_email(sent),
        TestChannel::WhatsApp => words::TESTED_WHATSAPP.to_owned(),
    };
    done(&ctx, PATH, said).await
}
