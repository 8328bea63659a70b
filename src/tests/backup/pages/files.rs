//! What leaves and what comes in: the encrypted backup, and files to be verified.

use std::collections::BTreeSet;
use std::io::Read as _;

use axum::body::Body;
use bson::{Document, doc};
use bytes::Bytes;
use canje::backup::Depot;
use canje::backup::model::StoreKind;
use canje::backup::record::Verification;
use canje::values::Role;
use http::{Method, Request, StatusCode, header};

use super::{browser_of, seed};
use crate::accounts::{PASSWORD, all, documents, reasons};
use crate::backup::sample::{Collection, Sample};
use crate::support::{Answer, Browser, TestApp};

/// An application with one folder as its store.
async fn with_folder() -> (TestApp, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("offsite").display().to_string();
    let app = TestApp::with(|environment| drop(environment.insert("CANJE_BACKUP_FOLDER", place))).await;
    (app, folder)
}

#[tokio::test]
async fn a_backup_leaves_encrypted_whole_and_on_record_after_the_password() {
    let (app, _folder) = with_folder().await;
    let depot = Depot::of(&app.app).unwrap();
    let store = &depot.stores[0];
    let mut run = seed::complete(2, 1);
    run.destinations.remove(0);
    run.destinations[0].kind = StoreKind::Folder;
    run.destinations[0].store = store.name().to_owned();
    run.destinations[0].prefix = format!("canje/2099/11/{}", run.id);
    run.destinations[0].parts = 2;
    let objects = [
        ("parts/00000000", vec![1_u8; 1_000]),
        ("parts/00000001", vec![2; 512]),
        ("manifest.private", vec![3; 77]),
        ("manifest.json", vec![4; 300]),
        ("manifest.sig", vec![5; 64]),
    ];
    for (name, bytes) in &objects {
        let key = format!("{}/{name}", run.destinations[0].prefix);
        store.put(&key, Bytes::from(bytes.clone())).await.unwrap();
    }
    let id = seed::put(&app, &run).await;
    let here = format!("/admin/backups/{id}/descargar");

    let mut admin = browser_of(&app, Role::Admin).await;
    assert_eq!(admin.get(&here).await.status, StatusCode::FORBIDDEN, "who may look may not take away");
    let mut owner = browser_of(&app, Role::Superadmin).await;
    let html = owner.get(&here).await.text();
    assert!(html.contains("mongorestore --archive") && html.contains("age -d -i CLAVE.txt"), "{html}");
    assert!(!html.contains("AGE-SECRET-KEY"), "never a key");

    let refused = owner.post(&here, &[("password", "Otra-cosa-2026")]).await;
    assert_eq!((refused.status, refused.location()), (StatusCode::SEE_OTHER, here.as_str()));
    let html = owner.get(&here).await.text();
    assert!(html.contains("La contraseña no coincide") && !html.contains("Otra-cosa-2026"), "{html}");
    assert_eq!(reasons(&app).await, ["invalid_credentials"]);
    assert!(all(&app, "audit_logs", doc! { "action": "backup_downloaded" }).await.is_empty());

    let answer = owner.post(&here, &[("password", PASSWORD)]).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.headers["content-type"], "application/x-tar");
    assert!(!answer.headers.contains_key(header::CONTENT_ENCODING));
    assert_eq!(answer.headers["content-length"].to_str().unwrap(), answer.bytes().len().to_string());
    let mut archive = tar::Archive::new(answer.bytes().as_ref());
    let mut found = BTreeSet::new();
    for entry in archive.entries().unwrap() {
        let mut entry = entry.unwrap();
        let path = entry.path().unwrap().to_string_lossy().into_owned();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        let (folder, name) = path.split_once('/').unwrap();
        assert!(folder.starts_with("canje-backup-2099-11-23-"), "{path}");
        found.insert((name.to_owned(), bytes));
    }
    let expected: BTreeSet<_> = objects.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.clone())).collect();
    assert_eq!(found, expected);
    assert_eq!(
        all(&app, "audit_logs", doc! { "action": "backup_downloaded", "target_id": id.as_str() }).await.len(),
        1
    );
}

#[tokio::test]
async fn a_backup_that_no_store_has_is_refused_in_words() {
    let (app, _folder) = with_folder().await;
    let id = seed::put(&app, &seed::complete(2, 1)).await;
    let mut owner = browser_of(&app, Role::Superadmin).await;
    let here = format!("/admin/backups/{id}/descargar");
    let refused = owner.post(&here, &[("password", PASSWORD)]).await;
    assert_eq!(refused.status, StatusCode::SEE_OTHER);
    assert!(owner.get(&here).await.text().contains("Ningún destino configurado tiene este backup completo"));
    let failed = seed::put(&app, &seed::failed(1)).await;
    assert_eq!(owner.get(&format!("/admin/backups/{failed}/descargar")).await.status, StatusCode::NOT_FOUND);
}

/// Uploads a file as a page's form does.
async fn upload(browser: &mut Browser<'_>, field: &str, name: &str, bytes: &[u8]) -> Answer {
    let mut body = format!(
        "--limit\r\ncontent-disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\ncontent-type: application/octet-stream\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--limit--\r\n");
    let request = Request::builder()
        .method(Method::POST)
        .uri("/admin/backups/verificar")
        .header("sec-fetch-site", "same-origin")
        .header(header::ACCEPT, "text/html")
        .header(header::CONTENT_LENGTH, body.len())
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=limit");
    browser.send(request, Body::from(body)).await
}

fn waiting(app: &TestApp) -> Vec<std::path::PathBuf> {
    let folder = app.app.config.backups.data_dir.join("uploads");
    std::fs::read_dir(folder).map(|found| found.map(|entry| entry.unwrap().path()).collect()).unwrap_or_default()
}

#[tokio::test]
async fn an_uploaded_archive_is_read_judged_compared_and_deleted() {
    let app = TestApp::new().await;
    let database = app.db.sibling("legacy");
    let people: Vec<Document> = (0..40).map(|n| doc! { "_id": n, "text": "x".repeat(20_000) }).collect();
    let sample =
        Sample::new(&[Collection::of(&database, "users", &people), Collection::of(&database, "old", &[])], 4096);
    assert!(sample.archive.len() > 600_000, "larger than any form may be");
    let live = app.app.db.client.database(&database);
    live.collection::<Document>("users").insert_many(&people).await.unwrap();
    live.collection::<Document>("users").insert_one(doc! { "_id": 99 }).await.unwrap();
    live.collection::<Document>("new").insert_one(doc! { "_id": 1 }).await.unwrap();
    let mut owner = browser_of(&app, Role::Superadmin).await;
    let name = "copia <b>\u{7}.archive";
    let answer = upload(&mut owner, "file", name, &sample.archive).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let here = answer.location().to_owned();
    let files = waiting(&app);
    assert_eq!(files.len(), 1);
    use std::os::unix::fs::PermissionsExt as _;
    assert_eq!(std::fs::metadata(&files[0]).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(files[0].file_name().unwrap().to_str().unwrap().len() == 36, "a name of ours");
    assert!(owner.get(&here).await.text().contains("verification-refresh"), "it waits");
    app.work().await;
    let html = owner.get(&here).await.text();
    assert!(html.contains("verification-good") && html.contains("copia &lt;b&gt;.archive"), "{html}");
    assert!(waiting(&app).is_empty(), "nothing of it stays");
    let html = owner.get(&format!("{here}?base={database}")).await.text();
    for code in ["COUNT_MISMATCH", "MISSING_IN_BACKUP", "EXTRA_IN_BACKUP"] {
        assert!(html.contains(&format!(r#"data-result="{code}""#)), "{code}: {html}");
    }
    assert!(html.contains("Al archivo le falta algo"), "{html}");
    assert_eq!(owner.get(&format!("{here}?base=nada")).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(all(&app, "audit_logs", doc! { "action": "backup_file_uploaded" }).await.len(), 1);
}

#[tokio::test]
async fn a_damaged_archive_is_said_to_be_one_and_where() {
    let app = TestApp::new().await;
    let people: Vec<Document> = (0..40).map(|n| doc! { "_id": n, "text": "x".repeat(200) }).collect();
    let mut sample = Sample::new(&[Collection::of("legacy", "users", &people)], 4096);
    let middle = sample.archive.len() / 2;
    sample.archive[middle] ^= 1;
    let mut owner = browser_of(&app, Role::Superadmin).await;
    let here = upload(&mut owner, "file", "rota.archive", &sample.archive).await.location().to_owned();
    app.work().await;
    let html = owner.get(&here).await.text();
    assert!(html.contains("verification-bad") && html.contains("backup-finding") && html.contains("Grave"), "{html}");
    assert!(owner.get("/admin/backups/verificar").await.text().contains("Con problemas"));
}

#[tokio::test]
async fn what_is_no_file_is_refused_and_leaves_nothing() {
    let app = TestApp::new().await;
    let mut owner = browser_of(&app, Role::Superadmin).await;
    for (field, bytes) in [("file", &b""[..]), ("other", &b"x"[..])] {
        let answer = upload(&mut owner, field, "x", bytes).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/admin/backups/verificar"));
        assert!(owner.get("/admin/backups/verificar").await.text().contains("Elegí un archivo"));
    }
    let cut = Request::builder()
        .method(Method::POST)
        .uri("/admin/backups/verificar")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=limit");
    let body = "--limit\r\ncontent-disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\nhalf of";
    assert_eq!(owner.send(cut, Body::from(body)).await.status, StatusCode::SEE_OTHER);
    assert!(owner.get("/admin/backups/verificar").await.text().contains("no llegó entero"));
    assert!(waiting(&app).is_empty());
    let rows = app.app.db.operations().stored::<Verification>();
    assert_eq!(rows.count_documents(doc! {}).await.unwrap(), 0);
    let mut admin = browser_of(&app, Role::Admin).await;
    assert_eq!(upload(&mut admin, "file", "x", b"x").await.status, StatusCode::FORBIDDEN);
    assert_eq!(admin.get("/admin/backups/verificar/x").await.status, StatusCode::NOT_FOUND);
    assert_eq!(documents(&app, "jobs").count_documents(doc! {}).await.unwrap(), 0);
}
