//! No endless wait: what is over is said, and due again.

use std::time::Duration;

use bson::{Document, doc};
use canje::jobs::{self, When};
use canje::values::Role;
use canje::waits::{Calendar, Escalate, Period, calendar_in};

use crate::accounts::{adopted, all, documents, signed_in};
use crate::applications::world::World;
use crate::catalogue::{browser_of, said};
use crate::news::{Scene, at, stored};
use crate::support::{NOW, TestApp};

impl Scene {
    async fn escalate(&self) {
        escalate(&self.app).await;
    }

    async fn one(&self, collection: &str) -> Document {
        documents(&self.app, collection).find_one(doc! {}).await.unwrap().unwrap()
    }
}

async fn escalate(test: &TestApp) {
    jobs::enqueue(&test.app.db, test.app.clock.now(), &Escalate::default(), &When::default()).await.unwrap();
    test.work().await;
}

fn waiting(whose: &str, period: &str, due: &str) -> Document {
    doc! { "waiting": { "whose": whose, "period": period, "since": stored(NOW), "due_at": stored(due), "escalations": 0 } }
}

#[tokio::test]
async fn an_application_nobody_answers_is_told_to_the_team_and_due_again() {
    let scene = Scene::new().await;
    scene.escalate().await;
    assert_eq!(scene.told().await, "", "nothing is over yet");
    // Thursday, an hour after the due time.
    scene.app.app.clock.advance(Duration::from_secs(3 * 86_400 + 3_600));
    scene.escalate().await;
    scene.escalate().await;
    let application = scene.one("ugc_applications").await;
    assert_eq!(application.get_str("status").unwrap(), "applied", "silence changes no state");
    let waiting = application.get_document("waiting").unwrap();
    assert_eq!(*waiting.get_datetime("due_at").unwrap(), stored("2099-12-01T12:00:00Z"), "three business days later");
    assert_eq!(waiting.get_i32("escalations").unwrap(), 1);
    insta::assert_snapshot!(scene.told().await);
    // The next period is over, too.
    scene.app.app.clock.advance(Duration::from_secs(6 * 86_400));
    scene.escalate().await;
    let waiting = scene.one("ugc_applications").await.get_document("waiting").unwrap().clone();
    assert_eq!(waiting.get_i32("escalations").unwrap(), 2);
}

#[tokio::test]
async fn a_correction_that_doesnt_come_is_told_to_its_creator_too() {
    let scene = Scene::new().await;
    let mut change = waiting("creator", "changes", "2099-11-20T12:00:00Z");
    change.insert("status", "changes_requested");
    scene.set("ugc_deliverables", "delivery", change).await;
    scene.escalate().await;
    assert_eq!(scene.one("ugc_deliverables").await.get_str("status").unwrap(), "changes_requested");
    insta::assert_snapshot!(scene.told().await);
}

#[tokio::test]
async fn many_waits_make_one_notice_for_each_of_the_team() {
    let scene = Scene::new().await;
    let over = waiting("staff", "applied", "2099-11-20T12:00:00Z");
    let many: Vec<_> = (0..450)
        .map(|number| {
            let mut one = over.clone();
            one.extend(doc! {
                "id": format!("a{number}"), "campaign_id": "campaign", "creator_id": format!("c{number}"),
                "status": "applied", "applied_at": stored(NOW),
            });
            one
        })
        .collect();
    documents(&scene.app, "ugc_applications").insert_many(many).await.unwrap();
    scene.set("ugc_deliverables", "delivery", waiting("staff", "review", "2099-11-20T12:00:00Z")).await;
    scene.delivery("done", waiting("staff", "close", "2099-11-20T12:00:00Z")).await;
    scene.escalate().await;
    let notices = all(&scene.app, "notifications", doc! {}).await;
    assert_eq!(notices.len(), 2, "one for each of the team, not one per row");
    let said = "450 postulaciones esperan respuesta, 1 publicación espera revisión y 1 entrega espera cierre.";
    assert!(notices[0].get_str("message").unwrap().starts_with(said), "{:?}", notices[0]);
}

#[tokio::test]
async fn what_is_overdue_looks_overdue_after_it_was_told() {
    let world = World::new().await;
    let campaign = world.campaign(3, |_| {}).await;
    world.applied(&campaign).await;
    let (creator, _, delivery) = world.confirmed(&campaign).await;
    world.register(&creator, &delivery, "https://www.instagram.com/p/Tarde1/").await.unwrap();
    canje::deliverables::service::request_changes(&world.staff(), &delivery, "La mención".into()).await.unwrap();
    let promised = Some(stored("2099-11-26T12:00:00Z"));
    world.wait(4 * 24);
    escalate(&world.test).await;
    let waiting = world.deliverable(&delivery).await.waiting.unwrap();
    assert_eq!((waiting.escalations, waiting.due_at), (1, stored("2099-12-01T12:00:00Z")));
    assert_eq!(waiting.promised(), promised);
    adopted(&world.test, "equipo@example.com", Role::Staff, |_| {}).await;
    let mut staff = signed_in(&world.test, "equipo@example.com").await;
    let desk = staff.get(&format!("/admin/campaigns/{campaign}/applications")).await.text();
    assert!(desk.contains(r#"data-accent="attention""#) && desk.contains("Pasó su plazo 1 vez"), "{desk}");
    let home = browser_of(&world, &creator).await.get("/ugc/creator/dashboard").await.text();
    let next = said(&home, "next-deadline").join("");
    assert!(
        next.contains("Corregí") && next.contains("ayer, 09:00 · 26 nov"),
        "{next}: the time that was said, not the next one"
    );
    world.assert_sound(&campaign).await;
}

#[tokio::test]
async fn a_repeated_run_leaves_what_its_first_attempt_told() {
    let scene = Scene::new().await;
    scene.set("ugc_applications", "application", waiting("staff", "applied", "2099-11-20T12:00:00Z")).await;
    jobs::enqueue(&scene.app.app.db, at(NOW), &Escalate::default(), &When::default()).await.unwrap();
    let mut again = scene.one("jobs").await;
    scene.app.work().await;
    // As if the attempt had failed after that: the same run is there once more, with something else that is over.
    scene.set("ugc_deliverables", "delivery", waiting("staff", "review", "2099-11-20T12:00:00Z")).await;
    again.insert("failures", 1);
    documents(&scene.app, "jobs").insert_one(again).await.unwrap();
    scene.app.work().await;
    let told = scene.told().await;
    assert!(
        told.contains("1 postulación espera respuesta") && told.contains("1 publicación espera revisión"),
        "{told}"
    );
}

#[tokio::test]
async fn the_calendar_is_the_settings() {
    let scene = Scene::new().await;
    let change = doc! { "waits": { "applied": 1, "holidays": ["2099-11-24"] } };
    documents(&scene.app, "admin_settings").update_one(doc! {}, doc! { "$set": change }).await.unwrap();
    let mut session = scene.app.app.db.client.start_session().await.unwrap();
    let calendar = calendar_in(&mut session, &scene.app.app.db).await.unwrap();
    let due = |calendar: &Calendar, period| calendar.begin(period, at(NOW)).due_at;
    assert_eq!(due(&calendar, Period::Applied), stored("2099-11-25T12:00:00Z"), "Tuesday is a holiday");
    assert_eq!(due(&calendar, Period::Review), stored("2099-12-01T12:00:00Z"), "what isn't set has its default");
}

#[tokio::test]
async fn waits_and_holidays_are_edited_in_the_settings() {
    let app = TestApp::new().await;
    adopted(&app, "ana@example.com", Role::Admin, |_| {}).await;
    let mut browser = signed_in(&app, "ana@example.com").await;
    let page = browser.get("/admin/settings").await.text();
    assert!(page.contains("08/12/2026") && page.contains("settings-wait_applied"), "the national holidays are there");
    let fields = [
        ("rev", "0"),
        ("wait_applied", "2"),
        ("wait_close", "4"),
        ("holidays", "1/3/2027\n2026-12-08"),
        ("whatsapp_marcas", "0981 123 456"),
    ];
    browser.post("/admin/settings/avisos", &fields).await;
    let settings = canje::settings::load(&app.app.db).await.unwrap();
    assert_eq!((settings.waits.applied, settings.waits.shortlisted, settings.waits.close), (2, 5, 4));
    assert_eq!(
        settings.waits.holidays.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["2026-12-08", "2027-03-01"]
    );
    assert_eq!(settings.whatsapp_marcas.as_deref(), Some("+595981123456"));
    let bad = [("rev", "1"), ("wait_review", "0"), ("holidays", "31/11/2026"), ("whatsapp_marcas", "021 123 456")];
    browser.post("/admin/settings/avisos", &bad).await;
    let page = browser.get("/admin/settings").await.text();
    assert!(
        page.contains("El renglón 1 no es una fecha") && page.contains("021 123 456") && page.contains("entre 1 y 60")
    );
    assert_eq!(canje::settings::load(&app.app.db).await.unwrap().rev, 1, "nothing of it was saved");
}

#[tokio::test]
async fn the_first_page_says_how_much_waits() {
    let scene = Scene::new().await;
    scene
        .application(
            "late",
            doc! { "creator_id": "b", "waiting": waiting("staff", "applied", "2099-11-20T12:00:00Z")
            .get_document("waiting").unwrap().clone() },
        )
        .await;
    scene.set("ugc_deliverables", "delivery", waiting("staff", "review", "2099-11-30T12:00:00Z")).await;
    scene.delivery("done", waiting("staff", "close", "2099-11-20T12:00:00Z")).await;
    let mut browser = signed_in(&scene.app, "team@example.com").await;
    let page = browser.get("/admin").await.text();
    assert!(page.contains("2 postulaciones esperan respuesta, 1 pasó su plazo"), "{page}");
    assert!(page.contains("1 publicación espera revisión"));
    assert!(page.contains("1 entrega espera cierre, 1 pasó su plazo"), "{page}");
}
