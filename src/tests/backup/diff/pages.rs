//! `/admin/backups/comparar`: asked for, worked off, shown, taken along; by whom it may be.

use bson::{Document, doc};
use canje::backup::diff::store;
use canje::backup::model::{BackupId, Destination, StoreKind};
use canje::backup::record::{BackupRun, DiffRecord};
use canje::db::date;
use canje::values::Role;
use http::StatusCode;

use crate::accounts::{adopted, all, signed_in};
use crate::backup::sample::{Collection, Sample};
use crate::support::{Browser, TestApp};

const ADMIN: &str = "jefa@example.com";
const PATH: &str = "/admin/backups/comparar";

struct World {
    app: TestApp,
}

impl World {
    /// An application with two databases that differ in one user.
    async fn new() -> Self {
        let app = TestApp::new().await;
        adopted(&app, ADMIN, Role::Superadmin, |_| {}).await;
        let world = Self { app };
        for (part, email, level) in [("a", "ana@example.com", 1), ("b", "eva@example.com", 2)] {
            let users = world.app.db.db.client.database(&world.app.db.sibling(part)).collection::<Document>("users");
            let user = doc! {
                "_id": 7, "email": email, "password_hash": format!("$2b$12$hash-of-{part}"), "level": level,
                "status": "=1+1",
            };
            users.insert_many([user, doc! { "_id": 8, "email": "otra@example.com" }]).await.unwrap();
        }
        world
    }

    fn side(&self, part: &str) -> String {
        format!("db:{}", self.app.db.sibling(part))
    }

    /// Asks for a comparison; the address of its page.
    async fn ask(&self, browser: &mut Browser<'_>, a: &str, b: &str) -> String {
        let answer = browser.post(PATH, &[("a", a), ("b", b)]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        answer.location().to_owned()
    }

    async fn record(&self, page: &str) -> DiffRecord {
        let id = page.rsplit('/').next().unwrap();
        store::find(&self.app.app.db.operations(), id).await.unwrap().unwrap()
    }
}

#[tokio::test]
async fn a_comparison_from_the_form_to_the_file() {
    let world = World::new().await;
    let mut browser = signed_in(&world.app, ADMIN).await;
    let form = browser.get(&format!("{PATH}?a={}", world.side("b"))).await.text();
    assert!(form.contains(&format!(r#"value="{}" selected"#, world.side("b"))), "{form}");
    let page = world.ask(&mut browser, &world.side("a"), &world.side("b")).await;
    let waiting = browser.get(&page).await.text();
    assert!(waiting.contains("diff-progress") && waiting.contains("data-live"), "{waiting}");
    assert_eq!(world.app.work().await.done, 1);
    let result = browser.get(&page).await.text();
    assert!(result.contains("1 colección difiere de 1: 1 documento distinto."), "{result}");
    assert!(!result.contains("data-live"));

    let collection = browser.get(&format!("{page}/users")).await;
    assert_eq!(collection.status, StatusCode::OK);
    let collection = collection.text();
    for part in ["level", "email", "password_hash", r#"{&quot;$numberInt&quot;:&quot;7&quot;}"#, "[oculto: correo]"] {
        assert!(
            collection.contains(part) || collection.contains(&part.replace("&quot;", "\"")),
            "{part}: {collection}"
        );
    }
    for hidden in ["ana@", "eva@", "hash-of"] {
        assert!(!collection.contains(hidden), "{hidden}");
    }
    assert_eq!(browser.get(&format!("{page}/users?kind=only_left")).await.status, StatusCode::OK);
    assert_eq!(browser.get(&format!("{page}/nadie")).await.status, StatusCode::NOT_FOUND);
    let list = browser.get(PATH).await.text();
    assert!(list.contains("diff-row") && list.contains("Difieren"), "{list}");

    let export = page.replace("comparar", "comparaciones") + "/exportar";
    let table = browser.post(&export, &[("format", "csv")]).await;
    assert!(table.headers["content-disposition"].to_str().unwrap().contains("diferencias_2099-11-23.csv"));
    let table = table.text();
    assert!(table.contains("users;Cambiados;") && table.contains("level"), "{table}");
    let lines = browser.post(&export, &[("format", "jsonl")]).await.text();
    let lines: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((lines[0]["changed"].as_u64(), lines[1]["kind"].as_str()), (Some(1), Some("changed")));
    for hidden in ["ana@", "eva@", "hash-of"] {
        assert!(!table.contains(hidden) && !format!("{lines:?}").contains(hidden), "{hidden}");
    }
    assert_eq!(browser.post(&export, &[("format", "exe")]).await.status, StatusCode::BAD_REQUEST);

    let stored = world.app.app.db.operations().live.collection::<Document>("diff_documents");
    let kept = format!("{:?}", stored.find_one(doc! {}).await.unwrap().unwrap());
    assert!(!kept.contains("ana@") && !kept.contains("hash-of"), "what is hidden isn't stored: {kept}");
    let audited = all(&world.app, "audit_logs", doc! { "target_type": "diff" }).await;
    let audited: Vec<_> = audited.iter().map(|row| row.get_str("action").unwrap().to_owned()).collect();
    assert_eq!(audited, ["data_inspected", "data_inspected", "data_exported", "data_exported"]);
}

#[tokio::test]
async fn formulas_of_other_people_are_text_in_the_file() {
    let world = World::new().await;
    let users = world.app.db.db.client.database(&world.app.db.sibling("b")).collection::<Document>("users");
    users.update_one(doc! { "_id": 7 }, doc! { "$unset": { "status": "" }, "$set": { "=cmd()": 1 } }).await.unwrap();
    let mut browser = signed_in(&world.app, ADMIN).await;
    let page = world.ask(&mut browser, &world.side("a"), &world.side("b")).await;
    world.app.work().await;
    let export = page.replace("comparar", "comparaciones") + "/exportar";
    let table = browser.post(&export, &[("format", "csv")]).await.text();
    assert!(table.contains(";'=cmd();"), "{table}");
}

#[tokio::test]
async fn equal_sides_say_so_first() {
    let world = World::new().await;
    let mut browser = signed_in(&world.app, ADMIN).await;
    let copy = world.app.db.db.client.database(&world.app.db.sibling("c")).collection::<Document>("users");
    let original = world.app.db.db.client.database(&world.app.db.sibling("a")).collection::<Document>("users");
    for id in [7, 8] {
        copy.insert_one(original.find_one(doc! { "_id": id }).await.unwrap().unwrap()).await.unwrap();
    }
    let page = world.ask(&mut browser, &world.side("a"), &world.side("c")).await;
    world.app.work().await;
    let result = browser.get(&page).await.text();
    assert!(result.contains("Son iguales: 1 colección, 2 documentos, sin una sola diferencia."), "{result}");
    assert!(!result.contains("diff-export-csv"));
}

/// A complete run on record whose parts are the sample's, opened by the application's own keys.
async fn kept(world: &World, sample: &Sample) -> BackupId {
    let config = &world.app.app.config.backups;
    std::fs::create_dir_all(&config.keys).unwrap();
    for file in std::fs::read_dir(sample.folder.path().join("keys")).unwrap() {
        let file = file.unwrap();
        if file.file_type().unwrap().is_file() {
            std::fs::copy(file.path(), config.keys.join(file.file_name())).unwrap();
        }
    }
    let now = date(world.app.app.clock.now());
    let store = sample.folder.path().join("store").display().to_string();
    let destination = Destination {
        store: store.clone(),
        kind: StoreKind::Folder,
        place: "carpeta".into(),
        prefix: sample.prefix.clone(),
        bytes: 1,
        parts: i32::try_from(sample.public.parts.len()).unwrap(),
        manifest_sha256: Some("0".repeat(64)),
        uploaded_at: Some(now),
        read_back_at: Some(now),
        ok: true,
        error: None,
        emptied_at: None,
    };
    let run = doc! {
        "_id": sample.public.id.as_str(), "trigger": "manual", "requested_by": { "name": "línea de comandos" },
        "status": "complete", "stores": [&store], "created_at": now, "heartbeat_at": now, "taken_at": now,
        "collections": bson::serialize_to_bson(&sample.private.namespaces).unwrap(),
        "destinations": bson::serialize_to_bson(&[destination]).unwrap(),
    };
    let run: BackupRun = bson::deserialize_from_document(run).unwrap();
    world.app.app.db.operations().stored::<BackupRun>().insert_one(&run).await.unwrap();
    run.id
}

#[tokio::test]
async fn a_backup_is_offered_and_opened_by_the_job_alone() {
    let world = World::new().await;
    let documents = [doc! { "_id": 7, "v": 1 }, doc! { "_id": 8, "v": 1 }];
    let sample = Sample::new(&[Collection::of("d", "c", &documents)], 4096);
    let id = kept(&world, &sample).await;
    let live = world.app.db.db.client.database(&world.app.db.sibling("a"));
    live.drop().await.unwrap();
    live.collection::<Document>("c").insert_many([doc! { "_id": 7, "v": 1 }, doc! { "_id": 8, "v": 2 }]).await.unwrap();
    let mut browser = signed_in(&world.app, ADMIN).await;
    let form = browser.get(PATH).await.text();
    assert!(form.contains(&format!("backup:{id}/d")), "{form}");
    let page = world.ask(&mut browser, &format!("backup:{id}/d"), &world.side("a")).await;
    world.app.work().await;
    let found = world.record(&page).await;
    assert_eq!((found.state.as_str(), found.error), ("done", None));
    let collection = browser.get(&format!("{page}/c")).await.text();
    assert!(collection.contains("Otro valor") && collection.contains("En el byte"), "{collection}");

    // A damaged part: no result, and a sentence without paths or keys.
    let part = sample.folder.path().join("store").join(&sample.prefix).join("parts/00000000");
    std::fs::write(&part, b"x").unwrap();
    let page = world.ask(&mut browser, &format!("backup:{id}/d"), &world.side("a")).await;
    world.app.work().await;
    let found = world.record(&page).await;
    assert_eq!(found.state, "failed");
    let page = browser.get(&page).await.text();
    assert!(page.contains("diff-error") && !page.contains(&*sample.folder.path().to_string_lossy()), "{page}");
}

#[tokio::test]
async fn what_cannot_be_compared_is_refused_with_what_was_chosen() {
    let world = World::new().await;
    let mut browser = signed_in(&world.app, ADMIN).await;
    let (a, nobody) = (world.side("a"), BackupId::random());
    for (left, right, part) in [
        ("", a.as_str(), "Elegí qué comparar"),
        (&a, &a, "Es lo mismo"),
        ("db:nadie_aqui", &a, "nadie_aqui"),
        ("db:admin", &a, "admin"),
        ("dump:/etc/d", &a, "línea de comandos"),
        (&format!("backup:{nobody}/d"), &a, "no está completo"),
        ("otra cosa", &a, "db:NOMBRE"),
    ] {
        let answer = browser.post(PATH, &[("a", left), ("b", right)]).await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, PATH));
        let form = browser.get(PATH).await.text();
        assert!(form.contains(part), "{left}: {form}");
        assert!(form.contains(&format!(r#"value="{a}" selected"#)), "what was chosen stays");
    }
    assert_eq!(world.app.work().await.done, 0);
}

#[tokio::test]
async fn only_those_who_may_read_backups() {
    let world = World::new().await;
    let mut admin = signed_in(&world.app, ADMIN).await;
    let page = world.ask(&mut admin, &world.side("a"), &world.side("b")).await;
    world.app.work().await;
    for (email, role, status) in [
        ("staff@example.com", Role::Staff, StatusCode::FORBIDDEN),
        ("user@example.com", Role::User, StatusCode::FORBIDDEN),
        ("admin@example.com", Role::Admin, StatusCode::OK),
    ] {
        adopted(&world.app, email, role, |_| {}).await;
        let mut browser = signed_in(&world.app, email).await;
        for path in [PATH.to_owned(), page.clone(), format!("{page}/users")] {
            assert_eq!(browser.get(&path).await.status, status, "{email} {path}");
        }
    }
    assert_eq!(admin.get(&format!("{PATH}/nadie")).await.status, StatusCode::NOT_FOUND);
}
