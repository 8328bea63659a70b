//! The server's order of values, on raw bytes.
//!
//! Pages are read by key, so every place that asks "which comes first" has to give the server's answer for any pair of
//! types: MinKey < undefined < null (and missing) < numbers < strings and symbols < objects < arrays < binary < object ids
//! < booleans < dates < timestamps < regular expressions < pointers < code < code with scope < MaxKey. Numbers compare by
//! exact value across int32, int64, double and decimal, NaN below all of them and −0.0 equal to 0; texts by bytes; objects
//! by type, name and value of one field after the other.
//!
//! Invariant: this is a total order on [`Key`]s. Equal here means "the server can't tell them apart in a sort", not "the
//! same bytes": `1`, `1.0` and `NumberLong(1)` are equal.

use std::cmp::Ordering;

use crate::dump::raw::{Element, elements, find, kind};

mod number;

/// A value as a sort key: its type byte and its bytes as stored.
#[derive(Clone, Debug)]
pub struct Key {
    /// The type byte, see [`kind`].
    pub kind: u8,
    /// The value's bytes.
    pub value: Box<[u8]>,
}

impl Key {
    /// What a missing field sorts as.
    pub fn null() -> Self {
        Self { kind: kind::NULL, value: Box::default() }
    }

    /// A key from its parts.
    pub fn new(kind: u8, value: &[u8]) -> Self {
        Self { kind, value: value.into() }
    }

    /// The value of one element.
    pub fn of(element: &Element<'_>) -> Self {
        Self::new(element.kind, element.value)
    }

    /// The key borrowed, as the comparison takes it.
    pub fn borrow(&self) -> Value<'_> {
        Value { kind: self.kind, value: &self.value }
    }

    /// The group of types it sorts in.
    pub fn bracket(&self) -> Bracket {
        Bracket::of(self.kind)
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Key {}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        compare(self.borrow(), other.borrow())
    }
}

/// A borrowed value: type byte and bytes.
#[derive(Clone, Copy, Debug)]
pub struct Value<'a> {
    /// The type byte.
    pub kind: u8,
    /// The value's bytes.
    pub value: &'a [u8],
}

impl<'a> Value<'a> {
    /// What a missing field sorts as.
    pub const NULL: Value<'static> = Value { kind: kind::NULL, value: &[] };

    /// The value of one element.
    pub fn of(element: &Element<'a>) -> Self {
        Self { kind: element.kind, value: element.value }
    }
}

/// A group of types the server compares by value; between groups only the group counts. In server order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bracket {
    MinKey,
    Undefined,
    Null,
    Number,
    Text,
    Object,
    Array,
    Binary,
    ObjectId,
    Boolean,
    Date,
    Timestamp,
    Regex,
    Pointer,
    Code,
    ScopedCode,
    MaxKey,
}

impl Bracket {
    /// Every bracket, lowest first.
    pub const ALL: [Self; 17] = [
        Self::MinKey,
        Self::Undefined,
        Self::Null,
        Self::Number,
        Self::Text,
        Self::Object,
        Self::Array,
        Self::Binary,
        Self::ObjectId,
        Self::Boolean,
        Self::Date,
        Self::Timestamp,
        Self::Regex,
        Self::Pointer,
        Self::Code,
        Self::ScopedCode,
        Self::MaxKey,
    ];

    /// The bracket of a type byte. Unknown types are put with MaxKey, where a server would refuse them.
    pub fn of(of: u8) -> Self {
        match of {
            kind::MIN_KEY => Self::MinKey,
            kind::UNDEFINED => Self::Undefined,
            kind::NULL => Self::Null,
            kind::INT32 | kind::INT64 | kind::DOUBLE | kind::DECIMAL128 => Self::Number,
            kind::STRING | kind::SYMBOL => Self::Text,
            kind::DOCUMENT => Self::Object,
            kind::ARRAY => Self::Array,
            kind::BINARY => Self::Binary,
            kind::OBJECT_ID => Self::ObjectId,
            kind::BOOLEAN => Self::Boolean,
            kind::DATE => Self::Date,
            kind::TIMESTAMP => Self::Timestamp,
            kind::REGEX => Self::Regex,
            kind::DB_POINTER => Self::Pointer,
            kind::CODE => Self::Code,
            kind::CODE_WITH_SCOPE => Self::ScopedCode,
            _ => Self::MaxKey,
        }
    }
}

/// Compares two values as a sort does.
pub fn compare(left: Value<'_>, right: Value<'_>) -> Ordering {
    let bracket = Bracket::of(left.kind);
    bracket.cmp(&Bracket::of(right.kind)).then_with(|| same_bracket(bracket, left, right))
}

fn same_bracket(bracket: Bracket, left: Value<'_>, right: Value<'_>) -> Ordering {
    let (a, b) = (left.value, right.value);
    match bracket {
        Bracket::MinKey | Bracket::Undefined | Bracket::Null | Bracket::MaxKey => Ordering::Equal,
        Bracket::Number => number::compare(left, right),
        Bracket::Text | Bracket::Code => text(a).cmp(text(b)),
        Bracket::Object | Bracket::Array => documents(a, b),
        // Stored as length, subtype, bytes; the length is little-endian.
        Bracket::Binary => a.len().cmp(&b.len()).then_with(|| a.get(4..).cmp(&b.get(4..))),
        Bracket::ObjectId | Bracket::Boolean => a.cmp(b),
        Bracket::Date => int64(a).cmp(&int64(b)),
        Bracket::Timestamp => (int64(a) as u64).cmp(&(int64(b) as u64)),
        // Pattern, NUL, options, NUL: a shorter pattern ends in the lowest byte, so the bytes compare as the parts do.
        Bracket::Regex => a.cmp(b),
        Bracket::Pointer => a.len().cmp(&b.len()).then_with(|| a.cmp(b)),
        Bracket::ScopedCode => match (scoped(a), scoped(b)) {
            (Some((code, scope)), Some((other, other_scope))) => {
                code.cmp(other).then_with(|| documents(scope, other_scope))
            }
            (left, right) => left.is_some().cmp(&right.is_some()).then_with(|| a.cmp(b)),
        },
    }
}

/// The bytes of a length-prefixed text, without its closing NUL.
fn text(value: &[u8]) -> &[u8] {
    value.get(4..value.len().saturating_sub(1)).unwrap_or_default()
}

fn int64(value: &[u8]) -> i64 {
    value.try_into().map(i64::from_le_bytes).unwrap_or_default()
}

fn scoped(value: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = u32::from_le_bytes(value.get(4..8)?.try_into().ok()?);
    let end = 8_usize.checked_add(usize::try_from(length).ok()?)?;
    Some((value.get(8..end)?, value.get(end..)?))
}

/// Field by field: type, then name, then value; the one that ends first is the lower.
fn documents(left: &[u8], right: &[u8]) -> Ordering {
    let mut left = elements(left).map_while(Result::ok);
    let mut right = elements(right).map_while(Result::ok);
    loop {
        match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(a), Some(b)) => {
                let (x, y) = (Value::of(&a), Value::of(&b));
                let bracket = Bracket::of(x.kind);
                let order = bracket
                    .cmp(&Bracket::of(y.kind))
                    .then_with(|| a.key.cmp(b.key))
                    .then_with(|| same_bracket(bracket, x, y));
                if order != Ordering::Equal {
                    return order;
                }
            }
        }
    }
}

/// What a document sorts by at a dotted path; `None` if an array lies on the way or at its end, since then it sorts by
/// more than one value and can't be paged by key.
pub fn at_path<'a>(document: &'a [u8], path: &str) -> Option<Value<'a>> {
    let mut inside = document;
    let mut names = path.split('.').peekable();
    while let Some(name) = names.next() {
        let Some(element) = find(inside, name) else { return Some(Value::NULL) };
        match (element.kind, names.peek()) {
            (kind::ARRAY, _) => return None,
            (_, None) => return Some(Value::of(&element)),
            (kind::DOCUMENT, Some(_)) => inside = element.value,
            (_, Some(_)) => return Some(Value::NULL),
        }
    }
    Some(Value::NULL)
}

#[cfg(test)]
mod tests;
