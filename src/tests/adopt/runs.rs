//! The life of runs: dying, being refused, being overtaken, finishing.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;

use bson::{RawDocument, doc};
use canje::adopt::state::{self, MirrorState};
use canje::adopt::{
    Adopt, AdoptError, Adopted, Adoption, Entry, Frozen, LookUp, Progress, Rule, RunRecord, RunState, Users,
};
use canje::db::{Declared, with_transaction};
use canje::error::AppError;
use canje::failure::Failure;
use futures::TryStreamExt;

use super::{Legacy, figures, row, rows};

/// The rule for accounts, dying at one row.
struct Fatal {
    at: i32,
}

struct FatalAdopt {
    at: i32,
    inner: Box<dyn Adopt>,
}

impl Rule for Fatal {
    fn name(&self) -> &'static str {
        Users.name()
    }
    fn source(&self) -> &'static str {
        Users.source()
    }
    fn target(&self) -> Declared {
        Users.target()
    }
    fn version(&self) -> i32 {
        Users.version()
    }
    fn look_ups(&self) -> &'static [LookUp] {
        Users.look_ups()
    }
    fn unique_keys(&self) -> &'static [&'static [&'static str]] {
        Users.unique_keys()
    }
    fn prepare(&self, frozen: &Frozen) -> Box<dyn Adopt> {
        Box::new(FatalAdopt { at: self.at, inner: Users.prepare(frozen) })
    }
}

impl Adopt for FatalAdopt {
    fn adopt(&self, row: &RawDocument) -> Adopted {
        assert_ne!(row.get_i32("_id").unwrap(), self.at, "the process dies here");
        self.inner.adopt(row)
    }
}

#[tokio::test]
async fn a_run_that_dies_is_completed_by_the_next() {
    let legacy = Legacy::with(rows(450)).await;
    let dying = Adoption { rules: &[&Fatal { at: 350 }], ..legacy.adoption() };
    let died = std::panic::AssertUnwindSafe(dying.run());
    assert!(futures::FutureExt::catch_unwind(died).await.is_err());
    assert_eq!(legacy.live().count_documents(doc! {}).await.unwrap(), 200, "one whole batch");
    assert_eq!(legacy.db().stored::<Entry>().count_documents(doc! {}).await.unwrap(), 200);
    assert!(matches!(legacy.adoption().run().await, Err(AdoptError::Lease(_))), "nobody knows yet that it died");

    legacy.let_the_lease_run_out().await;
    assert_eq!(figures(&legacy.adopt().await), [450, 250, 200, 0, 0, 0, 0]);
    let runs = legacy.db().stored::<RunRecord>().find(doc! {}).sort(doc! { "started_at": 1 }).await.unwrap();
    let states: Vec<_> = runs.map_ok(|run| run.state).try_collect().await.unwrap();
    assert_eq!(states, [RunState::Interrupted, RunState::Done]);
}

/// Drives a run until it has reported rows, and no further.
async fn until_first_batch<T>(run: &mut Pin<Box<impl Future<Output = T>>>, rows: &AtomicU64) {
    std::future::poll_fn(|context| {
        if rows.load(Ordering::SeqCst) > 0 {
            return Poll::Ready(());
        }
        assert!(run.as_mut().poll(context).is_pending(), "the run ended before its first batch was reported");
        match rows.load(Ordering::SeqCst) {
            0 => Poll::Pending,
            _ => Poll::Ready(()),
        }
    })
    .await;
}

#[tokio::test]
async fn of_two_runs_the_second_is_refused() {
    let legacy = Legacy::with(rows(450)).await;
    let seen = AtomicU64::new(0);
    let progress = |progress: Progress<'_>| {
        if let Progress::Rows { read, .. } = progress {
            seen.store(read, Ordering::SeqCst);
        }
    };
    let mut first = Box::pin(async { Adoption { progress: &progress, ..legacy.adoption() }.run().await });
    until_first_batch(&mut first, &seen).await;
    let refused = legacy.adoption().run().await.unwrap_err();
    assert_eq!(refused.code(), "busy");
    assert!(refused.to_string().contains(&std::process::id().to_string()), "{refused}");
    assert_eq!(figures(&first.await.unwrap().rules[0]), [450, 450, 0, 0, 0, 0, 0]);
    assert_eq!(figures(&legacy.adopt().await), [450, 0, 450, 0, 0, 0, 0], "the lease was given back");
}

#[tokio::test]
async fn a_run_that_was_overtaken_writes_no_more() {
    let legacy = Legacy::with(rows(450)).await;
    let seen = AtomicU64::new(0);
    let progress = |progress: Progress<'_>| {
        if let Progress::Rows { read, .. } = progress {
            seen.store(read, Ordering::SeqCst);
        }
    };
    let mut slow = Box::pin(async { Adoption { progress: &progress, ..legacy.adoption() }.run().await });
    until_first_batch(&mut slow, &seen).await;
    legacy.let_the_lease_run_out().await;
    assert_eq!(legacy.rows("users").delete_many(doc! { "_id": { "$gt": 200 } }).await.unwrap().deleted_count, 250);
    assert_eq!(figures(&legacy.adopt().await)[0], 200);
    assert!(slow.await.is_err(), "its next batch finds the lease gone");
    assert_eq!(legacy.live().count_documents(doc! {}).await.unwrap(), 200);
}

#[tokio::test]
async fn the_mirror_ends_once_and_for_good() {
    let legacy = Legacy::with(rows(2)).await;
    let db = legacy.db();
    let guarded = async || {
        with_transaction(db, |session| {
            Box::pin(async move {
                let refused = state::refuse_while_mirroring(db, session).await;
                mongodb::error::Result::Ok(matches!(refused, Err(Failure::Refused(AppError::Mirroring))))
            })
        })
        .await
        .unwrap()
    };
    assert!(!state::is_mirroring(db).await.unwrap() && !guarded().await, "live before the first adoption");

    let report = legacy.adoption().run().await.unwrap();
    assert_eq!((report.state, report.finish), (MirrorState::Mirroring, None));
    assert!(state::is_mirroring(db).await.unwrap() && guarded().await);

    let other = legacy.test.sibling("other");
    db.client.database(&other).collection("users").insert_one(row(9)).await.unwrap();
    let refused = Adoption { source: &other, ..legacy.adoption() }.run().await.unwrap_err();
    assert_eq!(refused.code(), "other_source");

    legacy.rows("users").insert_one(row(3)).await.unwrap();
    let report = legacy.finish().await.unwrap();
    assert_eq!(figures(&report.rules[0]), [3, 1, 2, 0, 0, 0, 0], "the last run refreshes before it finishes");
    assert_eq!(report.state, MirrorState::Finished);
    assert_eq!(report.finish.unwrap().overdue_jobs, Vec::<String>::new());
    assert!(!state::is_mirroring(db).await.unwrap() && !guarded().await);

    legacy.rows("users").insert_one(row(4)).await.unwrap();
    let before = legacy.bytes_of(legacy.test.name(), &[]).await;
    assert_eq!(legacy.adoption().run().await.unwrap_err().code(), "finished");
    let again = legacy.finish().await.unwrap();
    assert!(again.already_finished && again.rules.is_empty());
    assert_eq!(legacy.bytes_of(legacy.test.name(), &[]).await, before, "nothing is read or written after that");
}

#[tokio::test]
async fn a_source_has_to_be_there_and_another() {
    let legacy = Legacy::with(rows(1)).await;
    let absent = legacy.test.sibling("absent");
    let refused = Adoption { source: &absent, ..legacy.adoption() }.run().await.unwrap_err();
    assert_eq!(refused.code(), "source_missing");
    let refused = Adoption { source: legacy.test.name(), ..legacy.adoption() }.run().await.unwrap_err();
    assert_eq!(refused.code(), "source_is_live");
    assert!(state::find(legacy.db()).await.unwrap().is_none(), "a refused adoption leaves no mark");
}
