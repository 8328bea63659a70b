//! `/admin/settings`: saved field by field, refused with what was typed, on record.

use bson::{Document, doc};
use canje::settings::{self, Settings};
use canje::values::Role;

use crate::accounts::{adopted, all, signed_in};
use crate::support::{Answer, Browser, TestApp};

const PATH: &str = "/admin/settings";

async fn stored(app: &TestApp) -> Settings {
    settings::load(&app.app.db).await.unwrap()
}

async fn save(browser: &mut Browser<'_>, fields: &[(&str, &str)]) -> Answer {
    let answer = browser.post(&format!("{PATH}/avisos"), fields).await;
    assert_eq!((answer.status.as_u16(), answer.location()), (303, PATH));
    browser.get(PATH).await
}

#[tokio::test]
async fn legacy_saving_was_not_audited() {
    let app = TestApp::new().await;
    adopted(&app, "ana@example.com", Role::Admin, |_| {}).await;
    let mut browser = signed_in(&app, "ana@example.com").await;
    save(&mut browser, &[("rev", "0"), ("system", "Team@example.com"), ("repeat_hours", "8")]).await;
    let settings = stored(&app).await;
    assert_eq!(settings.alert_recipients.system, ["team@example.com"]);
    assert_eq!((settings.alert_times.repeat_hours, settings.rev), (8, 1));
    let rows = all(&app, "audit_logs", doc! { "action": "settings_changed" }).await;
    let details = rows[0].get_document("details").unwrap();
    assert_eq!(details.get_document("before").unwrap(), &doc! { "system": [], "repeat_hours": 4_i64 });
    assert_eq!(details.get_document("after").unwrap(), &doc! { "system": ["team@example.com"], "repeat_hours": 8_i64 });
    let document = app.app.db.live.collection::<Document>("admin_settings").find_one(doc! {}).await.unwrap().unwrap();
    assert_eq!(
        document.keys().collect::<Vec<_>>(),
        ["_id", "alert_recipients", "alert_times", "rev"],
        "fields, not all"
    );
}

#[tokio::test]
async fn a_refused_save_keeps_what_was_typed_and_saves_nothing() {
    let app = TestApp::new().await;
    adopted(&app, "ana@example.com", Role::Admin, |_| {}).await;
    let mut browser = signed_in(&app, "ana@example.com").await;
    let page = save(&mut browser, &[("rev", "0"), ("system", "team@example.com\nnobody"), ("repeat_hours", "0")]).await;
    let page = page.text();
    assert!(page.contains("team@example.com\nnobody") && page.contains("No son direcciones de correo: nobody."));
    assert_eq!(stored(&app).await, Settings::default());
    let answer = browser.post(&format!("{PATH}/avisos"), &[("rev", "0"), ("is_admin", "1")]).await;
    assert_eq!(answer.status, 400, "unknown fields are refused");
}

#[tokio::test]
async fn whoever_saves_second_sees_it_first() {
    let app = TestApp::new().await;
    adopted(&app, "ana@example.com", Role::Admin, |_| {}).await;
    let mut browser = signed_in(&app, "ana@example.com").await;
    save(&mut browser, &[("rev", "0"), ("repeat_hours", "8")]).await;
    let page = save(&mut browser, &[("rev", "0"), ("repeat_hours", "12")]).await.text();
    assert!(page.contains("Alguien guardó otros ajustes") && page.contains("value=\"12\""));
    assert_eq!(stored(&app).await.alert_times.repeat_hours, 8);
    save(&mut browser, &[("rev", "1"), ("repeat_hours", "12")]).await;
    assert_eq!(stored(&app).await.alert_times.repeat_hours, 12);
}

#[tokio::test]
async fn whoever_may_only_read_is_shown_and_not_asked() {
    let app = TestApp::new().await;
    adopted(&app, "beto@example.com", Role::Staff, |_| {}).await;
    adopted(&app, "dora@example.com", Role::Designer, |_| {}).await;
    let mut staff = signed_in(&app, "beto@example.com").await;
    let page = staff.get(PATH).await.text();
    assert!(page.contains("settings-read-only") && !page.contains("settings-save"));
    for path in ["avisos", "probar"] {
        assert_eq!(staff.post(&format!("{PATH}/{path}"), &[("rev", "0")]).await.status, 403);
    }
    assert_eq!(signed_in(&app, "dora@example.com").await.get(PATH).await.status, 403);
}

#[tokio::test]
async fn every_channel_can_be_tried() {
    let app = TestApp::with(|environment| {
        environment.insert("SMTP_URL", "smtp://127.0.0.1:1".into());
        environment.insert("TWILIO_ACCOUNT_SID", "AC0".into());
        environment.insert("TWILIO_AUTH_TOKEN", "never-shown".into());
        environment.insert("TWILIO_WHATSAPP_FROM", "+595981000000".into());
    })
    .await;
    adopted(&app, "owner@example.com", Role::Superadmin, |_| {}).await;
    let mut browser = signed_in(&app, "owner@example.com").await;
    let page = browser.get(PATH).await.text();
    for testid in ["settings-test-in_app", "settings-test-email", "settings-test-whatsapp", "settings-test-sentry"] {
        assert!(page.contains(testid), "{testid}");
    }
    assert!(!page.contains("smtp://") && !page.contains("never-shown"), "never a value");
    browser.post(&format!("{PATH}/probar"), &[("channel", "in_app")]).await;
    assert_eq!(app.notice().await.kind.as_str(), "system_info");
    browser.post(&format!("{PATH}/probar"), &[("channel", "email")]).await;
    assert_eq!(app.letters("test_message").await[0].0, "owner@example.com");
    browser.post(&format!("{PATH}/probar"), &[("channel", "whatsapp"), ("phone", "098112")]).await;
    let page = browser.get(PATH).await.text();
    assert!(page.contains("celular de Paraguay") && page.contains("098112"), "told, and still there");
    assert!(all(&app, "whatsapp_logs", doc! {}).await.is_empty());
    browser.post(&format!("{PATH}/probar"), &[("channel", "whatsapp"), ("phone", "0981 123 456")]).await;
    let sent = all(&app, "whatsapp_logs", doc! { "to_phone": "+595981123456", "template": "test_message" }).await;
    assert_eq!(sent.len(), 1);
    assert_eq!(all(&app, "audit_logs", doc! { "action": "alert_tested" }).await.len(), 3);
    assert_eq!(browser.post(&format!("{PATH}/probar"), &[("channel", "fax")]).await.status, 400);
}
