//! Keys, retention, and what other pages say about backups.

use bson::{DateTime, doc};
use canje::backup::keys::{Keys, publish};
use canje::backup::record::{CatalogueEntry, PublicKey};
use canje::values::Role;
use http::StatusCode;

use super::{browser_of, seed};
use crate::accounts::{all, documents};
use crate::support::TestApp;

#[tokio::test]
async fn the_recovery_key_is_asked_for_until_somebody_says_it_is_kept() {
    let app = TestApp::new().await;
    let mut owner = browser_of(&app, Role::Superadmin).await;
    assert!(owner.get("/admin/backups/claves").await.text().contains("Todavía no hay claves"));
    let directory = app.app.config.backups.keys.clone();
    let made = Keys::generate(&directory, DateTime::from_millis(1)).unwrap();
    publish(&app.app.db, &made.public, DateTime::from_millis(1)).await.unwrap();
    let html = owner.get("/admin/backups/claves").await.text();
    assert_eq!(html.matches(r#"data-testid="backup-key""#).count(), 3);
    assert!(html.contains("keys-unconfirmed") && !html.contains("AGE-SECRET-KEY"), "{html}");
    assert!(owner.get("/admin/backups").await.text().contains("La clave de recuperación no está confirmada"));

    let recovery = made.public.iter().find(|key| key.kind == "recovery").unwrap();
    let form = [("fingerprint", recovery.fingerprint.as_str()), ("stored", "on")];
    let post = "/admin/backups/claves/recuperacion";
    owner.post(post, &form[..1]).await;
    assert!(owner.get("/admin/backups/claves").await.text().contains("Marcá la casilla"));
    let wrong = [("fingerprint", made.public[0].fingerprint.as_str()), ("stored", "on")];
    assert_eq!(owner.post(post, &wrong).await.status, StatusCode::NOT_FOUND, "only the recovery key is on paper");
    assert_eq!(owner.post(post, &form).await.status, StatusCode::SEE_OTHER);
    let html = owner.get("/admin/backups/claves").await.text();
    assert!(html.contains("keys-confirmed") && html.contains("Ana Benítez"), "{html}");
    assert!(!owner.get("/admin/backups").await.text().contains("La clave de recuperación no está confirmada"));
    assert_eq!(all(&app, "audit_logs", doc! { "action": "recovery_key_stored" }).await.len(), 1);
    let stored = app.app.db.stored::<PublicKey>().find_one(doc! { "kind": "recovery" }).await.unwrap().unwrap();
    assert_eq!(stored.stored_by.unwrap().name, "Ana Benítez");
    let mut admin = browser_of(&app, Role::Admin).await;
    assert_eq!(admin.post(post, &form).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn what_goes_is_approved_by_its_number_and_only_the_plan_that_was_seen() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("offsite").display().to_string();
    let app = TestApp::with(|environment| {
        environment.insert("CANJE_BACKUP_FOLDER", place);
        environment.insert("CANJE_BACKUP_KEEP", "daily=2,weekly=0,monthly=0,yearly=0,minimum=1".into());
    })
    .await;
    for (chain, days) in [4_i64, 3, 2, 1].into_iter().enumerate() {
        let mut run = seed::complete(2, days * 24);
        run.destinations.remove(0);
        let entry = doc! {
            "_id": format!("offsite/{}", run.id), "store": "offsite", "backup": run.id.as_str(), "prefix": "canje/x",
            "taken_at": run.taken_at, "chain": chain as i64, "manifest_sha256": seed::hash(chain as u64), "previous": null,
            "parts": 3, "bytes": 4_200_000_i64, "root": seed::hash(77), "read_back_at": null,
        };
        let entry: CatalogueEntry = bson::deserialize_from_document(entry).unwrap();
        app.app.db.stored::<CatalogueEntry>().insert_one(entry).await.unwrap();
        seed::put(&app, &run).await;
    }
    let here = "/admin/backups/retencion";
    let mut admin = browser_of(&app, Role::Admin).await;
    let html = admin.get(here).await.text();
    assert_eq!(html.matches(r#"data-testid="plan-goes""#).count(), 2, "{html}");
    assert_eq!(html.matches(r#"data-testid="plan-stays""#).count(), 2);
    assert!(html.contains("diario") && !html.contains("plan-approve"), "who may only look approves nothing");
    let mut owner = browser_of(&app, Role::Superadmin).await;
    let html = owner.get(here).await.text();
    let hash = html.split(r#"name="hash" value=""#).nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert!(html.contains("Borrar 2 copias"), "{html}");
    for (form, said) in
        [([("hash", hash.as_str()), ("count", "3")], "Escribí 2"), ([("hash", "0"), ("count", "2")], "El plan cambió")]
    {
        assert_eq!(owner.post(here, &form).await.status, StatusCode::SEE_OTHER);
        assert!(owner.get(here).await.text().contains(said), "{said}");
    }
    assert_eq!(documents(&app, "jobs").count_documents(doc! { "job": "backups.prune" }).await.unwrap(), 0);
    owner.post(here, &[("hash", hash.as_str()), ("count", "2")]).await;
    let jobs = all(&app, "jobs", doc! { "job": "backups.prune" }).await;
    assert_eq!(jobs[0].get_document("data").unwrap().get_str("hash").unwrap(), hash);
    assert_eq!(all(&app, "audit_logs", doc! { "action": "backup_prune_approved" }).await.len(), 1);
    documents(&app, "jobs").delete_many(doc! {}).await.unwrap();
}

#[tokio::test]
async fn the_overview_and_the_inspector_know_the_newest_backup() {
    let app = TestApp::new().await;
    let mut admin = browser_of(&app, Role::Admin).await;
    let plain = admin.get("/admin").await.text();
    assert!(plain.contains("No hay ningún backup completo"), "{plain}");
    let database = app.db.sibling("legacy");
    let people = app.app.db.client.database(&database).collection("coleccion_000");
    people.insert_many([doc! { "_id": 1 }, doc! { "_id": 2 }]).await.unwrap();
    assert!(!admin.get(&format!("/admin/data/{database}")).await.text().contains("En el último backup"));
    let mut run = seed::complete(1, 2);
    run.collections[0].database = database.clone();
    seed::put(&app, &run).await;
    assert!(admin.get("/admin").await.text().contains("El último completo es de hace 2 horas"));
    let html = admin.get(&format!("/admin/data/{database}")).await.text();
    assert!(html.contains("En el último backup"), "{html}");
}
