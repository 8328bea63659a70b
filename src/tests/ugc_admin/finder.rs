//! One box over everything.

use bson::doc;
use canje::values::Role;

use super::super::accounts::{adopted, signed_in};
use super::super::applications::world::World;
use super::{searchable, staff};

#[tokio::test]
async fn it_finds_campaigns_people_and_where_they_applied() {
    let world = World::new().await;
    let campaign = world.campaign(3, |campaign| {
        campaign.name = "Café de la tarde".into();
        campaign.search = "cafe de la tarde casa rica".into();
    });
    let campaign = campaign.await;
    let (creator, _) = world.applied(&campaign).await;
    searchable(&world, &creator).await;
    let mut ana = staff(&world.test).await;
    let page = ana.get("/admin/buscar?q=CAF%C3%89").await.text();
    assert!(page.contains(&format!("/admin/campaigns/{campaign}")), "{page}");
    let lines = ana.get("/admin/buscar/lista?q=benitez").await;
    assert_eq!(lines.status, 200);
    let lines = lines.text();
    assert!(lines.contains(&format!("/admin/ugc/creators/{}", creator.id)), "{lines}");
    assert!(lines.contains("Ana Benítez · Café de la tarde"), "{lines}");
    assert!(!lines.contains("<html"), "lines alone: {lines}");
    assert!(ana.get(&format!("/admin/buscar/lista?q={}", creator.email)).await.text().contains("Ana Benítez"));
    assert!(!ana.get("/admin/buscar/lista?q=b").await.text().contains("Ana"), "one letter finds nothing");
    assert!(ana.get("/admin/buscar?q=nadie-as%C3%AD").await.text().contains("No encontramos nada"));
}

#[tokio::test]
async fn at_most_five_of_a_kind_and_nothing_for_who_may_not_see_it() {
    let world = World::new().await;
    for n in 0..8 {
        world.campaign(1, |campaign| campaign.search = format!("feria {n}")).await;
    }
    let mut ana = staff(&world.test).await;
    assert_eq!(ana.get("/admin/buscar/lista?q=feria").await.text().matches("<li>").count(), 5);
    adopted(&world.test, "dis@example.com", Role::Designer, |_| {}).await;
    let mut designer = signed_in(&world.test, "dis@example.com").await;
    assert!(!designer.get("/admin/buscar/lista?q=feria").await.text().contains("<li>"));
    let brands = world.test.app.db.live.collection::<bson::Document>("ugc_campaigns");
    assert_eq!(brands.count_documents(doc! {}).await.unwrap(), 8);
}
