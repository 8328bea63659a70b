//! Documents as rows: which columns there are, and what stands in each cell.
//!
//! A column is a path. Either somebody chose it, or it is a top-level field met in a first pass over everything that will be
//! exported: a sample would forget the fields it didn't meet. Secret fields are never columns.

use std::collections::HashMap;

use bson::error::Error as BsonError;
use bson::{RawBsonRef, RawDocument};

use super::Stop;
use crate::inspect::json::{self, JsonWriter, Style};
use crate::inspect::masks::{self, Place, Visibility};

/// Top-level fields met in a pass, in the order they were first met.
#[derive(Default)]
pub(super) struct Discovery {
    names: Vec<String>,
    known: HashMap<Box<str>, usize>,
    last: usize,
    rows: u64,
}

impl Discovery {
    /// Columns a table may have: what a spreadsheet holds.
    pub(super) const MOST: usize = 16_384;

    /// Notes the fields of one document; only names are looked at.
    pub(super) fn document(&mut self, document: &RawDocument) -> Result<(), Stop> {
        self.rows += 1;
        for element in document.iter_elements() {
            let name = element?.key().as_str();
            let next = if self.last + 1 < self.names.len() { self.last + 1 } else { 0 };
            if self.names.get(next).is_some_and(|guess| guess == name) {
                self.last = next;
                continue;
            }
            match self.known.get(name) {
                Some(at) => self.last = *at,
                None => {
                    self.last = self.names.len();
                    self.known.insert(name.into(), self.last);
                    self.names.push(name.to_owned());
                }
            }
        }
        if self.names.len() > Self::MOST { Err(Stop::TooManyColumns) } else { Ok(()) }
    }

    /// Documents seen.
    pub(super) fn rows(&self) -> u64 {
        self.rows
    }

    /// The fields that may become columns.
    pub(super) fn columns(self, collection: &str) -> Vec<String> {
        self.names.into_iter().filter(|name| masks::of_path(collection, name) != Visibility::Secret).collect()
    }
}

/// What stands in a cell.
#[derive(Debug, PartialEq)]
pub(super) enum Cell<'a> {
    /// No such field, or null.
    Empty,
    /// Text, as stored.
    Text(&'a str),
    /// Text made here: JSON of what is nested, or what stands for a masked value.
    Made(String),
    /// A number or identifier as text, which no spreadsheet takes for a formula.
    Plain(String),
    /// A whole number.
    Whole(i64),
    /// A double.
    Real(f64),
    /// Yes or no.
    Bool(bool),
    /// An instant.
    Date(bson::DateTime),
}

struct Column {
    title: String,
    top: usize,
    rest: Vec<String>,
    place_path: Vec<String>,
}

/// Turns documents into rows of cells.
pub(super) struct Table {
    columns: Vec<Column>,
    tops: Vec<String>,
    by_name: HashMap<Box<str>, usize>,
    last: usize,
    json: JsonWriter,
    /// Whether a field without a column means that the collection changed since the columns were found.
    complete: bool,
    with_personal: bool,
    collection: String,
}

/// What a document has for one top-level field.
#[derive(Clone, Default)]
enum Slot<'a> {
    #[default]
    Absent,
    One(RawBsonRef<'a>),
    /// The name is repeated in the document.
    Repeated(Vec<RawBsonRef<'a>>),
}

impl Table {
    /// A table with these columns; `complete` when they were found by a pass rather than chosen.
    pub(super) fn new(collection: &str, columns: &[String], complete: bool, with_personal: bool) -> Self {
        let mut table = Self {
            columns: Vec::new(),
            tops: Vec::new(),
            by_name: HashMap::new(),
            last: 0,
            json: JsonWriter::new(collection, Style::Relaxed, with_personal),
            complete,
            with_personal,
            collection: collection.into(),
        };
        for title in columns {
            // A found name is one name, dots and all; a chosen one is a path.
            let parts: Vec<String> =
                if complete { vec![title.clone()] } else { title.split('.').map(str::to_owned).collect() };
            let next = table.tops.len();
            let top = *table.by_name.entry(parts[0].as_str().into()).or_insert(next);
            if top == next {
                table.tops.push(parts[0].clone());
            }
            table.columns.push(Column { title: title.clone(), top, rest: parts[1..].to_vec(), place_path: parts });
        }
        table
    }

    /// The head of the table.
    pub(super) fn titles(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.title.as_str())
    }

    /// How many columns there are.
    pub(super) fn width(&self) -> usize {
        self.columns.len()
    }

    /// Calls `put` with each cell of a document's row, in the order of the columns.
    pub(super) fn row<'a>(
        &mut self,
        document: &'a RawDocument,
        mut put: impl FnMut(usize, Cell<'a>) -> Result<(), Stop>,
    ) -> Result<(), Stop> {
        let slots = self.slots(document)?;
        self.json.masker().begin();
        for at in 0..self.columns.len() {
            let place = self.place(at);
            let column = &self.columns[at];
            let cell = match &slots[column.top] {
                Slot::Absent => Cell::Empty,
                Slot::One(value) if column.rest.is_empty() => self.cell(place, *value)?,
                Slot::One(value) => {
                    let mut found = Vec::new();
                    let through_list = descend(*value, &column.rest, &mut found)?;
                    match (found.as_slice(), through_list) {
                        ([], _) => Cell::Empty,
                        ([value], false) => self.cell(place, *value)?,
                        (values, _) => self.list(place, values)?,
                    }
                }
                Slot::Repeated(values) => self.list(place, &values.clone())?,
            };
            put(at, cell)?;
        }
        Ok(())
    }

    fn slots<'a>(&mut self, document: &'a RawDocument) -> Result<Vec<Slot<'a>>, Stop> {
        let mut slots = vec![Slot::Absent; self.tops.len()];
        for element in document.iter_elements() {
            let element = element?;
            let name = element.key().as_str();
            let guess = if self.last + 1 < self.tops.len() { self.last + 1 } else { 0 };
            let top = if self.tops.get(guess).is_some_and(|top| top == name) {
                guess
            } else if let Some(top) = self.by_name.get(name) {
                *top
            } else if self.complete && masks::of_path(&self.collection, name) != Visibility::Secret {
                return Err(Stop::Changed);
            } else {
                continue;
            };
            self.last = top;
            let value = element.value()?;
            slots[top] = match std::mem::take(&mut slots[top]) {
                Slot::Absent => Slot::One(value),
                Slot::One(first) => Slot::Repeated(vec![first, value]),
                Slot::Repeated(mut values) => {
                    values.push(value);
                    Slot::Repeated(values)
                }
            };
        }
        Ok(slots)
    }

    fn place(&mut self, column: usize) -> Place {
        let masker = self.json.masker();
        let mut place = Place::ROOT;
        for name in self.columns[column].place_path.iter().filter(|name| !masks::is_position(name)) {
            place = masker.child(place, name);
        }
        place
    }

    fn cell<'a>(&mut self, place: Place, value: RawBsonRef<'a>) -> Result<Cell<'a>, Stop> {
        let rule = self.json.masker().rule(place);
        match rule.of(value) {
            Visibility::Secret => return Ok(Cell::Made(masks::hint(rule, value))),
            Visibility::Personal if !self.with_personal => return Ok(Cell::Made(masks::hint(rule, value))),
            Visibility::Open | Visibility::Personal => {}
        }
        Ok(match value {
            RawBsonRef::Null | RawBsonRef::Undefined => Cell::Empty,
            RawBsonRef::String(text) | RawBsonRef::Symbol(text) | RawBsonRef::JavaScriptCode(text) => Cell::Text(text),
            RawBsonRef::Int32(number) => Cell::Whole(number.into()),
            RawBsonRef::Int64(number) => Cell::Whole(number),
            RawBsonRef::Double(number) if number.is_finite() => Cell::Real(number),
            RawBsonRef::Double(number) => Cell::Plain(json::double(number)),
            RawBsonRef::Decimal128(number) => Cell::Plain(number.to_string()),
            RawBsonRef::Boolean(yes) => Cell::Bool(yes),
            RawBsonRef::ObjectId(id) => Cell::Plain(id.to_hex()),
            RawBsonRef::DateTime(at) => Cell::Date(at),
            other => {
                let mut out = Vec::new();
                self.json.value(&mut out, place, other)?;
                Cell::Made(text_of(out))
            }
        })
    }

    fn list<'a>(&mut self, place: Place, values: &[RawBsonRef<'a>]) -> Result<Cell<'a>, Stop> {
        let mut out = vec![b'['];
        for (at, value) in values.iter().enumerate() {
            if at > 0 {
                out.push(b',');
            }
            self.json.value(&mut out, place, *value)?;
        }
        out.push(b']');
        Ok(Cell::Made(text_of(out)))
    }
}

fn text_of(json: Vec<u8>) -> String {
    String::from_utf8(json).unwrap_or_else(|bytes| String::from_utf8_lossy(bytes.as_bytes()).into_owned())
}

/// The values at a path below `value`; true when a list was passed through on the way, so that there may be many.
fn descend<'a>(value: RawBsonRef<'a>, path: &[String], found: &mut Vec<RawBsonRef<'a>>) -> Result<bool, BsonError> {
    let Some((name, rest)) = path.split_first() else {
        found.push(value);
        return Ok(false);
    };
    match value {
        RawBsonRef::Document(document) => match document.get(name.as_str())? {
            Some(below) => descend(below, rest, found),
            None => Ok(false),
        },
        RawBsonRef::Array(items) if masks::is_position(name) => {
            let at: usize = name.parse().unwrap_or(usize::MAX);
            match items.into_iter().nth(at).transpose()? {
                Some(below) => descend(below, rest, found),
                None => Ok(false),
            }
        }
        RawBsonRef::Array(items) => {
            for item in items {
                descend(item?, path, found)?;
            }
            Ok(true)
        }
        _ => Ok(false),
    }
}

#[cfg(test)]
mod tests {
    use bson::rawdoc;

    use super::*;

    fn cells(table: &mut Table, document: &RawDocument) -> Vec<String> {
        let mut cells = Vec::new();
        table
            .row(document, |_, cell| {
                cells.push(format!("{cell:?}"));
                Ok(())
            })
            .unwrap();
        cells
    }

    #[test]
    fn every_field_of_every_document_is_found_and_secrets_are_not() {
        let mut discovery = Discovery::default();
        for document in [
            rawdoc! { "_id": 1, "a": 1, "password": "x" },
            rawdoc! { "_id": 2, "b": 1 },
            rawdoc! { "b": 1, "a": 1, "with.dot": 1, "mfa_secret": 1 },
        ] {
            discovery.document(&document).unwrap();
        }
        assert_eq!(discovery.rows(), 3);
        assert_eq!(discovery.columns("users"), ["_id", "a", "b", "with.dot"]);
    }

    #[test]
    fn paths_lead_through_documents_and_lists() {
        let chosen = ["stats.views", "items.price", "items.1.price", "none.x"].map(String::from);
        let mut table = Table::new("orders", &chosen, false, false);
        let document = rawdoc! { "stats": { "views": 7 }, "items": [{ "price": 1 }, { "price": 2.5 }, {}] };
        assert_eq!(cells(&mut table, &document), ["Whole(7)", "Made(\"[1,2.5]\")", "Real(2.5)", "Empty"]);
    }

    #[test]
    fn a_new_field_stops_a_complete_table_only() {
        let mut table = Table::new("orders", &["_id".into()], true, false);
        let grown = rawdoc! { "_id": 1, "surprise": 1 };
        assert!(matches!(table.row(&grown, |_, _| Ok(())), Err(Stop::Changed)));
        assert!(table.row(&rawdoc! { "_id": 1, "password": "x" }, |_, _| Ok(())).is_ok(), "secrets have no column");
        let mut chosen = Table::new("orders", &["_id".into()], false, false);
        assert!(chosen.row(&grown, |_, _| Ok(())).is_ok());
    }

    #[test]
    fn repeated_names_are_all_there() {
        let mut document = bson::RawDocumentBuf::new();
        document.append(bson::cstr!("a"), 1);
        document.append(bson::cstr!("a"), 2);
        let mut table = Table::new("orders", &["a".into()], true, false);
        assert_eq!(cells(&mut table, &document), ["Made(\"[1,2]\")"]);
    }

    #[test]
    fn masks_hold_in_cells_and_below() {
        let columns = ["email", "role", "details"].map(String::from);
        let document = rawdoc! {
            "email": "ana@example.com", "role": "user", "details": { "phone": "0981123456", "password": "x" },
        };
        let mut masked = Table::new("users", &columns, false, false);
        assert_eq!(cells(&mut masked, &document)[..2], ["Made(\"[oculto: correo]\")", "Text(\"user\")"]);
        let mut shown = Table::new("users", &columns, false, true);
        let shown = cells(&mut shown, &document);
        assert_eq!(shown[0], "Text(\"ana@example.com\")");
        assert!(shown[2].contains("0981123456") && shown[2].contains("[secreto: texto de 1 carácter]"), "{}", shown[2]);
    }
}
