//! Rows as CSV.
//!
//! Two dialects. The usual one is what a spreadsheet in Paraguay opens with a double click: semicolons, a byte order mark,
//! decimal commas, local dates. The other is for programs: commas, decimal points, ISO dates in UTC.
//!
//! A text that a spreadsheet would take for a formula gets an apostrophe in front. Numbers are not texts: −5 stays −5.

use std::io::Write;

use bson::RawArray;
use jiff::Timestamp;

use super::table::{Cell, Table};
use super::{Stop, documents};
use crate::i18n::format;
use crate::values::looks_like_formula;

/// The separator, and what goes with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Semicolons, for spreadsheets here.
    Semicolon,
    /// Commas, for programs.
    Comma,
}

impl Dialect {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Semicolon, Self::Comma];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Semicolon => "semicolon",
            Self::Comma => "comma",
        }
    }

    /// The dialect with this code; the usual one when nothing was chosen.
    pub fn parse(code: &str) -> Option<Self> {
        if code.is_empty() {
            Some(Self::Semicolon)
        } else {
            Self::ALL.into_iter().find(|dialect| dialect.code() == code)
        }
    }
}

/// Encodes batches.
pub(super) struct CsvEncoder {
    table: Table,
    dialect: Dialect,
    scratch: Vec<u8>,
}

impl CsvEncoder {
    pub(super) fn new(table: Table, dialect: Dialect) -> Self {
        Self { table, dialect, scratch: Vec::new() }
    }

    /// The byte order mark and the head.
    pub(super) fn head(&self) -> Result<Vec<u8>, Stop> {
        let mut out = if self.dialect == Dialect::Semicolon { b"\xef\xbb\xbf".to_vec() } else { Vec::new() };
        let mut writer = self.writer(Vec::new());
        for title in self.table.titles() {
            writer.write_field(guarded(title, &mut Vec::new())).map_err(Stop::fault)?;
        }
        writer.write_record(None::<&[u8]>).map_err(Stop::fault)?;
        out.extend(writer.into_inner().map_err(|error| Stop::fault(error.into_error()))?);
        Ok(out)
    }

    /// A batch of rows.
    pub(super) fn batch(&mut self, batch: &RawArray) -> Result<(Vec<u8>, u64), Stop> {
        let mut writer = self.writer(Vec::with_capacity(batch.as_bytes().len() / 2));
        let mut rows = 0;
        let Self { table, dialect, scratch } = self;
        for document in documents(batch) {
            table.row(document?, |_, cell| {
                scratch.clear();
                writer.write_field(field(*dialect, &cell, scratch)).map_err(Stop::fault)
            })?;
            writer.write_record(None::<&[u8]>).map_err(Stop::fault)?;
            rows += 1;
        }
        Ok((writer.into_inner().map_err(|error| Stop::fault(error.into_error()))?, rows))
    }

    fn writer(&self, out: Vec<u8>) -> csv::Writer<Vec<u8>> {
        let delimiter = match self.dialect {
            Dialect::Semicolon => b';',
            Dialect::Comma => b',',
        };
        csv::WriterBuilder::new().delimiter(delimiter).terminator(csv::Terminator::CRLF).from_writer(out)
    }
}

/// The bytes of a cell, in `scratch` when they had to be made.
fn field<'a>(dialect: Dialect, cell: &'a Cell<'_>, scratch: &'a mut Vec<u8>) -> &'a [u8] {
    let written = match cell {
        Cell::Empty => return b"",
        Cell::Text(text) => return guarded(text, scratch),
        Cell::Made(text) => return guarded(text, scratch),
        Cell::Plain(text) => return text.as_bytes(),
        Cell::Bool(true) => return b"true",
        Cell::Bool(false) => return b"false",
        Cell::Whole(number) => write!(scratch, "{number}"),
        Cell::Real(number) => {
            let written = write!(scratch, "{number}");
            if dialect == Dialect::Semicolon
                && let Some(point) = scratch.iter_mut().find(|byte| **byte == b'.')
            {
                *point = b',';
            }
            written
        }
        Cell::Date(at) => date(dialect, *at, scratch),
    };
    written.expect("writing to memory");
    scratch
}

fn date(dialect: Dialect, at: bson::DateTime, scratch: &mut Vec<u8>) -> std::io::Result<()> {
    match (Timestamp::from_millisecond(at.timestamp_millis()), dialect) {
        (Ok(at), Dialect::Semicolon) => scratch.write_all(format::exact(at).as_bytes()),
        (Ok(at), Dialect::Comma) => write!(scratch, "{at:.3}"),
        // Beyond any calendar: milliseconds since 1970, as stored.
        (Err(_), _) => write!(scratch, "{}", at.timestamp_millis()),
    }
}

/// A text with an apostrophe in front when it could be taken for a formula.
fn guarded<'a>(text: &'a str, scratch: &'a mut Vec<u8>) -> &'a [u8] {
    if looks_like_formula(text) {
        scratch.push(b'\'');
        scratch.extend_from_slice(text.as_bytes());
        scratch
    } else {
        text.as_bytes()
    }
}

#[cfg(test)]
mod tests {
    use bson::{DateTime, RawArrayBuf, RawDocumentBuf, rawdoc};

    use super::*;

    fn encode(dialect: Dialect, columns: &[&str], rows: Vec<RawDocumentBuf>) -> String {
        let columns: Vec<String> = columns.iter().map(|name| name.to_string()).collect();
        let mut encoder = CsvEncoder::new(Table::new("shop_products", &columns, false, false), dialect);
        let mut out = encoder.head().unwrap();
        let batch = RawArrayBuf::from_iter(rows);
        out.extend(encoder.batch(&batch).unwrap().0);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn formulas_are_texts() {
        let rows = ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "x=1", "'x"].map(|text| rawdoc! { "name": text }).to_vec();
        let text = encode(Dialect::Comma, &["name"], rows);
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let read: Vec<String> = reader.records().map(|row| row.unwrap()[0].to_owned()).collect();
        assert_eq!(read, ["'=1+1", "'+1", "'-1", "'@x", "'\tx", "'\rx", "x=1", "'x"]);
        let head = encode(Dialect::Comma, &["=cmd"], vec![]);
        assert_eq!(head, "'=cmd\r\n");
    }

    #[test]
    fn numbers_dates_and_nested_values_follow_the_dialect() {
        let row = || {
            rawdoc! {
                "price": 12.5, "stock": -1, "total_pyg": 250_000.0, "updated_at": DateTime::from_millis(1_769_871_296_123),
                "online": true, "image": "a;b,c\"d\ne", "sizes": [1, "x", { "y": 2.0 }], "none": bson::RawBson::Null,
            }
        };
        let columns = ["price", "stock", "total_pyg", "updated_at", "online", "image", "sizes", "none", "absent"];
        assert_eq!(
            encode(Dialect::Semicolon, &columns, vec![row()]),
            "\u{feff}price;stock;total_pyg;updated_at;online;image;sizes;none;absent\r\n\
             12,5;-1;250000;31/01/2026 11:54:56;true;\"a;b,c\"\"d\ne\";\"[1,\"\"x\"\",{\"\"y\"\":2.0}]\";;\r\n"
        );
        assert_eq!(
            encode(Dialect::Comma, &columns, vec![row()]),
            "price,stock,total_pyg,updated_at,online,image,sizes,none,absent\r\n\
             12.5,-1,250000,2026-01-31T14:54:56.123Z,true,\"a;b,c\"\"d\ne\",\"[1,\"\"x\"\",{\"\"y\"\":2.0}]\",,\r\n"
        );
    }

    #[test]
    fn a_single_empty_cell_is_still_a_row() {
        assert_eq!(encode(Dialect::Comma, &["x"], vec![rawdoc! {}]), "x\r\n\"\"\r\n");
    }
}
