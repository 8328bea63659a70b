//! A row of the outbox, which is also the log.

use bson::oid::ObjectId;
use bson::{DateTime, Document, doc};
use serde::{Deserialize, Serialize};

use crate::db::indexes::Direction::{Ascending, Descending};
use crate::db::{Db, Declared, IndexSpec};

/// By which way messages leave. Both have an outbox of the same shape and the same sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// E-mail.
    Email,
    /// WhatsApp.
    WhatsApp,
}

impl Channel {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Email, Self::WhatsApp];

    /// The stored name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::WhatsApp => "whatsapp",
        }
    }

    /// Its outbox.
    pub fn collection(self) -> &'static str {
        match self {
            Self::Email => "email_logs",
            Self::WhatsApp => "whatsapp_logs",
        }
    }

    pub(super) fn rows(self, db: &Db) -> mongodb::Collection<Row> {
        db.live.collection(self.collection())
    }
}

macro_rules! stored_names {
    ($(#[$doc:meta])* $name:ident { $($(#[$case_doc:meta])* $variant:ident = $stored:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum $name { $($(#[$case_doc])* #[serde(rename = $stored)] $variant,)+ }

        impl $name {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stored name.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $stored,)+ }
            }

            /// The one with this stored name.
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == name)
            }
        }
    };
}

stored_names! {
    /// How far a message is.
    Status {
        /// Waits for its time.
        Queued = "queued",
        /// A sender has it. When its time comes again, that sender is gone and another one takes it.
        Sending = "sending",
        /// The provider took it.
        Sent = "sent",
        /// Given up.
        Failed = "failed",
        /// Not sent, on purpose; the reason is in `error_message`.
        Skipped = "skipped",
    }
}

stored_names! {
    /// What became of it at the provider.
    Delivery {
        /// It left the provider.
        Sent = "sent",
        /// The other side hesitates.
        Delayed = "delayed",
        /// The other side took it.
        Delivered = "delivered",
        /// It came back.
        Bounced = "bounced",
        /// Somebody called it spam.
        Complained = "complained",
        /// The provider couldn't send it.
        Failed = "failed",
        /// The provider refuses the address.
        Suppressed = "suppressed",
    }
}

impl Delivery {
    /// Reports come in any order: only a higher rank replaces a lower one.
    pub fn rank(self) -> i32 {
        match self {
            Self::Sent => 1,
            Self::Delayed => 2,
            Self::Delivered => 3,
            Self::Bounced | Self::Failed | Self::Suppressed => 4,
            Self::Complained => 5,
        }
    }
}

/// One try, as the log keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attempt {
    /// When it ended.
    pub at: DateTime,
    /// Which provider: `resend`, `smtp`, `twilio`.
    pub provider: String,
    /// What came of it: `accepted`, `retry`, `unknown`, `slow`, `held`, `refused`.
    pub outcome: String,
    /// The provider's status, if it answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<i32>,
    /// The provider's words.
    pub said: String,
}

/// One report of the provider, as the log keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// When, by the provider's clock.
    pub at: DateTime,
    /// What became of the message.
    pub delivery: Delivery,
    /// The provider's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

/// Tries and reports kept on a row.
pub(super) const KEPT: i32 = 20;

/// A document of `email_logs` or `whatsapp_logs`. Rendered once; what is sent is what stands here, on every attempt.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Row {
    /// Orders rows of the same moment.
    #[serde(rename = "_id")]
    pub oid: ObjectId,
    /// UUID.
    pub id: String,
    /// The same key is sent once, ever.
    pub dedupe_key: String,
    /// What the provider is told, so that it takes a repeated attempt for what it is.
    pub idempotency_key: String,
    /// The template's name.
    pub template: String,
    /// The address, of mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_email: Option<String>,
    /// The number in E.164, of a WhatsApp message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to_phone: Option<String>,
    /// The sender, as `Name <address>` or as a number.
    #[serde(rename = "from_email")]
    pub from: String,
    /// One line; empty for WhatsApp.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The HTML; empty for WhatsApp.
    pub html: String,
    /// `ecommerce`, `studio`, `ugc`, `brands`, `system`.
    pub sender_type: String,
    /// What it is about: `incident`, `user`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity_type: Option<String>,
    /// Which one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity_id: Option<String>,
    /// What it was drawn from: references and amounts.
    #[serde(default, skip_serializing_if = "Document::is_empty")]
    pub params: Document,
    /// The bodies without their secrets, while the real ones wait to be sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub masked: Option<Masked>,
    /// Holds, or held, a reset link or a code.
    #[serde(default)]
    pub is_secret: bool,
    /// Goes even to an address that bounced or complained.
    #[serde(default)]
    pub is_essential: bool,
    /// Before everything that isn't.
    #[serde(default)]
    pub is_urgent: bool,
    /// How far it is.
    pub status: Status,
    /// What became of it at the provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Delivery>,
    /// Its rank, for reports that come late.
    #[serde(default)]
    pub delivery_rank: i32,
    /// Tries that counted.
    #[serde(default)]
    pub attempts: i32,
    /// When it is tried next, or when a sender that has it is taken for gone. Only while it waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_attempt_at: Option<DateTime>,
    /// The first try that the provider may have accepted: its memory of the key counts from here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_used_at: Option<DateTime>,
    /// The sender that has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<String>,
    /// Why it isn't sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_message: Option<String>,
    /// The provider's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    /// The last tries.
    #[serde(default)]
    pub tries: Vec<Attempt>,
    /// The last reports of the provider.
    #[serde(default)]
    pub reports: Vec<Report>,
    /// The row this one repeats by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resent_from: Option<String>,
    /// When it was queued.
    pub created_at: DateTime,
    /// When the provider took it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sent_at: Option<DateTime>,
}

/// The bodies as the log may show them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Masked {
    /// The plain text.
    pub text: String,
    /// The HTML.
    pub html: String,
}

impl Row {
    /// Whom it is for.
    pub fn to(&self) -> &str {
        self.to_email.as_deref().or(self.to_phone.as_deref()).unwrap_or_default()
    }

    /// The plain text as the log shows it.
    pub fn shown_text(&self) -> &str {
        self.masked.as_ref().map_or(&self.text, |masked| &masked.text)
    }

    /// The HTML as the log shows it.
    pub fn shown_html(&self) -> &str {
        self.masked.as_ref().map_or(&self.html, |masked| &masked.html)
    }
}

const NEWEST: IndexSpec = IndexSpec::new("newest", &[("created_at", Descending), ("_id", Descending)]);
const BY_STATUS: IndexSpec =
    IndexSpec::new("status", &[("status", Ascending), ("created_at", Descending), ("_id", Descending)]);
const BY_TEMPLATE: IndexSpec =
    IndexSpec::new("template", &[("template", Ascending), ("created_at", Descending), ("_id", Descending)]);
const BY_ID: IndexSpec = IndexSpec::new("id", &[("id", Ascending)]).unique();
const DEDUPE: IndexSpec = IndexSpec::new("dedupe_key", &[("dedupe_key", Ascending)])
    .unique()
    .only_where(|| doc! { "dedupe_key": { "$type": "string" } });
const DUE: IndexSpec = IndexSpec::new("due", &[("is_urgent", Ascending), ("next_attempt_at", Ascending)]);
const BY_MESSAGE: IndexSpec = IndexSpec::new("message_id", &[("message_id", Ascending)])
    .only_where(|| doc! { "message_id": { "$type": "string" } });
const INDEXES: &[IndexSpec] = &[NEWEST, BY_STATUS, BY_TEMPLATE, BY_ID, DEDUPE, DUE, BY_MESSAGE];

/// Both outboxes.
pub(super) const OUTBOXES: [Declared; 2] = [
    Declared { collection: "email_logs", indexes: INDEXES },
    Declared { collection: "whatsapp_logs", indexes: INDEXES },
];
