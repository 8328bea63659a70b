//! Rows as an XLSX workbook, in a temporary file.
//!
//! Numbers, dates and booleans are real ones; dates show local time. A text is a text cell and never a formula, and one
//! that looks like a formula stays a text when somebody edits it. What a cell can't hold is said in the cell, never cut
//! silently. A sheet that is full is followed by another with the same head.

use std::path::{Path, PathBuf};

use bson::RawArray;
use jiff::Timestamp;
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::table::{Cell, Table};
use super::{Stop, documents};
use crate::i18n::{exports as words, format};
use crate::values::looks_like_formula;

/// Rows below the head that a sheet holds.
pub const ROWS_PER_SHEET: u32 = 1_048_575;
/// Characters that a cell holds.
const CELL_CHARACTERS: usize = 32_767;
/// Whole numbers beyond this lose digits in a spreadsheet, so they are texts.
const EXACT: i64 = 1 << 53;

/// Writes batches to sheets.
pub(super) struct SheetEncoder {
    table: Table,
    workbook: Workbook,
    sheet: Worksheet,
    sheets: u32,
    next_row: u32,
    rows_per_sheet: u32,
    name: String,
    formats: Formats,
}

struct Formats {
    head: Format,
    date: Format,
    text: Format,
}

impl SheetEncoder {
    /// A workbook whose working files stand in `folder`.
    pub(super) fn new(table: Table, collection: &str, folder: &Path, rows_per_sheet: u32) -> Result<Self, Stop> {
        let mut workbook = Workbook::new();
        workbook.set_tempdir(folder).map_err(fault)?;
        workbook.use_zip_large_file(true);
        let sheet = workbook.new_worksheet_with_constant_memory().map_err(fault)?;
        let formats = Formats {
            head: Format::new().set_bold(),
            date: Format::new().set_num_format("dd/mm/yyyy hh:mm:ss"),
            text: Format::new().set_quote_prefix(),
        };
        let rows_per_sheet = rows_per_sheet.clamp(1, ROWS_PER_SHEET);
        let name = collection.to_owned();
        let mut encoder = Self { table, workbook, sheet, sheets: 0, next_row: 0, rows_per_sheet, name, formats };
        encoder.begin_sheet()?;
        Ok(encoder)
    }

    /// A batch of rows.
    pub(super) fn batch(&mut self, batch: &RawArray) -> Result<u64, Stop> {
        let mut rows = 0;
        for document in documents(batch) {
            let document = document?;
            if self.next_row > self.rows_per_sheet {
                self.end_sheet()?;
                self.sheet = self.workbook.new_worksheet_with_constant_memory().map_err(fault)?;
                self.begin_sheet()?;
            }
            let Self { table, sheet, next_row, formats, .. } = self;
            table.row(document, |column, cell| {
                put(sheet, *next_row, u16::try_from(column).map_err(|_| Stop::TooManyColumns)?, cell, formats)
            })?;
            self.next_row += 1;
            rows += 1;
        }
        Ok(rows)
    }

    /// Writes the workbook to its file.
    pub(super) fn save(mut self, file: PathBuf) -> Result<(), Stop> {
        self.end_sheet()?;
        self.workbook.save(file).map_err(fault)
    }

    fn begin_sheet(&mut self) -> Result<(), Stop> {
        self.sheets += 1;
        self.next_row = 1;
        self.sheet.set_name(sheet_name(&self.name, self.sheets)).map_err(fault)?;
        self.sheet.set_freeze_panes(1, 0).map_err(fault)?;
        for (column, title) in self.table.titles().enumerate() {
            let column = u16::try_from(column).map_err(|_| Stop::TooManyColumns)?;
            let width = (title.chars().count() + 4).clamp(12, 40);
            self.sheet.set_column_width(column, width as f64).map_err(fault)?;
            self.sheet.write_string_with_format(0, column, title, &self.formats.head).map_err(fault)?;
        }
        Ok(())
    }

    fn end_sheet(&mut self) -> Result<(), Stop> {
        if let Some(last) = u16::try_from(self.table.width()).ok().and_then(|width| width.checked_sub(1)) {
            self.sheet.autofilter(0, 0, self.next_row.saturating_sub(1), last).map_err(fault)?;
        }
        self.workbook.push_worksheet(std::mem::take(&mut self.sheet));
        Ok(())
    }
}

fn put(sheet: &mut Worksheet, row: u32, column: u16, cell: Cell<'_>, formats: &Formats) -> Result<(), Stop> {
    let written = match cell {
        Cell::Empty => return Ok(()),
        Cell::Text(value) => return text(sheet, row, column, value, formats),
        Cell::Made(value) | Cell::Plain(value) => return text(sheet, row, column, &value, formats),
        Cell::Bool(yes) => sheet.write_boolean(row, column, yes),
        Cell::Whole(number) if number.abs() <= EXACT => sheet.write_number(row, column, number as f64),
        Cell::Whole(number) => sheet.write_string(row, column, number.to_string()),
        Cell::Real(number) => sheet.write_number(row, column, number),
        Cell::Date(at) => match serial(at) {
            Some(serial) => sheet.write_number_with_format(row, column, serial, &formats.date),
            None => sheet.write_string(row, column, at.try_to_rfc3339_string().unwrap_or_else(|_| at.to_string())),
        },
    };
    written.map(drop).map_err(fault)
}

fn text(sheet: &mut Worksheet, row: u32, column: u16, value: &str, formats: &Formats) -> Result<(), Stop> {
    if value.is_empty() {
        return Ok(());
    }
    // Characters are counted as the file format counts them, in UTF-16.
    let length = if value.len() > CELL_CHARACTERS { value.encode_utf16().count() } else { 0 };
    let written = if length > CELL_CHARACTERS {
        sheet.write_string(row, column, words::too_long_for_a_cell(value.chars().count()))
    } else if looks_like_formula(value) {
        sheet.write_string_with_format(row, column, value, &formats.text)
    } else {
        sheet.write_string(row, column, value)
    };
    written.map(drop).map_err(fault)
}

/// Days since the end of 1899, local time; only dates that spreadsheets know.
fn serial(at: bson::DateTime) -> Option<f64> {
    let local = Timestamp::from_millisecond(at.timestamp_millis()).ok()?.to_zoned(format::time_zone()).datetime();
    let first = jiff::civil::date(1899, 12, 30).at(0, 0, 0, 0);
    let millis = local.duration_since(first).as_millis();
    // Before March 1900 the two calendars disagree about a leap day.
    (local.year() <= 9999 && millis >= 61 * 86_400_000).then(|| millis as f64 / 86_400_000.0)
}

/// A legal, distinct sheet name of at most 31 characters.
fn sheet_name(collection: &str, sheet: u32) -> String {
    let suffix = if sheet == 1 { String::new() } else { format!(" ({sheet})") };
    let legal: String =
        collection.chars().map(|c| if "[]:*?/\\'".contains(c) || c.is_control() { '_' } else { c }).collect();
    let room = 31 - suffix.chars().count();
    let base: String = legal.chars().take(room).collect();
    let base = if base.trim().is_empty() || base.eq_ignore_ascii_case("history") { format!("{base}_") } else { base };
    format!("{}{suffix}", base.chars().take(room).collect::<String>())
}

fn fault(error: XlsxError) -> Stop {
    Stop::fault(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sheet_names_are_legal_and_distinct() {
        assert_eq!(sheet_name("users", 1), "users");
        assert_eq!(sheet_name("a/b:c", 1), "a_b_c");
        assert_eq!(sheet_name(&"x".repeat(60), 12), format!("{} (12)", "x".repeat(26)));
        assert_eq!(sheet_name("", 1), "_");
        assert_eq!(sheet_name("History", 1), "History_");
    }

    #[test]
    fn dates_are_local_days() {
        let at = |text: &str| serial(bson::DateTime::parse_rfc3339_str(text).unwrap());
        assert_eq!(at("2026-01-31T03:00:00Z"), Some(46_053.0));
        assert_eq!(at("2026-01-31T15:00:00Z"), Some(46_053.5));
        assert_eq!(at("1850-01-01T00:00:00Z"), None);
        assert_eq!(serial(bson::DateTime::MAX), None);
    }
}
