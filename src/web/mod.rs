//! Composition of `serve`: the one route table, the order of the layers, and what every page shares.
//!
//! There is no client-side router and no `leptos_router`: a page is an axum handler that makes its one service call and
//! then renders Leptos views to a whole document ([`render`]). The status code is therefore true by construction, nothing
//! streams half a page, and the route table below is the only one. Forms are plain POST handlers that answer with a
//! redirect; a refused one leaves its problems and typed values in a one-time [`flash`]. Server functions exist for
//! islands only, and stand in the same table.

pub mod answer;
pub mod flash;
pub mod forms;
pub mod guard;
pub mod health;
pub mod identify;
pub mod pages;
pub mod render;
pub mod routes;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use http::{Method, StatusCode};
use sentry::integrations::tower::{NewSentryLayer, SentryHttpLayer};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};

use crate::app::App;
use crate::backup::pages::uploads::HERE as UPLOAD_PATH;
use crate::monitoring::sentry as monitoring;

/// No form of ours is larger.
const BODY_LIMIT_BYTES: usize = 256 * 1024;
/// Time to the head of a response; a body may stream for longer.
const HEAD_TIMEOUT: Duration = Duration::from_secs(60);
/// The same where the request itself is a file that takes as long as the line needs; silence ends it sooner.
const UPLOAD_TIMEOUT: Duration = Duration::from_secs(2 * 60 * 60);

/// The whole application, as served and as tested.
pub fn app(app: Arc<App>) -> Router {
    routes::router()
        .layer(from_fn(guard::same_origin))
        .layer(from_fn_with_state(app.clone(), identify::identify))
        .layer(DefaultBodyLimit::max(BODY_LIMIT_BYTES))
        .layer(from_fn(time_limit))
        .layer(CatchPanicLayer::custom(answer::panicked))
        .layer(from_fn_with_state(app.clone(), answer::answer))
        .layer(CompressionLayer::new().compress_when(worth_compressing()))
        // On the routes alone, so that a path nobody serves has no trace; around the rest, so that a failure of it has one.
        .route_layer(from_fn(monitoring::describe))
        .route_layer(SentryHttpLayer::new().enable_transaction())
        // Outermost: every request has a hub of its own before anything can go wrong in it.
        .layer(NewSentryLayer::<Request>::new_from_top())
        .with_state(app)
}

/// Ends a request whose answer doesn't begin in time.
async fn time_limit(request: Request, next: Next) -> Response {
    let is_upload = request.method() == Method::POST && request.uri().path() == UPLOAD_PATH;
    let limit = if is_upload { UPLOAD_TIMEOUT } else { HEAD_TIMEOUT };
    match tokio::time::timeout(limit, next.run(request)).await {
        Ok(response) => response,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// Assets are compressed when they are built; exports are streamed as they come; documents and backups are compressed
/// already.
fn worth_compressing() -> impl Predicate {
    DefaultPredicate::new()
        .and(NotForContentType::const_new("text/csv"))
        .and(NotForContentType::const_new("application/x-ndjson"))
        .and(NotForContentType::const_new("application/vnd.openxmlformats"))
        .and(NotForContentType::const_new("application/pdf"))
        .and(NotForContentType::const_new("application/x-tar"))
        .and(NotForContentType::const_new("font/"))
}
