//! The pages: the list, one delivery, the guide and the try.

use canje::values::Role;
use http::StatusCode;

use super::*;
use crate::accounts::{adopted, all, signed_in};

#[tokio::test]
async fn who_may_look_and_who_may_act() {
    let app = connected().await;
    for (email, role, look, act) in [
        ("admin@example.com", Role::Superadmin, 200, 404),
        ("gestion@example.com", Role::Admin, 200, 404),
        ("equipo@example.com", Role::Staff, 200, 403),
        ("diseno@example.com", Role::Designer, 403, 403),
    ] {
        adopted(&app, email, role, |_| {}).await;
        let mut browser = signed_in(&app, email).await;
        for path in ["/admin/notifications/webhooks", "/admin/notifications/webhooks/conectar"] {
            assert_eq!(browser.get(path).await.status, look, "{email} {path}");
        }
        let replay = browser.post("/admin/notifications/webhooks/nobody/reprocesar", &[]).await;
        assert_eq!(replay.status, act, "{email}");
    }
}

#[tokio::test]
async fn the_list_shows_what_arrived_and_pages_through_it() {
    let app = connected().await;
    adopted(&app, "admin@example.com", Role::Superadmin, |_| {}).await;
    let mut browser = signed_in(&app, "admin@example.com").await;
    let empty = browser.get("/admin/notifications/webhooks").await.text();
    assert!(empty.contains(r#"data-testid="webhooks-none""#));
    for n in 0..25 {
        let body = alert(n, &format!("e{n}"), &format!("panic {n}"));
        send(&app, from_sentry("event_alert", &body), body).await;
        app.app.clock.advance(std::time::Duration::from_secs(1));
    }
    send(&app, from_uptimerobot(), monitor("1", NOW_SECONDS).to_string()).await;
    send(&app, post("sentry"), "{}").await;
    let rows = |page: &str| page.matches(r#"data-testid="webhook-row""#).count();
    let page = browser.get("/admin/notifications/webhooks").await.text();
    assert_eq!(rows(&page), 20);
    assert!(page.contains("Caído: Tienda /healthz"), "{page}");
    assert!(page.contains("Error: panic 24"));
    assert!(page.contains("1 sin firma válida"), "refusals are counted: {page}");
    let next = page.split("<a ").find(|anchor| anchor.contains("pager-next")).unwrap();
    let next = next.split(r#"href=""#).nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
    let second = browser.get(&next).await.text();
    assert_eq!(rows(&second), 6);
    assert!(second.contains("Error: panic 0"));
    for (query, count) in [("source=uptimerobot", 1), ("source=sentry", 20), ("status=failed", 0), ("source=resend", 0)]
    {
        let page = browser.get(&format!("/admin/notifications/webhooks?{query}")).await.text();
        assert_eq!(rows(&page), count, "{query}");
    }
    for query in ["source=nope", "status=nope", "before=x", "before=1&after=2"] {
        let answer = browser.get(&format!("/admin/notifications/webhooks?{query}")).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{query}");
    }
}

#[tokio::test]
async fn a_delivery_is_shown_and_replayed_on_record() {
    let app = connected().await;
    adopted(&app, "admin@example.com", Role::Superadmin, |_| {}).await;
    let mut browser = signed_in(&app, "admin@example.com").await;
    let body = alert(4711, "e1", "panic <b>");
    send(&app, from_sentry("event_alert", &body), body).await;
    let id = stored(&app).await[0].get_str("_id").unwrap().to_owned();
    let path = format!("/admin/notifications/webhooks/{id}");
    let waiting = browser.get(&path).await.text();
    assert!(waiting.contains("En espera") && !waiting.contains("webhook-replay"), "{waiting}");
    settle(&app).await;
    let page = browser.get(&path).await.text();
    for part in ["Procesada", "issue:4711", "panic &lt;b&gt;", "webhook-replay", "POST /checkout"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let answer = browser.post(&format!("{path}/reprocesar"), &[]).await;
    assert_eq!(answer.location(), path);
    let again = browser.post(&format!("{path}/reprocesar"), &[]).await;
    assert_eq!(again.location(), path);
    assert!(browser.get(&path).await.text().contains("todavía espera"));
    settle(&app).await;
    assert_eq!(notices(&app).await[0].get_i64("occurrences").unwrap(), 2);
    let recorded = all(&app, "audit_logs", bson::doc! { "action": "webhook_replayed" }).await;
    assert_eq!(recorded.len(), 1);
    assert_eq!(browser.get("/admin/notifications/webhooks/nobody").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_guide_tells_addresses_and_no_secret() {
    let app = connected().await;
    adopted(&app, "admin@example.com", Role::Superadmin, |_| {}).await;
    let mut browser = signed_in(&app, "admin@example.com").await;
    let page = browser.get("/admin/notifications/webhooks/conectar").await.text();
    for part in [
        "http://127.0.0.1:3000/api/notifications/webhooks/sentry",
        "SENTRY_CLIENT_SECRET_PREVIOUS",
        "*monitorID*",
        "Valen dos secretos",
        "webhook-probe-sentry",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    for secret in [SENTRY, SENTRY_BEFORE, TOKEN, RESEND] {
        assert!(!page.contains(secret));
    }
}

#[tokio::test]
async fn trying_a_connection_goes_through_the_public_address() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app = TestApp::with(|environment| {
        environment.insert("CANJE_BASE_URL", format!("http://{address}"));
        environment.insert("SENTRY_CLIENT_SECRET", SENTRY.into());
        environment.insert("UPTIMEROBOT_TOKEN", TOKEN.into());
    })
    .await;
    let service = canje::web::app(app.app.clone()).into_make_service_with_connect_info::<std::net::SocketAddr>();
    let served = tokio::spawn(async move { axum::serve(listener, service).await });
    adopted(&app, "admin@example.com", Role::Superadmin, |_| {}).await;
    let mut browser = signed_in(&app, "admin@example.com").await;
    let post = async |browser: &mut Browser<'_>, source: &str| {
        let body = serde_urlencoded::to_string([("source", source)]).unwrap();
        let request = Request::builder()
            .method(Method::POST)
            .uri("/admin/notifications/webhooks/probar")
            .header("origin", format!("http://{address}"))
            .header("content-type", "application/x-www-form-urlencoded");
        browser.send(request, Body::from(body)).await.status
    };
    for (source, said) in [
        ("sentry", "llegó y se guardó"),
        ("uptimerobot", "llegó y se guardó"),
        ("resend", "Falta RESEND_WEBHOOK_SECRET"),
    ] {
        assert_eq!(post(&mut browser, source).await, StatusCode::SEE_OTHER, "{source}");
        let page = browser.get("/admin/notifications/webhooks/conectar").await.text();
        assert!(page.contains(said), "{source}: {page}");
    }
    settle(&app).await;
    let notices = notices(&app).await;
    assert_eq!(notices.len(), 2, "{notices:?}");
    assert!(notices.iter().all(|notice| notice.to_string().contains("Prueba de conexión")), "{notices:?}");
    served.abort();
    drop(app);
}
