//! What the twin of Resend holds: messages, remembered keys, its rate.

use std::collections::{HashMap, VecDeque};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use serde_json::Value;

use super::check::Checked;
use super::hook::Oddity;

/// How many messages are remembered.
const KEPT: usize = 1_000;
/// How long a key is remembered.
const MEMORY: Duration = Duration::from_secs(24 * 60 * 60);
/// Requests a second.
const LIMIT: u32 = 10;

/// A message that was taken.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its id.
    pub id: String,
    /// When.
    pub at: Timestamp,
    /// The sender.
    pub from: String,
    /// The recipients.
    pub to: Vec<String>,
    /// The subject.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The HTML.
    pub html: String,
    /// The whole request.
    pub body: Value,
    /// The request's headers, the key excepted.
    pub headers: Vec<(String, String)>,
    /// The webhooks sent about it: type, and the status they were answered with.
    pub told: Vec<(String, Option<u16>)>,
}

impl Message {
    /// A header of the request.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// What is known of a key.
enum Known {
    InFlight { body: Vec<u8> },
    Done { body: Vec<u8>, answer: Value, at: Timestamp },
}

/// What a key's request is.
pub enum Begun {
    /// Nobody used it.
    New,
    /// The same request was answered with this.
    Done(Value),
    /// The same request is being answered.
    InFlight,
    /// Another request used it.
    Different,
}

/// The rate as the headers tell it.
pub struct Rate {
    /// A second.
    pub limit: u32,
    /// Left of them.
    pub remaining: u32,
    /// None were left for this request.
    pub is_empty: bool,
}

struct Held {
    messages: VecDeque<Message>,
    keys: HashMap<String, Known>,
    limit: u32,
    left: f64,
    drawn: Option<Instant>,
    oddities: VecDeque<Oddity>,
}

/// Everything remembered.
pub struct Mailbox(Mutex<Held>);

impl Default for Mailbox {
    fn default() -> Self {
        Self(Mutex::new(Held {
            messages: VecDeque::new(),
            keys: HashMap::new(),
            limit: LIMIT,
            left: f64::from(LIMIT),
            drawn: None,
            oddities: VecDeque::new(),
        }))
    }
}

impl Mailbox {
    /// Everything that was taken, oldest first.
    pub fn messages(&self) -> Vec<Message> {
        self.lock().messages.iter().cloned().collect()
    }

    /// What was taken for an address, oldest first.
    pub fn to(&self, address: &str) -> Vec<Message> {
        self.lock()
            .messages
            .iter()
            .filter(|message| message.to.iter().any(|to| to.contains(address)))
            .cloned()
            .collect()
    }

    /// Takes this many requests a second from now on.
    pub fn set_limit(&self, per_second: u32) {
        let mut held = self.lock();
        (held.limit, held.left) = (per_second, f64::from(per_second));
    }

    /// Sends the next webhook in this odd way.
    pub fn next_webhook(&self, oddity: Oddity) {
        self.lock().oddities.push_back(oddity);
    }

    pub(super) fn oddity(&self) -> Option<Oddity> {
        self.lock().oddities.pop_front()
    }

    pub(super) fn told(&self, id: &str, kind: &str, status: Option<u16>) {
        if let Some(message) = self.lock().messages.iter_mut().find(|message| message.id == id) {
            message.told.push((kind.to_owned(), status));
        }
    }

    /// One request out of the bucket.
    pub(super) fn draw(&self) -> Rate {
        let mut held = self.lock();
        let (limit, now) = (f64::from(held.limit), Instant::now());
        let passed = held.drawn.map_or(0.0, |drawn| now.duration_since(drawn).as_secs_f64());
        held.left = (held.left + passed * limit).min(limit);
        held.drawn = Some(now);
        let is_empty = held.left < 1.0;
        if !is_empty {
            held.left -= 1.0;
        }
        Rate { limit: held.limit, remaining: held.left as u32, is_empty }
    }

    pub(super) fn begin(&self, key: &str, body: &[u8], now: Timestamp) -> Begun {
        let mut held = self.lock();
        match held.keys.get(key) {
            Some(Known::InFlight { body: earlier }) if earlier == body => return Begun::InFlight,
            Some(Known::Done { body: earlier, answer, at }) if now < *at + MEMORY => {
                return if earlier == body { Begun::Done(answer.clone()) } else { Begun::Different };
            }
            Some(Known::InFlight { .. }) => return Begun::Different,
            _ => {}
        }
        held.keys.insert(key.to_owned(), Known::InFlight { body: body.to_vec() });
        Begun::New
    }

    /// Remembers an answer; a refusal isn't remembered.
    pub(super) fn end(&self, key: &str, answer: Option<&Value>, at: Timestamp) {
        let mut held = self.lock();
        let Some(Known::InFlight { body }) = held.keys.remove(key) else { return };
        if let Some(answer) = answer {
            held.keys.insert(key.to_owned(), Known::Done { body, answer: answer.clone(), at });
        }
    }

    pub(super) fn keep(&self, checked: Checked, headers: Vec<(String, String)>, at: Timestamp) -> Message {
        let text = |part: &str| checked.body[part].as_str().unwrap_or_default().to_owned();
        let message = Message {
            id: uuid::Uuid::new_v4().to_string(),
            at,
            from: checked.from.clone(),
            to: checked.to.clone(),
            subject: text("subject"),
            text: text("text"),
            html: text("html"),
            body: checked.body,
            headers,
            told: Vec::new(),
        };
        let mut held = self.lock();
        if held.messages.len() == KEPT {
            held.messages.pop_front();
        }
        held.messages.push_back(message.clone());
        message
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
