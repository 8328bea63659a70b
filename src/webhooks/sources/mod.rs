//! How each service's deliveries are verified and read: pure functions of the request, and what follows from what was read.

mod pick;
mod resend;
mod sentry;
mod uptimerobot;

use bson::Document;
use http::HeaderMap;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use resend::ResendFields;
pub use sentry::SentryFields;
pub use uptimerobot::MonitorFields;

use super::model::{Meaning, Phase, Reading, Refusal, Source};
use crate::config::{Integrations, Secrets};
use crate::notifications::Event;

/// A request as it came in.
pub struct Raw<'a> {
    /// Its headers.
    pub headers: &'a HeaderMap,
    /// Its query, without the question mark.
    pub query: &'a str,
    /// Its raw body.
    pub body: &'a [u8],
    /// Now.
    pub now: Timestamp,
}

impl Raw<'_> {
    /// A header as text; empty when it is missing.
    fn header(&self, name: &str) -> &str {
        header(self.headers, name)
    }

    /// The named headers that are there, shortened, under their own names.
    fn kept(&self, names: &[&str]) -> Document {
        let pairs = names.iter().map(|name| (*name, self.header(name)));
        pairs
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (name.to_owned(), value.chars().take(200).collect::<String>().into()))
            .collect()
    }
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// The picked fields of a delivery, by its source.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "lowercase")]
pub enum Fields {
    /// Sentry.
    Sentry(SentryFields),
    /// UptimeRobot.
    UptimeRobot(MonitorFields),
    /// Resend.
    Resend(ResendFields),
    /// Authentic, but it couldn't be read: the row has the body.
    Unreadable,
}

impl Fields {
    /// What follows from them. `id` is the row's, `source` who delivered.
    pub fn meaning(&self, source: Source, id: &str) -> Meaning {
        match self {
            Self::Sentry(fields) => fields.meaning(),
            Self::UptimeRobot(fields) => fields.meaning(),
            Self::Resend(fields) => fields.meaning(),
            Self::Unreadable => {
                Meaning::Notice(Event::WebhookUnreadable { source: source.as_str().into(), webhook_id: id.into() })
            }
        }
    }

    /// What they are about and whether that began or is over, when there is such a thing.
    pub fn phase(&self) -> Option<(String, Phase)> {
        match self {
            Self::Sentry(fields) => fields.phase(),
            Self::UptimeRobot(fields) => fields.phase(),
            Self::Resend(_) | Self::Unreadable => None,
        }
    }
}

impl Source {
    /// The secrets its deliveries are verified with.
    pub fn secrets(self, integrations: &Integrations) -> &Secrets {
        match self {
            Self::Sentry => &integrations.sentry_webhook,
            Self::UptimeRobot => &integrations.uptimerobot,
            Self::Resend => &integrations.resend_webhook,
        }
    }

    /// Whether a request offers anything to be verified; one that doesn't isn't even read.
    pub fn offers_proof(self, headers: &HeaderMap, query: &str) -> bool {
        match self {
            Self::Sentry => headers.contains_key(sentry::SIGNATURE),
            Self::UptimeRobot => uptimerobot::tokens(headers, query).next().is_some(),
            Self::Resend => headers.contains_key(resend::SIGNATURE),
        }
    }

    /// Verifies a delivery, then reads it.
    pub fn read(self, secrets: &Secrets, raw: &Raw<'_>) -> Result<Reading, Refusal> {
        match self {
            Self::Sentry => sentry::read(secrets, raw),
            Self::UptimeRobot => uptimerobot::read(secrets, raw),
            Self::Resend => resend::read(secrets, raw),
        }
    }
}
