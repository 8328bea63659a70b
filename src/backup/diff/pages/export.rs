//! The differences as a file: a table that a spreadsheet opens, or a JSON document a line. Rows go out as they come in.
//!
//! Only so many documents of each collection and kind are kept to be shown; the file begins by saying how many there are of
//! each, so that a part is never taken for the whole.

use axum::body::Body;
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Path};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::{Stream, TryStreamExt as _};
use http::header;
use mongodb::Cursor;
use serde::Deserialize;

use crate::backup::diff::store::{self, Document};
use crate::backup::diff::{CollectionDiff, Report, service};
use crate::ctx::Ctx;
use crate::error::AppError;
use crate::failure::Failure;
use crate::i18n::backup::diff_pages as words;
use crate::i18n::format;
use crate::values::looks_like_formula;

/// The shape of the file.
#[derive(Debug, Deserialize)]
pub struct Asked {
    format: String,
}

/// `POST /admin/backups/comparaciones/{id}/exportar`; on record before the first byte.
pub async fn export(
    ctx: Ctx,
    Path(id): Path<String>,
    form: Result<Form<Asked>, FormRejection>,
) -> Result<Response, Failure> {
    let Ok(Form(asked)) = form else { return Err(AppError::Malformed.into()) };
    let (record, report) = service::load(&ctx, &id).await?;
    let report = report.ok_or(AppError::NotFound)?;
    let is_table = match asked.format.as_str() {
        "csv" => true,
        "jsonl" => false,
        _ => return Err(AppError::Malformed.into()),
    };
    service::record_export(&ctx, &record, &asked.format).await?;
    let documents = store::all(&ctx.app.db.operations(), &record.id).await?;
    let (kind, ending) = if is_table { ("text/csv; charset=utf-8", "csv") } else { ("application/x-ndjson", "jsonl") };
    let day = ctx.now().to_zoned(format::time_zone()).date().to_string();
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", words::file_name(&day, ending))),
    ];
    let body = match is_table {
        true => Body::from_stream(table(report, documents)),
        false => Body::from_stream(lines(report, documents)),
    };
    Ok((headers, body).into_response())
}

/// One line per collection that differs, then one per document.
fn lines(report: Report, mut documents: Cursor<Document>) -> impl Stream<Item = anyhow::Result<Bytes>> {
    async_stream::try_stream! {
        let head: Vec<_> = report.differing().map(serde_json::to_string).collect::<Result<_, _>>()?;
        for line in head {
            yield Bytes::from(line + "\n");
        }
        while let Some(document) = documents.try_next().await? {
            yield Bytes::from(serde_json::to_string(&document.shown)? + "\n");
        }
    }
}

/// One row per collection that differs and per definition of it, then one per field of each document.
fn table(report: Report, mut documents: Cursor<Document>) -> impl Stream<Item = anyhow::Result<Bytes>> {
    async_stream::try_stream! {
        // The mark tells spreadsheets that the text is UTF-8.
        yield Bytes::from_static("\u{feff}".as_bytes());
        yield written([words::EXPORT_HEAD.map(str::to_owned)].into_iter())?;
        let head: Vec<_> = report.differing().flat_map(of_collection).collect();
        yield written(head.into_iter())?;
        while let Some(document) = documents.try_next().await? {
            yield written(of_document(document).into_iter())?;
        }
    }
}

type Row = [String; 8];

fn of_collection(row: &CollectionDiff) -> Vec<Row> {
    let text = String::new;
    let mut remarks = vec![words::totals(row)];
    remarks.extend(words::remarks(row));
    let mut rows =
        vec![[row.name.clone(), words::WHOLE.into(), text(), text(), remarks.join(" "), text(), text(), text()]];
    rows.extend(row.definitions.iter().map(|one| {
        let side = |side: &Option<String>| side.clone().unwrap_or_default();
        let (left, right) = (side(&one.left), side(&one.right));
        [row.name.clone(), words::DEFINITION.into(), text(), words::part(&one.part), text(), text(), left, right]
    }));
    rows
}

fn of_document(document: Document) -> Vec<Row> {
    let shown = document.shown;
    let kind = words::kind(shown.kind);
    let row = |path: String, change: String, types: String, left: String, right: String| {
        [shown.collection.clone(), kind.into(), shown.document.clone(), path, change, types, left, right]
    };
    if shown.moved_on {
        return vec![row(String::new(), words::MOVED_ON.into(), String::new(), String::new(), String::new())];
    }
    let mut rows: Vec<_> = shown
        .fields
        .iter()
        .map(|field| {
            let mut types: Vec<_> = [&field.left_type, &field.right_type].into_iter().flatten().cloned().collect();
            types.dedup();
            let (_, change) = words::change(field.change, shown.kind);
            let side = |side: &Option<String>| side.clone().unwrap_or_default();
            row(words::path(&field.path), change.into(), types.join(" → "), side(&field.left), side(&field.right))
        })
        .collect();
    if shown.more > 0 {
        rows.push(row(String::new(), words::more_fields(shown.more), String::new(), String::new(), String::new()));
    }
    rows
}

/// Rows as CSV with `;`, no cell of which a spreadsheet takes for a formula.
fn written(rows: impl Iterator<Item = Row>) -> anyhow::Result<Bytes> {
    let mut sheet = csv::WriterBuilder::new().delimiter(b';').terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        sheet.write_record(row.map(|cell| if looks_like_formula(&cell) { format!("'{cell}") } else { cell }))?;
    }
    Ok(sheet.into_inner().map_err(|error| error.into_error())?.into())
}
