//! Pages that belong to no capability: the landing, the component gallery, and the built assets.

use axum::extract::{Path, Query};
use axum::response::Response;
use http::HeaderMap;

use super::render::{Page, Section};
use crate::campaigns;
use crate::creators;
use crate::ctx::Ctx;
use crate::dashboard;
use crate::deliverables;
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::web as words;
use crate::lists::Asked;
use crate::site;
use crate::ui::gallery;
use crate::values::Capability;

/// `GET /`.
pub async fn home(ctx: Ctx) -> Response {
    Page::site(&ctx, "").show_document(site::home)
}

/// `GET /admin`: the first page, or the part of UGC that its address names. Each part asks for its own right.
pub async fn admin(ctx: Ctx, Query(pairs): Query<Vec<(String, String)>>) -> Result<Response, Failure> {
    let asked = Asked::new(pairs);
    if asked.get("module") != Some("ugc") {
        return dashboard::pages::home(ctx).await;
    }
    ctx.require(Capability::UgcManage)?;
    match asked.get("ugcTab") {
        None | Some("campaign-manager") => campaigns::manager::pages::show(ctx, asked).await,
        Some("creators") => creators::desk::pages::show(ctx, asked).await,
        Some("deliverables") => deliverables::desk::pages::show(ctx, asked).await,
        Some(_) => Err(AppError::NotFound.into()),
    }
}

/// `GET /dev/ui`, in demo mode.
pub async fn gallery(ctx: Ctx) -> Response {
    Page::admin(&ctx, Section::Nowhere, words::GALLERY).show(gallery::gallery)
}

/// `GET /assets/…`: immutable, precompressed.
pub async fn asset(ctx: Ctx, Path(path): Path<String>, headers: HeaderMap) -> Response {
    ctx.app.assets.respond(&path, &headers)
}

/// `GET /favicon.ico`: browsers that ask for it take the drawing as well.
pub async fn favicon(ctx: Ctx, headers: HeaderMap) -> Response {
    ctx.app.assets.respond_by_name("favicon.svg", &headers)
}

/// `GET /robots.txt`.
pub async fn robots(ctx: Ctx, headers: HeaderMap) -> Response {
    ctx.app.assets.respond_by_name("robots.txt", &headers)
}
