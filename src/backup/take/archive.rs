//! Writes what was read as an archive of mongodump.

use std::io::Write;
use std::path::Path;

use anyhow::{Context as _, ensure};

use super::scan::{Latest, Read};
use super::sums::id_bytes;
use super::{Collected, MEASUREMENTS, definition_hash, spool};
use crate::backup::model::Namespace;
use crate::dump::{ArchiveWriter, Header, Kind, raw};
use crate::i18n::backup::take as words;

/// What wrote the archive.
const TOOL: &str = concat!("canje ", env!("CARGO_PKG_VERSION"));

impl Collected {
    /// Writes the archive, namespaces sorted, and says what each holds. `id` rides in the header's unknown fields. Blocking.
    pub fn write_archive(&self, id: &str, out: &mut dyn Write) -> anyhow::Result<Vec<Namespace>> {
        let header = Header { server_version: self.server.version.clone(), tool_version: TOOL.into() };
        let definitions: Vec<_> = self.read.iter().map(|read| read.listed.definition.clone()).collect();
        let mut extra = raw::Builder::new();
        extra.string("canje_id", id).string("canje_label", self.label.as_str());
        extra.string("canje_taken_at", &self.taken_at.to_string());
        let mark = raw::Builder::new().boolean(MEASUREMENTS, true).clone().finish();
        let none = raw::Builder::new().finish();
        let entries = self.read.iter().map(|read| if read.holds_measurements() { mark.clone() } else { none.clone() });
        let mut writer = ArchiveWriter::with_extra(out, &header, &definitions, &extra.finish(), entries)?;
        let mut namespaces = Vec::with_capacity(self.read.len());
        for read in &self.read {
            writer.open()?;
            let mut documents = 0;
            read.each(|document| {
                documents += 1;
                Ok(writer.document(document)?)
            })
            .with_context(|| read.listed.namespace())?;
            let crc = writer.checksum();
            // What comes from the disk must be what came from the server.
            ensure!(
                documents == read.sums.documents && crc == Some(read.sums.crc),
                words::spool_differs(&read.listed.namespace())
            );
            writer.close()?;
            namespaces.push(read.namespace());
        }
        writer.finish()?;
        Ok(namespaces)
    }
}

impl Read {
    /// Whether the documents are a time series' measurements instead of its buckets.
    pub fn holds_measurements(&self) -> bool {
        self.listed.definition.kind == Kind::TimeSeries && self.listed.source == self.listed.definition.collection
    }

    /// Hands over every document that counts, in the order of the archive. Blocking.
    pub fn each(&self, take: impl FnMut(&[u8]) -> anyhow::Result<()>) -> anyhow::Result<()> {
        each(self.file.as_deref(), &self.latest, take)
    }

    /// As it is on record.
    fn namespace(&self) -> Namespace {
        let definition = &self.listed.definition;
        Namespace {
            database: definition.database.clone(),
            name: definition.collection.clone(),
            kind: definition.kind.as_str().into(),
            documents: i64::try_from(self.sums.documents).unwrap_or(i64::MAX),
            bytes: i64::try_from(self.sums.bytes).unwrap_or(i64::MAX),
            h_set: self.sums.h_set.clone(),
            h_stream: self.sums.h_stream.clone(),
            crc: format!("{:016x}", self.sums.crc),
            h_def: hex::encode(definition_hash(definition)),
            indexes: definition.indexes.as_ref().map_or(0, |all| i32::try_from(all.len()).unwrap_or(i32::MAX)),
            is_capped: definition.is_capped(),
            metadata: definition.metadata.clone(),
            restored: None,
        }
    }
}

/// Hands over every document of a spooled file that counts. Blocking.
pub fn each(
    file: Option<&Path>,
    latest: &Latest,
    mut take: impl FnMut(&[u8]) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let Some(file) = file else { return Ok(()) };
    let mut reader = spool::Reader::open(file)?;
    while let Some((generation, frame)) = reader.frame()? {
        for document in spool::documents(&frame) {
            let document = document?;
            if counts(latest, generation, document) {
                take(document)?;
            }
        }
    }
    Ok(())
}

/// Whether this reading of a document is the one that counts.
fn counts(latest: &Latest, generation: u32, document: &[u8]) -> bool {
    if latest.is_empty() {
        return true;
    }
    let id = id_bytes(document).map(|id| super::watch::key_digest(id[0], &id[1..]));
    id.and_then(|id| latest.get(&id)).is_none_or(|latest| *latest == generation)
}
