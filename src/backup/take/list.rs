//! What there is: databases, namespaces and their definitions, as raw bytes, and why some of it is left out.

use std::collections::BTreeMap;

use bson::{Document, RawDocumentBuf, doc};
use futures::TryStreamExt as _;
use mongodb::Database;

use super::trouble::Trouble;
use crate::backup::model::{Check, Excluded, Finding, Severity};
use crate::db::Db;
use crate::dump::raw::{self, Builder};
use crate::dump::{Definition, DumpError, Kind, Place, extjson};
use crate::i18n::backup::take as words;

/// A namespace that is part of the backup.
#[derive(Clone, Debug)]
pub struct Listed {
    /// What is written about it.
    pub definition: Definition,
    /// Where its documents are read: the collection itself, or the buckets of a time series.
    pub source: String,
    /// The definition as bytes, to be compared with a later one.
    pub bytes: Vec<u8>,
}

impl Listed {
    /// `database.collection`
    pub fn namespace(&self) -> String {
        self.definition.namespace()
    }

    /// Whether it has documents of its own.
    pub fn has_documents(&self) -> bool {
        self.definition.kind != Kind::View
    }

    /// Whether each `_id` may come only once.
    pub fn has_ids(&self) -> bool {
        let listed = self.definition.indexes.iter().flatten();
        let has_index = listed.map(|index| crate::dump::index_name(index)).any(|name| name == Some("_id_"));
        self.definition.kind == Kind::Collection && (has_index || self.definition.is_clustered())
    }

    /// Whether a change stream tells of every change of its documents. It says nothing of what a capped collection drops at
    /// its far end, of measurements, nor of system collections.
    pub fn is_streamed(&self) -> bool {
        let is_system = self.definition.collection.starts_with("system.");
        self.definition.kind == Kind::Collection && !self.definition.is_capped() && !is_system
    }
}

/// Everything listed at one time.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// Databases looked into.
    pub databases: Vec<String>,
    /// Included, in the archive's order.
    pub included: Vec<Listed>,
    /// Left out, with reasons.
    pub excluded: Vec<Excluded>,
}

impl Listing {
    /// How this listing differs from a later one, in words people read.
    pub fn differs(&self, later: &Self) -> Option<(String, String)> {
        let by_name = |listing: &Self| -> BTreeMap<String, Listed> {
            listing.included.iter().map(|listed| (listed.namespace(), listed.clone())).collect()
        };
        let (before, mut after) = (by_name(self), by_name(later));
        for (name, listed) in &before {
            match after.remove(name) {
                None => return Some((name.clone(), words::GONE.into())),
                Some(found) if found.definition.uuid != listed.definition.uuid => {
                    return Some((name.clone(), words::RECREATED.into()));
                }
                Some(found) if found.bytes != listed.bytes => return Some((name.clone(), words::REDEFINED.into())),
                Some(_) => {}
            }
        }
        // What is left out may come and go: trials and previews do.
        after.into_keys().next().map(|name| (name, words::APPEARED.into()))
    }
}

/// Why a whole database is left out.
pub fn excluded_database(db: &Db, name: &str) -> Option<&'static str> {
    match name {
        "admin" | "config" | "local" => Some(words::SYSTEM_DATABASE),
        _ if name == db.ops => Some(words::OPERATIONS),
        _ if name.starts_with("restore_check_") => Some(words::TRIAL),
        _ if name.starts_with("preview_") => Some(words::PREVIEW),
        _ => None,
    }
}

/// Lists every namespace of the wanted databases, or of all there are.
pub async fn list(db: &Db, wanted: Option<&[String]>) -> Result<Listing, Trouble> {
    let names = db.client.database("admin").run_command(doc! { "listDatabases": 1, "nameOnly": true }).await?;
    let names = names.get_array("databases").map_err(|error| Trouble::Fault(error.into()))?;
    let mut existing: Vec<&str> = names.iter().filter_map(|entry| entry.as_document()?.get_str("name").ok()).collect();
    existing.sort_unstable();
    let mut listing = Listing::default();
    let mut findings = Vec::new();
    match wanted {
        Some(wanted) => {
            for name in wanted {
                let problem = match excluded_database(db, name) {
                    Some(reason) => Some(words::cannot_ask_for(name, reason)),
                    None if !existing.contains(&name.as_str()) => Some(words::no_such_database(name)),
                    None => None,
                };
                match problem {
                    Some(problem) => {
                        findings.push(Finding::new(Severity::High, Check::Listed, Some(name), problem));
                    }
                    None => listing.databases.push(name.clone()),
                }
            }
            listing.databases.sort();
            listing.databases.dedup();
        }
        None => {
            for name in existing {
                match excluded_database(db, name) {
                    Some(reason) => {
                        listing.excluded.push(Excluded { namespace: name.into(), reason: reason.into() });
                    }
                    None => listing.databases.push(name.into()),
                }
            }
        }
    }
    let keeps_buckets = keeps_buckets(db).await?;
    for name in listing.databases.clone() {
        let database = db.client.database(&name);
        let entries = entries(&database).await?;
        for entry in &entries {
            if let Some(problem) = sort_in(&database, entry, &entries, keeps_buckets, &mut listing).await? {
                findings.push(problem);
            }
        }
    }
    if !findings.is_empty() {
        return Err(Trouble::Refused(findings));
    }
    listing.included.sort_by_key(Listed::namespace);
    listing.excluded.sort_by(|a, b| a.namespace.cmp(&b.namespace));
    Ok(listing)
}

/// Whether buckets of a time series can be read and inserted as they are.
async fn keeps_buckets(db: &Db) -> Result<bool, Trouble> {
    let build: Document = db.client.database("admin").run_command(doc! { "buildInfo": 1 }).await?;
    Ok(crate::import::keeps_buckets(&build))
}

/// The kinds a backup can hold. Anything else ends it: what isn't understood isn't skipped.
fn known(kind: &str) -> Option<Kind> {
    [Kind::Collection, Kind::View, Kind::TimeSeries].into_iter().find(|known| known.as_str() == kind)
}

/// The raw entries of `listCollections`.
async fn entries(database: &Database) -> Result<Vec<Vec<u8>>, Trouble> {
    let mut ask = Builder::new();
    ask.int32("listCollections", 1);
    raw_cursor(database, ask.finish()).await
}

async fn raw_cursor(database: &Database, command: Vec<u8>) -> Result<Vec<Vec<u8>>, Trouble> {
    let command = RawDocumentBuf::from_bytes(command).map_err(|error| Trouble::Fault(error.into()))?;
    let cursor = database.run_raw_cursor_command(command).await?;
    let found: Vec<RawDocumentBuf> = cursor.with_type().try_collect().await?;
    Ok(found.into_iter().map(RawDocumentBuf::into_bytes).collect())
}

/// Includes or excludes one listed namespace; gives a finding if it can be neither.
async fn sort_in(
    database: &Database,
    entry: &[u8],
    all: &[Vec<u8>],
    keeps_buckets: bool,
    listing: &mut Listing,
) -> Result<Option<Finding>, Trouble> {
    let text = |entry: &[u8], name| raw::find(entry, name).and_then(|e| e.as_str().map(str::to_owned));
    let high = |check, namespace: &str, said: String| Some(Finding::new(Severity::High, check, Some(namespace), said));
    let Some(name) = text(entry, "name") else {
        return Ok(high(Check::Listed, database.name(), words::NAMELESS.into()));
    };
    let namespace = format!("{}.{name}", database.name());
    let kind = text(entry, "type").unwrap_or_else(|| "collection".into());
    if let Some(of) = name.strip_prefix("system.")
        && name != "system.js"
    {
        let series = of.strip_prefix("buckets.");
        let is_listed = |series: &str| all.iter().any(|other| text(other, "name").as_deref() == Some(series));
        let reason = match (of, series) {
            (_, Some(series)) if is_listed(series) => words::buckets_of(series),
            ("views", _) => words::VIEWS.into(),
            ("profile", _) => words::PROFILE.into(),
            _ => words::SYSTEM_COLLECTION.into(),
        };
        listing.excluded.push(Excluded { namespace, reason });
        return Ok(None);
    }
    let Some(known) = known(&kind) else { return Ok(high(Check::Listed, &namespace, words::unknown_kind(&kind))) };
    let indexes = match known {
        Kind::View => Vec::new(),
        _ => match indexes(database, &name).await {
            // A view may have been made of it, or it is gone: the listing is out of date.
            Err(Trouble::Again { what, .. }) => return Err(Trouble::Again { what, namespace: Some(namespace) }),
            listed => listed?,
        },
    };
    let options = raw::find(entry, "options").and_then(|e| e.as_document().map(<[u8]>::to_vec));
    let info = raw::find(entry, "info").and_then(|e| e.as_document());
    let uuid = info.and_then(|info| raw::find(info, "uuid")).filter(|e| e.kind == raw::kind::BINARY);
    let uuid = uuid.map(|uuid| hex::encode(&uuid.value[5..]));
    let bytes = metadata(&name, &kind, options.as_deref(), &indexes, uuid.as_deref());
    let round_trip = extjson::from_raw(&bytes).ok().filter(|text| {
        // What doesn't survive its own text can't be restored from it.
        extjson::to_raw(text).is_ok_and(|again| again == bytes)
    });
    let Some(text) = round_trip else {
        return Ok(high(Check::Definitions, &namespace, words::NO_ROUND_TRIP.into()));
    };
    let definition = match Definition::parse(database.name(), &name, &text, Some(&kind)) {
        Ok(definition) => definition,
        Err(problem) => {
            return Ok(high(
                Check::Definitions,
                &namespace,
                words::bad_definition(&DumpError { place: Place::default(), problem }.to_string()),
            ));
        }
    };
    let source = match known {
        Kind::TimeSeries if keeps_buckets => format!("system.buckets.{name}"),
        _ => name,
    };
    listing.included.push(Listed { definition, source, bytes });
    Ok(None)
}

async fn indexes(database: &Database, collection: &str) -> Result<Vec<Vec<u8>>, Trouble> {
    let mut ask = Builder::new();
    ask.string("listIndexes", collection);
    raw_cursor(database, ask.finish()).await
}

/// The definition as one BSON document, its fields in the order mongodump writes them.
fn metadata(name: &str, kind: &str, options: Option<&[u8]>, indexes: &[Vec<u8>], uuid: Option<&str>) -> Vec<u8> {
    let mut array = Builder::new();
    for (place, index) in indexes.iter().enumerate() {
        array.document(&place.to_string(), index);
    }
    let mut whole = Builder::new();
    // Five bytes are an empty document.
    if let Some(options) = options.filter(|options| options.len() > 5) {
        whole.document("options", options);
    }
    whole.array("indexes", &array.finish());
    if let Some(uuid) = uuid {
        whole.string("uuid", uuid);
    }
    whole.string("collectionName", name).string("type", kind);
    whole.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_nobody_knows_is_not_taken_for_a_collection() {
        assert_eq!(known("timeseries"), Some(Kind::TimeSeries));
        for odd in ["", "oplog", "Collection", "vectors"] {
            assert_eq!(known(odd), None, "{odd}");
        }
    }

    #[test]
    fn metadata_has_the_fields_of_mongodump_in_their_order() {
        let index = Builder::new().int32("v", 2).clone().finish();
        let bytes = metadata("c", "collection", Some(&Builder::new().finish()), &[index], Some("00"));
        let text = extjson::from_raw(&bytes).unwrap();
        let wanted = r#"{"indexes":[{"v":{"$numberInt":"2"}}],"uuid":"00","collectionName":"c","type":"collection"}"#;
        assert_eq!(text, wanted, "no empty options");
    }
}
