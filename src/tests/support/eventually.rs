//! Waiting for a state, never for a time.

use std::time::Duration;

/// How long a state may take to come about on a busy machine before the test has failed.
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(20);

/// Asks `look` until it sees something, and returns that. Panics with `what` when it never does.
pub async fn eventually<T>(what: &str, look: impl AsyncFnMut() -> Option<T>) -> T {
    eventually_within(PATIENCE, what, look).await
}

/// Like [`eventually`], for a state that has a longer time by right.
pub async fn eventually_within<T>(patience: Duration, what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let mut ticks = tokio::time::interval(PAUSE);
    let watch = async {
        loop {
            ticks.tick().await;
            if let Some(seen) = look().await {
                return seen;
            }
        }
    };
    tokio::time::timeout(patience, watch).await.unwrap_or_else(|_| panic!("never happened: {what}"))
}
