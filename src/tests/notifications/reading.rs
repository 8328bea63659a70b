//! Who has read what, and what the old system did wrong about it.

use bson::{Document, doc};
use canje::notifications::{Event, NoticeType, Severity, SystemNotice, cli};
use canje::values::Role;

use super::{fault, monitor};
use crate::accounts::{adopted, all, signed_in};
use crate::support::TestApp;

async fn read_by(app: &TestApp, id: &str) -> Vec<String> {
    app.notices().await.into_iter().find(|notice| notice.id == id).unwrap().read_by
}

#[tokio::test]
async fn legacy_a_notice_counted_as_read_when_anyone_had_read_it() {
    let app = TestApp::new().await;
    let ana = adopted(&app, "ana@example.com", Role::Admin, |_| {}).await;
    let beto = adopted(&app, "beto@example.com", Role::Staff, |_| {}).await;
    app.publish(&[fault(1), fault(2)]).await;
    let id = app.notices().await[0].id.clone();
    signed_in(&app, "ana@example.com").await.post("/admin/notifications/leer", &[("id", &id), ("back", "")]).await;
    assert_eq!(read_by(&app, &id).await, [ana.as_str()]);
    let notices = app.notices().await;
    assert!(notices.iter().all(|notice| notice.is_unread_by(&beto)), "another person's reading changes nothing for me");
    let mut browser = signed_in(&app, "beto@example.com").await;
    browser.post("/admin/notifications/leer-todas", &[("back", "")]).await;
    browser.post("/admin/notifications/leer-todas", &[("back", "")]).await;
    assert_eq!(read_by(&app, &id).await, [ana, beto.clone()]);
    assert_eq!(read_by(&app, &notices[1].id).await, [beto], "and each person once");
}

#[tokio::test]
async fn legacy_deleting_existed_in_code_with_no_button() {
    let app = TestApp::new().await;
    adopted(&app, "owner@example.com", Role::Superadmin, |_| {}).await;
    adopted(&app, "admin@example.com", Role::Admin, |_| {}).await;
    app.publish(&[fault(1)]).await;
    let id = app.notice().await.id;
    let path = format!("/admin/notifications/{id}/eliminar");
    let mut admin = signed_in(&app, "admin@example.com").await;
    assert_eq!(admin.post(&path, &[]).await.status, 403);
    let mut owner = signed_in(&app, "owner@example.com").await;
    let page = owner.get(&format!("/admin/notifications/{id}")).await.text();
    assert!(page.contains(&path), "the superadmin's page offers it");
    owner.post(&path, &[]).await;
    assert!(app.notices().await.is_empty());
    assert_eq!(all(&app, "audit_logs", doc! { "action": "notice_deleted" }).await.len(), 1);
}

#[tokio::test]
async fn legacy_two_collections_held_personal_notices() {
    let collections = canje::serve::collections();
    let holding = |name: &str| collections.iter().filter(|declared| declared.collection == name).count();
    assert_eq!((holding("notifications"), holding("ugc_notifications")), (1, 0));
}

#[tokio::test]
async fn taking_and_resolving_is_on_record_with_who_and_when() {
    let app = TestApp::new().await;
    let ana = adopted(&app, "ana@example.com", Role::Staff, |_| {}).await;
    app.publish(&[Event::MonitorDown(monitor(1, 100))]).await;
    let id = app.notice().await.id;
    let mut browser = signed_in(&app, "ana@example.com").await;
    for _ in 0..2 {
        browser.post(&format!("/admin/notifications/{id}/tomar"), &[]).await;
    }
    let notice = app.notice().await;
    assert_eq!(notice.acknowledged_by.as_ref().map(|by| &*by.user_id), Some(&*ana));
    assert!(!notice.is_pinned());
    browser.post(&format!("/admin/notifications/{id}/resolver"), &[]).await;
    let notice = app.notice().await;
    assert_eq!(notice.resolved_by.map(|by| by.user_id), Some(ana));
    for action in ["notice_acknowledged", "notice_resolved"] {
        assert_eq!(all(&app, "audit_logs", doc! { "action": action }).await.len(), 1, "{action}");
    }
}

#[tokio::test]
async fn an_imported_notice_without_the_newer_fields_is_readable() {
    // What adoption will write at least; everything newer has its default.
    let at = bson::DateTime::from_millis(1_795_000_000_000);
    let row = doc! {
        "_id": bson::oid::ObjectId::new(), "id": "n", "type": "backup_failed", "title": "Backup", "message": "",
        "severity": "critical", "source": "canje", "created_at": at, "fingerprint": "f", "dedupe_key": "f",
        "state": "resolved", "is_open": false, "occurrences": 1_i64, "first_seen_at": at, "last_seen_at": at,
        "sort_at": at, "expires_at": at,
    };
    let notice: SystemNotice = bson::deserialize_from_document(row).unwrap();
    assert_eq!((notice.kind, notice.severity, notice.rev), (NoticeType::BackupFailed, Severity::Critical, 0));
}

#[tokio::test]
async fn the_command_lists_notices_as_json_newest_first() {
    let app = TestApp::new().await;
    app.publish(&[fault(1)]).await;
    app.app.clock.advance(std::time::Duration::from_secs(1));
    app.publish(&[Event::MonitorDown(monitor(1, 100)), Event::MonitorDown(monitor(1, 100))]).await;
    let mut notices = app.notices().await;
    notices.reverse();
    let listed: Document = serde_json::from_str(&cli::as_json(&notices)).unwrap();
    let listed = listed.get_array("notifications").unwrap();
    let first = listed[0].as_document().unwrap();
    assert_eq!(first.get_str("title").ok(), Some("CAÍDO: Sitio 1"));
    assert_eq!(first.keys().collect::<Vec<_>>(), ["id", "type", "severity", "title", "state", "occurrences"]);
    assert_eq!(listed.len(), 2);
}
