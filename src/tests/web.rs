//! What every route promises: declared access, true statuses, headers, no cross-site posts.

use std::collections::BTreeSet;

use axum::body::Body;
use canje::values::Access;
use canje::web::routes;
use http::{Method, Request, StatusCode};

use super::support::TestApp;

/// A path of the table with its placeholders filled in.
fn example(path: &str) -> String {
    path.split('/').map(|part| if part.starts_with('{') { "x" } else { part }).collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn every_route_that_asks_for_something_refuses_a_guest() {
    let app = TestApp::new().await;
    for route in routes::declared().into_iter().filter(|route| route.access != Access::Public) {
        let request = Request::builder().method(route.method.clone()).uri(example(route.path));
        let answer = app.browser().send(request, Body::empty()).await;
        let expected = match (route.access, &route.method) {
            (Access::Demo, _) => StatusCode::NOT_FOUND,
            // Figures: without a configured token there is no such page.
            (Access::Signed, &Method::GET) if route.path == "/metrics" => StatusCode::NOT_FOUND,
            (_, &Method::GET) if !route.path.starts_with("/api/") => StatusCode::SEE_OTHER,
            _ => StatusCode::UNAUTHORIZED,
        };
        assert_eq!(answer.status, expected, "{} {}", route.method, route.path);
        if answer.status == StatusCode::SEE_OTHER {
            assert!(answer.location().starts_with("/login?next="), "{}", answer.location());
        }
    }
}

#[tokio::test]
async fn the_table_lists_each_route_once_and_every_server_function() {
    let declared = routes::declared();
    let unique: BTreeSet<_> = declared.iter().map(|route| (route.method.to_string(), route.path)).collect();
    assert_eq!(unique.len(), declared.len());
    let functions: BTreeSet<_> = leptos::server_fn::axum::server_fn_paths()
        .map(|(path, method)| (method.to_string(), path.to_owned()))
        .collect();
    let listed: BTreeSet<_> = declared
        .iter()
        .filter(|route| route.path.starts_with("/api/inspect/"))
        .map(|route| (route.method.to_string(), route.path.to_owned()))
        .collect();
    assert_eq!(functions, listed, "server functions registered, and server functions in the table");
}

#[tokio::test]
async fn a_page_that_is_not_there_says_so_with_a_reference_and_a_way_out() {
    let app = TestApp::new().await;
    let answer = app.browser().get("/no-existe").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let reference = answer.headers["x-request-id"].to_str().unwrap().to_owned();
    let html = answer.text();
    assert!(html.contains(&reference) && html.contains(r#"href="/""#), "{html}");
}

#[tokio::test]
async fn a_session_that_means_nothing_is_forgotten_on_an_error_page_too() {
    let app = TestApp::new().await;
    let mut browser = app.browser();
    browser.cookies.insert("__Host-sid".into(), "A".repeat(43));
    assert_eq!(browser.get("/no-existe").await.status, StatusCode::NOT_FOUND);
    assert!(browser.cookies.is_empty(), "{:?}", browser.cookies);
}

#[tokio::test]
async fn what_waits_for_a_page_is_not_taken_by_a_script_that_is_still_asking() {
    let app = TestApp::new().await;
    let mut browser = app.browser();
    browser.post("/login", &[("email", "nobody@example.com"), ("password", "Mainumby-verde-2026")]).await;
    let script = Request::builder().uri("/login").header("sec-fetch-dest", "empty");
    let asked = browser.send(script, Body::empty()).await.text();
    assert!(!asked.contains("nobody@example.com"), "{asked}");
    let page = Request::builder().uri("/login").header("sec-fetch-dest", "document");
    let page = browser.send(page, Body::empty()).await.text();
    assert!(page.contains("nobody@example.com"), "what was typed is still there: {page}");
}

#[tokio::test]
async fn every_response_carries_the_security_headers() {
    let app = TestApp::new().await;
    for path in ["/", "/health", "/no-existe"] {
        let answer = app.browser().get(path).await;
        let policy = answer.headers["content-security-policy"].to_str().unwrap().to_owned();
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'self'"), "{policy}");
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
        assert_eq!(answer.headers["x-content-type-options"], "nosniff");
        assert_eq!(answer.headers["referrer-policy"], "same-origin");
        assert_eq!(answer.headers["cache-control"], "no-store");
    }
    let secure = TestApp::with(|environment| {
        environment.insert("CANJE_BASE_URL", "https://canje.example.com".into());
    })
    .await;
    assert!(secure.browser().get("/").await.headers.contains_key("strict-transport-security"));
}

#[tokio::test]
async fn another_sites_post_changes_nothing() {
    let app = TestApp::new().await;
    let request = Request::builder().method(Method::POST).uri("/login").header("sec-fetch-site", "cross-site");
    let answer = app.browser().send(request, Body::empty()).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_gallery_is_for_the_demonstration_only() {
    assert_eq!(TestApp::new().await.browser().get("/dev/ui").await.status, StatusCode::NOT_FOUND);
    let demo = TestApp::with(|environment| {
        environment.insert("CANJE_DEMO", "1".into());
    })
    .await;
    assert_eq!(demo.browser().get("/dev/ui").await.status, StatusCode::OK);
}
