//! Documents as JSON Lines: canonical Extended JSON, one per line, every type as stored.

use bson::RawArray;

use super::{Stop, documents};
use crate::inspect::json::{JsonWriter, Style};

/// Encodes batches.
pub(super) struct LinesEncoder {
    json: JsonWriter,
}

impl LinesEncoder {
    pub(super) fn new(collection: &str, with_personal: bool) -> Self {
        Self { json: JsonWriter::new(collection, Style::Canonical, with_personal) }
    }

    /// A batch of lines.
    pub(super) fn batch(&mut self, batch: &RawArray) -> Result<(Vec<u8>, u64), Stop> {
        let mut out = Vec::with_capacity(batch.as_bytes().len() * 2);
        let mut rows = 0;
        for document in documents(batch) {
            self.json.document(&mut out, document?)?;
            out.push(b'\n');
            rows += 1;
        }
        Ok((out, rows))
    }
}
