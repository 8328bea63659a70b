//! The yardstick of loading: plain `insert_many` of raw documents that are in memory already, through the same driver with
//! the same write concern. `cargo bench --bench insert_many -- URI FILE.bson DATABASE COLLECTION` prints one line of JSON.

use std::time::Instant;

use anyhow::{Context, ensure};
use bson::RawDocumentBuf;
use canje::db::{Db, Settings};

/// Documents of one call.
const BATCH_DOCUMENTS: usize = 10_000;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    // Cargo adds a flag of its own.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [uri, file, database, collection] = arguments.as_slice() else {
        // `cargo bench` without arguments runs every bench there is.
        println!("insert_many URI FILE.bson DATABASE COLLECTION");
        return Ok(());
    };
    let bytes = std::fs::read(file).with_context(|| format!("reading {file}"))?;
    let documents = split(&bytes)?;
    let settings =
        Settings { uri: uri.clone(), live_db: database.clone(), ops_db: "canje_ops".into(), read_only_uri: None };
    let db = Db::connect(&settings).await?;
    let target = db.client.database(database).collection::<RawDocumentBuf>(collection);
    let started = Instant::now();
    for batch in documents.chunks(BATCH_DOCUMENTS) {
        target.insert_many(batch).await?;
    }
    let seconds = started.elapsed().as_secs_f64();
    println!("{}", serde_json::json!({ "documents": documents.len(), "bytes": bytes.len(), "seconds": seconds }));
    Ok(())
}

/// The documents of a file of concatenated BSON.
fn split(mut rest: &[u8]) -> anyhow::Result<Vec<RawDocumentBuf>> {
    let mut documents = Vec::new();
    while !rest.is_empty() {
        let length = rest.first_chunk().map_or(0, |length| u32::from_le_bytes(*length) as usize);
        ensure!((5..=rest.len()).contains(&length), "the file is cut");
        let (document, after) = rest.split_at(length);
        documents.push(RawDocumentBuf::from_bytes(document.to_vec())?);
        rest = after;
    }
    Ok(documents)
}
