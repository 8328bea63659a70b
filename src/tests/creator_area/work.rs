//! A creator's work in three parts, and stepping back from it.

use canje::applications::model::ApplicationStatus;
use canje::applications::service as applications;
use canje::creators::model::Creator;
use canje::values::DeliverableId;
use http::StatusCode;

use crate::applications::world::World;
use crate::catalogue::{browser_of, said};

const POST: &str = "https://www.instagram.com/reel/Cabc123/";

/// The same creator confirmed in another campaign.
async fn confirmed(world: &World, creator: &Creator, name: &str) -> DeliverableId {
    let id = world.campaign(5, |one| one.name = name.into()).await;
    let applied = world.apply(creator, &id).await.unwrap();
    applications::confirm(&world.staff(), &applied).await.unwrap()
}

fn counts(html: &str, testid: &str) -> Vec<String> {
    let tabs = html.split(&format!(r#"data-testid="{testid}""#)).nth(1).unwrap().split("</nav>").next().unwrap();
    tabs.split(r#"class="tab-count">"#).skip(1).map(|rest| rest.split('<').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn each_part_holds_what_it_says_and_counts_it() {
    let world = World::new().await;
    let creator = world.creator(|_| {}).await;
    let pending = world.campaign(5, |one| one.name = "En espera".into()).await;
    world.apply(&creator, &pending).await.unwrap();
    let rejected = world.campaign(5, |one| one.name = "No fue".into()).await;
    let rejected = world.apply(&creator, &rejected).await.unwrap();
    applications::reject(&world.staff(), &rejected, Some("Ya estaba completa".into())).await.unwrap();
    confirmed(&world, &creator, "Por publicar").await;
    let done = confirmed(&world, &creator, "Entregada").await;
    world.register(&creator, &done, POST).await.unwrap();
    world.accept_metrics(&done).await.unwrap();
    let mut browser = browser_of(&world, &creator).await;

    let html = browser.get("/ugc/creator/my-work").await.text();
    assert_eq!(counts(&html, "work-tabs"), ["3", "2", "1"]);
    assert_eq!(said(&html, "application-row").len(), 3);
    let html = browser.get("/ugc/creator/my-work?tab=deliveries").await.text();
    assert_eq!(counts(&html, "work-views"), ["1", "1", "0", "0"]);
    assert!(html.contains("Por publicar") && !html.contains("Entregada"));
    assert_eq!(said(&html, "delivery-open"), ["Registrar enlace"]);
    let html = browser.get("/ugc/creator/my-work?tab=deliveries&view=completed").await.text();
    assert!(html.contains(">Entregada<") && said(&html, "delivery-row").len() == 1);
    let html = browser.get("/ugc/creator/my-work?tab=history").await.text();
    assert!(html.contains("No seleccionado") && html.contains("Motivo: Ya estaba completa"), "{html}");
    applications_complete(&world, &done).await;
    let html = browser.get("/ugc/creator/my-work?tab=history").await.text();
    assert_eq!(counts(&html, "work-tabs"), ["3", "2", "2"]);
    assert_eq!(said(&html, "application-row").len(), 2, "what is completed is history too");
}

async fn applications_complete(world: &World, id: &DeliverableId) {
    canje::deliverables::service::complete(&world.staff(), id).await.unwrap();
}

#[tokio::test]
async fn what_needs_the_creator_stands_before_what_doesnt() {
    let world = World::new().await;
    let creator = world.creator(|_| {}).await;
    let published = confirmed(&world, &creator, "Ya publicada").await;
    world.register(&creator, &published, POST).await.unwrap();
    world.wait(1);
    confirmed(&world, &creator, "Sin publicar").await;
    let html = browser_of(&world, &creator).await.get("/ugc/creator/my-work?tab=deliveries").await.text();
    assert!(html.find("Sin publicar") < html.find("Ya publicada"));
}

#[tokio::test]
async fn every_filter_of_the_applications_shows_its_own() {
    let world = World::new().await;
    let creator = world.creator(|_| {}).await;
    let waiting = world.campaign(5, |one| one.name = "En espera".into()).await;
    world.apply(&creator, &waiting).await.unwrap();
    let over = world.campaign(5, |one| one.name = "Retirada".into()).await;
    let over = world.apply(&creator, &over).await.unwrap();
    applications::withdraw(&world.of(&creator), &creator, &over).await.unwrap();
    confirmed(&world, &creator, "Adentro").await;
    let mut browser = browser_of(&world, &creator).await;
    for (view, rows) in [("", 3), ("?view=waiting", 1), ("?view=confirmed", 1), ("?view=over", 1)] {
        let html = browser.get(&format!("/ugc/creator/applications{view}")).await.text();
        assert_eq!(said(&html, "application-row").len(), rows, "{view}");
    }
    assert_eq!(browser.get("/ugc/creator/applications?after=x").await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn long_lists_are_paged_by_key() {
    let world = World::new().await;
    let creator = world.creator(|_| {}).await;
    for n in 0..20 {
        let id = world.campaign(1, |one| one.name = format!("C{n:02}")).await;
        world.apply(&creator, &id).await.unwrap();
    }
    world.wait(2);
    for n in 20..23 {
        let id = world.campaign(1, |one| one.name = format!("C{n:02}")).await;
        let stored = world.apply(&creator, &id).await;
        // The limit per hour belongs to applying; time went on.
        stored.unwrap();
    }
    let mut browser = browser_of(&world, &creator).await;
    let html = browser.get("/ugc/creator/applications").await.text();
    assert_eq!(said(&html, "application-row").len(), 20);
    let link = html.split("<a ").find(|link| link.contains(r#"data-testid="pager-next""#)).unwrap();
    let path = link.split(r#"href=""#).nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
    let rest = browser.get(&path).await.text();
    assert_eq!(said(&rest, "application-row").len(), 3);
}

#[tokio::test]
async fn taking_part_is_cancelled_after_a_question_and_only_before_publishing() {
    let world = World::new().await;
    let campaign = world.campaign(5, |_| {}).await;
    let (creator, application, delivery) = world.confirmed(&campaign).await;
    let mut browser = browser_of(&world, &creator).await;
    let path = format!("/ugc/creator/applications/{application}/cancelar");
    let question = browser.get(&path).await.text();
    assert!(question.contains("¿Cancelás tu participación en «Merienda en familia»?"));
    assert_eq!(world.application(&application).await.status, ApplicationStatus::Confirmed, "asking changes nothing");
    world.register(&creator, &delivery, POST).await.unwrap();
    let html = browser.get(&path).await.text();
    assert!(html.contains("Esto ya no se puede hacer") && said(&html, "step-back-confirm").is_empty());
    let refused = browser.post(&path, &[]).await;
    assert_eq!(refused.location(), "/ugc/creator/applications");
    assert!(browser.get("/ugc/creator/applications").await.text().contains("escribinos"));
    assert_eq!(world.application(&application).await.status, ApplicationStatus::Confirmed);

    let (other, application, _) = world.confirmed(&campaign).await;
    let mut browser = browser_of(&world, &other).await;
    let path = format!("/ugc/creator/applications/{application}/cancelar");
    browser.post(&path, &[]).await;
    assert_eq!(world.application(&application).await.status, ApplicationStatus::Cancelled);
    assert!(browser.get("/ugc/creator/applications").await.text().contains("Cancelaste tu participación"));
}
