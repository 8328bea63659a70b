//! The daily reminders and the team's digest.

use std::time::Duration;

use bson::doc;
use canje::jobs::{self, When};
use canje::news::Reminders;

use super::{Scene, stored};
use crate::accounts::{all, documents};
use crate::support::NOW;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

impl Scene {
    async fn remind(&self) {
        let (db, now) = (&self.app.app.db, self.app.app.clock.now());
        jobs::enqueue(db, now, &Reminders::default(), &When::default()).await.unwrap();
        self.app.work().await;
    }

    async fn reminded(&self) -> Vec<String> {
        let rows = all(&self.app, "email_logs", doc! { "to_email": "creator@example.com" }).await;
        rows.iter().map(|row| row.get_str("template").unwrap().to_owned()).collect()
    }
}

#[tokio::test]
async fn worked_example_15_reminders_from_two_days_before_to_eight_days_after() {
    let scene = Scene::new().await;
    // As the 17th of the example, with today as its 14th: the tests' clock only moves on.
    let due = stored("2099-11-26T18:30:00Z");
    scene.set("ugc_deliverables", "delivery", doc! { "url_deadline": due, "owes_url_by": due }).await;
    let mut sent = Vec::new();
    for day in 14..=27 {
        scene.remind().await;
        scene.remind().await;
        let reminded = scene.reminded().await;
        sent.push(format!("{day}: {}", reminded.join(" ")));
        scene.told().await;
        scene.app.app.clock.advance(DAY);
    }
    let mut expected = vec!["14: ".to_owned()];
    expected.extend((15..=23).map(|day| format!("{day}: ugc_e31")));
    expected.extend(["24: ugc_e32", "25: ugc_e33", "26: ", "27: "].map(str::to_owned));
    assert_eq!(sent, expected);
}

#[tokio::test]
async fn metrics_are_asked_for_once_there_is_a_post_and_never_both_on_a_day() {
    let scene = Scene::new().await;
    let due = stored("2099-11-24T18:30:00Z");
    let both = doc! { "url_deadline": due, "owes_url_by": due, "metrics_deadline": due, "owes_metrics_by": due };
    scene.set("ugc_deliverables", "delivery", both).await;
    scene.remind().await;
    assert_eq!(scene.reminded().await, ["ugc_e31"]);
    let posted = doc! { "status": "published", "instagram_url": "https://www.instagram.com/p/a/", "owes_url_by": null };
    scene.set("ugc_deliverables", "delivery", posted).await;
    scene.remind().await;
    assert_eq!(scene.reminded().await, ["ugc_e31"], "one a day, whichever kind");
    scene.app.app.clock.advance(DAY);
    scene.remind().await;
    assert_eq!(scene.reminded().await, ["ugc_e31", "ugc_e34"]);
    scene.app.app.clock.advance(DAY);
    let waiting = doc! {
        "whose": "creator", "period": "changes", "since": stored("2099-11-23T18:30:00Z"),
        "due_at": stored("2099-11-26T18:30:00Z"), "promised_at": stored("2099-11-26T18:30:00Z"), "escalations": 0,
    };
    scene.set("ugc_deliverables", "delivery", doc! { "status": "changes_requested", "waiting": waiting }).await;
    scene.remind().await;
    assert_eq!(scene.reminded().await, ["ugc_e31", "ugc_e34", "ugc_e31"], "a correction before metrics");
    let last = all(&scene.app, "email_logs", doc! { "template": "ugc_e31" }).await.pop().unwrap();
    assert!(last.get_str("subject").unwrap().contains("corregir tu publicación"), "{last}");
}

#[tokio::test]
async fn a_correction_is_asked_for_by_the_time_that_was_promised_for_it() {
    let scene = Scene::new().await;
    // The address came weeks ago; changes were asked for yesterday.
    let promised = stored("2099-11-27T12:00:00Z");
    let waiting = doc! {
        "whose": "creator", "period": "changes", "since": stored("2099-11-22T12:00:00Z"), "due_at": promised,
        "promised_at": promised, "escalations": 0,
    };
    let change = doc! {
        "status": "changes_requested", "instagram_url": "https://www.instagram.com/p/a/", "owes_url_by": null,
        "url_deadline": stored("2099-11-15T18:30:00Z"), "waiting": waiting,
    };
    scene.set("ugc_deliverables", "delivery", change).await;
    scene.remind().await;
    assert_eq!(scene.reminded().await, Vec::<String>::new(), "not the last warning for an address that is there");
    scene.app.app.clock.advance(2 * DAY);
    scene.remind().await;
    let letter = scene.letter("ugc_e31").await;
    assert!(letter.get_str("subject").unwrap().contains("corregir tu publicación"), "{letter}");
    assert!(letter.get_str("text").unwrap().contains("vie 27 nov, 09:00"), "{letter}");
    // Being told again doesn't move it.
    let again = doc! { "waiting.due_at": stored("2099-12-02T12:00:00Z"), "waiting.escalations": 1 };
    scene.set("ugc_deliverables", "delivery", again).await;
    scene.app.app.clock.advance(9 * DAY);
    scene.remind().await;
    assert_eq!(scene.reminded().await, ["ugc_e31", "ugc_e32"]);
}

#[tokio::test]
async fn who_is_done_cancelled_or_in_a_cancelled_campaign_is_asked_for_nothing() {
    let scene = Scene::new().await;
    let due = stored("2099-11-23T18:30:00Z");
    for status in ["completed", "rejected", "cancelled"] {
        let change = doc! { "url_deadline": due, "owes_url_by": due, "status": status };
        scene.set("ugc_deliverables", "delivery", change).await;
        scene.remind().await;
    }
    scene.set("ugc_deliverables", "delivery", doc! { "status": "awaiting_publish" }).await;
    scene.set("ugc_campaigns", "campaign", doc! { "status": "cancelled" }).await;
    scene.remind().await;
    assert_eq!(scene.told().await, "");
}

#[tokio::test]
async fn the_team_reads_one_digest_by_campaign() {
    let scene = Scene::new().await;
    let late = stored("2099-11-16T18:30:00Z");
    scene.set("ugc_deliverables", "delivery", doc! { "url_deadline": late, "owes_url_by": late }).await;
    let soon = stored("2099-11-24T18:30:00Z");
    let change = doc! {
        "status": "published", "instagram_url": "https://www.instagram.com/p/a/", "owes_url_by": null,
        "metrics_deadline": soon, "owes_metrics_by": soon,
    };
    scene.delivery("second", change).await;
    scene.remind().await;
    scene.remind().await;
    insta::assert_snapshot!(scene.letter("ugc_e37").await.get_str("text").unwrap());
    insta::assert_snapshot!(scene.told().await);
}

#[tokio::test]
async fn a_digest_counts_everything_and_spells_out_what_is_most_urgent() {
    let scene = Scene::new().await;
    // Every other one owes its metrics, for longer.
    let delivery = |n: i32| {
        let (url, metrics) = (stored("2099-11-16T18:30:00Z"), stored("2099-11-10T18:30:00Z"));
        let mut delivery = doc! {
            "id": format!("d{n}"), "application_id": format!("d{n}"), "campaign_id": "campaign",
            "creator_id": "creator", "brand_id": "brand", "platform": "instagram", "status": "awaiting_publish",
            "created_at": stored(NOW), "url_deadline": url, "owes_url_by": url,
        };
        if n % 2 == 1 {
            delivery.extend(doc! {
                "status": "published", "instagram_url": "https://www.instagram.com/p/a/", "owes_url_by": null,
                "metrics_deadline": metrics, "owes_metrics_by": metrics,
            });
        }
        delivery
    };
    let some = |range: std::ops::Range<i32>| range.map(delivery).collect::<Vec<_>>();
    documents(&scene.app, "ugc_deliverables").insert_many(some(0..300)).await.unwrap();
    scene.remind().await;
    let letter = scene.letter("ugc_e37").await;
    assert_eq!(letter.get_str("subject").unwrap(), "300 entregas atrasadas, 0 por vencer");
    assert!(!letter.get_str("text").unwrap().contains("Hay más"), "that's all of them");
    scene.told().await;
    documents(&scene.app, "ugc_deliverables").insert_many(some(300..620)).await.unwrap();
    scene.app.app.clock.advance(DAY);
    scene.remind().await;
    let letter = scene.letter("ugc_e37").await;
    assert_eq!(letter.get_str("subject").unwrap(), "620 entregas atrasadas, 0 por vencer");
    let text = letter.get_str("text").unwrap();
    assert!(text.contains("acá están las primeras 300"), "{text}");
    let lines: Vec<_> = text.lines().filter(|line| line.starts_with("- ")).collect();
    assert!(lines.len() == 300 && lines.iter().all(|line| line.contains("10 nov")), "the longest late: {text}");
}
