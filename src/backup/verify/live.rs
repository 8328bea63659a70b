//! A verified backup against the live database, collection by collection.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Report;
use crate::backup::model::{Check, Finding, Namespace, Severity};

/// How a collection compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Comparison {
    /// The same count, and nothing found against it.
    Ok,
    /// Live, and not in the backup.
    MissingInBackup,
    /// In the backup, and not live.
    ExtraInBackup,
    /// Another count.
    CountMismatch,
    /// Its checksum doesn't fit what the backup itself says.
    ChecksumMismatch,
}

/// A collection, live and in the backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    /// `database.collection`.
    pub namespace: String,
    /// Documents live; `None` if it isn't there.
    pub live: Option<i64>,
    /// Documents in the backup; `None` if it isn't there.
    pub backup: Option<i64>,
    /// How that compares.
    pub comparison: Comparison,
    /// How bad that is; `Info` for [`Comparison::Ok`].
    pub severity: Severity,
}

/// Compares counts: `live` by `database.collection`.
pub fn compare_with(live: &BTreeMap<String, i64>, report: &Report) -> Vec<Compared> {
    compare_counts(live, &report.namespaces, &report.findings)
}

/// Likewise, from what is on record.
pub fn compare_counts(live: &BTreeMap<String, i64>, backup: &[Namespace], findings: &[Finding]) -> Vec<Compared> {
    let name = |namespace: &Namespace| format!("{}.{}", namespace.database, namespace.name);
    let stored: BTreeMap<String, &Namespace> = backup.iter().map(|namespace| (name(namespace), namespace)).collect();
    // The previous system's files are called after the collection alone.
    let is_damaged = |full: &str, short: &str| {
        findings.iter().any(|finding| {
            let is_it = finding.namespace.as_deref().is_some_and(|place| place == full || place == short);
            is_it && finding.check == Check::Checksums && finding.severity == Severity::High
        })
    };
    let mut names: Vec<&String> = live.keys().chain(stored.keys()).collect();
    names.sort();
    names.dedup();
    let compared = names.into_iter().map(|namespace| {
        let (live, found) = (live.get(namespace).copied(), stored.get(namespace));
        let backup = found.map(|found| found.documents);
        let (comparison, severity) = match (live, backup) {
            (_, Some(_)) if is_damaged(namespace, found.map_or("", |found| &found.name)) => {
                (Comparison::ChecksumMismatch, Severity::High)
            }
            (Some(live), None) if live > 0 => (Comparison::MissingInBackup, Severity::High),
            (Some(_), None) => (Comparison::MissingInBackup, Severity::Info),
            (None, _) => (Comparison::ExtraInBackup, Severity::Info),
            (Some(live), Some(backup)) if live > backup => (Comparison::CountMismatch, Severity::Medium),
            (Some(live), Some(backup)) if live < backup => (Comparison::CountMismatch, Severity::Info),
            _ => (Comparison::Ok, Severity::Info),
        };
        Compared { namespace: namespace.clone(), live, backup, comparison, severity }
    });
    compared.collect()
}

/// Whether the backup holds everything there is: nothing of high or medium severity.
pub fn is_complete(compared: &[Compared]) -> bool {
    compared.iter().all(|one| one.severity == Severity::Info)
}
