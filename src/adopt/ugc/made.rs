//! From a canonical value to the document adoption writes.

use bson::{Bson, Document};
use serde::Serialize;
use uuid::Builder;

use sha2::{Digest, Sha256};

use super::super::rule::{Adopted, Noticed, Outcome};
use super::row::Row;

/// Parts that are kept as they were found.
const AS_FOUND: [&str; 6] = ["legacy_snapshots", "legacy_attempts", "raw", "ai_raw_data", "demographics", "metadata"];

/// The document of a value: its `_id` first, absent fields absent.
pub fn document(id: Bson, value: &impl Serialize) -> Option<Document> {
    let mut document = Document::new();
    document.insert("_id", id);
    document.extend(without_nulls(bson::serialize_to_document(value).ok()?));
    Some(document)
}

fn without_nulls(document: Document) -> Document {
    let kept = document.into_iter().filter(|(_, value)| *value != Bson::Null);
    kept.map(|(field, value)| match value {
        _ if AS_FOUND.contains(&field.as_str()) => (field, value),
        Bson::Document(part) => (field, Bson::Document(without_nulls(part))),
        Bson::Array(parts) => (field, Bson::Array(parts.into_iter().map(without_nulls_inside).collect())),
        other => (field, other),
    })
    .collect()
}

fn without_nulls_inside(value: Bson) -> Bson {
    match value {
        Bson::Document(part) => Bson::Document(without_nulls(part)),
        other => other,
    }
}

/// A row whose value was made, or couldn't be.
pub fn written(row: Row<'_>, value: Option<impl Serialize>) -> Adopted {
    let outcome = value.and_then(|value| document(row.row_id(), &value)).map_or(Outcome::Refuse, Outcome::Write);
    Adopted { id: row.shown(), outcome, findings: row.into_findings() }
}

/// A row that is left behind.
pub fn refused(mut row: Row<'_>, code: &'static str) -> Adopted {
    row.notice(Noticed::refused(code));
    Adopted { id: row.shown(), outcome: Outcome::Refuse, findings: row.into_findings() }
}

/// An id for what had none: the same every time, and of the shape of all others.
pub fn derived_id(parts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    let digest = digest.finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    Builder::from_random_bytes(bytes).into_uuid().to_string()
}
