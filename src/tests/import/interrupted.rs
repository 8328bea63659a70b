//! Imports that stop half way: known as such, removable by name, and by nothing else.

use canje::import::{Cause, Event, Progress, Stage};
use mongodb::Client;

use super::*;

fn two_duplicates(test: &TestDb) -> Dump {
    let documents = vec![simple(1, "a"), simple(2, "b"), simple(1, "again")];
    Dump::of(test).collection("first", "", &[], vec![simple(1, "a")]).collection("second", "", &[], documents)
}

#[tokio::test]
async fn a_failed_import_is_reported_and_discarded_by_the_printed_command() {
    let test = TestDb::new().await;
    let legacy = test.sibling("legacy");
    let failure = import(&test, two_duplicates(&test).source()).await.unwrap_err();
    let Cause::Different(differences) = &failure.cause else { panic!("{failure}") };
    assert!(differences[0].namespace.ends_with(".second"));
    assert_eq!(differences[0].id.as_deref(), Some(r#"{"$numberInt":"1"}"#));
    assert_eq!(failure.unfinished, std::slice::from_ref(&legacy));
    assert!(failure.to_string().contains(&format!("canje import --discard {legacy}")), "{failure}");
    let found = record(&test).await.unwrap();
    assert_eq!(found.get_str("state").unwrap(), "failed");
    assert!(found.get_str("failure").unwrap().contains("second"));

    // Another try refuses and says the same command.
    let good = || Dump::of(&test).collection("first", "", &[], vec![simple(1, "a")]).source();
    let again = import(&test, good()).await.unwrap_err();
    assert!(matches!(again.cause, Cause::Unfinished { .. }), "{again}");
    assert!(again.to_string().contains(&format!("canje import --discard {legacy}")));

    service::discard(&test.db, &legacy).await.unwrap();
    assert!(!databases(&test).await.contains(&legacy));
    assert_eq!(record(&test).await.unwrap().get_str("state").unwrap(), "discarded");
    import(&test, good()).await.unwrap();
    assert_eq!(record(&test).await.unwrap().get_str("state").unwrap(), "finished");

    // A finished import is never discarded.
    let refused = service::discard(&test.db, &legacy).await.unwrap_err();
    assert!(matches!(refused.cause, Cause::NotDiscardable { .. }));
    assert_eq!(stored(&test, "first").await, [simple(1, "a")]);
}

/// Meddles with the database once the documents are loaded.
struct Meddler {
    uri: String,
    database: String,
}

impl Progress for Meddler {
    fn report(&self, event: &Event<'_>) {
        if !matches!(event, Event::Done { stage: Stage::Load, namespace, .. } if namespace.ends_with(".c")) {
            return;
        }
        let (uri, database) = (self.uri.clone(), self.database.clone());
        let meddling = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let collection =
                    Client::with_uri_str(uri).await.unwrap().database(&database).collection::<Document>("c");
                collection.update_one(doc! { "_id": 2 }, doc! { "$set": { "s": "B" } }).await.unwrap();
                collection.delete_one(doc! { "_id": 3 }).await.unwrap();
                collection.insert_one(doc! { "_id": 9 }).await.unwrap();
            });
        });
        meddling.join().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_missing_or_added_document_is_named() {
    let test = TestDb::new().await;
    let documents = (1..5).map(|id| simple(id, "b")).collect();
    let dump = Dump::of(&test).collection("c", "", &[], documents);
    let meddler = Meddler { uri: test.settings.uri.clone(), database: test.sibling("legacy") };
    let failure = service::run(&test.db, dump.source(), &Options::default(), Arc::new(meddler)).await.unwrap_err();
    let Cause::Different(differences) = &failure.cause else { panic!("{failure}") };
    let named: Vec<Option<&str>> = differences.iter().map(|difference| difference.id.as_deref()).collect();
    let id = |text| Some(text);
    assert_eq!(
        named,
        [None, id(r#"{"$numberInt":"2"}"#), id(r#"{"$numberInt":"3"}"#), id(r#"{"$numberInt":"9"}"#)],
        "{failure}"
    );
    assert_eq!(record(&test).await.unwrap().get_str("state").unwrap(), "failed");
}

/// Discards the database while the import is loading it.
struct Discarder {
    settings: canje::db::Settings,
    database: String,
}

impl Progress for Discarder {
    fn report(&self, event: &Event<'_>) {
        if !matches!(event, Event::Done { stage: Stage::Load, .. }) {
            return;
        }
        let (settings, database) = (self.settings.clone(), self.database.clone());
        let discarding = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let db = canje::db::Db::connect(&settings).await.unwrap();
                service::discard(&db, &database).await.unwrap();
            });
        });
        discarding.join().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_was_discarded_meanwhile_finds_out() {
    let test = TestDb::new().await;
    let dump = Dump::of(&test).collection("c", "", &[], vec![simple(1, "a")]);
    let discarder = Discarder { settings: test.settings.clone(), database: test.sibling("legacy") };
    let failure = service::run(&test.db, dump.source(), &Options::default(), Arc::new(discarder)).await.unwrap_err();
    assert!(matches!(failure.cause, Cause::Superseded { .. }), "{failure}");
    assert_eq!(record(&test).await.unwrap().get_str("state").unwrap(), "discarded");
}

/// Cuts the file once the first pass has seen it whole.
struct Cutter {
    path: PathBuf,
    length: u64,
}

impl Progress for Cutter {
    fn report(&self, event: &Event<'_>) {
        if matches!(event, Event::Done { stage: Stage::Survey, namespace, .. } if namespace.ends_with(".z")) {
            std::fs::OpenOptions::new().write(true).open(&self.path).unwrap().set_len(self.length).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dump_damaged_while_it_is_imported_leaves_a_database_that_can_be_discarded() {
    let test = TestDb::new().await;
    let legacy = test.sibling("legacy");
    let dump = Dump::of(&test)
        .collection("a", "", &[], vec![simple(1, "a")])
        .collection("b", "", &[], vec![simple(1, "b"), simple(2, "b")])
        .collection("z", "", &[], vec![]);
    let whole = dump.bytes();
    let cut = whole.windows(simple(2, "b").len()).position(|window| window == simple(2, "b")).unwrap() as u64;
    let (_folder, path) = file(&whole);
    let cutter = Cutter { path: path.clone(), length: cut };
    let options = Options::default();
    let failure = service::run(&test.db, Source::Path(path.clone()), &options, Arc::new(cutter)).await.unwrap_err();
    let Cause::Dump(error) = &failure.cause else { panic!("{failure}") };
    assert_eq!(error.place.offset, Some(cut));
    assert_eq!(failure.unfinished, std::slice::from_ref(&legacy));
    assert!(failure.to_string().contains(&format!("canje import --discard {legacy}")), "{failure}");
    assert!(databases(&test).await.contains(&legacy));
    service::discard(&test.db, &legacy).await.unwrap();
    std::fs::write(&path, &whole).unwrap();
    import(&test, Source::Path(path)).await.unwrap();
    assert_eq!(stored(&test, "b").await.len(), 2);
}
