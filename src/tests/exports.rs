//! Exports end to end: what is in each file, what is in none, and how they end.

use std::collections::BTreeMap;
use std::io::Read;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use bson::{Document, RawBsonRef, RawDocument, RawDocumentBuf, doc};
use canje::ctx::{Actor, Client, Ctx, Person};
use canje::db::ReadOnlyDb;
use canje::demo;
use canje::dump::Step;
use canje::inspect::exports::{ExportRow, Limits, Request, service};
use canje::inspect::masks::{self, Visibility};
use canje::values::Role;
use futures::StreamExt;
use http::StatusCode;
use mongodb::event::EventHandler;
use mongodb::event::command::CommandEvent;

use super::accounts::{adopted, all, documents, signed_in};
use super::support::{Answer, Browser, TestApp, eventually};

const ADMIN: &str = "jefa@example.com";

/// Every document of the demo dump: database, collection, bytes.
fn demo_documents(mut each: impl FnMut(&str, &str, &RawDocument)) {
    let mut reader = demo::source().open().unwrap();
    let mut buffer = Vec::new();
    loop {
        match reader.step(&mut buffer).unwrap() {
            Step::Document { index, .. } => {
                let definition = &reader.overview().definitions[index];
                each(&definition.database, &definition.collection, RawDocument::from_bytes(&buffer).unwrap());
            }
            Step::End => return,
            Step::Open { .. } | Step::Close { .. } => {}
        }
    }
}

/// An application with collections of the demo beside it, and a signed-in superadmin's address.
struct World {
    app: TestApp,
    database: String,
}

impl World {
    async fn new() -> Self {
        let app = TestApp::new().await;
        adopted(&app, ADMIN, Role::Superadmin, |_| {}).await;
        let database = app.db.sibling("legacy");
        Self { app, database }
    }

    async fn with_demo(collections: &[&str]) -> Self {
        let world = Self::new().await;
        let mut found: BTreeMap<String, Vec<RawDocumentBuf>> = BTreeMap::new();
        demo_documents(|database, collection, document| {
            if database == demo::DUMPED_AS && collections.contains(&collection) {
                found.entry(collection.to_owned()).or_default().push(document.to_owned());
            }
        });
        for (collection, documents) in found {
            world.collection(&collection).insert_many(documents).await.unwrap();
        }
        world
    }

    fn collection(&self, name: &str) -> mongodb::Collection<RawDocumentBuf> {
        self.app.app.db.client.database(&self.database).collection(name)
    }

    async fn browser(&self) -> Browser<'_> {
        signed_in(&self.app, ADMIN).await
    }

    fn form(&self, collection: &str) -> String {
        format!("/admin/data/{}/{collection}/export", self.database)
    }

    /// Fills in the form, visits the export's page and downloads.
    async fn export(&self, collection: &str, form: &[(&str, &str)]) -> Answer {
        let mut browser = self.browser().await;
        let asked = browser.post(&self.form(collection), form).await;
        assert_eq!(asked.status, StatusCode::SEE_OTHER, "{}", asked.text());
        let page = browser.get(asked.location()).await;
        assert_eq!(page.status, StatusCode::OK);
        let refresh = page.headers["refresh"].to_str().unwrap().to_owned();
        let file = refresh.strip_prefix("0; url=").unwrap();
        browser.get(file).await
    }

    async fn row(&self) -> Document {
        let mut rows = all(&self.app, "exports", doc! {}).await;
        assert_eq!(rows.len(), 1);
        rows.remove(0)
    }

    /// The stages of exports on record.
    async fn stages(&self) -> Vec<String> {
        let rows = all(&self.app, "audit_logs", doc! { "action": "data_exported" }).await;
        rows.iter().map(|row| row.get_document("details").unwrap().get_str("stage").unwrap().to_owned()).collect()
    }

    /// A context of the superadmin on an application whose reads are watched.
    async fn watched(&self, watcher: EventHandler<CommandEvent>) -> Ctx {
        let app = &self.app;
        let read_only = ReadOnlyDb::connect_watched(&self.app.db.settings, watcher).await.unwrap();
        let user = documents(&self.app, "users").find_one(doc! { "email": ADMIN }).await.unwrap().unwrap();
        let app = app.reading_through(read_only).await;
        let session_ends_at = app.clock.now();
        Ctx {
            app,
            actor: Actor::Person(Person {
                user_id: user.get_str("user_id").unwrap().into(),
                email: ADMIN.into(),
                name: "Jefa".into(),
                role: Role::Superadmin,
                session_id: "test".into(),
                session_ends_at,
                is_email_verified: true,
            }),
            request_id: "test".into(),
            client: Client { ip: IpAddr::from([127, 0, 0, 1]), user_agent: "test".into() },
            flash: Arc::default(),
            bell: None,
            uri: http::Uri::from_static("/"),
            nonce: "test".into(),
            session_expired: false,
        }
    }

    async fn ask(&self, ctx: &Ctx, collection: &str, form: &[(&str, &str)]) -> ExportRow {
        let pairs: Vec<_> = form.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect();
        let request = Request::parse(&self.database, collection, &pairs).unwrap();
        service::ask(ctx, &request).await.unwrap()
    }
}

#[test]
fn every_path_of_the_demo_has_its_decision() {
    let mut found: BTreeMap<String, (String, [u64; 3])> = BTreeMap::new();
    fn walk(collection: &str, path: &str, value: RawBsonRef<'_>, found: &mut BTreeMap<String, (String, [u64; 3])>) {
        let rule = masks::rule(collection, path);
        let said = match rule.visibility() {
            Visibility::Open if !rule.is_known() => "by shape".to_owned(),
            other => format!("{other:?}").to_lowercase(),
        };
        let entry = found.entry(format!("{collection}.{path}")).or_insert((said, [0; 3]));
        if !matches!(value, RawBsonRef::Document(_) | RawBsonRef::Array(_) | RawBsonRef::Null) {
            entry.1[rule.of(value) as usize] += 1;
        }
        match value {
            RawBsonRef::Document(inner) => inner.iter().for_each(|element| {
                let (name, value) = element.unwrap();
                walk(collection, &format!("{path}.{name}"), value, found);
            }),
            RawBsonRef::Array(items) => items.into_iter().for_each(|item| walk(collection, path, item.unwrap(), found)),
            _ => {}
        }
    }
    demo_documents(|_, collection, document| {
        document.iter().for_each(|element| {
            let (name, value) = element.unwrap();
            walk(collection, name.as_str(), value, &mut found);
        });
    });
    let lines: Vec<String> = found
        .iter()
        .map(|(path, (said, [open, personal, secret]))| {
            format!("{path:<64} {said:<9} open {open}, personal {personal}, secret {secret}")
        })
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[tokio::test]
async fn each_format_holds_every_row_and_no_secret() {
    let world = World::with_demo(&["users"]).await;
    let count = world.collection("users").count_documents(doc! {}).await.unwrap() as usize;
    for (format, personal) in [("jsonl", false), ("csv", false), ("xlsx", false), ("jsonl", true), ("csv", true)] {
        documents(&world.app, "exports").delete_many(doc! {}).await.unwrap();
        let mut form = vec![("format", format)];
        if personal {
            form.extend([("include_personal", "on"), ("reason", "Pedido de la escribanía 12")]);
        }
        let answer = world.export("users", &form).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(answer.is_whole());
        let bytes = answer.bytes().to_vec();
        let disposition = answer.headers["content-disposition"].to_str().unwrap();
        assert!(disposition.starts_with("attachment;") && disposition.contains(&format!(".{format}")), "{disposition}");
        let (rows, text) = match format {
            "jsonl" => {
                let text = String::from_utf8(bytes).unwrap();
                for line in text.lines() {
                    let json: serde_json::Value = serde_json::from_str(line).unwrap();
                    assert!(json["_id"]["$oid"].is_string() || json["_id"].is_string(), "{line}");
                }
                (text.lines().count(), text)
            }
            "csv" => {
                let text = String::from_utf8(bytes).unwrap();
                let text = text.strip_prefix('\u{feff}').expect("a byte order mark").to_owned();
                let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(text.as_bytes());
                let head = reader.headers().unwrap().clone();
                assert!(head.iter().any(|name| name == "email") && !head.iter().any(|name| name.contains("password")));
                assert!(!head.iter().any(|name| name.contains("mfa_secret") || name.contains("recovery")));
                (reader.records().map(Result::unwrap).count(), text)
            }
            _ => {
                let sheet = part(&bytes, "xl/worksheets/sheet1.xml");
                (sheet.matches("<row ").count() - 1, sheet)
            }
        };
        assert_eq!(rows, count, "{format}");
        for secret in ["$2b$", "$argon2"] {
            assert!(!text.contains(secret), "{format} holds {secret}");
        }
        assert_eq!(text.contains("@example.com"), personal, "{format}");
        let row = world.row().await;
        assert_eq!((status(&row), row.get_i64("rows").unwrap()), ("done", count as i64));
        assert!(row.get_i64("bytes").unwrap() > 0);
    }
    assert_eq!(world.stages().await, ["started", "done"].repeat(5));
}

#[tokio::test]
async fn the_secrets_of_the_demo_are_in_no_export_of_any_kind() {
    let world = World::with_demo(&["users", "payment_transactions", "product_images_data"]).await;
    let mut secrets = Vec::new();
    demo_documents(|database, collection, document| {
        if database == demo::DUMPED_AS && collection == "users" {
            secrets.extend(document.get_str("password").ok().map(str::to_owned));
            secrets.extend(document.get_str("mfa_secret").ok().map(str::to_owned));
            if let Ok(codes) = document.get_array("mfa_recovery_codes") {
                secrets.extend(codes.into_iter().map(|code| code.unwrap().as_str().unwrap().to_owned()));
            }
        }
        if database == demo::DUMPED_AS && collection == "product_images_data" {
            secrets.extend(document.get_str("data").ok().map(|data| data[..40].to_owned()));
        }
    });
    assert!(secrets.len() > 200);
    for collection in ["users", "payment_transactions", "product_images_data"] {
        for format in ["jsonl", "csv", "xlsx"] {
            let form = [("format", format), ("include_personal", "on"), ("reason", "Control de secretos")];
            let answer = world.export(collection, &form).await;
            let text = match format {
                "xlsx" => part(answer.bytes(), "xl/worksheets/sheet1.xml"),
                _ => answer.text(),
            };
            for secret in &secrets {
                assert!(!text.contains(secret.as_str()), "{collection} as {format}");
            }
            assert!(!text.contains("cs_test_"), "{collection} as {format}");
        }
    }
}

/// One part of a workbook.
fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[tokio::test]
async fn a_workbook_has_real_types_and_further_sheets() {
    let world = World::new().await;
    let at = bson::DateTime::parse_rfc3339_str("2026-01-31T15:00:00Z").unwrap();
    let rows = (0..5).map(|n| {
        RawDocumentBuf::try_from(&doc! {
            "_id": n, "price": 12.5, "stock": n, "name": "=1+1", "online": true, "updated_at": at, "sizes": [1, 2],
        })
        .unwrap()
    });
    world.collection("shop_products").insert_many(rows).await.unwrap();
    let ctx = world.watched(EventHandler::callback(|_| {})).await;
    let row = world.ask(&ctx, "shop_products", &[("format", "xlsx")]).await;
    let limits = Limits { rows_per_sheet: 2, batch: 3, ..Limits::default() };
    let (_, body) = service::begin(&ctx, &row.id.to_hex(), limits).await.unwrap();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let sheets: Vec<String> = (1..=3).map(|n| part(&bytes, &format!("xl/worksheets/sheet{n}.xml"))).collect();
    let counts: Vec<_> = sheets.iter().map(|sheet| sheet.matches("<row ").count()).collect();
    assert_eq!(counts, [3, 3, 2], "two rows and a head, and the rest");
    let first = &sheets[0];
    assert!(first.contains("<v>12.5</v>") && first.contains("<v>46053.5</v>"), "{first}");
    assert!(first.contains(r#"t="b""#), "{first}");
    assert!(first.contains("=1+1") && !first.contains("<f>"), "a text, not a formula");
    assert!(first.contains("autoFilter") && first.contains("frozen"), "{first}");
    assert!(part(&bytes, "xl/styles.xml").contains("quotePrefix"));
    let names = part(&bytes, "xl/workbook.xml");
    assert!(names.contains(r#"name="shop_products""#) && names.contains(r#"name="shop_products (3)""#), "{names}");
    let left = std::fs::read_dir(world.app.app.config.database.data_dir.join("exports")).unwrap().count();
    assert_eq!(left, 0, "the working files are gone");
}

#[tokio::test]
async fn filters_and_columns_choose_what_is_exported() {
    let world = World::with_demo(&["shop_products"]).await;
    let expected = world.collection("shop_products").count_documents(doc! { "stock": { "$lt": 0.0 } }).await.unwrap();
    let form = [
        ("format", "csv"),
        ("separator", "comma"),
        ("columns", "product_id, stock"),
        ("field", "stock"),
        ("op", "lt"),
        ("type", "number"),
        ("value", "0"),
    ];
    let answer = world.export("shop_products", &form).await;
    let text = answer.text();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(reader.headers().unwrap(), vec!["product_id", "stock"]);
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len() as u64, expected);
    assert!(expected > 0 && rows.iter().all(|row| row[1].parse::<f64>().unwrap() < 0.0), "numbers stay numbers");
}

#[tokio::test]
async fn a_refused_form_keeps_what_was_typed() {
    let world = World::with_demo(&["orders"]).await;
    let mut browser = world.browser().await;
    let form = [
        ("format", "csv"),
        ("columns", "order_id, stripe_session_id"),
        ("include_personal", "on"),
        ("reason", "corto"),
        ("field", "total"),
        ("op", "gt"),
        ("type", "number"),
        ("value", "1000"),
    ];
    let refused = browser.post(&world.form("orders"), &form).await;
    assert_eq!(refused.status, StatusCode::SEE_OTHER);
    let back = refused.location().to_owned();
    assert!(back.contains("field=total") && back.contains("value=1000"), "{back}");
    let page = browser.get(&back).await.text();
    assert!(page.contains("stripe_session_id") && page.contains("guarda un secreto"), "{page}");
    assert!(page.contains("corto") && page.contains("auditoría"), "{page}");
    assert!(all(&world.app, "exports", doc! {}).await.is_empty());
}

#[tokio::test]
async fn an_export_is_its_owners_and_begins_once() {
    let world = World::with_demo(&["orders"]).await;
    adopted(&world.app, "otra@example.com", Role::Superadmin, |_| {}).await;
    adopted(&world.app, "admin@example.com", Role::Admin, |_| {}).await;
    let mut browser = world.browser().await;
    let asked = browser.post(&world.form("orders"), &[("format", "jsonl")]).await;
    let page = asked.location().strip_suffix("?begin=1").unwrap().to_owned();
    let file = format!("{page}/file");
    let id = page.rsplit('/').next().unwrap();
    let progress = [("id", id)];
    let mut other = signed_in(&world.app, "otra@example.com").await;
    assert_eq!(other.get(&page).await.status, StatusCode::NOT_FOUND);
    assert_eq!(other.get(&file).await.status, StatusCode::NOT_FOUND);
    assert_eq!(other.post(&format!("{page}/cancel"), &[]).await.status, StatusCode::NOT_FOUND);
    assert!(!other.post("/api/inspect/export_progress", &progress).await.text().contains("fila"));
    let mut admin = signed_in(&world.app, "admin@example.com").await;
    assert_eq!(admin.get(&world.form("orders")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(admin.get(&file).await.status, StatusCode::FORBIDDEN);
    let first = browser.get(&file).await;
    assert_eq!((first.status, first.text().lines().count()), (StatusCode::OK, 22));
    assert_eq!(browser.get(&file).await.status, StatusCode::CONFLICT);
    let told = browser.post("/api/inspect/export_progress", &progress).await.text();
    assert!(told.contains("22 filas") && told.contains("\"finished\":true"), "{told}");
    let done = browser.get(&page).await.text();
    assert!(done.contains("Completa") && done.contains("22 filas"), "{done}");
    assert_eq!(browser.get(&world.form("no_such")).await.status, StatusCode::NOT_FOUND);
}

/// Watches which cursors are opened and which are killed.
#[derive(Clone, Default)]
struct Cursors {
    open: Arc<Mutex<Vec<i64>>>,
    killed: Arc<Mutex<Vec<i64>>>,
}

impl Cursors {
    fn watcher(&self) -> EventHandler<CommandEvent> {
        let cursors = self.clone();
        EventHandler::callback(move |event| match event {
            CommandEvent::Succeeded(event) if event.command_name == "find" => {
                let id = event.reply.get_document("cursor").and_then(|cursor| cursor.get_i64("id"));
                cursors.open.lock().unwrap().extend(id.ok().filter(|id| *id != 0));
            }
            CommandEvent::Started(event) if event.command_name == "killCursors" => {
                let ids = event.command.get_array("cursors").unwrap();
                cursors.killed.lock().unwrap().extend(ids.iter().filter_map(bson::Bson::as_i64));
            }
            _ => {}
        })
    }
}

/// A running export of many small batches, its first piece taken and no more.
async fn half_taken(world: &World, cursors: &Cursors) -> (Ctx, ExportRow, axum::body::BodyDataStream) {
    let rows = (0..2_000).map(|n| RawDocumentBuf::try_from(&doc! { "_id": n, "text": "x".repeat(200) }).unwrap());
    world.collection("many").insert_many(rows).await.unwrap();
    let ctx = world.watched(cursors.watcher()).await;
    let row = world.ask(&ctx, "many", &[("format", "jsonl")]).await;
    let limits = Limits { batch: 10, ..Limits::default() };
    let (row, body) = service::begin(&ctx, &row.id.to_hex(), limits).await.unwrap();
    let mut body: axum::body::BodyDataStream = Body::into_data_stream(body);
    assert!(!body.next().await.unwrap().unwrap().is_empty());
    (ctx, row, body)
}

fn status(row: &Document) -> &str {
    row.get_str("status").unwrap()
}

async fn ended(world: &World) -> Document {
    eventually("the export has ended", async || {
        let row = world.row().await;
        (status(&row) != "running").then_some(row)
    })
    .await
}

#[tokio::test]
async fn a_client_that_goes_away_ends_the_cursor() {
    let world = World::new().await;
    let cursors = Cursors::default();
    let (_ctx, _row, body) = half_taken(&world, &cursors).await;
    drop(body);
    assert_eq!(status(&ended(&world).await), "cancelled");
    eventually("the cursor is killed", async || {
        let open = cursors.open.lock().unwrap().clone();
        let killed = cursors.killed.lock().unwrap().clone();
        (!open.is_empty() && open.iter().all(|id| killed.contains(id))).then_some(())
    })
    .await;
    eventually("the outcome is on record", async || (world.stages().await == ["started", "cancelled"]).then_some(()))
        .await;
}

#[tokio::test]
async fn a_late_failure_breaks_the_body_off_and_fails_the_row() {
    let world = World::new().await;
    let cursors = Cursors::default();
    let (_ctx, _row, mut body) = half_taken(&world, &cursors).await;
    let open = cursors.open.lock().unwrap().clone();
    let kill = doc! { "killCursors": "many", "cursors": open };
    world.app.app.db.client.database(&world.database).run_command(kill).await.unwrap();
    let mut broke_off = false;
    while let Some(piece) = body.next().await {
        broke_off |= piece.is_err();
    }
    assert!(broke_off, "a cut export must not end like a whole one");
    let row = ended(&world).await;
    assert_eq!(status(&row), "failed");
    assert!(row.get_i64("rows").unwrap() < 2_000);
    assert_eq!(world.stages().await, ["started", "failed"]);
}

#[tokio::test]
async fn cancelling_ends_a_running_export() {
    let world = World::new().await;
    let cursors = Cursors::default();
    let (ctx, row, mut body) = half_taken(&world, &cursors).await;
    service::cancel(&ctx, &row.id.to_hex()).await.unwrap();
    let mut broke_off = false;
    while let Some(piece) = body.next().await {
        broke_off |= piece.is_err();
    }
    assert_eq!(status(&world.row().await), "cancelled");
    assert!(broke_off, "what was cancelled doesn't end like a whole file");
    assert_eq!(world.stages().await, ["started", "cancelled"]);
}

#[tokio::test]
async fn the_list_on_the_command_line_counts_what_is_there() {
    let world = World::with_demo(&["orders", "images.files"]).await;
    world.app.app.db.client.database(&world.database).create_collection("empty").await.unwrap();
    let reader = world.app.db.read_only().await;
    let listing = canje::inspect::cli::list(&reader, &world.database, |_| {}).await.unwrap().unwrap();
    let lines: Vec<_> = listing.collections.iter().map(|line| (line.name.as_str(), line.documents)).collect();
    assert_eq!(lines, [("empty", 0), ("images.files", 5), ("orders", 22)]);
    assert_eq!(listing.collections[2].indexes, ["_id_"]);
    assert!(listing.collections[2].bytes > 1_000);
    let json = serde_json::to_value(&listing).unwrap();
    assert_eq!(
        json["collections"][0],
        serde_json::json!({"name": "empty", "kind": "collection", "documents": 0, "bytes": 0, "indexes": ["_id_"]})
    );
    assert_eq!(canje::inspect::cli::list(&reader, "no_such_test_database", |_| {}).await.unwrap(), None);
}

#[tokio::test]
async fn profile_indexes_and_options_are_shown_without_secrets() {
    let world = World::with_demo(&["users"]).await;
    let mut browser = world.browser().await;
    let base = format!("/admin/data/{}/users", world.database);
    let profile = browser.get(&format!("{base}/profile")).await;
    assert_eq!(profile.status, StatusCode::OK);
    let html = profile.text();
    assert!(html.contains("Exacto") && html.contains("«creator»"), "{html}");
    assert!(!html.contains("@example.com") && !html.contains("$2b$"));
    assert!(html.contains("mfa_secret") && html.contains("secreto"));
    let indexes = browser.get(&format!("{base}/indexes")).await.text();
    assert!(indexes.contains("_id_"), "{indexes}");
    let options = browser.get(&format!("{base}/options")).await.text();
    assert!(options.contains("&quot;type&quot;") || options.contains("\"type\""), "{options}");
    let views: Vec<_> = all(&world.app, "audit_logs", doc! { "action": "data_inspected" })
        .await
        .iter()
        .map(|row| row.get_document("details").unwrap().get_str("view").unwrap().to_owned())
        .collect();
    assert_eq!(views, ["profile", "indexes", "options"]);
}
