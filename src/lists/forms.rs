//! The forms of saved views.

use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use serde::Deserialize;

use super::model::ListName;
use super::views;
use crate::accounts::next::Next;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::lists as words;
use crate::web::forms::{done, refused};

/// A view as the form sends it.
#[derive(Debug, Deserialize)]
pub struct Saving {
    list: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    query: String,
    back: String,
}

/// A change of a view.
#[derive(Debug, Deserialize)]
pub struct Changing {
    #[serde(default)]
    name: String,
    back: String,
}

/// `POST /admin/vistas`.
pub async fn save(ctx: Ctx, Form(asked): Form<Saving>) -> Result<Response, Failure> {
    let list = ListName::parse(&asked.list).ok_or(AppError::Malformed)?;
    let back = back(&asked.back)?;
    match views::save(&ctx, list, &asked.name, &asked.query).await {
        Ok(()) => done(&ctx, &back, words::SAVED).await,
        Err(Failure::Refused(AppError::Invalid(problems))) => {
            refused(&ctx, &back, problems, [("name", asked.name)]).await
        }
        Err(failure) => Err(failure),
    }
}

/// `POST /admin/vistas/{id}/renombrar`.
pub async fn rename(ctx: Ctx, Path(id): Path<String>, Form(asked): Form<Changing>) -> Result<Response, Failure> {
    let back = back(&asked.back)?;
    match views::rename(&ctx, &id, &asked.name).await {
        Ok(()) => done(&ctx, &back, words::RENAMED).await,
        Err(Failure::Refused(AppError::Invalid(problems))) => {
            refused(&ctx, &back, problems, [("name", asked.name)]).await
        }
        Err(failure) => Err(failure),
    }
}

/// `POST /admin/vistas/{id}/eliminar`.
pub async fn delete(ctx: Ctx, Path(id): Path<String>, Form(asked): Form<Changing>) -> Result<Response, Failure> {
    let back = back(&asked.back)?;
    views::delete(&ctx, &id).await?;
    done(&ctx, &back, words::DELETED).await
}

/// A page of the back office, and nothing else, to go back to.
pub fn back(asked: &str) -> Result<String, AppError> {
    let is_ours = asked == "/admin" || asked.starts_with("/admin/") || asked.starts_with("/admin?");
    Next::parse(asked).filter(|_| is_ours).map(|next| next.as_str().to_owned()).ok_or(AppError::Malformed)
}
