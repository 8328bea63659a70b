//! WhatsApp through Twilio.
//!
//! Twilio has no idempotency key. So after an attempt whose outcome nobody knows, the next one first asks which messages
//! that number got since, and takes the one with these words for this one.

use std::time::Duration;

use http::StatusCode;
use jiff::Timestamp;
use secrecy::ExposeSecret;
use serde::Deserialize;

use super::{Outcome, Said, clip, unanswered};
use crate::config::WhatsApp;
use crate::db::timestamp;
use crate::mail::model::Row;

/// How long everybody waits after a 429 that doesn't say.
const SLOW: Duration = Duration::from_secs(1);
/// How far Twilio's clock may be behind ours.
const CLOCKS: Duration = Duration::from_secs(60);

/// The client.
pub struct Twilio {
    http: reqwest::Client,
    account: WhatsApp,
    url: String,
}

#[derive(Deserialize)]
struct Message {
    sid: String,
    #[serde(default)]
    body: String,
    /// As mail writes dates.
    #[serde(default)]
    date_created: Option<String>,
}

impl Message {
    /// Whether it has these words and was made since then, give or take the difference of two clocks.
    fn is(&self, text: &str, since: Timestamp) -> bool {
        let made = self.date_created.as_deref().and_then(|at| jiff::fmt::rfc2822::parse(at).ok());
        self.body == text && made.is_none_or(|made| made.timestamp() + CLOCKS > since)
    }
}

#[derive(Deserialize)]
struct Listed {
    messages: Vec<Message>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Problem {
    code: Option<i64>,
    message: Option<String>,
}

impl Twilio {
    /// A client of this account.
    pub fn new(http: reqwest::Client, account: WhatsApp) -> Self {
        let url = format!("{}/2010-04-01/Accounts/{}/Messages.json", account.base_url, account.account_sid);
        Self { http, account, url }
    }

    /// Hands a message over.
    pub async fn send(&self, row: &Row, patience: Duration) -> Outcome {
        if row.key_used_at.is_some() {
            match self.earlier(row, patience).await {
                Ok(Some(sid)) => return Outcome::Accepted { message_id: sid },
                Ok(None) => {}
                Err(outcome) => return outcome,
            }
        }
        let (from, to) = (address(&row.from), address(row.to()));
        let fields = [("From", from.as_str()), ("To", to.as_str()), ("Body", row.text.as_str())];
        match self.ask(self.http.post(&self.url), &fields, patience).await {
            Ok((status, body)) if status.is_success() => match serde_json::from_slice::<Message>(&body) {
                Ok(message) => Outcome::Accepted { message_id: message.sid },
                Err(_) => Outcome::Retry {
                    said: Said { status: Some(status.as_u16()), name: None, message: "an answer without an id".into() },
                    unknown: true,
                    after: None,
                },
            },
            Ok((status, body)) => judge(status, &body),
            Err(error) => unanswered(&error),
        }
    }

    /// The message with these words that the number got since the first attempt, if any.
    async fn earlier(&self, row: &Row, patience: Duration) -> Result<Option<String>, Outcome> {
        let since = row.key_used_at.and_then(timestamp).unwrap_or_default();
        let query = [
            ("To", address(row.to())),
            ("DateSent>", since.strftime("%Y-%m-%d").to_string()),
            ("PageSize", "50".to_owned()),
        ];
        let query = serde_urlencoded::to_string(query).unwrap_or_default();
        let request = self.http.get(format!("{}?{query}", self.url));
        // Nothing is known of the first attempt until this is answered.
        let unsure = |said| Outcome::Retry { said, unknown: true, after: None };
        match self.ask(request, &[], patience).await {
            Ok((status, body)) if status.is_success() => {
                let listed: Listed = serde_json::from_slice(&body)
                    .map_err(|_| unsure(Said { status: Some(status.as_u16()), ..Said::default() }))?;
                let found = listed.messages.into_iter().find(|message| message.is(&row.text, since));
                Ok(found.map(|message| message.sid))
            }
            Ok((status, body)) => Err(judge(status, &body)),
            Err(_) => Err(unsure(Said::nothing("no answer"))),
        }
    }

    async fn ask(
        &self,
        request: reqwest::RequestBuilder,
        fields: &[(&str, &str)],
        patience: Duration,
    ) -> Result<(StatusCode, Vec<u8>), reqwest::Error> {
        let request = request
            .basic_auth(&self.account.account_sid, Some(self.account.auth_token.expose_secret()))
            .timeout(patience);
        let request = match serde_urlencoded::to_string(fields) {
            Ok(form) if !form.is_empty() => {
                request.header(http::header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(form)
            }
            _ => request,
        };
        let answer = request.send().await?;
        let status = answer.status();
        Ok((status, answer.bytes().await?.to_vec()))
    }
}

fn address(number: &str) -> String {
    format!("whatsapp:{number}")
}

/// What a refusal means, by status and Twilio's own numbers.
fn judge(status: StatusCode, body: &[u8]) -> Outcome {
    let problem: Problem = serde_json::from_slice(body).unwrap_or_default();
    let said = Said {
        status: Some(status.as_u16()),
        name: problem.code.map(|code| code.to_string()),
        message: clip(&problem.message.unwrap_or_default()),
    };
    match (status.as_u16(), problem.code) {
        (401 | 403, _) | (_, Some(20003 | 63007 | 90010)) => Outcome::Held { said },
        (429, _) | (_, Some(20429)) => Outcome::Slow { said, after: SLOW },
        (500.., _) => Outcome::Retry { said, unknown: true, after: None },
        _ => Outcome::Refused { said },
    }
}
