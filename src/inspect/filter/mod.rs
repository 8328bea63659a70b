//! The filter of a collection view: what was typed, what it means, and what is refused.
//!
//! A filter is typed as conditions (field, operator, type, value) and as a raw Extended JSON document; both may be used at
//! once. It lives in the URL as repeated `field`, `op`, `type`, `value` and one `raw`, so a filtered view is a link.
//! [`FilterInput`] keeps exactly what was typed, right or wrong, so a refused form shows it again; [`compile`] turns it into
//! the document the server gets, or says in the person's words which field is wrong and what to do.
//!
//! Invariants:
//! - whatever way it was typed, a filter passes `guard`: operators from one list, limits on depth, size and regular
//!   expressions, and no mention of a secret path anywhere, also not as a key inside a compared value;
//! - what a condition types is data: it becomes a value or an escaped pattern, never an operator;
//! - filtering by a personal field is allowed, shows nothing by itself, and is recorded with the filter's text.

mod condition;
mod guard;
mod input;
#[cfg(test)]
mod tests;

use bson::{Bson, Document};

use crate::error::FieldProblem;
use crate::i18n::filters as words;

pub use condition::{Kind, Operator};
pub use guard::{EXPRESSIONS, OPERATORS};
pub use input::{Condition, FilterInput};

/// A filter that may be sent.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    document: Document,
    personal: Vec<String>,
}

impl Filter {
    /// The filter as the server gets it; empty when nothing was typed.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// Whether it lets every document through.
    pub fn is_empty(&self) -> bool {
        self.document.is_empty()
    }

    /// The personal paths it looks at, for the audit record.
    pub fn personal(&self) -> &[String] {
        &self.personal
    }

    /// Canonical Extended JSON, for the audit record and for people who know what they read.
    pub fn text(&self) -> String {
        Bson::Document(self.document.clone()).into_canonical_extjson().to_string()
    }
}

/// The filter that `input` means for a collection, or everything that is wrong with it.
pub fn compile(collection: &str, input: &FilterInput) -> Result<Filter, Vec<FieldProblem>> {
    let mut problems = Vec::new();
    let mut parts = Vec::new();
    if input.conditions.len() > FilterInput::MOST {
        problems.push(FieldProblem::new("field.0", words::too_many(FilterInput::MOST)));
    }
    for (at, condition) in input.conditions.iter().enumerate().take(FilterInput::MOST) {
        match condition::compile(condition) {
            Ok(part) => parts.push((condition::field_name("value", at), part)),
            Err((field, message)) => problems.push(FieldProblem::new(&condition::field_name(field, at), message)),
        }
    }
    match raw(&input.raw) {
        Ok(None) => {}
        Ok(Some(document)) => parts.push(("raw".into(), document)),
        Err(message) => problems.push(FieldProblem::new("raw", message)),
    }
    let mut guard = guard::Guard::new(collection);
    for (field, part) in &parts {
        if let Err(message) = guard.admit(part) {
            problems.push(FieldProblem::new(field, message));
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let personal = guard.personal();
    let mut parts: Vec<Document> = parts.into_iter().map(|(_, part)| part).collect();
    let document = match parts.len() {
        0 => Document::new(),
        1 => parts.remove(0),
        _ => Document::from_iter([("$and".to_owned(), Bson::from(parts))]),
    };
    Ok(Filter { document, personal })
}

/// The raw part: an Extended JSON object, or nothing.
fn raw(text: &str) -> Result<Option<Document>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if text.len() > guard::LONGEST {
        return Err(words::too_long(guard::LONGEST));
    }
    let value: serde_json::Value =
        serde_json::from_str(text).map_err(|error| words::not_json(error.line(), error.column()))?;
    let serde_json::Value::Object(map) = value else {
        return Err(words::NOT_AN_OBJECT.into());
    };
    let document = Document::try_from(map).map_err(|_| words::NOT_EXTENDED_JSON.to_owned())?;
    Ok(if document.is_empty() { None } else { Some(document) })
}
