//! The two answers to a plain form post: refused, with everything typed still there, or done, with a sentence.
//!
//! Both are redirects (303), so that a reload never posts twice; statuses like 423 and 429 are for programs.

use std::collections::BTreeMap;

use axum::response::{IntoResponse, Redirect, Response};
use http::HeaderMap;
use http::header::{ACCEPT, SET_COOKIE};

use super::flash::{self, Flash, Notice, Tone};
use crate::ctx::Ctx;
use crate::error::{AppError, FieldProblem};
use crate::failure::Failure;
use crate::i18n::errors::sentence;

/// Browsers say what they want to show; programs that want a page say so too. Anybody else gets the status itself.
pub fn wants_page(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

/// Goes back to the form at `to`, which shows the problems beside their fields and what was typed.
pub async fn refused(
    ctx: &Ctx,
    to: &str,
    problems: Vec<FieldProblem>,
    typed: impl IntoIterator<Item = (&'static str, String)>,
) -> Result<Response, Failure> {
    let values: BTreeMap<_, _> = typed.into_iter().map(|(field, value)| (field.to_owned(), value)).collect();
    redirect_with(ctx, to, Flash { notice: None, problems, values }).await
}

/// Goes to `to`, which says `text` once.
pub async fn done(ctx: &Ctx, to: &str, text: impl Into<String>) -> Result<Response, Failure> {
    redirect_with(
        ctx,
        to,
        Flash { notice: Some(Notice { tone: Tone::Success, text: text.into() }), ..Flash::default() },
    )
    .await
}

/// Goes to `to`, which says what was done, or in its own words why a rule refused it. Anything else fails as it is.
pub async fn answered<T>(
    ctx: &Ctx,
    to: &str,
    result: Result<T, Failure>,
    said: impl Into<String>,
) -> Result<Response, Failure> {
    match result {
        Ok(_) => done(ctx, to, said).await,
        Err(Failure::Refused(refusal @ (AppError::Rule(_) | AppError::Conflict | AppError::Mirroring))) => {
            let notice = Notice { tone: Tone::Error, text: sentence(&refusal) };
            redirect_with(ctx, to, Flash { notice: Some(notice), ..Flash::default() }).await
        }
        Err(failure) => Err(failure),
    }
}

/// Goes to `to` and leaves a flash for it.
pub async fn redirect_with(ctx: &Ctx, to: &str, flash: Flash) -> Result<Response, Failure> {
    let cookie = flash::leave(&ctx.app, flash).await?;
    let mut response = Redirect::to(to).into_response();
    response.headers_mut().append(SET_COOKIE, cookie);
    Ok(response)
}
