//! Extended JSON text to raw BSON.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::MAX_DEPTH;
use super::json::{self, Json};
use crate::dump::raw::{Builder, kind, string_value};

/// Text that is not Extended JSON. The words are for developers; people read which file and field it was.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}{}", at.map(|at| format!(" (byte {at})")).unwrap_or_default())]
pub struct JsonError {
    /// Byte offset in the text, where known.
    pub at: Option<usize>,
    /// What is wrong.
    pub what: String,
}

fn wrong(what: impl Into<String>) -> JsonError {
    JsonError { at: None, what: what.into() }
}

/// Reads one object. The result is a BSON document with the same names in the same order.
pub fn to_raw(text: &str) -> Result<Vec<u8>, JsonError> {
    match json::parse(text)? {
        Json::Object(members) => document(&members, 1),
        _ => Err(wrong("an object was expected")),
    }
}

fn document(members: &[(String, Json)], depth: usize) -> Result<Vec<u8>, JsonError> {
    if depth > MAX_DEPTH {
        return Err(wrong("nested too deeply"));
    }
    let mut builder = Builder::new();
    for (name, value) in members {
        append(&mut builder, name, value, depth)?;
    }
    Ok(builder.finish())
}

fn append(builder: &mut Builder, name: &str, value: &Json, depth: usize) -> Result<(), JsonError> {
    if name.contains('\0') {
        return Err(wrong("a name holds a NUL"));
    }
    let (kind, bytes) = element(value, depth)?;
    builder.raw(kind, name.as_bytes(), &bytes);
    Ok(())
}

fn element(value: &Json, depth: usize) -> Result<(u8, Vec<u8>), JsonError> {
    Ok(match value {
        Json::Null => (kind::NULL, Vec::new()),
        Json::Bool(value) => (kind::BOOLEAN, vec![(*value).into()]),
        Json::Text(text) => (kind::STRING, string_value(text)),
        Json::Number(digits) => number(digits)?,
        Json::Array(items) => {
            if depth + 1 > MAX_DEPTH {
                return Err(wrong("nested too deeply"));
            }
            let mut builder = Builder::new();
            for (position, item) in items.iter().enumerate() {
                append(&mut builder, &position.to_string(), item, depth + 1)?;
            }
            (kind::ARRAY, builder.finish())
        }
        Json::Object(members) => match wrapped(members, depth)? {
            Some(found) => found,
            None => (kind::DOCUMENT, document(members, depth + 1)?),
        },
    })
}

/// A bare number, as relaxed Extended JSON means it.
fn number(digits: &str) -> Result<(u8, Vec<u8>), JsonError> {
    if !digits.contains(['.', 'e', 'E']) && digits != "-0" {
        if let Ok(value) = digits.parse::<i32>() {
            return Ok((kind::INT32, value.to_le_bytes().to_vec()));
        }
        if let Ok(value) = digits.parse::<i64>() {
            return Ok((kind::INT64, value.to_le_bytes().to_vec()));
        }
    }
    let value: f64 = digits.parse().map_err(|_| wrong("not a number"))?;
    if !value.is_finite() {
        return Err(wrong("a number out of range"));
    }
    Ok((kind::DOUBLE, value.to_le_bytes().to_vec()))
}

fn text<'a>(name: &str, value: &'a Json) -> Result<&'a str, JsonError> {
    match value {
        Json::Text(text) => Ok(text),
        _ => Err(wrong(format!("{name} needs a text"))),
    }
}

fn cstring(name: &str, value: &Json, out: &mut Vec<u8>) -> Result<(), JsonError> {
    let text = text(name, value)?;
    if text.contains('\0') {
        return Err(wrong(format!("{name} holds a NUL")));
    }
    out.extend_from_slice(text.as_bytes());
    out.push(0);
    Ok(())
}

/// The two members called `first` and `second`, in either order and nothing else.
fn pair<'a>(name: &str, value: &'a Json, first: &str, second: &str) -> Result<(&'a Json, &'a Json), JsonError> {
    if let Json::Object(members) = value {
        match members.as_slice() {
            [(a, x), (b, y)] if a == first && b == second => return Ok((x, y)),
            [(a, x), (b, y)] if a == second && b == first => return Ok((y, x)),
            _ => {}
        }
    }
    Err(wrong(format!("{name} needs {first} and {second}")))
}

/// `{"$numberInt": …}` and its kin; `None` if the object is an ordinary document.
fn wrapped(members: &[(String, Json)], depth: usize) -> Result<Option<(u8, Vec<u8>)>, JsonError> {
    let Some((name, value)) = members.first() else { return Ok(None) };
    let scoped = members.len() == 2 && members[1].0 == "$scope" && name == "$code";
    let parsed = |name: &str| wrong(format!("{name} holds no such number"));
    let found = match name.as_str() {
        "$numberInt" => {
            let value: i32 = text(name, value)?.parse().map_err(|_| parsed(name))?;
            (kind::INT32, value.to_le_bytes().to_vec())
        }
        "$numberLong" => {
            let value: i64 = text(name, value)?.parse().map_err(|_| parsed(name))?;
            (kind::INT64, value.to_le_bytes().to_vec())
        }
        "$numberDouble" => (kind::DOUBLE, double(text(name, value)?)?.to_le_bytes().to_vec()),
        "$numberDecimal" => {
            let value: bson::Decimal128 = text(name, value)?.parse().map_err(|_| parsed(name))?;
            (kind::DECIMAL128, value.bytes().to_vec())
        }
        "$oid" => {
            let bytes = hex::decode(text(name, value)?).ok().filter(|bytes| bytes.len() == 12);
            (kind::OBJECT_ID, bytes.ok_or_else(|| wrong("$oid needs 24 hexadecimal digits"))?)
        }
        "$symbol" => (kind::SYMBOL, string_value(text(name, value)?)),
        "$uuid" => {
            let uuid = uuid::Uuid::try_parse(text(name, value)?).map_err(|_| wrong("$uuid needs a UUID"))?;
            (kind::BINARY, binary(4, uuid.as_bytes())?)
        }
        "$binary" => (kind::BINARY, wrapped_binary(name, value)?),
        "$date" => (kind::DATE, date(value)?.to_le_bytes().to_vec()),
        "$timestamp" => {
            let (t, i) = pair(name, value, "t", "i")?;
            let part = |value: &Json| match value {
                Json::Number(digits) => digits.parse::<u32>().map_err(|_| parsed(name)),
                _ => Err(parsed(name)),
            };
            let bits = (u64::from(part(t)?) << 32) | u64::from(part(i)?);
            (kind::TIMESTAMP, bits.to_le_bytes().to_vec())
        }
        "$regularExpression" => {
            let (pattern, options) = pair(name, value, "pattern", "options")?;
            let mut bytes = Vec::new();
            cstring(name, pattern, &mut bytes)?;
            cstring(name, options, &mut bytes)?;
            (kind::REGEX, bytes)
        }
        "$code" if scoped => {
            let Json::Object(scope) = &members[1].1 else { return Err(wrong("$scope needs an object")) };
            let code = string_value(text(name, value)?);
            let scope = document(scope, depth + 1)?;
            let length = i32::try_from(4 + code.len() + scope.len()).map_err(|_| wrong("$code is too long"))?;
            (kind::CODE_WITH_SCOPE, [&length.to_le_bytes()[..], &code, &scope].concat())
        }
        "$code" => (kind::CODE, string_value(text(name, value)?)),
        "$dbPointer" => {
            let (namespace, id) = pair(name, value, "$ref", "$id")?;
            let (of, id) = element(id, depth + 1)?;
            if of != kind::OBJECT_ID {
                return Err(wrong("$dbPointer needs an object id"));
            }
            (kind::DB_POINTER, [string_value(text(name, namespace)?), id].concat())
        }
        "$minKey" if is_one(value) => (kind::MIN_KEY, Vec::new()),
        "$maxKey" if is_one(value) => (kind::MAX_KEY, Vec::new()),
        "$undefined" if *value == Json::Bool(true) => (kind::UNDEFINED, Vec::new()),
        "$minKey" | "$maxKey" | "$undefined" => return Err(wrong(format!("{name} holds something else"))),
        _ => return Ok(None),
    };
    if members.len() > 1 && !scoped {
        return Err(wrong(format!("{name} stands beside other names")));
    }
    Ok(Some(found))
}

fn is_one(value: &Json) -> bool {
    matches!(value, Json::Number(digits) if digits == "1")
}

fn double(text: &str) -> Result<f64, JsonError> {
    match text {
        "NaN" => Ok(f64::NAN),
        "Infinity" => Ok(f64::INFINITY),
        "-Infinity" => Ok(f64::NEG_INFINITY),
        // Rust also parses words ("inf"), which Extended JSON does not know.
        _ if text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-')) => {
            text.parse().map_err(|_| wrong("$numberDouble holds no number"))
        }
        _ => Err(wrong("$numberDouble holds no number")),
    }
}

fn wrapped_binary(name: &str, value: &Json) -> Result<Vec<u8>, JsonError> {
    let (data, subtype) = pair(name, value, "base64", "subType")?;
    let data = BASE64_STANDARD.decode(text(name, data)?).map_err(|_| wrong("$binary holds no base64"))?;
    let subtype = text(name, subtype)?;
    if subtype.is_empty() || subtype.len() > 2 {
        return Err(wrong("subType needs one or two hexadecimal digits"));
    }
    let subtype = u8::from_str_radix(subtype, 16).map_err(|_| wrong("subType needs hexadecimal digits"))?;
    binary(subtype, &data)
}

/// A binary value. Subtype 2 repeats its length inside.
fn binary(subtype: u8, data: &[u8]) -> Result<Vec<u8>, JsonError> {
    let length = i32::try_from(data.len()).map_err(|_| wrong("$binary is too long"))?;
    let mut bytes = Vec::with_capacity(data.len() + 9);
    if subtype == 2 {
        bytes.extend_from_slice(&(length + 4).to_le_bytes());
        bytes.push(subtype);
    }
    bytes.extend_from_slice(&length.to_le_bytes());
    if subtype != 2 {
        bytes.push(subtype);
    }
    bytes.extend_from_slice(data);
    Ok(bytes)
}

/// Milliseconds since 1970: canonical `$numberLong`, relaxed RFC 3339 or a bare number.
fn date(value: &Json) -> Result<i64, JsonError> {
    let no_date = || wrong("$date holds no date");
    match value {
        Json::Object(members) => match members.as_slice() {
            [(name, Json::Text(digits))] if name == "$numberLong" => digits.parse().map_err(|_| no_date()),
            _ => Err(no_date()),
        },
        Json::Number(digits) => digits.parse().map_err(|_| no_date()),
        Json::Text(text) => {
            let instant: jiff::Timestamp = text.parse().map_err(|_| no_date())?;
            Ok(instant.as_millisecond())
        }
        _ => Err(no_date()),
    }
}
