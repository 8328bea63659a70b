//! Pages that belong to no capability: the landing, the component gallery, and the built assets.

use axum::extract::Path;
use axum::response::Response;
use http::HeaderMap;

use super::render::{Page, Section};
use crate::ctx::Ctx;
use crate::i18n::web as words;
use crate::site;
use crate::ui::gallery;

/// `GET /`.
pub async fn home(ctx: Ctx) -> Response {
    Page::site(&ctx, "").show_document(site::home)
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
