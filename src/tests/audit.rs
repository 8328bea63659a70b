//! The audit log: written before the deed is told, never changed, read by key.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bson::{DateTime, doc};
use canje::audit::{Action, Entry, Row, Who, Writer, record_as};
use canje::db::Db;
use canje::values::Role;
use http::{StatusCode, header};
use mongodb::event::EventHandler;
use mongodb::event::command::CommandEvent;
use mongodb::options::ClientOptions;

use super::accounts::{adopted, all, documents, signed_in};
use super::support::TestApp;

async fn row(app: &TestApp, at: &str, action: Action, email: &str) {
    let who = Who { email: Some(email.to_owned()), ..Who::default() };
    record_as(&app.app.db, at.parse().unwrap(), who, Entry::new(action).details(doc! { "at": at })).await.unwrap();
}

fn ids(page: &str) -> Vec<String> {
    page.split(r#"<time datetime=""#).skip(1).map(|part| part.split("</tr>").next().unwrap().to_owned()).collect()
}

fn link<'a>(page: &'a str, testid: &str) -> Option<String> {
    let anchor: &'a str = page.split("<a ").find(|anchor| anchor.contains(&format!(r#"data-testid="{testid}""#)))?;
    let href = anchor.split(r#"href=""#).nth(1)?.split('"').next()?;
    Some(href.replace("&amp;", "&"))
}

#[tokio::test]
async fn rows_waiting_at_the_same_moment_share_a_write() {
    let app = TestApp::new().await;
    let inserts = Arc::new(AtomicUsize::new(0));
    let counter = inserts.clone();
    let mut options = ClientOptions::parse(&app.db.settings.uri).await.unwrap();
    options.command_event_handler = Some(EventHandler::callback(move |event| {
        if let CommandEvent::Started(started) = event
            && started.command_name == "insert"
        {
            counter.fetch_add(1, Ordering::SeqCst);
        }
    }));
    let client = mongodb::Client::with_options(options).unwrap();
    let db = Db { live: client.database(app.db.name()), client, ..app.app.db.clone() };
    let writer = Writer::start(&db);
    let entry = |n: i32| Entry::new(Action::DataInspected).details(doc! { "n": n });
    let writes = (0..200).map(|n| writer.write(Row::new(app.app.clock.now(), Who::default(), entry(n))));
    for written in futures::future::join_all(writes).await {
        written.unwrap();
    }
    assert_eq!(documents(&app, "audit_logs").count_documents(doc! {}).await.unwrap(), 200);
    assert!(inserts.load(Ordering::SeqCst) < 20, "{inserts:?}");
}

#[tokio::test]
async fn a_row_that_cant_be_written_fails_whoever_waits_for_it_and_nobody_else() {
    let app = TestApp::new().await;
    let index = mongodb::IndexModel::builder()
        .keys(doc! { "user_email": 1 })
        .options(mongodb::options::IndexOptions::builder().unique(true).name("one_each".to_owned()).build())
        .build();
    documents(&app, "audit_logs").create_index(index).await.unwrap();
    let writer = &app.app.audit;
    let write = |email: &str| {
        let who = Who { email: Some(email.to_owned()), ..Who::default() };
        writer.write(Row::new(app.app.clock.now(), who, Entry::new(Action::Logout)))
    };
    let results = futures::future::join_all(["a", "b", "a", "c", "b"].map(write)).await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 3);
    assert_eq!(documents(&app, "audit_logs").count_documents(doc! {}).await.unwrap(), 3);
}

#[tokio::test]
async fn only_those_who_may_read_it() {
    let app = TestApp::new().await;
    for (email, role, status) in [
        ("admin@example.com", Role::Superadmin, StatusCode::OK),
        ("gestion@example.com", Role::Admin, StatusCode::OK),
        ("equipo@example.com", Role::Staff, StatusCode::FORBIDDEN),
        ("diseno@example.com", Role::Designer, StatusCode::FORBIDDEN),
        ("creadora@example.com", Role::Creator, StatusCode::FORBIDDEN),
    ] {
        adopted(&app, email, role, |_| {}).await;
        let mut browser = signed_in(&app, email).await;
        assert_eq!(browser.get("/admin/audit").await.status, status, "{email}");
        assert_eq!(browser.post("/admin/audit/export", &[]).await.status, status, "{email}");
    }
}

#[tokio::test]
async fn every_row_is_met_once_going_back_and_once_coming_forth() {
    let app = TestApp::new().await;
    adopted(&app, "admin@example.com", Role::Superadmin, |_| {}).await;
    let mut browser = signed_in(&app, "admin@example.com").await;
    // Rows of the same instant, of the last days, and of long ago.
    let times = ["2099-11-23T11:59:00Z", "2099-11-22T11:59:00Z", "2099-11-01T00:00:00Z", "2020-01-01T00:00:00Z"];
    for n in 0..64 {
        row(&app, times[n % 4], Action::DataInspected, &format!("p{n}@example.com")).await;
    }
    let mut page = browser.get("/admin/audit").await.text();
    assert!(page.contains("65 registros"), "{page}");
    let mut back = vec![ids(&page)];
    while let Some(older) = link(&page, "pager-next") {
        page = browser.get(&older).await.text();
        back.push(ids(&page));
    }
    assert_eq!(back.iter().map(Vec::len).collect::<Vec<_>>(), [20, 20, 20, 5]);
    assert_eq!(back.iter().flatten().collect::<BTreeSet<_>>().len(), 65);
    let mut forth = vec![ids(&page)];
    while let Some(newer) = link(&page, "pager-previous") {
        page = browser.get(&newer).await.text();
        forth.push(ids(&page));
    }
    forth.reverse();
    assert_eq!(forth.concat(), back.concat(), "the same rows in the same order");
}

#[tokio::test]
async fn filters_mean_what_they_say() {
    let app = TestApp::new().await;
    adopted(&app, "admin@example.com", Role::Superadmin, |_| {}).await;
    // Asunción is three hours behind: its 20 November begins at 03:00 UTC.
    row(&app, "2026-11-20T02:59:59Z", Action::Logout, "ana.b+x@example.com").await;
    row(&app, "2026-11-20T03:00:00Z", Action::Logout, "ana.b+x@example.com").await;
    row(&app, "2026-11-21T02:59:59Z", Action::UserCreated, "anaxb+x@example.com").await;
    row(&app, "2026-11-21T03:00:00Z", Action::Logout, "zoe@example.com").await;
    let mut browser = signed_in(&app, "admin@example.com").await;
    for (query, rows) in [
        ("from=2026-11-20&to=2026-11-20", 2),
        ("from=2026-11-20&to=2026-11-21", 3),
        ("to=2026-11-19", 1),
        ("from=2026-11-21&to=2026-11-22", 1),
        ("action=user_created", 1),
        ("action=logout&email=ANA.B%2BX", 2),
        ("email=.%2A", 0),
        ("email=%28", 0),
        ("email=example.com&to=2026-11-22", 4),
    ] {
        let page = browser.get(&format!("/admin/audit?{query}")).await.text();
        assert_eq!(page.matches(r#"data-testid="audit-row""#).count(), rows, "{query}");
        assert!(rows == 0 || page.contains(&format!("{rows} registro")), "{query}");
    }
    for query in ["from=20/11/2026", "to=x", "from=2026-11-21&to=2026-11-20", "action=nope", "before=x"] {
        let page = browser.get(&format!("/admin/audit?{query}")).await.text();
        assert!(page.contains(r#"data-testid="audit-problem""#), "{query}: {page}");
    }
}

#[tokio::test]
async fn the_file_holds_every_row_that_matches_and_taking_it_is_recorded() {
    let app = TestApp::new().await;
    adopted(&app, "admin@example.com", Role::Superadmin, |_| {}).await;
    for n in 0..30 {
        row(&app, "2026-11-20T12:00:00Z", Action::Logout, &format!("=cmd{n}@example.com")).await;
    }
    let mut browser = signed_in(&app, "admin@example.com").await;
    let answer =
        browser.post("/admin/audit/export", &[("action", "logout"), ("email", ""), ("from", ""), ("to", "")]).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
    assert_eq!(answer.headers[header::CONTENT_DISPOSITION], r#"attachment; filename="auditoria-2099-11-23.csv""#);
    let text = answer.text();
    let text = text.strip_prefix('\u{feff}').expect("spreadsheets need the mark");
    let lines: Vec<_> = text.split_terminator("\r\n").collect();
    assert_eq!(lines.len(), 31);
    assert!(lines[0].starts_with("Fecha y hora (Asunción);Acción;Usuario;"), "{}", lines[0]);
    assert!(lines[1].starts_with("20/11/2026 09:00:00;Salida;'=cmd"), "{}", lines[1]);
    let recorded = all(&app, "audit_logs", doc! { "action": "data_exported" }).await;
    let details = recorded[0].get_document("details").unwrap();
    assert_eq!(details.get_i64("rows").unwrap(), 30);
    assert_eq!(details.get_document("filter").unwrap(), &doc! { "action": "logout" });
    assert_eq!(browser.post("/admin/audit/export", &[("from", "x")]).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn an_export_that_cant_be_recorded_sends_nothing() {
    let app = TestApp::new().await;
    adopted(&app, "admin@example.com", Role::Superadmin, |_| {}).await;
    let mut browser = signed_in(&app, "admin@example.com").await;
    let one = doc! {
        "action": "data_exported", "timestamp": DateTime::now(), "user_email": "x", "details": {},
    };
    documents(&app, "audit_logs").insert_one(one).await.unwrap();
    let index = mongodb::IndexModel::builder()
        .keys(doc! { "action": 1 })
        .options(mongodb::options::IndexOptions::builder().unique(true).name("one_of_each".to_owned()).build())
        .build();
    documents(&app, "audit_logs").create_index(index).await.unwrap();
    let answer = browser.post("/admin/audit/export", &[]).await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!answer.text().contains("login_success"));
}

#[tokio::test]
async fn details_are_shown_as_they_are_and_escaped() {
    let app = TestApp::new().await;
    adopted(&app, "admin@example.com", Role::Superadmin, |_| {}).await;
    let details = doc! { "reason": "<script>alert(1)</script>", "password": "nunca" };
    let entry = Entry::new(Action::DataRevealed).target("document", "legacy.users/1").details(details);
    record_as(&app.app.db, app.app.clock.now(), Who::command_line(), entry).await.unwrap();
    documents(&app, "audit_logs")
        .insert_one(doc! { "action": "algo_viejo", "timestamp": DateTime::now() })
        .await
        .unwrap();
    let mut browser = signed_in(&app, "admin@example.com").await;
    let page = browser.get("/admin/audit").await.text();
    assert!(
        page.contains("legacy.users/1") && page.contains("Línea de comandos") && page.contains("algo_viejo"),
        "{page}"
    );
    assert!(!page.contains("<script>alert(1)") && !page.contains("nunca"));
}

#[test]
fn nothing_in_the_module_changes_or_removes_a_row() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/audit");
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let source = std::fs::read_to_string(&path).unwrap();
        for word in [
            "update_one",
            "update_many",
            "replace_one",
            "delete_one",
            "delete_many",
            "find_one_and",
            "bulk_write",
            ".drop()",
            "$out",
            "$merge",
        ] {
            assert!(!source.contains(word), "{}: {word}", path.display());
        }
    }
}
