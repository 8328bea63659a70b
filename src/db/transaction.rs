//! Transactions with the driver's retry rules, for bodies that fail with our own error types.
//!
//! The rules: an error labelled `TransientTransactionError` means that nothing of the transaction happened, so all of it is
//! done again; `UnknownTransactionCommitResult` means that the commit may have happened, so only the commit is repeated
//! (committing twice is harmless). Both only for a bounded time.

use std::time::{Duration, Instant};

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
}

impl DriverError for Error {
    fn driver_error(&self) -> Option<&Error> {
        Some(self)
    }
}

impl DriverError for anyhow::Error {
    fn driver_error(&self) -> Option<&Error> {
        self.chain().find_map(|cause| cause.downcast_ref::<Error>())
    }
}

/// Runs `work` in a transaction and commits it.
///
/// Every operation inside has to use the session it is given (`.session(&mut *session)`), and an error of the driver has to
/// be returned, not swallowed: the body may run several times, so it must not change anything outside the database.
/// When `work` fails for good, nothing of it is kept.
///
/// ```no_run
/// # use bson::doc;
/// # use canje::db::{Db, with_transaction};
/// # async fn example(db: &Db) -> anyhow::Result<()> {
/// let moved = with_transaction(db, async |session| {
///     let people = db.live.collection::<bson::Document>("people");
///     people.delete_one(doc! { "_id": 1 }).session(&mut *session).await?;
///     people.insert_one(doc! { "_id": 2 }).session(&mut *session).await?;
///     anyhow::Ok(2)
/// })
/// .await?;
/// # Ok(()) }
/// ```
pub async fn with_transaction<T, E, F>(db: &Db, mut work: F) -> Result<T, E>
where
    F: AsyncFnMut(&mut ClientSession) -> Result<T, E>,
    E: DriverError + From<Error>,
{
    let begun = Instant::now();
    let mut session = db.client.start_session().await?;
    let mut pause = FIRST_PAUSE;
    loop {
        match attempt(&mut session, &mut work, begun).await {
            Err(error) if has_label(&error, TRANSIENT_TRANSACTION_ERROR) && begun.elapsed() + pause < PATIENCE => {
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
            done => return done,
        }
    }
}

async fn attempt<T, E, F>(session: &mut ClientSession, work: &mut F, begun: Instant) -> Result<T, E>
where
    F: AsyncFnMut(&mut ClientSession) -> Result<T, E>,
    E: DriverError + From<Error>,
{
    session.start_transaction().await?;
    let value = match work(session).await {
        Ok(value) => value,
        Err(error) => {
            // The body's error is the one that matters; an abort that fails leaves a transaction the server ends itself.
            let _ = session.abort_transaction().await;
            return Err(error);
        }
    };
    loop {
        match session.commit_transaction().await {
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
