//! How a collection is defined: its indexes with their size and use, and its options.

use std::collections::HashMap;

use bson::{Bson, Document, doc};

use super::masks::{self, Visibility};
use super::places;
use crate::ctx::Ctx;
use crate::db::read_only::ReadOptions;
use crate::db::{ReadError, ReadOnlyDb};

/// An index.
#[derive(Clone, Debug, PartialEq)]
pub struct Index {
    /// Its name.
    pub name: String,
    /// Its keys in order, as JSON.
    pub keys: String,
    /// Everything else it was made with, as JSON; values on secret paths are left out.
    pub rest: String,
    /// Bytes; none where the server doesn't say.
    pub size: Option<u64>,
    /// Operations since the server started counting; none where it doesn't count.
    pub uses: Option<u64>,
}

/// The indexes of a collection.
pub async fn indexes(db: &ReadOnlyDb, database: &str, collection: &str) -> Result<Vec<Index>, ReadError> {
    let listed = all(db, database, doc! { "listIndexes": collection }).await?;
    // Not every server keeps these; a missing figure is said to be missing.
    let sizes = match db.command(database, doc! { "collStats": collection }, ReadOptions::default()).await {
        Ok(stats) => stats.get_document("indexSizes").cloned().unwrap_or_default(),
        Err(ReadError::Unavailable(error)) => return Err(ReadError::Unavailable(error)),
        Err(_) => Document::new(),
    };
    let counting = doc! { "aggregate": collection, "pipeline": [{ "$indexStats": {} }] };
    let uses: HashMap<String, u64> = match all(db, database, counting).await {
        Ok(rows) => rows.iter().filter_map(uses_of).collect(),
        Err(ReadError::Unavailable(error)) => return Err(ReadError::Unavailable(error)),
        Err(_) => HashMap::new(),
    };
    Ok(listed
        .into_iter()
        .map(|mut index| {
            let name = index.get_str("name").unwrap_or_default().to_owned();
            let keys = index.remove("key").unwrap_or(Bson::Null);
            index.remove("name");
            index.remove("ns");
            let size = sizes.get(&name).and_then(whole);
            Index {
                keys: text(keys),
                rest: text(without_secrets(collection, index.into())),
                size,
                uses: uses.get(&name).copied(),
                name,
            }
        })
        .collect())
}

/// What the collection was made with: options, validator, a view's pipeline; as indented JSON.
pub async fn options(ctx: &Ctx, database: &str, collection: &str) -> Result<Option<String>, ReadError> {
    let Some(found) = places::find_collection(ctx, database, collection).await? else {
        return Ok(None);
    };
    let shown = doc! {
        "type": found.get("type").cloned().unwrap_or(Bson::Null),
        "options": found.get("options").cloned().unwrap_or(Bson::Null),
    };
    let json = without_secrets(collection, shown.into()).into_canonical_extjson();
    Ok(Some(serde_json::to_string_pretty(&json).unwrap_or_default()))
}

fn uses_of(row: &Document) -> Option<(String, u64)> {
    let name = row.get_str("name").ok()?.to_owned();
    let uses = row.get_document("accesses").ok()?.get("ops").and_then(whole)?;
    Some((name, uses))
}

fn whole(value: &Bson) -> Option<u64> {
    match value {
        Bson::Int32(number) => u64::try_from(*number).ok(),
        Bson::Int64(number) => u64::try_from(*number).ok(),
        Bson::Double(number) if *number >= 0.0 => Some(*number as u64),
        _ => None,
    }
}

fn text(value: Bson) -> String {
    value.into_relaxed_extjson().to_string()
}

/// A definition without the values that stand at secret names: a filter or a pipeline may compare with one.
fn without_secrets(collection: &str, value: Bson) -> Bson {
    match value {
        Bson::Document(document) => document
            .into_iter()
            .map(|(name, value)| {
                let is_secret = !name.starts_with('$') && masks::of_path(collection, &name) == Visibility::Secret;
                let holds_value =
                    !matches!(value, Bson::Int32(_) | Bson::Int64(_) | Bson::Double(_) | Bson::Boolean(_));
                let value = if is_secret && holds_value {
                    crate::i18n::masks::secret(crate::i18n::masks::VALUE).into()
                } else {
                    without_secrets(collection, value)
                };
                (name, value)
            })
            .collect::<Document>()
            .into(),
        Bson::Array(items) => Bson::Array(items.into_iter().map(|item| without_secrets(collection, item)).collect()),
        other => other,
    }
}

/// Everything a listing command answers.
pub(super) async fn all(db: &ReadOnlyDb, database: &str, command: Document) -> Result<Vec<Document>, ReadError> {
    let mut batches = db.batches(database, command, ReadOptions::default()).await?;
    let mut found = Vec::new();
    while let Some(batch) = batches.next().await? {
        for item in batch.doc_slices()? {
            let item = item.map_err(|error| ReadError::Malformed(error.into()))?;
            if let Some(document) = item.as_document() {
                found.push(Document::try_from(document).map_err(|error| ReadError::Malformed(error.into()))?);
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn definitions_keep_their_shape_and_lose_their_secrets() {
        let validator =
            doc! { "validator": { "$or": [{ "api_key": "abc" }, { "email": { "$type": "string" } }] }, "password": 1 };
        assert_eq!(
            text(without_secrets("users", validator.into())),
            r#"{"validator":{"$or":[{"api_key":"[secreto: valor]"},{"email":{"$type":"string"}}]},"password":1}"#
        );
    }
}
