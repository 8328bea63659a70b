//! What can be restored from a source, without opening its documents.

use serde::{Deserialize, Serialize};

use super::origin::Origin;
use crate::backup::record::BackupRun;
use crate::dump::Kind;

/// A source and what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    /// A backup's name or a path.
    pub source: String,
    /// Root hash of a stored backup.
    pub root: Option<String>,
    /// Version of the server it was taken from, where that is known.
    pub server_version: Option<String>,
    /// Everything in it, with its database.
    pub namespaces: Vec<(String, Content)>,
}

/// A namespace of a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// Its name in its database.
    pub name: String,
    /// `collection`, `view`, `timeseries`.
    pub kind: String,
    /// Its documents.
    pub documents: i64,
    /// Their bytes.
    pub bytes: i64,
    /// `H_set`, hexadecimal.
    pub h_set: String,
}

impl Contents {
    /// Of a run on record.
    pub fn of_run(run: &BackupRun) -> Self {
        let namespaces = run.collections.iter().map(|namespace| {
            let content = Content {
                name: namespace.name.clone(),
                kind: namespace.kind.clone(),
                documents: namespace.documents,
                bytes: namespace.bytes,
                h_set: namespace.h_set.clone(),
            };
            (namespace.database.clone(), content)
        });
        Self {
            source: run.id.to_string(),
            root: run.root.clone(),
            server_version: None,
            namespaces: namespaces.collect(),
        }
    }

    /// Of an opened source.
    pub fn of_origin(source: &str, origin: &Origin) -> Self {
        let pairs = origin.definitions.iter().zip(&origin.survey.namespaces);
        let namespaces =
            pairs.filter(|(definition, _)| definition.kind != Kind::Oplog).map(|(definition, surveyed)| {
                let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
                let content = Content {
                    name: definition.collection.clone(),
                    kind: definition.kind.as_str().into(),
                    documents: number(surveyed.digest.documents),
                    bytes: number(surveyed.digest.bytes),
                    h_set: surveyed.digest.h_set_hex(),
                };
                (definition.database.clone(), content)
            });
        let server_version = origin.server_version.clone();
        Self { source: source.into(), root: origin.root.clone(), server_version, namespaces: namespaces.collect() }
    }

    /// The databases in it, sorted.
    pub fn databases(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.namespaces.iter().map(|(database, _)| database.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// What of a database would be restored, sorted by name: all of it, or what was chosen.
    pub fn chosen(&self, database: &str, only: &[String]) -> Vec<Content> {
        let own = self.namespaces.iter().filter(|(other, _)| other == database).map(|(_, content)| content);
        let mut chosen: Vec<Content> = own.filter(|own| only.is_empty() || only.contains(&own.name)).cloned().collect();
        chosen.sort_by(|a, b| a.name.cmp(&b.name));
        chosen
    }
}
