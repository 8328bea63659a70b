//! How long a service is waited for, and how often it is asked again.

use std::time::Duration;

use futures::future::BoxFuture;

/// The limits of waiting. Only what is safe to repeat is repeated at all; whoever asks says what that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Attempts in all, the first included.
    pub tries: u32,
    /// The pause after the first failure; each further one is twice as long.
    pub pause: Duration,
    /// The longest pause of that kind.
    pub longest: Duration,
    /// How long a service may ask to be left alone; more is a failure that says until when.
    pub reset: Duration,
    /// How long an answer may take, its body included.
    pub answer: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            tries: 6,
            pause: Duration::from_millis(500),
            longest: Duration::from_secs(30),
            reset: Duration::from_secs(120),
            answer: Duration::from_secs(120),
        }
    }
}

/// What an attempt came to, when it came to nothing.
#[derive(Debug)]
pub enum Failed<E> {
    /// Asking again changes nothing.
    ForGood(E),
    /// Another attempt may do better, after the time the service asked for, if it did.
    ForNow(E, Option<Duration>),
}

impl Patience {
    /// As little as a test needs: the same number of attempts, hardly a pause.
    pub fn hurried() -> Self {
        Self {
            pause: Duration::from_millis(2),
            longest: Duration::from_millis(10),
            reset: Duration::from_millis(50),
            answer: Duration::from_millis(1_500),
            ..Self::default()
        }
    }

    /// Asks until there is an answer, a failure for good, or no patience left: then the last failure stands.
    pub async fn insist<'a, T, E>(
        &self,
        mut ask: impl FnMut() -> BoxFuture<'a, Result<T, Failed<E>>> + Send,
    ) -> Result<T, E> {
        let mut tried = 0;
        loop {
            let (error, after) = match ask().await {
                Ok(answer) => return Ok(answer),
                Err(Failed::ForGood(error)) => return Err(error),
                Err(Failed::ForNow(error, after)) => (error, after),
            };
            tried += 1;
            if tried >= self.tries || after.is_some_and(|after| after > self.reset) {
                return Err(error);
            }
            tokio::time::sleep(after.unwrap_or_else(|| self.pause_after(tried))).await;
        }
    }

    /// Between half of the doubled pause and all of it, so that many clients don't come back in step.
    fn pause_after(&self, failures: u32) -> Duration {
        let full = self.pause.saturating_mul(1 << (failures - 1).min(16)).min(self.longest);
        let mut random = [0];
        // Without randomness the pause is its shortest, which harms nobody.
        let _ = getrandom::fill(&mut random);
        full / 2 + full / 2 * u32::from(random[0]) / 255
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use futures::FutureExt as _;

    use super::*;

    async fn asked(answers: &[Result<u8, Failed<&'static str>>]) -> (Result<u8, &'static str>, u32) {
        let count = AtomicU32::new(0);
        let result = Patience::hurried()
            .insist(|| {
                let index = count.fetch_add(1, Ordering::SeqCst) as usize;
                let answer = match &answers[index.min(answers.len() - 1)] {
                    Ok(answer) => Ok(*answer),
                    Err(Failed::ForGood(error)) => Err(Failed::ForGood(*error)),
                    Err(Failed::ForNow(error, after)) => Err(Failed::ForNow(*error, *after)),
                };
                async move { answer }.boxed()
            })
            .await;
        (result, count.load(Ordering::SeqCst))
    }

    #[tokio::test]
    async fn what_may_go_better_is_tried_again_and_what_cannot_is_not() {
        assert_eq!(asked(&[Err(Failed::ForNow("busy", None)), Ok(7)]).await, (Ok(7), 2));
        assert_eq!(asked(&[Err(Failed::ForGood("no")), Ok(7)]).await, (Err("no"), 1));
        assert_eq!(asked(&[Err(Failed::ForNow("busy", None))]).await, (Err("busy"), 6));
        let long = Failed::ForNow("busy for an hour", Some(Duration::from_secs(3_600)));
        assert_eq!(asked(&[Err(long)]).await, (Err("busy for an hour"), 1), "nobody waits that long");
    }

    #[test]
    fn pauses_double_within_their_jitter_up_to_the_longest() {
        let patience = Patience::default();
        for (failures, full) in [(1, 500), (2, 1_000), (4, 4_000), (12, 30_000), (90, 30_000)] {
            let pause = patience.pause_after(failures).as_millis();
            assert!((full / 2..=full).contains(&pause), "{failures}: {pause}");
        }
    }
}
