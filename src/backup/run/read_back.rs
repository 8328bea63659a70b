//! Reads every copy back from its store, as a stranger would, and compares it with what was scanned.

use anyhow::bail;
use bson::doc;

use super::blame::Worded;
use super::catalogue;
use super::compare::{self, Scanned};
use super::course::{Course, worst};
use super::sealing::share;
use crate::backup::model::{Check, CheckResult, Finding, Outcome, State};
use crate::backup::record::CatalogueEntry;
use crate::backup::stores::Store;
use crate::backup::verify::{self, Expected, Report};
use crate::db::date;
use crate::i18n::backup::run as words;

impl Course<'_> {
    /// From uploaded to read back. Every copy is looked at, also after one was found bad.
    pub(super) async fn read_back(&mut self) -> anyhow::Result<()> {
        for store in self.stores.clone() {
            self.read_from(store.as_ref()).await?;
        }
        let bad = self.run.destinations.iter().find(|there| !there.ok);
        if let Some(there) = bad {
            let why = there.error.clone().unwrap_or_default();
            bail!(Worded(words::store_failed(&there.store, &why)));
        }
        self.fail_on_findings()?;
        let said = self.run.destinations.iter().map(|there| words::read_back(&there.store, there.parts)).collect();
        self.advance(State::ReadBack, said, doc! {}, doc! {}).await
    }

    async fn read_from(&mut self, store: &dyn Store) -> anyhow::Result<()> {
        let Some(at) = self.run.destinations.iter().position(|there| there.store == store.name()) else {
            bail!(Worded(words::store_failed(store.name(), words::NEVER_SENT)));
        };
        let there = self.run.destinations[at].clone();
        if there.ok {
            return Ok(());
        }
        self.doing(words::reading_back(store.name()), Some((0, 1)));
        let link = catalogue::next_in_chain(self.depot, store.name(), &self.run.id).await?;
        let root = self.run.root.clone().unwrap_or_default();
        let expected = Expected {
            id: self.run.id.clone(),
            manifest_sha256: there.manifest_sha256.clone(),
            previous: Some(link.previous),
            root: Some(root.clone()),
        };
        let progress = self.progress.clone();
        let running = move |read: u64, of: u64| share(&progress, read, of);
        let report = verify::stored(store, &there.prefix, &self.keys()?.opener, Some(&expected), &running).await;
        let scanned = Scanned { namespaces: &self.run.collections, root: &root };
        let mut findings = compare::differences(&scanned, &report, Check::ReadBack);
        self.judge(store.name(), &report, &findings);
        findings.extend(report.findings.iter().cloned());
        let now = date(self.depot.clock.now());
        let why = worst(&findings);
        let there = &mut self.run.destinations[at];
        (there.ok, there.read_back_at, there.error) = (why.is_none(), Some(now), why.clone());
        self.found(findings.into_iter().map(|finding| placed(finding, store.name())).collect());
        let facts = doc! {
            "store": store.name(), "ok": why.is_none(), "root": report.root.clone(),
            "parts": i64::from(report.parts), "bytes": i64::try_from(report.bytes)?,
        };
        let mut set = doc! { "destinations": bson::serialize_to_bson(&self.run.destinations)? };
        set.insert("checks", bson::serialize_to_bson(&self.run.checks)?);
        set.insert("findings", bson::serialize_to_bson(&self.run.findings)?);
        self.note("read-back-store", facts, set).await?;
        if why.is_none() {
            let row = doc! { "_id": catalogue::row_id(store.name(), &self.run.id) };
            let read = doc! { "$set": { "read_back_at": now } };
            self.depot.db.stored::<CatalogueEntry>().update_one(row, read).await?;
        }
        Ok(())
    }

    /// The checks a reading from a store answers, with what the reader says it has proven.
    fn judge(&mut self, store: &str, report: &Report, differences: &[Finding]) {
        let at = date(self.depot.clock.now());
        let listed = |result: &&CheckResult| result.check == Check::Parts && result.subject.as_deref() == Some(store);
        let listed = self.run.checks.iter().find(listed).map(|result| result.evidence.clone()).unwrap_or_default();
        let evidence = |check: Check| {
            let mut evidence = match check {
                Check::Parts => listed.clone(),
                Check::Encryption => vec![words::decrypted(report.parts)],
                Check::Archive => vec![words::GRAMMAR_EVIDENCE.into()],
                Check::ReadBack => vec![
                    words::reread(report.parts, report.bytes, report.namespaces.len()),
                    words::ALL_EQUAL_EVIDENCE.into(),
                ],
                _ => Vec::new(),
            };
            let own = report.evidence.iter().filter(|(of, _)| *of == check).map(|(_, said)| said.clone());
            for said in own {
                if !evidence.contains(&said) {
                    evidence.push(said);
                }
            }
            evidence
        };
        let asked =
            [Check::Parts, Check::Signature, Check::Encryption, Check::Archive, Check::Checksums, Check::ReadBack];
        let mut results: Vec<_> = asked
            .into_iter()
            .map(|check| compare::result(check, &report.findings, evidence(check), Some(store), at))
            .collect();
        if let Some(whole) = results.last_mut()
            && (!report.is_ok() || worst(differences).is_some())
        {
            whole.outcome = Outcome::Failed;
        }
        for result in results.iter_mut().filter(|result| result.outcome == Outcome::Failed) {
            result.evidence = vec![words::SEE_FINDINGS.into()];
        }
        self.checked(results);
    }
}

/// A finding that says in which store it was made.
fn placed(mut finding: Finding, store: &str) -> Finding {
    finding.detail = words::in_store(store, &finding.detail);
    finding
}
