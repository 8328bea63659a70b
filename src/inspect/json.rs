//! A raw document as Extended JSON text, masked, without an intermediate document.
//!
//! Canonical text keeps every type and is what JSON Lines exports hold; relaxed text reads better and stands in the cells of
//! spreadsheets. Fields keep their order and repeated names are written as often as they occur. What may not be shown is
//! replaced by a text that says what stood there ([`masks::hint`]).

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bson::error::Error;
use bson::{RawArray, RawBsonRef, RawDocument};

use super::masks::{self, Masker, Place, Visibility};

/// How types are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Every type visible.
    Canonical,
    /// Plain numbers, and dates as ISO texts where they can be.
    Relaxed,
}

/// Writes documents of one collection.
pub struct JsonWriter {
    masker: Masker,
    style: Style,
    /// Whether personal values are written; secrets never are.
    with_personal: bool,
}

impl JsonWriter {
    /// A writer for one collection.
    pub fn new(collection: &str, style: Style, with_personal: bool) -> Self {
        Self { masker: Masker::new(collection), style, with_personal }
    }

    /// The rules it writes by.
    pub fn masker(&mut self) -> &mut Masker {
        &mut self.masker
    }

    /// A whole document.
    pub fn document(&mut self, out: &mut Vec<u8>, document: &RawDocument) -> Result<(), Error> {
        self.masker.begin();
        self.fields(out, Place::ROOT, document)
    }

    /// A value found at a place.
    pub fn value(&mut self, out: &mut Vec<u8>, place: Place, value: RawBsonRef<'_>) -> Result<(), Error> {
        let rule = self.masker.rule(place);
        let masked = match rule.of(value) {
            Visibility::Open => false,
            Visibility::Personal => !self.with_personal,
            Visibility::Secret => true,
        };
        if masked {
            string(out, &masks::hint(rule, value));
            return Ok(());
        }
        match value {
            RawBsonRef::Document(inner) => self.fields(out, place, inner)?,
            RawBsonRef::Array(items) => self.items(out, place, items)?,
            RawBsonRef::JavaScriptCodeWithScope(code) => {
                out.extend_from_slice(b"{\"$code\":");
                string(out, code.code);
                out.extend_from_slice(b",\"$scope\":");
                self.fields(out, place, code.scope)?;
                out.push(b'}');
            }
            scalar => self.scalar(out, scalar),
        }
        Ok(())
    }

    fn fields(&mut self, out: &mut Vec<u8>, place: Place, document: &RawDocument) -> Result<(), Error> {
        out.push(b'{');
        let mut first = true;
        for element in document {
            let (name, value) = element?;
            if !first {
                out.push(b',');
            }
            first = false;
            string(out, name.as_str());
            out.push(b':');
            let below = self.masker.child(place, name.as_str());
            self.value(out, below, value)?;
        }
        out.push(b'}');
        Ok(())
    }

    fn items(&mut self, out: &mut Vec<u8>, place: Place, items: &RawArray) -> Result<(), Error> {
        out.push(b'[');
        for (at, item) in items.into_iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            self.value(out, place, item?)?;
        }
        out.push(b']');
        Ok(())
    }

    fn scalar(&self, out: &mut Vec<u8>, value: RawBsonRef<'_>) {
        let relaxed = self.style == Style::Relaxed;
        match value {
            RawBsonRef::String(text) => string(out, text),
            RawBsonRef::Boolean(true) => out.extend_from_slice(b"true"),
            RawBsonRef::Boolean(false) => out.extend_from_slice(b"false"),
            RawBsonRef::Null => out.extend_from_slice(b"null"),
            RawBsonRef::Int32(number) if relaxed => put(out, format_args!("{number}")),
            RawBsonRef::Int64(number) if relaxed => put(out, format_args!("{number}")),
            RawBsonRef::Double(number) if relaxed && number.is_finite() => put(out, format_args!("{number:?}")),
            RawBsonRef::DateTime(at) if relaxed && iso(at).is_some() => {
                put(out, format_args!("{{\"$date\":\"{}\"}}", iso(at).unwrap_or_default()));
            }
            RawBsonRef::Int32(number) => put(out, format_args!("{{\"$numberInt\":\"{number}\"}}")),
            RawBsonRef::Int64(number) => put(out, format_args!("{{\"$numberLong\":\"{number}\"}}")),
            RawBsonRef::Double(number) => put(out, format_args!("{{\"$numberDouble\":\"{}\"}}", double(number))),
            RawBsonRef::Decimal128(number) => put(out, format_args!("{{\"$numberDecimal\":\"{number}\"}}")),
            RawBsonRef::ObjectId(id) => put(out, format_args!("{{\"$oid\":\"{id}\"}}")),
            RawBsonRef::DateTime(at) => {
                put(out, format_args!("{{\"$date\":{{\"$numberLong\":\"{}\"}}}}", at.timestamp_millis()));
            }
            RawBsonRef::Timestamp(at) => {
                put(out, format_args!("{{\"$timestamp\":{{\"t\":{},\"i\":{}}}}}", at.time, at.increment));
            }
            RawBsonRef::Binary(binary) => put(
                out,
                format_args!(
                    "{{\"$binary\":{{\"base64\":\"{}\",\"subType\":\"{:02x}\"}}}}",
                    STANDARD.encode(binary.bytes),
                    u8::from(binary.subtype)
                ),
            ),
            RawBsonRef::RegularExpression(regex) => {
                out.extend_from_slice(b"{\"$regularExpression\":{\"pattern\":");
                string(out, regex.pattern.as_str());
                out.extend_from_slice(b",\"options\":");
                string(out, regex.options.as_str());
                out.extend_from_slice(b"}}");
            }
            RawBsonRef::JavaScriptCode(code) => named(out, "$code", code),
            RawBsonRef::Symbol(text) => named(out, "$symbol", text),
            RawBsonRef::Undefined => out.extend_from_slice(b"{\"$undefined\":true}"),
            RawBsonRef::MinKey => out.extend_from_slice(b"{\"$minKey\":1}"),
            RawBsonRef::MaxKey => out.extend_from_slice(b"{\"$maxKey\":1}"),
            RawBsonRef::DbPointer(_) => {
                // The driver keeps a pointer's parts to itself but writes them.
                let text = serde_json::to_string(&value).unwrap_or_else(|_| "{\"$dbPointer\":{}}".into());
                out.extend_from_slice(text.as_bytes());
            }
            RawBsonRef::Document(_) | RawBsonRef::Array(_) | RawBsonRef::JavaScriptCodeWithScope(_) => {}
        }
    }
}

/// The text of a double that reads back as the same double.
pub fn double(number: f64) -> String {
    if number.is_nan() {
        "NaN".into()
    } else if number.is_infinite() {
        if number > 0.0 { "Infinity".into() } else { "-Infinity".into() }
    } else {
        format!("{number:?}")
    }
}

/// ISO text of a date between 1970 and 9999.
fn iso(at: bson::DateTime) -> Option<String> {
    let millis = at.timestamp_millis();
    (0..=253_402_300_799_999).contains(&millis).then(|| at.try_to_rfc3339_string().ok()).flatten()
}

fn named(out: &mut Vec<u8>, name: &str, text: &str) {
    put(out, format_args!("{{\"{name}\":"));
    string(out, text);
    out.push(b'}');
}

fn put(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    out.write_fmt(text).expect("writing to memory");
}

/// A JSON string.
fn string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escaped: Option<&[u8]> = match byte {
            b'"' => Some(b"\\\""),
            b'\\' => Some(b"\\\\"),
            b'\n' => Some(b"\\n"),
            b'\r' => Some(b"\\r"),
            b'\t' => Some(b"\\t"),
            0..=0x1f => None,
            _ => continue,
        };
        out.extend_from_slice(&text.as_bytes()[from..at]);
        match escaped {
            Some(escaped) => out.extend_from_slice(escaped),
            None => put(out, format_args!("\\u{byte:04x}")),
        }
        from = at + 1;
    }
    out.extend_from_slice(&text.as_bytes()[from..]);
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use bson::oid::ObjectId;
    use bson::spec::BinarySubtype;
    use bson::{Binary, Bson, DateTime, Decimal128, Document, JavaScriptCodeWithScope, RawDocumentBuf, Timestamp, doc};

    use super::*;

    fn text(document: &Document, style: Style) -> String {
        let raw = RawDocumentBuf::try_from(document).unwrap();
        let mut out = Vec::new();
        JsonWriter::new("shop_products", style, true).document(&mut out, &raw).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn everything() -> Document {
        doc! {
            "_id": ObjectId::parse_str("65b2a1c3d4e5f60718293a4b").unwrap(),
            "string": "comillas \" barra \\ línea\n nulo \u{0} emoji 🎨 \u{1}",
            "int": 1, "long": 1_i64, "double": 1.0, "small": 0.25, "nan": f64::NAN, "inf": f64::NEG_INFINITY, "zero": -0.0,
            "decimal": "1.10".parse::<Decimal128>().unwrap(),
            "yes": true, "no": false, "null": Bson::Null, "undefined": Bson::Undefined, "min": Bson::MinKey, "max": Bson::MaxKey,
            "date": DateTime::from_millis(1_769_871_296_123), "old": DateTime::from_millis(-62_200_000_000_000),
            "far": DateTime::MAX,
            "ts": Timestamp { time: 1, increment: 2 },
            "uuid": Binary { subtype: BinarySubtype::Uuid, bytes: vec![7; 16] },
            "regex": bson::Regex { pattern: "^a\"b".try_into().unwrap(), options: "i".try_into().unwrap() },
            "code": Bson::JavaScriptCode("1".into()),
            "scoped": JavaScriptCodeWithScope { code: "1".into(), scope: doc! { "x": 1 } },
            "symbol": Bson::Symbol("s".into()),
            "nested": { "list": [1, [2.5, { "x": Bson::Null }], "a"], "": {} },
        }
    }

    #[test]
    fn canonical_text_reads_back_as_the_same_document() {
        let document = everything();
        let json: serde_json::Value = serde_json::from_str(&text(&document, Style::Canonical)).unwrap();
        assert_eq!(json, Bson::Document(document.clone()).into_canonical_extjson());
        let mut back = Document::try_from(json.as_object().unwrap().clone()).unwrap();
        // Not equal to itself.
        assert!(back.remove("nan").unwrap().as_f64().unwrap().is_nan());
        let mut document = document;
        document.remove("nan");
        assert_eq!(back, document);
    }

    #[test]
    fn relaxed_text_is_what_the_driver_writes() {
        let mut document = everything();
        // The driver writes the last date there is as a day of the year 9999, which is another one.
        document.remove("far");
        let json: serde_json::Value = serde_json::from_str(&text(&document, Style::Relaxed)).unwrap();
        assert_eq!(json, Bson::Document(document).into_relaxed_extjson());
    }

    #[test]
    fn repeated_names_and_their_order_stay() {
        let mut raw = RawDocumentBuf::new();
        raw.append(bson::cstr!("b"), 1);
        raw.append(bson::cstr!("a"), 2);
        raw.append(bson::cstr!("b"), 3);
        let mut out = Vec::new();
        JsonWriter::new("shop_products", Style::Relaxed, false).document(&mut out, &raw).unwrap();
        assert_eq!(out, br#"{"b":1,"a":2,"b":3}"#);
    }

    #[test]
    fn what_may_not_be_shown_is_described() {
        let raw = bson::rawdoc! {
            "email": "ana@example.com", "password": "$2b$12$abc", "mfa_recovery_codes": ["A", "B"], "role": "user",
            "details": { "phone": "0981123456", "token": { "x": 1 } },
        };
        let written = |with_personal| {
            let mut out = Vec::new();
            JsonWriter::new("users", Style::Relaxed, with_personal).document(&mut out, &raw).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(
            written(false),
            concat!(
                r#"{"email":"[oculto: correo]","password":"[secreto: texto de 10 caracteres]","#,
                r#""mfa_recovery_codes":"[secreto: lista de 2 elementos]","role":"user","#,
                r#""details":{"phone":"[oculto: número de teléfono o documento]","token":"[secreto: documento de 1 campo]"}}"#
            )
        );
        assert!(written(true).contains("ana@example.com") && !written(true).contains("$2b$"));
    }
}
