//! The ways out: Resend and SMTP for mail, Twilio for WhatsApp, behind one enum and with one kind of answer.

mod pace;
mod resend;
mod smtp;
mod twilio;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use pace::Pace;
use resend::Resend;
use smtp::Smtp;
use twilio::Twilio;

use super::model::{Channel, Row};
use crate::config::{Integrations, MailTransport};

/// How long a provider may take to answer; after that nobody knows what it did.
const PATIENCE: Duration = Duration::from_secs(15);

/// What came of handing a message over. What matters is what may be done next.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// The provider took it.
    Accepted {
        /// Its id of the message.
        message_id: String,
    },
    /// Not now: again after a while, with the same key.
    Retry {
        /// What was said.
        said: Said,
        /// Whether the provider may have taken it all the same.
        unknown: bool,
        /// Not earlier than this, if the provider said so.
        after: Option<Duration>,
    },
    /// Too fast: everybody waits; nothing was tried.
    Slow {
        /// What was said.
        said: Said,
        /// For how long.
        after: Duration,
    },
    /// This message will never be taken.
    Refused {
        /// What was said.
        said: Said,
    },
    /// The provider takes nothing at all from us: a bad key, a suspended account, a used-up quota.
    Held {
        /// What was said.
        said: Said,
    },
}

/// A provider's answer, as the log keeps it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// Its status; none when it didn't answer.
    pub status: Option<u16>,
    /// Its name for what is wrong, such as `daily_quota_exceeded`.
    pub name: Option<String>,
    /// Its words.
    pub message: String,
}

impl Said {
    fn nothing(message: impl Into<String>) -> Self {
        Self { status: None, name: None, message: clip(&message.into()) }
    }

    /// Without the words, which may hold an address: `422 invalid_parameter`.
    pub fn code(&self) -> String {
        let parts: Vec<String> =
            self.status.map(|status| status.to_string()).into_iter().chain(self.name.clone()).collect();
        if parts.is_empty() { self.message.clone() } else { parts.join(" ") }
    }
}

impl std::fmt::Display for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.status.is_some() || self.name.is_some(), self.message.is_empty()) {
            (true, false) => write!(f, "{}: {}", self.code(), self.message),
            _ => f.write_str(&self.code()),
        }
    }
}

/// As much of a provider's words as a row keeps.
fn clip(text: &str) -> String {
    super::template::one_line(text).chars().take(300).collect()
}

/// The way out of one channel.
enum Transport {
    /// Mail over HTTP.
    Resend(Resend),
    /// Mail over SMTP.
    Smtp(Smtp),
    /// WhatsApp over HTTP.
    Twilio(Twilio),
}

/// The transports of a process, each with the pace it has learnt.
pub struct Post {
    email: Option<(Transport, Pace)>,
    whatsapp: Option<(Transport, Pace)>,
    patience_ms: AtomicU64,
}

impl Post {
    /// The transports that are configured.
    pub fn open(integrations: &Integrations) -> anyhow::Result<Self> {
        crate::app::use_ring();
        let http = reqwest::Client::builder()
            .user_agent(concat!("canje/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(Duration::from_secs(5))
            .build()?;
        let email = match &integrations.mail {
            Some(MailTransport::Resend { api_key, base_url }) => {
                Some(Transport::Resend(Resend::new(http.clone(), api_key.clone(), base_url)))
            }
            Some(MailTransport::Smtp { url }) => Some(Transport::Smtp(Smtp::new(url, PATIENCE)?)),
            None => None,
        };
        let whatsapp = integrations.whatsapp.clone().map(|account| Transport::Twilio(Twilio::new(http, account)));
        Ok(Self {
            email: email.map(|transport| (transport, Pace::default())),
            whatsapp: whatsapp.map(|transport| (transport, Pace::default())),
            patience_ms: AtomicU64::new(u64::try_from(PATIENCE.as_millis()).unwrap_or(u64::MAX)),
        })
    }

    /// How long to wait for an answer from now on.
    pub fn set_patience(&self, patience: Duration) {
        self.patience_ms.store(u64::try_from(patience.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// The provider's name, if the channel has one.
    pub fn provider(&self, channel: Channel) -> Option<&'static str> {
        self.of(channel).map(|(transport, _)| match transport {
            Transport::Resend(_) => "resend",
            Transport::Smtp(_) => "smtp",
            Transport::Twilio(_) => "twilio",
        })
    }

    /// Waits until the provider may be asked again.
    pub(super) async fn turn(&self, channel: Channel) {
        if let Some((_, pace)) = self.of(channel) {
            pace.turn().await;
        }
    }

    /// Hands a message over. A caller that isn't polled to the end leaves a message of which nobody knows whether it went.
    pub(super) async fn send(&self, channel: Channel, row: &Row) -> Outcome {
        let Some((transport, pace)) = self.of(channel) else {
            return Outcome::Held { said: Said::nothing("not configured") };
        };
        let patience = Duration::from_millis(self.patience_ms.load(Ordering::Relaxed));
        match transport {
            Transport::Resend(resend) => resend.send(row, patience, pace).await,
            Transport::Smtp(smtp) => smtp.send(row, patience).await,
            Transport::Twilio(twilio) => twilio.send(row, patience).await,
        }
    }

    fn of(&self, channel: Channel) -> Option<&(Transport, Pace)> {
        match channel {
            Channel::Email => self.email.as_ref(),
            Channel::WhatsApp => self.whatsapp.as_ref(),
        }
    }
}

/// What a request that got no answer means: a connection that was never made sent nothing.
fn unanswered(error: &reqwest::Error) -> Outcome {
    let never_left = error.is_connect() || error.is_builder();
    let why = if error.is_timeout() && !error.is_connect() {
        "no answer in time"
    } else if never_left {
        "no connection"
    } else {
        "the connection was cut"
    };
    Outcome::Retry { said: Said::nothing(why), unknown: !never_left, after: None }
}
