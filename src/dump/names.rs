//! Names: what a database or collection may be called, and how mongodump writes a collection's name as a file name.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha1::{Digest as _, Sha1};

use super::error::Problem;
use super::limits;

/// Escaped names longer than this are shortened.
const LONGEST_ESCAPED: usize = 238;
/// What is kept of a shortened name, before `%24` and the digest.
const KEPT: usize = 208;
/// Base64url of a SHA-1.
const DIGEST: usize = 27;

/// Refuses names that are too long, empty, dangerous as a path, or impossible on a server.
pub fn check_database(name: &str) -> Result<(), Problem> {
    let legal = !name.is_empty()
        && name.len() <= limits::DATABASE_NAME_BYTES
        && !name.contains(['/', '\\', '.', '"', '$', ' ', '\0'])
        && !name.chars().any(char::is_control);
    if legal { Ok(()) } else { Err(Problem::Name { name: shown(name) }) }
}

/// Refuses collection names that are empty, hold a NUL or make the namespace too long.
pub fn check_collection(database: &str, collection: &str) -> Result<(), Problem> {
    let legal = !collection.is_empty()
        && !collection.contains('\0')
        && database.len() + 1 + collection.len() <= limits::NAMESPACE_BYTES;
    if legal { Ok(()) } else { Err(Problem::Name { name: shown(&format!("{database}.{collection}")) }) }
}

/// A name short and tame enough for a message.
pub fn shown(name: &str) -> String {
    name.chars().take(120).flat_map(char::escape_debug).collect()
}

/// The file name of a collection, without its ending.
pub fn escape(collection: &str) -> String {
    let mut escaped = String::with_capacity(collection.len());
    for byte in collection.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => escaped.push(byte.into()),
            b' ' => escaped.push('+'),
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    if escaped.len() > LONGEST_ESCAPED {
        escaped.truncate(KEPT);
        escaped.push_str("%24");
        escaped.push_str(&BASE64_URL_SAFE_NO_PAD.encode(Sha1::digest(collection.as_bytes())));
    }
    escaped
}

/// What a file name says about the collection it belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stem {
    /// The whole name.
    Whole(String),
    /// A shortened name: the true one stands in the metadata and must give this file name.
    Shortened,
}

/// Reads a file name back. `None` if mongodump could not have written it.
pub fn unescape(stem: &str) -> Option<Stem> {
    if stem.len() == KEPT + 3 + DIGEST && stem.as_bytes()[KEPT..].starts_with(b"%24") {
        return Some(Stem::Shortened);
    }
    let mut bytes = Vec::with_capacity(stem.len());
    let mut rest = stem.as_bytes();
    while let Some((byte, tail)) = rest.split_first() {
        rest = match byte {
            b'%' => {
                let digits = std::str::from_utf8(tail.get(..2)?).ok()?;
                bytes.push(u8::from_str_radix(digits, 16).ok()?);
                &tail[2..]
            }
            b'+' => {
                bytes.push(b' ');
                tail
            }
            _ => {
                bytes.push(*byte);
                tail
            }
        };
    }
    String::from_utf8(bytes).ok().filter(|name| !name.is_empty()).map(Stem::Whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_as_mongodump_does() {
        assert_eq!(escape("we ird%/né"), "we+ird%25%2Fn%C3%A9");
        assert_eq!(unescape("we+ird%25%2Fn%C3%A9"), Some(Stem::Whole("we ird%/né".into())));
        let long = "ñ".repeat(60);
        let escaped = escape(&long);
        assert_eq!(escaped.len(), KEPT + 3 + DIGEST);
        assert!(escaped.as_bytes()[KEPT..].starts_with(b"%24"));
        assert_eq!(unescape(&escaped), Some(Stem::Shortened));
        assert_eq!(escape(&"a".repeat(238)), "a".repeat(238));
    }

    #[test]
    fn refuses_dangerous_names() {
        for name in ["", "..", "a/b", "a\\b", "a.b", "a b", "$x", "a\0", "a\n", &"x".repeat(64)] {
            assert!(check_database(name).is_err(), "{name:?}");
        }
        assert!(check_database("Legacy-2026_ñ").is_ok());
        assert!(check_collection("d", "").is_err());
        assert!(check_collection("d", &"c".repeat(254)).is_err());
        assert!(check_collection("d", &"c".repeat(253)).is_ok());
    }

    #[test]
    fn a_name_that_is_no_escape_is_not_guessed() {
        assert_eq!(unescape("%4"), None);
        assert_eq!(unescape("%zz"), None);
        assert_eq!(unescape("%FF"), None);
        assert_eq!(unescape(""), None);
    }
}
