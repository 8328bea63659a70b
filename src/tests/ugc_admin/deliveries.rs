//! Deliveries as staff sees them, and what staff does with one.

use bson::doc;
use canje::deliverables::model::DeliverableStatus;
use canje::deliverables::service::{self, Urls};

use super::super::accounts::documents;
use super::super::applications::world::World;
use super::{rows, searchable, staff};

const LIST: &str = "/admin?module=ugc&ugcTab=deliverables";
const REEL: &str = "https://www.instagram.com/reel/ABC123/";

#[tokio::test]
async fn one_list_for_all_for_a_campaign_and_for_a_person() {
    let world = World::new().await;
    let (one, two) = (world.campaign(3, |c| c.search = "una".into()).await, world.campaign(3, |_| {}).await);
    // More people of her name than anybody should stop at, and all of them before her.
    let namesakes = (0..250).map(|n| doc! { "id": format!("c{n}"), "user_id": format!("u{n}"), "search": "benitez" });
    documents(&world.test, "ugc_creators").insert_many(namesakes).await.unwrap();
    let (ana, _, published) = world.confirmed(&one).await;
    searchable(&world, &ana).await;
    world.register(&ana, &published, REEL).await.unwrap();
    world.confirmed(&one).await;
    world.confirmed(&two).await;
    let mut staff = staff(&world.test).await;
    let mut count = async |path: String| {
        let page = staff.get(&path).await;
        assert_eq!(page.status, 200, "{path}");
        rows(&page.text(), "delivery-row").len()
    };
    assert_eq!(count(LIST.into()).await, 3);
    assert_eq!(count(format!("{LIST}&estado=published")).await, 1);
    assert_eq!(count(format!("{LIST}&red=tiktok")).await, 0);
    let video = Urls { instagram: None, tiktok: Some("https://www.tiktok.com/@ana/video/7301".into()) };
    service::register_urls(&world.of(&ana), &ana, &published, video).await.unwrap();
    assert_eq!(count(format!("{LIST}&red=tiktok")).await, 1, "its second network is one of its networks");
    assert_eq!(count(format!("{LIST}&red=instagram")).await, 3, "two don't say yet where they are going to be");
    assert_eq!(count(format!("{LIST}&atrasadas=1")).await, 0);
    assert_eq!(count(format!("{LIST}&campana={one}")).await, 2);
    assert_eq!(count(format!("{LIST}&creador={}", ana.id)).await, 1);
    assert_eq!(count(format!("{LIST}&q=una")).await, 2, "by the campaign's name");
    assert_eq!(count(format!("{LIST}&q=benitez")).await, 1, "by the person's");
    assert_eq!(count(format!("{LIST}&q={REEL}")).await, 1, "by its address");
    assert_eq!(count(format!("{LIST}&q=instagram.com/p/ABC123?igsh=x")).await, 1, "by another of its addresses");
    assert_eq!(count(format!("{LIST}&q=instagram.com/p/OTHER1")).await, 0);
    assert_eq!(count(format!("{LIST}&orden=url")).await, 3);
    assert_eq!(count(format!("/admin/ugc/deliverables/{one}")).await, 2);
    assert_eq!(count(format!("/admin/creators/{}/deliverables", ana.id)).await, 1);
    world.wait(24 * 8);
    let mut staff = super::staff(&world.test).await;
    let late = staff.get(&format!("{LIST}&atrasadas=1")).await.text();
    assert_eq!(rows(&late, "delivery-row").len(), 2, "the published one owes its metrics later");
    assert!(late.contains(r#"data-accent="bad""#) && late.contains("1 día de retraso"), "{late}");
    let page = staff.get(&format!("/admin/ugc/deliverables/{one}")).await.text();
    for figure in ["count-open", "count-pending", "count-problems"] {
        assert!(page.contains(figure), "{figure}");
    }
}

#[tokio::test]
async fn a_post_is_reviewed_corrected_reset_and_cancelled_from_its_page() {
    let world = World::new().await;
    let campaign = world.campaign(3, |_| {}).await;
    let (creator, application, id) = world.confirmed(&campaign).await;
    world.register(&creator, &id, REEL).await.unwrap();
    let mut ana = staff(&world.test).await;
    let path = format!("/admin/deliverables/{id}");
    let page = ana.get(&path).await.text();
    for shown in [
        "delivery-aprobar-open",
        "delivery-cambios-open",
        "delivery-rechazar-open",
        "delivery-urls-open",
        "delivery-reset-open",
        "delivery-cancelar-open",
    ] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    assert!(!page.contains("delivery-completar"), "nothing is delivered yet");
    ana.post(&format!("{path}/cambios"), &[("nota", " ")]).await;
    let page = ana.get(&path).await.text();
    assert!(page.contains("Escribí qué hay que cambiar."), "{page}");
    ana.post(&format!("{path}/cambios"), &[("nota", "Falta la etiqueta")]).await;
    assert_eq!(world.deliverable(&id).await.status, DeliverableStatus::ChangesRequested);
    assert!(ana.get(&path).await.text().contains("Falta la etiqueta"));
    ana.post(&format!("{path}/urls"), &[("instagram_url", "https://example.com/x"), ("tiktok_url", "")]).await;
    let page = ana.get(&path).await.text();
    assert!(page.contains("https://example.com/x") && page.contains("otro sitio"), "typed address is kept: {page}");
    let other = "https://www.instagram.com/reel/XYZ789/";
    ana.post(&format!("{path}/urls"), &[("instagram_url", other), ("tiktok_url", "")]).await;
    assert!(world.deliverable(&id).await.instagram_url.unwrap().contains("XYZ789"));
    ana.post(&format!("{path}/resetear"), &[("conservar", "on")]).await;
    let reset = world.deliverable(&id).await;
    assert_eq!((reset.status, reset.published_at.is_some()), (DeliverableStatus::AwaitingPublish, true));
    ana.post(&format!("{path}/cancelar"), &[("nota", "Se mudó")]).await;
    let cancelled = world.application(&application).await;
    assert_eq!(cancelled.cancellation_reason.as_deref(), Some("Se mudó"));
    assert!(ana.get(&path).await.text().contains("No hay nada que decidir"));
    world.assert_sound(&campaign).await;
}

#[tokio::test]
async fn an_approved_one_with_metrics_is_completed() {
    let world = World::new().await;
    let campaign = world.campaign(3, |_| {}).await;
    let (creator, _, id) = world.confirmed(&campaign).await;
    world.register(&creator, &id, REEL).await.unwrap();
    let mut ana = staff(&world.test).await;
    let path = format!("/admin/deliverables/{id}");
    ana.post(&format!("{path}/aprobar"), &[("nota", "Muy bien")]).await;
    assert_eq!(world.deliverable(&id).await.status, DeliverableStatus::MetricsPending);
    world.accept_metrics(&id).await.unwrap();
    assert!(ana.get(&path).await.text().contains("delivery-completar"));
    ana.post(&format!("{path}/completar"), &[]).await;
    assert_eq!(world.deliverable(&id).await.status, DeliverableStatus::Completed);
    ana.post(&format!("{path}/rechazar"), &[("nota", "tarde")]).await;
    assert!(ana.get(&path).await.text().contains("la entrega está en «Completado»"));
}
