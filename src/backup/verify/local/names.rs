//! File names of a mongodump directory and the collections they stand for.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha1::{Digest as _, Sha1};

/// Longest escaped name that is written whole.
const WHOLE: usize = 238;
/// What is left of a longer one before its digest.
const LEFT: usize = 208;

/// The file name of a collection, without its ending.
pub fn file_of(collection: &str) -> String {
    let mut name = String::new();
    for byte in collection.bytes() {
        match byte {
            b' ' => name.push('+'),
            b'-' | b'_' | b'.' | b'~' => name.push(char::from(byte)),
            _ if byte.is_ascii_alphanumeric() => name.push(char::from(byte)),
            _ => name += &format!("%{byte:02X}"),
        }
    }
    if name.len() > WHOLE {
        let digest = BASE64_URL_SAFE_NO_PAD.encode(Sha1::digest(collection));
        name = format!("{}%24{digest}", &name[..LEFT]);
    }
    name
}

/// The collection a file name stands for; `None` for a shortened name, and for one mongodump doesn't write.
pub fn collection_of(file: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = file.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        match first {
            b'+' => bytes.push(b' '),
            b'%' => {
                let digits = std::str::from_utf8(tail.get(..2)?).ok()?;
                bytes.push(u8::from_str_radix(digits, 16).ok()?);
                rest = &tail[2..];
            }
            _ => bytes.push(*first),
        }
    }
    let name = String::from_utf8(bytes).ok()?;
    (file_of(&name) == file).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_there_and_back() {
        assert_eq!(file_of("we ird%/né"), "we+ird%25%2Fn%C3%A9");
        assert_eq!(collection_of("we+ird%25%2Fn%C3%A9").as_deref(), Some("we ird%/né"));
        assert_eq!(collection_of("a%2"), None);
        assert_eq!(collection_of("a%zz"), None);
        let long = "ñ".repeat(60);
        let file = file_of(&long);
        assert_eq!(file.len(), LEFT + 3 + 27);
        assert_eq!(collection_of(&file), None);
    }
}
