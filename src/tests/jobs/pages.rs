//! `/admin/jobs`.

use std::time::Duration;

use bson::doc;
use canje::jobs::trial::Ledger;
use canje::jobs::{When, enqueue};
use canje::values::Role;
use http::StatusCode;

use super::{Gated, Working, all, begun_registry};
use crate::accounts::{adopted, signed_in};
use crate::support::{TestApp, eventually};

async fn dies(app: &TestApp, number: i64) -> String {
    let job = Ledger { number, takes_ms: 0, fails: true };
    enqueue(&app.db.db, app.app.clock.now(), &job, &When::default()).await.unwrap();
    for _ in 0..6 {
        app.work().await;
        app.app.clock.advance(Duration::from_secs(3_600));
    }
    let dead = all(app, "job_runs", doc! { "status": "dead" }).await;
    dead.last().expect("a dead letter").get_str("_id").unwrap().to_owned()
}

async fn open_notices(app: &TestApp) -> usize {
    all(app, "system_notifications", doc! { "type": "job_failed", "is_open": true }).await.len()
}

#[tokio::test]
async fn a_poisoned_job_ends_in_dead_letters_and_raises_a_notice() {
    let app = TestApp::new().await;
    adopted(&app, "admin@example.com", Role::Superadmin, |_| {}).await;
    let id = dies(&app, 1).await;
    assert_eq!(open_notices(&app).await, 1);
    let mut browser = signed_in(&app, "admin@example.com").await;
    let page = browser.get("/admin/jobs").await.text();
    assert!(page.contains(r#"data-testid="job-dead""#) && page.contains("this job always fails"), "{page}");
    let page = browser.get(&format!("/admin/jobs/runs/{id}")).await.text();
    assert!(page.contains(r#"data-testid="job-retry""#) && page.contains("Sin resolver"), "{page}");

    // Tried again it fails again; discarded it is over, and so is the incident.
    assert_eq!(browser.post(&format!("/admin/jobs/runs/{id}/retry"), &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(all(&app, "jobs", doc! { "revived": true }).await.len(), 1);
    for _ in 0..6 {
        app.work().await;
        app.app.clock.advance(Duration::from_secs(3_600));
    }
    assert_eq!(all(&app, "job_runs", doc! { "status": "dead", "_id": &id }).await.len(), 1);
    // Hours have passed, and with them the session.
    let mut browser = signed_in(&app, "admin@example.com").await;
    assert_eq!(browser.post(&format!("/admin/jobs/runs/{id}/discard"), &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(open_notices(&app).await, 0, "nothing of this job is dead any more");
    assert_eq!(
        browser.post(&format!("/admin/jobs/runs/{id}/retry"), &[]).await.status,
        StatusCode::CONFLICT,
        "what is discarded can't be tried again"
    );
    let actions = all(&app, "audit_logs", doc! { "target_type": "job" }).await;
    let actions: Vec<_> = actions.iter().map(|row| row.get_str("action").unwrap().to_owned()).collect();
    assert_eq!(actions, ["job_retried", "job_discarded"]);
}

#[tokio::test]
async fn a_dead_job_that_is_retried_and_done_ends_the_incident() {
    let app = TestApp::new().await;
    adopted(&app, "admin@example.com", Role::Superadmin, |_| {}).await;
    let id = dies(&app, 7).await;
    let mended = doc! { "$set": { "letter.data.fails": false } };
    let runs = app.db.db.live.collection::<bson::Document>("job_runs");
    runs.update_one(doc! { "_id": &id }, mended).await.unwrap();
    let mut browser = signed_in(&app, "admin@example.com").await;
    browser.post(&format!("/admin/jobs/runs/{id}/retry"), &[]).await;
    assert_eq!(app.work().await.done, 1);
    assert_eq!(open_notices(&app).await, 0);
    assert_eq!(all(&app, "trial_ledger", doc! { "_id": 7_i64, "effect": 1 }).await.len(), 1);
    assert_eq!(all(&app, "job_runs", doc! { "_id": &id, "status": "done" }).await.len(), 1);
}

#[tokio::test]
async fn a_job_runs_now_when_somebody_who_may_asks() {
    let app = TestApp::new().await;
    adopted(&app, "admin@example.com", Role::Superadmin, |_| {}).await;
    adopted(&app, "other@example.com", Role::Admin, |_| {}).await;
    let job = app.app.jobs.schedules()[0].job;
    let mut other = signed_in(&app, "other@example.com").await;
    let page = other.get("/admin/jobs").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text().contains(r#"data-testid="job-run-now""#), "what one may not do isn't offered");
    assert_eq!(other.post("/admin/jobs/run", &[("job", job)]).await.status, StatusCode::FORBIDDEN);

    let mut browser = signed_in(&app, "admin@example.com").await;
    assert!(browser.get("/admin/jobs").await.text().contains(r#"data-testid="job-run-now""#));
    assert_eq!(browser.post("/admin/jobs/run", &[("job", "no.job")]).await.status, StatusCode::NOT_FOUND);
    let answer = browser.post("/admin/jobs/run", &[("job", job)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let run = answer.location().to_owned();
    assert!(browser.get(&run).await.text().contains("En cola"));
    assert_eq!(browser.get(&format!("{run}/live")).await.headers["x-live"], "on");
    app.work().await;
    let page = browser.get(&run).await.text();
    assert!(page.contains("Terminada") && page.contains("Ana Benítez"), "{page}");
    assert_eq!(browser.get(&format!("{run}/live")).await.headers["x-live"], "over");
    assert_eq!(all(&app, "audit_logs", doc! { "action": "job_run_requested", "target_id": job }).await.len(), 1);
    assert_eq!(browser.get("/admin/jobs/runs/nope").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_run_can_be_cancelled_while_it_waits_and_while_it_runs() {
    let app = TestApp::new().await;
    adopted(&app, "admin@example.com", Role::Superadmin, |_| {}).await;
    let mut browser = signed_in(&app, "admin@example.com").await;
    let job = app.app.jobs.schedules()[0].job;
    let run = browser.post("/admin/jobs/run", &[("job", job)]).await.location().to_owned();
    assert_eq!(browser.post(&format!("{run}/cancel"), &[]).await.status, StatusCode::SEE_OTHER);
    assert!(browser.get(&run).await.text().contains("Cancelada"));
    assert!(all(&app, "jobs", doc! {}).await.is_empty());
    assert_eq!(browser.post(&format!("{run}/cancel"), &[]).await.status, StatusCode::CONFLICT);

    let worker = Working::start(&app.app, begun_registry());
    let job = Gated { name: "held".into() };
    enqueue(&app.db.db, app.app.clock.now(), &job, &When::default()).await.unwrap();
    let held = eventually("it runs", async || all(&app, "jobs", doc! { "state": "running" }).await.pop()).await;
    let id = held.get_str("run_id").unwrap();
    // A run without a row has no page; it gets one as soon as it says something.
    let row = doc! {
        "_id": id, "job": "test.gated", "status": "running", "created_at": bson::DateTime::now(),
        "attempts": 1, "log": [],
    };
    app.db.db.live.collection("job_runs").insert_one(row).await.unwrap();
    let cancelled = browser.post(&format!("/admin/jobs/runs/{id}/cancel"), &[]).await;
    assert_eq!(cancelled.status, StatusCode::SEE_OTHER);
    eventually("it ends", async || all(&app, "jobs", doc! {}).await.is_empty().then_some(())).await;
    worker.stop().await;
}

#[tokio::test]
async fn runs_page_by_key_and_filter_by_job_and_status() {
    let app = TestApp::new().await;
    adopted(&app, "admin@example.com", Role::Superadmin, |_| {}).await;
    let at = |minute: i64| bson::DateTime::from_millis(app.app.clock.now().as_millisecond() - minute * 60_000);
    let rows: Vec<_> = (0..45_i64)
        .map(|n| {
            doc! {
                "_id": format!("r{n:02}"), "job": if n % 3 == 0 { "a.b" } else { "c.d" },
                "status": if n % 9 == 0 { "cancelled" } else { "done" },
                // Some of the same instant, some of long ago.
                "created_at": at(if n < 20 { n / 2 } else { n * 1_000 }), "attempts": 1, "log": [],
            }
        })
        .collect();
    app.db.db.live.collection("job_runs").insert_many(rows).await.unwrap();
    let mut browser = signed_in(&app, "admin@example.com").await;
    let mut page = browser.get("/admin/jobs").await.text();
    let mut sizes = Vec::new();
    let ids = |page: &str| -> Vec<String> {
        page.split(r#"href="/admin/jobs/runs/"#).skip(1).map(|at| at.split('"').next().unwrap().into()).collect()
    };
    let mut seen = ids(&page);
    sizes.push(seen.len());
    while let Some(next) = link(&page, "pager-next") {
        page = browser.get(next.trim_end_matches("#runs")).await.text();
        sizes.push(ids(&page).len());
        seen.extend(ids(&page));
    }
    assert_eq!(sizes, [20, 20, 5]);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 45);
    let back = link(&page, "pager-previous").unwrap();
    assert_eq!(ids(&browser.get(back.trim_end_matches("#runs")).await.text()).len(), 20);
    for (query, count) in [("job=a.b", 15), ("status=cancelled", 5), ("job=c.d&status=cancelled", 0)] {
        let page = browser.get(&format!("/admin/jobs?{query}")).await.text();
        assert_eq!(page.matches(r#"data-testid="job-run""#).count(), count, "{query}");
    }
}

fn link(page: &str, testid: &str) -> Option<String> {
    let anchor = page.split("<a ").find(|anchor| anchor.contains(&format!(r#"data-testid="{testid}""#)))?;
    Some(anchor.split(r#"href=""#).nth(1)?.split('"').next()?.replace("&amp;", "&"))
}
