//! A stored delivery, and what it means.

use std::time::Duration;

use bson::{DateTime, Document, doc};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::sources::Fields;
use crate::db::indexes::Direction::{Ascending, Descending};
use crate::db::{IndexSpec, Stored};
use crate::mail::feedback::Feedback;
use crate::notifications::Event;

/// How long a row is kept.
pub const KEPT: Duration = Duration::from_secs(180 * 24 * 60 * 60);

macro_rules! names {
    ($(#[$doc:meta])* $kind:ident { $($(#[$variant_doc:meta])* $variant:ident = $name:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum $kind { $($(#[$variant_doc])* #[serde(rename = $name)] $variant,)+ }

        impl $kind {
            /// All of them.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$variant),+];

            /// The stored name.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The one with this stored name.
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|one| one.as_str() == name)
            }
        }
    };
}

names! {
    /// Who delivers.
    Source {
        /// Errors, issues and metric alerts.
        Sentry = "sentry",
        /// Monitors of the public site.
        UptimeRobot = "uptimerobot",
        /// What became of mail.
        Resend = "resend",
    }
}

names! {
    /// How far a delivery is.
    Status {
        /// Stored, waits for its turn.
        Received = "received",
        /// Its notice or its mark is there.
        Processed = "processed",
        /// Nothing follows from it; the row says why.
        Ignored = "ignored",
        /// Processing failed; it is tried again until it is given up.
        Failed = "failed",
    }
}

names! {
    /// Whether a delivery says that something began or that it is over.
    Phase {
        /// It began, or goes on.
        Open = "open",
        /// It is over.
        Close = "close",
    }
}

/// A document of `webhook_events`. Its `_id` is the id that pages, commands and notices name.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Delivery {
    /// A version 7 UUID.
    #[serde(rename = "_id")]
    pub id: String,
    /// Who delivered.
    pub source: Source,
    /// The same delivery again has the same key; unique with the source.
    pub dedupe_key: String,
    /// When it arrived, by our clock.
    pub received_at: DateTime,
    /// Always true: what isn't authentic is counted and not stored.
    pub authentic: bool,
    /// How far it is.
    pub status: Status,
    /// How often it was processed.
    #[serde(default)]
    pub attempts: i32,
    /// Why it failed or is ignored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Selected headers: ids, timestamps, the resource. Never a signature or a token.
    #[serde(default)]
    pub headers: Document,
    /// The picked fields; see `Fields`. A document, so that one unreadable row doesn't spoil a batch.
    pub fields: Document,
    /// SHA-256 of the raw body, in hexadecimal.
    pub body_sha256: String,
    /// The raw body, at most 64 KB, only when it couldn't be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// What it is about, such as `issue:4711`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// Whether that began or is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phase: Option<Phase>,
    /// Its own time by the sender's clock, else when it arrived.
    pub occurred_at: DateTime,
    /// From when on it is to be processed; absent when nothing remains to be done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<DateTime>,
    /// When it was processed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub processed_at: Option<DateTime>,
    /// When the server forgets it.
    pub expires_at: DateTime,
}

impl Stored for Delivery {
    const COLLECTION: &'static str = "webhook_events";
    const INDEXES: &'static [IndexSpec] = &[
        IndexSpec::new("dedupe_key", &[("source", Ascending), ("dedupe_key", Ascending)]).unique(),
        IndexSpec::new("due_at", &[("due_at", Ascending), ("_id", Ascending)])
            .only_where(|| doc! { "due_at": { "$type": "date" } }),
        IndexSpec::new("newest", &[("received_at", Descending), ("_id", Descending)]),
        IndexSpec::new("source", &[("source", Ascending), ("received_at", Descending), ("_id", Descending)]),
        IndexSpec::new("status", &[("status", Ascending), ("received_at", Descending), ("_id", Descending)]),
        IndexSpec::new("object", &[("object", Ascending), ("phase", Ascending), ("occurred_at", Ascending)])
            .only_where(|| doc! { "object": { "$type": "string" } }),
        IndexSpec::new("expires_at", &[("expires_at", Ascending)]).expires_after(Duration::ZERO),
    ];
}

/// What follows from a delivery.
#[derive(Clone, Debug, PartialEq)]
pub enum Meaning {
    /// Somebody has to know.
    Notice(Event),
    /// Something became of a message of ours.
    Feedback(Feedback),
    /// Nothing, for this reason.
    Nothing(&'static str),
}

/// A delivery that was verified and read, about to be stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// See [`Delivery::dedupe_key`].
    pub dedupe_key: String,
    /// Selected headers.
    pub headers: Document,
    /// The picked fields.
    pub fields: Fields,
    /// The raw body, when it couldn't be read.
    pub body: Option<String>,
    /// Its own time, if it tells one.
    pub occurred_at: Option<Timestamp>,
}

/// Why a delivery isn't taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// No signature or token, a wrong one, or one that is too old: 401.
    Stranger,
    /// A stranger beyond the limit of its address: 429.
    Flood,
    /// Authentic, but not what the service sends: 400.
    Malformed,
    /// Larger than the source may send: 413.
    TooLarge,
}

impl Refusal {
    /// The name it is counted under.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Stranger => "rejected",
            Self::Flood => "limited",
            Self::Malformed => "malformed",
            Self::TooLarge => "too_large",
        }
    }
}

impl Source {
    /// Largest body taken, in bytes.
    pub fn body_limit(self) -> usize {
        match self {
            Self::Sentry | Self::UptimeRobot => 1024 * 1024,
            Self::Resend => 256 * 1024,
        }
    }

    /// Where it delivers.
    pub fn path(self) -> &'static str {
        match self {
            Self::Sentry => "/api/notifications/webhooks/sentry",
            Self::UptimeRobot => "/api/notifications/webhooks/uptimerobot",
            Self::Resend => "/api/notifications/webhooks/resend",
        }
    }
}
