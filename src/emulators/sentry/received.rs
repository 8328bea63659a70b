//! What the twin of Sentry holds: envelopes as they came, items by kind, and the state of every check-in.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Mutex;

use jiff::Timestamp;
use serde_json::Value;

use super::envelope::{Envelope, Item};

/// How many envelopes are remembered.
const KEPT: usize = 500;

/// One execution of a monitored schedule.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckIn {
    /// The monitor.
    pub slug: String,
    /// The environment it ran in.
    pub environment: Option<String>,
    /// Whether `in_progress` arrived.
    pub has_begun: bool,
    /// `ok` or `error`, once it ended.
    pub ended: Option<String>,
    /// In seconds, as told at its end.
    pub duration: Option<f64>,
    /// The schedule that came with it.
    pub config: Value,
}

impl CheckIn {
    /// What is odd about it: an end without a start, or a start without an end so far.
    pub fn oddity(&self) -> Option<&'static str> {
        match (self.has_begun, &self.ended) {
            (true, None) => Some("in_progress without end"),
            (false, Some(_)) => Some("end without start"),
            _ => None,
        }
    }
}

#[derive(Default)]
struct Held {
    /// Items with the time of their arrival, oldest first.
    items: VecDeque<(Timestamp, Item)>,
    raw: VecDeque<String>,
    check_ins: BTreeMap<String, CheckIn>,
}

/// Everything remembered.
#[derive(Default)]
pub struct Received(Mutex<Held>);

impl Received {
    /// The payloads of a kind, oldest first.
    pub fn of(&self, kind: &str) -> Vec<Value> {
        self.lock().items.iter().filter(|(_, item)| item.kind == kind).map(|(_, item)| item.payload.clone()).collect()
    }

    /// Every item with the time of its arrival, oldest first.
    pub fn items(&self) -> Vec<(Timestamp, Item)> {
        self.lock().items.iter().cloned().collect()
    }

    /// The envelopes as they arrived, unpacked: what must not be in there can be searched for.
    pub fn raw(&self) -> Vec<String> {
        self.lock().raw.iter().cloned().collect()
    }

    /// Every check-in by its id.
    pub fn check_ins(&self) -> BTreeMap<String, CheckIn> {
        self.lock().check_ins.clone()
    }

    pub(super) fn take(&self, at: Timestamp, envelope: Envelope, raw: String) {
        for item in envelope.items.iter().filter(|item| item.kind == "check_in") {
            // One that can't be read is still listed among the items.
            let _ = self.check_in(at, &item.payload);
        }
        let mut held = self.lock();
        held.raw.push_back(raw);
        held.items.extend(envelope.items.into_iter().map(|item| (at, item)));
        let (raw, items) = (held.raw.len().saturating_sub(KEPT), held.items.len().saturating_sub(KEPT));
        held.raw.drain(..raw);
        held.items.drain(..items);
    }

    pub(super) fn check_in(&self, at: Timestamp, said: &Value) -> Result<(), &'static str> {
        let text = |name: &str| said[name].as_str().map(str::to_owned);
        let slug = text("monitor_slug").ok_or("no monitor_slug")?;
        let status = text("status").ok_or("no status")?;
        let id = text("check_in_id").unwrap_or_else(|| format!("{slug} {at}"));
        let mut held = self.lock();
        let entry = held.check_ins.entry(id).or_insert_with(|| CheckIn {
            slug,
            environment: text("environment"),
            has_begun: false,
            ended: None,
            duration: None,
            config: Value::Null,
        });
        if said["monitor_config"].is_object() {
            entry.config = said["monitor_config"].clone();
        }
        match status.as_str() {
            "in_progress" => entry.has_begun = true,
            "ok" | "error" => {
                entry.ended = Some(status);
                entry.duration = said["duration"].as_f64();
            }
            _ => return Err("no such status"),
        }
        Ok(())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
