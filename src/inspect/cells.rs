//! A document as one line of a table: few fields, short texts, masked like everywhere.

use bson::{RawBsonRef, RawDocument};

use super::json::double;
use super::masks::{self, Masker, Place, Visibility};
use super::order::Key;
use crate::dump::raw::find;

/// Characters of a cell.
const CELL: usize = 48;
/// Fields kept of a document when no columns were chosen.
const FIELDS: usize = 60;
/// Columns when none were chosen.
const COLUMNS: usize = 6;
/// Columns at most.
pub const MOST_COLUMNS: usize = 20;
/// Fields that identify or explain a document, in the order they are shown when no columns were chosen.
const TELLING: [&str; 22] = [
    "id",
    "user_id",
    "order_id",
    "product_id",
    "name",
    "title",
    "company_name",
    "filename",
    "email",
    "creator_name",
    "action",
    "status",
    "role",
    "campaign_id",
    "creator_id",
    "user_email",
    "type",
    "amount",
    "total",
    "length",
    "created_at",
    "timestamp",
];

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// What is shown.
    pub text: String,
    /// How it is shown.
    pub look: Look,
}

/// How a cell looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// A text.
    Text,
    /// A number: right-aligned figures.
    Number,
    /// Masked or hidden; the text says what stands there.
    Masked,
    /// Null, or a list or document of so many.
    Quiet,
}

/// A document as kept for a table.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its `_id`, if it has one and may be shown.
    pub id: Option<Key>,
    /// The `_id`'s cell.
    pub id_cell: Cell,
    /// Cells by field; in stored order, or in the order of the chosen columns.
    pub fields: Vec<(String, Option<Cell>)>,
}

/// Keeps what a table of these columns needs; without columns, the first fields of the document.
pub fn line(masker: &mut Masker, document: &[u8], columns: &[String]) -> Line {
    masker.begin();
    let Ok(raw) = RawDocument::from_bytes(document) else {
        return Line { id: None, id_cell: Cell { text: "?".into(), look: Look::Quiet }, fields: Vec::new() };
    };
    let place = masker.child(Place::ROOT, "_id");
    let id_value = raw.iter().filter_map(Result::ok).find(|(name, _)| name.as_str() == "_id").map(|(_, value)| value);
    let is_open = id_value.is_none_or(|value| masker.rule(place).of(value) == Visibility::Open);
    let id = find(document, "_id").filter(|_| is_open).map(|element| Key::of(&element));
    let id_cell = id_value.map_or(Cell { text: "—".into(), look: Look::Quiet }, |value| cell(masker, place, value));
    let fields = if columns.is_empty() {
        let shown = raw.iter().filter_map(Result::ok).filter(|(name, _)| name.as_str() != "_id").take(FIELDS);
        shown
            .map(|(name, value)| {
                let place = masker.child(Place::ROOT, name.as_str());
                (name.as_str().to_owned(), Some(cell(masker, place, value)))
            })
            .collect()
    } else {
        columns.iter().map(|path| (path.clone(), at_path(masker, Place::ROOT, raw, path))).collect()
    };
    Line { id, id_cell, fields }
}

fn at_path(masker: &mut Masker, place: Place, document: &RawDocument, path: &str) -> Option<Cell> {
    let (name, rest) = path.split_once('.').map_or((path, None), |(name, rest)| (name, Some(rest)));
    let (_, value) = document.iter().filter_map(Result::ok).find(|(found, _)| found.as_str() == name)?;
    let place = masker.child(place, name);
    match (value, rest) {
        (RawBsonRef::Document(inner), Some(rest)) if masker.rule(place).of(value) != Visibility::Secret => {
            at_path(masker, place, inner, rest)
        }
        (_, Some(_)) => None,
        (value, None) => Some(cell(masker, place, value)),
    }
}

fn cell(masker: &Masker, place: Place, value: RawBsonRef<'_>) -> Cell {
    let rule = masker.rule(place);
    if rule.of(value) != Visibility::Open {
        return Cell { text: masks::hint(rule, value), look: Look::Masked };
    }
    let (text, _) = short(value, CELL);
    let look = match value {
        RawBsonRef::Int32(_) | RawBsonRef::Int64(_) | RawBsonRef::Double(_) | RawBsonRef::Decimal128(_) => Look::Number,
        RawBsonRef::Null | RawBsonRef::Undefined | RawBsonRef::Document(_) | RawBsonRef::Array(_) => Look::Quiet,
        _ => Look::Text,
    };
    Cell { text, look }
}

/// The columns a table has when none were chosen: the telling fields first, then what most documents have.
pub fn usual_columns(lines: &[Line]) -> Vec<String> {
    let mut seen: Vec<(&str, usize)> = Vec::new();
    for (name, _) in lines.iter().flat_map(|line| &line.fields) {
        match seen.iter_mut().find(|(found, _)| found == name) {
            Some((_, times)) => *times += 1,
            None => seen.push((name, 1)),
        }
    }
    let mut columns: Vec<&str> =
        TELLING.into_iter().filter(|name| seen.iter().any(|(found, _)| found == name)).take(COLUMNS).collect();
    let mut rest: Vec<_> = seen.iter().filter(|(name, _)| !columns.contains(name)).collect();
    rest.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
    columns.extend(rest.into_iter().map(|(name, _)| *name).take(COLUMNS - columns.len()));
    columns.into_iter().map(str::to_owned).collect()
}

/// A scalar as text of at most so many characters, and its whole length if it was cut.
pub fn short(value: RawBsonRef<'_>, most: usize) -> (String, Option<u64>) {
    match value {
        RawBsonRef::String(text) | RawBsonRef::Symbol(text) | RawBsonRef::JavaScriptCode(text) => cut(text, most),
        RawBsonRef::JavaScriptCodeWithScope(code) => cut(code.code, most),
        RawBsonRef::RegularExpression(regex) => {
            cut(&format!("/{}/{}", regex.pattern.as_str(), regex.options.as_str()), most)
        }
        RawBsonRef::Document(inner) => (format!("{{{}}}", inner.iter().count()), None),
        RawBsonRef::Array(items) => (format!("[{}]", items.into_iter().count()), None),
        RawBsonRef::Boolean(yes) => (yes.to_string(), None),
        RawBsonRef::Null => ("null".into(), None),
        RawBsonRef::Undefined => ("undefined".into(), None),
        RawBsonRef::MinKey => ("MinKey".into(), None),
        RawBsonRef::MaxKey => ("MaxKey".into(), None),
        RawBsonRef::Int32(number) => (number.to_string(), None),
        RawBsonRef::Int64(number) => (number.to_string(), None),
        RawBsonRef::Double(number) => (double(number), None),
        RawBsonRef::Decimal128(number) => (number.to_string(), None),
        RawBsonRef::ObjectId(id) => (id.to_hex(), None),
        RawBsonRef::DateTime(at) => {
            (at.try_to_rfc3339_string().unwrap_or_else(|_| format!("{} ms", at.timestamp_millis())), None)
        }
        RawBsonRef::Timestamp(at) => (format!("{}, {}", at.time, at.increment), None),
        // Only identifiers are ever open; other binaries are hidden before they get here.
        RawBsonRef::Binary(binary) => match uuid::Uuid::from_slice(binary.bytes) {
            Ok(uuid) => (uuid.to_string(), None),
            Err(_) => (format!("{} bytes", binary.bytes.len()), None),
        },
        RawBsonRef::DbPointer(_) => ("DBPointer".into(), None),
    }
}

fn cut(text: &str, most: usize) -> (String, Option<u64>) {
    match text.char_indices().nth(most) {
        None => (text.to_owned(), None),
        Some((at, _)) => (format!("{}…", &text[..at]), Some(text.chars().count() as u64)),
    }
}

#[cfg(test)]
mod tests {
    use bson::{RawDocumentBuf, doc};

    use super::*;

    fn line_of(collection: &str, document: bson::Document, columns: &[&str]) -> Line {
        let raw = RawDocumentBuf::try_from(&document).unwrap();
        let columns: Vec<_> = columns.iter().map(|name| (*name).to_owned()).collect();
        line(&mut Masker::new(collection), raw.as_bytes(), &columns)
    }

    #[test]
    fn cells_are_short_and_masked() {
        let document =
            doc! { "_id": 7, "email": "ana@example.com", "password": "x", "n": 1_i64, "s": { "t": "á".repeat(60) } };
        let line = line_of("users", document, &["email", "password", "n", "s.t", "none"]);
        let texts: Vec<_> = line.fields.iter().map(|(_, cell)| cell.as_ref().map(|cell| cell.text.clone())).collect();
        assert!(!texts[0].as_ref().unwrap().contains("ana"), "{texts:?}");
        assert!(texts[1].as_ref().unwrap().contains("1"), "type and size");
        assert_eq!(texts[2].as_deref(), Some("1"));
        assert_eq!(texts[4], None);
        assert_eq!(line.fields[2].1.as_ref().unwrap().look, Look::Number);
        assert!(line.id.is_some());
    }

    #[test]
    fn telling_fields_come_first() {
        let lines = [line_of("c", doc! { "_id": 1, "zeta": 1, "status": "a", "name": "b" }, &[])];
        assert_eq!(usual_columns(&lines), ["name", "status", "zeta"]);
    }
}
