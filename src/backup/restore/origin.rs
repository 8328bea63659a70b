//! Where documents come from: a stored backup or a local dump, opened as often as a restore needs.

use std::sync::Arc;

use anyhow::{Context as _, ensure};

use crate::backup::container::{OpenBackup, read_archive};
use crate::backup::model::Namespace;
use crate::backup::take::definition_hash;
use crate::dump::hash::Digest;
use crate::dump::{Definition, Opening, Overview, Source};
use crate::i18n::backup::restore as words;
use crate::import::plan::{Decision, Plan};
use crate::import::survey::{Survey, Surveyed, survey};
use crate::import::{Failure, Progress};

/// A dump with everything that is known of it before a document is written.
#[derive(Clone, Debug)]
pub struct Origin {
    /// Opens it anew.
    pub source: Source,
    /// Its definitions, in its order.
    pub definitions: Vec<Definition>,
    /// What each of them holds: signed by whoever made a stored backup; read and counted, of a local dump.
    pub survey: Survey,
    /// The root hash, of a stored backup.
    pub root: Option<String>,
    /// Version of the server it was taken from, where that is known.
    pub server_version: Option<String>,
}

impl Origin {
    /// A stored backup, whose signed manifest says what it holds.
    pub async fn stored(backup: &OpenBackup) -> anyhow::Result<Self> {
        let source = {
            let backup = backup.clone();
            let name = backup.public.id.to_string();
            Source::Stream { name, open: Opening::new(move || Box::new(read_archive(&backup))) }
        };
        let Overview { definitions, server_version, .. } = overview(&source).await?;
        let namespaces = &backup.private.namespaces;
        ensure!(definitions.len() == namespaces.len(), words::PRELUDE_DIFFERS);
        let mut surveyed = Vec::new();
        for (definition, namespace) in definitions.iter().zip(namespaces) {
            let is_same = definition.database == namespace.database
                && definition.collection == namespace.name
                && hex::encode(definition_hash(definition)) == namespace.h_def;
            ensure!(is_same, words::definition_differs(&definition.namespace()));
            surveyed.push(stated(definition, namespace)?);
        }
        let survey = Survey { namespaces: surveyed, refusals: Vec::new() };
        Ok(Self { source, definitions, survey, root: Some(backup.public.root.clone()), server_version })
    }

    /// A local dump: read whole once, so that it is known what it holds before anything is written.
    pub async fn local(source: Source, progress: Arc<dyn Progress>) -> anyhow::Result<Self> {
        let Overview { definitions, server_version, .. } = overview(&source).await?;
        let survey = {
            let (source, decisions) = (source.clone(), definitions.iter().map(everything).collect());
            let plan = Plan { decisions, skipped_indexes: Vec::new() };
            let reading = tokio::task::spawn_blocking(move || survey(&source, &plan, &*progress));
            reading.await?.map_err(Failure::from)?
        };
        Ok(Self { source, definitions, survey, root: None, server_version })
    }

    /// The databases in it, sorted.
    pub fn databases(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.definitions.iter().map(|definition| definition.database.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// A plan that loads what `target` gives a database for.
    pub fn plan(&self, target: impl Fn(&Definition) -> Option<String>) -> Plan {
        let decide = |definition: &Definition| match target(definition) {
            Some(database) => Decision::Load { definition: Box::new(definition.clone()), database },
            None => Decision::Skip { reason: words::NOT_CHOSEN.into() },
        };
        Plan { decisions: self.definitions.iter().map(decide).collect(), skipped_indexes: Vec::new() }
    }
}

/// What precedes the documents.
async fn overview(source: &Source) -> anyhow::Result<Overview> {
    let source = source.clone();
    let opening = tokio::task::spawn_blocking(move || source.open().map(|reader| reader.overview().clone()));
    Ok(opening.await?.map_err(|error| Failure::from(crate::import::Cause::from(error)))?)
}

fn everything(definition: &Definition) -> Decision {
    Decision::Load { definition: Box::new(definition.clone()), database: definition.database.clone() }
}

/// What the manifest says of a namespace.
fn stated(definition: &Definition, namespace: &Namespace) -> anyhow::Result<Surveyed> {
    let hash = |text: &str| -> anyhow::Result<[u8; 32]> {
        let bytes = hex::decode(text).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.with_context(|| words::definition_differs(&definition.namespace()))
    };
    let digest = Digest {
        documents: u64::try_from(namespace.documents)?,
        bytes: u64::try_from(namespace.bytes)?,
        h_set: hash(&namespace.h_set)?,
    };
    let order = definition.is_capped().then(|| hash(&namespace.h_stream)).transpose()?;
    Ok(Surveyed { digest, order, suspects: Vec::new() })
}
