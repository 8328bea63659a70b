//! Two versions of a document, field by field, on their raw bytes: what was added, removed or changed, which types changed,
//! whether the order of fields did, whether a name stands there twice.
//!
//! Values go through the inspector's masks before they are kept anywhere: a secret or personal value is described, never
//! shown. So what is stored of a comparison holds nothing that the inspector would hide.

use std::collections::HashMap;

use bson::RawDocument;
use serde::{Deserialize, Serialize};

use crate::dump::raw::{Builder, Element, elements, kind};
use crate::i18n::backup::diff as words;
use crate::i18n::inspect::{MASKED_KEY, unreadable};
use crate::inspect::json::{JsonWriter, Style};
use crate::inspect::masks::{self, Place};
use crate::inspect::tree::type_name;

/// Differing fields kept of one document.
const FIELDS: usize = 100;
/// Characters kept of a value.
const CHARACTERS: usize = 300;
/// Levels that are walked into; below, values are compared as bytes.
const DEPTH: usize = 60;

/// What happened to a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Only the right side has it.
    Added,
    /// Only the left side has it.
    Removed,
    /// Same type, other value.
    Value,
    /// Other type, such as `1` and `1.0`.
    Type,
    /// Same fields in another order.
    Order,
    /// The name stands there more often on one side than on the other.
    Repeated,
    /// The bytes differ in a way no field shows.
    Bytes,
}

/// One differing field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldDiff {
    /// Dotted path; `#2` is the second field of that name. Empty: the document itself.
    pub path: String,
    /// What happened.
    pub change: Change,
    /// The left side's type, as canonical Extended JSON names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_type: Option<String>,
    /// The left side's value: canonical Extended JSON, masked, cut.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<String>,
    /// The right side's type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub right_type: Option<String>,
    /// The right side's value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub right: Option<String>,
}

/// Compares documents of one collection.
pub struct Differ {
    json: JsonWriter,
    found: Vec<FieldDiff>,
    more: u32,
}

/// Where the walk is.
#[derive(Clone, Copy)]
struct At<'a> {
    path: &'a str,
    place: Place,
    is_list: bool,
    depth: usize,
}

impl Differ {
    /// For documents of `collection`, whose masks apply.
    pub fn new(collection: &str) -> Self {
        Self { json: JsonWriter::new(collection, Style::Canonical, false), found: Vec::new(), more: 0 }
    }

    /// The differing fields, and how many more there are than are kept. A document that only one side has is all its fields.
    pub fn compare(&mut self, left: Option<&[u8]>, right: Option<&[u8]>) -> (Vec<FieldDiff>, u32) {
        self.json.masker().begin();
        let at = At { path: "", place: Place::ROOT, is_list: false, depth: 0 };
        self.documents(left.unwrap_or(EMPTY), right.unwrap_or(EMPTY), at);
        if self.found.is_empty()
            && let (Some(left), Some(right)) = (left, right)
            && left != right
        {
            self.note(
                "",
                Change::Bytes,
                (None, Some(words::bytes(left.len()))),
                (None, Some(words::bytes(right.len()))),
            );
        }
        (std::mem::take(&mut self.found), std::mem::take(&mut self.more))
    }

    /// A document's `_id` as text, masked like any field.
    pub fn id(&mut self, document: &[u8]) -> String {
        self.json.masker().begin();
        let Some(id) = crate::dump::raw::find(document, "_id") else { return words::NO_ID.to_owned() };
        let place = self.json.masker().child(Place::ROOT, "_id");
        self.value(&id, place)
    }

    fn documents(&mut self, left: &[u8], right: &[u8], at: At<'_>) {
        let (left, right) = (numbered(left), numbered(right));
        let on_right: HashMap<(&[u8], u32), &Element<'_>> =
            right.iter().map(|one| ((one.element.key, one.nth), &one.element)).collect();
        let on_left: HashMap<(&[u8], u32), ()> = left.iter().map(|one| ((one.element.key, one.nth), ())).collect();
        for one in &left {
            let other = on_right.get(&(one.element.key, one.nth)).copied();
            self.field(one, Some(&one.element), other, at);
        }
        for one in right.iter().filter(|one| !on_left.contains_key(&(one.element.key, one.nth))) {
            self.field(one, None, Some(&one.element), at);
        }
        let common = |side: &[Numbered<'_>], other: &dyn Fn(&Numbered<'_>) -> bool| -> Vec<(Vec<u8>, u32)> {
            side.iter().filter(|one| other(one)).map(|one| (one.element.key.to_vec(), one.nth)).collect()
        };
        let in_left = common(&left, &|one| on_right.contains_key(&(one.element.key, one.nth)));
        let in_right = common(&right, &|one| on_left.contains_key(&(one.element.key, one.nth)));
        if in_left != in_right {
            let names = |order: &[(Vec<u8>, u32)]| {
                let names: Vec<_> = order.iter().map(|(key, _)| shown_key(key)).collect();
                Some(cut(&names.join(", ")))
            };
            self.note(at.path, Change::Order, (None, names(&in_left)), (None, names(&in_right)));
        }
    }

    fn field(&mut self, one: &Numbered<'_>, left: Option<&Element<'_>>, right: Option<&Element<'_>>, at: At<'_>) {
        if let (Some(left), Some(right)) = (left, right)
            && left.kind == right.kind
            && left.value == right.value
        {
            return;
        }
        let name = String::from_utf8_lossy(one.element.key);
        let place = if at.is_list { at.place } else { self.json.masker().child(at.place, &name) };
        let mut path = at.path.to_owned();
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(&shown_key(one.element.key));
        if one.nth > 1 {
            path.push_str(&format!("#{}", one.nth));
        }
        let is_repeated = one.nth > 1 && (left.is_none() || right.is_none());
        let is_hidden = self.json.masker().rule(place).visibility() == masks::Visibility::Secret;
        let below = |is_list| At { path: &path, place, is_list, depth: at.depth + 1 };
        let inside = |element: &Element<'_>| matches!(element.kind, kind::DOCUMENT | kind::ARRAY);
        if !is_hidden && !is_repeated && at.depth < DEPTH {
            match (left, right) {
                (Some(left), Some(right)) if left.kind == right.kind && inside(left) => {
                    let before = self.found.len() + self.more as usize;
                    self.documents(left.value, right.value, below(left.kind == kind::ARRAY));
                    if self.found.len() + self.more as usize == before {
                        let sizes = (words::bytes(left.value.len()), words::bytes(right.value.len()));
                        self.note(&path, Change::Bytes, (None, Some(sizes.0)), (None, Some(sizes.1)));
                    }
                    return;
                }
                // What only one side has is shown by its parts, each with its own mask.
                (Some(one), None) if inside(one) && !is_empty(one) => {
                    return self.documents(one.value, EMPTY, below(one.kind == kind::ARRAY));
                }
                (None, Some(one)) if inside(one) && !is_empty(one) => {
                    return self.documents(EMPTY, one.value, below(one.kind == kind::ARRAY));
                }
                _ => {}
            }
        }
        let change = match (left, right) {
            _ if is_repeated => Change::Repeated,
            (Some(_), None) => Change::Removed,
            (None, Some(_)) => Change::Added,
            (Some(left), Some(right)) if left.kind != right.kind => Change::Type,
            _ => Change::Value,
        };
        if self.found.len() == FIELDS {
            self.more += 1;
            return;
        }
        let mut side = |element: Option<&Element<'_>>| match element {
            Some(element) => (Some(type_name(element.kind).to_owned()), Some(self.value(element, place))),
            None => (None, None),
        };
        let (left, right) = (side(left), side(right));
        self.note(&path, change, left, right);
    }

    fn note(
        &mut self,
        path: &str,
        change: Change,
        left: (Option<String>, Option<String>),
        right: (Option<String>, Option<String>),
    ) {
        if self.found.len() == FIELDS {
            self.more += 1;
            return;
        }
        let (left_type, left) = left;
        let (right_type, right) = right;
        self.found.push(FieldDiff { path: path.to_owned(), change, left_type, left, right_type, right });
    }

    /// A value as it may be shown. A whole sub-document stands for itself by its size: its names may be personal too.
    fn value(&mut self, element: &Element<'_>, place: Place) -> String {
        let rule = self.json.masker().rule(place);
        if matches!(element.kind, kind::DOCUMENT | kind::ARRAY) && rule.visibility() != masks::Visibility::Secret {
            let count = elements(element.value).count() as u64;
            return if element.kind == kind::ARRAY { words::list(count) } else { words::object(count) };
        }
        let mut single = Builder::new();
        single.raw(element.kind, b"v", element.value);
        let single = single.finish();
        let mut out = Vec::new();
        let value = RawDocument::from_bytes(&single).ok().and_then(|document| document.iter().next()?.ok());
        let is_written = value.is_some_and(|(_, value)| self.json.value(&mut out, place, value).is_ok());
        if !is_written {
            return unreadable(element.value.len() as u64);
        }
        cut(&String::from_utf8_lossy(&out))
    }
}

/// `{}`
const EMPTY: &[u8] = &[5, 0, 0, 0, 0];

struct Numbered<'a> {
    element: Element<'a>,
    /// 1 for the first field of this name.
    nth: u32,
}

fn numbered(document: &[u8]) -> Vec<Numbered<'_>> {
    let mut seen: HashMap<&[u8], u32> = HashMap::new();
    elements(document)
        .map_while(Result::ok)
        .map(|element| {
            let nth = seen.entry(element.key).or_default();
            *nth += 1;
            Numbered { element, nth: *nth }
        })
        .collect()
}

fn is_empty(element: &Element<'_>) -> bool {
    elements(element.value).next().is_none_or(|element| element.is_err())
}

/// A name; one that is itself somebody's address or number is masked.
fn shown_key(key: &[u8]) -> String {
    let key = String::from_utf8_lossy(key);
    if masks::is_personal_key(&key) { MASKED_KEY.to_owned() } else { cut(&key) }
}

/// The text, with `…` for what is left out.
fn cut(text: &str) -> String {
    match text.char_indices().nth(CHARACTERS) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
