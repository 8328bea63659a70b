//! Reads the database, seals what was read on the local disk, and reads the sealed files again.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::{Context as _, bail};
use bson::doc;
use futures::TryStreamExt as _;
use sha2::{Digest as _, Sha256};

use super::blame::Worded;
use super::compare::{self, Scanned};
use super::course::{Course, worst};
use super::sealing::{GiveUp, Sealing, share};
use super::spool;
use crate::backup::container::{
    self, MANIFEST, PRIVATE, PrivateFile, PrivateManifest, PublicManifest, SIGNATURE, Sealed,
};
use crate::backup::model::{BackupId, Check, Namespace, Outcome, State};
use crate::backup::record::CatalogueEntry;
use crate::backup::take::{self, Collected, Request, TakeError};
use crate::backup::verify::{self, Expected};
use crate::db::date;
use crate::i18n::backup::run as words;
use crate::i18n::format;

/// The store's name in the manifest of the local copy.
const SPOOL: &str = "spool";

impl Course<'_> {
    /// From scanning to sealed. An interrupted attempt begins again from nothing.
    pub(super) async fn seal(&mut self) -> anyhow::Result<()> {
        self.limits().await?;
        let folder = spool::begin(self.depot, &self.run.id).await?;
        // What an attempt that was just given up still writes goes nowhere: the folders' names are this attempt's own.
        let own = BackupId::random();
        let raw = folder.join(format!("raw-{}", own.short()));
        let sealing = folder.join(format!("sealing-{}", own.short()));
        spool::make_private(&raw)?;
        let collected = self.collect(&raw).await?;
        self.checked(collected.checks.clone());
        self.found(collected.findings.clone());
        self.fail_on_findings()?;
        let facts = doc! { "label": collected.label.as_str(), "taken_at": date(collected.taken_at) };
        self.note("scanned", facts, doc! {}).await?;

        self.doing(words::SEALING.into(), None);
        let collected = Arc::new(collected);
        let (sealed, namespaces) = self.write_archive(&collected, &sealing).await?;
        let root = take::root(&namespaces, &collected.excluded);
        let public = self.manifests(&collected, &sealed, &namespaces, &root, &sealing).await?;
        let at = collected.taken_at;
        let prefix = container::prefix("", &self.depot.config.deployment, at, &self.run.id);
        let place = folder.join(&prefix);
        let (from, to) = (sealing.clone(), place.clone());
        spool::blocking(move || put_in_place(&from, &to)).await?;
        spool::blocking(move || fs::remove_dir_all(raw)).await?;

        self.run.collections = namespaces;
        self.run.excluded = collected.excluded.clone();
        self.reparse(&prefix, &public).await?;
        for namespace in &mut self.run.collections {
            namespace.metadata.clear();
        }
        let parts = sealed.parts.len();
        let bytes: u64 = sealed.parts.iter().map(|part| part.bytes).sum();
        let (taken_at, archive_bytes) = (date(at), i64::try_from(sealed.archive_bytes)?);
        let label = collected.label;
        (self.run.taken_at, self.run.archive_bytes) = (Some(taken_at), archive_bytes);
        (self.run.label, self.run.root) = (Some(label), Some(root.clone()));
        let documents = self.run.documents();
        let said = vec![
            words::sealed(self.run.collections.len(), documents, sealed.archive_bytes),
            words::sealed_parts(parts, bytes),
            words::root(&root),
        ];
        let facts = doc! {
            "root": &root, "archive_sha256": &sealed.archive_sha256, "archive_bytes": archive_bytes,
            "parts": i64::try_from(parts)?, "bytes": i64::try_from(bytes)?,
        };
        let set = doc! {
            "collections": bson::serialize_to_bson(&self.run.collections)?,
            "excluded": bson::serialize_to_bson(&self.run.excluded)?,
            "label": bson::serialize_to_bson(&label)?,
            "taken_at": taken_at,
            "root": root,
            "archive_bytes": archive_bytes,
        };
        self.advance(State::Sealed, said, facts, set).await
    }

    async fn collect(&mut self, raw: &Path) -> anyhow::Result<Collected> {
        let request = Request { databases: self.run.databases.clone(), folder: raw.to_owned() };
        let (db, clock) = (&self.depot.db, &self.depot.clock);
        match take::collect(db, &request, clock, &self.progress).await {
            Ok(collected) => Ok(collected),
            Err(TakeError::Fault(error)) => Err(error.context(words::CANNOT_SCAN)),
            Err(TakeError::Refused { findings, checks }) => {
                let why = worst(&findings).unwrap_or_else(|| words::CANNOT_SCAN.into());
                self.checked(checks);
                self.found(findings);
                bail!(Worded(why))
            }
        }
    }

    /// Fails the run when anything worse than information is on record.
    pub(super) fn fail_on_findings(&self) -> anyhow::Result<()> {
        match worst(&self.run.findings) {
            Some(why) => bail!(Worded(why)),
            None => Ok(()),
        }
    }

    async fn write_archive(
        &self,
        collected: &Arc<Collected>,
        sealing: &Path,
    ) -> anyhow::Result<(Sealed, Vec<Namespace>)> {
        let work = Sealing {
            collected: collected.clone(),
            id: self.run.id.clone(),
            folder: sealing.to_owned(),
            recipients: self.keys()?.recipients.clone(),
            part_bytes: self.part_bytes,
            progress: self.progress.clone(),
            given_up: Arc::new(AtomicBool::new(false)),
        };
        // A blocking thread isn't stopped by dropping who waits for it: it is told.
        let _tells = GiveUp(work.given_up.clone());
        tokio::task::spawn_blocking(move || work.run()).await?.context(words::CANNOT_SEAL)
    }

    async fn manifests(
        &self,
        collected: &Collected,
        sealed: &Sealed,
        namespaces: &[Namespace],
        root: &str,
        sealing: &Path,
    ) -> anyhow::Result<PublicManifest> {
        let catalogue = self.depot.db.stored::<CatalogueEntry>();
        let catalogue: Vec<_> = catalogue.find(doc! {}).sort(doc! { "_id": 1 }).await?.try_collect().await?;
        let private = PrivateManifest {
            id: self.run.id.clone(),
            app_version: env!("CARGO_PKG_VERSION").into(),
            trigger: self.run.trigger,
            server: collected.server.clone(),
            taken_at: format::machine(collected.taken_at),
            label: collected.label,
            root: root.to_owned(),
            namespaces: namespaces.to_vec(),
            excluded: collected.excluded.clone(),
            checks: collected.checks.clone(),
            catalogue,
        };
        let keys = self.keys()?;
        let private = private.seal(&keys.recipients)?;
        let public = PublicManifest {
            format: PublicManifest::FORMAT.into(),
            id: self.run.id.clone(),
            deployment: self.depot.config.deployment.clone(),
            store: SPOOL.into(),
            taken_at: format::machine(collected.taken_at),
            sealed_at: format::machine(self.depot.clock.now()),
            label: collected.label,
            root: root.to_owned(),
            archive_bytes: sealed.archive_bytes,
            archive_sha256: sealed.archive_sha256.clone(),
            parts: sealed.parts.clone(),
            private: PrivateFile { bytes: private.len() as u64, sha256: hex::encode(Sha256::digest(&private)) },
            recipients: keys.recipients.fingerprints(),
            signer: keys.signer.fingerprint(),
            chain: 0,
            previous: None,
        };
        let (manifest, signature) = public.sign(&keys.signer)?;
        let folder = sealing.to_owned();
        let files = move || {
            write(&folder.join(PRIVATE), &private)?;
            write(&folder.join(MANIFEST), &manifest)?;
            write(&folder.join(SIGNATURE), &signature)?;
            spool::settle(&folder)
        };
        spool::blocking(files).await?;
        Ok(public)
    }

    /// Reads the sealed files as a stranger would, and compares with what was scanned.
    async fn reparse(&mut self, prefix: &str, public: &PublicManifest) -> anyhow::Result<()> {
        self.doing(words::REPARSING.into(), Some((0, 1)));
        let progress = self.progress.clone();
        let running = move |read: u64, of: u64| share(&progress, read, of);
        let expected = Expected {
            id: self.run.id.clone(),
            manifest_sha256: None,
            previous: Some(None),
            root: Some(public.root.clone()),
        };
        let (store, place) = (self.depot.spool(), spool::prefix(&self.run.id, prefix));
        let report = verify::stored(&store, &place, &self.keys()?.opener, Some(&expected), &running).await;
        let scanned = Scanned { namespaces: &self.run.collections, root: &public.root };
        let mut findings = compare::differences(&scanned, &report, Check::Reparse);
        let evidence =
            vec![words::reread(report.parts, report.bytes, report.namespaces.len()), words::ALL_EQUAL_EVIDENCE.into()];
        let at = date(self.depot.clock.now());
        let all: Vec<_> = report.findings.iter().chain(&findings).cloned().collect();
        let mut result = compare::result(Check::Reparse, &findings, evidence, None, at);
        if worst(&all).is_some() {
            result.outcome = Outcome::Failed;
        }
        findings.extend(report.findings);
        self.checked(vec![result]);
        self.found(findings);
        self.fail_on_findings()
    }
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Sealed files appear under their prefix all at once.
fn put_in_place(from: &Path, to: &Path) -> io::Result<()> {
    let parent = to.parent().ok_or(io::ErrorKind::InvalidInput)?;
    fs::create_dir_all(parent)?;
    fs::rename(from, to)?;
    spool::settle(parent)
}
