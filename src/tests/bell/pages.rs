//! The bell on pages, the centre's pages, and who may do what on them.

use axum::body::Body;
use bson::doc;
use canje::values::Role;
use http::{Method, Request, StatusCode};

use super::super::support::Browser;
use super::*;

const LIST: &str = "/admin/notifications";

/// Posts the bell's form as script does.
async fn by_script(browser: &mut Browser<'_>, path: &str, form: &[(&str, &str)]) -> Answer {
    let request = Request::builder()
        .method(Method::POST)
        .uri(path)
        .header("sec-fetch-site", "same-origin")
        .header("x-bell", "1")
        .header("content-type", "application/x-www-form-urlencoded");
    browser.send(request, Body::from(serde_urlencoded::to_string(form).unwrap())).await
}

#[tokio::test]
async fn legacy_a_notice_read_by_anyone_was_read_for_everyone() {
    let app = TestApp::new().await;
    for name in ["ana", "bea"] {
        adopted(&app, &format!("{name}@example.com"), Role::Admin, |_| {}).await;
    }
    happens(&app, &[down("tienda"), broken("issue:1"), broken("issue:2")]).await;
    let (mut ana, mut bea) = (signed_in(&app, "ana@example.com").await, signed_in(&app, "bea@example.com").await);
    assert_eq!(badge(&ana.get("/admin").await).as_deref(), Some("3"));
    let id = id_of(&app, "system_notifications", "CAÍDO: tienda").await;
    let detail = ana.get(&format!("{LIST}/{id}")).await;
    assert_eq!(detail.status, StatusCode::OK);
    assert_eq!(badge(&detail).as_deref(), Some("2"), "opening it is reading it, on the very page");
    assert_eq!(badge(&bea.get("/admin").await).as_deref(), Some("3"), "for the other nothing changed");

    ana.post(&format!("{LIST}/leer-todas"), &[("back", "/admin/audit?email=x")]).await;
    assert_eq!(badge(&ana.get("/admin").await), None);
    assert_eq!(badge(&bea.get("/admin").await).as_deref(), Some("3"));
    let read = all(&app, "system_notifications", doc! {}).await;
    assert!(read.iter().all(|notice| notice.get_array("read_by").unwrap().len() == 1), "each reader once: {read:?}");
}

#[tokio::test]
async fn without_script_the_bell_marks_and_comes_back_to_its_page() {
    let app = TestApp::new().await;
    adopted(&app, "ana@example.com", Role::Staff, |_| {}).await;
    happens(&app, &[broken("issue:1"), broken("issue:2")]).await;
    let mut browser = signed_in(&app, "ana@example.com").await;
    let page = browser.get("/admin").await.text();
    assert!(page.contains(r#"data-testid="system-notifications-bell""#), "{page}");
    assert_eq!(page.matches(r#"data-testid="bell-item""#).count(), 2);
    assert!(page.contains(r#"name="back" value="/admin""#) && page.contains("Avisos del sistema, 2 sin leer"));
    let id = id_of(&app, "system_notifications", "Sentry: TypeError en issue:1").await;
    let answer = browser.post(&format!("{LIST}/leer"), &[("id", &id), ("back", "/mi-perfil")]).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/mi-perfil"));
    assert_eq!(badge(&browser.get("/mi-perfil").await).as_deref(), Some("1"));
    let away = browser.post(&format!("{LIST}/leer"), &[("id", &id), ("back", "//evil.example")]).await;
    assert_eq!(away.location(), LIST, "only to a page of ours");
    assert_eq!(browser.post(&format!("{LIST}/leer"), &[("id", "x")]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn script_is_answered_with_the_bell_alone() {
    let app = TestApp::new().await;
    adopted(&app, "ana@example.com", Role::Staff, |_| {}).await;
    happens(&app, &[broken("issue:1")]).await;
    let mut browser = signed_in(&app, "ana@example.com").await;
    let answer = browser.get("/notificaciones/campana?back=%2Fadmin%2Faudit").await;
    assert!(answer.headers.contains_key("x-bell-since"));
    let html = answer.text();
    assert!(html.contains("<summary") && !html.contains("<html") && html.contains(r#"value="/admin/audit""#), "{html}");
    let after = by_script(&mut browser, &format!("{LIST}/leer-todas"), &[("back", "/admin")]).await;
    assert_eq!((after.status, badge(&after)), (StatusCode::OK, None));
    assert!(!browser.cookies.contains_key("__Host-flash"), "no sentence waits for the next page");
}

#[tokio::test]
async fn a_bell_that_cant_be_read_says_so_and_shows_no_zero() {
    let app = TestApp::new().await;
    adopted(&app, "ana@example.com", Role::Staff, |_| {}).await;
    let mut browser = signed_in(&app, "ana@example.com").await;
    assert!(browser.get("/mi-perfil").await.text().contains("Avisos del sistema, nada sin leer"));
    let unreadable = doc! { "id": "x", "sort_at": canje::db::date(app.app.clock.now()), "severity": "loud" };
    documents(&app, "system_notifications").insert_one(unreadable).await.unwrap();
    let page = browser.get("/mi-perfil").await;
    assert_eq!(page.status, StatusCode::OK, "the page is there all the same");
    let html = page.text();
    assert!(html.contains(r#"data-testid="bell-failed""#) && !html.contains("nada sin leer"), "{html}");
    assert_eq!(browser.get(LIST).await.status, StatusCode::INTERNAL_SERVER_ERROR, "nor is the list shown as empty");
}

#[tokio::test]
async fn each_role_has_its_bell_and_its_pages() {
    let app = TestApp::new().await;
    happens(&app, &[broken("issue:1")]).await;
    let id = id_of(&app, "system_notifications", "Sentry: TypeError en issue:1").await;
    for (role, sees) in [(Role::Staff, true), (Role::Designer, false), (Role::Creator, false)] {
        let email = format!("{}@example.com", role.as_str());
        adopted(&app, &email, role, |_| {}).await;
        let mut browser = signed_in(&app, &email).await;
        let profile = browser.get("/mi-perfil").await.text();
        assert_eq!(profile.contains("system-notifications-bell"), sees, "{role:?}");
        assert_eq!(profile.contains(r#"data-testid="notifications-bell""#), !sees, "{role:?}");
        let status = if sees { StatusCode::OK } else { StatusCode::FORBIDDEN };
        for path in [LIST.to_owned(), format!("{LIST}/{id}"), format!("{LIST}/silencios")] {
            assert_eq!(browser.get(&path).await.status, status, "{role:?} {path}");
        }
        let delete = browser.post(&format!("{LIST}/{id}/eliminar"), &[]).await;
        assert_eq!(delete.status, StatusCode::FORBIDDEN, "{role:?}");
    }
    assert!(!app.browser().get("/").await.text().contains("bell"), "guests have none");
}

#[tokio::test]
async fn legacy_delete_existed_with_no_button() {
    let app = TestApp::new().await;
    adopted(&app, "ana@example.com", Role::Superadmin, |_| {}).await;
    adopted(&app, "bea@example.com", Role::Admin, |_| {}).await;
    happens(&app, &[broken("issue:1")]).await;
    let id = id_of(&app, "system_notifications", "Sentry: TypeError en issue:1").await;
    let path = format!("{LIST}/{id}");
    let mut bea = signed_in(&app, "bea@example.com").await;
    assert!(!bea.get(&path).await.text().contains("notice-delete"), "not offered to who may not");
    let mut ana = signed_in(&app, "ana@example.com").await;
    assert!(ana.get(&path).await.text().contains(r#"data-testid="notice-delete-confirm""#));
    assert_eq!(ana.post(&format!("{path}/eliminar"), &[]).await.location(), LIST);
    assert_eq!(ana.get(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(all(&app, "audit_logs", doc! { "target_id": &id }).await.len(), 1);
}

#[tokio::test]
async fn an_incident_is_taken_and_resolved_on_its_page() {
    let app = TestApp::new().await;
    adopted(&app, "ana@example.com", Role::Staff, |_| {}).await;
    happens(&app, &[down("tienda"), broken("issue:1")]).await;
    let id = id_of(&app, "system_notifications", "CAÍDO: tienda").await;
    let path = format!("{LIST}/{id}");
    let mut browser = signed_in(&app, "ana@example.com").await;
    let list = browser.get(LIST).await.text();
    let pinned = list.split(r#"data-testid="notices-pinned""#).nth(1).expect("criticals stand on top");
    assert!(pinned.contains("CAÍDO: tienda"));
    assert_eq!(browser.post(&format!("{path}/tomar"), &[]).await.location(), path);
    let page = browser.get(&path).await.text();
    assert!(
        page.contains("Lo tomó") && page.contains("Ana Benítez") && page.contains("Tomaste el incidente"),
        "{page}"
    );
    assert!(!page.contains(r#"data-testid="notice-acknowledge""#), "it can't be taken twice");
    assert!(!browser.get(LIST).await.text().contains("notices-pinned"), "taken: nothing is pinned");
    browser.post(&format!("{path}/resolver"), &[]).await;
    let page = browser.get(&path).await.text();
    assert!(page.contains("Lo resolvió") && !page.contains(r#"data-testid="notice-resolve""#), "{page}");
    browser.post(&format!("{path}/tomar"), &[]).await;
    assert!(browser.get(&path).await.text().contains("El incidente ya había cambiado"));
}

#[tokio::test]
async fn a_silence_asks_for_a_reason_keeps_what_was_typed_and_can_be_ended() {
    let app = TestApp::new().await;
    adopted(&app, "ana@example.com", Role::Staff, |_| {}).await;
    happens(&app, &[broken("issue:1")]).await;
    let id = id_of(&app, "system_notifications", "Sentry: TypeError en issue:1").await;
    let path = format!("{LIST}/{id}");
    let mut browser = signed_in(&app, "ana@example.com").await;
    let silencing = format!("{path}/silenciar");
    browser.post(&silencing, &[("what", "source"), ("hours", "24"), ("reason", "x")]).await;
    let page = browser.get(&path).await.text();
    assert!(page.contains("Escribí el motivo") && page.contains(r#"<option value="source" selected"#), "{page}");
    browser.post(&silencing, &[("what", "source"), ("hours", "5"), ("reason", "mantenimiento")]).await;
    assert!(browser.get(&path).await.text().contains("Elegí cuánto dura"));
    browser.post(&silencing, &[("what", "source"), ("hours", "24"), ("reason", "mantenimiento")]).await;
    let page = browser.get(&path).await.text();
    assert!(page.contains("Silenciado hasta") && page.contains("mañana, 09:00"), "{page}");
    let silences = browser.get(&format!("{LIST}/silencios")).await.text();
    assert!(silences.contains("mantenimiento") && silences.contains("Sentry") && silences.contains("vigente"));
    let silence = all(&app, "notification_silences", doc! {}).await[0].get_str("_id").unwrap().to_owned();
    browser.post(&format!("{LIST}/silencios/{silence}/terminar"), &[]).await;
    let silences = browser.get(&format!("{LIST}/silencios")).await.text();
    assert!(silences.contains("terminado") && !silences.contains(r#"data-testid="silence-end""#));
    let nothing = browser.post(&format!("{LIST}/silencios"), &[("hours", "1"), ("reason", "todo")]).await;
    assert_eq!(nothing.location(), format!("{LIST}/silencios"));
    assert!(browser.get(&format!("{LIST}/silencios")).await.text().contains("Elegí al menos un criterio"));
}

#[tokio::test]
async fn filters_are_in_the_address_and_pages_follow_each_other() {
    let app = TestApp::new().await;
    adopted(&app, "ana@example.com", Role::Staff, |_| {}).await;
    let many: Vec<_> = (0..45).map(|n| broken(&format!("issue:{n}"))).collect();
    happens(&app, &many).await;
    happens(&app, &[down("tienda")]).await;
    let mut browser = signed_in(&app, "ana@example.com").await;
    let rows = |page: &str| page.matches(r#"data-testid="notice-row""#).count();
    assert_eq!(rows(&browser.get(&format!("{LIST}?source=uptimerobot&severity=critical")).await.text()), 1);
    assert_eq!(rows(&browser.get(&format!("{LIST}?type=backup_failed")).await.text()), 0);
    let mut next = format!("{LIST}?source=sentry&unread=1");
    let mut seen = Vec::new();
    loop {
        let page = browser.get(&next).await.text();
        assert!(page.contains("45 avisos"), "{page}");
        seen.push(rows(&page));
        let Some(link) = page.split("<a ").find(|link| link.contains(r#"data-testid="pager-next""#)) else { break };
        next = link.split(r#"href=""#).nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
    }
    assert_eq!(seen, [20, 20, 5]);
    assert!(browser.get(&format!("{LIST}?severity=fatal")).await.text().contains("notices-problem"));
    assert_eq!(badge(&browser.get("/admin").await).as_deref(), Some("9+"));
}

#[tokio::test]
async fn own_notices_are_nobody_elses() {
    let app = TestApp::new().await;
    let ana = adopted(&app, "ana@example.com", Role::Creator, |_| {}).await;
    adopted(&app, "bea@example.com", Role::Superadmin, |_| {}).await;
    happens(&app, &[own(&ana, "1"), own(&ana, "2")]).await;
    let found = all(&app, "notifications", doc! {}).await;
    let id = found[0].get_str("id").unwrap().to_owned();
    let mut bea = signed_in(&app, "bea@example.com").await;
    assert_eq!(bea.get(&format!("/notificaciones/{id}")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(bea.post("/notificaciones/leer", &[("id", &id)]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(bea.post(&format!("/notificaciones/{id}/eliminar"), &[]).await.status, StatusCode::NOT_FOUND);
    assert!(bea.get("/notificaciones").await.text().contains(r#"data-testid="personal-none""#));
    assert_eq!(all(&app, "notifications", doc! { "is_read": false }).await.len(), 2);

    let mut browser = signed_in(&app, "ana@example.com").await;
    let page = browser.get("/notificaciones").await;
    assert_eq!(badge(&page).as_deref(), Some("2"));
    assert_eq!(page.text().matches(r#"data-testid="personal-row""#).count(), 2);
    assert_eq!(browser.get(&format!("/notificaciones/{id}")).await.location(), "/mi-perfil", "opens what it is about");
    let unread = browser.get("/notificaciones?unread=1").await;
    assert_eq!(badge(&unread).as_deref(), Some("1"));
    assert_eq!(unread.text().matches(r#"data-testid="personal-row""#).count(), 1);
    browser.post("/notificaciones/leer-todas", &[]).await;
    assert_eq!(badge(&browser.get("/notificaciones").await), None);
    browser.post(&format!("/notificaciones/{id}/eliminar"), &[]).await;
    assert_eq!(all(&app, "notifications", doc! {}).await.len(), 1);
}
