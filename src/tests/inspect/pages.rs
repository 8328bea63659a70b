//! The inspector's screens over an imported dump, through the router.

use std::io::Write;

use bson::oid::ObjectId;
use bson::{Document, doc};
use canje::demo;
use canje::import::{Mapping, Options};
use canje::values::Role;
use http::StatusCode;

use crate::accounts::{adopted, all, signed_in};
use crate::import::import_with;
use crate::support::{Answer, Browser, TestApp};

const ADMIN: &str = "admin@example.com";
/// First HTML of a page, compressed.
const BUDGET: usize = 14 * 1024;

async fn with_demo() -> (TestApp, String) {
    let app = TestApp::new().await;
    adopted(&app, ADMIN, Role::Superadmin, |_| {}).await;
    let map = |from: &str| Mapping { from: from.into(), to: app.db.sibling(from) };
    let options = Options { map: [demo::DUMPED_AS, "legacy_a", "legacy_b"].map(map).to_vec(), skip: Vec::new() };
    assert!(import_with(&app.db, demo::source(), &options).await.unwrap().ok);
    let legacy = app.db.sibling(demo::DUMPED_AS);
    (app, legacy)
}

async fn page(browser: &mut Browser<'_>, address: &str) -> String {
    let answer = browser.get(address).await;
    assert_eq!(answer.status, StatusCode::OK, "{address}: {}", answer.text());
    check_size(address, &answer);
    answer.text()
}

fn check_size(address: &str, answer: &Answer) {
    let mut compressed = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams { quality: 5, ..Default::default() };
    brotli::BrotliCompress(&mut &answer.bytes()[..], &mut compressed, &parameters).unwrap();
    compressed.flush().unwrap();
    assert!(compressed.len() <= BUDGET, "{address}: {} bytes", compressed.len());
}

async fn inspected(app: &TestApp) -> Vec<Document> {
    let rows = all(app, "audit_logs", doc! { "action": { "$in": ["data_inspected", "data_revealed"] } }).await;
    rows.into_iter().map(|row| row.get_document("details").unwrap().clone()).collect()
}

#[tokio::test]
async fn every_collection_of_a_dump_is_listed_with_its_exact_figures() {
    let (app, legacy) = with_demo().await;
    let mut browser = signed_in(&app, ADMIN).await;
    let to = browser.get("/admin/data").await;
    assert_eq!(to.status, StatusCode::SEE_OTHER);
    let list = page(&mut browser, &format!("/admin/data/{legacy}")).await;
    let expected: serde_json::Value = serde_json::from_str(demo::EXPECTED).unwrap();
    let surveys = all(&app, "inspect_surveys", doc! { "database": &legacy }).await;
    for (namespace, said) in expected["collections"].as_object().unwrap() {
        let Some(name) = namespace.strip_prefix(&format!("{}.", demo::DUMPED_AS)) else { continue };
        assert!(list.contains(&format!("/admin/data/{legacy}/{name}\"")), "{name} is not listed");
        let row =
            surveys.iter().find(|row| row.get_str("collection").ok() == Some(name)).unwrap_or_else(|| panic!("{name}"));
        let result = row.get_document("result").unwrap();
        assert_eq!(result.get_i64("count").unwrap(), said["count"].as_i64().unwrap(), "{name}");
        assert_eq!(result.get_i64("bytes").unwrap(), said["bytes"].as_i64().unwrap(), "{name}");
    }
    for words in ["33 colecciones", "obsoleta", "GridFS", "vacía", "no existe", "3.204", "Importada"] {
        assert!(list.contains(words), "{words}");
    }
    let again = browser.post(&format!("/admin/data/{legacy}/count"), &[("collection", "users")]).await;
    assert_eq!(again.location(), format!("/admin/data/{legacy}/users"));
    assert_eq!(browser.get("/admin/data/nothing_like_it").await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get(&format!("/admin/data/{legacy}/nothing")).await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get("/admin/data/admin/system.version").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn pages_of_every_collection_stay_small_and_masked() {
    let (app, legacy) = with_demo().await;
    let mut browser = signed_in(&app, ADMIN).await;
    let names = app.db.db.client.database(&legacy).list_collection_names().await.unwrap();
    for name in &names {
        let html = page(&mut browser, &format!("/admin/data/{legacy}/{name}")).await;
        assert!(!html.contains("$2b$") && !html.contains("@example.com</"), "{name} shows what is hidden");
        let first =
            html.split(&format!("/admin/data/{legacy}/{name}/doc/")).nth(1).map(|rest| rest.split('"').next().unwrap());
        if let Some(id) = first {
            let address = format!("/admin/data/{legacy}/{name}/doc/{id}");
            let html = page(&mut browser, &address).await;
            assert!(!html.contains("$2b$"), "{address}");
            let json = browser.get(&format!("{address}/download")).await;
            assert_eq!(json.status, StatusCode::OK);
            serde_json::from_slice::<serde_json::Value>(json.bytes()).unwrap();
            assert!(!json.text().contains("$2b$"));
        }
    }
    assert!(inspected(&app).await.len() >= names.len());
}

#[tokio::test]
async fn one_leafs_forwards_back_and_by_number() {
    let (app, legacy) = with_demo().await;
    let mut browser = signed_in(&app, ADMIN).await;
    let base = format!("/admin/data/{legacy}/shop_products");
    let link = |html: &str, testid: &str| {
        let tag = html.split("<a ").find(|tag| tag.contains(&format!("data-testid=\"{testid}\""))).map(str::to_owned);
        tag.and_then(|tag| Some(tag.split("href=\"").nth(1)?.split('"').next()?.replace("&amp;", "&")))
    };
    let first = page(&mut browser, &base).await;
    assert!(first.contains("1–50 de 3.204, contado"), "{first}");
    assert_eq!(link(&first, "pager-previous"), None);
    let second = page(&mut browser, &link(&first, "pager-next").unwrap()).await;
    assert!(second.contains("51–100 de 3.204"));
    let back = page(&mut browser, &link(&second, "pager-previous").unwrap()).await;
    assert!(back.contains("1–50 de 3.204"));
    let last = page(&mut browser, &link(&first, "pager-last").unwrap()).await;
    assert!(last.contains("3.155–3.204 de 3.204"), "{last}");
    assert_eq!(link(&last, "pager-next"), None);
    let jumped = page(&mut browser, &format!("{base}?at=1.204&sort=-_id")).await;
    assert!(jumped.contains("1.204–1.253 de 3.204"));
    let filtered = page(&mut browser, &format!("{base}?field=stock&op=lt&type=number&value=0&count=1")).await;
    assert!(filtered.contains("18 resultados"), "{filtered}");
    let wrong = browser.get(&format!("{base}?raw=%7B%22%24where%22%3A1%7D")).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(!wrong.text().contains("documents-table"), "an error is not an empty table");
    let unknown = browser.get(&format!("{base}?sort=stock")).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    let seen = inspected(&app).await;
    assert!(seen.iter().any(|details| details.get_str("filter").is_ok_and(|filter| filter.contains("stock"))
        && details.get_i64("rows").ok() == Some(18)));
}

#[tokio::test]
async fn doubts_are_answered_at_one_click() {
    let (app, legacy) = with_demo().await;
    let mut browser = signed_in(&app, ADMIN).await;
    let list = page(&mut browser, &format!("/admin/data/{legacy}")).await;
    for (label, results) in [
        ("ugc_applications con creator_id", "261 resultados"),
        ("ugc_applications sin creator_id", "93 resultados"),
        ("sin creator_id, con un correo de ugc_creators", "79 resultados"),
    ] {
        let before = list.split(label).next().unwrap();
        let href = before.rsplit("href=\"").next().unwrap().split('"').next().unwrap().replace("&amp;", "&");
        let html = page(&mut browser, &href).await;
        assert!(html.contains(results), "{label}: {href}");
    }
}

#[tokio::test]
async fn personal_values_are_revealed_only_with_a_recorded_reason() {
    let (app, legacy) = with_demo().await;
    let mut browser = signed_in(&app, ADMIN).await;
    let users = app.db.db.client.database(&legacy).collection::<Document>("users");
    let user = users.find_one(doc! { "email": "creadora@example.com" }).await.unwrap().unwrap();
    let id: ObjectId = user.get_object_id("_id").unwrap();
    let address = format!("/admin/data/{legacy}/users/doc/{id}");
    let html = page(&mut browser, &address).await;
    assert!(!html.contains("creadora@example.com") && html.contains("tree-masked"));
    let refused = browser.post(&format!("{address}/reveal"), &[("reason", "ver")]).await;
    assert_eq!(refused.status, StatusCode::SEE_OTHER);
    let again = page(&mut browser, &address).await;
    assert!(again.contains("Escribí el motivo") && again.contains(">ver<") | again.contains("\nver<"));
    let revealed = browser.post(&format!("{address}/reveal"), &[("reason", "Reclamo de la creadora")]).await;
    assert_eq!(revealed.status, StatusCode::OK);
    let html = revealed.text();
    assert!(html.contains("creadora@example.com") && !html.contains("$2b$"), "secrets stay hidden");
    let reasons: Vec<_> = inspected(&app).await;
    let reasons: Vec<_> = reasons.iter().filter_map(|details| details.get_str("reason").ok()).collect();
    assert_eq!(reasons, ["Reclamo de la creadora"]);
    let link = page(&mut browser, &format!("/admin/data/{legacy}/ugc_creators")).await;
    assert!(link.contains("/doc/"));
}

#[tokio::test]
async fn types_and_repeated_names_are_seen_as_stored() {
    let app = TestApp::new().await;
    adopted(&app, ADMIN, Role::Admin, |_| {}).await;
    let side = app.db.sibling("side");
    let collection = app.db.db.client.database(&side).collection::<bson::RawDocumentBuf>("odd");
    let mut builder = canje::dump::raw::Builder::new();
    builder.string("_id", "a/b \"c\"").int32("n", 1).int64("n", 1).raw(1, b"n", &1.0_f64.to_le_bytes());
    collection.insert_one(bson::RawDocumentBuf::from_bytes(builder.finish()).unwrap()).await.unwrap();
    let mut browser = signed_in(&app, ADMIN).await;
    let html = page(&mut browser, &format!("/admin/data/{side}/odd")).await;
    let id = html.split("/odd/doc/").nth(1).unwrap().split('"').next().unwrap();
    let html = page(&mut browser, &format!("/admin/data/{side}/odd/doc/{id}")).await;
    for label in ["int32", "int64", "double"] {
        assert!(html.contains(&format!(">{label}<")), "{label}: {html}");
    }
    assert_eq!(html.matches("class=\"tree-key\">n<").count(), 3);
}

#[tokio::test]
async fn nobody_else_gets_in() {
    let app = TestApp::new().await;
    adopted(&app, "staff@example.com", Role::Staff, |_| {}).await;
    let live = app.db.name().to_owned();
    let mut staff = signed_in(&app, "staff@example.com").await;
    for address in ["/admin/data".to_owned(), format!("/admin/data/{live}"), format!("/admin/data/{live}/users")] {
        assert_eq!(staff.get(&address).await.status, StatusCode::FORBIDDEN, "{address}");
        assert_ne!(app.browser().get(&address).await.status, StatusCode::OK, "{address}");
    }
    assert!(inspected(&app).await.is_empty());
}
