//! The public page of a document.

use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;

use super::markdown;
use super::service::{self, InForce};
use crate::ctx::Ctx;
use crate::failure::Failure;
use crate::i18n::{format, terms as words};
use crate::web::render::Page;

/// `GET /terminos/{slug}`.
pub async fn by_name(ctx: Ctx, Path(slug): Path<String>) -> Result<Response, Failure> {
    show(&ctx, service::find(&ctx, &slug).await?)
}

/// `GET` of a document's own address.
pub async fn by_path(ctx: Ctx) -> Result<Response, Failure> {
    let path = ctx.uri.path().to_owned();
    show(&ctx, service::find(&ctx, &path).await?)
}

fn show(ctx: &Ctx, found: InForce) -> Result<Response, Failure> {
    let since = found.version.effective_at.and_then(|at| jiff::Timestamp::from_millisecond(at.timestamp_millis()).ok());
    let line = words::version(&found.version.version, since.map(format::date).as_deref());
    let name = found.document.name.clone();
    Ok(Page::site(ctx, name.clone()).show(move || {
        view! {
            <article class="prose" data-testid="terms">
                <h1>{name}</h1>
                <p class="muted">{line}</p>
                {markdown::draw(&found.version.body_md)}
            </article>
        }
    }))
}
