//! `/admin/backups`: the newest proven backup in one sentence, and every run.

use axum::response::Response;
use leptos::prelude::*;

use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::i18n::backup::pages as words;
use crate::ui::PageHead;
use crate::web::render::{Page, Section};

/// `GET /admin/backups`.
pub async fn show(ctx: Ctx) -> Result<Response, Failure> {
    Ok(Page::admin(&ctx, Section::Backups, words::TITLE)
        .show(move || view! { <PageHead title=words::TITLE purpose=words::PURPOSE/> }))
}
