//! Applying through its page: the way of somebody who isn't ready yet, refusals with their way out, and success.

use canje::applications::model::ApplicationStatus;
use canje::values::Role;
use http::StatusCode;

use super::{browser_of, said};
use crate::accounts::{adopted, signed_in};
use crate::applications::world::World;

fn page(id: &canje::values::CampaignId) -> String {
    format!("/ugc/campaigns/{id}/postularme")
}

#[tokio::test]
async fn a_guest_signs_up_and_a_person_without_profile_makes_one_and_both_come_back() {
    let world = World::new().await;
    let id = world.campaign(3, |_| {}).await;
    let next = format!("next=%2Fugc%2Fcampaigns%2F{id}%2Fpostularme");
    let answer = world.test.browser().get(&page(&id)).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, format!("/registro?{next}").as_str()));
    adopted(&world.test, "nueva@example.com", Role::User, |_| {}).await;
    let mut person = signed_in(&world.test, "nueva@example.com").await;
    let answer = person.get(&page(&id)).await;
    assert_eq!(answer.location(), format!("/ugc/creator/onboarding?{next}"));
}

#[tokio::test]
async fn applying_takes_one_form_and_leads_to_ones_applications() {
    let world = World::new().await;
    let id = world.campaign(3, |one| one.name = "Desayuno".into()).await;
    let creator = world.creator(|_| {}).await;
    let mut browser = browser_of(&world, &creator).await;
    let form = browser.get(&page(&id)).await.text();
    assert!(form.contains("@ana.benitez · 5.000 seguidores"), "the own profile is shown");
    let sent = browser.post(&page(&id), &[("message", "Me encanta el desayuno")]).await;
    assert_eq!((sent.status, sent.location()), (StatusCode::SEE_OTHER, "/ugc/creator/applications"));
    let list = browser.get("/ugc/creator/applications").await.text();
    assert!(list.contains("Te postulaste a «Desayuno»"));
    assert!(list.contains("Te respondemos antes del"), "{list}");
    assert_eq!(world.campaign_now(&id).await.tally.applied, 1);
    let card = browser.get("/ugc/campaigns").await.text();
    assert!(card.contains("Ya te postulaste · Pendiente") && said(&card, "campaign-apply").is_empty());
    let again = browser.get(&page(&id)).await.text();
    assert_eq!(said(&again, "apply-way-out"), ["Ver mis postulaciones"]);
    let twice = browser.post(&page(&id), &[("message", "")]).await;
    assert_eq!(twice.location(), page(&id));
    assert_eq!(world.campaign_now(&id).await.tally.applied, 1);
}

#[tokio::test]
async fn refusals_come_in_their_own_words_with_a_way_out() {
    let world = World::new().await;
    let creator = world.creator(|_| {}).await;
    let mut browser = browser_of(&world, &creator).await;
    let full = world.campaign(0, |_| {}).await;
    let html = browser.get(&page(&full)).await.text();
    assert!(html.contains("Los cupos de esta campaña ya están completos"));
    assert_eq!(said(&html, "apply-way-out"), ["Ver otras campañas"]);
    let large = world.campaign(3, |one| one.requirements.min_followers = Some(10_000)).await;
    let html = browser.get(&page(&large)).await.text();
    assert!(html.contains("Pide al menos 10.000 seguidores; tu máximo es 5.000"));
    assert_eq!(said(&html, "apply-way-out"), ["Editar mi perfil"]);
    let incomplete = world.creator(|one| one.phone = None).await;
    let mut other = browser_of(&world, &incomplete).await;
    let open = world.campaign(3, |_| {}).await;
    let html = other.get(&page(&open)).await.text();
    assert!(html.contains("Completá tu perfil: faltan tu teléfono"), "{html}");
    assert_eq!(said(&html, "apply-way-out"), ["Completar mi perfil"]);
    let inactive = world.creator(|one| one.is_active = false).await;
    let html = browser_of(&world, &inactive).await.get(&page(&open)).await.text();
    assert!(html.contains("Tu cuenta de creador está desactivada; escribinos"));
}

#[tokio::test]
async fn a_message_that_is_too_long_comes_back_with_its_words() {
    let world = World::new().await;
    let id = world.campaign(3, |_| {}).await;
    let creator = world.creator(|_| {}).await;
    let mut browser = browser_of(&world, &creator).await;
    let long = "ñ".repeat(1_001);
    let refused = browser.post(&page(&id), &[("message", &long)]).await;
    assert_eq!(refused.location(), page(&id));
    let html = browser.get(&page(&id)).await.text();
    assert!(html.contains("El mensaje es demasiado largo") && html.contains(&long));
    assert_eq!(world.campaign_now(&id).await.tally.applied, 0);
    let lines = format!("{}fin", "a\r\n".repeat(498));
    let applied = canje::applications::service::apply(&world.of(&creator), &creator, &id, Some(lines)).await.unwrap();
    assert_eq!(world.application(&applied).await.motivation.unwrap().chars().count(), 999);
}

#[tokio::test]
async fn withdrawn_one_may_apply_again() {
    let world = World::new().await;
    let id = world.campaign(3, |_| {}).await;
    let (creator, application) = world.applied(&id).await;
    let mut browser = browser_of(&world, &creator).await;
    let question = format!("/ugc/creator/applications/{application}/retirar");
    assert!(browser.get(&question).await.text().contains("¿Retirás tu postulación a «Merienda en familia»?"));
    browser.post(&question, &[]).await;
    assert_eq!(world.application(&application).await.status, ApplicationStatus::Withdrawn);
    let html = browser.get("/ugc/campaigns").await.text();
    assert_eq!(said(&html, "campaign-apply"), ["Postularme"]);
    browser.post(&page(&id), &[("message", "")]).await;
    assert_eq!(world.application(&application).await.status, ApplicationStatus::Applied);
}
