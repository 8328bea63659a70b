//! Documents read again by their `_id`, as raw bytes in both directions.

use std::collections::{HashMap, HashSet};

use bson::{Document, RawDocument, RawDocumentBuf};
use futures::{Stream, StreamExt as _};
use mongodb::ClientSession;
use mongodb::raw_batch_cursor::RawBatch;

use super::scan::{Latest, Read, documents};
use super::spool;
use super::sums::id_bytes;
use super::trouble::Trouble;
use super::watch::{Key, KeyDigest, key_digest};
use crate::db::Db;
use crate::dump::limits;
use crate::dump::raw::{Builder, elements, kind};

/// Most keys of one question.
const KEYS: usize = 500;
/// Most bytes of them.
const KEY_BYTES: usize = 256 * 1024;

/// Whether a document can be asked for by this `_id`: commands pass through the driver's own encoding, which must not change
/// it, and `$in` takes neither expressions nor what stands for something else. The others are found by reading everything.
pub fn is_askable((kind, value): &Key) -> bool {
    match *kind {
        kind::UNDEFINED | kind::NULL | kind::REGEX | kind::ARRAY => return false,
        kind::DOCUMENT if elements(value).next().is_some_and(|e| e.is_ok_and(|e| e.key.starts_with(b"$"))) => {
            return false;
        }
        _ => {}
    }
    let document = Builder::new().raw(*kind, b"_id", value).clone().finish();
    let decoded = RawDocument::from_bytes(&document).ok().and_then(|document| Document::try_from(document).ok());
    decoded.and_then(|decoded| bson::serialize_to_vec(&decoded).ok()) == Some(document)
}

/// Reads these documents again, in the session's transaction or as a majority has them, and lets them take the place of
/// earlier readings. What isn't there any more is gone from the backup too.
pub async fn read_again(
    db: &Db,
    read: &mut Read,
    keys: &HashMap<KeyDigest, Key>,
    generation: u32,
    mut session: Option<&mut ClientSession>,
) -> Result<(), Trouble> {
    let Some(file) = &read.file else { return Ok(()) };
    let mut taking = Taking {
        spool: spool::Writer::append(file, generation)?,
        generation,
        latest: &mut read.latest,
        taken: HashSet::new(),
        too_long: &mut read.too_long,
    };
    taking.latest.extend(keys.keys().map(|digest| (*digest, generation)));
    let database = db.client.database(&read.listed.definition.database);
    let mut keys = keys.values().peekable();
    while keys.peek().is_some() {
        let mut list = Builder::new();
        let (mut count, mut bytes) = (0, 0);
        while let Some((kind, value)) = keys.next_if(|_| count < KEYS && bytes < KEY_BYTES) {
            list.raw(*kind, count.to_string().as_bytes(), value);
            (count, bytes) = (count + 1, bytes + value.len());
        }
        let among = Builder::new().array("$in", &list.finish()).clone().finish();
        let filter = Builder::new().document("_id", &among).clone().finish();
        let mut find = Builder::new();
        find.string("find", &read.listed.source).document("filter", &filter);
        match session.as_deref_mut() {
            Some(session) => {
                let find = raw(find)?;
                let mut cursor = database.run_raw_cursor_command(find).session(&mut *session).batch().await?;
                taking.all(cursor.stream(session)).await?;
            }
            None => {
                find.document("readConcern", &Builder::new().string("level", "majority").clone().finish());
                taking.all(database.run_raw_cursor_command(raw(find)?).batch().await?).await?;
            }
        }
    }
    Ok(taking.spool.finish()?)
}

fn raw(command: Builder) -> Result<RawDocumentBuf, Trouble> {
    RawDocumentBuf::from_bytes(command.finish()).map_err(|error| Trouble::Fault(error.into()))
}

struct Taking<'a> {
    spool: spool::Writer,
    generation: u32,
    latest: &'a mut Latest,
    /// Those of this generation: keys that are equal to the server and not to us may bring one twice.
    taken: HashSet<KeyDigest>,
    too_long: &'a mut Vec<(String, usize)>,
}

impl Taking<'_> {
    async fn all(
        &mut self,
        mut batches: impl Stream<Item = Result<RawBatch, mongodb::error::Error>> + Unpin,
    ) -> Result<(), Trouble> {
        while let Some(batch) = batches.next().await {
            for document in documents(&batch?)? {
                self.one(document?)?;
            }
        }
        Ok(())
    }

    fn one(&mut self, document: &[u8]) -> std::io::Result<()> {
        let Some(id) = id_bytes(document) else { return Ok(()) };
        let digest = key_digest(id[0], &id[1..]);
        if !self.taken.insert(digest) {
            return Ok(());
        }
        self.latest.insert(digest, self.generation);
        if document.len() > limits::DOCUMENT_BYTES {
            self.too_long.push((hex::encode(&id), document.len()));
            return Ok(());
        }
        self.spool.push(document)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_driver_would_change_is_not_asked_for() {
        let document = |builder: &mut Builder| (kind::DOCUMENT, builder.clone().finish());
        assert!(is_askable(&(kind::INT32, vec![1, 0, 0, 0])));
        assert!(is_askable(&(kind::DOUBLE, f64::NAN.to_le_bytes().to_vec())));
        assert!(is_askable(&(kind::MIN_KEY, vec![])));
        assert!(is_askable(&document(Builder::new().int32("b", 1).int32("a", 2))));
        assert!(!is_askable(&document(Builder::new().int32("a", 1).int32("a", 2))));
        assert!(!is_askable(&document(Builder::new().int32("$gt", 1))));
        assert!(!is_askable(&(kind::NULL, vec![])));
    }
}
