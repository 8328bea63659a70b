//! Restores a person asked for: planned, confirmed, equal; and everything that isn't let through.

use std::time::Duration;

use canje::audit::Who;
use canje::backup::model::Person;
use canje::backup::record::{BackupRun, RestoreRecord};
use canje::backup::restore::contents::Contents;
use canje::backup::restore::interlocks;
use canje::backup::restore::planning::{self, By, Typed, Wanted};
use canje::backup::restore::records::{Mode, RestorePlan};
use canje::backup::restore::{running, scratch, standing};
use canje::db::Db;
use canje::error::AppError;
use canje::failure::Failure;

use super::*;

const UNIQUE: &str = r#"{"v":{"$numberInt":"2"},"key":{"s":{"$numberInt":"1"}},"name":"s_1","unique":true,"partialFilterExpression":{"s":{"$type":"string"}}}"#;
const HIDDEN: &str = r#"{"v":{"$numberInt":"2"},"key":{"h":{"$numberInt":"1"}},"name":"h_1","hidden":true}"#;
const TTL: &str = r#"{"v":{"$numberInt":"2"},"key":{"t":{"$numberInt":"1"}},"name":"t_1","expireAfterSeconds":{"$numberInt":"3600"}}"#;

fn shop() -> Sample {
    let capped = r#"{"capped":true,"size":{"$numberInt":"1048576"}}"#;
    let strict = r#"{"validator":{"never":{"$exists":true}},"validationLevel":"strict","validationAction":"error"}"#;
    let view = r#"{"viewOn":"orders","pipeline":[{"$match":{"_id":{"$lt":{"$numberInt":"7"}}}}]}"#;
    Sample::new(
        &[
            namespace("few", "view", view, &[], vec![]),
            namespace("log", "collection", capped, &[], (0..100).rev().map(|id| simple(id, "capped")).collect()),
            namespace("odd", "collection", "", &[], crate::import::fidelity::corpus()),
            namespace("orders", "collection", "", &[UNIQUE, HIDDEN, TTL], {
                (0..50).map(|id| simple(id, &format!("order {id}"))).collect()
            }),
            namespace("strict", "collection", strict, &[], vec![simple(1, "breaks its validator")]),
            Collection::of("warehouse", "goods", &[doc! { "_id": 1 }]),
        ],
        100_000,
    )
}

pub fn person() -> Person {
    Person { user_id: Some("u1".into()), name: "Ana".into() }
}

pub fn wanted(mode: Mode, into: &str) -> Wanted {
    Wanted { database: Some("shop".into()), into: into.into(), only: Vec::new(), mode }
}

/// The sample as a complete run on record.
pub async fn put_run(depot: &Depot, sample: &Sample) -> BackupRun {
    let run = doc! {
        "_id": sample.public.id.as_str(),
        "trigger": "manual",
        "requested_by": { "name": "Ana" },
        "status": "complete",
        "stores": ["offsite"],
        "created_at": bson::DateTime::now(),
        "heartbeat_at": bson::DateTime::now(),
        "taken_at": bson::DateTime::now(),
        "root": &sample.public.root,
        "collections": bson::serialize_to_bson(&sample.private.namespaces).unwrap(),
        "destinations": [{
            "store": "offsite",
            "kind": "folder",
            "place": "a folder",
            "prefix": &sample.prefix,
            "bytes": 1_i64,
            "parts": 1,
            "manifest_sha256": "ab",
            "ok": true,
        }],
    };
    let run: BackupRun = bson::deserialize_from_document(run).unwrap();
    depot.ops.stored::<BackupRun>().insert_one(&run).await.unwrap();
    run
}

struct Case {
    test: TestDb,
    sample: Sample,
    depot: Depot,
    contents: Contents,
}

impl Case {
    async fn new() -> Self {
        let (test, sample) = (TestDb::new().await, shop());
        let mut depot = depot(&test, &sample).await;
        depot.clock = Clock::fixed("2099-01-02T03:04:05Z".parse().unwrap());
        let run = put_run(&depot, &sample).await;
        Self { test, sample, depot, contents: Contents::of_run(&run) }
    }

    async fn plan(&self, wanted: &Wanted) -> Result<RestorePlan, Failure> {
        planning::plan(&self.depot, &self.contents, wanted, person()).await
    }

    async fn confirm(&self, plan: &RestorePlan) -> Result<RestoreRecord, Failure> {
        let typed = Typed { name: plan.target.clone(), documents: Some(plan.documents().to_string()) };
        planning::confirm(&self.depot, plan, &plan.hash, &typed, Who::default(), By::Caller).await
    }

    async fn restore(&self, wanted: &Wanted) -> RestoreRecord {
        let plan = self.plan(wanted).await.unwrap();
        self.confirm(&plan).await.unwrap();
        running::execute(&self.depot, &plan.target).await.unwrap()
    }

    async fn names(&self) -> Vec<String> {
        self.depot.db.client.list_database_names().await.unwrap()
    }

    async fn indexes(&self, database: &str, collection: &str) -> Vec<Document> {
        let ask = doc! { "listIndexes": collection };
        let answer = self.depot.db.client.database(database).run_command(ask).await.unwrap();
        let found = answer.get_document("cursor").unwrap().get_array("firstBatch").unwrap().clone();
        found.into_iter().map(|index| index.as_document().unwrap().clone()).collect()
    }
}

fn problem(refused: Result<impl std::fmt::Debug, Failure>) -> (String, String) {
    match refused {
        Err(Failure::Refused(AppError::Invalid(problems))) => (problems[0].field.clone(), problems[0].message.clone()),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_new_database_is_the_backup_byte_for_byte() {
    let case = Case::new().await;
    let target = case.test.sibling("copy");
    let record = case.restore(&wanted(Mode::NewDb, &target)).await;
    assert_eq!((record.state.as_str(), record.error), ("done", None));
    assert!(record.collections.iter().all(|namespace| namespace.restored.as_ref().is_some_and(|copy| copy.equal)));
    for (name, is_ordered) in [("log", true), ("odd", false), ("orders", false), ("strict", false)] {
        let (mut found, mut wanted) = (stored(&case.test, &target, name).await, archived(&case.sample, name));
        if !is_ordered {
            found.sort();
            wanted.sort();
        }
        assert!(found == wanted, "{name}");
    }
    let indexes = case.indexes(&target, "orders").await;
    let named = |name: &str| indexes.iter().find(|index| index.get_str("name").unwrap() == name).unwrap();
    assert!(named("s_1").get_bool("unique").unwrap() && named("s_1").contains_key("partialFilterExpression"));
    assert!(named("h_1").get_bool("hidden").unwrap());
    assert!(named("t_1").contains_key("expireAfterSeconds"));
    assert_eq!(stored(&case.test, &target, "few").await.len(), 7);
    let audited = case.test.db.live.collection::<Document>("audit_logs");
    let row = audited.find_one(doc! { "action": "backup_restored", "target_id": &target }).await.unwrap().unwrap();
    assert_eq!(row.get_document("details").unwrap().get_i64("documents").unwrap(), 151 + corpus_size());
    // Nothing of the other database came along.
    assert!(!case.names().await.iter().any(|name| name.contains("warehouse")));
}

fn corpus_size() -> i64 {
    crate::import::fidelity::corpus().len() as i64
}

#[tokio::test]
async fn chosen_collections_come_alone() {
    let case = Case::new().await;
    let target = case.test.sibling("chosen");
    let chosen = Wanted { only: vec!["orders".into(), "few".into()], ..wanted(Mode::Selected, &target) };
    assert_eq!(case.restore(&chosen).await.state, "done");
    let mut names = case.depot.db.client.database(&target).list_collection_names().await.unwrap();
    names.retain(|name| !name.starts_with("system."));
    names.sort();
    assert_eq!(names, ["few", "orders"]);
    let unknown = Wanted { only: vec!["ordres".into()], ..wanted(Mode::Selected, &case.test.sibling("other")) };
    assert_eq!(problem(case.plan(&unknown).await).0, "only");
    let nothing = wanted(Mode::Selected, &case.test.sibling("other"));
    assert_eq!(problem(case.plan(&nothing).await).0, "only");
}

#[tokio::test]
async fn a_preview_has_no_expiry_of_its_own_and_goes_after_a_week() {
    let case = Case::new().await;
    let (first, second) =
        (case.restore(&wanted(Mode::Preview, "")).await, case.restore(&wanted(Mode::Preview, "")).await);
    let short = case.sample.public.id.short();
    assert_eq!([&first.database, &second.database], [&format!("preview_{short}_0"), &format!("preview_{short}_1")]);
    let copy = case.restore(&wanted(Mode::NewDb, &case.test.sibling("copy"))).await;
    let indexes = case.indexes(&first.database, "orders").await;
    assert_eq!(indexes.len(), 3, "all but the one that deletes");
    assert!(first.findings.iter().any(|finding| finding.detail.contains("TTL")));
    assert_eq!(scratch::expire_previews(&case.depot).await.unwrap(), Vec::<String>::new());
    case.depot.clock.advance(Duration::from_secs(7 * 24 * 60 * 60));
    let mut gone = scratch::expire_previews(&case.depot).await.unwrap();
    gone.sort();
    assert_eq!(gone, [first.database.as_str(), second.database.as_str()]);
    let names = case.names().await;
    assert!(!names.contains(&first.database) && !names.contains(&second.database) && names.contains(&copy.database));
    assert_eq!(standing::find(&case.depot, &first.database).await.unwrap().unwrap().state, "dropped");
}

#[tokio::test]
async fn no_restore_reaches_a_database_that_is_in_use() {
    let case = Case::new().await;
    let (live, ops, there) = (case.test.name().to_owned(), case.depot.db.ops.clone(), case.test.sibling("there"));
    case.test.db.client.database(&there).collection("c").insert_one(doc! { "_id": 1 }).await.unwrap();
    let fixed = [
        "",
        " ",
        "a/b",
        "a.b",
        "a b",
        "$a",
        "ñandú",
        "admin",
        "Config",
        "LOCAL",
        "restore_check_x",
        "Restore_Check_x",
        "preview_mine",
        "PREVIEW_x",
        "shop",
        "SHOP",
    ];
    let mut targets: Vec<String> = fixed.map(str::to_owned).to_vec();
    targets.push("x".repeat(39));
    for used in [&live, &ops, &there] {
        targets.extend([used.clone(), used.to_uppercase()]);
    }
    for target in &targets {
        let (field, why) = problem(case.plan(&wanted(Mode::NewDb, target)).await);
        assert_eq!(field, interlocks::TARGET, "{target}: {why}");
    }
    let plans = case.depot.ops.stored::<RestorePlan>().count_documents(doc! {}).await.unwrap();
    assert_eq!(plans, 0);
    assert_eq!(stored(&case.test, &there, "c").await.len(), 1);
}

#[tokio::test]
async fn by_whatever_address_a_server_is_reached_it_is_the_same_one() {
    let case = Case::new().await;
    let there = case.test.sibling("there");
    case.test.db.client.database(&there).collection("c").insert_one(doc! { "_id": 1 }).await.unwrap();
    let own = interlocks::deployment(&case.depot).await.unwrap();
    let mut reached = 0;
    for alias in ["localhost", "127.0.0.1", "[::1]"] {
        let uri = case.test.settings.uri.replace("127.0.0.1", alias).replace("localhost", alias);
        let port =
            uri.split(alias).nth(1).and_then(|rest| rest.strip_prefix(':')?.split(['/', ',']).next()?.parse().ok());
        let port: u16 = port.expect("a port");
        if std::net::TcpStream::connect(format!("{alias}:{port}")).is_err() {
            continue;
        }
        let settings = canje::db::Settings { uri, ..case.test.settings.clone() };
        let depot = Depot { db: Db::connect(&settings).await.unwrap(), ..case.depot.clone() };
        let depot = Depot { ops: depot.db.operations(), ..depot };
        assert_eq!(interlocks::deployment(&depot).await.unwrap(), own, "{alias}");
        for target in [&there, &there.to_uppercase(), &case.test.name().to_owned()] {
            let refused = planning::plan(&depot, &case.contents, &wanted(Mode::NewDb, target), person()).await;
            assert_eq!(problem(refused).0, interlocks::TARGET, "{alias} {target}");
        }
        reached += 1;
    }
    assert!(reached >= 2, "the test server has several names");
}

#[tokio::test]
async fn a_confirmation_is_for_one_plan_one_person_one_time_and_a_quarter_of_an_hour() {
    let case = Case::new().await;
    let target = case.test.sibling("copy");
    let plan = case.plan(&wanted(Mode::NewDb, &target)).await.unwrap();
    let said = |name: &str, documents: &str| Typed { name: name.into(), documents: Some(documents.into()) };
    let count = plan.documents().to_string();
    let confirm = async |hash: &str, typed: &Typed| {
        planning::confirm(&case.depot, &plan, hash, typed, Who::default(), By::Caller).await
    };
    // Another plan's hash, another name, another number.
    let other = confirm(&"0".repeat(64), &said(&target, &count)).await;
    assert!(matches!(other, Err(Failure::Refused(AppError::Conflict))), "{other:?}");
    assert_eq!(problem(confirm(&plan.hash, &said(&target[1..], &count)).await).0, planning::NAME);
    assert_eq!(problem(confirm(&plan.hash, &said(&target.to_uppercase(), &count)).await).0, planning::NAME);
    assert_eq!(problem(confirm(&plan.hash, &said(&target, "1")).await).0, planning::DOCUMENTS);
    // Somebody else's eyes.
    let stranger = Person { user_id: Some("u2".into()), name: "Eva".into() };
    assert!(planning::find(&case.depot, &plan.id, &stranger).await.is_err());
    assert!(planning::find(&case.depot, &plan.id, &person()).await.is_ok());
    // Too late.
    let minutes = |minutes: u64| Duration::from_secs(minutes * 60);
    case.depot.clock.advance(minutes(15));
    assert_eq!(problem(confirm(&plan.hash, &said(&target, &count)).await).0, planning::NAME);
    assert!(!case.names().await.contains(&target));
    // In time, and then never again.
    let plan = case.plan(&wanted(Mode::NewDb, &target)).await.unwrap();
    case.depot.clock.advance(minutes(14));
    case.confirm(&plan).await.unwrap();
    problem(case.confirm(&plan).await);
    // A plan somebody altered is no plan.
    let plan = case.plan(&wanted(Mode::NewDb, &case.test.sibling("altered"))).await.unwrap();
    let altered = doc! { "$set": { "target": case.test.name() } };
    case.depot.ops.stored::<RestorePlan>().update_one(doc! { "_id": &plan.id }, altered).await.unwrap();
    assert!(planning::find(&case.depot, &plan.id, &person()).await.is_err());
}

#[tokio::test]
async fn a_database_that_appears_after_the_confirmation_is_left_alone() {
    let case = Case::new().await;
    let target = case.test.sibling("copy");
    let plan = case.plan(&wanted(Mode::NewDb, &target)).await.unwrap();
    case.confirm(&plan).await.unwrap();
    case.test.db.client.database(&target).collection("orders").insert_one(doc! { "_id": "theirs" }).await.unwrap();
    let record = running::execute(&case.depot, &target).await.unwrap();
    assert_eq!(record.state, "failed");
    assert!(record.error.unwrap().contains("ya existe"));
    assert_eq!(stored(&case.test, &target, "orders").await.len(), 1);
}

#[tokio::test]
async fn an_interrupted_restore_keeps_what_is_finished_and_begins_the_rest_anew() {
    let case = Case::new().await;
    let target = case.test.sibling("copy");
    let plan = case.plan(&wanted(Mode::NewDb, &target)).await.unwrap();
    case.confirm(&plan).await.unwrap();
    // As a process leaves it that is killed: `log` finished, `odd` and `orders` half way.
    let database = case.test.db.client.database(&target);
    database.create_collection("log").capped(true).size(1_048_576).await.unwrap();
    let log = database.collection::<RawDocumentBuf>("log");
    let documents = archived(&case.sample, "log");
    log.insert_many(documents.into_iter().map(|one| RawDocumentBuf::from_bytes(one).unwrap())).await.unwrap();
    database.collection("odd").insert_one(doc! { "_id": 1, "half": true }).await.unwrap();
    database.collection("orders").insert_one(doc! { "_id": 1 }).await.unwrap();
    let uuid = async || {
        let listed = database.run_command(doc! { "listCollections": 1, "filter": { "name": "log" } }).await.unwrap();
        listed.get_document("cursor").unwrap().get_array("firstBatch").unwrap()[0].as_document().unwrap().clone()
    };
    let before = uuid().await;
    let killed = doc! { "$set": { "begun_at": bson::DateTime::now(), "finished": ["log"] } };
    case.depot.ops.stored::<RestoreRecord>().update_one(doc! { "_id": &target }, killed).await.unwrap();
    let record = running::execute(&case.depot, &target).await.unwrap();
    assert_eq!((record.state.as_str(), record.error, record.resumed), ("done", None, 1));
    assert_eq!(uuid().await.get("info"), before.get("info"), "the finished collection is the same one");
    assert_eq!(stored(&case.test, &target, "orders").await.len(), 50);
}

#[tokio::test]
async fn what_is_gone_on_with_is_compared_again() {
    let case = Case::new().await;
    let target = case.test.sibling("copy");
    let plan = case.plan(&wanted(Mode::NewDb, &target)).await.unwrap();
    case.confirm(&plan).await.unwrap();
    // Somebody changed a collection that was finished before the interruption.
    case.test.db.client.database(&target).collection("strict").insert_one(doc! { "_id": 9 }).await.unwrap();
    let killed = doc! { "$set": { "begun_at": bson::DateTime::now(), "finished": ["strict"] } };
    case.depot.ops.stored::<RestoreRecord>().update_one(doc! { "_id": &target }, killed).await.unwrap();
    let record = running::execute(&case.depot, &target).await.unwrap();
    assert_eq!(record.state, "failed");
    let changed = format!("{target}.strict");
    assert!(record.findings.iter().any(|finding| finding.namespace.as_deref() == Some(changed.as_str())));
}

#[tokio::test]
async fn one_document_is_found_by_its_id() {
    let case = Case::new().await;
    let origin = running::open(&case.depot, case.sample.public.id.as_str(), Arc::new(canje::import::Silent)).await;
    let origin = origin.unwrap();
    let found = restore::extraction::document(&origin, "shop", "orders", "7").await.unwrap();
    assert_eq!(found.unwrap(), simple(7, "order 7"));
    assert_eq!(restore::extraction::document(&origin, "shop", "orders", "70").await.unwrap(), None);
    assert_eq!(restore::extraction::document(&origin, "shop", "nothing", "7").await.unwrap(), None);
}

#[test]
fn only_scratch_removes_anything() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/backup/restore");
    let mut looked = 0;
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap();
            let is_scratch = path.ends_with("scratch.rs");
            for forbidden in [".drop()", "dropDatabase", "dropTarget", "renameCollection", "service::remove"] {
                let allowed = is_scratch && [".drop()", "service::remove"].contains(&forbidden);
                assert!(allowed || !text.contains(forbidden), "{} in {}", forbidden, path.display());
            }
            looked += 1;
        }
    }
    assert!(looked > 15);
}
