//! The wizard, a restore's page, the list, one document: through the router, as a person does it.

use canje::backup::record::BackupRun;
use canje::values::Role;
use http::StatusCode;

use super::planned::put_run;
use super::*;
use crate::accounts::{adopted, all, signed_in};
use crate::support::TestApp;

struct House {
    app: TestApp,
    sample: Sample,
    run: BackupRun,
}

async fn house() -> House {
    let owner = doc! { "_id": 7, "name": "Ana", "password_hash": "$2b$12$secret", "email": "ana@example.com" };
    let orders = (0..30).map(|id| simple(id, "order")).collect();
    let sample = Sample::new(
        &[namespace("orders", "collection", "", &[], orders), Collection::of("shop", "users", &[owner])],
        1 << 20,
    );
    let (keys, place) = (sample.folder.path().join("keys"), sample.folder.path().join("store"));
    let app = TestApp::with(|environment| {
        environment.insert("CANJE_BACKUP_KEYS", keys.display().to_string());
        environment.insert("CANJE_BACKUP_FOLDER", place.display().to_string());
    })
    .await;
    let run = put_run(&Depot::of(&app.app).unwrap(), &sample).await;
    adopted(&app, "admin@example.com", Role::Superadmin, |_| {}).await;
    House { app, sample, run }
}

/// The value of a hidden field.
fn hidden(page: &str, name: &str) -> String {
    let input = page.split("<input").find(|input| input.contains(&format!(r#"name="{name}""#))).unwrap();
    input.split(r#"value=""#).nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_person_restores_a_backup_in_three_steps_and_sees_the_proof() {
    let House { app, run, sample: _sample } = house().await;
    let mut browser = signed_in(&app, "admin@example.com").await;
    let wizard = format!("/admin/backups/{}/restaurar", run.id);
    let what = browser.get(&wizard).await.text();
    assert!(what.contains("Paso 1 de 3") && what.contains("shop · 31 documentos"), "{what}");
    let place = browser.get(&format!("{wizard}?base=shop&modo=new-db")).await.text();
    assert!(place.contains("Paso 2 de 3") && place.contains(r#"name="target""#), "{place}");

    // A refused name comes back with what was typed.
    let form = |target: &str| [("database", "shop".to_owned()), ("mode", "new-db".into()), ("target", target.into())];
    let post = |form: [(&'static str, String); 3]| form;
    let typed = post(form("admin"));
    let answer = browser.post(&wizard, &typed.each_ref().map(|(name, value)| (*name, value.as_str()))).await;
    assert_eq!(answer.location(), format!("{wizard}?base=shop&modo=new-db"));
    let again = browser.get(answer.location()).await.text();
    assert!(again.contains("es del propio servidor") && again.contains(r#"value="admin""#), "{again}");

    let target = app.db.sibling("copy");
    let typed = post(form(&target));
    let answer = browser.post(&wizard, &typed.each_ref().map(|(name, value)| (*name, value.as_str()))).await;
    let confirmation = answer.location().to_owned();
    let page = browser.get(&confirmation).await.text();
    assert!(page.contains("Paso 3 de 3") && page.contains(&target) && page.contains("orders"), "{page}");
    let hash = hidden(&page, "hash");

    let wrong = [("hash", hash.as_str()), ("name", target.as_str()), ("documents", "30")];
    let answer = browser.post(&confirmation, &wrong).await;
    let refused = browser.get(answer.location()).await.text();
    assert!(refused.contains(r#"value="30""#) && refused.contains("field-error"), "{refused}");
    assert!(!app.db.db.client.list_database_names().await.unwrap().contains(&target));

    let right = [("hash", hash.as_str()), ("name", target.as_str()), ("documents", "31")];
    let answer = browser.post(&confirmation, &right).await;
    let shown = format!("/admin/backups/restauraciones/{target}");
    assert_eq!(answer.location(), shown);
    let running = browser.get(&shown).await.text();
    assert!(running.contains("En curso") && running.contains("data-live"), "{running}");
    app.work().await;
    let done = browser.get(&shown).await.text();
    assert!(done.contains("Igual al backup") && done.contains("lado a lado"), "{done}");
    assert_eq!(done.matches(r#"data-testid="restored-collection""#).count(), 2);
    assert!(browser.get("/admin/backups/restauraciones").await.text().contains(&target));
    assert_eq!(stored(&app.db, &target, "orders").await.len(), 30);
    let recorded = all(&app, "audit_logs", doc! { "action": "backup_restored", "target_id": &target }).await;
    assert_eq!(recorded.len(), 2, "that it was confirmed, and how it ended");
    // The plan is used up.
    assert!(browser.get(&confirmation).await.text().contains("ya se usó"));
}

#[tokio::test]
async fn a_preview_is_named_by_us_and_the_inspector_shows_it_as_one() {
    let House { app, run, sample: _sample } = house().await;
    let mut browser = signed_in(&app, "admin@example.com").await;
    let wizard = format!("/admin/backups/{}/restaurar", run.id);
    let answer = browser.post(&wizard, &[("database", "shop"), ("mode", "preview")]).await;
    let confirmation = answer.location().to_owned();
    let page = browser.get(&confirmation).await.text();
    let target = format!("preview_{}_0", run.id.short());
    assert!(page.contains(&target), "{page}");
    let hash = hidden(&page, "hash");
    browser.post(&confirmation, &[("hash", &hash), ("name", &target), ("documents", "31")]).await;
    app.work().await;
    let inspected = browser.get(&format!("/admin/data/{target}")).await.text();
    assert!(inspected.contains(r#"data-place="preview""#), "{inspected}");
    assert!(inspected.contains("se borra sola"), "{inspected}");
    app.app.clock.advance(std::time::Duration::from_secs(8 * 24 * 60 * 60));
    restore::scratch::expire_previews(&Depot::of(&app.app).unwrap()).await.unwrap();
    assert!(!app.db.db.client.list_database_names().await.unwrap().contains(&target));
}

#[tokio::test]
async fn one_document_is_looked_up_without_its_secrets() {
    let House { app, run, sample: _sample } = house().await;
    let mut browser = signed_in(&app, "admin@example.com").await;
    let form = format!("/admin/backups/{}/documento", run.id);
    assert!(browser.get(&form).await.text().contains("shop.users · 1 documento"));
    let ask = async |browser: &mut crate::support::Browser<'_>, id: &str, reason: &str| {
        let typed = [("namespace", "shop.users"), ("document_id", id), ("reason", reason)];
        let answer = browser.post(&form, &typed).await;
        app.work().await;
        browser.get(answer.location()).await.text()
    };
    let masked = ask(&mut browser, "7", "").await;
    assert!(masked.contains("Encontrado") && masked.contains("$numberInt"), "{masked}");
    assert!(!masked.contains("ana@example.com") && !masked.contains("$2b$12$secret"), "{masked}");
    let revealed = ask(&mut browser, "7", "reclamo de la clienta").await;
    assert!(revealed.contains("ana@example.com") && !revealed.contains("$2b$12$secret"), "{revealed}");
    assert_eq!(all(&app, "audit_logs", doc! { "action": "data_revealed" }).await.len(), 1);
    assert!(ask(&mut browser, "8", "").await.contains("No está en esa colección"));
    assert!(ask(&mut browser, "7", "corto").await.contains("field-error"));
    assert!(ask(&mut browser, " ", "").await.contains("field-error"));
}

#[tokio::test]
async fn only_who_may_restore_gets_in() {
    let House { app, run, sample: _sample } = house().await;
    for (email, role, status) in [
        ("admin@example.com", Role::Superadmin, StatusCode::OK),
        ("gestion@example.com", Role::Admin, StatusCode::FORBIDDEN),
        ("equipo@example.com", Role::Staff, StatusCode::FORBIDDEN),
    ] {
        if role != Role::Superadmin {
            adopted(&app, email, role, |_| {}).await;
        }
        let mut browser = signed_in(&app, email).await;
        for path in [
            "/admin/backups/restauraciones".to_owned(),
            format!("/admin/backups/{}/restaurar", run.id),
            format!("/admin/backups/{}/documento", run.id),
        ] {
            assert_eq!(browser.get(&path).await.status, status, "{email} {path}");
        }
    }
    let mut browser = signed_in(&app, "admin@example.com").await;
    for path in
        ["/admin/backups/restauraciones/nothing", "/admin/backups/documentos/nothing", "/admin/backups/x/restaurar"]
    {
        assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}
