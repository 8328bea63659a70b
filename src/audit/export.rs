//! The log as a file that a spreadsheet opens: rows go out as they come in, so its size doesn't matter.

use std::borrow::Cow;

use bytes::Bytes;
use futures::{Stream, TryStreamExt};
use jiff::Timestamp;
use mongodb::Cursor;

use super::model::{Action, Row, Source, as_json};
use crate::i18n::{audit as words, format};
use crate::values::looks_like_formula;

/// Bytes gathered before they are sent.
const CHUNK: usize = 64 * 1024;
/// Tells spreadsheets that the text is UTF-8.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// The rows as CSV with `;`. A failure on the way breaks the stream off: half a file never ends as if it were whole.
pub fn csv(mut rows: Cursor<Row>) -> impl Stream<Item = anyhow::Result<Bytes>> {
    async_stream::try_stream! {
        let mut sheet = sheet(MARK.to_vec());
        sheet.write_record(words::EXPORT_HEAD)?;
        while let Some(row) = rows.try_next().await? {
            sheet.write_record(cells(&row).iter().map(|cell| safe(cell).into_owned()))?;
            if sheet.get_ref().len() >= CHUNK {
                sheet.flush()?;
                yield finished(std::mem::replace(&mut sheet, self::sheet(Vec::new())))?;
            }
        }
        yield finished(sheet)?;
    }
}

fn sheet(start: Vec<u8>) -> csv::Writer<Vec<u8>> {
    csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(start)
}

fn finished(sheet: csv::Writer<Vec<u8>>) -> anyhow::Result<Bytes> {
    Ok(sheet.into_inner().map_err(|error| error.into_error())?.into())
}

fn cells(row: &Row) -> [String; 10] {
    let at = Timestamp::from_millisecond(row.timestamp.timestamp_millis()).unwrap_or(Timestamp::UNIX_EPOCH);
    let who = match (&row.user_email, row.source) {
        (Some(email), _) => email.clone(),
        (None, Source::CommandLine) => words::COMMAND_LINE.into(),
        (None, Source::Web) => String::new(),
    };
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    [
        format::exact(at),
        Action::parse(&row.action).map_or_else(|| row.action.clone(), |action| words::action(action).into()),
        who,
        text(&row.user_role),
        text(&row.ip_address),
        text(&row.user_agent),
        text(&row.target_type),
        text(&row.target_id),
        if row.details.is_empty() { String::new() } else { as_json(&row.details) },
        row.id.to_hex(),
    ]
}

/// A cell that no spreadsheet takes for a formula.
fn safe(cell: &str) -> Cow<'_, str> {
    if looks_like_formula(cell) { format!("'{cell}").into() } else { cell.into() }
}

#[cfg(test)]
mod tests {
    use super::safe;

    #[test]
    fn formulas_become_text() {
        for (cell, expected) in [
            ("=HYPERLINK(\"x\")", "'=HYPERLINK(\"x\")"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("ana@example.com", "ana@example.com"),
            ("", ""),
        ] {
            assert_eq!(safe(cell), expected);
        }
    }
}
