//! Stores that fail, lose, truncate, serve what is stale, and hang: never a green run.

use std::sync::{Arc, Mutex};

use bson::doc;
use bytes::Bytes;
use canje::backup::Depot;
use canje::backup::model::{Check, Outcome, Person, State, StoreKind};
use canje::backup::record::BackupRun;
use canje::backup::run;
use canje::backup::stores::{Folder, Limits, Object, Put, Store, StoreError};
use futures::future::BoxFuture;

use super::{House, Yard, is_proven};
use crate::support::eventually;

/// What goes wrong.
#[derive(Clone, Debug)]
pub enum Fault {
    /// Puts of names ending so are refused.
    Refuse(&'static str),
    /// They never end.
    Hang(&'static str),
    /// The so manieth put of all never ends.
    HangAt(usize),
    /// They are acknowledged and not done.
    Lose(&'static str),
    /// One bit of them is stored wrong.
    Flip(&'static str),
    /// Reading gives all but the last byte.
    Truncate(&'static str),
    /// Reading gives what lies elsewhere: an older backup's file of the same name.
    Stale(&'static str, Bytes),
    /// Nothing is left.
    Full,
}

/// A folder behind a bad line.
#[derive(Debug)]
pub struct Faulty {
    inner: Folder,
    fault: Fault,
    puts: Mutex<usize>,
}

impl Faulty {
    pub fn at(house: &Yard, name: &str, fault: Fault) -> Arc<dyn Store> {
        Arc::new(Self { inner: Folder::at(name, &house.files.path().join(name)), fault, puts: Mutex::new(0) })
    }
}

impl Store for Faulty {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn kind(&self) -> StoreKind {
        self.inner.kind()
    }

    fn place(&self) -> String {
        self.inner.place()
    }

    fn limits(&self) -> BoxFuture<'_, Result<Limits, StoreError>> {
        match self.fault {
            Fault::Full => Box::pin(async { Ok(Limits { object_bytes: u64::MAX, free_bytes: Some(0) }) }),
            _ => self.inner.limits(),
        }
    }

    fn put<'a>(&'a self, key: &'a str, bytes: Bytes) -> BoxFuture<'a, Result<Put, StoreError>> {
        let number = {
            let mut puts = self.puts.lock().unwrap();
            *puts += 1;
            *puts - 1
        };
        match &self.fault {
            Fault::Refuse(name) if key.ends_with(name) => {
                Box::pin(async { Err(StoreError::Refused("la clave no tiene permiso".into())) })
            }
            Fault::Hang(name) if key.ends_with(name) => Box::pin(std::future::pending()),
            Fault::HangAt(place) if number >= *place => Box::pin(std::future::pending()),
            Fault::Lose(name) if key.ends_with(name) => Box::pin(async { Ok(Put::Created) }),
            Fault::Flip(name) if key.ends_with(name) => {
                let mut wrong = bytes.to_vec();
                let middle = wrong.len() / 2;
                wrong[middle] ^= 1;
                self.inner.put(key, wrong.into())
            }
            _ => self.inner.put(key, bytes),
        }
    }

    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Bytes, StoreError>> {
        match &self.fault {
            Fault::Truncate(name) if key.ends_with(name) => Box::pin(async move {
                let whole = self.inner.get(key).await?;
                Ok(whole.slice(..whole.len() - 1))
            }),
            Fault::Stale(name, stale) if key.ends_with(name) => Box::pin(async { Ok(stale.clone()) }),
            _ => self.inner.get(key),
        }
    }

    fn list<'a>(&'a self, prefix: &'a str) -> BoxFuture<'a, Result<Vec<Object>, StoreError>> {
        self.inner.list(prefix)
    }

    fn delete<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), StoreError>> {
        self.inner.delete(key)
    }
}

/// The house with another second store.
pub fn with_second(house: &Yard, fault: Fault) -> Depot {
    let mut depot = house.depot.clone();
    depot.stores[1] = Faulty::at(house, "second", fault);
    depot
}

#[tokio::test]
async fn a_store_that_fails_fails_the_run() {
    let house = House::new().await;
    let good = house.take().await;
    let old = |name: &str| Bytes::from(std::fs::read(house.stored_at("second", &good).join(name)).unwrap());
    let faults = [
        Fault::Refuse("parts/00000000"),
        Fault::Refuse("manifest.sig"),
        Fault::Lose("manifest.json"),
        Fault::Lose("parts/00000000"),
        Fault::Flip("parts/00000000"),
        Fault::Flip("manifest.private"),
        Fault::Truncate("parts/00000000"),
        Fault::Truncate("manifest.private"),
        Fault::Stale("manifest.json", old("manifest.json")),
        Fault::Stale("parts/00000000", old("parts/00000000")),
        Fault::Full,
    ];
    for fault in faults {
        let depot = with_second(&house, fault.clone());
        let run = house.take_with(&depot).await;
        assert_eq!(run.status, State::Failed, "{fault:?}");
        assert!(run.error.as_deref().is_some_and(|error| error.contains("second")), "{fault:?}: {:?}", run.error);
        assert!(run.steps.iter().all(|step| step.state != State::Complete));
        let second = run.destinations.iter().find(|there| there.store == "second");
        assert!(second.is_none_or(|there| !there.ok), "{fault:?}");
        assert_eq!(run.restore_checked_at, None, "{fault:?}");
        house.is_honest(&run).await;
        assert_eq!(house.incidents("backup:failed").await.len(), 1, "one incident, however often");
    }
    let after = house.take().await;
    is_proven(&after);
    let failed = house.incidents("backup:failed").await;
    assert!(failed.iter().all(|(_, is_open)| !is_open), "the next good one ends it: {failed:?}");
}

#[tokio::test]
async fn a_store_that_hangs_is_left_when_a_person_wants_it() {
    let house = House::new().await;
    let depot = with_second(&house, Fault::Hang("manifest.json"));
    let asked = run::request(&depot, house.wanted()).await.unwrap();
    let canceller = async {
        eventually("the run hangs at the second store", async || {
            let journal = house.journal(&asked.id).await;
            (journal.iter().filter(|step| *step == "parts-stored").count() == 2).then_some(())
        })
        .await;
        let person = Person { user_id: None, name: "Beto".into() };
        assert!(run::cancel(&depot, &asked.id, &person).await.unwrap());
    };
    let (ended, ()) = futures::join!(run::execute(&depot, &asked.id, "Ana"), canceller);
    let ended = ended.unwrap();
    assert_eq!(ended.status, State::Cancelled);
    assert!(ended.error.as_deref().is_some_and(|error| error.contains("Beto")));
    house.is_honest(&ended).await;
    assert!(house.incidents("backup:failed").await.is_empty(), "that was wanted");
    is_proven(&house.take().await);
}

#[tokio::test]
async fn a_failed_check_stands_on_the_record_with_its_findings() {
    let house = House::new().await;
    let depot = with_second(&house, Fault::Flip("parts/00000000"));
    let run = house.take_with(&depot).await;
    let read = |store: &str| super::check(&run, Check::ReadBack, Some(store)).outcome;
    assert_eq!((read("offsite"), read("second")), (Outcome::Passed, Outcome::Failed));
    assert!(run.findings.iter().any(|finding| finding.detail.contains("second")), "{:?}", run.findings);
    assert!(run.destinations[0].ok && !run.destinations[1].ok);
}

#[tokio::test]
async fn errors_returned_connection_string_fragments() {
    let house = House::new().await;
    let mut depot = house.depot.clone();
    depot.config.keys = house.files.path().join("no-keys");
    let run = house.take_with(&depot).await;
    assert_eq!(run.status, State::Failed);
    let error = run.error.unwrap();
    assert!(error.contains("canje keys generate"), "{error}");
    assert!(!error.contains("mongodb://"), "{error}");
    let found = depot.ops.stored::<BackupRun>().count_documents(doc! { "is_active": true }).await.unwrap();
    assert_eq!(found, 0);
}
