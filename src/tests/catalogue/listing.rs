//! Which campaigns are listed, in which order, by which filters.

use canje::campaigns::model::{CampaignStatus, CanjeType, Contract};
use canje::creators::model::SocialAccount;
use canje::db::date;
use canje::values::{Category, LocalDate, Platform, fold};
use http::StatusCode;
use jiff::ToSpan;

use super::{browser_of, said, switch_brand_off};
use crate::applications::world::World;

async fn names(world: &World, path: &str) -> Vec<String> {
    let answer = world.test.browser().get(path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}");
    said(&answer.text(), "campaign-link")
}

fn contract(world: &World, is_active: bool, ends_in: i64) -> Contract {
    let today = LocalDate::of(world.now());
    Contract {
        monthly_deliverables: 4,
        duration_months: 3,
        start_date: today.plus((-90).days()),
        end_date: today.plus(ends_in.days()),
        next_reload_date: None,
        loads_done: 1,
        is_active,
        renewed_at: None,
        renewal_count: 0,
    }
}

#[tokio::test]
async fn what_another_process_wrote_is_seen_after_a_moment_and_what_this_one_wrote_at_once() {
    let world = World::new().await;
    let id = world.campaign(1, |one| one.name = "Antes".into()).await;
    assert_eq!(names(&world, "/ugc/campaigns").await, ["Antes"]);
    world.set_campaign(&id, bson::doc! { "name": "Después" }).await;
    assert_eq!(names(&world, "/ugc/campaigns").await, ["Antes"], "read once for everybody within a moment");
    world.test.app.clock.advance(std::time::Duration::from_secs(2));
    assert_eq!(names(&world, "/ugc/campaigns").await, ["Después"]);
    // The last place is taken here: nobody is shown it any more.
    world.confirmed(&id).await;
    assert_eq!(names(&world, "/ugc/campaigns").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_campaign_of_no_brand_is_offered_to_nobody() {
    let world = World::new().await;
    let id = world.campaign(3, |one| one.brand_id = canje::values::BrandId::new()).await;
    assert_eq!(names(&world, "/ugc/campaigns").await, Vec::<String>::new());
    let answer = world.test.browser().get(&format!("/ugc/campaigns/{id}")).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn only_what_takes_applications_is_listed() {
    let world = World::new().await;
    let today = LocalDate::of(world.now());
    world.campaign(3, |one| one.name = "Abierta".into()).await;
    world.campaign(3, |one| (one.name, one.contract) = ("Con contrato".into(), Some(contract(&world, true, 1)))).await;
    world.campaign(3, |one| (one.name, one.timeline.applications_deadline) = ("Último día".into(), today)).await;
    for status in
        [CampaignStatus::Draft, CampaignStatus::Closed, CampaignStatus::InProduction, CampaignStatus::Cancelled]
    {
        world.campaign(3, |one| one.status = status).await;
    }
    world.campaign(3, |one| one.visible_to_creators = false).await;
    world.campaign(0, |_| {}).await;
    world.campaign(3, |one| one.contract = Some(contract(&world, true, 0))).await;
    world.campaign(3, |one| one.contract = Some(contract(&world, false, 9))).await;
    world.campaign(3, |one| one.timeline.applications_deadline = today.plus((-1).days())).await;
    let mut listed = names(&world, "/ugc/campaigns").await;
    listed.sort();
    assert_eq!(listed, ["Abierta", "Con contrato", "Último día"]);
    switch_brand_off(&world).await;
    let answer = world.test.browser().get("/ugc/campaigns").await;
    assert!(said(&answer.text(), "campaign-link").is_empty());
    assert!(answer.text().contains("Ahora no hay campañas abiertas"));
}

#[tokio::test]
async fn every_filter_narrows_and_a_word_is_found_without_its_accent() {
    let world = World::new().await;
    let with_search = |one: &mut canje::campaigns::Campaign| one.search = fold(&one.name);
    world
        .campaign(3, |one| {
            (one.name, one.category, one.city) = ("Ñandutí".into(), Category::Fashion, Some("Luque".into()));
            one.requirements.platforms = vec![Platform::Tiktok];
            one.canje.kind = CanjeType::Experience;
            one.requirements.min_followers = Some(10_000);
            with_search(one);
        })
        .await;
    world
        .campaign(3, |one| {
            (one.name, one.description) = ("Merienda".into(), "Probá la **chipá** de la casa".into());
            one.requirements.platforms = vec![Platform::Instagram];
            with_search(one);
        })
        .await;
    for (query, expected) in [
        ("q=nanduti", vec!["Ñandutí"]),
        ("q=chipa+merienda", vec!["Merienda"]),
        ("q=chipa+nanduti", vec![]),
        ("category=fashion", vec!["Ñandutí"]),
        ("city=luque", vec!["Ñandutí"]),
        ("platform=instagram", vec!["Merienda"]),
        ("canje=experience", vec!["Ñandutí"]),
        ("followers=5000", vec!["Merienda"]),
        ("followers=10000&platform=tiktok", vec!["Ñandutí"]),
        ("category=unknown&platform=myspace&followers=x", vec!["Merienda", "Ñandutí"]),
    ] {
        let mut found = names(&world, &format!("/ugc/campaigns?{query}")).await;
        found.sort();
        assert_eq!(found, expected, "{query}");
    }
}

#[tokio::test]
async fn only_what_i_can_is_asked_of_the_creators_own_profile() {
    let world = World::new().await;
    world.campaign(3, |one| one.name = "Para mí".into()).await;
    world
        .campaign(3, |one| (one.name, one.requirements.min_followers) = ("Con más seguidores".into(), Some(5_200)))
        .await;
    let creator = world.creator(|_| {}).await;
    let mut browser = browser_of(&world, &creator).await;
    let all = browser.get("/ugc/campaigns").await.text();
    assert_eq!(said(&all, "campaign-link").len(), 2);
    assert!(all.contains("Pide al menos 5.200 seguidores; tu máximo es 5.000"), "the card says why");
    let fitting = browser.get("/ugc/campaigns?fit=1").await.text();
    assert_eq!(said(&fitting, "campaign-link"), ["Para mí"]);
}

#[tokio::test]
async fn worked_example_17_verified_followers_count_before_declared_ones() {
    let world = World::new().await;
    world.campaign(3, |one| one.requirements.min_followers = Some(5_000)).await;
    let now = date(world.now());
    let creator = world
        .creator(|one| {
            for network in &mut one.social_networks {
                network.followers = Some(0);
            }
            let verified = SocialAccount {
                username: "ana.benitez".into(),
                follower_count: 5_200,
                following_count: None,
                posts_count: None,
                likes_count: None,
                is_platform_verified: false,
                verified_by_ai: false,
                verification_method: "staff".into(),
                confidence: None,
                verified_at: now,
                last_updated: now,
            };
            one.social_accounts.insert(Platform::Instagram, verified);
        })
        .await;
    let mut browser = browser_of(&world, &creator).await;
    let html = browser.get("/ugc/campaigns?fit=1").await.text();
    assert_eq!(said(&html, "campaign-apply"), ["Postularme"]);
}

#[tokio::test]
async fn twenty_a_page_newest_published_first_with_the_exact_total() {
    let world = World::new().await;
    for n in 0..43_i64 {
        let published = world.now() - (n / 2).hours();
        world.campaign(3, |one| (one.name, one.published_at) = (format!("C{n:02}"), Some(date(published)))).await;
    }
    let mut seen = Vec::new();
    let mut path = "/ugc/campaigns".to_owned();
    for page in 0..3 {
        let html = world.test.browser().get(&path).await.text();
        assert_eq!(said(&html, "catalogue-count"), ["43 campañas abiertas"]);
        let own = said(&html, "campaign-link");
        assert_eq!(own.len(), [20, 20, 3][page]);
        seen.extend(own);
        let next = html.split("<a ").find(|link| link.contains(r#"data-testid="pager-next""#));
        if let Some(link) = next {
            path = link.split(r#"href=""#).nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
        }
    }
    let mut all = seen.clone();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), 43, "no gap and no repetition");
    assert!(seen[0].as_str() <= "C01" && seen[42] == "C42", "{seen:?}");
}

#[tokio::test]
async fn one_or_two_places_are_told_and_more_are_not() {
    let world = World::new().await;
    world.campaign(5, |one| one.slots_filled = 4).await;
    assert!(world.test.browser().get("/ugc/campaigns").await.text().contains("¡Último cupo!"));
    let world = World::new().await;
    world.campaign(5, |one| one.slots_filled = 2).await;
    let html = world.test.browser().get("/ugc/campaigns").await.text();
    assert!(!html.contains("upo!") && !html.contains("upos!"));
}
