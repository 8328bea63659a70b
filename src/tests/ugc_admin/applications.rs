//! The desk where staff answers applications.

use std::sync::atomic::Ordering;

use bson::doc;
use canje::applications::desk;
use canje::applications::model::ApplicationStatus;
use canje::lists::{Asked, List};
use canje::values::Platform;

use super::super::applications::world::World;
use super::{counting, rows, searchable, staff};

#[tokio::test]
async fn each_line_shows_who_it_is_and_what_may_be_done_in_its_state() {
    let world = World::new().await;
    let campaign = world.campaign(1, |campaign| campaign.requirements.min_followers = Some(3_000)).await;
    let path = format!("/admin/campaigns/{campaign}/applications");
    let (_, second) = world.applied(&campaign).await;
    let (_, first) = world.applied(&campaign).await;
    let mut ana = staff(&world.test).await;
    let page = ana.get(&path).await;
    assert_eq!(page.status, 200);
    let page = page.text();
    let row = line(&page, first.as_str());
    for said in ["Ana Benítez", "@ana.benitez", "Asunción", "Rookie", "IG 5K", "Pendiente", "Responder antes del"] {
        assert!(row.contains(said), "{said}: {row}");
    }
    for action in ["application-shortlist", "application-confirm", "application-reject", "whatsapp"] {
        assert_eq!(row.contains(action), action != "whatsapp", "{action}: {row}");
    }
    ana.post(&format!("/admin/applications/{first}/preseleccionar"), &[("back", &path)]).await;
    assert_eq!(world.application(&first).await.status, ApplicationStatus::Shortlisted);
    let confirmed = ana.post(&format!("/admin/applications/{first}/confirmar"), &[("back", &path)]).await;
    assert_eq!(confirmed.location(), path);
    let page = ana.get(&path).await.text();
    assert!(page.contains("Confirmada: tiene su cupo"), "{page}");
    let row = line(&page, "application-delivery");
    assert!(row.contains("application-delivery") && row.contains("application-cancel"), "{row}");
    assert!(!row.contains("application-confirm\""), "{row}");
    let delivery = world.deliverables_of(&campaign).await.remove(0);
    let creator = canje::creators::store::find(&world.test.app.db, &delivery.creator_id).await.unwrap().unwrap();
    world.register(&creator, &delivery.id, "https://www.instagram.com/p/Hecho1/").await.unwrap();
    world.accept_metrics(&delivery.id).await.unwrap();
    let row = line(&ana.get(&path).await.text(), "application-delivery");
    assert!(!row.contains("application-cancel"), "delivered work isn't cancelled: {row}");

    // The slot is taken: the next one is told so, in words, and nothing changes.
    ana.post(&format!("/admin/applications/{second}/confirmar"), &[("back", &path)]).await;
    assert!(ana.get(&path).await.text().contains("No quedan cupos disponibles"));
    assert_eq!(world.application(&second).await.status, ApplicationStatus::Applied);
}

/// The box that chooses an application.
fn box_of<'a>(page: &'a str, id: &str) -> &'a str {
    let boxes = page.split("<input ").skip(1).map(|input| input.split('>').next().unwrap());
    boxes.into_iter().find(|input| input.contains("application-choose") && input.contains(id)).unwrap()
}

/// The line that holds a text.
fn line(page: &str, text: &str) -> String {
    rows(page, "application-row").into_iter().find(|row| row.contains(text)).unwrap().to_owned()
}

#[tokio::test]
async fn a_reason_is_asked_for_on_a_page_of_its_own_and_a_missing_one_keeps_the_form() {
    let world = World::new().await;
    let campaign = world.campaign(2, |_| {}).await;
    let (_, application, _) = world.confirmed(&campaign).await;
    let mut ana = staff(&world.test).await;
    let (path, back) =
        (format!("/admin/applications/{application}/cancelar"), format!("/admin/campaigns/{campaign}/applications"));
    let page = ana.get(&path).await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("el cupo queda libre"));
    let refused = ana.post(&path, &[("motivo", " "), ("back", &back)]).await;
    assert!(refused.location().starts_with(&path), "{}", refused.location());
    assert!(ana.get(refused.location()).await.text().contains("Escribí el motivo."));
    let done = ana.post(&path, &[("motivo", "Se mudó"), ("back", &back)]).await;
    assert_eq!(done.location(), back);
    assert_eq!(world.application(&application).await.cancellation_reason.as_deref(), Some("Se mudó"));
    let again = ana.post(&format!("/admin/applications/{application}/reactivar"), &[("back", &back)]).await;
    assert_eq!(again.location(), back);
    assert_eq!(world.application(&application).await.status, ApplicationStatus::Applied);
}

#[tokio::test]
async fn several_are_answered_at_once_and_one_of_another_campaign_stops_all() {
    let world = World::new().await;
    let (campaign, other) = (world.campaign(2, |_| {}).await, world.campaign(2, |_| {}).await);
    let (_, a) = world.applied(&campaign).await;
    let (_, b) = world.applied(&campaign).await;
    let (_, foreign) = world.applied(&other).await;
    let mut ana = staff(&world.test).await;
    let back = format!("/admin/campaigns/{campaign}/applications");
    let path = format!("{back}/lote");
    let (a, b, foreign) = (a.to_string(), b.to_string(), foreign.to_string());
    let stopped =
        ana.post(&path, &[("accion", "preseleccionar"), ("ids", &a), ("ids", &foreign), ("back", &back)]).await;
    assert_eq!(stopped.status, 404);
    ana.post(&path, &[("accion", "preseleccionar"), ("ids", &a), ("ids", &b), ("back", &back)]).await;
    assert!(ana.get(&back).await.text().contains("2 preseleccionadas."));
    // A reason that is too long comes back with its words, and so does who was chosen.
    let (_, c) = world.applied(&campaign).await;
    let (c, long) = (c.to_string(), "ñ".repeat(1_001));
    let refused = ana.post(&path, &[("accion", "rechazar"), ("ids", &a), ("motivo", &long), ("back", &back)]).await;
    assert_eq!(refused.location(), back);
    let page = ana.get(&back).await.text();
    assert!(page.contains(&long) && page.contains("El motivo es demasiado largo"), "{page}");
    let chosen = |id: &str| box_of(&page, id).contains("checked");
    assert!(chosen(&a) && !chosen(&b) && !chosen(&c), "{page}");
    assert!(page.contains(r#"<details open class="disclosure""#), "{page}");
    ana.post(&path, &[("accion", "rechazar"), ("ids", &a), ("motivo", "Otra vez será"), ("back", &back)]).await;
    let rejected = world.application(&canje::values::ApplicationId::of(a)).await;
    assert_eq!(rejected.rejection_reason.as_deref(), Some("Otra vez será"));
    ana.post(&path, &[("accion", "rechazar"), ("back", &back)]).await;
    assert!(ana.get(&back).await.text().contains("Elegí al menos una"));
}

#[tokio::test]
async fn people_are_ordered_and_searched_in_the_database_and_warnings_name_what_is_not_met() {
    let world = World::new().await;
    let campaign = world.campaign(9, |_| {}).await;
    let mut made = Vec::new();
    for (name, followers) in [("Bea", 10), ("Caro", 30_000), ("Dani", 700)] {
        let creator = world
            .creator(|creator| {
                creator.name = name.into();
                creator.social_networks[0].followers = Some(followers);
                creator.city = Some("Encarnación".into());
            })
            .await;
        searchable(&world, &creator).await;
        world.apply(&creator, &campaign).await.unwrap();
        made.push(creator);
    }
    // A verified count wins over what was declared.
    let verified = doc! { "username": "x", "follower_count": 90_000_i64, "verification_method": "staff",
    "verified_at": bson::DateTime::now(), "last_updated": bson::DateTime::now() };
    let creators = world.test.app.db.live.collection::<bson::Document>("ugc_creators");
    let set = doc! { "$set": { "social_accounts.instagram": verified } };
    creators.update_one(doc! { "id": &made[0].id }, set).await.unwrap();
    let residence =
        doc! { "requirements.residence": "Asunción y Gran Asunción", "requirements.min_followers": 1_000_i64 };
    world.set_campaign(&campaign, residence).await;
    let path = format!("/admin/campaigns/{campaign}/applications");
    let mut ana = staff(&world.test).await;
    let mut names = async |query: &str| -> Vec<&str> {
        let page = ana.get(&format!("{path}?{query}")).await.text();
        let rows: Vec<String> = rows(&page, "application-row").into_iter().map(Into::into).collect();
        rows.iter().map(|row| ["Bea", "Caro", "Dani"].into_iter().find(|name| row.contains(*name)).unwrap()).collect()
    };
    assert_eq!(names("orden=instagram").await, ["Bea", "Caro", "Dani"]);
    assert_eq!(names("orden=-instagram").await, ["Dani", "Caro", "Bea"]);
    assert_eq!(names("verificadas=1").await, ["Bea"]);
    assert_eq!(names("q=caro").await, ["Caro"]);
    assert_eq!(names("estado=rejected").await, Vec::<&str>::new());
    let page = ana.get(&format!("{path}?q=dani")).await.text();
    assert!(page.contains("No cumple: 800 seguidores de 1.000, no es de Asunción y Gran Asunción"), "{page}");
    assert_eq!(made[1].followers(Platform::Instagram), 30_000);
}

#[tokio::test]
async fn legacy_defect_50_a_hundred_applications_take_as_many_queries_as_one() {
    let world = World::new().await;
    let campaign = world.campaign(200, |_| {}).await;
    world.confirmed(&campaign).await;
    let one = queries(&world, &campaign).await;
    for _ in 0..30 {
        world.applied(&campaign).await;
    }
    assert_eq!(queries(&world, &campaign).await, one);
}

async fn queries(world: &World, campaign: &canje::values::CampaignId) -> usize {
    let (db, asked) = counting(&world.test).await;
    let mut ctx = world.staff();
    let app = canje::app::App::open(
        world.test.app.config.clone(),
        db,
        world.test.db.read_only().await,
        world.test.app.assets.clone(),
        world.test.app.clock.clone(),
    );
    ctx.app = std::sync::Arc::new(app.await.unwrap());
    let list = List::read(desk::pages::spec(), "/x", Vec::new(), &Asked::default()).unwrap();
    let before = asked.load(Ordering::SeqCst);
    desk::desk(&ctx, campaign, &list, &desk::Filter::default()).await.unwrap();
    asked.load(Ordering::SeqCst) - before
}
