//! A delivery's page: deadlines, canje, and the form for the post's address.

use canje::deliverables::DeliverableStatus;
use canje::deliverables::service as deliveries;
use canje::values::DeliverableId;
use http::StatusCode;

use crate::applications::world::World;
use crate::catalogue::{browser_of, said};

const REEL: &str = "https://www.instagram.com/reel/Cabc123/?igsh=track";
const VIDEO: &str = "https://www.tiktok.com/@ana.benitez/video/7312345678901234567";

fn page(id: &DeliverableId) -> String {
    format!("/ugc/creator/deliverable/{id}")
}

#[tokio::test]
async fn a_confirmed_creator_sees_both_deadlines_and_where_the_canje_is() {
    let world = World::new().await;
    let campaign = world
        .campaign(3, |one| {
            one.canje.pickup_address = Some("Palma 123".into());
            one.canje.pickup_maps_url = Some("https://maps.example.com/x".into());
            one.canje.brand_contact_phone = Some("0981 555 000".into());
            one.admin_notes = Some("Pagan tarde".into());
        })
        .await;
    let (creator, _, delivery) = world.confirmed(&campaign).await;
    let html = browser_of(&world, &creator).await.get(&page(&delivery)).await.text();
    assert!(html.contains("Palma 123") && html.contains("tel:0981555000"), "{html}");
    assert!(!html.contains("Pagan tarde"));
    assert!(html.contains("Hasta el 30/11/2099 09:00, 7 días desde la confirmación"), "{html}");
    assert!(html.contains("Hasta el 07/12/2099 09:00, 14 días desde la confirmación"));
    assert!(html.contains("Por publicar") && html.contains("En el nivel Rookie"));
}

#[tokio::test]
async fn legacy_defect_51_addresses_are_judged_by_the_server_and_the_other_one_is_added_later() {
    let world = World::new().await;
    let campaign = world.campaign(3, |_| {}).await;
    let (creator, _, delivery) = world.confirmed(&campaign).await;
    let mut browser = browser_of(&world, &creator).await;
    let path = page(&delivery);
    for (field, typed, title) in [
        ("instagram_url", VIDEO, "Este enlace no es de Instagram"),
        ("instagram_url", "https://example.com/p/1", "Este enlace es de otro sitio"),
        ("instagram_url", "https://instagram.com/ana.benitez", "Este enlace es de un perfil"),
        ("instagram_url", "https://instagram.com/stories/ana/1", "Las historias no se pueden registrar"),
        ("tiktok_url", "https://www.tiktok.com/@ana.benitez", "Este enlace es de un perfil"),
        ("tiktok_url", "hola", "No reconocemos este enlace"),
    ] {
        let refused = browser.post(&path, &[(field, typed)]).await;
        assert_eq!((refused.status, refused.location()), (StatusCode::SEE_OTHER, path.as_str()));
        let html = browser.get(&path).await.text();
        assert!(html.contains(title) && html.contains(&format!(r#"value="{typed}""#)), "{typed}: {html}");
    }
    browser.post(&path, &[("instagram_url", "")]).await;
    assert!(browser.get(&path).await.text().contains("Pegá el enlace de tu publicación."));
    assert_eq!(world.deliverable(&delivery).await.status, DeliverableStatus::AwaitingPublish);

    browser.post(&path, &[("instagram_url", REEL), ("tiktok_url", "")]).await;
    let stored = world.deliverable(&delivery).await;
    assert_eq!(stored.instagram_url.as_deref(), Some("https://www.instagram.com/reel/Cabc123/"));
    let html = browser.get(&path).await.text();
    assert!(
        html.contains("Registramos tu publicación.") && html.contains("Revisamos tu publicación antes del"),
        "{html}"
    );
    assert!(
        html.contains("tiktok_url") && !html.contains(r#"name="instagram_url""#),
        "only the other one is asked for"
    );
    assert_eq!(said(&html, "url-save"), ["Agregar enlace"]);

    browser.post(&path, &[("tiktok_url", VIDEO)]).await;
    let both = world.deliverable(&delivery).await;
    assert_eq!((both.tiktok_url.as_deref(), both.published_at), (Some(VIDEO), stored.published_at));
    let html = browser.get(&path).await.text();
    assert!(html.contains("Agregamos el otro enlace.") && !html.contains(r#"data-testid="url-form""#));
}

#[tokio::test]
async fn a_requested_change_is_read_and_answered() {
    let world = World::new().await;
    let campaign = world.campaign(3, |_| {}).await;
    let (creator, _, delivery) = world.confirmed(&campaign).await;
    world.register(&creator, &delivery, REEL).await.unwrap();
    deliveries::request_changes(&world.staff(), &delivery, "Falta la mención".into()).await.unwrap();
    let mut browser = browser_of(&world, &creator).await;
    let html = browser.get(&page(&delivery)).await.text();
    assert!(html.contains("Te pidieron un cambio"), "{html}");
    assert_eq!(said(&html, "review-note"), ["Falta la mención"]);
    assert!(html.contains("Corregila antes del"));
    let other = "https://www.instagram.com/p/Cotra456/";
    browser.post(&page(&delivery), &[("instagram_url", other), ("tiktok_url", "")]).await;
    let stored = world.deliverable(&delivery).await;
    assert_eq!((stored.status, stored.instagram_url.as_deref()), (DeliverableStatus::Resubmitted, Some(other)));
    assert!(browser.get(&page(&delivery)).await.text().contains("Enviamos tu corrección a revisar."));
}

#[tokio::test]
async fn a_post_of_another_delivery_is_refused_and_stays_typed() {
    let world = World::new().await;
    let campaign = world.campaign(3, |_| {}).await;
    let (first, _, taken) = world.confirmed(&campaign).await;
    world.register(&first, &taken, REEL).await.unwrap();
    let (second, _, delivery) = world.confirmed(&campaign).await;
    let mut browser = browser_of(&world, &second).await;
    browser.post(&page(&delivery), &[("instagram_url", REEL)]).await;
    let html = browser.get(&page(&delivery)).await.text();
    assert!(html.contains("Ese enlace ya está en otra entrega") && html.contains("igsh=track"), "{html}");
}

#[tokio::test]
async fn a_cancelled_or_refused_delivery_takes_nothing_and_tells_no_contact() {
    let world = World::new().await;
    let campaign = world.campaign(3, |one| one.canje.pickup_address = Some("Palma 123".into())).await;
    let (creator, application, delivery) = world.confirmed(&campaign).await;
    canje::applications::service::cancel(&world.staff(), &application, "Cambio de planes".into()).await.unwrap();
    let mut browser = browser_of(&world, &creator).await;
    let html = browser.get(&page(&delivery)).await.text();
    assert!(html.contains("Esta participación se canceló") && !html.contains("Palma 123"), "{html}");
    assert!(!html.contains(r#"data-testid="url-form""#));
    browser.post(&page(&delivery), &[("instagram_url", REEL)]).await;
    assert_eq!(world.deliverable(&delivery).await.instagram_url, None);

    let (creator, _, delivery) = world.confirmed(&campaign).await;
    world.register(&creator, &delivery, REEL).await.unwrap();
    deliveries::reject(&world.staff(), &delivery, "No es la campaña".into()).await.unwrap();
    let html = browser_of(&world, &creator).await.get(&page(&delivery)).await.text();
    assert!(html.contains("El contenido no se aceptó") && html.contains("No es la campaña"));
    assert!(!html.contains(r#"data-testid="chip-metrics""#), "nothing is due any more");
    assert_eq!(said(&html, "waiting"), ["Definimos cómo sigue tu entrega antes del lun 30 nov, 09:00"]);
}

#[tokio::test]
async fn the_helper_answers_with_the_servers_own_words() {
    let world = World::new().await;
    let creator = world.creator(|_| {}).await;
    let mut browser = browser_of(&world, &creator).await;
    let ask = |platform: &str, url: &str| {
        format!("/ugc/creator/url?{}", serde_urlencoded::to_string([("platform", platform), ("url", url)]).unwrap())
    };
    assert!(browser.get(&ask("instagram", REEL)).await.text().contains("El enlace está bien"));
    let wrong = browser.get(&ask("instagram", VIDEO)).await.text();
    assert!(wrong.contains("Este enlace no es de Instagram") && wrong.contains("va en el campo de TikTok"), "{wrong}");
    assert_eq!(browser.get(&ask("myspace", REEL)).await.status, StatusCode::BAD_REQUEST);
}
