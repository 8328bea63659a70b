//! What broke: logged once, told to Sentry, and put aside for the notification centre.
//!
//! Whoever meets a fault only pushes it on a bounded list in memory. A loop publishes the list every half second, so a
//! database that is away delays a notice and loses none of it; what doesn't fit any more is counted and said.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use sentry::Level;
use sentry::protocol::{Event as Captured, Exception};

use super::{metrics, scrub};
use crate::app::App;
use crate::failure::Failure;
use crate::notifications::{self, Event};

/// The log's target for faults. Sentry's layer leaves them alone, because they are told it here, with more.
pub const LOG_TARGET: &str = "canje::fault";
/// How often what is put aside is published.
const PAUSE: Duration = Duration::from_millis(500);
/// How many faults wait at most; a second's worth of a very bad day.
const WAITING: usize = 1000;
/// Sentry hears of one kind of fault at one route at most this often.
const CAPTURE_PAUSE: Duration = Duration::from_secs(1);
/// How many kinds are remembered for that.
const KINDS: usize = 500;
/// Longest text of a fault, in characters.
const ERROR_CHARACTERS: usize = 500;

/// What waits to be published; cheap to clone.
#[derive(Clone, Default)]
pub struct Faults(Arc<Mutex<Held>>);

#[derive(Default)]
struct Held {
    waiting: Vec<Event>,
    dropped: u64,
    away: Option<Away>,
    captured: HashMap<(String, String), Instant>,
}

/// The database can't be reached.
#[derive(Clone, Copy, Debug)]
struct Away {
    since: Timestamp,
    refused: u32,
}

impl Faults {
    /// A request broke. `route` is method and matched pattern; `reference` is what the person was shown.
    pub fn raise(&self, now: Timestamp, route: &str, reference: &str, fault: &anyhow::Error) {
        // Sentry calls us when it hears of an error: one in what it calls would go round for ever.
        let is_webhook = route.contains(metrics::WEBHOOKS);
        if is_webhook {
            tracing::warn!(target: "canje::fault", reference, route, "{fault:#}");
        } else {
            tracing::error!(target: "canje::fault", reference, route, "{fault:#}");
        }
        let is_away = Failure::is_unavailable(fault);
        let kind = if is_away { "database_away".to_owned() } else { kind(fault) };
        let error: String = scrub::text(&format!("{fault:#}")).chars().take(ERROR_CHARACTERS).collect();
        // The panic hook has told Sentry already, with the panic's own stack.
        if kind != PANIC && !is_webhook && self.may_capture(route, &kind) {
            capture(route, reference, &kind, fault);
        }
        let mut held = self.lock();
        if is_away {
            let away = held.away.get_or_insert(Away { since: now, refused: 0 });
            away.refused = away.refused.saturating_add(1);
            return;
        }
        let event = Event::Fault { reference: reference.to_owned(), route: route.to_owned(), kind, error };
        held.push(event);
    }

    /// Something else to publish as soon as the database takes it.
    pub fn put_aside(&self, event: Event) {
        self.lock().push(event);
    }

    /// Publishes what waits; when that fails, it goes on waiting.
    pub async fn publish(&self, app: &App) -> Result<(), Failure> {
        let (events, away) = {
            let mut held = self.lock();
            (std::mem::take(&mut held.waiting), held.away)
        };
        if events.is_empty() && away.is_none() {
            return Ok(());
        }
        let published = self.publish_all(app, &events, away).await;
        let mut held = self.lock();
        if published.is_err() {
            let newer = std::mem::replace(&mut held.waiting, events);
            newer.into_iter().for_each(|event| held.push(event));
            return published;
        }
        // Requests refused meanwhile belong to an outage of their own, which ends with the next look.
        held.away = match (away, held.away) {
            (Some(told), Some(now)) if now.refused > told.refused => {
                Some(Away { refused: now.refused - told.refused, ..now })
            }
            _ => None,
        };
        let dropped = std::mem::take(&mut held.dropped);
        if dropped > 0 {
            tracing::warn!(dropped, "faults were too many to be told one by one");
        }
        Ok(())
    }

    async fn publish_all(&self, app: &App, events: &[Event], away: Option<Away>) -> Result<(), Failure> {
        let now = app.clock.now();
        let mut events = events.to_vec();
        if let Some(Away { since, refused }) = away {
            // Writing is the proof: when the database is still away, this fails as the requests did.
            let seconds = u32::try_from(now.duration_since(since).as_secs()).unwrap_or(0);
            events.push(Event::DatabaseWasAway { seconds, refused });
        }
        notifications::publish(&app.db, now, &events).await
    }

    fn may_capture(&self, route: &str, kind: &str) -> bool {
        let mut held = self.lock();
        let key = (route.to_owned(), kind.to_owned());
        let is_recent = held.captured.get(&key).is_some_and(|last| last.elapsed() < CAPTURE_PAUSE);
        if !is_recent {
            if held.captured.len() >= KINDS {
                held.captured.clear();
            }
            held.captured.insert(key, Instant::now());
        }
        !is_recent
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Held {
    fn push(&mut self, event: Event) {
        if self.waiting.len() < WAITING {
            self.waiting.push(event);
        } else {
            self.dropped += 1;
        }
    }
}

/// An attempt at a job failed. The notice comes when it is given up; Sentry hears of every attempt.
pub fn attempt_failed(job: &str, run: &str, attempt: u32, error: &str) {
    tracing::warn!(job, run, attempt, "an attempt at a job failed: {error}");
    // The panic hook has told it already.
    if error.starts_with("panic: ") {
        return;
    }
    let exception = Exception { ty: "job".into(), value: Some(error.to_owned()), ..Exception::default() };
    tell(job, &[("job", job), ("run", run)], vec![exception], &[job, "job"]);
}

/// Publishes until the process ends, and once more then.
pub async fn publish_all(app: Arc<App>) {
    loop {
        let ends = tokio::time::timeout(PAUSE, app.stopping.begun()).await.is_ok();
        if let Err(failure) = app.faults.publish(&app).await {
            // Not an error: telling that something can't be told would go round in circles.
            tracing::warn!("faults wait to be published: {failure:?}");
        }
        if ends {
            return;
        }
    }
}

/// The kind of a fault that a panic left.
const PANIC: &str = "panic";

/// A handler panicked.
#[derive(Debug, thiserror::Error)]
#[error("a handler panicked: {0}")]
pub struct Panicked(pub String);

/// A name for this kind of failure that is the same every time.
fn kind(fault: &anyhow::Error) -> String {
    for cause in fault.chain() {
        if cause.is::<Panicked>() {
            return PANIC.into();
        }
        if let Some(error) = cause.downcast_ref::<mongodb::error::Error>() {
            let named = format!("{:?}", error.kind);
            let name: String = named.chars().take_while(|character| character.is_alphanumeric()).collect();
            return format!("mongodb::{name}");
        }
        if cause.is::<std::io::Error>() {
            return "io".into();
        }
        if cause.is::<reqwest::Error>() {
            return "http".into();
        }
        if cause.is::<bson::error::Error>() || cause.is::<serde_json::Error>() {
            return "format".into();
        }
    }
    // The outermost words without what changes from one time to the next.
    let said = scrub::text(&fault.to_string());
    let words: Vec<&str> =
        said.split_whitespace().filter(|word| !word.chars().any(|character| character.is_ascii_digit())).collect();
    words.join(" ").chars().take(80).collect()
}

/// Tells Sentry, with the route, the reference and the chain of causes.
fn capture(route: &str, reference: &str, kind: &str, fault: &anyhow::Error) {
    let mut exceptions: Vec<Exception> = fault
        .chain()
        .map(|cause| Exception { ty: kind.to_owned(), value: Some(cause.to_string()), ..Exception::default() })
        .collect();
    // Sentry wants the innermost first.
    exceptions.reverse();
    tell(route, &[("route", route), ("reference", reference)], exceptions, &[route, kind]);
}

fn tell(transaction: &str, tags: &[(&str, &str)], exceptions: Vec<Exception>, fingerprint: &[&str]) {
    sentry::capture_event(Captured {
        level: Level::Error,
        transaction: Some(transaction.to_owned()),
        exception: exceptions.into(),
        fingerprint: fingerprint.iter().map(|part| (*part).to_owned().into()).collect::<Vec<_>>().into(),
        tags: tags.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        ..Captured::default()
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kind_of_a_fault_is_the_same_every_time() {
        let one = anyhow::anyhow!("no order 1001 for ana@example.com");
        let other = anyhow::anyhow!("no order 2417 for bea@example.com");
        assert_eq!(kind(&one), kind(&other));
        assert_eq!(kind(&Panicked("x".into()).into()), PANIC);
        let io = anyhow::Error::from(std::io::Error::other("disk")).context("writing the file");
        assert_eq!(kind(&io), "io");
    }

    #[test]
    fn what_does_not_fit_is_counted() {
        let faults = Faults::default();
        let error = anyhow::anyhow!("x");
        for _ in 0..WAITING + 7 {
            faults.raise(Timestamp::UNIX_EPOCH, "GET /x", "r", &error);
        }
        let held = faults.lock();
        assert_eq!((held.waiting.len(), held.dropped), (WAITING, 7));
    }
}
