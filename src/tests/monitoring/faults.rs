//! Faults reach the notification centre without any external account.

use bson::doc;
use http::StatusCode;

use super::break_page;
use crate::accounts::all;
use crate::support::TestApp;

async fn break_login(app: &TestApp, times: usize) {
    for time in 0..times {
        let token = format!("token{time}");
        break_page(app, &token).await;
        let mut browser = app.browser();
        browser.cookies.insert("__Host-flash".into(), token);
        assert_eq!(browser.get("/login").await.status, StatusCode::INTERNAL_SERVER_ERROR);
    }
}

#[tokio::test]
async fn faults_of_one_kind_and_route_are_one_incident_with_its_count() {
    let app = TestApp::new().await;
    break_login(&app, 3).await;
    app.app.faults.publish(&app.app).await.unwrap();
    let notices = all(&app, "system_notifications", doc! {}).await;
    assert_eq!(notices.len(), 1, "{notices:#?}");
    assert_eq!(notices[0].get_str("type").unwrap(), "error_alert");
    assert_eq!(notices[0].get_i64("occurrences").unwrap(), 3);
    break_login(&app, 2).await;
    app.app.faults.publish(&app.app).await.unwrap();
    app.app.faults.publish(&app.app).await.unwrap();
    let notices = all(&app, "system_notifications", doc! {}).await;
    assert_eq!((notices.len(), notices[0].get_i64("occurrences").unwrap()), (1, 5), "told once each");
}

#[tokio::test]
async fn a_refusal_is_no_fault() {
    let app = TestApp::new().await;
    assert_eq!(app.browser().get("/nope").await.status, StatusCode::NOT_FOUND);
    assert_eq!(app.browser().get("/admin").await.status, StatusCode::SEE_OTHER);
    app.app.faults.publish(&app.app).await.unwrap();
    assert!(all(&app, "system_notifications", doc! {}).await.is_empty());
}
