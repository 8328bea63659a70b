//! Creators as staff sees them.

use bson::doc;
use canje::creators::model::Level;
use canje::values::Role;

use super::super::accounts::{adopted, all, signed_in};
use super::super::applications::world::World;
use super::{rows, searchable, staff};

const LIST: &str = "/admin?module=ugc&ugcTab=creators";

#[tokio::test]
async fn filters_search_and_orders_are_evaluated_in_the_database() {
    let world = World::new().await;
    for (name, followers, city, level) in [
        ("Bea Núñez", 10, "Luque", Level::Rookie),
        ("Caro Paz", 30_000, "Asunción", Level::Pro),
        ("Dani Ruiz", 700, "Asunción", Level::Rookie),
    ] {
        let creator = world
            .creator(|creator| {
                creator.name = name.into();
                creator.social_networks[0].followers = Some(followers);
                creator.city = Some(city.into());
                creator.level = level;
                creator.phone_full = Some("+595981000000".into());
                creator.is_verified = name.starts_with("Caro");
                creator.is_active = !name.starts_with("Dani");
            })
            .await;
        searchable(&world, &creator).await;
    }
    let mut ana = staff(&world.test).await;
    let mut names = async |query: &str| -> Vec<&str> {
        let page = ana.get(&format!("{LIST}&{query}")).await.text();
        let rows: Vec<String> = rows(&page, "creator-row").into_iter().map(Into::into).collect();
        rows.iter().map(|row| ["Bea", "Caro", "Dani"].into_iter().find(|name| row.contains(*name)).unwrap()).collect()
    };
    assert_eq!(names("orden=instagram").await, ["Caro", "Dani", "Bea"]);
    assert_eq!(names("q=nunez").await, ["Bea"]);
    assert_eq!(names("ciudad=Luque").await, ["Bea"]);
    assert_eq!(names("nivel=pro").await, ["Caro"]);
    assert_eq!(names("verificado=si").await, ["Caro"]);
    assert_eq!(names("verificado=no&orden=-instagram").await, ["Bea", "Dani"]);
    assert_eq!(names("activo=no").await, ["Dani"]);
    assert_eq!(names("categoria=food&orden=instagram").await.len(), 3);
    assert_eq!(names("categoria=music").await.len(), 0);
    assert_eq!(names("verificadas=1").await.len(), 0);
    assert_eq!(names("orden=puntualidad").await.len(), 3);
    let page = staff(&world.test).await.get(LIST).await.text();
    assert!(page.contains("https://wa.me/595981000000?text=Hola%20"), "{page}");
    assert!(page.contains("3 creadores"));
}

#[tokio::test]
async fn legacy_defect_54_verifying_and_deactivating_change_the_profile_and_are_on_record() {
    let world = World::new().await;
    let creator = world.creator(|_| {}).await;
    let path = format!("/admin/ugc/creators/{}", creator.id);
    let mut ana = staff(&world.test).await;
    let page = ana.get(&path).await;
    assert_eq!(page.status, 200);
    let text = page.text();
    for said in ["1.234.567", "Femenino", "29 años", "@ana.benitez", "Todavía no se postuló"] {
        assert!(text.contains(said), "{said}: {text}");
    }
    ana.post(&format!("{path}/verificado"), &[("valor", "si")]).await;
    assert!(ana.get(&path).await.text().contains("Creador verificado."));
    ana.post(&format!("{path}/verificado"), &[("valor", "si")]).await;
    ana.post(&format!("{path}/activo"), &[("valor", "no")]).await;
    let stored = all(&world.test, "ugc_creators", doc! { "id": &creator.id }).await.remove(0);
    assert!(stored.get_bool("is_verified").unwrap() && !stored.get_bool("is_active").unwrap());
    let rows = all(&world.test, "audit_logs", doc! { "target_id": creator.id.as_str() }).await;
    let actions: Vec<_> = rows.iter().map(|row| row.get_str("action").unwrap()).collect();
    assert_eq!(actions, ["ugc_creator_verified", "ugc_creator_deactivated"], "what stood so already is no change");
    assert_eq!(ana.post(&format!("{path}/activo"), &[("valor", "quizás")]).await.status, 400);
}

#[tokio::test]
async fn legacy_defect_62_what_is_not_there_is_404_and_not_success() {
    let world = World::new().await;
    let mut ana = staff(&world.test).await;
    for (path, form) in [
        ("/admin/ugc/creators/nadie/verificado", ("valor", "si")),
        ("/admin/ugc/creators/nadie/activo", ("valor", "no")),
        ("/admin/applications/nada/confirmar", ("back", "/admin")),
        ("/admin/applications/nada/preseleccionar", ("back", "/admin")),
        ("/admin/applications/nada/rechazar", ("back", "/admin")),
        ("/admin/deliverables/nada/aprobar", ("nota", "")),
        ("/admin/deliverables/nada/completar", ("nota", "")),
        ("/admin/deliverables/nada/resetear", ("nota", "")),
        ("/admin/deliverables/nada/cancelar", ("nota", "x")),
    ] {
        assert_eq!(ana.post(path, &[form]).await.status, 404, "{path}");
    }
    for path in [
        "/admin/ugc/creators/nadie",
        "/admin/creators/nadie/deliverables",
        "/admin/ugc/deliverables/nada",
        "/admin/deliverables/nada",
        "/admin/campaigns/nada/applications",
        "/admin/applications/nada/rechazar",
    ] {
        assert_eq!(ana.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn what_people_typed_is_text_on_every_desk() {
    let world = World::new().await;
    let campaign = world.campaign(1, |campaign| campaign.name = "<b>Café</b>".into()).await;
    let creator = world.creator(|creator| {
        creator.name = "<script>alert(1)</script>".into();
        creator.bio = Some("</p><img src=x onerror=alert(1)>".into());
        creator.portfolio_url = Some("javascript:alert(1)".into());
    });
    let creator = creator.await;
    let hers = world.of(&creator);
    let message = Some("</summary><script>alert(2)</script>".to_owned());
    canje::applications::service::apply(&hers, &creator, &campaign, message).await.unwrap();
    adopted(&world.test, "leo@example.com", Role::Admin, |_| {}).await;
    let mut leo = signed_in(&world.test, "leo@example.com").await;
    for path in [
        format!("/admin/campaigns/{campaign}/applications"),
        format!("/admin/ugc/creators/{}", creator.id),
        LIST.to_owned(),
        "/admin?module=ugc&ugcTab=campaign-manager".to_owned(),
        format!("{LIST}&q=%3Cscript%3Ealert(3)"),
    ] {
        let page = leo.get(&path).await.text();
        for raw in ["<script>alert", "<img src=x", "<b>Café", "\"javascript:"] {
            assert!(!page.contains(raw), "{path} has {raw}");
        }
    }
}
