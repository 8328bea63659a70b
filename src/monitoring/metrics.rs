//! Figures for Prometheus: what is counted as it happens, and what is asked when somebody looks.
//!
//! Others count with `metrics::counter!` and need nothing from here; without [`install`] (a command, a test) counting is
//! free and goes nowhere.

use std::sync::OnceLock;

use metrics::{counter, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use mongodb::event::EventHandler;
use mongodb::event::cmap::CmapEvent;

use super::readiness::Report;

/// Requests by `method`, `route` and `status`.
const REQUESTS: &str = "canje_http_requests_total";
/// Seconds to the head of the answer by `method` and `route`.
const SECONDS: &str = "canje_http_request_seconds";
/// Bounds of the durations, in seconds.
const BOUNDS: [f64; 9] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

static HANDLE: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// Starts counting in this process; a second call changes nothing.
pub fn install() {
    HANDLE.get_or_init(|| {
        let builder = PrometheusBuilder::new().set_buckets_for_metric(Matcher::Full(SECONDS.into()), &BOUNDS).ok()?;
        let recorder = builder.build_recorder();
        let handle = recorder.handle();
        metrics::set_global_recorder(recorder).ok()?;
        describe();
        Some(handle)
    });
}

/// Everything counted so far, as Prometheus reads it; `None` where nobody counts.
pub fn render() -> Option<String> {
    let handle = HANDLE.get()?.as_ref()?;
    handle.run_upkeep();
    Some(handle.render())
}

/// The paths at which other services deliver, counted by themselves too.
pub(super) const WEBHOOKS: &str = "/api/notifications/webhooks/";

/// A request was answered. `route` is the matched pattern, so that no visitor makes up names.
pub fn served(method: &http::Method, route: Option<&str>, status: u16, seconds: f64) {
    let (method, route) = (known(method), route.unwrap_or("other").to_owned());
    if let Some(source) = route.strip_prefix(WEBHOOKS) {
        counter!("canje_webhooks_total", "source" => source.to_owned(), "status" => status.to_string()).increment(1);
    }
    counter!(REQUESTS, "method" => method, "route" => route.clone(), "status" => status.to_string()).increment(1);
    histogram!(SECONDS, "method" => method, "route" => route).record(seconds);
}

/// The methods we serve; a made-up one is nobody's series.
fn known(method: &http::Method) -> &'static str {
    match *method {
        http::Method::GET => "GET",
        http::Method::HEAD => "HEAD",
        http::Method::POST => "POST",
        _ => "other",
    }
}

/// Figures that are looked up when somebody asks.
pub fn observe(report: &Report) {
    gauge!("canje_ready").set(if report.failed.is_empty() { 1.0 } else { 0.0 });
    if let Some(queue) = report.queue {
        let states = [("due", queue.due), ("later", queue.later), ("running", queue.running), ("dead", queue.dead)];
        for (state, count) in states {
            gauge!("canje_jobs", "state" => state).set(count as f64);
        }
        gauge!("canje_jobs_oldest_due_seconds").set(queue.oldest_due_seconds as f64);
    }
    for outbox in &report.outboxes {
        let channel = outbox.channel.as_str();
        gauge!("canje_outbox_due", "channel" => channel).set(outbox.due as f64);
        let oldest = outbox.oldest.unwrap_or_default().as_secs_f64();
        gauge!("canje_outbox_oldest_due_seconds", "channel" => channel).set(oldest);
        let is_held = if outbox.held.is_some() { 1.0 } else { 0.0 };
        gauge!("canje_outbox_held", "channel" => channel).set(is_held);
    }
}

/// Follows a connection pool; `pool` tells several apart.
pub fn watch_pool(pool: &'static str) -> EventHandler<CmapEvent> {
    EventHandler::callback(move |event| {
        let open = || gauge!("canje_database_connections_open", "pool" => pool);
        let used = || gauge!("canje_database_connections_in_use", "pool" => pool);
        match event {
            CmapEvent::ConnectionCreated(_) => open().increment(1.0),
            CmapEvent::ConnectionClosed(_) => open().decrement(1.0),
            CmapEvent::ConnectionCheckedOut(_) => used().increment(1.0),
            CmapEvent::ConnectionCheckedIn(_) => used().decrement(1.0),
            CmapEvent::ConnectionCheckoutFailed(_) => {
                counter!("canje_database_checkouts_failed_total", "pool" => pool).increment(1);
            }
            CmapEvent::PoolCleared(_) => counter!("canje_database_pools_cleared_total", "pool" => pool).increment(1),
            _ => {}
        }
    })
}

fn describe() {
    metrics::describe_counter!(REQUESTS, "Requests answered");
    metrics::describe_histogram!(SECONDS, metrics::Unit::Seconds, "Time to the head of the answer");
    metrics::describe_counter!("canje_webhooks_total", "Deliveries answered, by service and status");
    metrics::describe_gauge!("canje_ready", "1 when /ready says yes");
    metrics::describe_gauge!("canje_jobs", "Jobs by state");
    metrics::describe_gauge!("canje_jobs_oldest_due_seconds", "How long the oldest due job has waited");
    metrics::describe_gauge!("canje_outbox_due", "Messages whose time has come");
    metrics::describe_gauge!("canje_outbox_oldest_due_seconds", "How long the oldest of them has waited");
    metrics::describe_gauge!("canje_outbox_held", "1 while the provider takes nothing");
    metrics::describe_gauge!("canje_database_connections_open", "Connections of the driver's pool");
    metrics::describe_gauge!("canje_database_connections_in_use", "Connections that serve a query now");
}
