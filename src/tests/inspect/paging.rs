//! Pages put together are the server's own full list, whatever the keys are made of.

use std::time::Duration;

use bson::spec::BinarySubtype;
use bson::{Binary, Bson, DateTime, Decimal128, Document, RawDocumentBuf, Timestamp, doc, oid::ObjectId};
use canje::db::ReadOnlyDb;
use canje::inspect::ladder::Ladder;
use canje::inspect::paging::{self, From, Order, Page, Source};
use canje::inspect::sort::Sort;
use canje::inspect::survey::{self, Progress, Target};
use futures::TryStreamExt;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tokio::sync::watch;

use crate::support::TestDb;

const SIZE: usize = 6;

fn decimal(text: &str) -> Bson {
    Bson::Decimal128(text.parse::<Decimal128>().unwrap())
}

/// Values of every type a key may have; small ones collide often, in value if not in type. Binaries have one length: the
/// local engine compares others bytewise in a range and by length in a sort.
fn value() -> impl Strategy<Value = Bson> {
    prop_oneof![
        4 => (-3i32..6).prop_map(Bson::from),
        2 => (-3i64..6).prop_map(Bson::from),
        2 => (-6i32..12).prop_map(|n| Bson::from(f64::from(n) / 2.0)),
        2 => (-3i32..6).prop_map(|n| decimal(&format!("{n}.50"))),
        1 => prop::sample::select(vec![f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0, 1e300]).prop_map(Bson::from),
        1 => prop::sample::select(vec![i64::MAX, i64::MIN, 1 << 53, (1 << 53) + 1]).prop_map(Bson::from),
        3 => "[ab]{0,2}".prop_map(Bson::from),
        1 => Just(Bson::from("a\0b")),
        1 => ("[ab]", -2i32..3).prop_map(|(name, n)| Bson::from(doc! { name: n })),
        1 => Just(Bson::from(doc! {})),
        1 => proptest::collection::vec(0u8..3, 2)
            .prop_map(|bytes| Bson::Binary(Binary { subtype: BinarySubtype::Generic, bytes })),
        2 => (0u8..20).prop_map(|n| Bson::from(ObjectId::from_bytes([n; 12]))),
        1 => any::<bool>().prop_map(Bson::from),
        1 => (-5i64..5).prop_map(|at| Bson::from(DateTime::from_millis(at))),
        1 => (0u32..3, 1u32..3).prop_map(|(time, increment)| Bson::Timestamp(Timestamp { time, increment })),
        1 => prop::sample::select(vec![Bson::MinKey, Bson::MaxKey, Bson::Null]),
    ]
}

/// A field that may be missing.
fn field() -> impl Strategy<Value = Option<Bson>> {
    prop_oneof![1 => Just(None), 6 => value().prop_map(Some)]
}

#[derive(Clone, Debug)]
struct Case {
    documents: Vec<(Bson, Option<Bson>, Option<Bson>)>,
    /// Taken away after the ladder was made, and put in after it was made.
    removed: Vec<prop::sample::Index>,
    added: Vec<(Bson, Option<Bson>, Option<Bson>)>,
    step: u64,
}

fn case() -> impl Strategy<Value = Case> {
    let document = || (value(), field(), field());
    (
        proptest::collection::vec(document(), 0..45),
        proptest::collection::vec(any::<prop::sample::Index>(), 0..12),
        proptest::collection::vec(document(), 0..12),
        2u64..9,
    )
        .prop_map(|(documents, removed, added, step)| Case { documents, removed, added, step })
}

fn to_document((id, a, b): (Bson, Option<Bson>, Option<Bson>)) -> Document {
    let mut document = doc! { "_id": id };
    for (name, value) in [("a", a), ("b", b)] {
        if let Some(value) = value {
            document.insert(name, value);
        }
    }
    document
}

struct Bench {
    test: TestDb,
    read_only: ReadOnlyDb,
}

impl Bench {
    async fn fill(&self, name: &str, documents: Vec<Document>) {
        let collection = self.test.db.live.collection::<Document>(name);
        for document in documents {
            // Values that are equal to the server can't be two `_id`s.
            let _ = collection.insert_one(document).await;
        }
    }

    /// The ids in the server's own order, read in one go, with how often the whole list was asked for.
    async fn all(&self, name: &str, sort: &Sort, backwards: bool, filter: Document) -> Vec<Vec<u8>> {
        let collection = self.test.db.live.collection::<RawDocumentBuf>(name);
        let found = collection.find(filter).sort(sort.command(backwards)).await.unwrap();
        found.map_ok(|document| document.as_bytes().to_vec()).try_collect().await.unwrap()
    }

    fn source<'a>(&'a self, name: &'a str, filter: Option<&'a Document>) -> Source<'a> {
        Source {
            db: &self.read_only,
            database: self.test.name(),
            collection: name,
            filter,
            collated: false,
            max_time: Duration::from_secs(20),
        }
    }

    async fn ladder(&self, name: &str, sort: &Sort, step: u64) -> Option<Ladder> {
        let target = Target { database: self.test.name().into(), collection: name.into(), ordered: true };
        survey::take(&self.read_only, &target, sort, step, &watch::Sender::new(Progress::default()))
            .await
            .unwrap()
            .ladder
    }

    async fn page(&self, source: Source<'_>, order: Order<'_>, from: From) -> Page<Vec<u8>> {
        paging::read(source, order, from, SIZE, <[u8]>::to_vec).await.unwrap()
    }

    /// All pages from the first one forwards, checked against all pages from the last one backwards.
    async fn leaf_through(&self, source: Source<'_>, order: Order<'_>) -> Vec<Vec<u8>> {
        let mut forwards = Vec::new();
        let mut page = self.page(source, order, From::First).await;
        assert!(!page.has_previous);
        loop {
            let next = page.rows.last().map(|row| row.place.clone());
            forwards.extend(page.rows.into_iter().map(|row| row.kept));
            match next.filter(|_| page.has_next) {
                Some(place) => page = self.page(source, order, From::After(place, 1)).await,
                None => break,
            }
        }
        let mut backwards = Vec::new();
        let mut page = self.page(source, order, From::Last).await;
        assert!(!page.has_next);
        loop {
            let first = page.rows.first().map(|row| row.place.clone());
            let mut rows: Vec<_> = page.rows.into_iter().map(|row| row.kept).collect();
            // The first page is always whole, so it may overlap with the one after it.
            rows.retain(|row| !backwards.contains(row));
            rows.append(&mut backwards);
            backwards = rows;
            match first.filter(|_| page.has_previous) {
                Some(place) => page = self.page(source, order, From::Before(place)).await,
                None => break,
            }
        }
        assert_eq!(forwards, backwards);
        forwards
    }
}

#[test]
fn pages_of_mixed_collections_are_the_servers_full_list() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let bench = runtime.block_on(async {
        let test = TestDb::new().await;
        let read_only = test.read_only().await;
        Bench { test, read_only }
    });
    let mut runner =
        TestRunner::new(Config { cases: 16, max_shrink_iters: 12, failure_persistence: None, ..Config::default() });
    let cases = std::cell::Cell::new(0);
    runner
        .run(&case(), |case| {
            cases.set(cases.get() + 1);
            runtime.block_on(check(&bench, &format!("mixed_{}", cases.get()), case));
            Ok(())
        })
        .unwrap();
}

async fn check(bench: &Bench, name: &str, case: Case) {
    let collection = bench.test.db.live.collection::<Document>(name);
    bench.test.db.live.create_collection(name).await.unwrap();
    for keys in [doc! { "a": 1 }, doc! { "a": 1, "b": -1 }] {
        collection.create_index(mongodb::IndexModel::builder().keys(keys).build()).await.unwrap();
    }
    let documents: Vec<_> = case.documents.into_iter().map(to_document).collect();
    bench.fill(name, documents.clone()).await;
    let filter = doc! { "a": { "$gte": 1 } };
    for sort in ["_id", "a", "a,-b"] {
        let (sort, _) = Sort::parse(sort).unwrap();
        let ladder = bench.ladder(name, &sort, case.step).await.expect("the server's order is ours");
        for ladder in [Some(&ladder), None] {
            for backwards in [false, true] {
                let order = Order { sort: &sort, backwards, ladder };
                let all = bench.all(name, &sort, backwards, doc! {}).await;
                assert_eq!(bench.leaf_through(bench.source(name, None), order).await, all);
                if ladder.is_some() {
                    let numbers = [0, 1, all.len() / 2, all.len().saturating_sub(1)];
                    // Beyond the end, a jump shows the last document.
                    for number in numbers.into_iter().filter(|number| *number < all.len()) {
                        let page = bench.page(bench.source(name, None), order, From::At(number as u64)).await;
                        let found: Vec<_> = page.rows.iter().map(|row| row.kept.clone()).collect();
                        assert_eq!(
                            found,
                            all.get(number..).unwrap_or_default().iter().take(SIZE).cloned().collect::<Vec<_>>()
                        );
                        assert_eq!(page.position, Some(number as u64), "{page:?}");
                    }
                }
            }
            let order = Order { sort: &sort, backwards: false, ladder };
            let matching = bench.all(name, &sort, false, filter.clone()).await;
            assert_eq!(bench.leaf_through(bench.source(name, Some(&filter)), order).await, matching);
        }
        // The ladder is a map of what was; pages tell what is.
        for index in &case.removed {
            if !documents.is_empty() {
                let gone = index.get(&documents).get("_id").cloned().unwrap();
                collection.delete_one(doc! { "_id": { "$eq": gone } }).await.unwrap();
            }
        }
        bench.fill(name, case.added.iter().cloned().map(to_document).collect()).await;
        let order = Order { sort: &sort, backwards: true, ladder: Some(&ladder) };
        let all = bench.all(name, &sort, true, doc! {}).await;
        assert_eq!(bench.leaf_through(bench.source(name, None), order).await, all);
    }
    collection.drop().await.unwrap();
}
