//! What leaves the house, when, and what stays in. The clock stands still between steps.

use bson::doc;
use canje::notifications::{Event, SystemNotice};
use canje::values::Role;

use super::{fault, monitor, sentry};
use crate::accounts::{adopted, all, signed_in};
use crate::support::{Browser, TestApp};

const OWNER: &str = "owner@example.com";
const HOUR: u64 = 3_600;

async fn owned() -> TestApp {
    let app = TestApp::new().await;
    adopted(&app, OWNER, Role::Superadmin, |_| {}).await;
    adopted(&app, "gone@example.com", Role::Superadmin, |user| drop(user.insert("status", "suspended"))).await;
    app
}

async fn alerts(app: &TestApp) -> usize {
    app.letters("alert_critical").await.len()
}

async fn settings(app: &TestApp, set: bson::Document) {
    let all = app.app.db.live.collection::<bson::Document>("admin_settings");
    all.update_one(doc! { "_id": "global" }, doc! { "$set": set }).upsert(true).await.unwrap();
}

fn down(number: usize) -> Event {
    Event::MonitorDown(monitor(number, 100))
}

async fn post(app: &TestApp, browser: &mut Browser<'_>, path: &str, form: &[(&str, &str)]) {
    let id = app.notices().await[0].id.clone();
    let answer = browser.post(&format!("/admin/notifications/{id}/{path}"), form).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
}

#[tokio::test]
async fn a_critical_is_mailed_to_active_superadmins_after_the_group_wait() {
    let app = owned().await;
    app.publish(&[down(1), fault(1)]).await;
    app.pass(29).await;
    assert_eq!(alerts(&app).await, 0);
    app.app.clock.advance(std::time::Duration::from_secs(1));
    app.work().await;
    let letters = app.letters("alert_critical").await;
    assert_eq!(letters.len(), 1, "the job enqueued with the notice needs no schedule");
    assert_eq!(letters[0].0, OWNER);
    assert!(letters[0].1.contains("CAÍDO: Sitio 1"), "{letters:?}");
    app.pass(60).await;
    assert_eq!(alerts(&app).await, 1, "and once");
}

#[tokio::test]
async fn a_storm_of_fifty_is_a_handful_of_digests() {
    let app = owned().await;
    for round in 0..6 {
        let events: Vec<_> = (0..50).flat_map(|n| if n % 2 == 0 { [down(n)] } else { [sentry(n, "fatal")] }).collect();
        app.publish(&events[round * 8..(round * 8 + 10).min(50)]).await;
        app.publish(&events).await;
        app.pass(10).await;
    }
    for _ in 0..10 {
        app.pass(60).await;
    }
    assert_eq!(app.notices().await.len(), 50);
    let mails = alerts(&app).await;
    assert!((2..=4).contains(&mails), "{mails} mails, one recipient, two sources");
}

#[tokio::test]
async fn nobody_takes_it_so_it_climbs_and_repeats() {
    let app = owned().await;
    settings(&app, doc! { "alert_recipients": { "system": ["team@example.com"], "escalation": ["boss@example.com"] } })
        .await;
    app.publish(&[down(1)]).await;
    app.pass(30).await;
    app.pass(29 * 60).await;
    let to = |letters: Vec<(String, String)>| letters.into_iter().map(|letter| letter.0).collect::<Vec<_>>();
    assert_eq!(to(app.letters("alert_critical").await), ["team@example.com"]);
    app.pass(30).await;
    assert_eq!(to(app.letters("alert_critical").await), ["team@example.com", "boss@example.com"]);
    assert_eq!(app.notice().await.escalation_level, 2);
    app.pass(3 * HOUR).await;
    assert_eq!(alerts(&app).await, 2);
    app.pass(HOUR).await;
    let mut again = to(app.letters("alert_critical").await).split_off(2);
    again.sort_unstable();
    assert_eq!(again, ["boss@example.com", "team@example.com"], "after four hours both lists hear of it again");
}

#[tokio::test]
async fn whoever_takes_it_stops_the_mail() {
    let app = owned().await;
    let mut browser = signed_in(&app, OWNER).await;
    app.publish(&[down(1)]).await;
    post(&app, &mut browser, "tomar", &[]).await;
    for _ in 0..3 {
        app.pass(2 * HOUR).await;
    }
    assert_eq!(alerts(&app).await, 0);
}

#[tokio::test]
async fn what_comes_and_goes_is_mailed_at_most_once_an_hour() {
    let app = owned().await;
    for minute in 0..50 {
        app.publish(&[Event::MonitorDown(monitor(1, 100 + minute * 60))]).await;
        app.pass(40).await;
        app.publish(&[Event::MonitorUp(monitor(1, 130 + minute * 60))]).await;
        app.pass(20).await;
    }
    assert_eq!(app.notice().await.occurrences, 50);
    assert_eq!(alerts(&app).await, 1);
}

#[tokio::test]
async fn what_is_silenced_stays_in_the_house_until_the_silence_ends() {
    let app = owned().await;
    let mut browser = signed_in(&app, OWNER).await;
    app.publish(&[down(1)]).await;
    post(&app, &mut browser, "silenciar", &[("what", "incident"), ("hours", "1"), ("reason", "mantenimiento")]).await;
    assert!(app.notice().await.is_silenced(app.app.clock.now()), "it is there, and marked");
    app.pass(50 * 60).await;
    assert_eq!(alerts(&app).await, 0);
    app.pass(11 * 60).await;
    assert!(alerts(&app).await > 0);
}

#[tokio::test]
async fn of_two_silences_the_one_that_is_left_goes_on_holding() {
    let app = owned().await;
    let mut browser = signed_in(&app, OWNER).await;
    app.publish(&[down(1)]).await;
    for hours in ["24", "1"] {
        post(&app, &mut browser, "silenciar", &[("what", "incident"), ("hours", hours), ("reason", "mantenimiento")])
            .await;
    }
    let silences = all(&app, "notification_silences", doc! {}).await;
    let longest = silences.iter().max_by_key(|silence| *silence.get_datetime("ends_at").unwrap()).unwrap();
    let marked = app.notice().await.silenced.unwrap();
    assert_eq!(marked.id, longest.get_str("_id").unwrap(), "the longest is what is shown");
    for (left, silence) in [(true, longest), (false, silences.iter().find(|other| *other != longest).unwrap())] {
        let id = silence.get_str("_id").unwrap();
        browser.post(&format!("/admin/notifications/silencios/{id}/terminar"), &[]).await;
        assert_eq!(app.notice().await.is_silenced(app.app.clock.now()), left);
    }
}

#[tokio::test]
async fn an_outage_explains_the_errors_of_its_project() {
    let app = owned().await;
    settings(&app, doc! { "monitor_projects": [{ "monitor": "1", "project": "tienda" }] }).await;
    app.publish(&[down(1)]).await;
    app.pass(30).await;
    assert_eq!(alerts(&app).await, 1);
    app.publish(&[sentry(7, "fatal")]).await;
    let noise = async || -> SystemNotice { app.notices().await.into_iter().find(|n| n.title.contains('7')).unwrap() };
    assert_eq!(noise().await.inhibited_by.as_deref(), Some("monitor_down:1"));
    app.pass(10 * 60).await;
    assert_eq!(alerts(&app).await, 1, "the outage was told; its noise isn't");
    app.publish(&[Event::MonitorUp(monitor(1, 900))]).await;
    app.pass(60).await;
    assert_eq!(noise().await.inhibited_by, None);
    assert_eq!(alerts(&app).await, 2, "what goes on after the outage is told");
}

#[tokio::test]
async fn two_looks_at_the_same_moment_send_one_mail() {
    let app = owned().await;
    app.publish(&[down(1), sentry(1, "fatal")]).await;
    app.app.clock.advance(std::time::Duration::from_secs(30));
    let looks = (0..8).map(|_| canje::notifications::dispatch(&app.app));
    for look in futures::future::join_all(looks).await {
        look.unwrap();
    }
    assert_eq!(alerts(&app).await, 2, "one for each source");
}
