//! What many requests read alike, read from the database once and kept for a moment.
//!
//! A kept value is never older than what this process wrote: each of its transactions counts up [`Commits`], and a value
//! read before the last one isn't given out again. What another process wrote is seen after [`KEPT`] at the latest. So this
//! is for what is shown; what is decided is decided by the guard of an update.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;
use tokio::time::timeout;

/// How long a value is kept.
const KEPT: SignedDuration = SignedDuration::from_secs(1);
/// How long somebody waits for whoever is reading it.
const PATIENCE: Duration = Duration::from_secs(1);

/// How many transactions of this process ended, or may have.
#[derive(Clone, Debug, Default)]
pub struct Commits(Arc<AtomicU64>);

impl Commits {
    /// Says that something was written.
    pub fn count(&self) {
        self.0.fetch_add(1, Ordering::SeqCst);
    }

    fn so_far(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

/// One value, kept for a moment.
#[derive(Debug)]
pub struct Fresh<T>(Mutex<Option<Kept<T>>>);

#[derive(Debug)]
struct Kept<T> {
    value: Arc<T>,
    /// Counted before it was read.
    commits: u64,
    read_at: Timestamp,
}

impl<T> Default for Fresh<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T> Fresh<T> {
    /// The value kept `now`, or a new one: whoever comes while it is read waits for it and reads nothing. What fails isn't
    /// kept.
    pub async fn get<E>(
        &self,
        commits: &Commits,
        now: Timestamp,
        read: impl Future<Output = Result<T, E>>,
    ) -> Result<Arc<T>, E> {
        let Ok(mut kept) = timeout(PATIENCE, self.0.lock()).await else {
            // Whoever reads for all of them is stuck: better one's own answer, or one's own failure, than a longer queue.
            return Ok(Arc::new(read.await?));
        };
        let commits = commits.so_far();
        let is_young = |at| (SignedDuration::ZERO..=KEPT).contains(&now.duration_since(at));
        if let Some(own) = kept.as_ref().filter(|own| own.commits == commits && is_young(own.read_at)) {
            return Ok(own.value.clone());
        }
        let value = Arc::new(read.await?);
        *kept = Some(Kept { value: value.clone(), commits, read_at: now });
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    /// What reading gives: the next number each time.
    async fn next(counter: &AtomicU64) -> Result<u64, &'static str> {
        tokio::task::yield_now().await;
        Ok(counter.fetch_add(1, Ordering::SeqCst))
    }

    #[tokio::test]
    async fn a_value_is_read_once_and_again_after_a_commit() {
        let (fresh, commits, reads) = (Fresh::default(), Commits::default(), AtomicU64::new(0));
        let get = || fresh.get(&commits, NOW, next(&reads));
        let (one, other) = tokio::join!(get(), get());
        assert_eq!((one, other), (Ok(Arc::new(0)), Ok(Arc::new(0))), "whoever comes meanwhile waits for it");
        commits.count();
        assert_eq!(*get().await.unwrap(), 1);
        assert_eq!(*get().await.unwrap(), 1);
        let later = NOW + SignedDuration::from_secs(2);
        assert_eq!(*fresh.get(&commits, later, next(&reads)).await.unwrap(), 2, "another process may have written");
    }

    #[tokio::test]
    async fn what_was_read_before_a_commit_is_not_kept_beyond_it() {
        let (fresh, commits) = (Fresh::default(), Commits::default());
        let overtaken = async {
            commits.count();
            Ok::<_, &str>("before")
        };
        assert_eq!(*fresh.get(&commits, NOW, overtaken).await.unwrap(), "before");
        assert_eq!(*fresh.get(&commits, NOW, async { Ok::<_, &str>("after") }).await.unwrap(), "after");
    }

    #[tokio::test]
    async fn a_failure_is_told_and_not_kept() {
        let (fresh, commits) = (Fresh::default(), Commits::default());
        assert_eq!(fresh.get(&commits, NOW, async { Err::<u64, _>("gone") }).await, Err("gone"));
        assert_eq!(fresh.get(&commits, NOW, async { Ok::<_, &str>(1) }).await, Ok(Arc::new(1)));
    }
}
