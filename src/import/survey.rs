//! First pass over a dump: every document is read, counted, hashed and looked at; nothing is written anywhere.

use super::failure::{Cause, Refusal};
use super::plan::{Decision, Plan};
use super::progress::{Event, Progress, Stage};
use crate::dump::hash::{Digest, LeafSet, StreamHash};
use crate::dump::walk::{self, Flaw, Id};
use crate::dump::{Definition, Kind, Overview, Source, Step, extjson, raw};
use crate::i18n::import as words;

/// What one namespace holds.
#[derive(Clone, Debug)]
pub struct Surveyed {
    /// Documents, bytes and `H_set`.
    pub digest: Digest,
    /// `H_stream` of a capped collection, where order is data.
    pub order: Option<[u8; 32]>,
    /// Documents a server may refuse: the first of every kind, to be tried out.
    pub suspects: Vec<Suspect>,
}

/// A document the connected server may not be able to hold.
#[derive(Clone, Debug)]
pub struct Suspect {
    /// What is odd about it.
    pub flaw: Flaw,
    /// Its `_id`, as far as it can be shown.
    pub id: String,
    /// Its bytes.
    pub document: Vec<u8>,
}

/// The whole dump.
#[derive(Clone, Debug)]
pub struct Survey {
    /// One per definition, in order.
    pub namespaces: Vec<Surveyed>,
    /// What no server could hold byte for byte.
    pub refusals: Vec<Refusal>,
}

struct Gathering {
    set: LeafSet,
    order: Option<StreamHash>,
    suspects: Vec<Suspect>,
    refused: Vec<String>,
}

/// Documents between two reports.
const REPORT_EVERY: u64 = 4096;

/// Reads the whole dump. Blocking.
pub fn survey(source: &Source, plan: &Plan, progress: &dyn Progress) -> Result<Survey, Cause> {
    let mut reader = source.open()?;
    let definitions = reader.overview().definitions.clone();
    if definitions.len() != plan.decisions.len() {
        return Err(Cause::Fault(anyhow::anyhow!("{}", words::SOURCE_CHANGED)));
    }
    let mut gatherings: Vec<Option<Gathering>> = definitions.iter().map(|_| None).collect();
    let mut surveyed: Vec<Option<Surveyed>> = definitions.iter().map(|_| None).collect();
    let mut refusals = Vec::new();
    let mut buffer = Vec::new();
    loop {
        match reader.step(&mut buffer)? {
            Step::Open { index } => gatherings[index] = Some(Gathering::new(&definitions[index])),
            Step::Document { index, offset } => {
                let gathering = gatherings[index].as_mut().ok_or_else(never_opened)?;
                gathering
                    .take(&definitions[index], &plan.decisions[index], &buffer, offset)
                    .map_err(anyhow::Error::from)?;
                let documents = gathering.set.documents();
                if documents.is_multiple_of(REPORT_EVERY) {
                    let namespace = &definitions[index].namespace();
                    progress.report(&Event::Running { stage: Stage::Survey, namespace, documents, total: None });
                }
            }
            Step::Close { index } => {
                let gathering = gatherings[index].take().ok_or_else(never_opened)?;
                let namespace = definitions[index].namespace();
                let digest = gathering.set.finish().map_err(anyhow::Error::from)?;
                let Digest { documents, bytes, .. } = digest;
                progress.report(&Event::Done { stage: Stage::Survey, namespace: &namespace, documents, bytes });
                for feature in gathering.refused {
                    refusals.push(Refusal { namespace: namespace.clone(), feature });
                }
                let order = gathering.order.map(StreamHash::finish);
                surveyed[index] = Some(Surveyed { digest, order, suspects: gathering.suspects });
            }
            Step::End => break,
        }
    }
    let namespaces: Option<Vec<Surveyed>> = surveyed.into_iter().collect();
    let namespaces = namespaces.ok_or_else(|| anyhow::anyhow!("a namespace was never closed"))?;
    Ok(Survey { namespaces, refusals })
}

/// The reader gave a document or an end of a namespace it never began: nothing may be left out silently.
fn never_opened() -> anyhow::Error {
    anyhow::anyhow!("a namespace was never opened")
}

impl Gathering {
    fn new(definition: &Definition) -> Self {
        let order = definition.is_capped().then(StreamHash::default);
        Self { set: LeafSet::default(), order, suspects: Vec::new(), refused: Vec::new() }
    }

    fn take(
        &mut self,
        definition: &Definition,
        decision: &Decision,
        document: &[u8],
        offset: u64,
    ) -> std::io::Result<()> {
        self.set.push(document)?;
        if let Some(order) = &mut self.order {
            order.push(document);
        }
        match decision {
            // What is left out is counted and checksummed, but nobody has to be able to hold it.
            Decision::Skip { .. } => {}
            Decision::Oplog => {
                let is_noop = raw::find(document, "op").and_then(|op| op.as_str()) == Some("n");
                if !is_noop && self.refused.is_empty() {
                    self.refused.push(words::OPLOG_CHANGES.into());
                }
            }
            Decision::Load { .. } => self.look(definition, document, offset),
        }
        Ok(())
    }

    fn look(&mut self, definition: &Definition, document: &[u8], offset: u64) {
        let traits = walk::inspect(document);
        let impossible = match traits.id {
            Id::Missing => Some(words::NO_ID),
            Id::IllegalType => Some(words::ILLEGAL_ID),
            Id::Repeated => Some(words::REPEATED_ID),
            Id::Misplaced => Some(words::MISPLACED_ID),
            Id::Legal if traits.empty_timestamp && traits.fragile => Some(words::EMPTY_TIMESTAMP_FRAGILE),
            Id::Legal => None,
        };
        if let Some(what) = impossible {
            let feature = words::document_feature(what, &shown_id(document), offset);
            if self.refused.len() < 3 {
                self.refused.push(feature);
            }
        } else if let Some(flaw) = traits.flaw
            && definition.kind != Kind::View
            && !self.suspects.iter().any(|suspect| suspect.flaw == flaw)
        {
            self.suspects.push(Suspect { flaw, id: shown_id(document), document: document.to_vec() });
        }
    }
}

/// A document's `_id` as Extended JSON, or a stand-in where it has none or it can't be written.
pub fn shown_id(document: &[u8]) -> String {
    let Some(id) = raw::find(document, "_id") else { return "—".into() };
    let mut builder = raw::Builder::new();
    builder.element(&id);
    match extjson::from_raw(&builder.finish()) {
        Ok(text) => text.strip_prefix("{\"_id\":").and_then(|text| text.strip_suffix('}')).unwrap_or("—").to_owned(),
        Err(_) => hex::encode(&id.value[..id.value.len().min(64)]),
    }
}

/// The fields of an overview worth showing before anything is done.
pub fn announce(source: &Source, overview: &Overview, progress: &dyn Progress) {
    let server_version = overview.server_version.as_deref();
    let namespaces = overview.definitions.len();
    progress.report(&Event::Opened { source: &source.name(), namespaces, server_version });
    for name in &overview.foreign_files {
        progress.report(&Event::ForeignFile { name });
    }
    for name in &overview.unknown {
        progress.report(&Event::UnknownField { name });
    }
    for definition in &overview.definitions {
        for field in &definition.unknown {
            progress.report(&Event::UnknownField { name: &format!("{}: {field}", definition.namespace()) });
        }
    }
}
