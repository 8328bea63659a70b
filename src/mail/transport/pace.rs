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
        let at = {
            let mut state = self.state();
            let now = Instant::now();
            let at = state.next.map_or(now, |next| next.max(now));
            state.next = Some(at + Duration::from_secs_f64(1.0 / state.per_second));
            at
        };
        tokio::time::sleep_until(at).await;
    }

    /// Learns from an answer's `ratelimit-…` and `retry-after`.
    pub fn learn(&self, headers: &HeaderMap) {
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
            let until = Instant::now() + pause;
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

    /// Seconds that this many turns take.
    async fn taken(pace: &Pace, turns: u32) -> f64 {
        let from = Instant::now();
        for _ in 0..turns {
            pace.turn().await;
        }
        from.elapsed().as_secs_f64()
    }

    #[tokio::test(start_paused = true)]
    async fn two_a_second_until_the_provider_says_how_many() {
        let pace = Pace::default();
        assert!((taken(&pace, 5).await - 2.0).abs() < 0.1);
        pace.learn(&headers(&[("ratelimit-limit", "10"), ("ratelimit-policy", "10;w=2")]));
        taken(&pace, 1).await;
        assert!((taken(&pace, 10).await - 2.0).abs() < 0.1);
        pace.learn(&headers(&[("ratelimit-limit", "100000")]));
        taken(&pace, 1).await;
        assert!((taken(&pace, 10).await - 1.0).abs() < 0.1, "never more than ten");
    }

    #[tokio::test(start_paused = true)]
    async fn an_empty_bucket_is_waited_for_and_nonsense_is_not_believed() {
        let pace = Pace::default();
        pace.learn(&headers(&[("ratelimit-remaining", "0"), ("ratelimit-reset", "3")]));
        assert!((taken(&pace, 1).await - 3.0).abs() < 0.1);
        pace.learn(&headers(&[("retry-after", "99999")]));
        assert!((taken(&pace, 1).await - 30.0).abs() < 0.1);
        pace.learn(&headers(&[("ratelimit-limit", "-5"), ("ratelimit-policy", "x;w=0"), ("retry-after", "soon")]));
        assert!(taken(&pace, 1).await <= 10.0);
    }
}
