//! The Sentry SDK: how it is started, what it is given, and the one gate through which everything leaves.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use secrecy::{ExposeSecret, SecretString};
use sentry::integrations::tracing::{BreadcrumbLayer, ErrorLayer};
use sentry::protocol::EnvelopeItem;
use sentry::{
    ClientInitGuard, ClientOptions, Envelope, TransactionContext, Transport, TransportFactory, TransportOptions,
};
use tracing::Level;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::Layer;
use tracing_subscriber::registry::LookupSpan;

use super::transport::Way;
use super::{faults, scrub};
use crate::i18n::monitoring as words;

/// Share of requests whose trace is sent.
const TRACED: f32 = 0.1;
/// How long the end of the process waits for what is still to be sent.
const FLUSH: Duration = Duration::from_secs(2);
/// What a failing request's headers may tell; the others may be anybody's secret.
const HEADERS: [&str; 3] = ["content-type", "content-length", "accept"];

/// Starts the SDK for the whole process, before any runtime. Without a DSN there is nothing to start.
///
/// The guard sends what is left when it is dropped.
pub fn start(dsn: Option<&SecretString>, environment: &str) -> anyhow::Result<Option<ClientInitGuard>> {
    let Some(dsn) = dsn else { return Ok(None) };
    Ok(Some(sentry::init(options(dsn, environment)?)))
}

/// How the SDK is set up. `environment` is the name people see; Sentry gets a slug of it.
pub fn options(dsn: &SecretString, environment: &str) -> anyhow::Result<ClientOptions> {
    // Reading it here says what is wrong; the SDK would panic.
    let parsed =
        dsn.expose_secret().parse::<sentry::types::Dsn>().map_err(anyhow::Error::from).context(words::BAD_DSN)?;
    Ok(ClientOptions::new()
        .dsn(dsn.expose_secret())
        .release(release())
        .environment(slug(environment))
        .server_name("canje")
        .send_default_pii(false)
        .max_request_body_size(sentry::MaxRequestBodySize::None)
        .attach_stacktrace(false)
        .traces_sampler(traced)
        .shutdown_timeout(FLUSH)
        .transport(Gate { is_local: is_loopback(parsed.host()) }))
}

/// `canje@0.1.0`, with the commit when the build knew it.
fn release() -> Cow<'static, str> {
    match option_env!("CANJE_COMMIT") {
        Some(commit) if !commit.is_empty() => format!("canje@{}+{commit}", env!("CARGO_PKG_VERSION")).into(),
        _ => concat!("canje@", env!("CARGO_PKG_VERSION")).into(),
    }
}

/// An environment's name as Sentry takes it: «Vista previa» is `vista-previa`.
pub fn slug(name: &str) -> String {
    let mut slug = String::new();
    for character in name.chars().flat_map(char::to_lowercase) {
        let plain = match character {
            'á' => 'a',
            'é' => 'e',
            'í' => 'i',
            'ó' => 'o',
            'ú' | 'ü' => 'u',
            'ñ' => 'n',
            other => other,
        };
        if plain.is_ascii_alphanumeric() {
            slug.push(plain);
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "unnamed".into() } else { slug.chars().take(64).collect() }
}

/// A tenth of everything but what machines ask all day.
fn traced(context: &TransactionContext) -> f32 {
    let path = context.name().split_once(' ').map_or("", |(_, path)| path);
    let is_dull = matches!(path, "/ready" | "/metrics" | "/favicon.ico" | "/robots.txt")
        || ["/assets/", "/health", "/api/notifications/stream"].iter().any(|prefix| path.starts_with(prefix));
    if is_dull { 0.0 } else { TRACED }
}

/// What the log tells Sentry: errors become events, the lines before them their breadcrumbs. Faults tell themselves.
pub fn log_layer<S>() -> impl Layer<S>
where
    S: tracing::Subscriber + for<'a> LookupSpan<'a>,
{
    let crumbs = BreadcrumbLayer::new()
        .with_filter(filter_fn(|line| line.is_event() && matches!(*line.level(), Level::WARN | Level::INFO)));
    let errors = ErrorLayer::new().with_filter(filter_fn(|line| {
        line.is_event() && *line.level() == Level::ERROR && line.target() != faults::LOG_TARGET
    }));
    crumbs.and_then(errors)
}

/// Gives whatever is captured during a request its route. Stands on the routes themselves, so that no path of a visitor's
/// making becomes a name.
pub async fn describe(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned()).unwrap_or_default();
    sentry::configure_scope(|scope| scope.set_tag("route", format!("{} {route}", request.method())));
    next.run(request).await
}

/// Gives whatever is captured from here on the reference that a person is shown.
pub fn set_reference(reference: &str) {
    sentry::configure_scope(|scope| scope.set_tag("reference", reference));
}

/// Makes the transport; everything sent is scrubbed in it.
struct Gate {
    is_local: bool,
}

impl TransportFactory for Gate {
    fn create_transport_with_options(&self, options: TransportOptions) -> Arc<dyn Transport> {
        Arc::new(Scrubbing(Way::open(options, self.is_local)))
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The gate: nothing personal passes.
struct Scrubbing<T>(T);

impl<T: Transport> Transport for Scrubbing<T> {
    fn send_envelope(&self, envelope: Envelope) {
        let mut clean = Envelope::new().with_headers(envelope.headers().clone());
        for item in envelope.into_items() {
            if let Some(item) = scrubbed(item) {
                clean.add_item(item);
            }
        }
        self.0.send_envelope(clean);
    }

    fn flush(&self, timeout: Duration) -> bool {
        self.0.flush(timeout)
    }

    fn shutdown(&self, timeout: Duration) -> bool {
        self.0.shutdown(timeout)
    }
}

/// An item without anything personal; `None` when it can't be told.
fn scrubbed(item: EnvelopeItem) -> Option<EnvelopeItem> {
    match item {
        EnvelopeItem::Event(mut event) => {
            event.user = None;
            event.request.as_mut().map(without_details);
            Some(EnvelopeItem::Event(rewritten(&event)?))
        }
        EnvelopeItem::Transaction(mut transaction) => {
            transaction.user = None;
            transaction.request.as_mut().map(without_details);
            Some(EnvelopeItem::Transaction(rewritten(&transaction)?))
        }
        // Nothing of ours attaches files or ships log lines; what a library might attach stays here.
        EnvelopeItem::Attachment(_) | EnvelopeItem::ItemContainer(_) => None,
        other => Some(other),
    }
}

fn rewritten<T: serde::Serialize + serde::de::DeserializeOwned>(item: &T) -> Option<T> {
    let mut value = serde_json::to_value(item).ok()?;
    scrub::json(&mut value);
    serde_json::from_value(value).ok()
}

fn without_details(request: &mut sentry::protocol::Request) {
    request.cookies = None;
    request.data = None;
    request.query_string = None;
    request.env.clear();
    request.headers.retain(|name, _| HEADERS.iter().any(|kept| name.eq_ignore_ascii_case(kept)));
    if let Some(url) = &mut request.url {
        url.set_query(None);
        url.set_fragment(None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_is_configured_and_never_hard_coded() {
        let dsn: SecretString = "https://0123456789abcdef0123456789abcdef@sentry.example.com/1".to_owned().into();
        for (name, told) in [("Producción", "produccion"), ("Vista previa", "vista-previa"), ("  ", "unnamed")] {
            assert_eq!(slug(name), told);
            assert_eq!(options(&dsn, name).unwrap().environment.as_deref(), Some(told));
        }
        assert!(options(&"not a dsn".to_owned().into(), "x").is_err());
    }

    #[test]
    fn what_machines_ask_is_never_traced() {
        let share = |name: &str| traced(&TransactionContext::new(name, "http.server"));
        for dull in ["GET /health", "GET /health/backup", "GET /ready", "GET /metrics", "GET /assets/{*path}"] {
            assert_eq!(share(dull), 0.0, "{dull}");
        }
        assert_eq!(share("GET /admin"), TRACED);
    }
}
