//! Raw BSON to canonical Extended JSON text, without white space and without HTML escapes, as mongodump writes it.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::MAX_DEPTH;
use crate::dump::raw::{Element, Malformed, elements, kind, string_size};

/// Writes one document. Fails on bytes that are not BSON or not UTF-8: text could not carry them.
pub fn from_raw(document: &[u8]) -> Result<String, Malformed> {
    let mut out = String::with_capacity(document.len() * 2);
    write_document(document, false, 1, &mut out)?;
    Ok(out)
}

/// Writes one value, as it would stand in a document.
pub(crate) fn write_value(element: &Element<'_>, depth: usize, out: &mut String) -> Result<(), Malformed> {
    let bad = Malformed { at: element.at };
    let value = element.value;
    match element.kind {
        kind::DOUBLE => {
            let double = f64::from_le_bytes(value.try_into().map_err(|_| bad)?);
            let _ = write!(out, "{{\"$numberDouble\":\"{}\"}}", double_text(double));
        }
        kind::STRING => write_text(element.as_str().ok_or(bad)?, out),
        kind::DOCUMENT => write_document(value, false, depth + 1, out)?,
        kind::ARRAY => write_document(value, true, depth + 1, out)?,
        kind::BINARY => {
            let (subtype, mut data) = (value[4], &value[5..]);
            if subtype == 2 {
                data = data.get(4..).ok_or(bad)?;
            }
            let data = BASE64_STANDARD.encode(data);
            let _ = write!(out, "{{\"$binary\":{{\"base64\":\"{data}\",\"subType\":\"{subtype:02x}\"}}}}");
        }
        kind::UNDEFINED => out.push_str("{\"$undefined\":true}"),
        kind::OBJECT_ID => {
            let _ = write!(out, "{{\"$oid\":\"{}\"}}", hex::encode(value));
        }
        kind::BOOLEAN => out.push_str(if value == [0] { "false" } else { "true" }),
        kind::DATE => {
            let _ = write!(out, "{{\"$date\":{{\"$numberLong\":\"{}\"}}}}", int64(value, bad)?);
        }
        kind::NULL => out.push_str("null"),
        kind::REGEX => {
            let mut parts = value.split(|byte| *byte == 0);
            out.push_str("{\"$regularExpression\":{\"pattern\":");
            write_text(utf8(parts.next(), bad)?, out);
            out.push_str(",\"options\":");
            write_text(utf8(parts.next(), bad)?, out);
            out.push_str("}}");
        }
        kind::DB_POINTER => {
            let (namespace, id) = value.split_at(value.len() - 12);
            out.push_str("{\"$dbPointer\":{\"$ref\":");
            write_text(utf8(namespace.get(4..namespace.len() - 1), bad)?, out);
            let _ = write!(out, ",\"$id\":{{\"$oid\":\"{}\"}}}}}}", hex::encode(id));
        }
        kind::CODE | kind::SYMBOL => {
            out.push_str(if element.kind == kind::CODE { "{\"$code\":" } else { "{\"$symbol\":" });
            write_text(element.as_str().ok_or(bad)?, out);
            out.push('}');
        }
        kind::CODE_WITH_SCOPE => {
            let size = string_size(&value[4..]).ok_or(bad)?;
            out.push_str("{\"$code\":");
            write_text(utf8(value.get(8..4 + size - 1), bad)?, out);
            out.push_str(",\"$scope\":");
            write_document(&value[4 + size..], false, depth + 1, out)?;
            out.push('}');
        }
        kind::INT32 => {
            let value = i32::from_le_bytes(value.try_into().map_err(|_| bad)?);
            let _ = write!(out, "{{\"$numberInt\":\"{value}\"}}");
        }
        kind::TIMESTAMP => {
            let bits = int64(value, bad)? as u64;
            let _ = write!(out, "{{\"$timestamp\":{{\"t\":{},\"i\":{}}}}}", bits >> 32, bits & 0xffff_ffff);
        }
        kind::INT64 => {
            let _ = write!(out, "{{\"$numberLong\":\"{}\"}}", int64(value, bad)?);
        }
        kind::DECIMAL128 => {
            let decimal = bson::Decimal128::from_bytes(value.try_into().map_err(|_| bad)?);
            let _ = write!(out, "{{\"$numberDecimal\":\"{decimal}\"}}");
        }
        kind::MIN_KEY => out.push_str("{\"$minKey\":1}"),
        kind::MAX_KEY => out.push_str("{\"$maxKey\":1}"),
        _ => return Err(bad),
    }
    Ok(())
}

fn write_document(document: &[u8], is_array: bool, depth: usize, out: &mut String) -> Result<(), Malformed> {
    if depth > MAX_DEPTH {
        return Err(Malformed { at: 0 });
    }
    out.push(if is_array { '[' } else { '{' });
    for (position, element) in elements(document).enumerate() {
        let element = element?;
        if position > 0 {
            out.push(',');
        }
        if !is_array {
            write_text(utf8(Some(element.key), Malformed { at: element.at })?, out);
            out.push(':');
        }
        write_value(&element, depth, out)?;
    }
    out.push(if is_array { ']' } else { '}' });
    Ok(())
}

fn int64(value: &[u8], bad: Malformed) -> Result<i64, Malformed> {
    Ok(i64::from_le_bytes(value.try_into().map_err(|_| bad)?))
}

fn utf8(bytes: Option<&[u8]>, bad: Malformed) -> Result<&str, Malformed> {
    std::str::from_utf8(bytes.ok_or(bad)?).map_err(|_| bad)
}

/// Shortest digits that give the same double; a whole number keeps `.0`, and exponents start at 21 digits.
fn double_text(value: f64) -> String {
    if value.is_nan() {
        "NaN".into()
    } else if value.is_infinite() {
        if value > 0.0 { "Infinity".into() } else { "-Infinity".into() }
    } else if value == 0.0 {
        if value.is_sign_negative() { "-0.0".into() } else { "0.0".into() }
    } else if value.abs() < 1e-4 || value.abs() >= 1e21 {
        let text = format!("{value:E}");
        let (digits, exponent) = text.split_once('E').unwrap_or((&text, "0"));
        let (sign, exponent) = exponent.strip_prefix('-').map_or(('+', exponent), |rest| ('-', rest));
        format!("{digits}E{sign}{exponent:0>2}")
    } else {
        let text = format!("{value}");
        if text.contains('.') { text } else { text + ".0" }
    }
}

fn write_text(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\0'..='\u{1f}' | '\u{2028}' | '\u{2029}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(character));
            }
            _ => out.push(character),
        }
    }
    out.push('"');
}
