//! The switches' forms.

use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use serde::Deserialize;

use super::service::{Switch, turn};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::desk as words;
use crate::values::CreatorId;
use crate::web::forms::answered;

/// Which way.
#[derive(Debug, Deserialize)]
pub struct Turned {
    valor: String,
}

impl Turned {
    fn on(&self) -> Result<bool, AppError> {
        match self.valor.as_str() {
            "si" => Ok(true),
            "no" => Ok(false),
            _ => Err(AppError::Malformed),
        }
    }
}

/// `POST /admin/ugc/creators/{id}/verificado`.
pub async fn badge(ctx: Ctx, Path(id): Path<String>, Form(form): Form<Turned>) -> Result<Response, Failure> {
    let (to, on) = (format!("/admin/ugc/creators/{id}"), form.on()?);
    let said = if on { words::VERIFIED_NOW } else { words::UNVERIFIED_NOW };
    answered(&ctx, &to, turn(&ctx, &CreatorId::of(id), Switch::Badge, on).await, said).await
}

/// `POST /admin/ugc/creators/{id}/activo`.
pub async fn active(ctx: Ctx, Path(id): Path<String>, Form(form): Form<Turned>) -> Result<Response, Failure> {
    let (to, on) = (format!("/admin/ugc/creators/{id}"), form.on()?);
    let said = if on { words::ACTIVATED_NOW } else { words::DEACTIVATED_NOW };
    answered(&ctx, &to, turn(&ctx, &CreatorId::of(id), Switch::Active, on).await, said).await
}
