//! `_MANIFEST.json` of the previous system, in its two forms: with sizes and checksums, and the older one with counts only.

use std::collections::BTreeMap;
use std::io::{self, Read};

use serde_json::{Map, Value};

use crate::backup::model::{Check, Excluded, Namespace};
use crate::backup::verify::Report;
use crate::backup::verify::findings::Findings;
use crate::backup::verify::manifests::Public;
use crate::i18n::backup::verify as words;

/// Its name.
pub const NAME: &str = "_MANIFEST.json";
/// Longest manifest that is read.
const LONGEST: u64 = 64 * 1024 * 1024;

/// Which form it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Counts, sizes and MD5.
    Current,
    /// Counts only.
    Counts,
}

/// What it says about a collection.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// Documents.
    pub count: Option<i64>,
    /// Bytes of the JSON file.
    pub bytes: Option<i64>,
    /// MD5 of the JSON file, hexadecimal.
    pub md5: Option<String>,
    /// Why the collection could not be read, when it could not: its count is 0 then, and means nothing.
    pub error: Option<String>,
}

/// All it says.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// Which form.
    pub form: Form,
    /// The database.
    pub database: Option<String>,
    /// Left out on purpose.
    pub excluded: Vec<String>,
    /// Collections by name.
    pub collections: BTreeMap<String, Said>,
    /// Totals it states: collections, documents, bytes.
    pub totals: [Option<i64>; 3],
}

impl Manifest {
    /// Reads it. The error is in words people read.
    pub fn read(reader: impl Read) -> Result<Self, String> {
        let mut bytes = Vec::new();
        let read = reader.take(LONGEST + 1).read_to_end(&mut bytes);
        read.map_err(|error| words::unreadable(&error.to_string()))?;
        let whole: Value =
            serde_json::from_slice(&bytes).map_err(|error| words::bad_legacy_manifest(error.line(), error.column()))?;
        Self::of(&whole).ok_or_else(|| words::NOT_A_LEGACY_MANIFEST.to_owned())
    }

    fn of(whole: &Value) -> Option<Self> {
        let info = whole.get("backup_info")?.as_object()?;
        let listed = whole.get("collections")?.as_object()?;
        let checksums = whole.get("checksums").and_then(Value::as_object);
        let form = match listed.values().next() {
            Some(first) if !first.is_object() => Form::Counts,
            None if checksums.is_none() => Form::Counts,
            _ => Form::Current,
        };
        let collections = listed.iter().map(|(name, value)| (name.clone(), said(name, value, checksums))).collect();
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let excluded = info.get("excluded_collections").and_then(Value::as_array);
        let statistics = whole.get("statistics").and_then(Value::as_object).unwrap_or(info);
        let total = |name: &str| statistics.get(name).and_then(Value::as_i64);
        Some(Self {
            form,
            database: info.get("database").and_then(text),
            excluded: excluded.into_iter().flatten().filter_map(text).collect(),
            collections,
            totals: [total("total_collections"), total("total_documents"), total("total_size_bytes")],
        })
    }

    /// What it says that doesn't fit together, and the collections that failed.
    pub fn check(&self, findings: &mut Findings) {
        let mut sums = [0_i64; 3];
        for (name, said) in &self.collections {
            if let Some(error) = &said.error {
                findings.high(Check::Legacy, Some(name), words::failed_collection(&words::shown(error)));
            } else if said.count.is_none() {
                findings.medium(Check::Legacy, Some(name), words::NO_COUNT);
            }
            sums[0] += 1;
            sums[1] += said.count.unwrap_or(0);
            sums[2] += said.bytes.unwrap_or(0);
        }
        let names = [words::COLLECTIONS, words::DOCUMENTS, words::BYTES];
        for ((name, stated), sum) in names.into_iter().zip(self.totals).zip(sums) {
            if let Some(stated) = stated.filter(|stated| *stated != sum) {
                findings.medium(Check::Legacy, Some(NAME), words::wrong_total(name, stated, sum));
            }
        }
    }

    /// What was left out, for the report.
    pub fn left_out(&self, database: &str) -> Vec<Excluded> {
        let named = self.excluded.iter().map(|name| Excluded {
            namespace: format!("{database}.{name}"),
            reason: words::EXCLUDED_BY_LEGACY.to_owned(),
        });
        named.collect()
    }
}

fn said(name: &str, value: &Value, checksums: Option<&Map<String, Value>>) -> Said {
    let Some(fields) = value.as_object() else {
        return Said { count: value.as_i64(), ..Said::default() };
    };
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let error = fields.get("error").map(|error| text(error).unwrap_or_else(|| error.to_string()));
    let elsewhere = checksums.and_then(|checksums| checksums.get(name));
    Said {
        count: fields.get("count").and_then(Value::as_i64),
        bytes: fields.get("size_bytes").and_then(Value::as_i64),
        md5: fields.get("checksum_md5").or(elsewhere).and_then(text),
        error,
    }
}

/// A manifest without the files it is about: what it says can be shown and compared, not proven.
pub fn alone(name: &str, mut reader: impl Read) -> io::Result<Report> {
    let mut bytes = Vec::new();
    (&mut reader).take(LONGEST + 1).read_to_end(&mut bytes)?;
    let mut findings = Findings::default();
    let mut report = Report { bytes: bytes.len() as u64, ..Report::default() };
    match Manifest::read(bytes.as_slice()) {
        Ok(manifest) => {
            report.format = words::FORMAT_LEGACY_MANIFEST.into();
            manifest.check(&mut findings);
            let database = manifest.database.clone().unwrap_or_default();
            report.excluded = manifest.left_out(&database);
            report.namespaces =
                manifest.collections.iter().map(|(name, said)| namespace(&database, name, said)).collect();
            findings.medium(Check::Legacy, Some(NAME), words::ONLY_A_MANIFEST);
        }
        Err(_) if serde_json::from_slice::<Public>(&bytes).is_ok() => {
            report.format = words::FORMAT_MANIFEST.into();
            if let Some(public) = Public::read(&bytes, &mut findings) {
                report.root = Some(public.root);
            }
            findings.medium(Check::Signature, Some(&words::shown(name)), words::ONLY_A_MANIFEST);
        }
        Err(detail) => {
            report.format = words::FORMAT_UNKNOWN.into();
            findings.high(Check::Legacy, Some(&words::shown(name)), detail);
        }
    }
    report.findings = findings.finish();
    Ok(report)
}

/// A collection of the previous system's backup; definitions it has none.
pub fn namespace(database: &str, name: &str, said: &Said) -> Namespace {
    Namespace {
        database: database.to_owned(),
        name: name.to_owned(),
        kind: "collection".into(),
        documents: said.count.unwrap_or(0),
        bytes: said.bytes.unwrap_or(0),
        h_set: String::new(),
        h_stream: String::new(),
        crc: String::new(),
        h_def: String::new(),
        indexes: 0,
        is_capped: false,
        metadata: String::new(),
        restored: None,
    }
}
