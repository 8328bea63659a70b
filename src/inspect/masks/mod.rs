//! What may be seen: one registry, by field name at any depth, deciding for every path and value.
//!
//! Three answers. **Secret** (password hashes, TOTP secrets, recovery codes, tokens, session data, binary): never leaves the
//! server; its type and size are all that is ever said, and its path can't be filtered, sorted, profiled or exported.
//! **Personal** (who someone is, how to reach them, what they wrote): masked until a person gives a reason. **Open**: the rest.
//!
//! How a path is decided, strongest first: a secret name anywhere in it; a rule for this collection's path
//! (`names::SCOPED`); a personal name anywhere in it; a name known to be harmless; otherwise nothing is known and the value
//! itself is judged by its shape (`shapes`): long texts, e-mails, phones and document numbers are masked. So a field nobody
//! thought of is masked when in doubt, and wrapping a document (`raw`, `details`, `legacy_snapshots`) changes nothing.
//!
//! Invariants:
//! - what is below a secret path is secret, whatever it is called; what is below a personal path is personal;
//! - array positions are transparent: `codes.0` is decided as `codes`;
//! - nothing shaped like an e-mail address is shown unmasked, whatever its field is called;
//! - a value can only make a decision stricter, except that a null or a boolean identifies nobody and is shown;
//! - names are compared without case, accents, separators or camel case, so `accessToken` is `access_token`.

mod hint;
mod names;
mod shapes;
#[cfg(test)]
pub(in crate::inspect) mod tests;

use std::collections::HashMap;

use bson::RawBsonRef;
use bson::spec::BinarySubtype;

pub use hint::hint;

/// Whether a value may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Visibility {
    /// Shown.
    Open,
    /// Masked until revealed with a reason.
    Personal,
    /// Never shown, filtered, sorted, profiled or exported: type and size only.
    Secret,
}

/// What is known about a path from its names alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// A secret, and everything below it.
    Secret,
    /// Personal whatever its type, and everything below it.
    Personal,
    /// Free text: personal when it is a string, and so are the strings below it.
    Text,
    /// Personal when this very value is a string (`instagram` is a handle here and a group of counters there).
    Leaf,
    /// An identifier or a closed code: shown unless it is shaped like an e-mail address or a handle.
    Id,
    /// Known to be harmless.
    Open,
    /// Nothing is known: judged by shape.
    Unknown,
}

/// The decision for one path of one collection; made once per path, cheap to copy and to apply to values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    class: Class,
    /// The collection is one of the registry's, so its numbers are not taken for document numbers.
    known: bool,
    /// A rule for this collection's path covers the subtree and says it is harmless unless a deeper name says otherwise.
    covered: bool,
}

impl Rule {
    /// What the names alone say: the answer for filters, sorting and profiles, where no value is at hand.
    pub fn visibility(self) -> Visibility {
        match self.class {
            Class::Secret => Visibility::Secret,
            Class::Personal | Class::Text | Class::Leaf => Visibility::Personal,
            Class::Id | Class::Open | Class::Unknown => Visibility::Open,
        }
    }

    /// The decision for a value found at this path. Documents and arrays are open unless secret: their parts decide.
    pub fn of(self, value: RawBsonRef<'_>) -> Visibility {
        if self.class == Class::Secret {
            return Visibility::Secret;
        }
        let text = match value {
            RawBsonRef::Null | RawBsonRef::Undefined | RawBsonRef::MinKey | RawBsonRef::MaxKey => {
                return Visibility::Open;
            }
            RawBsonRef::Boolean(_) | RawBsonRef::Document(_) | RawBsonRef::Array(_) => return Visibility::Open,
            RawBsonRef::Binary(binary) => {
                let uuid =
                    matches!(binary.subtype, BinarySubtype::Uuid | BinarySubtype::UuidOld) && binary.bytes.len() == 16;
                return if uuid && self.class != Class::Personal { Visibility::Open } else { Visibility::Secret };
            }
            RawBsonRef::String(text) | RawBsonRef::Symbol(text) | RawBsonRef::JavaScriptCode(text) => text,
            RawBsonRef::JavaScriptCodeWithScope(code) => code.code,
            RawBsonRef::RegularExpression(regex) => regex.pattern.as_str(),
            RawBsonRef::DbPointer(_) => return self.of_scalar(false),
            RawBsonRef::Int32(number) => return self.of_scalar(shapes::is_document_number(f64::from(number))),
            RawBsonRef::Int64(number) => return self.of_scalar(shapes::is_document_number(number as f64)),
            RawBsonRef::Double(number) => return self.of_scalar(shapes::is_document_number(number)),
            RawBsonRef::Decimal128(number) => {
                return self.of_scalar(number.to_string().parse().is_ok_and(shapes::is_document_number));
            }
            RawBsonRef::ObjectId(_) | RawBsonRef::DateTime(_) | RawBsonRef::Timestamp(_) => {
                return self.of_scalar(false);
            }
        };
        if shapes::is_secret(text) {
            return Visibility::Secret;
        }
        let masked = match self.class {
            Class::Secret | Class::Personal | Class::Text | Class::Leaf => !text.is_empty(),
            Class::Id => shapes::is_address(text) || (!self.known && shapes::is_number_of_someone(text)),
            Class::Open => shapes::is_mail(text),
            Class::Unknown => shapes::is_suspect(text),
        };
        if masked { Visibility::Personal } else { Visibility::Open }
    }

    fn of_scalar(self, suspect: bool) -> Visibility {
        let masked = match self.class {
            Class::Secret | Class::Personal => true,
            Class::Unknown | Class::Text | Class::Leaf => suspect && !self.known,
            Class::Id | Class::Open => false,
        };
        if masked { Visibility::Personal } else { Visibility::Open }
    }

    /// Whether the registry has an opinion of its own about this path, rather than leaving it to the value's shape.
    pub fn is_known(self) -> bool {
        self.class != Class::Unknown
    }
}

/// The root of a collection: the rule its fields start from.
fn root(collection: &str) -> Rule {
    let known = names::KNOWN.contains(&collection);
    match names::scoped(collection, "") {
        Some(class) => Rule { class, known, covered: class == Class::Open },
        None => Rule { class: Class::Unknown, known, covered: false },
    }
}

/// The rule of a field below `parent`; `path` is the field's whole path without array positions.
fn step(collection: &str, parent: Rule, path: &str, name: &str) -> Rule {
    let own = names::class(name);
    let scoped = names::scoped(collection, path);
    let class = match (parent.class, scoped, own) {
        (Class::Secret, _, _) | (_, _, Class::Secret) => Class::Secret,
        (_, Some(class), _) => class,
        (Class::Personal, _, _) => Class::Personal,
        (_, None, Class::Unknown) if parent.covered => Class::Open,
        (Class::Text, None, Class::Unknown) => Class::Text,
        (_, None, own) => own,
    };
    let covered = match scoped {
        Some(class) => class == Class::Open,
        None => parent.covered && matches!(class, Class::Open | Class::Id | Class::Leaf),
    };
    Rule { class, known: parent.known, covered }
}

/// Whether a path component is an array position.
pub(super) fn is_position(name: &str) -> bool {
    !name.is_empty() && name.len() <= 9 && name.bytes().all(|byte| byte.is_ascii_digit())
}

/// The rule of a dotted path (`stats.avg_views`, `items.0.price`); the empty path is the document itself.
pub fn rule(collection: &str, path: &str) -> Rule {
    let mut rule = root(collection);
    let mut walked = String::new();
    for name in path.split('.').filter(|name| !is_position(name) && !name.is_empty()) {
        if !walked.is_empty() {
            walked.push('.');
        }
        walked.push_str(name);
        rule = step(collection, rule, &walked, name);
    }
    rule
}

/// The decision for a path alone: what filters, sorts, indexes and profiles ask.
pub fn of_path(collection: &str, path: &str) -> Visibility {
    rule(collection, path).visibility()
}

/// The decision for a value at a path.
pub fn of_value(collection: &str, path: &str, value: RawBsonRef<'_>) -> Visibility {
    rule(collection, path).of(value)
}

/// Whether a field *name* is itself personal: maps keyed by e-mail address or phone number exist.
pub fn is_personal_key(name: &str) -> bool {
    shapes::is_address(name) || shapes::is_number_of_someone(name)
}

/// A place in the shape of a collection's documents, as known to one [`Masker`] until its next [`Masker::begin`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place(u32);

impl Place {
    /// The document itself.
    pub const ROOT: Self = Self(0);
}

/// The rules of one collection remembered by place, so that a walk over a million documents decides each path once.
///
/// Memory is bounded: maps with data as keys would add a place per key, so past [`Masker::PLACES`] the next document starts
/// from nothing.
pub struct Masker {
    collection: String,
    places: Vec<Known>,
}

struct Known {
    rule: Rule,
    path: String,
    by_name: HashMap<Box<str>, u32>,
    /// Children in the order they were met, and the one met last: documents mostly repeat their order of fields, so the
    /// next child is guessed before it is looked up.
    order: Vec<(Box<str>, u32)>,
    last: usize,
}

impl Known {
    fn new(rule: Rule, path: String) -> Self {
        Self { rule, path, by_name: HashMap::new(), order: Vec::new(), last: 0 }
    }
}

impl Masker {
    /// Places remembered at most from one document to the next.
    pub const PLACES: usize = 10_000;

    /// A masker for one collection.
    pub fn new(collection: &str) -> Self {
        Self { collection: collection.into(), places: vec![Known::new(root(collection), String::new())] }
    }

    /// To be called before each document; places of earlier documents may be forgotten.
    pub fn begin(&mut self) {
        if self.places.len() > Self::PLACES {
            *self = Self::new(&self.collection);
        }
    }

    /// The place of a field below another. For the elements of an array, use the array's own place.
    pub fn child(&mut self, parent: Place, name: &str) -> Place {
        let index = parent.0 as usize;
        let known = &mut self.places[index];
        let guess = if known.last + 1 < known.order.len() { known.last + 1 } else { 0 };
        if let Some((guessed, place)) = known.order.get(guess)
            && **guessed == *name
        {
            known.last = guess;
            return Place(*place);
        }
        if let Some(place) = known.by_name.get(name) {
            let place = *place;
            known.last = known.order.iter().position(|(_, found)| *found == place).unwrap_or(0);
            return Place(place);
        }
        let mut path = known.path.clone();
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(name);
        let rule = step(&self.collection, known.rule, &path, name);
        let place = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
        let known = &mut self.places[index];
        known.by_name.insert(name.into(), place);
        known.last = known.order.len();
        known.order.push((name.into(), place));
        self.places.push(Known::new(rule, path));
        Place(place)
    }

    /// The rule at a place.
    pub fn rule(&self, place: Place) -> Rule {
        self.places[place.0 as usize].rule
    }

    /// The dotted path of a place, array positions left out.
    pub fn path(&self, place: Place) -> &str {
        &self.places[place.0 as usize].path
    }
}
