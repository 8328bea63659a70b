//! What Resend takes and what it refuses.

use serde_json::Value;

/// A refusal: status, name, words.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The HTTP status.
    pub status: u16,
    /// The name clients decide by.
    pub name: &'static str,
    /// The words.
    pub message: String,
}

impl Problem {
    /// A refusal.
    pub fn new(status: u16, name: &'static str, message: impl Into<String>) -> Self {
        Self { status, name, message: message.into() }
    }
}

/// A message that has everything it needs.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The sender, as written.
    pub from: String,
    /// The recipients.
    pub to: Vec<String>,
    /// The whole request.
    pub body: Value,
}

/// Most recipients of a message.
const RECIPIENTS: usize = 50;
/// Most messages of a batch.
const BATCH: usize = 100;
/// A whole message, after base64, in bytes.
const MESSAGE_BYTES: usize = 40 * 1024 * 1024;
/// Longest part of a tag.
const TAG_CHARACTERS: usize = 256;

/// One message.
pub fn message(body: &Value, in_batch: bool) -> Result<Checked, Problem> {
    let missing = |field: &str| Problem::new(422, "missing_required_field", format!("Missing `{field}` field."));
    if !body.is_object() {
        return Err(Problem::new(422, "validation_error", "The body must be an object"));
    }
    let from = body["from"].as_str().filter(|from| !from.is_empty()).ok_or_else(|| missing("from"))?;
    let to = texts(&body["to"]).filter(|to| !to.is_empty()).ok_or_else(|| missing("to"))?;
    if to.len() > RECIPIENTS {
        return Err(Problem::new(422, "validation_error", "The `to` field takes at most 50 addresses."));
    }
    if to.iter().any(|to| to.parse::<lettre::message::Mailbox>().is_err()) {
        return Err(Problem::new(422, "validation_error", "Invalid `to` field."));
    }
    if from.parse::<lettre::message::Mailbox>().is_err() {
        return Err(Problem::new(422, "invalid_from_address", "Invalid `from` field."));
    }
    let subject = body["subject"].as_str().ok_or_else(|| missing("subject"))?;
    if subject.contains(['\r', '\n']) {
        return Err(Problem::new(422, "validation_error", "The `subject` field is one line."));
    }
    if body["html"].as_str().is_none() && body["text"].as_str().is_none() {
        return Err(missing("html"));
    }
    for (field, value) in body["headers"].as_object().into_iter().flatten() {
        if !value.is_string() || field.is_empty() {
            return Err(Problem::new(422, "validation_error", "Invalid `headers` field."));
        }
    }
    tags(&body["tags"])?;
    if in_batch && (!body["attachments"].is_null() || !body["scheduled_at"].is_null()) {
        return Err(Problem::new(422, "validation_error", "A batch takes no attachments and no schedule."));
    }
    let attached = body["attachments"].as_array().into_iter().flatten();
    let attached: usize = attached.map(|one| one["content"].as_str().map_or(0, str::len)).sum();
    let written: usize = ["html", "text"].iter().map(|part| body[*part].as_str().map_or(0, str::len)).sum();
    if attached + written > MESSAGE_BYTES {
        return Err(Problem::new(422, "invalid_attachment", "The message is larger than 40 MB."));
    }
    Ok(Checked { from: from.to_owned(), to, body: body.clone() })
}

/// Messages of a batch and the problems of the others.
type Batch = (Vec<Checked>, Vec<(usize, Problem)>);

/// A batch: all or nothing, unless it is permissive.
pub fn batch(body: &Value, is_permissive: bool) -> Result<Batch, Problem> {
    let items = body.as_array().ok_or_else(|| Problem::new(422, "validation_error", "The body must be an array"))?;
    if items.is_empty() || items.len() > BATCH {
        return Err(Problem::new(422, "validation_error", "A batch takes 1 to 100 messages."));
    }
    let (mut good, mut bad) = (Vec::new(), Vec::new());
    for (index, item) in items.iter().enumerate() {
        match message(item, true) {
            Ok(message) => good.push(message),
            Err(problem) if is_permissive => bad.push((index, problem)),
            Err(problem) => return Err(problem),
        }
    }
    Ok((good, bad))
}

/// Only a verified domain may send. Here that is every domain but those nobody owns and those everybody does.
pub fn sender(from: &str) -> Result<(), Problem> {
    let domain = from.rsplit('@').next().unwrap_or_default().trim_end_matches('>').to_lowercase();
    if domain.starts_with("unverified.") || ["gmail.com", "hotmail.com", "outlook.com", "yahoo.com"].contains(&&*domain)
    {
        return Err(Problem::new(403, "validation_error", format!("The {domain} domain is not verified.")));
    }
    Ok(())
}

/// Refuses what the address says is refused.
pub fn trigger(to: &[String]) -> Result<(), Problem> {
    Err(match mark(to) {
        "rate" => Problem::new(429, "rate_limit_exceeded", "Too many requests"),
        "quota" => Problem::new(429, "daily_quota_exceeded", "You have reached your daily email sending quota"),
        "down" => Problem::new(503, "service_unavailable", "Service unavailable"),
        "edge" => Problem::new(502, "edge", ""),
        "key" => Problem::new(403, "suspended_api_key", "This API key is suspended"),
        _ => return Ok(()),
    })
}

/// The part of the first address that decides what happens to the message.
pub fn mark(to: &[String]) -> &str {
    let first = to.first().map(String::as_str).unwrap_or_default();
    let address = first.rsplit('<').next().unwrap_or_default();
    address.split(['@', '+']).next().unwrap_or_default()
}

fn texts(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(one) => Some(vec![one.clone()]),
        Value::Array(many) => many.iter().map(|one| one.as_str().map(str::to_owned)).collect(),
        _ => None,
    }
}

fn tags(tags: &Value) -> Result<(), Problem> {
    let good = |text: Option<&str>| {
        text.is_some_and(|text| {
            (1..=TAG_CHARACTERS).contains(&text.len())
                && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
        })
    };
    let listed = match tags {
        Value::Null => return Ok(()),
        Value::Array(listed) => listed,
        _ => return Err(Problem::new(422, "validation_error", "The `tags` field is a list.")),
    };
    if listed.iter().all(|tag| good(tag["name"].as_str()) && good(tag["value"].as_str())) {
        return Ok(());
    }
    Err(Problem::new(422, "validation_error", "Tags take ASCII letters, digits, underscores and dashes."))
}
