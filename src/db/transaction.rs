//! Transactions with the driver's retry rules, for bodies that fail with our own error types.
//!
//! The rules: an error labelled `TransientTransactionError` means that nothing of the transaction happened, so all of it is
//! done again, as after our own [`Lost`]; `UnknownTransactionCommitResult` means that the commit may have happened, so only the commit is repeated
//! (committing twice is harmless). Both only for a bounded time.

use std::{
    marker::PhantomData,
    ops::{Deref, DerefMut},
    time::{Duration, Instant},
};

use futures::future::BoxFuture;
use mongodb::{
    ClientSession,
    error::{Error, ErrorKind, TRANSIENT_TRANSACTION_ERROR, UNKNOWN_TRANSACTION_COMMIT_RESULT},
};

use super::Db;

/// How long a transaction is tried again before its last error is returned. Shorter than the minute after which servers
/// abort an open transaction, and than the patience of somebody waiting for a page.
const PATIENCE: Duration = Duration::from_secs(20);
const FIRST_PAUSE: Duration = Duration::from_millis(5);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);
const MAX_TIME_EXPIRED: i32 = 50;

/// An error type that may have an error of the driver inside; that one decides whether a transaction is tried again.
pub trait DriverError {
    fn driver_error(&self) -> Option<&Error>;

    /// Whether it is [`Lost`]: the transaction is done again then, too.
    fn is_lost(&self) -> bool {
        false
    }
}

/// What a body fails with when another transaction was faster: a guard that no longer holds, a key that is taken by now.
/// Nothing of the attempt is kept, and the next one reads what the other one wrote.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("another transaction changed the same documents first")]
pub struct Lost;

impl DriverError for Error {
    fn driver_error(&self) -> Option<&Error> {
        Some(self)
    }
}

impl DriverError for anyhow::Error {
    fn driver_error(&self) -> Option<&Error> {
        self.chain().find_map(|cause| cause.downcast_ref::<Error>())
    }

    fn is_lost(&self) -> bool {
        self.chain().any(|cause| cause.is::<Lost>())
    }
}

/// The session of a running transaction. Every operation inside is given it: `.session(&mut *session)`.
///
/// The lifetime is that of whatever the body borrows from its surroundings; naming it here is what lets a body borrow and
/// its future still be `Send`, which an async closure can't do yet.
pub struct Transaction<'env> {
    session: ClientSession,
    environment: PhantomData<&'env ()>,
}

impl<'s> From<&'s mut Transaction<'_>> for &'s mut ClientSession {
    fn from(transaction: &'s mut Transaction<'_>) -> Self {
        &mut transaction.session
    }
}

impl Deref for Transaction<'_> {
    type Target = ClientSession;

    fn deref(&self) -> &ClientSession {
        &self.session
    }
}

/// So that `&mut *session` is also what a function that takes a `&mut ClientSession` wants.
impl DerefMut for Transaction<'_> {
    fn deref_mut(&mut self) -> &mut ClientSession {
        &mut self.session
    }
}

/// Runs `work` in a transaction and commits it.
///
/// Every operation inside has to use the session it is given, and an error of the driver has to be returned, not swallowed:
/// the body may run several times, so it must not change anything outside the database. When it fails for good, nothing of
/// it is kept. What it uses from outside it borrows (`let name = &name;` before, when the name is owned).
///
/// ```no_run
/// # use bson::{Document, doc};
/// # use canje::db::{Db, with_transaction};
/// # async fn example(db: &Db, id: i32) -> anyhow::Result<()> {
/// let moved = with_transaction(db, |session| {
///     Box::pin(async move {
///         let people = db.live.collection::<Document>("people");
///         people.delete_one(doc! { "_id": id }).session(&mut *session).await?;
///         people.insert_one(doc! { "_id": id + 1 }).session(&mut *session).await?;
///         anyhow::Ok(id + 1)
///     })
/// })
/// .await?;
/// # Ok(()) }
/// ```
pub async fn with_transaction<'env, T, E, F>(db: &Db, mut work: F) -> Result<T, E>
where
    F: for<'s> FnMut(&'s mut Transaction<'env>) -> BoxFuture<'s, Result<T, E>>,
    E: DriverError + From<Error>,
{
    let begun = Instant::now();
    let mut transaction = Transaction { session: db.client.start_session().await?, environment: PhantomData };
    let mut pause = FIRST_PAUSE;
    loop {
        let done = attempt(&mut transaction, &mut work, begun).await;
        // Also after an error: whether an interrupted commit happened isn't known.
        db.commits.count();
        match done {
            Err(error)
                if (error.is_lost() || has_label(&error, TRANSIENT_TRANSACTION_ERROR))
                    && begun.elapsed() + pause < PATIENCE =>
            {
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
            done => return done,
        }
    }
}

async fn attempt<'env, T, E, F>(transaction: &mut Transaction<'env>, work: &mut F, begun: Instant) -> Result<T, E>
where
    F: for<'s> FnMut(&'s mut Transaction<'env>) -> BoxFuture<'s, Result<T, E>>,
    E: DriverError + From<Error>,
{
    transaction.session.start_transaction().await?;
    let value = match work(transaction).await {
        Ok(value) => value,
        Err(error) => {
            // The body's error is the one that matters; an abort that fails leaves a transaction the server ends itself.
            let _ = transaction.session.abort_transaction().await;
            return Err(error);
        }
    };
    loop {
        match transaction.session.commit_transaction().await {
            Ok(()) => return Ok(value),
            Err(error)
                if error.contains_label(UNKNOWN_TRANSACTION_COMMIT_RESULT)
                    && !took_too_long(&error)
                    && begun.elapsed() < PATIENCE => {}
            Err(error) => return Err(error.into()),
        }
    }
}

fn has_label<E: DriverError>(error: &E, label: &str) -> bool {
    error.driver_error().is_some_and(|e| e.contains_label(label))
}

fn took_too_long(error: &Error) -> bool {
    match error.kind.as_ref() {
        ErrorKind::Command(e) => e.code == MAX_TIME_EXPIRED,
        ErrorKind::Write(mongodb::error::WriteFailure::WriteConcernError(e)) => e.code == MAX_TIME_EXPIRED,
        _ => false,
    }
}
