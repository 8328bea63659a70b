//! Rows of other days of the previous system, which the dump doesn't have.

use bson::{Document, doc, oid::ObjectId};
use canje::adopt::Report;

use super::{count, raw, rule};
use crate::support::Legacy;

pub const AT: &str = "2026-01-10T12:00:00.000000+00:00";

pub fn user(id: &str, email: &str) -> Document {
    doc! { "_id": ObjectId::new(), "user_id": id, "email": email, "name": "Ana", "role": "creator", "created_at": AT }
}

pub fn creator(id: &str, user: &str, email: &str) -> Document {
    doc! {
        "_id": ObjectId::new(), "id": id, "user_id": user, "email": email, "name": "Ana", "categories": ["Moda"],
        "social_networks": [{ "platform": "instagram", "username": format!("ana_{id}"), "followers": 1_200 }],
        "created_at": AT, "updated_at": AT,
    }
}

pub fn campaign(id: &str) -> Document {
    doc! {
        "_id": ObjectId::new(), "id": id, "brand_id": "b1", "name": "Verano", "description": "", "category": "moda",
        "status": "active", "total_slots_loaded": 3, "slots": 3, "created_at": AT, "published_at": AT,
        "url_delivery_days": 5, "metrics_delivery_days": 9,
        "contract": { "monthly_deliverables": 3, "duration_months": 2, "start_date": "2026-01-31T00:00:00Z" },
        "canje": { "type": "product", "description": "Una caja", "value": 90_000, "delivery_method": "pickup" },
        "timeline": { "applications_deadline": "2026-03-01T03:00:00.000Z" }, "assets": { "brand_name": "Marca" },
    }
}

pub fn application(id: &str, creator: &str, status: &str) -> Document {
    doc! {
        "_id": ObjectId::new(), "id": id, "campaign_id": "c1", "creator_id": creator, "status": status,
        "applied_at": AT, "updated_at": AT, "status_history": [{ "status": "applied", "timestamp": AT, "by": "creator" }],
    }
}

pub async fn legacy(rows: &[(&str, Vec<Document>)]) -> (Legacy, Report) {
    let legacy = Legacy::empty().await;
    let brand = doc! { "_id": ObjectId::new(), "id": "b1", "user_id": "u0", "company_name": "Marca", "created_at": AT };
    legacy.rows("ugc_brands").insert_one(brand).await.unwrap();
    legacy.rows("ugc_campaigns").insert_one(campaign("c1")).await.unwrap();
    for (collection, rows) in rows {
        legacy.rows(collection).insert_many(rows).await.unwrap();
    }
    let report = legacy.adoption().run().await.unwrap();
    (legacy, report)
}

#[tokio::test]
async fn legacy_defect_60_a_form_is_linked_only_to_exactly_one_creator() {
    let form = |id: &str, email: &str, at: &str| {
        doc! {
            "_id": ObjectId::new(), "application_id": id, "campaign_id": "c1", "email": email, "nombre": "Ana",
            "apellido": "B.", "status": "pendiente", "created_at": at,
        }
    };
    let (legacy, report) = legacy(&[
        ("users", vec![user("u1", "ana@example.com"), user("u2", "sola@example.com")]),
        ("ugc_creators", vec![creator("k1", "u1", "ana@example.com")]),
        (
            "ugc_applications",
            vec![
                form("f1", " ANA@example.com\n", "2026-01-12T12:00:00+00:00"),
                form("f2", "ana@example.com", "2026-01-11T12:00:00+00:00"),
                form("f3", "sola@example.com", AT),
                form("f4", "nadie@example.com", AT),
            ],
        ),
    ])
    .await;
    let applications = rule(&report, "applications");
    assert_eq!((applications.written, applications.folded, applications.moved), (1, 1, 2));
    let kept = raw(&legacy, "ugc_applications", "f2").await;
    assert_eq!(kept.get_str("creator_id").unwrap(), "k1");
    assert_eq!(
        kept.get_array("legacy_snapshots").unwrap().len(),
        2,
        "the earlier form stays, the later one is its part"
    );
    assert_eq!(kept.get_str("creator_name").unwrap(), "Ana B.");
    assert_eq!((count(&report, "no_match"), count(&report, "user_without_creator_profile")), (1, 1));
}

#[tokio::test]
async fn legacy_defect_15_two_ids_on_one_row_are_one_and_everything_follows() {
    let mut twice = creator("k1", "u1", "ana@example.com");
    twice.insert("creator_id", "old-k1");
    let (legacy, report) = legacy(&[
        ("users", vec![user("u1", "ana@example.com")]),
        ("ugc_creators", vec![twice, creator("k2", "u1", "otra@example.com")]),
        ("ugc_applications", vec![application("a1", "old-k1", "applied")]),
    ])
    .await;
    assert_eq!(count(&report, "creator.user_duplicate"), 1);
    assert_eq!(raw(&legacy, "ugc_applications", "a1").await.get_str("creator_id").unwrap(), "k1");
}

#[tokio::test]
async fn older_states_and_missing_dates_become_the_ones_there_are() {
    let mut selected = application("a2", "k2", "selected");
    selected.insert("confirmed_at", AT);
    let (legacy, report) = legacy(&[
        ("users", vec![user("u1", "a@example.com"), user("u2", "b@example.com"), user("u3", "c@example.com")]),
        (
            "ugc_creators",
            vec![
                creator("k1", "u1", "a@example.com"),
                creator("k2", "u2", "b@example.com"),
                creator("k3", "u3", "c@example.com"),
            ],
        ),
        (
            "ugc_applications",
            vec![application("a1", "k1", "approved"), selected, application("a3", "k3", "vaporised")],
        ),
        (
            "ugc_deliverables",
            vec![
                doc! {
                    "_id": ObjectId::new(), "id": "d1", "application_id": "a2", "status": "under_review",
                    "post_url": "https://www.tiktok.com/@ana/video/1 | https://www.instagram.com/reel/x/",
                    "submitted_at": "2026-01-16T12:00:00+00:00", "created_at": AT,
                },
                doc! {
                    "_id": ObjectId::new(), "id": "d0", "application_id": "a2", "status": "withdrawn", "created_at": AT,
                },
            ],
        ),
        (
            "ugc_metrics",
            vec![doc! {
                "_id": ObjectId::new(), "id": "m1", "deliverable_id": "d0", "platform": "multi", "views": 10, "likes": 1,
                "created_at": AT, "demographics": { "countries": [{ "country": "Paraguay", "percent": 80.0 }] },
            }],
        ),
    ])
    .await;
    assert_eq!(raw(&legacy, "ugc_applications", "a1").await.get_str("status").unwrap(), "applied");
    assert_eq!(count(&report, "app.status_unknown"), 1);
    let delivery = raw(&legacy, "ugc_deliverables", "d1").await;
    assert_eq!(delivery.get_str("status").unwrap(), "published");
    assert_eq!(delivery.get_str("instagram_url").unwrap(), "https://www.instagram.com/reel/x/");
    assert_eq!(delivery.get_str("post_url").unwrap(), "https://www.instagram.com/reel/x/");
    assert_eq!(delivery.get_bool("is_on_time").ok(), Some(false), "five days from the tenth are the fifteenth");
    assert_eq!(delivery.get_f64("delivery_lag_hours").unwrap(), 24.0);
    assert_eq!(delivery.get_array("legacy_attempts").unwrap().len(), 1);
    let metrics = raw(&legacy, "ugc_metrics", "m1").await;
    assert_eq!(metrics.get_str("deliverable_id").unwrap(), "d1", "of the delivery that stays");
    assert_eq!(metrics.get_str("platform").unwrap(), "instagram");
    assert!(metrics.get_bool("archived").unwrap() && metrics.get_bool("needs_verification").unwrap());
    let campaign = raw(&legacy, "ugc_campaigns", "c1").await;
    assert_eq!(campaign.get_str("status").unwrap(), "live");
    let contract = campaign.get_document("contract").unwrap();
    assert_eq!(contract.get_str("next_reload_date").unwrap(), "2026-02-28", "counted from the anchor day");
    assert_eq!(contract.get_str("end_date").unwrap(), "2026-03-31");
    assert_eq!(campaign.get_document("timeline").unwrap().get_str("applications_deadline").unwrap(), "2026-03-01");
}

#[tokio::test]
async fn legacy_defect_30_of_a_rating_here_and_there_the_newest_counts() {
    let mut confirmed = application("a1", "k1", "confirmed");
    confirmed.insert("confirmed_at", AT);
    let (legacy, report) = legacy(&[
        ("users", vec![user("u1", "a@example.com")]),
        ("ugc_creators", vec![creator("k1", "u1", "a@example.com")]),
        ("ugc_applications", vec![confirmed]),
        (
            "ugc_deliverables",
            vec![doc! {
                "_id": ObjectId::new(), "id": "d1", "application_id": "a1", "status": "metrics_submitted",
                "instagram_url": "https://www.instagram.com/reel/x/", "published_at": "2026-01-12T12:00:00+00:00",
                "metrics_submitted_at": "2026-01-13T12:00:00+00:00", "created_at": AT,
                "brand_rating": { "rating": 3, "comment": "Antes", "rated_at": "2026-01-14T12:00:00+00:00" },
            }],
        ),
        (
            "ugc_ratings",
            vec![doc! {
                "_id": ObjectId::new(), "id": "r1", "deliverable_id": "d1", "rating": 5, "comment": "Después",
                "created_at": "2026-01-15T12:00:00+00:00",
            }],
        ),
    ])
    .await;
    assert_eq!((rule(&report, "ratings").written, rule(&report, "embedded_ratings").folded), (1, 1));
    assert_eq!(count(&report, "rating.superseded"), 1);
    let delivery = raw(&legacy, "ugc_deliverables", "d1").await;
    assert_eq!(delivery.get_str("status").unwrap(), "completed");
    assert_eq!(delivery.get_document("brand_rating").unwrap().get_str("comment").unwrap(), "Después");
    let creator = raw(&legacy, "ugc_creators", "k1").await;
    assert_eq!(creator.get_document("stats").unwrap().get_f64("avg_rating").unwrap(), 5.0);
}

#[tokio::test]
async fn legacy_defect_29_a_verified_account_is_in_both_structures() {
    let mut ana = creator("k1", "u1", "a@example.com");
    let networks =
        vec![doc! { "platform": "instagram", "username": "https://www.instagram.com/otra?igsh=x", "followers": 0 }];
    ana.insert("social_networks", networks);
    let account = doc! { "username": "ana.b", "follower_count": 5_200, "verified_at": AT, "last_updated": AT };
    ana.insert("social_accounts", doc! { "instagram": account });
    let (legacy, report) = legacy(&[("users", vec![user("u1", "a@example.com")]), ("ugc_creators", vec![ana])]).await;
    assert_eq!((count(&report, "social.username_conflict"), count(&report, "social.username_url")), (1, 1));
    let stored = raw(&legacy, "ugc_creators", "k1").await;
    let creator: canje::creators::Creator = bson::deserialize_from_document(stored).unwrap();
    let network = creator.network(canje::values::Platform::Instagram).unwrap();
    assert_eq!((network.username.as_str(), network.followers, network.verified), ("ana.b", Some(5_200), true));
    assert_eq!(network.url, "https://www.instagram.com/ana.b");
    assert_eq!(creator.followers(canje::values::Platform::Instagram), 5_200);
}
