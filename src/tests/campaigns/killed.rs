//! `kill -9` while deadlines are moved: everybody's have moved with the campaign's rules, or nobody's.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::Path;
use std::time::{Duration, Instant};

use bson::{Document, doc};
use canje::campaigns::form;
use canje::campaigns::model::{Assets, Campaign, CampaignStatus};
use canje::db::embedded::Embedded;
use canje::db::{Db, Settings, date};
use canje::serve;
use canje::values::{BrandId, CampaignId, LocalDate};

use super::{Seed, brand, changed, confirm, days, draft, load};
use crate::accounts::{PASSWORD, legacy_hash};
use crate::process::site;
use crate::support::Program;

const PEOPLE: usize = 300;

/// How many kills.
fn rounds() -> u32 {
    std::env::var("CANJE_SOAK_ROUNDS").map_or(6, |rounds| rounds.parse().expect("a number"))
}

/// A live campaign with everybody waiting for their first deadline.
async fn campaign(db: &Db, brand: &BrandId, round: u32) -> CampaignId {
    let now = jiff::Timestamp::now();
    let draft = draft(LocalDate::of(now), &[]);
    let id = CampaignId::new();
    let stored = Campaign {
        id: id.clone(),
        brand_id: brand.clone(),
        package_id: None,
        name: draft.name,
        description: draft.description,
        category: draft.category,
        city: None,
        total_slots_loaded: 0,
        slots_filled: 0,
        slot_history: Vec::new(),
        delivery: days(7, 14),
        contract: None,
        requirements: draft.requirements,
        canje: draft.canje,
        timeline: draft.timeline,
        assets: Assets { brand_name: draft.brand_name, ..Assets::default() },
        status: CampaignStatus::Live,
        status_history: Vec::new(),
        visible_to_creators: true,
        admin_notes: None,
        tally: Default::default(),
        search: String::new(),
        rev: 1,
        created_by: None,
        created_by_role: None,
        created_at: date(now),
        updated_at: None,
        published_at: Some(date(now)),
        closed_at: None,
        completed_at: None,
        cancelled_at: None,
        cancel_reason: None,
    };
    db.stored::<Campaign>().insert_one(&stored).await.unwrap();
    let names: Vec<String> = (0..PEOPLE).map(|number| format!("round-{round}-creator-{number}")).collect();
    let people: Vec<_> = names.iter().map(|name| Seed::waiting(name, now)).collect();
    confirm(db, &id, &people).await;
    id
}

/// How many of each kind of document have the campaign's newest deadlines.
async fn moved(db: &Db, id: &CampaignId, since: bson::DateTime) -> (bool, Vec<u64>) {
    let campaign = load(db, id).await;
    let mut counts = Vec::new();
    for (collection, field) in [
        ("ugc_applications", "url_deadline"),
        ("ugc_applications", "metrics_deadline"),
        ("ugc_deliverables", "url_deadline"),
        ("ugc_deliverables", "metrics_deadline"),
        ("ugc_deliverables", "metrics_window_closes"),
        ("ugc_deliverables", "owes_url_by"),
        ("ugc_deliverables", "waiting.due_at"),
    ] {
        let days = if field.starts_with("metrics") { 17 } else { 8 };
        let late = bson::DateTime::from_millis(since.timestamp_millis() + days * 24 * 60 * 60 * 1_000);
        let all = db.live.collection::<Document>(collection);
        counts.push(all.count_documents(doc! { "campaign_id": id, field: { "$gt": late } }).await.unwrap());
    }
    let changes = db.live.collection::<Document>("ugc_deadline_changes");
    counts.push(changes.count_documents(doc! { "campaign_id": id }).await.unwrap() * PEOPLE as u64);
    (campaign.delivery == days(10, 20), counts)
}

struct Client {
    http: reqwest::Client,
    address: String,
    cookie: String,
}

impl Client {
    async fn sign_in(address: &str) -> Self {
        canje::app::use_ring();
        let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let mut client = Self { http, address: address.to_owned(), cookie: String::new() };
        let form = serde_urlencoded::to_string([("email", "ana@example.com"), ("password", PASSWORD)]).unwrap();
        let answer = client
            .http
            .post(format!("http://{address}/login"))
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(form)
            .send()
            .await
            .unwrap();
        let cookies = answer.headers().get_all("set-cookie").iter();
        let pairs: Vec<_> = cookies.map(|one| one.to_str().unwrap().split(';').next().unwrap().to_owned()).collect();
        client.cookie = pairs.into_iter().find(|pair| pair.starts_with("__Host-sid")).expect("a session");
        client
    }

    /// Sends the form; the body of the answer, when there is one.
    async fn save(&self, id: &CampaignId, fields: &BTreeMap<String, String>) -> reqwest::Result<String> {
        let form = fields
            .iter()
            .fold(reqwest::multipart::Form::new(), |form, (name, value)| form.text(name.clone(), value.clone()));
        let request = self.http.post(format!("http://{}/admin/campaigns/{id}/editar", self.address));
        let request = request.header("cookie", &self.cookie).header("sec-fetch-site", "same-origin").multipart(form);
        request.send().await?.text().await
    }

    /// The form that agrees to what moves.
    async fn agreed(&self, db: &Db, id: &CampaignId) -> BTreeMap<String, String> {
        let shown = form::shown(&load(db, id).await);
        let mut fields = changed(shown, &[("url_days", "10"), ("metrics_days", "20")]);
        let page = self.save(id, &fields).await.unwrap();
        let digest = page.split("name=\"consent\" value=\"").nth(1).unwrap_or_else(|| panic!("{page}"));
        fields.insert("consent".into(), digest.split('"').next().unwrap().to_owned());
        fields
    }
}

async fn serve_on(site: &Path, uri: &str, data_dir: &Path) -> (Program, String) {
    let variables = [
        ("MONGODB_URI", OsStr::new(uri)),
        ("CANJE_DB", OsStr::new("test")),
        ("CANJE_OPS_DB", OsStr::new("test_ops")),
        ("CANJE_DATA_DIR", data_dir.as_os_str()),
        ("RUST_LOG", OsStr::new("warn")),
    ];
    Program::serve(site, variables).await
}

#[tokio::test]
async fn killed_while_deadlines_move_all_of_them_have_or_none() {
    let files = tempfile::tempdir().unwrap();
    let site = site(files.path());
    let data_dir = files.path().join("data");
    // A server of its own: a transaction whose client was killed is open for a minute, and others would wait for it.
    let engine = Embedded::start_or_join(&data_dir, &|_| {}).await.unwrap();
    let uri = engine.uri();
    let settings =
        Settings { uri: uri.clone(), live_db: "test".into(), ops_db: "test_ops".into(), read_only_uri: None };
    let db = Db::connect(&settings).await.unwrap();
    db.prepare(&serve::collections()).await.unwrap();
    db.operations().prepare(&canje::backup::OPS_COLLECTIONS).await.unwrap();
    let user = doc! {
        "user_id": "user_ana", "email": "ana@example.com", "name": "Ana Benítez", "role": "staff", "status": "active",
        "password_hash": legacy_hash(PASSWORD), "billing_info": {}, "shipping_addresses": [],
        "created_at": bson::DateTime::now(),
    };
    db.live.collection::<Document>("users").insert_one(user).await.unwrap();
    let brand = brand(&db, "Casa Rica").await;
    let since = bson::DateTime::now();

    // Undisturbed, to know how long it takes.
    let (program, address) = serve_on(&site, &uri, &data_dir).await;
    let id = campaign(&db, &brand, 0).await;
    let client = Client::sign_in(&address).await;
    let fields = client.agreed(&db, &id).await;
    let begun = Instant::now();
    client.save(&id, &fields).await.unwrap();
    let whole = begun.elapsed();
    let (are_new, counts) = moved(&db, &id, since).await;
    assert!(are_new && counts.iter().all(|count| *count == PEOPLE as u64), "{are_new} {counts:?}");
    program.signal("KILL").await;
    program.ended().await;

    let (mut all, mut none) = (0, 0);
    for round in 1..=rounds() {
        let (program, address) = serve_on(&site, &uri, &data_dir).await;
        let id = campaign(&db, &brand, round).await;
        let client = Client::sign_in(&address).await;
        let fields = client.agreed(&db, &id).await;
        let share = u32::from(uuid::Uuid::new_v4().as_bytes()[0]);
        let moment = Duration::from_millis(2) + whole * share / 255;
        // How far it is when that time is over is what nobody knows.
        let _cut = tokio::time::timeout(moment, client.save(&id, &fields)).await;
        program.signal("KILL").await;
        program.ended().await;
        let (are_new, counts) = moved(&db, &id, since).await;
        let expected = if are_new { PEOPLE as u64 } else { 0 };
        assert!(counts.iter().all(|count| *count == expected), "round {round}: {are_new} {counts:?}");
        if are_new { all += 1 } else { none += 1 }
    }
    println!("{PEOPLE} deadlines take {whole:?}; killed meanwhile: {all} times all had moved, {none} times none");
    engine.stop().await;
}
