//! Covers: uploaded with the form, kept when the form is refused, replaced.

use std::io::Cursor;

use bson::doc;
use canje::app::Clock;
use canje::campaigns::form;
use canje::emulators::{Emulators, Settings, listen};
use canje::values::{CampaignId, LocalDate, Role};

use super::{brand, changed, load, post, typed};
use crate::accounts::{adopted, all, signed_in};
use crate::support::{NOW, TestApp};

/// A small picture of one shade.
fn png(shade: u8) -> Vec<u8> {
    let picture = image::RgbImage::from_pixel(8, 6, image::Rgb([shade, 90, 40]));
    let mut bytes = Cursor::new(Vec::new());
    image::DynamicImage::from(picture).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[tokio::test]
async fn a_cover_survives_a_refused_form_and_is_replaced_by_another() {
    let listener = listen(None).unwrap();
    let settings = Settings::read(listener.local_addr().unwrap(), &|_| None);
    let emulators = Emulators::start(listener, settings, Clock::fixed(NOW.parse().unwrap())).unwrap();
    let variables = emulators.twins.settings.variables();
    let test = TestApp::with(|environment| environment.extend(variables)).await;
    adopted(&test, "ana@example.com", Role::Staff, |_| {}).await;
    let mut browser = signed_in(&test, "ana@example.com").await;
    let brand = brand(&test.app.db, "Casa Rica").await;
    let today = LocalDate::of(test.app.clock.now());
    let good = changed(typed(today), &[("brand_id", brand.as_str())]);
    let bad = changed(good.clone(), &[("canje_description", "")]);
    let picture = png(1);
    post(&mut browser, "/admin/campaigns/nueva", &bad, Some(("Mi portada.png", &picture))).await;
    let page = browser.get("/admin/campaigns/nueva").await.text();
    assert!(page.contains("La imagen ya está subida"));
    let asset = page.split("name=\"cover_asset\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let waiting = all(&test, "media_assets", doc! {}).await;
    let waits = |field| waiting[0].get_str(field).unwrap();
    assert_eq!((waits("status"), waits("id")), ("pending", asset.as_str()));

    let again = changed(good.clone(), &[("cover_asset", &asset)]);
    let answer = post(&mut browser, "/admin/campaigns/nueva", &again, None).await;
    let id = CampaignId::of(good["id"].clone());
    assert_eq!(answer.location(), format!("/admin/campaigns/{id}"));
    let first = load(&test.app.db, &id).await.assets;
    assert_eq!(first.cover_asset.as_deref(), Some(asset.as_str()));
    assert!(first.cover_image.as_ref().unwrap().starts_with(&emulators.twins.settings.cloudinary_delivery_url()));

    let editing = format!("/admin/campaigns/{id}/editar");
    let fields = form::shown(&load(&test.app.db, &id).await);
    let picture = png(2);
    let answer = post(&mut browser, &editing, &fields, Some(("otra.png", &picture))).await;
    assert_eq!(answer.location(), format!("/admin/campaigns/{id}"));
    let second = load(&test.app.db, &id).await.assets;
    assert_ne!(first.cover_image, second.cover_image);
    assert_eq!(second.brand_name, "Ñandutí");
    let status = async |status: &str| all(&test, "media_assets", doc! { "status": status }).await.len();
    assert_eq!((status("active").await, status("orphaned").await), (1, 1));

    // A picture that was destroyed meanwhile is asked for again; nothing else that was typed is lost.
    let new = changed(typed(today), &[("brand_id", brand.as_str())]);
    for (path, fields) in [("/admin/campaigns/nueva", new), (&*editing, form::shown(&load(&test.app.db, &id).await))] {
        let bad = changed(fields.clone(), &[("canje_description", "")]);
        post(&mut browser, path, &bad, Some(("tercera.png", &png(3)))).await;
        let page = browser.get(path).await.text();
        let gone = page.split("name=\"cover_asset\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let assets = test.app.db.live.collection::<bson::Document>("media_assets");
        assets.update_one(doc! { "id": &gone }, doc! { "$set": { "status": "deleted" } }).await.unwrap();
        let again = changed(fields, &[("cover_asset", &gone), ("admin_notes", "Sin perder esto")]);
        let answer = post(&mut browser, path, &again, None).await;
        assert_eq!((answer.status.as_u16(), answer.location()), (303, path));
        let page = browser.get(path).await.text();
        assert!(page.contains("La imagen que subiste ya no está.") && page.contains("Sin perder esto"), "{page}");
        assert!(!page.contains("name=\"cover_asset\""), "it isn't carried on");
    }

    // Somebody else's picture, or another campaign's, is nobody's here.
    let stolen = changed(form::shown(&load(&test.app.db, &id).await), &[("cover_asset", "nobody")]);
    post(&mut browser, &editing, &stolen, None).await;
    assert_eq!(load(&test.app.db, &id).await.assets, second);
}
