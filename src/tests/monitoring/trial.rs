//! `/admin/seguridad`: the test event goes all the way round.

use std::net::SocketAddr;

use canje::app::Clock;
use canje::emulators::{Emulators, Fault, Outcome, Service};
use canje::values::Role;
use canje::web;
use http::StatusCode;
use sentry::SentryFutureExt;

use super::sdk;
use crate::accounts::{adopted, signed_in};
use crate::support::{TestApp, eventually};

const NOW: &str = "2099-11-23T12:00:00Z";

/// An application whose clients talk to the twins, and a socket the twins' webhooks reach.
async fn start() -> (TestApp, Emulators) {
    let twins = Emulators::start_anywhere(Clock::fixed(NOW.parse().unwrap())).unwrap();
    let variables = twins.twins.settings.variables();
    let app = TestApp::with(|environment| environment.extend(variables)).await;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    twins.point_at(&format!("http://{}", listener.local_addr().unwrap()));
    let service = web::app(app.app.clone()).into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    adopted(&app, "admin@example.com", Role::Superadmin, |_| {}).await;
    (app, twins)
}

#[tokio::test]
async fn the_test_event_comes_back_as_a_notice() {
    let (app, twins) = start().await;
    let (_client, hub) = sdk(&twins);
    let mut admin = signed_in(&app, "admin@example.com").await;
    let sent = admin.post("/admin/seguridad/evento", &[]).bind_hub(hub).await;
    assert_eq!((sent.status, sent.location()), (StatusCode::SEE_OTHER, "/admin/seguridad#evento"));
    assert_eq!(twins.twins.sentry.of("event").len(), 1);

    eventually("the alert arrives", async || {
        admin.get("/admin/seguridad").await.text().contains("volvió por el webhook").then_some(())
    })
    .await;
    let page = admin.get("/admin/seguridad/evento").await;
    assert_eq!(page.headers["x-live"], "on");
    app.work().await;
    let page = admin.get("/admin/seguridad/evento").await;
    assert_eq!(page.headers["x-live"], "over", "{}", page.text());
    let page = page.text();
    let notice = page.split(r#"href=""#).find(|part| part.starts_with("/admin/notifications/")).unwrap();
    let notice = notice.split('"').next().unwrap().to_owned();
    let notice = admin.get(&notice).await;
    assert_eq!(notice.status, StatusCode::OK);
    assert!(notice.text().contains("Evento de prueba de Canje"));
}

#[tokio::test]
async fn a_test_event_that_sentry_refuses_says_so_and_what_to_do() {
    let (app, twins) = start().await;
    let (_client, hub) = sdk(&twins);
    let mut admin = signed_in(&app, "admin@example.com").await;
    twins.twins.faults.add(Service::Sentry, Fault::always(Outcome::status(403)));
    admin.post("/admin/seguridad/evento", &[]).bind_hub(hub).await;
    let page = admin.get("/admin/seguridad").await.text();
    assert!(page.contains("Sentry no lo recibió"), "{page}");
}

#[tokio::test]
async fn what_is_not_configured_is_said_and_no_secret_is_ever_shown() {
    let app = TestApp::new().await;
    adopted(&app, "admin@example.com", Role::Superadmin, |_| {}).await;
    let mut admin = signed_in(&app, "admin@example.com").await;
    let page = admin.get("/admin/seguridad").await.text();
    assert!(page.contains("No configurado") && page.contains("SENTRY_DSN"), "{page}");
    let refused = admin.post("/admin/seguridad/evento", &[]).await;
    assert_eq!(refused.location(), "/admin/seguridad");

    let (app, twins) = start().await;
    let mut admin = signed_in(&app, "admin@example.com").await;
    let page = admin.get("/admin/seguridad").await.text();
    let settings = &twins.twins.settings;
    for secret in [
        &settings.sentry_key,
        &settings.sentry_client_secret,
        &settings.resend_api_key,
        &settings.resend_webhook_secret,
        &settings.uptimerobot_token,
        &settings.twilio_auth_token,
        &settings.metrics_token,
    ] {
        assert!(!page.contains(secret.as_str()), "a secret on the page");
    }
    adopted(&app, "equipo@example.com", Role::Staff, |_| {}).await;
    let mut staff = signed_in(&app, "equipo@example.com").await;
    assert_eq!(staff.get("/admin/seguridad").await.status, StatusCode::FORBIDDEN);
}
