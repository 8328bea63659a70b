//! The way to Sentry: a thread of its own with a bounded queue, which remembers how the last delivery went.
//!
//! The SDK's own transport joins its thread when it is dropped, so that a Sentry that hangs would hold up the end of the
//! process; this one is left behind.

use std::collections::BTreeMap;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use sentry::protocol::EnvelopeItem;
use sentry::transports::{RateLimiter, RateLimitingCategory};
use sentry::types::Dsn;
use sentry::{Envelope, Transport, TransportOptions};
use tokio::sync::mpsc;

/// How many envelopes wait; more are dropped, because whoever sends them can't wait.
const WAITING: usize = 100;
/// How long one envelope may take.
const SEND: Duration = Duration::from_secs(5);
/// How often a full queue is tried again by whoever flushes it.
const PAUSE: Duration = Duration::from_millis(20);

/// How the last deliveries of this process went.
#[derive(Clone, Debug, Default)]
pub struct Last {
    /// When Sentry last took something.
    pub success_at: Option<Timestamp>,
    /// When it last didn't, and what it said.
    pub failure: Option<(Timestamp, String)>,
}

/// By the address that is delivered to.
static LAST: Mutex<BTreeMap<String, Last>> = Mutex::new(BTreeMap::new());

/// How the last deliveries of this process to that address went.
pub fn last(dsn: &SecretString) -> Last {
    let Ok(dsn) = dsn.expose_secret().parse::<Dsn>() else { return Last::default() };
    let all = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    all.get(dsn.envelope_api_url().as_str()).cloned().unwrap_or_default()
}

enum Task {
    Send(Box<Envelope>),
    Flush(SyncSender<()>),
}

/// Hands envelopes to the thread.
pub(super) struct Way(mpsc::Sender<Task>);

impl Way {
    /// Starts the thread.
    pub(super) fn open(options: TransportOptions, is_local: bool) -> Self {
        let (queue, tasks) = mpsc::channel(WAITING);
        let started = std::thread::Builder::new().name("sentry".into()).spawn(move || {
            match tokio::runtime::Builder::new_current_thread().enable_all().build() {
                Ok(runtime) => runtime.block_on(deliver(options, is_local, tasks)),
                Err(error) => tracing::warn!("nothing is sent to Sentry: {error}"),
            }
        });
        if let Err(error) = started {
            tracing::warn!("nothing is sent to Sentry: {error}");
        }
        Self(queue)
    }
}

impl Transport for Way {
    fn send_envelope(&self, envelope: Envelope) {
        // Full: Sentry is slower than what happens, and what happens doesn't wait.
        let _ = self.0.try_send(Task::Send(Box::new(envelope)));
    }

    fn flush(&self, timeout: Duration) -> bool {
        let until = Instant::now() + timeout;
        let (done, is_done) = sync_channel(1);
        let mut task = Task::Flush(done);
        loop {
            match self.0.try_send(task) {
                Ok(()) => return is_done.recv_timeout(until.saturating_duration_since(Instant::now())).is_ok(),
                Err(mpsc::error::TrySendError::Full(back)) if Instant::now() < until => task = back,
                Err(_) => return false,
            }
            std::thread::sleep(PAUSE);
        }
    }
}

async fn deliver(options: TransportOptions, is_local: bool, mut tasks: mpsc::Receiver<Task>) {
    crate::app::use_ring();
    let mut client = reqwest::Client::builder().timeout(SEND);
    if is_local {
        // A proxy of the environment would be asked for this very machine.
        client = client.no_proxy();
    }
    let client = match client.build() {
        Ok(client) => client,
        Err(error) => return tracing::warn!("nothing is sent to Sentry: {error}"),
    };
    let auth = options.dsn.to_auth(Some(&options.user_agent)).to_string();
    let url = options.dsn.envelope_api_url().to_string();
    let mut limits = RateLimiter::new();
    while let Some(task) = tasks.recv().await {
        match task {
            Task::Flush(done) => drop(done.try_send(())),
            Task::Send(envelope) => {
                let mut body = Vec::new();
                if !may_go(&limits, &envelope) || envelope.to_writer(&mut body).is_err() {
                    continue;
                }
                let sent = client.post(&url).header("x-sentry-auth", &auth).body(body).send().await;
                remember(&url, &mut limits, sent);
            }
        }
    }
}

/// Whether Sentry wants what is in the envelope; it said for how long it doesn't.
fn may_go(limits: &RateLimiter, envelope: &Envelope) -> bool {
    envelope.items().all(|item| {
        limits.is_enabled(match item {
            EnvelopeItem::Event(_) => RateLimitingCategory::Error,
            EnvelopeItem::Transaction(_) => RateLimitingCategory::Transaction,
            _ => RateLimitingCategory::Any,
        })
    })
}

fn remember(url: &str, limits: &mut RateLimiter, sent: reqwest::Result<reqwest::Response>) {
    let failure = match sent {
        Ok(answer) => {
            let header = |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok());
            if let Some(told) = header("x-sentry-rate-limits") {
                limits.update_from_sentry_header(told);
            } else if let Some(told) = header("retry-after") {
                limits.update_from_retry_after(told);
            } else if answer.status() == http::StatusCode::TOO_MANY_REQUESTS {
                limits.update_from_429();
            }
            (!answer.status().is_success()).then(|| answer.status().to_string())
        }
        // Without the address, which holds the key.
        Err(error) => Some(error.without_url().to_string()),
    };
    let now = Timestamp::now();
    let mut all = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    let last = all.entry(url.to_owned()).or_default();
    match failure {
        None => last.success_at = Some(now),
        Some(said) => last.failure = Some((now, said)),
    }
}
