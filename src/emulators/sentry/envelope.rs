//! Sentry's envelope: lines of JSON, each item with or without its length.

use serde_json::Value;

/// A parsed envelope.
#[derive(Debug)]
pub struct Envelope {
    /// The first line.
    pub headers: Value,
    /// What it carries.
    pub items: Vec<Item>,
}

/// One item of an envelope.
#[derive(Clone, Debug)]
pub struct Item {
    /// `event`, `transaction`, `check_in`, `sessions`, …
    pub kind: String,
    /// The payload, or null when it isn't JSON.
    pub payload: Value,
    /// Its size, in bytes.
    pub bytes: usize,
}

impl Envelope {
    /// Reads an envelope, or says what is wrong with it.
    pub fn parse(body: &[u8]) -> Result<Self, &'static str> {
        let (first, mut rest) = line(body);
        let headers = json_object(first).ok_or("the envelope's header is no JSON object")?;
        let mut items = Vec::new();
        while !rest.iter().all(u8::is_ascii_whitespace) {
            let (head, after) = line(rest);
            if head.is_empty() {
                rest = after;
                continue;
            }
            let head = json_object(head).ok_or("an item's header is no JSON object")?;
            let kind = head["type"].as_str().ok_or("an item has no type")?.to_owned();
            let payload;
            match head.get("length") {
                Some(length) => {
                    let length = length.as_u64().and_then(|length| usize::try_from(length).ok());
                    let length = length.ok_or("an item's length is no number")?;
                    payload = after.get(..length).ok_or("an item is shorter than its length")?;
                    rest = &after[length..];
                    match rest.first() {
                        None => {}
                        Some(b'\n') => rest = &rest[1..],
                        Some(_) => return Err("an item is longer than its length"),
                    }
                }
                None => (payload, rest) = line(after),
            }
            let read = serde_json::from_slice(payload).unwrap_or(Value::Null);
            if read.is_null() && matches!(kind.as_str(), "event" | "transaction" | "check_in" | "sessions") {
                return Err("an item that has to be JSON isn't");
            }
            items.push(Item { kind, payload: read, bytes: payload.len() });
        }
        if items.iter().filter(|item| matches!(item.kind.as_str(), "event" | "transaction")).count() > 1 {
            return Err("more than one event");
        }
        Ok(Self { headers, items })
    }

    /// The id of the event it is about; a made-up one when there is none.
    pub fn id(&self) -> String {
        self.headers["event_id"].as_str().map_or_else(|| uuid::Uuid::new_v4().simple().to_string(), str::to_owned)
    }
}

fn line(bytes: &[u8]) -> (&[u8], &[u8]) {
    match bytes.iter().position(|byte| *byte == b'\n') {
        Some(end) => (&bytes[..end], &bytes[end + 1..]),
        None => (bytes, &[]),
    }
}

fn json_object(bytes: &[u8]) -> Option<Value> {
    serde_json::from_slice::<Value>(bytes).ok().filter(Value::is_object)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_read_with_and_without_their_length() {
        let body = b"{\"event_id\":\"9ec7\"}\n{\"type\":\"event\"}\n{\"a\":1}\n{\"type\":\"attachment\",\"length\":3}\n\n\x00x\n";
        let envelope = Envelope::parse(body).unwrap();
        assert_eq!(envelope.id(), "9ec7");
        let seen: Vec<_> = envelope.items.iter().map(|item| (item.kind.as_str(), item.bytes)).collect();
        assert_eq!(seen, [("event", 7), ("attachment", 3)]);
        assert!(Envelope::parse(b"{}").unwrap().items.is_empty());
    }

    #[test]
    fn damaged_envelopes_are_refused() {
        for body in [
            &b""[..],
            b"[]\n",
            b"{}\n{\"type\":\"event\",\"length\":9}\n{}",
            b"{}\n{\"type\":\"event\",\"length\":1}\n{}\n",
            b"{}\n{\"no\":1}\n{}\n",
            b"{}\n{\"type\":\"event\"}\nnot json\n",
            b"{}\n{\"type\":\"event\"}\n{}\n{\"type\":\"transaction\"}\n{}\n",
        ] {
            assert!(Envelope::parse(body).is_err(), "{}", String::from_utf8_lossy(body));
        }
    }
}
