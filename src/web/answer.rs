//! The outermost layer: gives each request its reference, logs it once, turns parked failures into pages or JSON, and sets
//! the headers every response carries.

use std::any::Any;
use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use http::{HeaderName, HeaderValue, StatusCode, header};
use tracing::Instrument;

use super::{guard, render};
use crate::app::App;
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::errors;
use crate::monitoring::faults::Panicked;
use crate::monitoring::metrics;
use crate::monitoring::sentry::set_reference;

/// Per-response facts made before anything else, found by later layers in the request's extensions.
#[derive(Clone)]
pub struct Marks {
    /// The reference a person can quote.
    pub request_id: Arc<str>,
    /// The content security policy's nonce.
    pub nonce: Arc<str>,
}

/// How the failure page finds the context after the handler has consumed the request.
#[derive(Clone)]
pub struct Served(pub Ctx);

/// Random bytes as URL-safe text without padding.
pub fn random_token<const BYTES: usize>() -> String {
    let mut bytes = [0; BYTES];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

/// The layer.
pub async fn answer(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let marks = Marks { request_id: random_token::<9>().into(), nonce: random_token::<16>().into() };
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    request.extensions_mut().insert(marks.clone());
    set_reference(&marks.request_id);
    // The pattern, not the path: what is counted and grouped must not be of a visitor's making.
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let span = tracing::info_span!("request", id = %marks.request_id, %method, path);
    async move {
        let started = Instant::now();
        let mut response = next.run(request).await;
        let ctx = response.extensions_mut().remove::<Served>().map(|served| served.0);
        let failure = response.extensions_mut().remove::<Failure>().or_else(|| unspoken(&response));
        if let Some(failure) = failure {
            // Cookies that are over are forgotten on a failure too.
            let cookies: Vec<_> = response.headers().get_all(header::SET_COOKIE).iter().cloned().collect();
            if let Failure::Fault(fault) = &failure {
                let route = format!("{method} {}", route.as_deref().unwrap_or("(no route)"));
                app.faults.raise(app.clock.now(), &route, &marks.request_id, fault);
            }
            response = show(&marks, ctx.as_ref(), &path, &failure);
            for cookie in cookies {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
        }
        set_headers(&app, &marks, &path, &mut response);
        let (status, elapsed_ms) = (response.status().as_u16(), started.elapsed().as_secs_f64() * 1e3);
        metrics::served(&method, route.as_deref(), status, elapsed_ms / 1e3);
        let person = ctx.as_ref().and_then(|ctx| ctx.person().ok());
        // For measuring; nobody outside learns how long a refused sign-in took.
        if person.is_some_and(|person| person.role.is_back_office())
            && let Ok(timing) = HeaderValue::try_from(format!("app;dur={elapsed_ms:.1}"))
        {
            response.headers_mut().insert("server-timing", timing);
        }
        tracing::info!(status, elapsed_ms, user = person.map(|person| person.user_id.as_str()), "served");
        response
    }
    .instrument(span)
    .await
}

/// What axum's extractors and the time limit refuse in their own words, said in ours.
fn unspoken(response: &Response) -> Option<Failure> {
    let is_ours =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| !kind.as_bytes().starts_with(b"text/plain"));
    let refusal = match response.status() {
        _ if is_ours => return None,
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY | StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            AppError::Malformed
        }
        StatusCode::METHOD_NOT_ALLOWED => AppError::NotFound,
        StatusCode::PAYLOAD_TOO_LARGE => AppError::TooLarge,
        StatusCode::SERVICE_UNAVAILABLE => AppError::TimedOut,
        _ => return None,
    };
    Some(refusal.into())
}

/// A panic is a fault like any other.
pub fn panicked(panic: Box<dyn Any + Send + 'static>) -> Response {
    let said = panic.downcast_ref::<String>().cloned();
    let said = said.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default();
    Failure::from(anyhow::Error::from(Panicked(said))).into_response()
}

/// Says what happened, to people as a page and to programs as JSON.
fn show(marks: &Marks, ctx: Option<&Ctx>, path: &str, failure: &Failure) -> Response {
    let told = failure.told(&marks.request_id);
    let status = StatusCode::from_u16(told.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = if guard::is_api(path) {
        let body = serde_json::json!({ "error": { "code": told.code(), "message": errors::sentence(&told) } });
        axum::Json(body).into_response()
    } else {
        render::error_page(ctx, &told, &marks.request_id)
    };
    *response.status_mut() = status;
    let retry_after = match told {
        AppError::TooMany { retry_after_seconds } => Some(retry_after_seconds),
        AppError::Unavailable | AppError::TimedOut => Some(5),
        _ => None,
    };
    if let Some(seconds) = retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
    }
    response
}

/// Scheme and host of an address.
fn origin(url: &str) -> &str {
    let host = url.find("://").map_or(0, |at| at + 3);
    url[host..].find('/').map_or(url, |path| &url[..host + path])
}

fn set_headers(app: &App, marks: &Marks, path: &str, response: &mut Response) {
    // A page that shows somebody else's HTML brings a stricter one.
    let own_policy = response.headers_mut().remove(header::CONTENT_SECURITY_POLICY);
    let headers = response.headers_mut();
    // Pictures come from the account they are stored in, and from the service's own host, where adopted ones are.
    let pictures = app.config.backups.cloudinary.as_ref().map_or("", |place| origin(&place.delivery_base));
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{}' 'wasm-unsafe-eval'; style-src 'self'; font-src 'self'; \
         img-src 'self' data: https://res.cloudinary.com {pictures}; connect-src 'self'; frame-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'self'; manifest-src 'self'",
        marks.nonce
    );
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    set(header::CONTENT_SECURITY_POLICY, &policy);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::REFERRER_POLICY, "same-origin");
    set(HeaderName::from_static("permissions-policy"), "geolocation=(), camera=(), microphone=(), payment=()");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("x-request-id"), &marks.request_id);
    if let Some(own) = own_policy.as_ref().and_then(|own| own.to_str().ok()) {
        set(header::CONTENT_SECURITY_POLICY, own);
    }
    if app.config.base_url.starts_with("https://") {
        set(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains");
    }
    if !path.starts_with("/assets/") && !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}
