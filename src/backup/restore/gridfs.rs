//! Whether every file of a GridFS bucket has all of its chunks.
//!
//! Two passes over raw documents: chunks are added up per file, then each file is looked at. Memory grows with the number
//! of files, not with their size.

use std::collections::HashMap;

use bson::{RawDocumentBuf, doc};
use futures::StreamExt as _;
use mongodb::{Collection, Database};

use crate::dump::raw::{find, kind};
use crate::import::survey::shown_id;
use crate::import::verify::documents;

/// A bucket, added up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bucket {
    /// Files with exactly the chunks they should have.
    pub complete: u64,
    /// `_id` of the others, the first few.
    pub incomplete: Vec<String>,
    /// How many others there are.
    pub incomplete_files: u64,
    /// Files that chunks speak of and nobody else does.
    pub orphans: u64,
}

/// How many incomplete files are named.
const NAMED: usize = 5;

/// What the chunks of a file add up to. The numbers 0, 1, …, n-1 are the only n different ones with their sum and sum of
/// squares below n.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Chunks {
    count: u64,
    sum: u128,
    squares: u128,
    bytes: u64,
}

impl Chunks {
    fn of(length: u64, chunk_bytes: u64) -> Self {
        let count = if chunk_bytes == 0 { 0 } else { length.div_ceil(chunk_bytes) };
        let n = u128::from(count);
        let last = n.saturating_sub(1);
        Self { count, sum: n * last / 2, squares: last * n * (2 * n).saturating_sub(1) / 6, bytes: length }
    }
}

/// Looks at the bucket called `name`.
pub async fn look(database: &Database, name: &str) -> mongodb::error::Result<Bucket> {
    let mut found: HashMap<Vec<u8>, Chunks> = HashMap::new();
    each(&database.collection(&format!("{name}.chunks")), |chunk| {
        let Some(file) = find(chunk, "files_id") else { return };
        let entry = found.entry([&[file.kind], file.value].concat()).or_default();
        let n =
            find(chunk, "n").and_then(|n| n.as_i64()).and_then(|n| u128::try_from(n).ok()).unwrap_or(u64::MAX.into());
        let data = find(chunk, "data").filter(|data| data.kind == kind::BINARY);
        entry.count += 1;
        entry.sum = entry.sum.saturating_add(n);
        entry.squares = entry.squares.saturating_add(n.saturating_mul(n));
        // A binary value is its length, its subtype and its bytes.
        entry.bytes += data.map_or(0, |data| data.value.len().saturating_sub(5) as u64);
    })
    .await?;
    let mut bucket = Bucket::default();
    each(&database.collection(&format!("{name}.files")), |file| {
        let number = |name| find(file, name).and_then(|value| value.as_i64()).and_then(|n| u64::try_from(n).ok());
        let chunks =
            find(file, "_id").and_then(|id| found.remove(&[&[id.kind], id.value].concat())).unwrap_or_default();
        let expected = number("length").zip(number("chunkSize")).map(|(length, size)| Chunks::of(length, size));
        if expected == Some(chunks) {
            bucket.complete += 1;
            return;
        }
        bucket.incomplete_files += 1;
        if bucket.incomplete.len() < NAMED {
            bucket.incomplete.push(shown_id(file));
        }
    })
    .await?;
    bucket.orphans = found.len() as u64;
    Ok(bucket)
}

async fn each(collection: &Collection<RawDocumentBuf>, mut take: impl FnMut(&[u8])) -> mongodb::error::Result<()> {
    let mut cursor = collection.find(doc! {}).batch().await?;
    while let Some(batch) = cursor.next().await {
        for document in documents(batch?.doc_slices()?)? {
            take(document);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_are_counted_from_zero_without_gaps() {
        assert!(Chunks::of(0, 255) == Chunks::default());
        assert!(Chunks::of(10, 4) == Chunks { count: 3, sum: 3, squares: 5, bytes: 10 });
        assert!(Chunks::of(8, 4) == Chunks { count: 2, sum: 1, squares: 1, bytes: 8 });
    }
}
