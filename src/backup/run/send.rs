//! Sends the sealed files to every store, the manifest last, and puts each copy into the catalogue.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, bail};
use bson::doc;
use bytes::Bytes;
use futures::StreamExt as _;
use sha2::{Digest as _, Sha256};

use super::blame::{self, NotMine, Worded};
use super::catalogue;
use super::compare;
use super::course::Course;
use super::sealing::share;
use super::spool;
use crate::backup::container::{self, MANIFEST, PRIVATE, PublicManifest, SIGNATURE, part_name};
use crate::backup::model::{Check, Destination, Finding, Severity, State};
use crate::backup::record::CatalogueEntry;
use crate::backup::stores::{Store, StoreError};
use crate::db::{date, timestamp};
use crate::i18n::backup::run as words;

/// Parts under way to a store at once.
const AT_ONCE: usize = 3;

/// The sealed files on the local disk.
struct SealedFiles {
    place: PathBuf,
    prefix: String,
    public: PublicManifest,
}

impl Course<'_> {
    /// From sealed to uploaded. A store that fails doesn't keep the others from getting their copy, but it fails the run.
    pub(super) async fn send(&mut self) -> anyhow::Result<()> {
        let files = self.sealed_files().await?;
        let mut refused = None;
        for store in self.stores.clone() {
            match self.send_to(&store, &files).await {
                Ok(()) => {}
                Err(error) if error.is::<NotMine>() || blame::is_away(&error) => return Err(error),
                Err(error) => {
                    let why = blame::say(&error);
                    tracing::error!(error = format!("{error:#}"), store = store.name(), "a backup was not stored");
                    self.destination(&store, &files.prefix).error = Some(why.clone());
                    let finding = Finding::new(Severity::High, Check::Parts, Some(store.name()), why.clone());
                    self.found(vec![finding.remedy(words::STORE_REMEDY)]);
                    self.save_findings().await?;
                    refused.get_or_insert(words::store_failed(store.name(), &why));
                }
            }
        }
        if let Some(why) = refused {
            bail!(Worded(why));
        }
        let said = self.run.destinations.iter();
        let said = said.map(|there| words::stored(&there.store, &there.place, there.parts, there.bytes)).collect();
        self.advance(State::Uploaded, said, doc! {}, doc! {}).await
    }

    /// What was sealed, by its own manifest.
    async fn sealed_files(&self) -> anyhow::Result<SealedFiles> {
        let at = self.run.taken_at.and_then(timestamp).context("a sealed run has its moment")?;
        let prefix = container::prefix("", &self.depot.config.deployment, at, &self.run.id);
        let place = spool::folder(self.depot, &self.run.id).join(&prefix);
        let manifest = read(&place.join(MANIFEST)).await.map_err(|_| Worded(words::SPOOL_GONE.into()))?;
        let public = serde_json::from_slice(&manifest).map_err(|_| Worded(words::SPOOL_GONE.into()))?;
        Ok(SealedFiles { place, prefix, public })
    }

    /// The run's line about a store; made when it isn't there yet.
    fn destination(&mut self, store: &Arc<dyn Store>, prefix: &str) -> &mut Destination {
        let all = &mut self.run.destinations;
        let at = all.iter().position(|there| there.store == store.name()).unwrap_or_else(|| {
            all.push(Destination {
                store: store.name().to_owned(),
                kind: store.kind(),
                place: store.place(),
                prefix: prefix.to_owned(),
                bytes: 0,
                parts: 0,
                manifest_sha256: None,
                uploaded_at: None,
                read_back_at: None,
                ok: false,
                error: None,
                emptied_at: None,
            });
            all.len() - 1
        });
        &mut all[at]
    }

    async fn send_to(&mut self, store: &Arc<dyn Store>, files: &SealedFiles) -> anyhow::Result<()> {
        let there = self.destination(store, &files.prefix);
        if there.uploaded_at.is_some() {
            return Ok(());
        }
        there.error = None;
        // On record before the first byte leaves: whatever happens, the place is known.
        self.note_destinations("upload-begun", doc! { "store": store.name(), "prefix": &files.prefix }).await?;
        self.send_parts(store, files).await?;
        self.note_destinations("parts-stored", doc! { "store": store.name() }).await?;

        let keys = self.keys()?;
        let chain = catalogue::next_in_chain(self.depot, store.name(), &self.run.id).await?;
        let (previous, place) = (chain.previous.clone(), u64::try_from(chain.place)?);
        let public = PublicManifest { store: store.name().into(), chain: place, previous, ..files.public.clone() };
        let (manifest, signature) = public.sign(&keys.signer)?;
        let sha256 = hex::encode(Sha256::digest(&manifest));
        let private = read(&files.place.join(PRIVATE)).await?;
        for (name, bytes) in [(PRIVATE, private), (MANIFEST, manifest), (SIGNATURE, signature.to_vec())] {
            self.doing(words::sending(store.name(), name), None);
            store.put(&format!("{}/{name}", files.prefix), Bytes::from(bytes)).await?;
        }
        self.check_listing(store, files).await?;
        let now = date(self.depot.clock.now());
        let there = self.destination(store, &files.prefix);
        (there.manifest_sha256, there.uploaded_at) = (Some(sha256.clone()), Some(now));
        let facts = doc! { "store": store.name(), "manifest_sha256": &sha256, "chain": chain.place };
        self.note_destinations("manifest-stored", facts).await?;

        let (parts, bytes) = figures(&files.public);
        let entry = CatalogueEntry {
            id: catalogue::row_id(store.name(), &self.run.id),
            store: store.name().into(),
            backup: self.run.id.clone(),
            prefix: files.prefix.clone(),
            taken_at: self.run.taken_at.unwrap_or(now),
            chain: chain.place,
            manifest_sha256: sha256,
            previous: chain.previous,
            parts,
            bytes,
            root: files.public.root.clone(),
            read_back_at: None,
            next_part: 0,
            tombstone: None,
        };
        catalogue::insert(self.depot, &entry).await?;
        self.note("catalogued", doc! { "store": store.name(), "chain": entry.chain }, doc! {}).await
    }

    async fn note_destinations(&mut self, step: &str, facts: bson::Document) -> anyhow::Result<()> {
        let destinations = bson::serialize_to_bson(&self.run.destinations)?;
        self.note(step, facts, doc! { "destinations": destinations }).await
    }

    /// Sends the parts that aren't there yet. One that is there with another size is somebody else's.
    async fn send_parts(&mut self, store: &Arc<dyn Store>, files: &SealedFiles) -> anyhow::Result<()> {
        let there = listing(store.as_ref(), &files.prefix).await?;
        let total: u64 = files.public.parts.iter().map(|part| part.bytes).sum();
        let (mut sent, mut parts) = (0, 0);
        self.doing(words::sending_parts(store.name()), Some((0, total)));
        let mut missing = Vec::new();
        for part in &files.public.parts {
            let key = format!("{}/{}", files.prefix, part_name(part.index));
            match there.get(&key) {
                Some(bytes) if *bytes == part.bytes => (sent, parts) = (sent + part.bytes, parts + 1),
                Some(_) => return Err(StoreError::Occupied(key).into()),
                None => missing.push((key, files.place.join(part_name(part.index)), part.bytes)),
            }
        }
        let mut under_way = futures::stream::iter(missing)
            .map(|(key, path, bytes)| async move {
                let file = read(&path).await?;
                anyhow::ensure!(file.len() as u64 == bytes, Worded(words::SPOOL_GONE.into()));
                store.put(&key, Bytes::from(file)).await?;
                anyhow::Ok(bytes)
            })
            .buffer_unordered(AT_ONCE);
        while let Some(put) = under_way.next().await {
            (sent, parts) = (sent + put?, parts + 1);
            share(&self.progress, sent, total);
        }
        drop(under_way);
        let there = self.destination(store, &files.prefix);
        (there.parts, there.bytes) = (parts, i64::try_from(sent)?);
        Ok(())
    }

    /// The store's own list: everything of ours with its size, and nothing else.
    async fn check_listing(&mut self, store: &Arc<dyn Store>, files: &SealedFiles) -> anyhow::Result<()> {
        let mut there = listing(store.as_ref(), &files.prefix).await?;
        let mut findings = Vec::new();
        let mut say = |key: &str, detail: String| {
            findings.push(Finding::new(Severity::High, Check::Parts, Some(key), detail));
        };
        let parts = files.public.parts.iter().map(|part| (part_name(part.index), Some(part.bytes)));
        let private = (PRIVATE.to_owned(), Some(files.public.private.bytes));
        let small = [private, (MANIFEST.to_owned(), None), (SIGNATURE.to_owned(), None)];
        for (name, bytes) in parts.chain(small) {
            let key = format!("{}/{name}", files.prefix);
            match (there.remove(&key), bytes) {
                (None, _) => say(&key, words::not_listed(store.name())),
                (Some(found), Some(bytes)) if found != bytes => say(&key, words::size_differs(bytes, found)),
                _ => {}
            }
        }
        for key in there.keys() {
            say(key, words::not_ours(store.name()));
        }
        let (parts, bytes) = figures(&files.public);
        let evidence = vec![words::listed(parts, bytes)];
        let at = date(self.depot.clock.now());
        let result = compare::result(Check::Parts, &findings, evidence, Some(store.name()), at);
        self.checked(vec![result]);
        let why = super::course::worst(&findings);
        self.found(findings);
        match why {
            Some(why) => bail!(Worded(why)),
            None => Ok(()),
        }
    }
}

/// Everything under a prefix with its size.
async fn listing(store: &dyn Store, prefix: &str) -> Result<BTreeMap<String, u64>, StoreError> {
    Ok(store.list(prefix).await?.into_iter().map(|object| (object.key, object.bytes)).collect())
}

fn figures(public: &PublicManifest) -> (i32, i64) {
    let bytes: u64 = public.parts.iter().map(|part| part.bytes).sum();
    (i32::try_from(public.parts.len()).unwrap_or(i32::MAX), i64::try_from(bytes).unwrap_or(i64::MAX))
}

async fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let path = path.to_owned();
    spool::blocking(move || std::fs::read(path)).await
}
