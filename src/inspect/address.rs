//! How documents and places are written in addresses.
//!
//! An id is readable: an object id as its 24 digits, everything else as canonical Extended JSON, so an address says which
//! type it means. A place in an order is the list of its keys in canonical Extended JSON, as base64url. Keys that text can't
//! carry (broken UTF-8 in an old `_id`) travel as their bytes, behind a tilde.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::order::Key;
use super::sort::Place;
use crate::dump::extjson;
use crate::dump::raw::{Builder, elements, find, kind};

/// The text of an id, before percent encoding.
pub fn id_text(key: &Key) -> String {
    if key.kind == kind::OBJECT_ID {
        return hex::encode(&key.value);
    }
    let mut builder = Builder::new();
    builder.raw(key.kind, b"", &key.value);
    let text = extjson::from_raw(&builder.finish()).ok();
    // `{"":…}`
    let inner = text.as_deref().and_then(|text| text.strip_prefix("{\"\":")?.strip_suffix('}'));
    inner.map(str::to_owned).unwrap_or_else(|| raw_text([key]))
}

/// Reads [`id_text`].
pub fn parse_id(text: &str) -> Option<Key> {
    if text.len() == 24
        && let Ok(bytes) = hex::decode(text)
    {
        return Some(Key::new(kind::OBJECT_ID, &bytes));
    }
    if text.starts_with('~') {
        return parse_raw(text)?.pop();
    }
    let document = extjson::to_raw(&format!("{{\"\":{text}}}")).ok()?;
    let mut found = elements(&document);
    let key = Key::of(&found.next()?.ok()?);
    found.next().is_none().then_some(key)
}

/// The text of a place.
pub fn place_text(place: &[Key]) -> String {
    let mut inner = Builder::new();
    for (at, key) in place.iter().enumerate() {
        inner.raw(key.kind, at.to_string().as_bytes(), &key.value);
    }
    let mut builder = Builder::new();
    builder.array("", &inner.finish());
    let text = extjson::from_raw(&builder.finish()).ok();
    let inner = text.as_deref().and_then(|text| text.strip_prefix("{\"\":")?.strip_suffix('}'));
    inner.map(|text| URL_SAFE_NO_PAD.encode(text)).unwrap_or_else(|| raw_text(place))
}

/// Reads [`place_text`]; `keys` is how many it must have.
pub fn parse_place(text: &str, keys: usize) -> Option<Place> {
    let place = if text.starts_with('~') {
        parse_raw(text)?
    } else {
        let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let document = extjson::to_raw(&format!("{{\"\":{text}}}")).ok()?;
        let array = find(&document, "").filter(|element| element.kind == kind::ARRAY)?;
        elements(array.value).map(|element| Some(Key::of(&element.ok()?))).collect::<Option<_>>()?
    };
    (place.len() == keys).then_some(place)
}

fn raw_text<'a>(keys: impl IntoIterator<Item = &'a Key>) -> String {
    let mut builder = Builder::new();
    for key in keys {
        builder.raw(key.kind, b"", &key.value);
    }
    format!("~{}", URL_SAFE_NO_PAD.encode(builder.finish()))
}

fn parse_raw(text: &str) -> Option<Place> {
    let document = URL_SAFE_NO_PAD.decode(text.strip_prefix('~')?).ok()?;
    elements(&document).map(|element| Some(Key::of(&element.ok()?))).collect()
}

#[cfg(test)]
mod tests {
    use bson::{Bson, RawDocumentBuf, doc, oid::ObjectId};

    use super::*;

    fn key(value: impl Into<Bson>) -> Key {
        let document = RawDocumentBuf::try_from(&doc! { "v": value.into() }).unwrap();
        Key::of(&find(document.as_bytes(), "v").unwrap())
    }

    #[test]
    fn ids_are_readable_and_say_their_type() {
        let id = ObjectId::parse_str("65bb0e000000000000000001").unwrap();
        for (value, text) in [
            (key(id), "65bb0e000000000000000001"),
            (key("user_1"), "\"user_1\""),
            (key("65bb0e000000000000000001"), "\"65bb0e000000000000000001\""),
            (key(1), "{\"$numberInt\":\"1\"}"),
            (key(1_i64), "{\"$numberLong\":\"1\"}"),
            (key(Bson::Null), "null"),
            (key(doc! { "a": 1 }), "{\"a\":{\"$numberInt\":\"1\"}}"),
        ] {
            assert_eq!(id_text(&value), text);
            let back = parse_id(text).unwrap();
            assert_eq!((back.kind, &back.value), (value.kind, &value.value));
        }
        for wrong in ["", "1,\"x\":2", "{", "~", "~x", "\"a", "1}"] {
            assert!(parse_id(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn places_come_back_with_their_types() {
        let broken = Key::new(kind::STRING, b"\x02\0\0\0\xff\0");
        for place in [vec![key("a"), key(1), key(1.0)], vec![key(f64::NAN)], vec![broken.clone(), key(2)]] {
            let text = place_text(&place);
            let back = parse_place(&text, place.len()).unwrap();
            let parts = |place: &[Key]| place.iter().map(|key| (key.kind, key.value.clone())).collect::<Vec<_>>();
            assert_eq!(parts(&back), parts(&place));
            assert_eq!(parse_place(&text, place.len() + 1), None);
        }
        let back = parse_id(&id_text(&broken)).unwrap();
        assert_eq!((back.kind, back.value), (broken.kind, broken.value));
    }
}
