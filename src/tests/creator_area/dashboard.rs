//! The dashboard: what is due first, a true zero and a dash, the profile's bar.

use canje::creators::model::Creator;

use crate::applications::world::World;
use crate::catalogue::{browser_of, said};

async fn html_of(world: &World, creator: &Creator) -> String {
    browser_of(world, creator).await.get("/ugc/creator/dashboard").await.text()
}

fn stat(html: &str, testid: &str) -> String {
    let tile = html.split(&format!(r#"data-testid="{testid}""#)).nth(1).unwrap();
    let value = tile.split(r#"class="stat-value">"#).nth(1).unwrap();
    value.split('<').next().unwrap().to_owned()
}

#[tokio::test]
async fn legacy_defect_33_a_true_zero_is_a_zero_and_what_is_unknown_a_dash() {
    let world = World::new().await;
    let nothing = world.creator(|_| {}).await;
    let html = html_of(&world, &nothing).await;
    assert_eq!(stat(&html, "stat-on-time"), "—");
    assert_eq!(stat(&html, "stat-rating"), "—");
    assert_eq!(stat(&html, "stat-campaigns"), "0");
    let late = world
        .creator(|one| {
            one.stats.delivery_on_time_rate = Some(0.0);
            one.stats.total_ratings = 2;
            one.stats.avg_rating = 4.25;
        })
        .await;
    let html = html_of(&world, &late).await;
    assert_eq!(stat(&html, "stat-on-time"), "0\u{a0}%");
    assert_eq!(stat(&html, "stat-rating"), "4,25");
}

#[tokio::test]
async fn the_most_urgent_delivery_comes_first_and_at_most_four_are_shown() {
    let world = World::new().await;
    let creator = world.creator(|_| {}).await;
    for days in [9, 3, 7, 5, 8] {
        let id =
            world.campaign(3, |one| (one.name, one.delivery.url_delivery_days) = (format!("De {days}"), days)).await;
        let applied = world.apply(&creator, &id).await.unwrap();
        canje::applications::service::confirm(&world.staff(), &applied).await.unwrap();
    }
    let html = html_of(&world, &creator).await;
    assert_eq!(said(&html, "delivery-row").len(), 4);
    let at = |name: &str| html.find(&format!(">{name}<")).unwrap_or(usize::MAX);
    assert!(at("De 3") < at("De 5") && at("De 5") < at("De 7") && at("De 7") < at("De 8"));
    assert_eq!(at("De 9"), usize::MAX);
    assert!(html.contains("Publicá y registrá tu enlace de «De 3»"), "{html}");
    assert!(html.contains("/ugc/creator/my-work?tab=deliveries"), "the way to all five");
}

#[tokio::test]
async fn what_waits_for_an_answer_says_until_when() {
    let world = World::new().await;
    let campaign = world.campaign(3, |_| {}).await;
    let (creator, _) = world.applied(&campaign).await;
    let html = html_of(&world, &creator).await;
    assert!(html.contains("Esperando respuesta") && html.contains("Te respondemos antes del"), "{html}");
}

#[tokio::test]
async fn the_bar_names_the_next_thing_a_profile_lacks() {
    let world = World::new().await;
    let creator = world.creator(|_| {}).await;
    let html = html_of(&world, &creator).await;
    assert!(html.contains("Tu perfil está al 80 %"), "{html}");
    assert_eq!(said(&html, "complete-profile"), ["Subí una foto"]);
}
