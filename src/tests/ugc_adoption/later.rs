//! What comes after something else: figures after a reset, a rating between two runs, rows that became part of others.

use bson::{Document, RawDocumentBuf, doc, oid::ObjectId};
use canje::adopt::{Frozen, Outcome, RULES};
use canje::db::Stored;
use canje::metrics::Metrics;

use super::shapes::{AT, application, campaign, creator, legacy, user};
use super::{all, count, raw, rule};

/// A delivery whose post and figures are there.
fn delivery(metrics_at: &str, change: Document) -> Document {
    let mut delivery = doc! {
        "_id": ObjectId::new(), "id": "d1", "application_id": "a1", "status": "metrics_submitted", "created_at": AT,
        "instagram_url": "https://www.instagram.com/reel/x/", "published_at": "2026-01-12T12:00:00+00:00",
        "metrics_submitted_at": metrics_at,
    };
    delivery.extend(change);
    delivery
}

fn confirmed() -> Document {
    let mut confirmed = application("a1", "k1", "confirmed");
    confirmed.insert("confirmed_at", AT);
    confirmed
}

fn metrics(id: &str, platform: &str, at: &str, views: i32) -> Document {
    doc! {
        "_id": ObjectId::new(), "id": id, "deliverable_id": "d1", "platform": platform, "views": views, "likes": 1,
        "submitted_at": at, "created_at": at,
    }
}

fn people() -> [(&'static str, Vec<Document>); 2] {
    [("users", vec![user("u1", "a@example.com")]), ("ugc_creators", vec![creator("k1", "u1", "a@example.com")])]
}

/// Whether each of these is archived.
async fn archived(legacy: &crate::support::Legacy) -> Vec<(String, bool)> {
    let mut rows: Vec<_> = all::<Metrics>(legacy.db()).await.into_iter().map(|one| (one.id, one.archived)).collect();
    rows.sort();
    rows
}

async fn views(legacy: &crate::support::Legacy) -> i64 {
    raw(legacy, "ugc_creators", "k1").await.get_document("stats").unwrap().get_i64("total_views").unwrap()
}

#[tokio::test]
async fn of_several_figures_of_a_post_the_newest_count_however_the_platform_is_spelt() {
    let [users, creators] = people();
    let (legacy, report) = legacy(&[
        users,
        creators,
        ("ugc_applications", vec![confirmed()]),
        ("ugc_deliverables", vec![delivery("2026-01-15T12:00:00+00:00", doc! {})]),
        (
            "ugc_metrics",
            vec![
                metrics("m1", "instagram", "2026-01-13T12:00:00+00:00", 10),
                metrics("m2", "Instagram", "2026-01-15T12:00:00+00:00", 200),
                metrics("m3", "multi", "2026-01-14T12:00:00+00:00", 3_000),
                metrics("m2", "tiktok", "2026-01-16T12:00:00+00:00", 40_000),
            ],
        ),
    ])
    .await;
    let expected = [("m1", true), ("m2", false), ("m3", true)].map(|(id, is)| (id.to_owned(), is));
    assert_eq!(archived(&legacy).await, expected);
    assert_eq!(views(&legacy).await, 200, "what is archived or refused isn't counted");
    assert_eq!((count(&report, "metrics.post_duplicate"), count(&report, "metrics.id_duplicate")), (2, 1));

    let newer = metrics("m4", "instagram", "2026-01-17T12:00:00+00:00", 500);
    legacy.rows("ugc_metrics").insert_one(newer).await.unwrap();
    let again = legacy.adoption().run().await.unwrap();
    assert_eq!((rule(&again, "metrics").written, rule(&again, "metrics").unchanged), (2, 2));
    assert_eq!(views(&legacy).await, 500);
}

#[tokio::test]
async fn figures_from_before_a_reset_are_archived_also_on_a_platform_that_has_no_new_ones() {
    let reset = doc! { "admin_reset_at": "2026-01-14T12:00:00+00:00" };
    let [users, creators] = people();
    let (legacy, report) = legacy(&[
        users,
        creators,
        ("ugc_applications", vec![confirmed()]),
        ("ugc_deliverables", vec![delivery("2026-01-15T12:00:00+00:00", reset)]),
        (
            "ugc_metrics",
            vec![
                metrics("m1", "instagram", "2026-01-13T12:00:00+00:00", 10),
                metrics("m2", "tiktok", "2026-01-13T12:00:00+00:00", 10),
                metrics("m3", "instagram", "2026-01-15T12:00:00+00:00", 200),
            ],
        ),
    ])
    .await;
    let expected = [("m1", true), ("m2", true), ("m3", false)].map(|(id, is)| (id.to_owned(), is));
    assert_eq!(archived(&legacy).await, expected);
    assert_eq!(views(&legacy).await, 200);
    assert_eq!(count(&report, "metrics.deliverable_not_submitted"), 2);
}

#[tokio::test]
async fn a_rating_that_is_newer_in_another_place_follows_the_one_before_it() {
    let old = doc! { "brand_rating": { "rating": 3, "comment": "Antes", "rated_at": "2026-01-16T12:00:00+00:00" } };
    let [users, creators] = people();
    let (legacy, report) = legacy(&[
        users,
        creators,
        ("ugc_applications", vec![confirmed()]),
        ("ugc_deliverables", vec![delivery("2026-01-15T12:00:00+00:00", old)]),
    ])
    .await;
    assert_eq!(rule(&report, "embedded_ratings").written, 1);
    let newer = doc! {
        "_id": ObjectId::new(), "id": "r1", "deliverable_id": "d1", "rating": 5, "comment": "Después",
        "created_at": "2026-01-17T12:00:00+00:00",
    };
    legacy.rows("ugc_ratings").insert_one(newer).await.unwrap();
    let report = legacy.finish().await.unwrap();
    let (own, embedded) = (rule(&report, "ratings"), rule(&report, "embedded_ratings"));
    assert_eq!((own.read, own.written, own.refused, embedded.folded), (1, 1, 0, 1));
    assert_eq!(raw(&legacy, "ugc_ratings", "r1").await.get_str("comment").unwrap(), "Después");
    assert_eq!(all::<canje::reputation::Rating>(legacy.db()).await.len(), 1);
}

/// A row with a text that is none.
fn unreadable(mut row: Document) -> RawDocumentBuf {
    row.insert("motivation", "??????");
    let mut bytes = RawDocumentBuf::try_from(&row).unwrap().into_bytes();
    let at = bytes.windows(6).position(|six| six == b"??????").unwrap();
    bytes[at..at + 6].fill(0xff);
    RawDocumentBuf::from_bytes(bytes).unwrap()
}

#[test]
fn a_part_that_cant_be_decoded_is_kept_as_its_bytes() {
    let decoded = |row: Document| RawDocumentBuf::try_from(&row).unwrap();
    let form = |id: &str, at: &str| {
        doc! { "_id": ObjectId::new(), "application_id": id, "campaign_id": "c1", "email": "a@example.com",
        "nombre": "Ana", "status": "pendiente", "created_at": at }
    };
    let mut cancelled = delivery(AT, doc! { "id": "d0", "status": "cancelled" });
    cancelled.remove("metrics_submitted_at");
    let applications = vec![decoded(confirmed()), unreadable(form("f1", "2026-01-11T12:00:00+00:00"))];
    let deliverables = vec![decoded(delivery("2026-01-15T12:00:00+00:00", doc! {})), unreadable(cancelled)];
    let brand = doc! { "_id": ObjectId::new(), "id": "b1", "user_id": "u0", "company_name": "Marca", "created_at": AT };
    for (name, carrier, field) in
        [("applications", &applications[0], "legacy_snapshots"), ("deliverables", &deliverables[0], "legacy_attempts")]
    {
        let [(users, people), (creators, profiles)] = people();
        let rows = |rows: Vec<Document>| rows.into_iter().map(decoded).collect::<Vec<_>>();
        let frozen = Frozen::default()
            .with_source(users, rows(people))
            .with_source(creators, rows(profiles))
            .with_source("ugc_brands", rows(vec![brand.clone()]))
            .with_source("ugc_campaigns", rows(vec![campaign("c1")]))
            .with_source(canje::applications::Application::COLLECTION, applications.clone())
            .with_source(canje::deliverables::Deliverable::COLLECTION, deliverables.clone());
        let rule = RULES.iter().find(|rule| rule.name() == name).unwrap();
        let Outcome::Write(made) = rule.prepare(&frozen).adopt(carrier).outcome else { panic!("{name}") };
        let parts = made.get_array(field).unwrap();
        assert_eq!(parts.len(), 1, "{name}");
        let bytes = parts[0].as_document().unwrap().get_binary_generic("raw_bson").unwrap();
        assert!(bytes.windows(6).any(|six| six == [0xff; 6]), "{name}");
    }
}
