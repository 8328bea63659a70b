//! The trial restore finds what is there to be found, and notices when it couldn't.

use canje::backup::keys::Opener;
use canje::backup::model::Outcome;
use canje::backup::record::RestoreRecord;
use canje::backup::restore::judge::{Judge, Strict};
use canje::backup::verify::{self, Report};
use canje::db::Db;
use canje::dump::Source;
use canje::dump::compare::Expiry;
use canje::import::definitions::Views;
use canje::import::verify::{Expected, Verified};
use canje::import::{Cause, Difference, Progress};
use futures::future::BoxFuture;
use mongodb::Database;

use super::*;

const INDEX: &str = r#"{"v":{"$numberInt":"2"},"key":{"s":{"$numberInt":"1"}},"name":"s_1","unique":true}"#;
const TTL: &str =
    r#"{"v":{"$numberInt":"2"},"key":{"t":{"$numberInt":"1"}},"name":"t_1","expireAfterSeconds":{"$numberInt":"0"}}"#;

fn shop() -> Sample {
    let orders = (0..50).map(|id| simple(id, &format!("order {id}"))).collect();
    let log = (0..100).rev().map(|id| simple(id, "capped")).collect();
    let expired = |id| {
        let long_ago = 1_000i64.to_le_bytes();
        Builder::new().int32("_id", id).raw(canje::dump::raw::kind::DATE, b"t", &long_ago).clone().finish()
    };
    let file = Builder::new().int32("_id", 1).int64("length", 10).int32("chunkSize", 4).clone().finish();
    let chunk = |n: i32, bytes: &[u8]| {
        let data = [&(bytes.len() as u32).to_le_bytes()[..], &[0], bytes].concat();
        let mut chunk = Builder::new();
        chunk.int32("_id", n).int32("files_id", 1).int32("n", n).raw(canje::dump::raw::kind::BINARY, b"data", &data);
        chunk.finish()
    };
    let broken = chunk(2, b"ef");
    let pipeline = r#"{"viewOn":"orders","pipeline":[{"$match":{"_id":{"$lt":{"$numberInt":"7"}}}}]}"#;
    let capped = r#"{"capped":true,"size":{"$numberInt":"1048576"}}"#;
    let strict = r#"{"validator":{"never":{"$exists":true}},"validationLevel":"strict","validationAction":"error"}"#;
    Sample::new(
        &[
            namespace("empty", "collection", "", &[], vec![]),
            namespace("expired", "collection", "", &[TTL], (0..20).map(expired).collect()),
            namespace("few", "view", pipeline, &[], vec![]),
            namespace("images.chunks", "collection", "", &[], vec![chunk(0, b"abcd"), chunk(1, b"efgh"), broken]),
            namespace("images.files", "collection", "", &[], vec![file]),
            namespace("log", "collection", capped, &[], log),
            namespace("odd", "collection", "", &[], crate::import::fidelity::corpus()),
            namespace("orders", "collection", "", &[INDEX], orders),
            namespace("strict", "collection", strict, &[], vec![simple(1, "breaks its validator")]),
            Collection::of("warehouse", "goods", &[doc! { "_id": 1 }]),
        ],
        100_000,
    )
}

async fn tried(test: &TestDb, sample: &Sample, judge: &dyn Judge) -> Trial {
    let depot = depot(test, sample).await;
    let (progress, _watching) = watch::channel(Default::default());
    restore::judged(&depot, &opened(sample).await, &sample.keys.opener, &progress, judge).await.unwrap()
}

fn outcome(trial: &Trial, check: Check) -> Outcome {
    trial.checks.iter().find(|result| result.check == check).unwrap().outcome
}

fn bad(trial: &Trial) -> Vec<(Check, String, String)> {
    let bad = trial.findings.iter().filter(|finding| finding.severity != Severity::Info);
    bad.map(|finding| (finding.check, finding.namespace.clone().unwrap_or_default(), finding.detail.clone())).collect()
}

#[tokio::test]
async fn everything_comes_back_and_nothing_is_left_behind() {
    let (test, sample) = (TestDb::new().await, shop());
    let trial = tried(&test, &sample, &Strict).await;
    assert_eq!(bad(&trial), []);
    for namespace in &trial.namespaces {
        let restored = namespace.restored.as_ref().unwrap();
        assert_eq!((restored.documents, &restored.h_set), (namespace.documents, &namespace.h_set), "{namespace:?}");
        assert!(restored.equal);
    }
    for check in [
        Check::Inserted,
        Check::RestoredDocuments,
        Check::RestoredOrder,
        Check::RestoredDefinitions,
        Check::RestoredViews,
        Check::Gridfs,
        Check::Control,
    ] {
        assert_eq!(outcome(&trial, check), Outcome::Passed, "{check:?}");
    }
    assert_eq!(trial.findings, [], "what is left out on purpose is no finding");
    let definitions = trial.checks.iter().find(|result| result.check == Check::RestoredDefinitions).unwrap();
    assert!(definitions.evidence.concat().contains("TTL") && definitions.evidence.concat().contains("shop.expired"));
    assert_eq!(scratches(&test, &sample).await, Vec::<String>::new());
    let depot = depot(&test, &sample).await;
    let records: Vec<RestoreRecord> = depot.ops.stored().find(doc! {}).await.unwrap().try_collect().await.unwrap();
    assert_eq!(records.len(), 2);
    assert!(records.iter().all(|record| record.state == "dropped" && record.mode == "test-restore"));
    // The same backup can be tried as often as somebody likes.
    assert_eq!(bad(&tried(&test, &sample, &Strict).await), []);
}

/// Somebody changes the scratch database between loading and comparing.
struct Meddler(fn(Database) -> BoxFuture<'static, ()>);

impl Judge for Meddler {
    fn documents<'a>(
        &'a self,
        db: &'a Db,
        source: &'a Source,
        expected: Expected<'a>,
        progress: &'a dyn Progress,
    ) -> BoxFuture<'a, Result<Verified, Cause>> {
        Box::pin(async move {
            if expected.definition.collection == "orders" {
                (self.0)(db.client.database(expected.database)).await;
            }
            Strict.documents(db, source, expected, progress).await
        })
    }
}

async fn orders_after(meddle: fn(Database) -> BoxFuture<'static, ()>) -> Vec<String> {
    let (test, sample) = (TestDb::new().await, shop());
    let trial = tried(&test, &sample, &Meddler(meddle)).await;
    assert_eq!(outcome(&trial, Check::RestoredDocuments), Outcome::Failed);
    let orders = trial.namespaces.iter().find(|namespace| namespace.name == "orders").unwrap();
    assert!(!orders.restored.as_ref().unwrap().equal);
    let others = trial.namespaces.iter().filter(|namespace| namespace.name != "orders" && namespace.kind != "view");
    assert!(others.into_iter().all(|other| other.restored.as_ref().unwrap().equal));
    bad(&trial).into_iter().filter(|(_, namespace, _)| namespace == "shop.orders").map(|(.., what)| what).collect()
}

#[tokio::test]
async fn a_changed_document_is_named() {
    let said = orders_after(|database| {
        Box::pin(async move {
            let orders = database.collection::<Document>("orders");
            orders.update_one(doc! { "_id": 7 }, doc! { "$set": { "s": "order 7!" } }).await.unwrap();
        })
    })
    .await;
    assert!(said.iter().any(|what| what.contains(r#"distinto (_id {"$numberInt":"7"})"#)), "{said:?}");
}

#[tokio::test]
async fn a_lost_document_is_named() {
    let said = orders_after(|database| {
        Box::pin(async move {
            database.collection::<Document>("orders").delete_one(doc! { "_id": 8 }).await.unwrap();
        })
    })
    .await;
    assert!(said.iter().any(|what| what.contains(r#"falta el documento (_id {"$numberInt":"8"})"#)), "{said:?}");
}

#[tokio::test]
async fn a_duplicated_document_is_named() {
    let said = orders_after(|database| {
        Box::pin(async move {
            let again = doc! { "_id": 99, "s": "order 9, again" };
            database.collection::<Document>("orders").insert_one(again).await.unwrap();
        })
    })
    .await;
    assert!(said.iter().any(|what| what.contains(r#"sobra un documento (_id {"$numberInt":"99"})"#)), "{said:?}");
}

#[tokio::test]
async fn an_index_that_cannot_be_built_is_named() {
    let said = orders_after(|database| {
        Box::pin(async move {
            // The unique index over it can't be built any more.
            let again = doc! { "_id": 99, "s": "order 9" };
            database.collection::<Document>("orders").insert_one(again).await.unwrap();
        })
    })
    .await;
    assert!(said.iter().any(|what| what.contains("s_1")), "{said:?}");
}

/// Sees nothing of one kind.
enum Blind {
    Documents,
    Indexes,
    Parts,
}

impl Judge for Blind {
    fn documents<'a>(
        &'a self,
        db: &'a Db,
        source: &'a Source,
        expected: Expected<'a>,
        progress: &'a dyn Progress,
    ) -> BoxFuture<'a, Result<Verified, Cause>> {
        Box::pin(async move {
            let found = Strict.documents(db, source, expected, progress).await?;
            let differences = if matches!(self, Self::Documents) { Vec::new() } else { found.differences };
            Ok(Verified { differences, ..found })
        })
    }

    fn definitions<'a>(
        &'a self,
        database: &'a Database,
        wanted: &'a [&'a Definition],
        expiry: Expiry,
        views: Views,
    ) -> BoxFuture<'a, Result<Vec<Difference>, Cause>> {
        match self {
            Self::Indexes => Box::pin(async { Ok(Vec::new()) }),
            _ => Strict.definitions(database, wanted, expiry, views),
        }
    }

    fn stored<'a>(
        &'a self,
        store: &'a dyn Store,
        prefix: &'a str,
        opener: &'a Opener,
        expected: &'a verify::Expected,
    ) -> BoxFuture<'a, Report> {
        match self {
            Self::Parts => Box::pin(async { Report::default() }),
            _ => Strict.stored(store, prefix, opener, expected),
        }
    }
}

#[tokio::test]
async fn a_verifier_that_cannot_fail_is_found_out() {
    let (test, sample) = (TestDb::new().await, shop());
    for (blind, missed) in [
        (Blind::Documents, "documento borrado"),
        (Blind::Indexes, "índice s_1 borrado"),
        (Blind::Parts, "un bit cambiado"),
    ] {
        let trial = tried(&test, &sample, &blind).await;
        assert_eq!(outcome(&trial, Check::Control), Outcome::Failed, "{missed}");
        let said = bad(&trial);
        assert_eq!(said.len(), 1, "{said:?}");
        assert!(said[0].0 == Check::Control && said[0].2.contains("no sabe fallar") && said[0].2.contains(missed));
    }
    assert_eq!(scratches(&test, &sample).await, Vec::<String>::new());
}
