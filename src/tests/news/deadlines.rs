//! Deadlines that move: the notice at once, the mail later, both only when they are still true.

use bson::{Document, doc};
use canje::db::with_transaction;
use canje::news::{self, DeadlineMove, News};
use canje::values::{ApplicationId, CreatorId, DeliverableId};

use super::{Scene, stored, the_campaign};
use crate::accounts::documents;
use crate::support::NOW;

const CHANGE: &str = "campaign:7";

fn moved(id: &str, creator: &str) -> DeadlineMove {
    DeadlineMove {
        application_id: ApplicationId::of(id),
        deliverable_id: DeliverableId::of(id),
        creator_id: CreatorId::of(creator),
        url: (stored("2099-11-27T18:30:00Z"), stored("2099-11-30T18:30:00Z")),
        metrics: (stored("2099-12-10T18:30:00Z"), stored("2099-12-10T18:30:00Z")),
    }
}

fn changed(moved: Vec<DeadlineMove>) -> News {
    News::DeadlinesChanged { change: CHANGE.into(), campaign: the_campaign(), moved }
}

impl Scene {
    async fn mails(&self, moved: &[DeadlineMove]) {
        let app = &self.app.app;
        with_transaction(&app.db, |session| {
            Box::pin(async move {
                let now = app.clock.now();
                news::deadline_mails_in(session, app, now, CHANGE, &the_campaign(), moved).await
            })
        })
        .await
        .unwrap();
    }

    async fn withdraw(&self, change: &str) {
        let db = &self.app.app.db;
        with_transaction(db, |session| {
            Box::pin(async move { news::withdraw_deadline_notices_in(session, db, change).await })
        })
        .await
        .unwrap();
    }
}

#[tokio::test]
async fn old_and_new_are_said_in_the_bell_at_once_and_by_mail_later() {
    let scene = Scene::new().await;
    let moves = vec![moved("delivery", "creator")];
    scene.tell(&[changed(moves.clone())]).await;
    assert_eq!(scene.count("email_logs", doc! {}).await, 0, "the change may still be undone");
    scene.mails(&moves).await;
    scene.mails(&moves).await;
    let letter = scene.letter("ugc_e18").await;
    let text = letter.get_str("text").unwrap();
    assert!(text.contains("antes vie 27 nov, 15:30 → ahora lun 30 nov, 15:30"), "{text}");
    assert!(!text.contains("jue 10 dic"), "what it didn't move another change may: {text}");
    insta::assert_snapshot!(scene.told().await);
}

#[tokio::test]
async fn an_undone_change_leaves_the_bell_and_another_one_stays() {
    let scene = Scene::new().await;
    let moves = vec![moved("delivery", "creator")];
    scene.tell(&[changed(moves.clone())]).await;
    let other = News::DeadlinesChanged { change: "campaign:77".into(), campaign: the_campaign(), moved: moves };
    scene.tell(&[other]).await;
    scene.withdraw(CHANGE).await;
    assert_eq!(scene.count("notifications", doc! {}).await, 1);
    scene.withdraw("campaign:77").await;
    assert_eq!(scene.count("notifications", doc! {}).await, 0);
}

#[tokio::test]
async fn a_mail_that_would_no_longer_be_true_isnt_sent() {
    let scene = Scene::new().await;
    scene.application("other", doc! { "id": "other", "campaign_id": "campaign", "creator_id": "other" }).await;
    scene.delivery("other", doc! { "status": "cancelled" }).await;
    let mut again = moved("delivery", "creator");
    again.url.1 = stored("2099-11-29T18:30:00Z");
    scene.mails(&[again.clone(), moved("other", "creator")]).await;
    assert_eq!(scene.count("email_logs", doc! {}).await, 0, "moved again, and cancelled");
    // Of two deadlines that moved, the one that still holds is said.
    again.metrics.0 = stored("2099-12-07T18:30:00Z");
    scene.mails(&[again]).await;
    let letter = scene.letter("ugc_e18").await;
    let text = letter.get_str("text").unwrap();
    assert!(text.contains("antes lun 7 dic, 15:30 → ahora jue 10 dic, 15:30") && !text.contains("29 nov"), "{text}");
}

#[tokio::test]
async fn a_thousand_moves_are_told_in_one_transaction() {
    let scene = Scene::new().await;
    let many = 0..1_000;
    let users: Vec<Document> = many
        .clone()
        .map(|n| doc! { "user_id": format!("u{n}"), "email": format!("c{n}@example.com"), "name": "Ana", "role": "creator" })
        .collect();
    documents(&scene.app, "users").insert_many(users).await.unwrap();
    let creators: Vec<Document> = many
        .clone()
        .map(|n| doc! { "id": format!("c{n}"), "user_id": format!("u{n}"), "name": format!("Ana {n}"), "level": "pro" })
        .collect();
    documents(&scene.app, "ugc_creators").insert_many(creators).await.unwrap();
    let deliveries: Vec<Document> = many
        .clone()
        .map(|n| {
            doc! {
                "id": format!("d{n}"), "application_id": format!("d{n}"), "campaign_id": "campaign",
                "status": "awaiting_publish", "created_at": stored(NOW), "creator_id": format!("c{n}"),
                "url_deadline": stored("2099-11-30T18:30:00Z"), "metrics_deadline": stored("2099-12-10T18:30:00Z"),
            }
        })
        .collect();
    documents(&scene.app, "ugc_deliverables").insert_many(deliveries).await.unwrap();
    let moves: Vec<_> = many.map(|n| moved(&format!("d{n}"), &format!("c{n}"))).collect();
    let begun = std::time::Instant::now();
    scene.tell(&[changed(moves.clone())]).await;
    println!("1000 notices: {:?}", begun.elapsed());
    assert_eq!(scene.count("notifications", doc! { "type": "deadline_changed" }).await, 1_000);
    let begun = std::time::Instant::now();
    scene.mails(&moves).await;
    println!("1000 mails: {:?}", begun.elapsed());
    assert_eq!(scene.count("email_logs", doc! { "template": "ugc_e18", "status": "queued" }).await, 1_000);
    assert_eq!(scene.count("jobs", doc! { "job": "mail.send_outbox" }).await, 1, "one sender, not one per letter");
    scene.withdraw(CHANGE).await;
    assert_eq!(scene.count("notifications", doc! {}).await, 0);
}
