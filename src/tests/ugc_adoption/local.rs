//! What people changed here after adoption, and what refuses while the database is a mirror.

use bson::doc;
use canje::adopt::{RuleReport, state};
use canje::applications::Application;
use canje::db::Stored;

use super::{demo, raw, rule};

#[tokio::test]
async fn an_application_changed_here_is_kept_and_named() {
    let legacy = demo().await;
    legacy.adoption().run().await.unwrap();
    let id = "f54a51af-34b7-439c-9d34-abecbab1658a";
    let live = legacy.db().live.collection::<bson::Document>(Application::COLLECTION);
    let changed = live.update_one(doc! { "id": id }, doc! { "$set": { "motivation": "Cambiada acá" } }).await.unwrap();
    assert_eq!(changed.matched_count, 1);
    let again = legacy.adoption().run().await.unwrap();
    let applications: &RuleReport = rule(&again, "applications");
    assert_eq!(applications.kept, 1);
    let kept: Vec<_> = applications.findings.iter().filter(|one| one.code == "kept_local_change").collect();
    assert_eq!(kept.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), [id]);
    assert_eq!(raw(&legacy, Application::COLLECTION, id).await.get_str("motivation").unwrap(), "Cambiada acá");
    assert!(state::is_mirroring(legacy.db()).await.unwrap());
}

#[tokio::test]
async fn a_changed_source_is_followed_by_everything_that_depends_on_it() {
    let legacy = demo().await;
    legacy.adoption().run().await.unwrap();
    let applications = legacy.rows("ugc_applications");
    let applied = applications
        .find_one(doc! { "status": "applied", "campaign_id": "54d3db61-7777-4bd1-bf2b-6fdf50378159" })
        .await
        .unwrap()
        .unwrap();
    let at = "2026-02-01T20:00:00.000000+00:00";
    let confirmed = doc! { "$set": { "status": "confirmed", "confirmed_at": at } };
    applications.update_one(doc! { "_id": applied.get("_id").unwrap() }, confirmed).await.unwrap();
    let again = legacy.adoption().run().await.unwrap();
    assert_eq!((rule(&again, "applications").written, rule(&again, "campaigns").written), (1, 1));
    assert_eq!(rule(&again, "creators").written, 1, "her figures count it");
    assert_eq!(rule(&again, "applications").count_of("app.confirmed_without_delivery"), 1);
    let campaign = raw(&legacy, "ugc_campaigns", applied.get_str("campaign_id").unwrap()).await;
    assert_eq!(campaign.get_i32("slots_filled").unwrap(), 25);
    let application = raw(&legacy, Application::COLLECTION, applied.get_str("id").unwrap()).await;
    let day = 24 * 60 * 60 * 1000;
    let confirmed = application.get_datetime("confirmed_at").unwrap().timestamp_millis();
    assert_eq!(application.get_datetime("url_deadline").unwrap().timestamp_millis() - confirmed, 10 * day);
    assert_eq!(application.get_datetime("metrics_deadline").unwrap().timestamp_millis() - confirmed, 14 * day);
}
