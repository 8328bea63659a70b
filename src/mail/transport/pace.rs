//! How fast a provider may be asked: slowly at first, then as its answers say.

use std::sync::Mutex;
use std::time::Duration;

use http::HeaderMap;
use tokio::time::Instant;

/// Messages a second until the provider has said how many it takes.
const FIRST: f64 = 2.0;
/// Never more, whatever the provider says: nobody's mailing is that urgent.
const MOST: f64 = 10.0;
/// Never less.
const LEAST: f64 = 0.1;
/// Longest wait that an answer's headers can ask for; a longer one is a matter of the queue's, not of the pace.
const LONGEST: Duration = Duration::from_secs(30);

/// The pace of one provider.
pub struct Pace(Mutex<State>);

struct State {
    per_second: f64,
    next: Option<Instant>,
}

impl Default for Pace {
    fn default() -> Self {
        Self(Mutex::new(State { per_second: FIRST, next: None }))
    }
}

impl Pace {
    /// Waits for the next turn.
    pub async fn turn(&self) {
        let at = self.take(Instant::now());
        tokio::time::sleep_until(at).await;
    }

    /// Takes the next turn of whoever asks `now`: when it is.
    fn take(&self, now: Instant) -> Instant {
        let mut state = self.state();
        let at = state.next.map_or(now, |next| next.max(now));
        state.next = Some(at + Duration::from_secs_f64(1.0 / state.per_second));
        at
    }

    /// Learns from an answer's `ratelimit-…` and `retry-after`.
    pub fn learn(&self, headers: &HeaderMap) {
        self.learn_at(headers, Instant::now());
    }

    fn learn_at(&self, headers: &HeaderMap, now: Instant) {
        let mut state = self.state();
        let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<f64>().ok();
        if let Some(limit) = number("ratelimit-limit") {
            let window = window_seconds(headers).unwrap_or(1.0);
            state.per_second = (limit / window).clamp(LEAST, MOST);
        }
        let is_empty = number("ratelimit-remaining").is_some_and(|left| left < 1.0);
        let reset = number("ratelimit-reset").filter(|_| is_empty);
        if let Some(seconds) = number("retry-after").or(reset).filter(|seconds| *seconds > 0.0) {
            let pause = Duration::from_secs_f64(seconds.min(LONGEST.as_secs_f64()));
            let until = now + pause;
            state.next = Some(state.next.map_or(until, |next| next.max(until)));
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// `ratelimit-policy: 20;w=1`.
fn window_seconds(headers: &HeaderMap) -> Option<f64> {
    let policy = headers.get("ratelimit-policy")?.to_str().ok()?;
    let window = policy.split(';').find_map(|part| part.trim().strip_prefix("w="))?;
    window.parse::<f64>().ok().filter(|seconds| *seconds > 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect::<HeaderMap>()
    }

    /// A pace and the time, which passes only as turns are waited for.
    struct Waiting {
        pace: Pace,
        now: Instant,
    }

    impl Waiting {
        fn new() -> Self {
            Self { pace: Pace::default(), now: Instant::now() }
        }

        /// Seconds that this many turns take.
        fn taken(&mut self, turns: u32) -> f64 {
            let from = self.now;
            for _ in 0..turns {
                self.now = self.pace.take(self.now);
            }
            (self.now - from).as_secs_f64()
        }

        fn told(&self, pairs: &[(&'static str, &str)]) {
            self.pace.learn_at(&headers(pairs), self.now);
        }
    }

    #[test]
    fn two_a_second_until_the_provider_says_how_many() {
        let mut waiting = Waiting::new();
        assert!((waiting.taken(5) - 2.0).abs() < 0.1);
        waiting.told(&[("ratelimit-limit", "10"), ("ratelimit-policy", "10;w=2")]);
        waiting.taken(1);
        assert!((waiting.taken(10) - 2.0).abs() < 0.1);
        waiting.told(&[("ratelimit-limit", "100000")]);
        waiting.taken(1);
        assert!((waiting.taken(10) - 1.0).abs() < 0.1, "never more than ten");
    }

    #[test]
    fn an_empty_bucket_is_waited_for_and_nonsense_is_not_believed() {
        let mut waiting = Waiting::new();
        waiting.told(&[("ratelimit-remaining", "0"), ("ratelimit-reset", "3")]);
        assert!((waiting.taken(1) - 3.0).abs() < 0.1);
        waiting.told(&[("retry-after", "99999")]);
        assert!((waiting.taken(1) - 30.0).abs() < 0.1);
        waiting.told(&[("ratelimit-limit", "-5"), ("ratelimit-policy", "x;w=0"), ("retry-after", "soon")]);
        assert!(waiting.taken(1) <= 10.0);
    }
}
