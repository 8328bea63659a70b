//! SMTP, the spare way out for mail.
//!
//! SMTP has no idempotency of its own. Where Resend is behind it, the header `Resend-Idempotency-Key` gives it one; with
//! another server a cut connection after the message's end may mean two copies, of the same `Message-ID`.

use std::time::Duration;

use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use secrecy::{ExposeSecret, SecretString};

use super::{Outcome, Said, clip};
use crate::mail::model::Row;

/// The client.
pub struct Smtp(AsyncSmtpTransport<Tokio1Executor>);

impl Smtp {
    /// A client for `smtps://user:password@host:465`, `smtp://…?tls=required` and the like.
    pub fn new(url: &SecretString, patience: Duration) -> anyhow::Result<Self> {
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret())
            // The error may quote the address, which holds a password.
            .map_err(|_| anyhow::anyhow!("SMTP_URL can't be read"))?;
        Ok(Self(builder.timeout(Some(patience)).build()))
    }

    /// Hands a message over.
    pub async fn send(&self, row: &Row, patience: Duration) -> Outcome {
        let id = message_id(row);
        let message = match message(row, &id) {
            Ok(message) => message,
            Err(error) => return Outcome::Refused { said: Said::nothing(error.to_string()) },
        };
        match tokio::time::timeout(patience, self.0.send(message)).await {
            Ok(Ok(_)) => Outcome::Accepted { message_id: id },
            Ok(Err(error)) => judge(&error),
            Err(_) => Outcome::Retry { said: Said::nothing("no answer in time"), unknown: true, after: None },
        }
    }
}

/// The same on every attempt: mailboxes that get two copies show one.
fn message_id(row: &Row) -> String {
    let domain = row.from.rsplit('@').next().unwrap_or_default().trim_end_matches('>');
    format!("<{}@{domain}>", row.id)
}

fn message(row: &Row, id: &str) -> anyhow::Result<Message> {
    let mut message = Message::builder()
        .from(row.from.parse::<Mailbox>()?)
        .to(row.to().parse::<Mailbox>()?)
        .subject(row.subject.clone())
        .message_id(Some(id.to_owned()))
        .multipart(MultiPart::alternative_plain_html(row.text.clone(), row.html.clone()))?;
    for (name, value) in [
        ("Resend-Idempotency-Key", row.idempotency_key.as_str()),
        ("X-Entity-Ref-ID", row.id.as_str()),
        ("Auto-Submitted", "auto-generated"),
    ] {
        let name = HeaderName::new_from_ascii(name.to_owned())?;
        message.headers_mut().insert_raw(HeaderValue::new(name, value.to_owned()));
    }
    Ok(message)
}

/// What an error means: 535 and its like are about us, other 5xx about this message, 4xx about now.
fn judge(error: &lettre::transport::smtp::Error) -> Outcome {
    let status = error.status().map(u16::from);
    let said = Said {
        status,
        name: None,
        message: clip(&std::error::Error::source(error).map_or_else(|| error.to_string(), |cause| cause.to_string())),
    };
    match status {
        Some(530 | 534 | 535 | 538 | 454) => Outcome::Held { said },
        Some(500..) => Outcome::Refused { said },
        Some(_) => Outcome::Retry { said, unknown: false, after: None },
        None if error.is_client() => Outcome::Refused { said },
        None => Outcome::Retry { said, unknown: true, after: None },
    }
}
