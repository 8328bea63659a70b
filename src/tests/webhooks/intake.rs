//! Who is let in, what is kept, and what is answered.

use bson::doc;
use http::StatusCode;
use serde_json::Value;

use super::*;
use crate::accounts::all;
use crate::support::eventually;

#[tokio::test]
async fn legacy_defect_nobody_is_let_in_without_a_signature() {
    let app = connected().await;
    let body = alert(4711, "e1", "panic");
    let signature = |secret: &str, body: &str| sign_sentry(&secret.into(), body.as_bytes());
    for (what, request, body) in [
        ("no signature", post("sentry").header("sentry-hook-resource", "event_alert"), body.clone()),
        (
            "another secret",
            post("sentry")
                .header("sentry-hook-resource", "event_alert")
                .header("sentry-hook-signature", signature("another secret", &body)),
            body.clone(),
        ),
        ("re-serialised", from_sentry("event_alert", &body), body.replace("\",\"", "\", \"")),
        ("one byte changed", from_sentry("event_alert", &body), body.replacen("4711", "4712", 1)),
        ("stale", from_sentry_at("event_alert", &body, NOW_SECONDS - 601), body.clone()),
        ("from the future", from_sentry_at("event_alert", &body, NOW_SECONDS + 601), body.clone()),
        ("no token", post("uptimerobot"), monitor("1", NOW_SECONDS).to_string()),
        ("wrong token", post("uptimerobot").header("authorization", "Bearer x"), monitor("1", 1).to_string()),
        ("no svix signature", post("resend"), "{}".into()),
        ("another body", from_resend("msg_1", "{}"), "{ }".into()),
    ] {
        let answer = send(&app, request, body).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{what}: {}", answer.text());
    }
    assert!(stored(&app).await.is_empty(), "counted, not stored");
    eventually("refusals are counted", async || {
        let counts = all(&app, "webhook_counts", doc! {}).await;
        let rejected: i64 = counts.iter().filter_map(|count| count.get_i64("rejected").ok()).sum();
        (rejected == 10).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_delivery_is_stored_before_it_is_answered_and_nothing_personal_with_it() {
    let app = connected().await;
    let body = alert(4711, "e1", "panic: order total mismatch");
    let answer = send(&app, from_sentry("event_alert", &body), body.clone()).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(serde_json::from_str::<Value>(&answer.text()).unwrap(), serde_json::json!({ "status": "stored" }));
    let rows = stored(&app).await;
    let [row] = rows.as_slice() else { panic!("{rows:?}") };
    assert_eq!(row.get_str("source").unwrap(), "sentry");
    assert_eq!(row.get_str("status").unwrap(), "received");
    assert_eq!(row.get_str("object").unwrap(), "issue:4711");
    assert_eq!(row.get_str("body_sha256").unwrap().len(), 64);
    assert!(!row.contains_key("body"), "a readable body isn't kept");
    let kept = row.to_string();
    for private in ["ana@example.com", "sid=secret", &sign_sentry(&SENTRY.into(), body.as_bytes())] {
        assert!(!kept.contains(private), "{private}: {kept}");
    }
    let headers = row.get_document("headers").unwrap();
    assert_eq!(headers.get_str("sentry-hook-resource").unwrap(), "event_alert");
    assert!(headers.contains_key("request-id"));
}

#[tokio::test]
async fn legacy_defect_a_repeated_delivery_is_answered_and_does_nothing() {
    let app = connected().await;
    let body = alert(4711, "e1", "panic");
    for status in ["stored", "repeated", "repeated"] {
        // A new request id and another time: neither is signed.
        let answer = send(&app, from_sentry_at("event_alert", &body, NOW_SECONDS - 60), body.clone()).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(answer.text().contains(status), "{}", answer.text());
    }
    let down = monitor("1", NOW_SECONDS).to_string();
    for _ in 0..3 {
        assert_eq!(send(&app, from_uptimerobot(), down.clone()).await.status, StatusCode::OK);
    }
    settle(&app).await;
    assert_eq!(stored(&app).await.len(), 2);
    let notices = notices(&app).await;
    assert!(notices.iter().all(|notice| notice.get_i64("occurrences").unwrap() == 1), "{notices:?}");
}

#[tokio::test]
async fn repeats_at_the_same_moment_are_one_delivery() {
    let app = connected().await;
    let body = alert(4711, "e1", "panic");
    let sent = (0..40).map(|_| send(&app, from_sentry("event_alert", &body), body.clone()));
    let answers = futures::future::join_all(sent).await;
    assert!(answers.iter().all(|answer| answer.status == StatusCode::OK));
    assert_eq!(answers.iter().filter(|answer| answer.text().contains("stored")).count(), 1);
    assert_eq!(stored(&app).await.len(), 1);
}

#[tokio::test]
async fn legacy_defect_what_cant_be_read_is_refused_or_raised_and_never_lost_behind_a_200() {
    let app = connected().await;
    for body in ["", "[]", "null", "{", "\"x\""] {
        assert_eq!(send(&app, from_sentry("event_alert", body), body).await.status, StatusCode::BAD_REQUEST, "{body}");
        assert_eq!(send(&app, from_resend("msg_1", body), body).await.status, StatusCode::BAD_REQUEST, "{body}");
    }
    let body = alert(1, "e1", "x");
    let mut without = from_sentry("event_alert", &body);
    without.headers_mut().unwrap().remove("sentry-hook-resource");
    assert_eq!(send(&app, without, body).await.status, StatusCode::BAD_REQUEST);
    assert!(stored(&app).await.is_empty());

    let broken = monitor("1", NOW_SECONDS).to_string().replace("Tienda /healthz", "Tienda \"la nueva\"");
    assert_eq!(send(&app, from_uptimerobot(), broken.clone()).await.status, StatusCode::OK);
    let rows = stored(&app).await;
    assert_eq!(rows[0].get_str("body").unwrap(), broken);
    settle(&app).await;
    let notices = notices(&app).await;
    assert_eq!(notices.len(), 1, "raised as unreadable: {notices:?}");
    assert!(notices[0].to_string().contains("ilegible"), "{:?}", notices[0]);
}

#[tokio::test]
async fn large_bodies_are_taken_up_to_the_limit_of_their_source() {
    let app = connected().await;
    let padded = |bytes: usize| {
        let mut value: Value = serde_json::from_str(&alert(4711, "e1", "panic")).unwrap();
        value["data"]["event"]["exception"] = "x".repeat(bytes).into();
        value.to_string()
    };
    let body = padded(300 * 1024);
    assert_eq!(send(&app, from_sentry("event_alert", &body), body.clone()).await.status, StatusCode::OK);
    let body = padded(1024 * 1024);
    assert_eq!(send(&app, from_sentry("event_alert", &body), body.clone()).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let mut large = monitor("1", NOW_SECONDS);
    large["details"] = "x".repeat(100 * 1024).into();
    assert_eq!(send(&app, from_uptimerobot(), large.to_string()).await.status, StatusCode::OK);
    let body = format!(r#"{{"type":"email.sent","x":"{}"}}"#, "x".repeat(256 * 1024));
    assert_eq!(send(&app, from_resend("msg_1", &body), body.clone()).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(stored(&app).await.len(), 2);
}

#[tokio::test]
async fn uptimerobot_may_send_json_a_form_or_a_query_and_its_token_either_way() {
    let app = connected().await;
    let form = |at: i64| {
        format!("monitorID=7&monitorFriendlyName=Tienda&alertType=1&alertDateTime={at}&alertDuration=*alertDuration*")
    };
    let token = |query: String| {
        Request::builder().method(Method::POST).uri(format!("/api/notifications/webhooks/uptimerobot?{query}"))
    };
    let urlencoded = "application/x-www-form-urlencoded";
    for request in [
        (from_uptimerobot(), monitor("1", 1).to_string()),
        (token(format!("token={TOKEN}")).header("content-type", urlencoded), form(2)),
        (token(format!("token={TOKEN}&{}", form(3))), String::new()),
        (token(format!("token={TOKEN}&{}", form(4))).method(Method::GET), String::new()),
    ] {
        let answer = send(&app, request.0, request.1).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    }
    let rows = stored(&app).await;
    assert_eq!(rows.len(), 4);
    for row in &rows {
        assert_eq!(row.get_str("phase").unwrap(), "open");
        assert!(!row.to_string().contains(TOKEN), "{row}");
    }
}

#[tokio::test]
async fn two_secrets_are_good_while_one_replaces_the_other() {
    let app = connected().await;
    let body = alert(4711, "e1", "panic");
    let mut request = from_sentry("event_alert", &body);
    let before = sign_sentry(&SENTRY_BEFORE.into(), body.as_bytes()).parse().unwrap();
    request.headers_mut().unwrap().insert("sentry-hook-signature", before);
    assert_eq!(send(&app, request, body).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_service_without_a_secret_has_no_authentic_delivery() {
    let app = TestApp::new().await;
    let body = alert(4711, "e1", "panic");
    assert_eq!(send(&app, from_sentry("event_alert", &body), body.clone()).await.status, StatusCode::UNAUTHORIZED);
    let down = monitor("1", NOW_SECONDS).to_string();
    assert_eq!(send(&app, from_uptimerobot(), down).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(send(&app, from_resend("msg_1", "{}"), "{}").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn strangers_are_limited_and_authentic_deliveries_never() {
    let app = connected().await;
    let mut statuses = Vec::new();
    for _ in 0..61 {
        statuses.push(send(&app, post("sentry"), "{}").await.status.as_u16());
    }
    assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 60);
    let limited = send(&app, post("sentry"), "{}").await;
    assert_eq!(limited.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(limited.headers.contains_key("retry-after"));
    for n in 0..100 {
        let body = alert(1, &format!("e{n}"), "panic");
        assert_eq!(send(&app, from_sentry("event_alert", &body), body.clone()).await.status, StatusCode::OK);
    }
    app.app.clock.advance(std::time::Duration::from_secs(61));
    assert_eq!(send(&app, post("sentry"), "{}").await.status, StatusCode::UNAUTHORIZED);
}
