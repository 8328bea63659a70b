//! The export itself: reading, encoding, sending, and saying how it ended.

use std::io;
use std::path::PathBuf;
use std::pin::pin;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes};
use bson::{Document, doc};
use tokio::io::AsyncReadExt;
use tokio::sync::mpsc;

use super::csv::CsvEncoder;
use super::lines::LinesEncoder;
use super::sheet::SheetEncoder;
use super::store::{self, ExportRow, Status};
use super::table::{Discovery, Table};
use super::{Limits, Shape, Stop};
use crate::audit::{self, Action, Entry};
use crate::ctx::Ctx;
use crate::db::read_only::{Batches, ReadOptions};
use crate::failure::Failure;

/// How often the row hears from its export.
const SIGN_OF_LIFE: Duration = Duration::from_millis(500);
/// Pieces waiting for a slow client.
const WAITING: usize = 2;
/// Bytes of a finished workbook sent at a time.
const PIECE: usize = 256 * 1024;

enum Piece {
    Bytes(Bytes),
    /// Everything has been sent and is on record: the only way to a clean end.
    End,
}

/// Runs a row that was just taken over and returns the body that carries it.
///
/// The body ends cleanly only if the export did. If the task dies, its channel closes without an end, which is an error
/// like any other.
pub fn stream(ctx: Ctx, row: ExportRow, limits: Limits) -> Body {
    let (sender, mut receiver) = mpsc::channel(WAITING);
    tokio::spawn(run(ctx, row, limits, sender));
    Body::from_stream(async_stream::stream! {
        loop {
            match receiver.recv().await {
                Some(Piece::Bytes(bytes)) => yield Ok(bytes),
                Some(Piece::End) => break,
                None => {
                    yield Err(io::Error::other("the export was not finished"));
                    break;
                }
            }
        }
    })
}

async fn run(ctx: Ctx, row: ExportRow, limits: Limits, sender: mpsc::Sender<Piece>) {
    let id = row.id;
    let mut export = Export { ctx, row, limits, sender, rows: 0, bytes: 0, total: None, told: Instant::now() };
    let stop = export.work().await.err();
    let status = match &stop {
        None => Status::Done,
        Some(Stop::Cancelled) => Status::Cancelled,
        Some(_) => Status::Failed,
    };
    if let Some(Stop::Malformed(_) | Stop::Fault(_) | Stop::Read(_)) = &stop {
        tracing::error!(reference = %export.ctx.request_id, export = %id, "an export failed: {stop:?}");
    }
    match export.conclude(status, stop.as_ref().map(Stop::code)).await {
        Ok(Status::Done) => drop(export.sender.send(Piece::End).await),
        Ok(_) => {}
        Err(failure) => {
            tracing::error!(reference = %export.ctx.request_id, export = %id, "an export's end is not on record: {failure:?}");
        }
    }
}

struct Export {
    ctx: Ctx,
    row: ExportRow,
    limits: Limits,
    sender: mpsc::Sender<Piece>,
    rows: u64,
    bytes: u64,
    total: Option<u64>,
    told: Instant,
}

impl Export {
    async fn work(&mut self) -> Result<(), Stop> {
        match self.row.shape() {
            Shape::JsonLines => {
                let encoder = LinesEncoder::new(&self.row.collection, self.row.include_personal);
                self.encode(encoder, LinesEncoder::batch).await.map(drop)
            }
            Shape::Csv => {
                let table = self.table().await?;
                let encoder = CsvEncoder::new(table, self.row.dialect());
                self.send(encoder.head()?).await?;
                self.encode(encoder, CsvEncoder::batch).await.map(drop)
            }
            Shape::Xlsx => self.workbook().await,
        }
    }

    /// The columns: chosen, or found in a pass of their own, which also counts.
    async fn table(&mut self) -> Result<Table, Stop> {
        let complete = self.row.columns.is_empty();
        let columns = if complete {
            let mut batches = self.open().await?;
            let mut discovery = Discovery::default();
            while let Some(batch) = self.next(&mut batches).await? {
                discovery = blocking(move || {
                    for document in super::documents(batch.doc_slices().map_err(Stop::fault)?) {
                        discovery.document(document?)?;
                    }
                    Ok(discovery)
                })
                .await?;
                self.tell().await?;
            }
            self.total = Some(discovery.rows());
            discovery.columns(&self.row.collection)
        } else {
            self.row.columns.clone()
        };
        Ok(Table::new(&self.row.collection, &columns, complete, self.row.include_personal))
    }

    /// Reads everything and sends each batch as `batch` encodes it.
    async fn encode<E, F>(&mut self, mut encoder: E, batch: F) -> Result<E, Stop>
    where
        E: Send + 'static,
        F: Fn(&mut E, &bson::RawArray) -> Result<(Vec<u8>, u64), Stop> + Copy + Send + 'static,
    {
        let mut batches = self.open().await?;
        while let Some(read) = self.next(&mut batches).await? {
            let (piece, rows);
            (encoder, piece, rows) = blocking(move || {
                let (piece, rows) = batch(&mut encoder, read.doc_slices().map_err(Stop::fault)?)?;
                Ok((encoder, piece, rows))
            })
            .await?;
            self.rows += rows;
            self.send(piece).await?;
            self.tell().await?;
        }
        Ok(encoder)
    }

    /// A workbook is a file before it is a body. The folder goes when this ends, whatever the reason.
    async fn workbook(&mut self) -> Result<(), Stop> {
        let parent: PathBuf = self.ctx.app.config.database.data_dir.join("exports");
        let rows_per_sheet = self.limits.rows_per_sheet;
        let (table, collection) = (self.table().await?, self.row.collection.clone());
        let (folder, encoder) = blocking(move || {
            std::fs::create_dir_all(&parent).map_err(Stop::fault)?;
            let folder = tempfile::Builder::new().prefix("xlsx-").tempdir_in(&parent).map_err(Stop::fault)?;
            let encoder = SheetEncoder::new(table, &collection, folder.path(), rows_per_sheet)?;
            Ok((folder, encoder))
        })
        .await?;
        let encoder = self.encode(encoder, |encoder, batch| Ok((Vec::new(), encoder.batch(batch)?))).await?;
        let file = folder.path().join("export.xlsx");
        let saved = file.clone();
        blocking(move || encoder.save(saved)).await?;
        let mut file = tokio::fs::File::open(file).await.map_err(Stop::fault)?;
        loop {
            let mut piece = Vec::with_capacity(PIECE);
            if (&mut file).take(PIECE as u64).read_to_end(&mut piece).await.map_err(Stop::fault)? == 0 {
                return Ok(());
            }
            self.send(piece).await?;
            self.tell().await?;
        }
    }

    async fn open(&self) -> Result<Batches, Stop> {
        let filter: serde_json::Value = serde_json::from_str(&self.row.filter).map_err(Stop::fault)?;
        let filter = match filter {
            serde_json::Value::Object(map) => Document::try_from(map).map_err(Stop::fault)?,
            _ => return Err(Stop::Fault(anyhow::anyhow!("the stored filter is not a document"))),
        };
        let mut find = doc! { "find": &self.row.collection, "filter": filter };
        if !self.row.columns.is_empty() {
            find.insert("projection", projection(&self.row.columns));
        }
        let options = ReadOptions::within(self.limits.max_time).batches_of(self.limits.batch);
        let reading = self.ctx.app.read_only.batches(&self.row.database, find, options);
        tokio::select! {
            batches = reading => Ok(batches?),
            () = self.sender.closed() => Err(Stop::Cancelled),
        }
    }

    async fn next(&self, batches: &mut Batches) -> Result<Option<mongodb::raw_batch_cursor::RawBatch>, Stop> {
        let next = pin!(batches.next());
        tokio::select! {
            batch = next => Ok(batch?),
            () = self.sender.closed() => Err(Stop::Cancelled),
        }
    }

    async fn send(&mut self, piece: Vec<u8>) -> Result<(), Stop> {
        if piece.is_empty() {
            return if self.sender.is_closed() { Err(Stop::Cancelled) } else { Ok(()) };
        }
        self.bytes += piece.len() as u64;
        let mut send = pin!(self.sender.send(Piece::Bytes(piece.into())));
        loop {
            // A client may be slower than a row may be silent.
            tokio::select! {
                sent = &mut send => return sent.map_err(|_| Stop::Cancelled),
                () = tokio::time::sleep(SIGN_OF_LIFE * 10) => {
                    alive(&self.ctx, &self.row, (self.rows, self.bytes), self.total).await?;
                }
            }
        }
    }

    /// A sign of life, now and then.
    async fn tell(&mut self) -> Result<(), Stop> {
        if self.told.elapsed() < SIGN_OF_LIFE {
            return Ok(());
        }
        self.told = Instant::now();
        alive(&self.ctx, &self.row, (self.rows, self.bytes), self.total).await
    }

    /// The outcome, in the row and on record. Somebody may have cancelled at the last moment: then that is the outcome.
    /// What can't be recorded wasn't done.
    async fn conclude(&mut self, status: Status, error: Option<&str>) -> Result<Status, Failure> {
        let (db, id, done) = (&self.ctx.app.db, self.row.id, (self.rows, self.bytes));
        let is_ours = store::finish(db, id, status, done, error, self.ctx.now()).await?;
        let status = if is_ours { status } else { Status::Cancelled };
        if let Err(failure) = audit::record(&self.ctx, outcome(&self.row, status, self.rows, self.bytes, error)).await {
            store::unfinish(db, id, self.ctx.now()).await?;
            return Err(failure);
        }
        Ok(status)
    }
}

async fn alive(ctx: &Ctx, row: &ExportRow, done: (u64, u64), total: Option<u64>) -> Result<(), Stop> {
    match store::progress(&ctx.app.db, row.id, done, total, ctx.now()).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(Stop::Cancelled),
        Err(error) => Err(Stop::fault(error)),
    }
}

/// The record of an export's beginning; written before the first byte.
pub(super) fn beginning(row: &ExportRow) -> Entry {
    Entry::new(Action::DataExported).target("collection", format!("{}.{}", row.database, row.collection)).details(
        doc! {
            "export": row.id, "stage": "started", "format": &row.format, "filter": &row.filter, "columns": &row.columns,
            "include_personal": row.include_personal, "reason": &row.reason,
        },
    )
}

fn outcome(row: &ExportRow, status: Status, rows: u64, bytes: u64, error: Option<&str>) -> Entry {
    let (rows, bytes) = (i64::try_from(rows).unwrap_or(i64::MAX), i64::try_from(bytes).unwrap_or(i64::MAX));
    Entry::new(Action::DataExported).target("collection", format!("{}.{}", row.database, row.collection)).details(doc! {
        "export": row.id, "stage": status.as_str(), "format": &row.format, "filter": &row.filter, "rows": rows, "bytes": bytes,
        "include_personal": row.include_personal, "error": error,
    })
}

/// What the server sends of each document. Projections lead through lists by themselves and take no positions, so a path
/// with one brings the whole list; and none may be inside another.
fn projection(columns: &[String]) -> Document {
    let before_position = |path: &str| -> String {
        path.split('.').take_while(|name| !crate::inspect::masks::is_position(name)).collect::<Vec<_>>().join(".")
    };
    let paths: Vec<String> = columns.iter().map(|path| before_position(path)).collect();
    let is_inside = |path: &str| {
        paths.iter().any(|outer| path.strip_prefix(outer.as_str()).is_some_and(|rest| rest.starts_with('.')))
    };
    let mut projection: Document =
        paths.iter().filter(|path| !is_inside(path)).map(|path| (path.clone(), 1.into())).collect();
    if !paths.iter().any(|path| path == "_id" || path.starts_with("_id.")) {
        projection.insert("_id", 0);
    }
    projection
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Stop> + Send + 'static) -> Result<T, Stop> {
    tokio::task::spawn_blocking(work).await.map_err(Stop::fault)?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_projection_brings_what_the_columns_need() {
        let of = |paths: &[&str]| projection(&paths.iter().map(|path| path.to_string()).collect::<Vec<_>>());
        assert_eq!(of(&["_id", "a.b"]), doc! { "_id": 1, "a.b": 1 });
        assert_eq!(of(&["items.1.price", "items.name", "x"]), doc! { "items": 1, "x": 1, "_id": 0 });
    }
}
