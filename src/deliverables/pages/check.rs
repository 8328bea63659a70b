//! `GET /ugc/creator/url`: what is wrong with an address while the form is filled in; the same rules as on sending it.

use axum::extract::Query;
use axum::response::Response;
use leptos::prelude::*;
use serde::Deserialize;

use crate::ctx::Ctx;
use crate::deliverables::urls;
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::{creator_area as words, deliverables as delivery_words};
use crate::ui::{Status, Tone};
use crate::values::Platform;
use crate::web::render::fragment;

/// Which field, and what is in it.
#[derive(Deserialize)]
pub struct Asked {
    platform: String,
    url: String,
}

/// The answer, a piece of the page.
pub async fn check(_ctx: Ctx, Query(asked): Query<Asked>) -> Result<Response, Failure> {
    let platform = Platform::parse(&asked.platform).ok_or(AppError::Malformed)?;
    let found = urls::parse(platform, &asked.url).err();
    Ok(fragment(move || match found {
        None => view! { <Status tone=Tone::Good label=words::URL_FINE/> }.into_any(),
        Some(problem) => view! {
            <Status tone=Tone::Bad label=delivery_words::url_title(platform, problem)/>
            " "
            {delivery_words::url_explanation(platform, problem)}
        }
        .into_any(),
    }))
}
