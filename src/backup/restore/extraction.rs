//! One document out of a stored backup, by its `_id`, without restoring anything.
//!
//! A request asks and a job answers, because opening a backup takes a key that requests never hold. What is kept of the
//! document is its text with secrets struck out, for a day.

use std::time::Duration;

use bson::{DateTime, RawDocument, doc};
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::origin::Origin;
use super::running;
use crate::backup::Depot;
use crate::backup::model::{BackupId, Person};
use crate::db::indexes::Direction;
use crate::db::{IndexSpec, Stored, date};
use crate::dump::raw::{Element, find, kind};
use crate::dump::{Step, extjson};
use crate::i18n::backup::restore as words;
use crate::import::Silent;
use crate::inspect::json::{JsonWriter, Style};
use crate::jobs::{Job, Run};

/// How long an answer is kept.
pub const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// A document asked for, in `extractions` of the operations database.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Extraction {
    /// 32 hexadecimal digits.
    #[serde(rename = "_id")]
    pub id: String,
    /// The backup.
    pub backup: BackupId,
    /// Database there.
    pub database: String,
    /// Collection there.
    pub collection: String,
    /// Its `_id`, as it was typed.
    pub document_id: String,
    /// Whether personal values are shown: only with a reason, which is in the audit record.
    pub with_personal: bool,
    /// `queued`, `found`, `missing`, `failed`.
    pub state: String,
    /// The document as canonical Extended JSON, secrets struck out.
    #[serde(default)]
    pub text: Option<String>,
    /// Who asked; nobody else sees the answer.
    pub requested_by: Person,
    /// When.
    pub created_at: DateTime,
    /// Gone afterwards.
    pub expires_at: DateTime,
}

impl Stored for Extraction {
    const COLLECTION: &'static str = "extractions";
    const INDEXES: &'static [IndexSpec] = &[IndexSpec::new("expiry", &[("expires_at", Direction::Ascending)])];
}

/// Reads a backup until the document that was asked for.
#[derive(Serialize, Deserialize)]
pub struct ExtractDocument {
    /// The extraction.
    pub id: String,
}

impl Job for ExtractDocument {
    const NAME: &'static str = "restores.extract_document";
    const ATTEMPTS: u32 = 3;
    const LONGEST: Duration = Duration::from_secs(2 * 60 * 60);

    async fn run(self, run: Run) -> anyhow::Result<()> {
        let depot = Depot::of(&run.app)?;
        let extractions = depot.ops.stored::<Extraction>();
        let queued = doc! { "_id": &self.id, "state": "queued" };
        let Some(asked) = extractions.find_one(queued.clone()).await? else { return Ok(()) };
        let set = match extract(&depot, &asked).await {
            Ok(Some(text)) => doc! { "state": "found", "text": text },
            Ok(None) => doc! { "state": "missing" },
            Err(error) if run.attempt < Self::ATTEMPTS => return Err(error),
            Err(error) => {
                extractions.update_one(queued, doc! { "$set": { "state": "failed" } }).await?;
                return Err(error);
            }
        };
        extractions.update_one(queued, doc! { "$set": set }).await?;
        Ok(())
    }
}

async fn extract(depot: &Depot, asked: &Extraction) -> anyhow::Result<Option<String>> {
    let origin = running::open(depot, asked.backup.as_str(), std::sync::Arc::new(Silent)).await?;
    let Some(document) = document(&origin, &asked.database, &asked.collection, &asked.document_id).await? else {
        return Ok(None);
    };
    let mut text = Vec::new();
    let mut writer = JsonWriter::new(&asked.collection, Style::Canonical, asked.with_personal);
    match RawDocument::from_bytes(&document).map(|document| writer.document(&mut text, document)) {
        Ok(Ok(())) => Ok(Some(String::from_utf8_lossy(&text).into_owned())),
        // It can't be walked safely, so nothing of it can be shown safely.
        _ => Ok(Some(words::UNSHOWABLE.into())),
    }
}

/// The bytes of a document of a source.
pub async fn document(
    origin: &Origin,
    database: &str,
    collection: &str,
    typed_id: &str,
) -> anyhow::Result<Option<Vec<u8>>> {
    let own =
        |definition: &crate::dump::Definition| definition.database == database && definition.collection == collection;
    let Some(wanted) = origin.definitions.iter().position(own) else { return Ok(None) };
    let (source, id) = (origin.source.clone(), id(typed_id));
    let reading = tokio::task::spawn_blocking(move || -> Result<Option<Vec<u8>>, crate::dump::DumpError> {
        let sought = find(&id, "_id");
        let mut reader = source.open()?;
        let mut buffer = Vec::new();
        loop {
            match reader.step(&mut buffer)? {
                Step::Document { index, .. }
                    if index == wanted
                        && find(&buffer, "_id").zip(sought).is_some_and(|(found, sought)| is_same(&found, &sought)) =>
                {
                    return Ok(Some(buffer));
                }
                Step::Close { index } if index == wanted => return Ok(None),
                Step::End => return Ok(None),
                _ => {}
            }
        }
    });
    Ok(reading.await?.map_err(|error| crate::import::Failure::from(crate::import::Cause::from(error)))?)
}

/// An `_id` as people type it: Extended JSON, the 24 digits of an ObjectId, or else a text.
fn id(typed: &str) -> Vec<u8> {
    let typed = typed.trim();
    if let Ok(id) = bson::oid::ObjectId::parse_str(typed) {
        let mut document = crate::dump::raw::Builder::new();
        document.raw(kind::OBJECT_ID, b"_id", &id.bytes());
        return document.finish();
    }
    extjson::to_raw(&format!("{{\"_id\":{typed}}}")).unwrap_or_else(|_| {
        let mut document = crate::dump::raw::Builder::new();
        document.string("_id", typed);
        document.finish()
    })
}

/// The same bytes, or the same whole number in another type.
fn is_same(a: &Element<'_>, b: &Element<'_>) -> bool {
    (a.kind == b.kind && a.value == b.value) || a.as_i64().is_some_and(|number| b.as_i64() == Some(number))
}

/// Forgets answers whose day is over.
pub async fn forget(depot: &Depot) -> mongodb::error::Result<()> {
    let over = doc! { "expires_at": { "$lte": date(depot.clock.now()) } };
    depot.ops.stored::<Extraction>().delete_many(over).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_as_people_type_them() {
        let kind_of = |typed: &str| find(&id(typed), "_id").map(|element| element.kind);
        assert_eq!(kind_of("656565656565656565656565"), Some(kind::OBJECT_ID));
        assert_eq!(kind_of(r#"{"$oid":"656565656565656565656565"}"#), Some(kind::OBJECT_ID));
        assert_eq!(kind_of("7"), Some(kind::INT32));
        assert_eq!(kind_of("user_7"), Some(kind::STRING));
        assert_eq!(kind_of("\"7\""), Some(kind::STRING));
    }

    #[test]
    fn a_whole_number_is_found_in_any_type() {
        let (int, long, double) = (id("7"), id(r#"{"$numberLong":"7"}"#), id(r#"{"$numberDouble":"7.0"}"#));
        let element = |document| find(document, "_id").unwrap();
        assert!(is_same(&element(&int), &element(&long)) && is_same(&element(&int), &element(&double)));
        assert!(!is_same(&element(&int), &element(&id("8"))));
    }
}
