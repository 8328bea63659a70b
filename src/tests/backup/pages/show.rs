//! A run under way, and the proof of one that is over.

use bson::doc;
use canje::backup::model::BackupId;
use canje::values::Role;
use futures::StreamExt;
use http::StatusCode;

use super::{browser_of, seed};
use crate::accounts::all;
use crate::support::TestApp;

#[tokio::test]
async fn the_proof_page_says_the_claim_and_everything_it_rests_on() {
    let app = TestApp::new().await;
    let run = seed::complete(33, 5);
    let id = seed::put(&app, &run).await;
    let mut admin = browser_of(&app, Role::Admin).await;
    let html = admin.get(&format!("/admin/backups/{id}")).await.text();
    let documents = canje::i18n::number::integer(run.documents());
    assert!(
        html.contains(&format!("los {documents} documentos de 33 colecciones en 2 destinos independientes")),
        "{html}"
    );
    assert!(html.contains(&seed::hash(77)), "the root hash is whole");
    assert_eq!(html.matches(r#"data-testid="backup-check""#).count(), 26);
    assert!(html.contains("25 comprobaciones cumplidas; 1 no corresponde a estos datos."), "{html}");
    assert_eq!(html.matches(r#"data-testid="backup-namespace""#).count(), 33);
    assert_eq!(html.matches(r#"data-testid="backup-store""#).count(), 2);
    assert_eq!(html.matches(r#"data-testid="backup-step""#).count(), 7);
    assert!(html.contains("Es el registro de los propios backups.") && html.contains(&seed::hash(3)[..12]), "{html}");
}

#[tokio::test]
async fn a_failed_run_claims_nothing_and_shows_its_findings_first() {
    let app = TestApp::new().await;
    let id = seed::put(&app, &seed::failed(2)).await;
    let mut admin = browser_of(&app, Role::Superadmin).await;
    let html = admin.get(&format!("/admin/backups/{id}")).await.text();
    assert!(html.contains("no llegó a probarse") && !html.contains("dio exactamente lo mismo"), "{html}");
    let (findings, checks) = (html.find("backup-findings").unwrap(), html.find("backup-checks").unwrap());
    assert!(findings < checks);
    assert!(html.find("Grave").unwrap() < html.find("Para saber").unwrap(), "the worst first");
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && !html.contains("<script>alert"), "{html}");
    assert!(html.contains("Volvé a hacer el backup."), "what to do");
    assert!(!html.contains(r#"data-testid="backup-download""#), "what isn't a backup can't be downloaded as one");
}

#[tokio::test]
async fn an_unknown_run_is_not_there() {
    let app = TestApp::new().await;
    let mut admin = browser_of(&app, Role::Superadmin).await;
    let unknown = BackupId::random();
    for id in [unknown.as_str(), "x", "../..", "0123456789ABCDEF0123456789ABCDEF"] {
        for rest in ["", "/live", "/constancia.pdf"] {
            let status = admin.get(&format!("/admin/backups/{id}{rest}")).await.status;
            assert_eq!(status, StatusCode::NOT_FOUND, "{id}{rest}");
        }
    }
    assert_eq!(admin.post(&format!("/admin/backups/{unknown}/cancelar"), &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(admin.post(&format!("/admin/backups/{unknown}/soltar"), &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_run_under_way_is_shown_without_script_and_told_by_events() {
    let app = TestApp::new().await;
    let mut run = seed::running();
    let id = seed::put(&app, &run).await;
    let mut admin = browser_of(&app, Role::Superadmin).await;
    let html = admin.get(&format!("/admin/backups/{id}")).await.text();
    assert!(html.contains("12 de 33 colecciones · 4.321 documentos"), "{html}");
    assert!(html.contains("legacy.users") && html.contains(r#"data-testid="backup-refresh""#), "{html}");
    let part = admin.get(&format!("/admin/backups/{id}/live")).await;
    assert_eq!(part.headers["x-live"], "on");

    let (status, headers, mut events) = admin.open(&format!("/api/backups/{id}/events")).await;
    assert_eq!((status, headers["content-type"].to_str().unwrap()), (StatusCode::OK, "text/event-stream"));
    let mut heard = String::new();
    while !heard.contains("event: state") {
        heard.push_str(std::str::from_utf8(&events.next().await.unwrap().unwrap()).unwrap());
    }
    assert!(heard.contains("shop_products") && !heard.contains("event: over"), "{heard}");
    run = seed::complete(3, 0);
    let runs = app.app.db.operations().live.collection::<bson::Document>("backup_runs");
    let over = doc! { "$set": { "status": "complete", "root": run.root.unwrap() }, "$unset": { "is_active": "" } };
    runs.update_one(doc! { "_id": id.as_str() }, over).await.unwrap();
    while let Some(more) = events.next().await {
        heard.push_str(std::str::from_utf8(&more.unwrap()).unwrap());
    }
    assert!(heard.ends_with("event: over\ndata: \"\"\n\n"), "the stream ends with the run: {heard}");
}

#[tokio::test]
async fn what_there_is_now_is_compared_when_asked_for() {
    let app = TestApp::new().await;
    let database = app.db.sibling("legacy");
    let people = app.app.db.client.database(&database).collection("coleccion_000");
    people.insert_many([doc! { "_id": 1 }, doc! { "_id": 2 }, doc! { "_id": 3 }]).await.unwrap();
    let new = app.app.db.client.database(&database).collection("nueva");
    new.insert_one(doc! { "_id": 1 }).await.unwrap();
    let mut run = seed::complete(2, 1);
    for namespace in &mut run.collections {
        namespace.database = database.clone();
    }
    let id = seed::put(&app, &run).await;
    let mut admin = browser_of(&app, Role::Admin).await;
    let plain = admin.get(&format!("/admin/backups/{id}")).await.text();
    assert!(!plain.contains("CHECKSUM_MISMATCH"), "{plain}");
    let html = admin.get(&format!("/admin/backups/{id}?vivo=1")).await.text();
    for code in ["CHECKSUM_MISMATCH", "EXTRA_IN_BACKUP", "MISSING_IN_BACKUP"] {
        assert!(html.contains(code), "{code}: {html}");
    }
}

#[tokio::test]
async fn a_hold_is_put_and_lifted_with_its_reason_on_record() {
    let app = TestApp::new().await;
    let id = seed::put(&app, &seed::complete(2, 1)).await;
    let here = format!("/admin/backups/{id}");
    let mut admin = browser_of(&app, Role::Superadmin).await;
    let refused = admin.post(&format!("{here}/conservar"), &[("reason", "x")]).await;
    assert_eq!((refused.status, refused.location()), (StatusCode::SEE_OTHER, here.as_str()));
    let html = admin.get(&here).await.text();
    assert!(html.contains("Escribí por qué se conserva") && html.contains(r#"value="x""#), "{html}");
    admin.post(&format!("{here}/conservar"), &[("reason", "Antes de limpiar imágenes")]).await;
    let html = admin.get(&here).await.text();
    assert!(html.contains("Antes de limpiar imágenes") && html.contains("backup-release"), "{html}");
    admin.post(&format!("{here}/soltar"), &[]).await;
    assert!(!admin.get(&here).await.text().contains("Antes de limpiar imágenes"));
    let actions = all(&app, "audit_logs", doc! { "target_type": "backup" }).await;
    let actions: Vec<_> = actions.iter().map(|row| row.get_str("action").unwrap().to_owned()).collect();
    assert_eq!(actions, ["backup_held", "backup_released"]);
    let failed = seed::put(&app, &seed::failed(2)).await;
    let status = admin.post(&format!("/admin/backups/{failed}/conservar"), &[("reason", "Por las dudas")]).await.status;
    assert_eq!(status, StatusCode::NOT_FOUND, "what isn't a backup isn't kept as one");
}

#[tokio::test]
async fn a_page_of_fifty_collections_stays_light() {
    let app = TestApp::new().await;
    let id = seed::put(&app, &seed::complete(50, 1)).await;
    let mut admin = browser_of(&app, Role::Superadmin).await;
    let html = admin.get(&format!("/admin/backups/{id}")).await.text();
    let mut packed = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams { quality: 4, ..Default::default() };
    brotli::BrotliCompress(&mut html.as_bytes(), &mut packed, &parameters).unwrap();
    assert!(packed.len() <= 14 * 1024, "{} bytes compressed", packed.len());
}
