//! Two refusals that stand before every handler: requests from other sites, and people without the right.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderMap, Method, header};

use crate::ctx::{Actor, Ctx};
use crate::error::AppError;
use crate::failure::Failure;
use crate::values::Access;

/// Refuses a state-changing request that another site's page made. `SameSite=Lax` cookies are the second wall.
///
/// Browsers say where a request comes from in `Sec-Fetch-Site`, older ones in `Origin` alone. A request with neither
/// isn't a browser's and carries no one's cookies by accident.
pub async fn same_origin(ctx: Ctx, request: Request, next: Next) -> Response {
    if request.method().is_safe() || is_same_origin(request.headers(), &ctx.app.config.base_url) {
        next.run(request).await
    } else {
        Failure::Refused(AppError::CrossOrigin).into_response()
    }
}

fn is_same_origin(headers: &HeaderMap, base_url: &str) -> bool {
    let said = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("invalid"));
    match (said("sec-fetch-site"), said(header::ORIGIN.as_str())) {
        (Some("same-origin"), _) => true,
        (Some("none"), None) => true,
        (Some(_), _) => false,
        (None, Some(origin)) => origin == base_url,
        (None, None) => true,
    }
}

/// Lets a request through to a route that asks for `access`.
pub async fn access(access: Access, ctx: Ctx, request: Request, next: Next) -> Response {
    let refusal = match (access, &ctx.actor) {
        (Access::Public | Access::Signed, _) => None,
        (Access::Demo, _) => (!ctx.app.config.demo).then_some(AppError::NotFound),
        (_, Actor::Guest) => Some(AppError::Unauthenticated),
        (Access::SignedIn, Actor::Person(_)) => None,
        (Access::BackOffice, Actor::Person(person)) => (!person.role.may_anything()).then_some(AppError::Forbidden),
        (Access::Can(capability), Actor::Person(person)) => {
            (!person.role.may(capability)).then_some(AppError::Forbidden)
        }
    };
    match refusal {
        None => next.run(request).await,
        Some(AppError::Unauthenticated) if request.method() == Method::GET && !is_api(request.uri().path()) => {
            Redirect::to(&sign_in_url(&ctx)).into_response()
        }
        Some(refusal) => Failure::Refused(refusal).into_response(),
    }
}

/// Whether a path answers programs rather than people.
pub fn is_api(path: &str) -> bool {
    path.starts_with("/api/")
}

/// The sign-in page, which comes back here afterwards.
fn sign_in_url(ctx: &Ctx) -> String {
    let here = ctx.uri.path_and_query().map_or("/", |path| path.as_str());
    let expired = ctx.session_expired.then_some(("session_expired", "true"));
    let query: Vec<_> = [("next", here)].into_iter().chain(expired).collect();
    let query = serde_urlencoded::to_string(query).unwrap_or_default();
    format!("/login?{query}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect::<HeaderMap>()
    }

    #[test]
    fn only_our_own_pages_may_change_anything() {
        let base = "https://canje.example.com";
        let same = |pairs: &[(&'static str, &str)]| is_same_origin(&headers(pairs), base);
        assert!(same(&[("sec-fetch-site", "same-origin"), ("origin", base)]));
        assert!(same(&[("origin", base)]));
        assert!(same(&[]), "a program without a browser's headers");
        assert!(!same(&[("sec-fetch-site", "cross-site"), ("origin", base)]));
        assert!(!same(&[("sec-fetch-site", "same-site")]), "a sibling domain isn't us");
        assert!(!same(&[("sec-fetch-site", "none"), ("origin", "https://evil.example")]));
        assert!(!same(&[("origin", "https://evil.example")]));
        assert!(!same(&[("origin", "null")]));
        assert!(!same(&[("origin", "http://canje.example.com")]), "another scheme is another origin");
    }
}
