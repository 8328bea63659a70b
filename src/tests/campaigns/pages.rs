//! The pages of campaigns, through the router.

use bson::doc;
use canje::campaigns::form;
use canje::values::{LocalDate, Role};

use super::{Seed, brand, changed, confirm, deadlines, load, made, post, staff, typed};
use crate::accounts::{adopted, all, signed_in};
use crate::support::TestApp;

async fn desk(test: &TestApp, role: Role) -> crate::support::Browser<'_> {
    adopted(test, "ana@example.com", role, |_| {}).await;
    signed_in(test, "ana@example.com").await
}

#[tokio::test]
async fn a_campaign_is_typed_refused_corrected_and_published() {
    let test = TestApp::new().await;
    let mut browser = desk(&test, Role::Staff).await;
    let brand = brand(&test.app.db, "Casa Rica").await;
    let page = browser.get("/admin/campaigns/nueva").await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("Casa Rica"));
    let today = LocalDate::of(test.app.clock.now());
    let good = changed(typed(today), &[("brand_id", brand.as_str()), ("accion", "publicar")]);
    let bad = changed(good.clone(), &[("publish_end", "2000-01-01"), ("admin_notes", "No perder <esto>")]);
    let answer = post(&mut browser, "/admin/campaigns/nueva", &bad, None).await;
    assert_eq!((answer.status.as_u16(), answer.location()), (303, "/admin/campaigns/nueva"));
    let page = browser.get("/admin/campaigns/nueva").await.text();
    assert!(page.contains("Tiene que ser el mismo día que el inicio o después."));
    assert!(page.contains("No perder &lt;esto&gt;") && page.contains("Verano con Ñandutí"));
    assert!(page.contains(&good["id"]), "the form stays the same one");
    let answer = post(&mut browser, "/admin/campaigns/nueva", &good, None).await;
    let id = canje::values::CampaignId::of(good["id"].clone());
    assert_eq!(answer.location(), format!("/admin/campaigns/{id}"));
    // What Leptos leaves between two pieces of text is no text.
    let page = browser.get(&format!("/admin/campaigns/{id}")).await.text().replace("<!>", "");
    for said in
        ["La campaña está publicada.", "Activa", "0 de 4", "Qué buscamos", "<strong>corto</strong>", "Carga inicial"]
    {
        assert!(page.contains(said), "{said}");
    }
}

#[tokio::test]
async fn publishing_a_draft_whose_answer_was_lost_says_so_and_keeps_what_was_typed() {
    let test = TestApp::new().await;
    let mut browser = desk(&test, Role::Staff).await;
    let brand = brand(&test.app.db, "Casa Rica").await;
    let today = LocalDate::of(test.app.clock.now());
    let draft = changed(typed(today), &[("brand_id", brand.as_str()), ("accion", "borrador")]);
    let id = canje::values::CampaignId::of(draft["id"].clone());
    for _ in 0..2 {
        let answer = post(&mut browser, "/admin/campaigns/nueva", &draft, None).await;
        assert_eq!(answer.location(), format!("/admin/campaigns/{id}"), "the same form once more is no error");
    }
    let editing = format!("/admin/campaigns/{id}/editar");
    for again in [("accion", "publicar"), ("description", "Otra cosa"), ("monthly_deliverables", "9")] {
        let again = changed(draft.clone(), &[again]);
        assert_eq!(post(&mut browser, "/admin/campaigns/nueva", &again, None).await.location(), editing);
        let page = browser.get(&editing).await.text();
        assert!(page.contains("Esta campaña ya se había guardado; revisá y guardá de nuevo"), "{page}");
        assert!(page.contains(&again["description"]) && page.contains("name=\"rev\" value=\"1\""), "{page}");
    }
    let stored = load(&test.app.db, &id).await;
    assert_eq!((stored.status.as_str(), stored.rev), ("draft", 1));
    let other = changed(draft.clone(), &[("brand_id", super::brand(&test.app.db, "Otra").await.as_str())]);
    assert_eq!(post(&mut browser, "/admin/campaigns/nueva", &other, None).await.location(), editing);
    let mine = changed(draft, &[("rev", "1"), ("description", "Otra cosa")]);
    let answer = post(&mut browser, &editing, &mine, None).await;
    assert_eq!(answer.location(), format!("/admin/campaigns/{id}"));
    assert_eq!(load(&test.app.db, &id).await.description, "Otra cosa");
}

#[tokio::test]
async fn legacy_defect_61_a_cover_is_a_file_and_a_refused_one_loses_nothing_typed() {
    let test = TestApp::new().await;
    let mut browser = desk(&test, Role::Staff).await;
    let brand = brand(&test.app.db, "Casa Rica").await;
    let today = LocalDate::of(test.app.clock.now());
    let fields = changed(typed(today), &[("brand_id", brand.as_str())]);
    for file in [("portada.svg", b"<svg/>".as_slice()), ("portada.jpg", b"\xff\xd8\xff nothing")] {
        let answer = post(&mut browser, "/admin/campaigns/nueva", &fields, Some(file)).await;
        assert_eq!(answer.location(), "/admin/campaigns/nueva", "{}", file.0);
        let page = browser.get("/admin/campaigns/nueva").await.text();
        assert!(page.contains("aria-invalid=\"true\"") && page.contains("Verano con Ñandutí"));
    }
    assert!(all(&test, "ugc_campaigns", doc! {}).await.is_empty());
}

#[tokio::test]
async fn an_edit_shows_its_impact_moves_deadlines_and_is_undone() {
    let test = TestApp::new().await;
    let mut browser = desk(&test, Role::Staff).await;
    let (db, ctx) = (&test.app.db, staff(&test.app));
    let id = made(&ctx, true, &[]).await;
    confirm(db, &id, &[Seed::waiting("Berta", ctx.now())]).await;
    let before = deadlines(db, "Berta").await;
    let editing = format!("/admin/campaigns/{id}/editar");
    assert!(browser.get(&editing).await.text().contains("antes de guardar vas a ver a quiénes alcanza"));
    let mut fields = changed(form::shown(&load(db, &id).await), &[("url_days", "10"), ("description", "Con\nsaltos")]);
    let page = post(&mut browser, &editing, &fields, None).await;
    assert_eq!(page.status, 200, "a question, and nothing is saved");
    let page = page.text();
    assert!(page.contains("Se actualizarán los plazos de 1 creador") && page.contains("Berta"));
    assert_eq!(deadlines(db, "Berta").await, before);
    let digest = page.split("name=\"consent\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    // Back to the form loses nothing.
    let back = changed(fields.clone(), &[("accion", "volver")]);
    assert_eq!(post(&mut browser, &editing, &back, None).await.location(), editing);
    assert!(browser.get(&editing).await.text().contains("Con\nsaltos"));
    fields.insert("consent".into(), digest.into());
    let answer = post(&mut browser, &editing, &fields, None).await;
    assert_eq!(answer.location(), format!("/admin/campaigns/{id}"));
    let page = browser.get(&format!("/admin/campaigns/{id}")).await.text();
    assert!(page.contains("Guardamos los cambios y los plazos nuevos de 1 creador."));
    assert_ne!(deadlines(db, "Berta").await, before);
    assert_eq!(load(db, &id).await.description, "Con\nsaltos");
    let change = page.split("name=\"change\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let answer = browser.post(&format!("/admin/campaigns/{id}/deshacer-plazos"), &[("change", &change)]).await;
    assert_eq!(answer.status, 303);
    let page = browser.get(answer.location()).await.text();
    assert!(page.contains("Volvieron los plazos anteriores de 1 creador.") && !page.contains("data-testid=\"undo\""));
    assert_eq!(deadlines(db, "Berta").await, before);
    // Who presses it too late is told on the campaign's page.
    super::save(&ctx, &id, &[("url_days", "12")]).await;
    let changes = db.live.collection::<bson::Document>("ugc_deadline_changes");
    let late = changes.find_one(doc! { "state": "open" }).await.unwrap().unwrap();
    test.app.clock.advance(std::time::Duration::from_secs(10 * 60));
    let change = late.get_str("id").unwrap();
    let answer = browser.post(&format!("/admin/campaigns/{id}/deshacer-plazos"), &[("change", change)]).await;
    assert_eq!((answer.status.as_u16(), answer.location()), (303, &*format!("/admin/campaigns/{id}")));
    assert!(browser.get(&format!("/admin/campaigns/{id}")).await.text().contains("Ya pasaron los 10 minutos"));
}

#[tokio::test]
async fn a_late_saver_keeps_what_was_typed_and_decides() {
    let test = TestApp::new().await;
    let mut browser = desk(&test, Role::Staff).await;
    let (db, ctx) = (&test.app.db, staff(&test.app));
    let id = made(&ctx, true, &[]).await;
    let mine = changed(form::shown(&load(db, &id).await), &[("description", "La mía")]);
    super::save(&ctx, &id, &[("description", "La otra")]).await;
    let editing = format!("/admin/campaigns/{id}/editar");
    let answer = post(&mut browser, &editing, &mine, None).await;
    assert_eq!(answer.location(), editing);
    let page = browser.get(&editing).await.text();
    assert!(page.contains("Otra persona guardó cambios mientras editabas") && page.contains("La mía"));
    let again = changed(mine, &[("rev", &load(db, &id).await.rev.to_string())]);
    post(&mut browser, &editing, &again, None).await;
    assert_eq!(load(db, &id).await.description, "La mía");
}

#[tokio::test]
async fn states_slots_and_visibility_are_plain_forms() {
    let test = TestApp::new().await;
    let mut browser = desk(&test, Role::Staff).await;
    let ctx = staff(&test.app);
    let id = made(&ctx, true, &[]).await;
    let path = |part: &str| format!("/admin/campaigns/{id}/{part}");
    let page = browser.get(&path("estado")).await.text();
    assert!(page.contains("Cerrar postulaciones") && !page.contains("data-testid=\"state-cancelled\""), "not staff's");
    let answer = browser.post(&path("estado"), &[("to", "in_production")]).await;
    assert_eq!(answer.location(), path("estado"));
    assert!(browser.get(&path("estado")).await.text().contains("Todavía no hay nadie con participación confirmada."));
    let answer = browser.post(&path("estado"), &[("to", "closed")]).await;
    assert!(browser.get(answer.location()).await.text().contains("La campaña está en «Cerrada»."));
    assert_eq!(browser.post(&path("estado"), &[("to", "cancelled"), ("reason", "x")]).await.status, 403);
    let slots = [("qty", "2"), ("total", "4"), ("accion", "agregar")];
    let answer = browser.post(&path("cupos"), &slots).await;
    assert!(browser.get(answer.location()).await.text().contains("La campaña tiene ahora 6 cupos."));
    let answer = browser.post(&path("cupos"), &slots).await;
    assert!(browser.get(answer.location()).await.text().contains("Los cupos cambiaron mientras tanto"));
    let answer = browser.post(&path("visible"), &[("visible", "no")]).await;
    assert!(browser.get(answer.location()).await.text().contains("Oculta de creadores"));
    assert_eq!(browser.post(&path("visible"), &[("visible", "quizás")]).await.status, 400);
    // What is over has no button to show it, and who has an old page is told why.
    assert!(browser.get(&format!("/admin/campaigns/{id}")).await.text().contains("toggle-visible"));
    super::set(&test.app.db, &id, doc! { "contract.end_date": "2099-11-23" }).await;
    let answer = browser.post(&path("visible"), &[("visible", "si")]).await;
    assert_eq!((answer.status.as_u16(), answer.location()), (303, &*format!("/admin/campaigns/{id}")));
    let page = browser.get(&format!("/admin/campaigns/{id}")).await.text();
    assert!(page.contains("El contrato ya terminó") && !page.contains("toggle-visible"), "{page}");
}

#[tokio::test]
async fn legacy_defect_54_every_link_and_form_of_the_page_leads_somewhere() {
    let test = TestApp::new().await;
    let mut browser = desk(&test, Role::Admin).await;
    let ctx = staff(&test.app);
    let id = made(&ctx, true, &[]).await;
    let page = browser.get(&format!("/admin/campaigns/{id}")).await.text();
    let own = format!("/admin/campaigns/{id}/");
    let mut links: Vec<_> = page
        .split("href=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .filter(|href| href.starts_with(&own) || href.starts_with("/admin/ugc/"))
        .collect();
    links.sort();
    links.dedup();
    assert!(links.len() >= 4, "{links:?}");
    for link in links {
        assert_eq!(browser.get(&link).await.status, 200, "{link}");
    }
}

#[tokio::test]
async fn campaigns_are_staffs_and_what_isnt_there_is_404() {
    let test = TestApp::new().await;
    let ctx = staff(&test.app);
    let id = made(&ctx, true, &[]).await;
    let own = ["", "/editar", "/estado", "/cupos"].map(|part| format!("/admin/campaigns/{id}{part}"));
    let paths: Vec<_> = own.into_iter().chain(["/admin/campaigns/nueva".to_owned()]).collect();
    for (email, role, status) in [
        ("creadora@example.com", Role::Creator, 403),
        ("marca@example.com", Role::Brand, 403),
        ("diseno@example.com", Role::Designer, 403),
        ("equipo@example.com", Role::Staff, 200),
    ] {
        adopted(&test, email, role, |_| {}).await;
        let mut browser = signed_in(&test, email).await;
        for path in &paths {
            assert_eq!(browser.get(path).await.status, status, "{email} {path}");
        }
        let answer = browser.post(&format!("/admin/campaigns/{id}/visible"), &[("visible", "si")]).await;
        assert_eq!(answer.status, if status == 200 { 303 } else { 403 }, "{email}");
        if status == 200 {
            for part in ["", "/editar", "/estado", "/cupos"] {
                assert_eq!(browser.get(&format!("/admin/campaigns/nobody{part}")).await.status, 404);
            }
        }
    }
    let mut guest = test.browser();
    assert_eq!(guest.get(&paths[0]).await.status, 303, "to sign in");
}
