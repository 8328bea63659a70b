//! Pictures of profiles.

use std::time::Duration;

use axum::body::Body;
use bson::doc;
use canje::emulators::{Fault, Outcome, Service};
use canje::jobs::{self, When};
use canje::media::DestroyOrphans;
use http::{Method, Request, StatusCode};

use super::{Studio, finish, multipart, part_type, parts, png, steps_one_to_four};
use crate::accounts::all;

const FOTO: &str = "/ugc/creator/profile/foto";

/// Pictures were base64 in JSON under three names, and the edition couldn't change them.
#[tokio::test]
async fn legacy_defect_61_a_picture_is_uploaded_kept_once_and_changed() {
    let studio = Studio::new().await;
    let mut browser = studio.creator("ana@example.com").await;
    let answer = multipart(&mut browser, FOTO, &[], Some(("../../Mi foto.png", &png(1)))).await;
    assert_eq!(answer.location(), "/ugc/creator/profile");
    let creator = studio.profile("ana@example.com").await;
    let url = creator.get_str("profile_picture").unwrap().to_owned();
    let settings = &studio.emulators.twins.settings;
    assert!(url.starts_with(&settings.cloudinary_delivery_url()), "{url}");
    assert!(!url.contains("foto"), "the name it had isn't part of its address");
    assert!(!creator.contains_key("picture") && !creator.contains_key("profile_image"));
    let page = browser.get("/ugc/creator/profile").await;
    let policy = page.headers["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains(&format!("http://{}", settings.address)), "{policy}");
    assert!(page.text().contains("c_limit,f_auto,q_auto,w_480"), "shown in the width it needs");

    let rows = all(&studio.app, "media_assets", doc! {}).await;
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (rows[0].get_str("status").ok(), rows[0].get_str("entity_type").ok()),
        (Some("active"), Some("creator"))
    );
    assert_eq!(rows[0].get_str("original_filename").ok(), Some("../../Mi foto.png"));
    assert_eq!(rows[0].get_str("id").ok(), creator.get_str("picture_asset").ok());

    // The same again is the same file; another one retires it.
    multipart(&mut browser, FOTO, &[], Some(("otra.png", &png(1)))).await;
    assert_eq!(all(&studio.app, "media_assets", doc! {}).await.len(), 1);
    multipart(&mut browser, FOTO, &[], Some(("otra.png", &png(2)))).await;
    assert_eq!(all(&studio.app, "media_assets", doc! { "status": "orphaned" }).await.len(), 1);
    assert_ne!(studio.profile("ana@example.com").await.get_str("profile_picture").ok(), Some(url.as_str()));
    // Back to the first: it is there still.
    multipart(&mut browser, FOTO, &[], Some(("otra.png", &png(1)))).await;
    assert_eq!(studio.profile("ana@example.com").await.get_str("profile_picture").ok(), Some(url.as_str()));
    assert_eq!(all(&studio.app, "media_assets", doc! {}).await.len(), 2);
    // None at all.
    browser.post("/ugc/creator/profile/foto/quitar", &[]).await;
    assert_eq!(studio.profile("ana@example.com").await.get("profile_picture"), Some(&bson::Bson::Null));
    assert_eq!(all(&studio.app, "media_assets", doc! { "status": "active" }).await.len(), 0);
}

#[tokio::test]
async fn what_isnt_a_picture_is_refused_beside_its_field_and_by_its_status() {
    let studio = Studio::new().await;
    let mut browser = studio.creator("ana@example.com").await;
    let large = vec![0xff; canje::media::images::LARGEST_BYTES + 1];
    for (name, bytes, status, said) in [
        (
            "foto.png",
            &b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..],
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "JPG, PNG o WebP",
        ),
        ("foto.jpg", &png(1)[..40], StatusCode::UNSUPPORTED_MEDIA_TYPE, "parece incompleta"),
        ("foto.jpg", &large[..], StatusCode::PAYLOAD_TOO_LARGE, "pesa más de 5 MB"),
    ] {
        let answer = multipart(&mut browser, FOTO, &[], Some((name, bytes))).await;
        assert_eq!(answer.location(), FOTO);
        assert!(browser.get(FOTO).await.text().contains(said), "{said}");
        let request = part_type(Request::builder().method(Method::POST).uri(FOTO));
        let answer = browser.send(request, Body::from(parts(&[], Some((name, bytes))))).await;
        assert_eq!(answer.status, status, "{said}");
    }
    assert_eq!(all(&studio.app, "media_assets", doc! {}).await.len(), 0, "nothing was registered, nothing sent");
    assert_eq!(studio.emulators.twins.cloudinary.shelf.all().unwrap().len(), 0);
}

#[tokio::test]
async fn an_upload_that_is_cut_is_tried_again_and_given_up_after_three_times() {
    let studio = Studio::new().await;
    let mut browser = studio.person("ana@example.com").await;
    steps_one_to_four(&mut browser).await;
    let faults = &studio.emulators.twins.faults;
    faults.add(Service::Cloudinary, Fault::always(Outcome::Cut).on("/upload"));
    let picture = png(7);
    let answer = finish(&mut browser, &[("terms", "on"), ("privacy", "on")], Some(("yo.png", &picture))).await;
    assert_eq!(answer.location(), "/ugc/creator/onboarding/5");
    assert_eq!(studio.emulators.twins.arrivals.count(Service::Cloudinary), 3);
    let page = browser.get(answer.location()).await.text();
    assert!(page.contains("La foto no se pudo subir, probá de nuevo"), "{page}");
    assert_eq!(page.matches(" checked").count(), 2, "the ticks stay");
    assert_eq!(all(&studio.app, "ugc_creators", doc! {}).await.len(), 0);
    let pending = all(&studio.app, "media_assets", doc! {}).await;
    assert_eq!(
        (pending.len(), pending[0].get_str("status").ok()),
        (1, Some("pending")),
        "what may lie there is on record"
    );

    // The service gets the second attempt and its answer is lost: the third finds the file there.
    faults.clear(Service::Cloudinary);
    faults.add(Service::Cloudinary, Fault::times(1, Outcome::Cut).on("/upload"));
    faults.add(Service::Cloudinary, Fault::times(1, Outcome::Lost).on("/upload"));
    let answer = finish(&mut browser, &[("action", "picture")], Some(("yo.png", &picture))).await;
    assert_eq!(answer.location(), "/ugc/creator/onboarding/5");
    assert!(browser.get(answer.location()).await.text().contains("Esta foto quedó guardada"));
    // A refused form afterwards, and the picture is there still.
    finish(&mut browser, &[("terms", "on")], None).await;
    finish(&mut browser, &[("terms", "on"), ("privacy", "on")], None).await;
    let creator = studio.profile("ana@example.com").await;
    assert!(creator.get_str("profile_picture").unwrap().contains(pending[0].get_str("public_id").unwrap()));
    assert_eq!(studio.emulators.twins.cloudinary.shelf.all().unwrap().len(), 1, "one file for all attempts");
    assert_eq!(all(&studio.app, "media_assets", doc! { "status": "active" }).await.len(), 1);
}

#[tokio::test]
async fn a_replaced_picture_can_be_brought_back_for_a_month_and_is_destroyed_then() {
    let studio = Studio::new().await;
    let mut browser = studio.creator("ana@example.com").await;
    multipart(&mut browser, FOTO, &[], Some(("a.png", &png(1)))).await;
    multipart(&mut browser, FOTO, &[], Some(("b.png", &png(2)))).await;
    let shelf = &studio.emulators.twins.cloudinary.shelf;
    let sweep = async |days: u64| {
        let by = Duration::from_secs(days * 24 * 60 * 60);
        studio.app.app.clock.advance(by);
        studio.emulators.twins.clock.advance(by);
        let now = studio.app.app.clock.now();
        jobs::enqueue(&studio.app.app.db, now, &DestroyOrphans::default(), &When::default()).await.unwrap();
        studio.app.work().await;
    };
    sweep(29).await;
    assert_eq!(shelf.all().unwrap().len(), 2);
    // The service is away: nothing is forgotten.
    studio.emulators.twins.faults.add(Service::Cloudinary, Fault::times(3, Outcome::status(503)).on("/destroy"));
    sweep(2).await;
    assert_eq!(all(&studio.app, "media_assets", doc! { "status": "orphaned" }).await.len(), 1);
    sweep(1).await;
    assert_eq!(shelf.all().unwrap().len(), 1);
    assert_eq!(all(&studio.app, "media_assets", doc! { "status": "deleted" }).await.len(), 1);
    assert_eq!(all(&studio.app, "media_assets", doc! { "status": "active" }).await.len(), 1);
    // A run that ended between marking and destroying: the next one finishes its work.
    let cut = doc! { "$unset": { "is_destroyed": "" } };
    let assets = crate::accounts::documents(&studio.app, "media_assets");
    assets.update_one(doc! { "status": "deleted" }, cut).await.unwrap();
    sweep(1).await;
    assert_eq!(all(&studio.app, "media_assets", doc! { "status": "deleted", "is_destroyed": true }).await.len(), 1);
    // The very same picture later on is sent again.
    studio.creator("eva@example.com").await;
    crate::accounts::documents(&studio.app, "sessions").delete_many(doc! {}).await.unwrap();
    let mut browser = studio.app.browser();
    browser.post("/login", &[("email", "ana@example.com"), ("password", crate::sign_up::PASSWORD)]).await;
    multipart(&mut browser, FOTO, &[], Some(("a.png", &png(1)))).await;
    assert_eq!(shelf.all().unwrap().len(), 2);
    assert_eq!(all(&studio.app, "media_assets", doc! {}).await.len(), 2);
}
