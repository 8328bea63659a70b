//! Telling creators of a new campaign, and brands how many applied.

use bson::doc;
use canje::campaigns::service::set_visible;
use canje::jobs::{self, When};
use canje::news::{DailyApplications, News};
use canje::values::Role;

use super::{Scene, stored, the_campaign};
use crate::accounts::{adopted, all, documents};

async fn creator(scene: &Scene, name: &str, change: bson::Document) {
    let user = adopted(&scene.app, &format!("{name}@example.com"), Role::Creator, |_| {}).await;
    scene.creator(name, &user, change).await;
}

#[tokio::test]
async fn a_new_campaign_is_told_once_to_whoever_wants_to_know() {
    let scene = Scene::new().await;
    creator(&scene, "small", doc! { "social_networks": [] }).await;
    creator(&scene, "quiet", doc! { "notify_new_campaigns": false }).await;
    creator(&scene, "unfinished", doc! { "onboarding_completed": false }).await;
    creator(&scene, "inactive", doc! { "is_active": false }).await;
    scene.set("ugc_campaigns", "campaign", doc! { "requirements": { "min_followers": 5_000_i64 } }).await;
    scene.tell(&[News::CampaignPublished { campaign: the_campaign() }]).await;
    assert_eq!(scene.count("email_logs", doc! { "template": "ugc_e02" }).await, 0, "not in the request");
    scene.app.work().await;
    let told = all(&scene.app, "email_logs", doc! { "template": "ugc_e02" }).await;
    let mut to: Vec<_> = told.iter().map(|row| row.get_str("to_email").unwrap()).collect();
    to.sort_unstable();
    assert_eq!(to, ["creator@example.com", "small@example.com"]);
    let notices = all(&scene.app, "notifications", doc! { "type": "new_campaign" }).await;
    assert_eq!(notices.len(), 1, "a notice only for who meets the requirements");
    assert_eq!(notices[0].get_str("user_id").unwrap(), scene.creator_user);
    let text = told[0].get_str("text").unwrap();
    assert!(text.contains("Contá tu ronda") && !text.contains("**"), "{text}");
    assert!(text.contains("http://127.0.0.1:3000/ugc/campaigns/campaign"), "{text}");
    let report = scene.letter("ugc_e03").await;
    assert!(report.get_str("text").unwrap().contains("Correos en camino: 2"), "{report}");
    let job = canje::news::Broadcast { campaign: the_campaign() };
    jobs::enqueue(&scene.app.app.db, scene.app.app.clock.now(), &job, &When::default()).await.unwrap();
    scene.app.work().await;
    assert_eq!(scene.count("email_logs", doc! { "template": "ugc_e02" }).await, 2, "once per campaign");
}

#[tokio::test]
async fn a_campaign_that_is_hidden_meanwhile_is_told_to_nobody() {
    let scene = Scene::new().await;
    scene.tell(&[News::CampaignPublished { campaign: the_campaign() }]).await;
    scene.set("ugc_campaigns", "campaign", doc! { "visible_to_creators": false }).await;
    scene.app.work().await;
    assert_eq!(scene.count("email_logs", doc! { "template": "ugc_e02" }).await, 0);
    let report = scene.letter("ugc_e03").await;
    assert!(report.get_str("subject").unwrap().contains("Todavía no difundimos"), "{report}");
    assert!(report.get_str("text").unwrap().contains("oculta de creadores"), "{report}");
    let staff = crate::campaigns::staff(&scene.app.app);
    // One that was published by the previous system is no news.
    scene.set("ugc_campaigns", "campaign", doc! { "published_at": stored(crate::support::NOW) }).await;
    for is_visible in [true, false] {
        set_visible(&staff, &the_campaign(), is_visible).await.unwrap();
        scene.app.work().await;
    }
    assert_eq!(scene.count("email_logs", doc! { "template": "ugc_e02" }).await, 0);
    // One that was published here is told when it is shown, once.
    let live = doc! { "status": "live", "timestamp": stored(crate::support::NOW), "by": "user_staff" };
    scene.set("ugc_campaigns", "campaign", doc! { "status_history": [live] }).await;
    for is_visible in [true, false, true] {
        set_visible(&staff, &the_campaign(), is_visible).await.unwrap();
        scene.app.work().await;
    }
    assert_eq!(scene.count("email_logs", doc! { "template": "ugc_e02" }).await, 1);
    let reports = all(&scene.app, "email_logs", doc! { "template": "ugc_e03" }).await;
    assert_eq!(reports.len(), 2);
    assert!(reports[1].get_str("subject").unwrap().starts_with("Difundimos"), "{reports:?}");
}

#[tokio::test]
async fn a_campaign_that_isnt_open_any_more_is_told_to_nobody() {
    let scene = Scene::new().await;
    scene.tell(&[News::CampaignPublished { campaign: the_campaign() }]).await;
    scene.set("ugc_campaigns", "campaign", doc! { "status": "closed" }).await;
    scene.app.work().await;
    assert_eq!(scene.count("email_logs", doc! { "template": "ugc_e02" }).await, 0);
    let report = scene.letter("ugc_e03").await;
    assert!(report.get_str("subject").unwrap().contains("se detuvo"), "{report}");
}

#[tokio::test]
async fn a_brand_reads_once_a_day_how_many_applied_and_never_who() {
    let scene = Scene::new().await;
    scene.set("ugc_applications", "application", doc! { "applied_at": stored("2099-11-22T20:00:00Z") }).await;
    scene
        .application("second", doc! { "id": "second", "creator_id": "b", "applied_at": stored("2099-11-23T02:59:59Z") })
        .await;
    scene
        .application("today", doc! { "id": "today", "creator_id": "c", "applied_at": stored("2099-11-23T03:00:00Z") })
        .await;
    for _ in 0..2 {
        let (db, now) = (&scene.app.app.db, scene.app.app.clock.now());
        jobs::enqueue(db, now, &DailyApplications::default(), &When::default()).await.unwrap();
        scene.app.work().await;
    }
    let letter = scene.letter("ugc_e11").await;
    assert_eq!(letter.get_str("to_email").unwrap(), "brand@example.com");
    assert_eq!(letter.get_str("sender_type").unwrap(), "brands");
    let text = letter.get_str("text").unwrap();
    assert!(text.contains("Mate de verano: 2 postulaciones nuevas") && !text.contains("Benítez"), "{text}");
}

#[tokio::test]
async fn a_brand_is_told_of_the_days_nobody_was_there_to_tell_it() {
    let scene = Scene::new().await;
    let digest = async || {
        let (db, now) = (&scene.app.app.db, scene.app.app.clock.now());
        jobs::enqueue(db, now, &DailyApplications::default(), &When::default()).await.unwrap();
        scene.app.work().await;
        let mut letters = all(&scene.app, "email_logs", doc! { "template": "ugc_e11" }).await;
        letters.sort_by_key(|letter| letter.get_str("dedupe_key").unwrap().to_owned());
        letters.iter().map(|letter| letter.get_str("text").unwrap().to_owned()).collect::<Vec<_>>()
    };
    for day in ["15", "16", "18", "20", "22"] {
        let at = stored(&format!("2099-11-{day}T12:00:00Z"));
        scene.application(day, doc! { "creator_id": day, "applied_at": at }).await;
    }
    let mirror = doc! {
        "_id": "mirror", "state": "finished", "source": "legacy", "since": stored("2099-11-01T12:00:00Z"),
        "finished_at": stored("2099-11-18T15:00:00Z"),
    };
    documents(&scene.app, "adopt_state").insert_one(&mirror).await.unwrap();
    let letters = digest().await;
    assert_eq!(letters.len(), 3, "not of the days of the previous system: {letters:?}");
    assert!(letters[0].contains("Llegaron el miércoles 18 nov."), "{}", letters[0]);
    assert!(letters[1].contains("Llegaron el viernes 20 nov."), "{}", letters[1]);
    assert!(letters[2].contains("Llegaron ayer."), "{}", letters[2]);
    assert_eq!(digest().await, letters, "each day goes once");
    documents(&scene.app, "adopt_state").delete_one(doc! { "_id": "mirror" }).await.unwrap();
    assert_eq!(digest().await.len(), 4, "a week back and no further");
}
