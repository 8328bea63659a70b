//! What a document holds that a server may not take: found by one walk over its raw bytes, before anything is written.
//!
//! The walk never repairs. A document that is unsound stays byte for byte what it is; the importer asks the connected
//! server whether it can hold it and refuses in plain words when it can't.

use super::raw::{Element, elements, kind, string_size};

/// Nesting up to which the walk goes down; deeper documents are reported as such without being looked into.
pub const MAX_DEPTH: usize = 180;

/// Why a document is not clean BSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Flaw {
    /// A name or text that is not UTF-8.
    InvalidUtf8,
    /// Lengths, types or values that break the grammar.
    Malformed,
    /// More levels than [`MAX_DEPTH`].
    TooDeep,
}

/// The `_id` of a document, as far as a server cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Id {
    /// Present, once, of a legal type.
    Legal,
    /// There is none.
    Missing,
    /// An array, a regular expression or undefined.
    IllegalType,
    /// More than one at the top level.
    Repeated,
    /// Legal, but not the first field: every server moves it to the front.
    Misplaced,
}

/// What one walk found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Traits {
    /// The worst flaw, if any.
    pub flaw: Option<Flaw>,
    /// The state of `_id`.
    pub id: Id,
    /// A top-level `Timestamp(0, 0)` outside `_id`: a plain insert replaces it with the current time.
    pub empty_timestamp: bool,
    /// A name that appears twice in one document, or an array whose keys are not 0, 1, 2 …: lost by every command body.
    pub fragile: bool,
}

/// Looks at one document. Its outer framing (length, last byte) has been checked by the reader.
pub fn inspect(document: &[u8]) -> Traits {
    let mut traits = Traits { flaw: None, id: Id::Missing, empty_timestamp: false, fragile: false };
    let mut ids = 0;
    for (position, element) in elements(document).map_while(Result::ok).enumerate() {
        if element.key == b"_id" {
            ids += 1;
            traits.id = match element.kind {
                _ if ids > 1 => Id::Repeated,
                kind::ARRAY | kind::REGEX | kind::UNDEFINED => Id::IllegalType,
                _ if position > 0 => Id::Misplaced,
                _ => Id::Legal,
            };
        } else if element.kind == kind::TIMESTAMP && element.value == [0; 8] {
            traits.empty_timestamp = true;
        }
    }
    walk(document, false, 1, &mut traits);
    traits
}

fn walk(document: &[u8], is_array: bool, depth: usize, traits: &mut Traits) {
    if depth > MAX_DEPTH {
        note(traits, Flaw::TooDeep);
        return;
    }
    let mut names: Vec<&[u8]> = Vec::new();
    for (position, element) in elements(document).enumerate() {
        let Ok(element) = element else {
            note(traits, Flaw::Malformed);
            return;
        };
        if std::str::from_utf8(element.key).is_err() {
            note(traits, Flaw::InvalidUtf8);
        }
        if is_array {
            traits.fragile |= !is_position(element.key, position);
        } else {
            names.push(element.key);
        }
        value(&element, depth, traits);
    }
    if !traits.fragile && names.len() > 1 {
        names.sort_unstable();
        traits.fragile = names.windows(2).any(|pair| pair[0] == pair[1]);
    }
}

fn value(element: &Element<'_>, depth: usize, traits: &mut Traits) {
    match element.kind {
        kind::STRING | kind::CODE | kind::SYMBOL => text(&element.value[4..], traits),
        kind::DB_POINTER => text(&element.value[4..element.value.len() - 12], traits),
        kind::REGEX => {
            text(element.value, traits);
            let options = element.value.rsplit(|byte| *byte == 0).nth(1).unwrap_or_default();
            traits.fragile |= !options.is_sorted();
        }
        kind::DOCUMENT => walk(element.value, false, depth + 1, traits),
        kind::ARRAY => walk(element.value, true, depth + 1, traits),
        kind::CODE_WITH_SCOPE => match string_size(&element.value[4..]) {
            Some(size) if 4 + size + 5 <= element.value.len() => {
                text(&element.value[8..4 + size], traits);
                walk(&element.value[4 + size..], false, depth + 1, traits);
            }
            _ => note(traits, Flaw::Malformed),
        },
        kind::BINARY if element.value[4] == 2 => {
            let inner = element.value.get(5..9).map(|bytes| i32::from_le_bytes(bytes.try_into().expect("four bytes")));
            let sound = inner.is_some_and(|inner| i64::from(inner) == element.value.len() as i64 - 9);
            if !sound {
                note(traits, Flaw::Malformed);
            }
        }
        kind::BOOLEAN if element.value[0] > 1 => note(traits, Flaw::Malformed),
        _ => {}
    }
}

fn text(bytes: &[u8], traits: &mut Traits) {
    if std::str::from_utf8(bytes).is_err() {
        note(traits, Flaw::InvalidUtf8);
    }
}

/// Whether an array key is the decimal number of its place, without allocating.
fn is_position(key: &[u8], position: usize) -> bool {
    let mut digits = [0; 20];
    let mut at = digits.len();
    let mut rest = position;
    loop {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            return key == &digits[at..];
        }
    }
}

fn note(traits: &mut Traits, flaw: Flaw) {
    traits.flaw = traits.flaw.max(Some(flaw));
}

#[cfg(test)]
mod tests {
    use super::super::raw::Builder;
    use super::*;

    fn check(document: &[u8], expected: (Option<Flaw>, Id, bool, bool)) {
        let traits = inspect(document);
        assert_eq!((traits.flaw, traits.id, traits.empty_timestamp, traits.fragile), expected);
    }

    #[test]
    fn names_what_servers_may_refuse() {
        check(&Builder::new().int32("_id", 1).clone().finish(), (None, Id::Legal, false, false));
        check(&Builder::new().int32("a", 1).clone().finish(), (None, Id::Missing, false, false));
        check(&Builder::new().int32("_id", 1).int32("_id", 2).clone().finish(), (None, Id::Repeated, false, true));
        check(&Builder::new().int32("a", 1).int32("_id", 1).clone().finish(), (None, Id::Misplaced, false, false));
        let empty = Builder::new().finish();
        check(&Builder::new().array("_id", &empty).clone().finish(), (None, Id::IllegalType, false, false));
        let zero = Builder::new().int32("_id", 1).raw(kind::TIMESTAMP, b"t", &[0; 8]).clone().finish();
        check(&zero, (None, Id::Legal, true, false));
        let nested = Builder::new().int32("_id", 1).document("n", &zero).clone().finish();
        check(&nested, (None, Id::Legal, false, false));
        let odd = Builder::new().int32("7", 1).clone().finish();
        check(&Builder::new().int32("_id", 1).array("a", &odd).clone().finish(), (None, Id::Legal, false, true));
        let utf8 = Builder::new().int32("_id", 1).raw(kind::STRING, b"s", b"\x02\0\0\0\xff\0").clone().finish();
        check(&utf8, (Some(Flaw::InvalidUtf8), Id::Legal, false, false));
        let old = Builder::new().int32("_id", 1).raw(kind::BINARY, b"b", b"\x02\0\0\0\x02ab").clone().finish();
        check(&old, (Some(Flaw::Malformed), Id::Legal, false, false));
        let regex = Builder::new().int32("_id", 1).raw(kind::REGEX, b"r", b"a\0xi\0").clone().finish();
        check(&regex, (None, Id::Legal, false, true));
    }

    #[test]
    fn stops_at_a_bounded_depth() {
        let mut deep = Builder::new().finish();
        for _ in 0..5000 {
            deep = Builder::new().document("a", &deep).clone().finish();
        }
        assert_eq!(inspect(&deep).flaw, Some(Flaw::TooDeep));
    }
}
